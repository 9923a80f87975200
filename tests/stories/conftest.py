from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.demo import free_port
from tests.stories import brightwater
from tests.stories.brightwater import Brightwater


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Brightwater's roster, made once and copied for each story."""
    folder = tmp_path_factory.mktemp("prepared")
    path = folder / "lockstep.db"
    asyncio.run(brightwater.prepare(f"sqlite:///{path}", folder))
    with sqlite3.connect(path) as connection:
        # One file from now on: what is still in the write-ahead log would not be copied.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def database_url(prepared: Path, tmp_path: Path) -> str:
    path = tmp_path / "lockstep.db"
    shutil.copy(prepared, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def closed_office(database_url: str, tmp_path: Path) -> AsyncIterator[Brightwater]:
    """Brightwater before Lockstep is started."""
    async with brightwater.office(database_url, tmp_path) as office:
        yield office


@pytest.fixture
async def office(closed_office: Brightwater) -> AsyncIterator[Brightwater]:
    """Brightwater with Lockstep at work, over Socket Mode."""
    async with closed_office.lockstep():
        yield closed_office


@pytest.fixture
async def http_office(database_url: str, tmp_path: Path) -> AsyncIterator[Brightwater]:
    """As `office`, over signed HTTP."""
    async with (
        brightwater.office(database_url, tmp_path, request_port=free_port(0)) as office,
        office.lockstep(socket_mode=False),
    ):
        yield office
