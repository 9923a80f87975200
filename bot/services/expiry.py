"""An offer nobody decided on in time: it expires, and the lead goes up the ladder, to its end if need be."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.countdown import Running
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.ladder import Due, Rung
from bot.domain.lead import Lead, Stage
from bot.domain.person import Role
from bot.services import announcements, posting, rungs, stuck
from bot.services.handoffs import decide, waited
from bot.services.offers import move_along, offer
from storage.transaction import Transaction


def expire(tx: Transaction, running: Running, due: Due) -> None:
    """The offer is expired, nobody's decision, and its lead is offered to whoever is next, or parked. The caller holds
    the lead's lock."""
    handoff = tx.handoffs.lock(running.subject_id)
    lead = tx.leads.get(handoff.lead_id) if handoff is not None else None
    if handoff is None or lead is None or not handoff.is_open:
        return
    expired = replace(handoff, status=Status.EXPIRED, decided_at=tx.now, version=handoff.version + 1)
    expired = decide(tx, expired)
    late = {"late_s": int(due.late_by.total_seconds())} if due.is_late else {}
    event = tx.events.add(
        "handoff.expired", lead_id=lead.id, handoff_id=expired.id, origin="timer",
        data=late | waited("handoff.expired", expired),
    )  # fmt: skip
    announcements.announce(tx, event)
    found = rungs.next_up(tx, lead, expired, expired.terms.ladder)
    lead = replace(lead, rung=found.rung)
    if found.destination is None:
        _park(tx, lead, expired)
        stuck.tell(tx, running)
    else:
        offer(tx, lead, Opened.EXPIRED, to=found.destination, predecessor=expired, origin="timer")
    posting.sync_lead(tx, lead.id)


def _park(tx: Transaction, lead: Lead, expired: Handoff) -> None:
    """Nobody is left on the ladder: the lead waits as MQL for a manager to assign it."""
    move_along(tx, lead, Stage.MQL, recycle_at=None, rung=Rung.PARKED)
    tx.events.add(
        "lead.parked", lead_id=lead.id, handoff_id=expired.id, origin="timer",
        data={
            "opened": Opened.EXPIRED,
            "received_at": expired.received_at.isoformat(),
            "predecessor": expired.id,
        },
    )  # fmt: skip
    for manager in tx.people.with_role(Role.MANAGER):
        posting.sync_home(tx, manager.id)
