from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.integrations.holidays import PublicHolidays
from storage.database import Database
from storage.schema import migrate
from storage.tables import metadata
from tests.postgres import Server
from tests.storage.samples import StandingClock

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing else, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "lockstep.db"
    migrate(f"sqlite:///{path}", lambda _: None)
    return path


@pytest.fixture(scope="session")
def cleaner(postgres_server: Server) -> Iterator[Cleaner]:
    """A PostgreSQL database with the schema. Emptied in a millisecond; making one from a template takes hundreds."""
    url = postgres_server.url(postgres_server.create())
    migrate(url, lambda _: None)
    engine = sa.create_engine(url, poolclass=sa.pool.StaticPool)
    yield Cleaner(url, engine)
    engine.dispose()


@dataclass
class Cleaner:
    url: str
    engine: sa.Engine

    def clean(self) -> None:
        """Only what the schema came with is left: version 0 of the agreement."""
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                only = table.c.version > 0 if table.name == "agreements" else sa.true()
                connection.execute(table.delete().where(only))


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> str:
    """An empty database with the schema, of this test alone: once SQLite, once PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url_migrated"))


@pytest.fixture
def postgres_url_migrated(cleaner: Cleaner) -> str:
    cleaner.clean()
    return cleaner.url


@pytest.fixture
def sqlite_url_migrated(migrated_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "lockstep.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def db(url: str, clock: StandingClock) -> AsyncIterator[Database]:
    database = Database.open(url, clock=clock, holidays=PublicHolidays())
    yield database
    await database.close()


@pytest.fixture
async def other_db(url: str, clock: StandingClock) -> AsyncIterator[Database]:
    """A second process on the same database, as far as the database can tell."""
    database = Database.open(url, clock=clock, holidays=PublicHolidays())
    yield database
    await database.close()
