"""An accepted lead that somebody else is to have: who may give it up, in which stage, and how it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.agreement import DEFAULT_TERMS
from bot.errors import Refused
from bot.services import forms
from tests.services.outcome_world import log_all, stage
from tests.services.test_outcomes import accepted
from tests.services.world import INES, JONAS, MANAGER, World

QUALIFIED = ("contacted", "qualified")
KEPT = [QUALIFIED, (*QUALIFIED, "opportunity"), (*QUALIFIED, "won"), (*QUALIFIED, "lost")]
ANSWERS: dict[str, dict[str, Any]] = {
    "not_icp": {"criterion": "Industry"},
    "bad_timing": {"recycle_on": "2026-05-04"},
    "duplicate": {"text": "Two records of her"},
    "bad_data": {"text": "The number is wrong"},
    "wrong_person": {"text": "An intern"},
    "existing": {"person_id": "p1", "text": "Ours already"},
    "other": {"text": "It is another thing"},
}


@pytest.mark.parametrize("kinds", KEPT)
async def test_a_lead_is_released_until_it_is_qualified_and_no_longer(world: World, kinds: tuple[str, ...]) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *kinds)
    before = await world.lead(lead.id)
    with pytest.raises(Refused):
        await world.db.read(lambda tx: forms.note_form(tx, handoff.id, JONAS, "release"))
    with pytest.raises(Refused):
        await world.release(handoff.id, JONAS)
    assert await world.lead(lead.id) == before
    assert (await world.handoff(handoff.id)).is_owned
    await world.change("p2", away_since=None)
    assert (await world.reassign(handoff.id, MANAGER, "p2")).successor is not None


@pytest.mark.parametrize("reason", [one.code for one in DEFAULT_TERMS.reasons])
@pytest.mark.parametrize("kinds", KEPT[:2])
async def test_a_qualified_lead_is_refused_for_any_reason_by_whoever_gets_it_from_a_manager(
    world: World, kinds: tuple[str, ...], reason: str
) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *kinds)
    await world.change("p2", away_since=None)
    offered = (await world.reassign(handoff.id, MANAGER, "p2")).successor
    assert offered is not None
    await world.reject(offered.id, INES, reason, **ANSWERS.get(reason, {}))
    back = ("mql", "recycled", "closed", kinds[-1].replace("qualified", "sql"))
    assert await stage(world, lead.id) in back
    assert not (await world.handoff(offered.id)).is_open


async def test_a_won_lead_is_not_rejected_and_the_form_says_so_before_anything_is_filled_in(world: World) -> None:
    handoff, lead = await accepted(world)
    await log_all(world, handoff.id, *QUALIFIED, "won")
    await world.change("p2", away_since=None)
    offered = (await world.reassign(handoff.id, MANAGER, "p2")).successor
    assert offered is not None
    with pytest.raises(Refused, match="is won"):
        await world.db.read(lambda tx: forms.reject_form(tx, offered.id, INES))
    with pytest.raises(Refused, match="is won"):
        await world.reject(offered.id, INES, "low_intent")
    await world.accept(offered.id, INES)
    assert await stage(world, lead.id) == "won"
