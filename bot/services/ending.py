"""Ending a handoff without a person's decision about the lead: another system knows better, an import was undone, or
nothing may be kept."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.handoff import End, Handoff, Status
from bot.services import announcements
from bot.services.handoffs import decide, finish
from storage.transaction import Transaction


def end_without_decision(
    tx: Transaction, handoff: Handoff, end: End, why: str, *, actor: str, by: str, origin: str = "webhook",
    told: bool = True, to: str | None = None,
) -> Handoff:  # fmt: skip
    """An open offer is withdrawn, an accepted handoff ends as `end`, with our sentence `why`. `by` says what ended it
    (bot/domain/crm.py): it counts as nobody's decision, and whoever is said to own the lead later is heard. `to` is the
    person it goes to. Other systems hear of it, unless they are `told` otherwise."""
    ended = replace(handoff, note=why, version=handoff.version + 1, extra={**handoff.extra, "ended_by": by})
    if handoff.is_open:
        ended = replace(ended, status=Status.WITHDRAWN, decided_at=tx.now)
        decide(tx, ended)
        kind = "handoff.withdrawn"
    else:
        ended = replace(ended, end=end, ended_at=tx.now)
        finish(tx, ended)
        kind = f"handoff.{end}"
    event = tx.events.add(
        kind, lead_id=ended.lead_id, handoff_id=ended.id, actor=actor, origin=origin,
        data={"note": why} | ({"to": to} if to else {}),
    )  # fmt: skip
    if told:
        announcements.announce(tx, event)
    return ended
