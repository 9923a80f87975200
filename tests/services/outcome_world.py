"""Logging outcomes in the small world, as one-liners."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from bot.services import corrections, outcomes
from bot.services.corrections import CorrectOutcome
from bot.services.outcome_input import Filled
from bot.services.outcomes import Done, LogOutcome
from tests.services.world import JONAS, World

_clicks = count()

FILLED: dict[str, dict[str, Any]] = {
    "attempt": {"attempt": "call"},
    "disqualified": {"reason": "no_need"},
    "given_back": {"note": "Speaks French only"},
    "opportunity": {"amount": "12,000", "currency": "EUR", "expected_close": "2026-11-30"},
    "won": {"reason": "fit"},
    "lost": {"reason": "price"},
}


async def log(world: World, handoff_id: str | None, kind: str, by: str = JONAS, **values: Any) -> Done:
    once = values.pop("once", f"click {next(_clicks)}")
    filled = Filled(**{"kind": kind} | FILLED.get(kind, {}) | values)
    command = LogOutcome(handoff_id=handoff_id or "", by=by, filled=filled, once=once)
    return await world.db.run(outcomes.log_outcome, command)


async def log_all(world: World, handoff_id: str | None, *kinds: str, by: str = JONAS) -> Done:
    """A minute apart."""
    done = None
    for kind in kinds:
        world.clock.advance(timedelta(minutes=1))
        done = await log(world, handoff_id, kind, by)
    assert done is not None
    return done


async def correct(
    world: World, handoff_id: str | None, index: int, by: str = JONAS, kind: str | None = None, **values: Any
) -> Done:
    """The entry at `index` of the history as it stands is replaced, or taken out (`kind` None)."""
    history = await world.db.read(lambda tx: tx.outcomes.standing(handoff_id or ""))
    filled = None if kind is None else Filled(**{"kind": kind, "when": "keep"} | FILLED.get(kind, {}) | values)
    command = CorrectOutcome(handoff_id=handoff_id or "", by=by, outcome_id=history[index].id, filled=filled)
    return await world.db.run(corrections.correct_outcome, command)


async def stage(world: World, lead_id: str) -> str:
    return (await world.lead(lead_id)).stage.value
