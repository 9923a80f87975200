from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.integrations.holidays import PublicHolidays
from storage.database import Database
from storage.schema import migrate
from tests.services.world import StandingClock, World, populate


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
