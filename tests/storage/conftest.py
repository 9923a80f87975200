from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.schema import migrate
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
def migrated_database(postgres_server: Server) -> str:
    """A PostgreSQL database with the schema and nothing else: a template."""
    name = postgres_server.create()
    migrate(postgres_server.url(name), lambda _: None)
    return name


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with the schema, of this test alone: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "lockstep.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
    else:
        server: Server = request.getfixturevalue("postgres_server")
        name = server.create(template=request.getfixturevalue("migrated_database"))
        yield server.url(name)
        server.drop(name)


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "lockstep.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def db(url: str, clock: StandingClock) -> AsyncIterator[Database]:
    database = Database.open(url, clock=clock)
    yield database
    await database.close()


@pytest.fixture
async def other_db(url: str, clock: StandingClock) -> AsyncIterator[Database]:
    """A second process on the same database, as far as the database can tell."""
    database = Database.open(url, clock=clock)
    yield database
    await database.close()
