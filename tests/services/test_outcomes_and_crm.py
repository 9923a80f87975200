"""What people log and what the CRM says of the same lead are one history, in which the latest word holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Stage
from bot.domain.post import TimerKind
from bot.services import crm, standing
from bot.services.crm_news import LeadStage
from bot.services.standing import Standing
from tests.services.marketing import known
from tests.services.outcome_world import correct, log, log_all, stage
from tests.services.test_outcomes import accepted, on_the_day
from tests.services.world import INES, JONAS, World

QUALIFIED = ("contacted", "qualified")


async def says(world: World, said: Stage, **values: Any) -> None:
    """A minute later the CRM says so of the lead."""
    world.clock.advance(timedelta(minutes=1))
    await world.db.run(crm.hear, LeadStage(source="crm", external_id="1", at=world.clock.now(), stage=said, **values))


async def stands(world: World, handoff: Handoff) -> Standing:
    def look(tx):  # type: ignore[no-untyped-def]
        now = tx.handoffs.get(handoff.id)
        return standing.standing(tx, now, tx.leads.get(now.lead_id))

    found: Standing | None = await world.db.read(look)
    assert found is not None
    return found


CORRECTIONS: list[dict[str, Any]] = [
    {"index": 0, "kind": "contacted", "note": "On the phone"},
    {"index": 1, "kind": "qualified", "note": "A typo"},
    {"index": 1, "kind": "qualified", "when": "now"},
    {"index": 2, "kind": "opportunity", "amount": "9,000"},
    {"index": 2},
]


@pytest.mark.parametrize("correction", CORRECTIONS)
async def test_what_the_crm_said_later_stands_after_what_is_corrected(world: World, correction: dict[str, Any]) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *QUALIFIED, "opportunity")
    await says(world, Stage.WON, amount="5000", currency="EUR")
    world.clock.advance(timedelta(minutes=1))
    values = dict(correction)
    await correct(world, handoff.id, values.pop("index"), **values)
    assert await stage(world, lead.id) == "won"
    where = await stands(world, handoff)
    assert (where.amount, where.by_crm) == ("EUR 5,000", True)
    await says(world, Stage.OPPORTUNITY)
    assert await stage(world, lead.id) == "opportunity", "and the CRM goes on from there"


@pytest.mark.parametrize("said", [Stage.SQL, Stage.OPPORTUNITY, Stage.WON])
async def test_a_lost_lead_that_goes_on_in_the_crm_does_not_come_back_on_its_day(world: World, said: Stage) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *QUALIFIED)
    await log(world, handoff.id, "lost", reason="postponed", come_back_on="2026-04-01")
    await says(world, said)
    where, lead = await stands(world, handoff), await world.lead(lead.id)
    assert (where.stage, where.come_back_on, where.reason, lead.recycle_at) == (said, None, None, None)
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.RECYCLE, lead.id)) is None
    if said is not Stage.WON:
        await log(world, handoff.id, "attempt")
        assert (await world.lead(lead.id)).recycle_at is None
        await says(world, Stage.LOST)
    await on_the_day(world)
    assert len(await world.of_lead(lead.id)) == 1


@pytest.mark.parametrize("said", [Stage.SQL, Stage.OPPORTUNITY])
async def test_what_the_crm_said_before_a_lead_was_lost_does_not_revive_it_when_it_comes_back(
    world: World, said: Stage
) -> None:
    handoff, lead = await accepted(world)
    await says(world, said)
    world.clock.advance(timedelta(minutes=1))
    await log(world, handoff.id, "lost", reason="postponed", come_back_on="2026-04-01")
    await on_the_day(world)
    await known(world)
    again = (await world.of_lead(lead.id))[-1]
    await world.accept(again.id, JONAS)
    assert await stage(world, lead.id) == "sal"
    assert (await stands(world, again)).by_crm is False
    running = await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.FIRST_CONTACT, again.id))
    assert running is not None
    assert running.is_running
    await says(world, said)
    assert await stage(world, lead.id) == said.value, "what it says from now on counts"


async def test_what_the_crm_said_before_a_lead_was_disqualified_does_not_revive_it_either(world: World) -> None:
    handoff, lead = await accepted(world)
    before = world.clock.now() + timedelta(seconds=1)
    await log_all(world, handoff.id, "contacted")
    await log(world, handoff.id, "disqualified", reason="no_timeline", come_back_on="2026-04-01")
    news = LeadStage(source="crm", external_id="1", at=before, stage=Stage.SQL)
    await world.db.run(crm.hear, news)
    await on_the_day(world)
    await world.change("p2", away_since=None)
    await known(world)
    again = (await world.of_lead(lead.id))[-1]
    await world.accept(again.id, JONAS if again.rep_id == "p1" else INES)
    assert await stage(world, lead.id) == "sal"


AMOUNTS = [
    ("12.345", "KWD", "KWD 12.35"),
    ("1234567.891", "EUR", "EUR 1,234,567.89"),
    ("12000.5", "EUR", "EUR 12,000.50"),
    ("5000", "EUR", "EUR 5,000"),
    ("0.0001", "EUR", None),
]


@pytest.mark.parametrize(("digits", "currency", "spoken"), AMOUNTS)
async def test_an_amount_of_the_crm_is_digits_and_no_words_of_people(
    world: World, digits: str, currency: str, spoken: str | None
) -> None:
    handoff, _ = await accepted(world)
    await says(world, Stage.OPPORTUNITY, amount=digits, currency=currency)
    assert (await stands(world, handoff)).amount == spoken
