"""What happens when a timer is due. A timer is taken and fired in one transaction, so it fires once."""

from __future__ import annotations

from bot.domain.post import Subject, Timer, TimerKind
from bot.services import (
    agreements,
    at_risk,
    briefs,
    departures,
    escalation,
    offers,
    people,
    posting,
    reassigning_all,
    recycling,
    replanning,
    unrouted,
)
from storage.transaction import Transaction


def sweep_one(tx: Transaction) -> bool:
    """One timer that is due has fired and is gone; False when none is due."""
    for due in tx.timers.due(10):
        timer = tx.timers.take(due.id)
        if timer is not None:
            fire(tx, timer)
            return True
    return False


def fire(tx: Transaction, timer: Timer) -> None:
    """What this timer is for has happened, if it still applies."""
    match timer.kind:
        case TimerKind.UNDO_END:
            _undo_end(tx, timer.subject_id)
        case TimerKind.RECYCLE:
            recycling.come_back(tx, timer.subject_id)
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
        case TimerKind.COUNTDOWN:
            escalation.fire(tx, timer.subject_id)
        case TimerKind.REPLAN:
            replanning.go_on(tx, timer.subject_id)
        case TimerKind.AT_RISK:
            at_risk.say(tx, timer.subject_id)
        case TimerKind.CARD:
            offers.card_is_due(tx, timer.subject_id)
        case TimerKind.AGREEMENT_START:
            agreements.start(tx, timer.subject_id)
        case TimerKind.AGREEMENT_REVIEW:
            agreements.review(tx, timer.subject_id)
        case TimerKind.REFRESH_PEOPLE:
            people.queue_refresh_of_all(tx)


def _undo_end(tx: Transaction, handoff_id: str) -> None:
    handoff = tx.handoffs.get(handoff_id)
    if handoff is not None and handoff.is_owned:
        for post in tx.posts.of_subject(Subject.HANDOFF, handoff_id):
            posting.sync(tx, post)
        posting.sync_home(tx, handoff.rep_id)
