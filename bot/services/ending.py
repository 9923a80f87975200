"""Ending a handoff without a person's decision: because another system knows better, or nothing may be kept."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.crm import BY_CRM
from bot.domain.handoff import End, Handoff, Status
from bot.services import announcements
from bot.services.handoffs import decide, finish
from storage.transaction import Transaction


def end_by_crm(
    tx: Transaction, handoff: Handoff, end: End, why: str, *, actor: str, origin: str = "webhook", by: str = BY_CRM
) -> Handoff:
    """An open offer is withdrawn, an accepted handoff ends as `end`, with our sentence `why`. It counts as nobody's
    decision: whoever is said to own the lead later is heard."""
    if handoff.is_open:
        ended = replace(
            handoff, status=Status.WITHDRAWN, decided_at=tx.now, note=why, version=handoff.version + 1,
            extra={**handoff.extra, "ended_by": by},
        )  # fmt: skip
        decide(tx, ended)
        kind = "handoff.withdrawn"
    else:
        ended = replace(
            handoff, end=end, ended_at=tx.now, note=why, version=handoff.version + 1,
            extra={**handoff.extra, "ended_by": by},
        )  # fmt: skip
        finish(tx, ended)
        kind = f"handoff.{end}"
    event = tx.events.add(
        kind, lead_id=ended.lead_id, handoff_id=ended.id, actor=actor, origin=origin, data={"note": why}
    )
    announcements.announce(tx, event)
    return ended
