"""Countdowns planned anew in portions, each in a transaction of its own: an agreement changed its state, the calendars'
data changed, or offers were there before the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain import ladder
from bot.domain.business_time import Calendar
from bot.domain.countdown import Running
from bot.domain.ladder import Mode, Step
from bot.domain.post import TimerKind
from bot.services import accept_window, at_risk, countdowns, delays, escalation, posting
from bot.services.calendars import calendar_of
from storage.transaction import Transaction

AT_ONCE = 100
OFFERS = "offers"
SEEN = "calendars"
AGAIN = timedelta(seconds=1)


def note_calendar_data(tx: Transaction, version: str) -> None:
    """The data of time zones and public holidays is of this version: if it is new here, everything that runs is planned
    anew soon."""
    if not tx.seen.first_time(SEEN, version):
        return
    for agreement in tx.agreements.all():
        if tx.countdowns.lock_of_agreement(agreement.id, "", 1):
            countdowns.replan_agreement(tx, agreement.id)


def go_on(tx: Transaction, subject_id: str) -> None:
    """The next portion."""
    if subject_id == OFFERS:
        _start_windows(tx)
        return
    agreement_id, _, last = subject_id.partition("@")
    found = tx.countdowns.lock_of_agreement(agreement_id, last, AT_ONCE)
    for running in found:
        calendar = calendar_of(tx, running)
        fair = delays.without_standstills(tx, running, calendar)
        if fair.since != running.since and escalation.is_due(tx, running, calendar):
            # What came due in the standstill is told first, as late, by its own timer.
            continue
        planned = countdowns.plan(tx, _paused(tx, fair, calendar), calendar)
        if planned.due_at != running.due_at:
            countdowns.show(tx, planned)
    if len(found) == AT_ONCE:
        tx.timers.set(TimerKind.REPLAN, f"{agreement_id}@{found[-1].id}", tx.now)


def _paused(tx: Transaction, running: Running, calendar: Calendar) -> Running:
    """While its agreement is suspended it stands still, and is at risk in no list; resumed, it goes on from there."""
    has_step = tx.timers.get(TimerKind.COUNTDOWN, running.id) is not None
    is_enforced = countdowns.mode(tx, running.agreement_id) is Mode.ENFORCED
    if is_enforced == has_step or running.step is Step.EXPIRE:
        return running
    if is_enforced:
        if running.step is Step.AT_RISK:
            at_risk.tell(tx, running)
        return replace(running, since=max(tx.now, running.since))
    at_risk.sync_for(tx, running)
    gone = ladder.replanned(running.countdown, calendar, tx.now)
    return replace(running, counted=gone.counted, since=gone.since)


def _start_windows(tx: Transaction) -> None:
    """Offers from before there was a clock have their window from now on. One that somebody decides on just now is
    looked at again."""
    found = tx.countdowns.offers_without(AT_ONCE)
    for handoff_id, lead_id in found:
        if tx.leads.try_lock(lead_id) is None:
            continue
        handoff = tx.handoffs.get(handoff_id)
        if handoff is not None and handoff.is_open:
            accept_window.start(tx, handoff, countdowns.mode(tx, handoff.agreement_id))
            posting.sync_lead(tx, lead_id)
    if found:
        tx.timers.set(TimerKind.REPLAN, OFFERS, tx.now + AGAIN)
