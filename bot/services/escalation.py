"""The ladder fires: what is told as a window runs out, and what follows when it has.

A step is told once, in the working time of whoever it is told to. After a standstill one step stands for all that came
due meanwhile and says how late it is; and nobody loses anything to a standstill, which counts against nobody: a window
that would have run out runs on, with its last part at least, as does one that nobody was told is at risk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import ladder
from bot.domain.business_time import Calendar, is_working, next_working_instant
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import TOLD_AS_LATE_AFTER, Due, Plan, Step, Told
from bot.domain.post import TimerKind
from bot.services import (
    at_risk,
    countdowns,
    delays,
    disputes,
    expiry,
    first_contact,
    note_window,
    posting,
    reject_answers,
    reminders,
    stuck,
)
from bot.services.calendars import calendar_of
from storage.transaction import Transaction

AGAIN = timedelta(seconds=1)
"""After how long a step comes again that met somebody deciding at the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a kind of window does of its own. `owner_expired`: it has run out; the caller holds the lead's lock.
    `reminds_at_end`: what was to be done is still to be done, so its owner is reminded once more. `fair`: the countdown
    as it is fair to its owner, None while they could not know of it. `remind`: tells its owner."""

    owner_expired: Callable[[Transaction, Running, Due], None]
    reminds_at_end: bool = False
    fair: Callable[[Transaction, Running, Calendar], Running | None] = lambda _tx, running, _calendar: running
    remind: Callable[[Transaction, Running, Due], object] = reminders.remind


KINDS: Mapping[CountdownKind, Steps] = {
    CountdownKind.ACCEPT: Steps(owner_expired=expiry.expire, fair=delays.while_shown),
    CountdownKind.FIRST_CONTACT: Steps(
        owner_expired=lambda tx, running, _due: first_contact.leaks(tx, running), reminds_at_end=True
    ),
    CountdownKind.ANSWER_REJECT: Steps(
        owner_expired=lambda tx, running, _due: reject_answers.window_over(tx, running.subject_id)
    ),
    CountdownKind.SETTLE: Steps(owner_expired=lambda tx, running, _due: disputes.window_over(tx, running.subject_id)),
    CountdownKind.ANSWER_NOTE: Steps(
        owner_expired=lambda tx, running, _due: note_window.over(tx, running.subject_id), remind=note_window.remind
    ),
}


def fire(tx: Transaction, countdown_id: str) -> None:
    """The step that is due is taken, if the countdown still runs; and its next one has its timer.

    Whoever decides, or changes a calendar, at this moment holds the lead's lock or the countdown's and will wait for
    this timer: so nobody waits for them here, and the step comes again in a second if it is still due.
    """
    found = tx.countdowns.get(countdown_id)
    if found is None or not found.is_running:
        return
    is_free = found.lead_id is None or tx.leads.try_lock(found.lead_id) is not None
    running = tx.countdowns.try_lock(countdown_id) if is_free else None
    if running is None:
        tx.timers.set(TimerKind.COUNTDOWN, countdown_id, tx.now + AGAIN)
        return
    if not running.is_running:
        return
    calendar = calendar_of(tx, running)
    fair = KINDS[running.kind].fair(tx, running, calendar)
    if fair is None:
        countdowns.plan(tx, replace(running, since=tx.now), calendar)
        return
    _step(tx, fair, calendar)


def _step(tx: Transaction, running: Running, calendar: Calendar) -> None:
    steps = countdowns.ladder_of(tx, running)
    planned = ladder.plan(running.countdown, calendar, steps, countdowns.mode(tx, running.agreement_id))
    due = _due(planned, running, tx.now)
    fair = delays.without_standstills(tx, running, calendar)
    if due is None:
        countdowns.plan(tx, fair, calendar)
        return
    if not _may_be_told(calendar, tx.now):
        at = next_working_instant(calendar, tx.now)
        if at is not None:
            tx.timers.set(TimerKind.COUNTDOWN, running.id, at)
        else:
            stuck.tell(tx, running)
        return
    if due.step is Step.EXPIRE and (Step.AT_RISK in due.skipped or fair.since != running.since):
        fair = _last_part_anew(fair, calendar, steps.at_risk_percent, tx.now)
        if running.step is Step.AT_RISK:
            countdowns.moved(tx, running, countdowns.plan(tx, fair, calendar))
            return
        due = _at_risk_instead(running, planned, due, tx.now)
    _take(tx, fair, due, calendar)


def is_due(tx: Transaction, running: Running, calendar: Calendar) -> bool:
    """Whether there is something to tell now, as the window stands."""
    mode = countdowns.mode(tx, running.agreement_id)
    planned = ladder.plan(running.countdown, calendar, countdowns.ladder_of(tx, running), mode)
    return _due(planned, running, tx.now) is not None


def _due(planned: Plan, running: Running, now: datetime) -> Due | None:
    """The step to take now. It is late from when it could be told: not while its owner wanted quiet, nor before there
    was a window, which may begin with what was done days ago."""
    due = ladder.due_now(planned, running.step, now)
    is_snoozed = running.snoozed_until is not None and running.snoozed_until > now
    if due is None or (due.step is Step.REMIND and is_snoozed):
        if running.snoozed_until is None or is_snoozed:
            return None
        # The reminder that was put off until now.
        due = Due(step=running.step or Step.REMIND, told=frozenset({Told.OWNER}), late_by=now - running.snoozed_until)
    return replace(due, late_by=min(due.late_by, _could_be_told_for(running, now)))


def _could_be_told_for(running: Running, now: datetime) -> timedelta:
    return max(now - max(running.started_at, running.snoozed_until or running.started_at), timedelta(0))


def _may_be_told(calendar: Calendar, now: datetime) -> bool:
    """Whether its owner works; a step at the very end of their day is still told."""
    return is_working(calendar, now) or is_working(calendar, now - TOLD_AS_LATE_AFTER)


def _last_part_anew(running: Running, calendar: Calendar, at_risk_percent: int, now: datetime) -> Running:
    """As it runs on from now, with its last part at least."""
    most = running.window * at_risk_percent / 100
    return replace(running, counted=min(most, ladder.counted_by(running.countdown, calendar, now)), since=now)


def _at_risk_instead(running: Running, planned: Plan, due: Due, now: datetime) -> Due:
    at_risk_at = next(each.due_at for each in planned.steps if each.step is Step.AT_RISK)
    skipped = tuple(step for step in due.skipped if step is not Step.AT_RISK)
    told = frozenset({Told.OWNER, Told.MANAGER})
    late_by = min(now - at_risk_at, _could_be_told_for(running, now))
    return Due(step=Step.AT_RISK, told=told, late_by=late_by, skipped=skipped)


def _take(tx: Transaction, running: Running, due: Due, calendar: Calendar) -> None:
    running = countdowns.plan(tx, replace(running, step=due.step, snoozed_until=None), calendar)
    kind = KINDS[running.kind]
    # Where an offer expires, nobody is told that it did: it goes on to somebody else.
    told = due.told if due.step is not Step.EXPIRE or kind.reminds_at_end else frozenset()
    tx.events.add(
        "countdown.step", lead_id=running.lead_id, origin="timer",
        data={
            "countdown": running.id, "of": running.kind, "subject": running.subject_id, "step": due.step,
            "late_s": int(due.late_by.total_seconds()), "told": sorted(told),
        },
    )  # fmt: skip
    if due.step is Step.EXPIRE:
        kind.owner_expired(tx, running, due)
        if not kind.reminds_at_end:
            at_risk.sync_for(tx, running)
            return
    if Told.OWNER in due.told:
        kind.remind(tx, running, due)
    if Told.MANAGER in due.told:
        at_risk.tell(tx, running)
    if running.lead_id is not None:
        posting.sync_lead(tx, running.lead_id)
    posting.sync_home(tx, running.owner_id)
