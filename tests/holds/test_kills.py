"""Killed twenty times at random instants while leads arrive and people click, write field notes and tell each other of
campaigns: nothing acknowledged is lost, nobody shares a lead, nobody sees anything twice. `python -m bench.kills` does
it two hundred times."""

from __future__ import annotations

import pytest

from bench import kills, mortal, promises
from bench.mortal import Mortal
from bench.promises import Acknowledged
from bot.domain.flood import MOST_CARDS
from tests.holds.conftest import Stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]

KILLS = 20
TALK_AFTER = 14
"""Before that people only click: a talk that is cut off costs seconds of waiting."""
SEED = 20


async def survives(bot: Mortal, stage: Stage, name: str) -> None:
    outcome = await kills.kill_at_random(bot, stage.crm, kills=KILLS, seed=SEED, name=name, talk_after=TALK_AFTER)
    assert outcome.wrong == []
    assert min(outcome.leads, outcome.clicks, outcome.news, outcome.heard) > 0
    said = outcome.spoken
    assert min(map(len, (said.notes, said.joins, said.approved, said.got_it, said.asked, said.answers))) > 0


async def test_every_promise_holds_after_twenty_kills_on_sqlite(bot: Mortal, stage: Stage) -> None:
    await survives(bot, stage, "sqlite")


@pytest.mark.postgres
async def test_every_promise_holds_after_twenty_kills_on_postgresql(postgres_bot: Mortal, stage: Stage) -> None:
    await survives(postgres_bot, stage, "postgresql")


async def test_a_lead_accepted_from_a_summary_is_no_broken_promise(bot: Mortal) -> None:
    """Its owner gets a card beside the summary; the look that follows the kills once took it for a second one."""
    leads = {f"FLOOD-{number}" for number in range(MOST_CARDS + 2)}
    await bot.start()
    for one in sorted(leads):
        assert await mortal.post(bot, mortal.lead(one, hot=True), delivery=one) == 202
    await mortal.all_said(bot)
    place = await bot.slack.place(mortal.email(0), mortal.POOL)
    (summary,) = [
        one for one in await bot.slack.latest(mortal.email(0), place, 50) if str(one).count("handoff.accept") > 1
    ]
    pressed = await bot.slack.act(mortal.email(0), place, "click", message_ts=summary["ts"], action_id="handoff.accept")
    assert pressed["acked"]
    await mortal.all_said(bot)
    found = await promises.look(bot, leads)
    assert len(found.notices) == 1
    assert sum(handoff.is_owned for of_lead in found.handoffs.values() for handoff in of_lead) == 1
    assert promises.broken(Acknowledged(leads=leads), found) == []
