"""Killed twenty times at random instants while leads arrive and people click: nothing acknowledged is lost, nobody
shares a lead, nobody sees it twice. `python -m bench.kills` does it two hundred times."""

from __future__ import annotations

import pytest

from bench import kills
from bench.mortal import Mortal
from tests.holds.conftest import Stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]

KILLS = 20
SEED = 20


async def survives(bot: Mortal, stage: Stage, name: str) -> None:
    outcome = await kills.kill_at_random(bot, stage.crm, kills=KILLS, seed=SEED, name=name)
    assert outcome.wrong == []
    assert min(outcome.leads, outcome.clicks, outcome.news, outcome.heard) > 0


async def test_every_promise_holds_after_twenty_kills_on_sqlite(bot: Mortal, stage: Stage) -> None:
    await survives(bot, stage, "sqlite")


@pytest.mark.postgres
async def test_every_promise_holds_after_twenty_kills_on_postgresql(postgres_bot: Mortal, stage: Stage) -> None:
    await survives(postgres_bot, stage, "postgresql")
