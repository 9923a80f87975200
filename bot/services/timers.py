"""What happens when a timer is due. A timer is taken and fired in one transaction, so it fires once."""

from __future__ import annotations

from bot.domain.handoff import Opened
from bot.domain.lead import Stage
from bot.domain.post import Subject, Timer, TimerKind
from bot.domain.routing import Unavailable
from bot.services import briefs, departures, people, posting, reassigning_all, routing, unrouted
from bot.services.offers import offer
from storage.transaction import Transaction


def sweep_one(tx: Transaction) -> bool:
    """One timer that is due has fired and is gone; False when none is due."""
    timer = tx.timers.take_due()
    if timer is None:
        return False
    fire(tx, timer)
    return True


def fire(tx: Transaction, timer: Timer) -> None:
    """What this timer is for has happened, if it still applies."""
    match timer.kind:
        case TimerKind.UNDO_END:
            _undo_end(tx, timer.subject_id)
        case TimerKind.RECYCLE:
            _recycle(tx, timer.subject_id)
        case TimerKind.BACK:
            people.come_back(tx, timer.subject_id, actor="lockstep", origin="timer")
        case TimerKind.LEFT:
            departures.hand_on(tx, timer.subject_id)
        case TimerKind.BRIEF:
            briefs.fire(tx, timer.subject_id)
        case TimerKind.REASSIGN:
            reassigning_all.go_on(tx, timer.subject_id)
        case TimerKind.UNROUTED:
            unrouted.try_again(tx, timer.subject_id)
        case TimerKind.REFRESH_PEOPLE:
            people.queue_refresh_of_all(tx)


def _undo_end(tx: Transaction, handoff_id: str) -> None:
    handoff = tx.handoffs.get(handoff_id)
    if handoff is not None and handoff.is_owned:
        for post in tx.posts.of_subject(Subject.HANDOFF, handoff_id):
            posting.sync(tx, post)
        posting.sync_home(tx, handoff.rep_id)


def _recycle(tx: Transaction, lead_id: str) -> None:
    """The lead is handed over again: first to the one who asked for the date, else by the rules."""
    lead = tx.leads.lock(lead_id)
    if lead is None or lead.stage is not Stage.RECYCLED or lead.recycle_at is None or lead.recycle_at > tx.now:
        return
    tx.events.add("lead.came_back", lead_id=lead.id, origin="timer")
    last = tx.handoffs.latest_of(lead.id)
    destination = None
    if last is not None and last.decided_by is not None and not last.is_pool:
        found = routing.to_person(tx, last.decided_by, "You asked for it to come back today")
        destination = None if isinstance(found, Unavailable) else found
    offer(tx, lead, Opened.RECYCLED, to=destination, predecessor=last, received_at=tx.now, origin="timer")
    posting.sync_lead(tx, lead.id)
