from __future__ import annotations

import io
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot import log
from bot.integrations.holidays import PublicHolidays
from storage.database import Database
from storage.schema import migrate
from tests.handlers import office as offices
from tests.handlers import wire as wires
from tests.handlers.office import Office
from tests.handlers.wire import Wire
from tests.services.world import StandingClock, World, populate


@pytest.fixture(autouse=True)
def logged() -> Iterator[io.StringIO]:
    """What is logged during the test, as a running Lockstep logs it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    log.configure("json", stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once."""
    path = tmp_path_factory.mktemp("migrated") / "lockstep.db"
    migrate(f"sqlite:///{path}", lambda _: None)
    return path


@pytest.fixture
async def world(migrated: Path, tmp_path: Path) -> AsyncIterator[World]:
    path = tmp_path / "lockstep.db"
    shutil.copy(migrated, path)
    clock = StandingClock()
    db = Database.open(f"sqlite:///{path}", clock=clock, holidays=PublicHolidays())
    try:
        await db.run(populate)
        yield World(db, clock)
    finally:
        await db.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wires.running() as wire:
        yield wire


@pytest.fixture
async def office(world: World, wire: Wire) -> AsyncIterator[Office]:
    async with offices.opened(world, wire) as office:
        yield office


@pytest.fixture
def migrated_copy(migrated: Path, tmp_path: Path) -> str:
    """The path of an empty database of this test alone."""
    return str(shutil.copy(migrated, tmp_path / "copy.db"))
