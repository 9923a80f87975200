"""Undoing an import: what it put on offer, and nobody decided on, is taken back."""

from __future__ import annotations

from datetime import datetime

from bot.domain.crm import BY_IMPORT
from bot.domain.handoff import End, Handoff
from bot.domain.lead import Lead, Stage
from bot.domain.person import Role
from bot.domain.post import TimerKind
from bot.services import announcements, posting
from bot.services.ending import end_without_decision
from bot.services.offers import move
from bot.services.unrouted import attempt_of, waits
from storage.imports import RowOnOffer
from storage.transaction import Transaction

WHY = "The import was undone"


def withdraw_some(tx: Transaction, import_id: str, after: str, limit: int) -> tuple[int, str | None]:
    """Of at most `limit` rows behind `after` what is still on offer is taken back: open offers, whoever has them now,
    and leads that wait because nobody could be offered them. What somebody has accepted stays.

    Returns how many, and behind what to go on; None at the end.
    """
    batch = tx.imports.get(import_id)
    rows = tx.imports.on_offer(import_id, after, limit)
    if batch is None or not rows:
        return 0, None
    taken = sum(_take_back(tx, row, import_id, batch.started_at) for row in rows)
    return taken, rows[-1].digest


def _take_back(tx: Transaction, row: RowOnOffer, import_id: str, started_at: datetime) -> bool:
    lead = tx.leads.lock(row.lead_id)
    if lead is None or lead.erased_at is not None:
        return False
    actor = f"import:{import_id}"
    current = tx.handoffs.offered_of(lead.id)
    if current is not None and _began_here(tx, current, row, started_at):
        end_without_decision(tx, current, End.RELEASED, WHY, actor=actor, origin="import", by=BY_IMPORT)
        move(tx, lead, Stage.RECYCLED, recycle_at=None)
        posting.sync_lead(tx, lead.id)
        return True
    if waits(tx, lead) and _waits_since_here(tx, lead, row, started_at):
        tx.timers.cancel(TimerKind.UNROUTED, lead.id)
        move(tx, lead, Stage.RECYCLED, recycle_at=None)
        event = tx.events.add("lead.recycled", lead_id=lead.id, actor=actor, origin="import", data={"note": WHY})
        announcements.announce(tx, event)
        for manager in tx.people.with_role(Role.MANAGER):
            posting.sync_home(tx, manager.id)
        return True
    return False


def _waits_since_here(tx: Transaction, lead: Lead, row: RowOnOffer, started_at: datetime) -> bool:
    before = attempt_of(tx, lead).predecessor
    return row.handoff_id is None if before is None else _began_here(tx, before, row, started_at)


def _began_here(tx: Transaction, handoff: Handoff, row: RowOnOffer, started_at: datetime) -> bool:
    """Whether the import made the first offer of those that led to this one; for a row that nobody could be offered,
    the first there was after that."""
    known = {one.id: one for one in tx.handoffs.of_lead(handoff.lead_id)}
    first = handoff
    while first.predecessor_id in known:
        first = known[first.predecessor_id]
    if row.handoff_id is not None:
        return first.id == row.handoff_id
    since = [one for one in known.values() if one.offered_at >= started_at]
    return bool(since) and first.id == since[0].id
