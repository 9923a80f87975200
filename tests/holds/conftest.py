from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from bench import mortal
from bench.mortal import Mortal
from bot.demo import company
from bot.integrations.web import Web
from tests import postgres
from tests.handlers import toy_crm
from tests.handlers.toy_crm import ToyCrm


@dataclass(slots=True)
class Stage:
    """One sandbox and one spawner for all tests of a module; each test gets a database and a bot of its own."""

    web: Web
    slack: company.Slack
    spawner: mortal.Spawner
    prepared: Path
    """A SQLite database with the roster, to be copied."""
    crm: ToyCrm
    """Is told of every decision."""

    async def reset(self) -> None:
        await self.web.post(f"{self.slack.url}/_sandbox/reset", {})
        self.crm.heard.clear()
        self.crm.status, self.crm.then = 204, None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    async with contextlib.AsyncExitStack() as stack:
        web = await stack.enter_async_context(Web(timeout_s=90))
        slack, spawner = await asyncio.gather(
            stack.enter_async_context(mortal.people(web, folder)), stack.enter_async_context(mortal.spawner())
        )
        crm = await stack.enter_async_context(toy_crm.running())
        prepared = folder / "prepared.db"
        await mortal.prepare(slack, f"sqlite:///{prepared}", folder, crm_url=crm.url)
        with contextlib.closing(sqlite3.connect(prepared)) as connection:
            # One file from now on: what is still in the write-ahead log would not be copied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield Stage(web, slack, spawner, prepared, crm)


@pytest_asyncio.fixture(loop_scope="module")
async def bot(stage: Stage, tmp_path: Path) -> AsyncIterator[Mortal]:
    """A bot that is not started yet, on SQLite."""
    database = tmp_path / "lockstep.db"
    shutil.copy(stage.prepared, database)
    await stage.reset()
    bot = Mortal(stage.web, stage.spawner, stage.slack, f"sqlite:///{database}", tmp_path)
    yield bot
    await bot.kill()


@pytest.fixture(scope="module")
def prepared_postgres(postgres_server: postgres.Server) -> dict[str, str]:
    """The name of a database with the roster, once somebody made it."""
    return {}


@pytest_asyncio.fixture(loop_scope="module")
async def postgres_bot(
    stage: Stage, tmp_path: Path, postgres_server: postgres.Server, prepared_postgres: dict[str, str]
) -> AsyncIterator[Mortal]:
    """As `bot`, on PostgreSQL."""
    await stage.reset()
    if not prepared_postgres:
        prepared_postgres["name"] = postgres_server.create()
        await mortal.prepare(
            stage.slack, postgres_server.url(prepared_postgres["name"]), tmp_path, crm_url=stage.crm.url
        )
    database = postgres_server.create(template=prepared_postgres["name"])
    bot = Mortal(stage.web, stage.spawner, stage.slack, postgres_server.url(database), tmp_path)
    yield bot
    await bot.kill()
    with contextlib.suppress(psycopg.Error):
        postgres_server.drop(database)
