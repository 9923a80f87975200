"""What people log and what the CRM says of the same lead are one history, in which the latest word holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.handoff import Handoff
from bot.domain.lead import Stage
from bot.services import crm, standing
from bot.services.crm_news import LeadStage
from bot.services.standing import Standing
from tests.services.outcome_world import correct, log, log_all, stage
from tests.services.test_outcomes import accepted
from tests.services.world import World

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
