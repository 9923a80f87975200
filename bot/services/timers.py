"""What happens when a timer is due. A timer is taken and fired in one transaction, so it fires once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.post import Subject, Timer, TimerKind
from bot.services import (
    agreements,
    alert_talk,
    at_risk,
    briefs,
    campaign_alerts,
    departures,
    digests,
    escalation,
    got_its,
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
    FIRES[timer.kind](tx, timer.subject_id)


def _undo_end(tx: Transaction, handoff_id: str) -> None:
    handoff = tx.handoffs.get(handoff_id)
    if handoff is not None and handoff.is_owned:
        for post in tx.posts.of_subject(Subject.HANDOFF, handoff_id):
            posting.sync(tx, post)
        posting.sync_home(tx, handoff.rep_id)


FIRES: Mapping[TimerKind, Callable[[Transaction, str], object]] = {
    TimerKind.UNDO_END: _undo_end,
    TimerKind.RECYCLE: recycling.come_back,
    TimerKind.BACK: partial(people.come_back, actor="lockstep", origin="timer"),
    TimerKind.LEFT: departures.hand_on,
    TimerKind.BRIEF: briefs.fire,
    TimerKind.REASSIGN: reassigning_all.go_on,
    TimerKind.UNROUTED: unrouted.try_again,
    TimerKind.COUNTDOWN: escalation.fire,
    TimerKind.REPLAN: replanning.go_on,
    TimerKind.AT_RISK: at_risk.say,
    TimerKind.CARD: offers.card_is_due,
    TimerKind.AGREEMENT_START: agreements.start,
    TimerKind.AGREEMENT_REVIEW: agreements.review,
    TimerKind.CAMPAIGN_DUE: campaign_alerts.fire_due,
    TimerKind.CAMPAIGN_EVE: campaign_alerts.fire_eve,
    TimerKind.CAMPAIGN_START: campaign_alerts.fire_start,
    TimerKind.CAMPAIGN_END: campaign_alerts.fire_end,
    TimerKind.DIGEST: digests.fire,
    TimerKind.GOT_IT: got_its.remind,
    TimerKind.CAMPAIGN_COUNTS: alert_talk.show_again,
    TimerKind.REFRESH_PEOPLE: lambda tx, _all: people.queue_refresh_of_all(tx),
}
"""What each kind does with its subject."""
