"""After Accept: what is logged, in which order, by whom, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.handoff import End, Handoff
from bot.domain.lead import Lead, Stage
from bot.errors import AlreadyDecided, FormError, NotAllowed, Refused
from tests.services.outcome_world import correct, log, log_all, stage
from tests.services.world import INES, JONAS, MANAGER, MARKETER, World


async def accepted(world: World, external_id: str = "1", **values: Any) -> tuple[Handoff, Lead]:
    """A lead that Jonas has accepted."""
    await world.change("p2", away_since=world.clock.now())
    handed = await world.hand_over(external_id, name="Dana Whitfield", company="Northwind", **values)
    await world.accept(handed.handoff_id, JONAS)
    handoff = await world.handoff(handed.handoff_id)
    assert handoff.is_owned
    return handoff, await world.lead(handoff.lead_id)


async def test_a_whole_life_from_accept_to_won(world: World) -> None:
    handoff, lead = await accepted(world)
    stages = []
    for kind in ("attempt", "attempt", "attempt", "contacted", "qualified", "opportunity", "won"):
        await log_all(world, handoff.id, kind)
        stages.append(await stage(world, lead.id))
    assert stages == ["sal"] * 4 + ["sql", "opportunity", "won"]
    history = await world.db.read(lambda tx: tx.outcomes.standing(handoff.id))
    assert [one.outcome.kind.value for one in history][-2:] == ["opportunity", "won"]
    assert history[-2].outcome.amount == Decimal("12000")
    assert (await world.handoff(handoff.id)).is_owned
    kinds = await world.events(lead.id)
    assert [kind for kind in kinds if kind.startswith("lead.")][-4:] == [
        "lead.contacted", "lead.qualified", "lead.opportunity", "lead.won",
    ]  # fmt: skip
