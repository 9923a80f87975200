"""Windows of the agreement that run: started, stopped, and planned anew when working time changes.

Of one lead's rows a countdown is locked last: lead, handoff, countdown, and its timer after that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import ladder
from bot.domain.agreement import Terms
from bot.domain.business_time import Calendar
from bot.domain.countdown import CountdownKind, Result, Running
from bot.domain.ladder import Ladder, Mode, Step
from bot.domain.person import Person, Team
from bot.domain.post import TimerKind
from bot.domain.signing import mode_of
from bot.services.calendars import calendar_of, calendar_of_person, calendar_of_pool
from storage.transaction import Transaction


def start(
    tx: Transaction, kind: CountdownKind, subject_id: str, *, window: timedelta, terms: Terms, agreement_id: str,
    lead_id: str | None = None, owner_id: str | None = None, team_id: str | None = None, since: datetime | None = None,
    counted: timedelta = timedelta(0), step: Step | None = None, calendar: Calendar | None = None,
) -> Running:  # fmt: skip
    """The window runs from `since` (now), on the calendar of `owner_id`, else of `team_id`, else of everybody; in place
    of one of the same kind and subject. `agreement_id` says whether its ladder is enforced. Of a window that goes on
    `counted` has passed, and its steps up to `step` were taken. `calendar` spares reading the owner again."""
    running = Running(
        id=tx.new_id(),
        kind=kind,
        subject_id=subject_id,
        agreement_id=agreement_id,
        lead_id=lead_id,
        owner_id=owner_id,
        team_id=team_id,
        window=window,
        counted=counted,
        since=since or tx.now,
        step=step,
        started_at=tx.now,
    )
    calendar = calendar or calendar_of(tx, running)
    planned = ladder.plan(running.countdown, calendar, terms.ladder, mode(tx, agreement_id))
    running = tx.countdowns.start(replace(running, due_at=planned.due_at))
    _arm(tx, running, ladder.next_instant(planned, running.step, running.snoozed_until))
    return running


def stop(
    tx: Transaction, kind: CountdownKind, subject_id: str, *, void: bool = False, at: datetime | None = None
) -> Running | None:
    """The countdown ended: met when it was done (`at`, else now) within its window, else missed; `void`: nothing was
    left to be done. None when none runs. Nothing is told of it any more."""
    running = tx.countdowns.lock_of(kind, subject_id)
    if running is None or not running.is_running:
        return None
    return finish(tx, running, calendar_of(tx, running), void=void, at=at)


def finish(
    tx: Transaction, running: Running, calendar: Calendar, *, void: bool = False, at: datetime | None = None
) -> Running:
    """As stop, for a countdown the caller has locked."""
    ended_at = at or tx.now
    result = Result.VOID if void else Result.MISSED if is_over(running, ended_at) else Result.MET
    ended = replace(
        running,
        counted=ladder.counted_by(running.countdown, calendar, ended_at),
        since=max(ended_at, running.since),
        ended_at=ended_at,
        result=result,
    )
    tx.countdowns.save(ended)
    tx.timers.cancel(TimerKind.COUNTDOWN, running.id)
    return ended


def is_over(running: Running, at: datetime) -> bool:
    """Whether the window had ended before `at`: what is done at its very end is done in time."""
    return running.due_at is not None and at > running.due_at


def of(tx: Transaction, kind: CountdownKind, subject_id: str) -> Running | None:
    """The countdown of this kind and subject, whether it runs or has ended."""
    return tx.countdowns.of(kind, subject_id)


def mode(tx: Transaction, agreement_id: str) -> Mode:
    """Whether the ladder of this agreement is enforced: only while both sides have signed, and nobody suspended it. One
    that was replaced is held to for as long as the one that replaced it."""
    agreement = tx.agreements.get(agreement_id)
    if agreement is None or agreement.signing is None:
        return Mode.TRIAL
    return mode_of(agreement.signing, tx.now, tx.agreements.in_force().signing)


def replan_person(tx: Transaction, before: Person, after: Person) -> None:
    """What runs on the person's calendar goes on on the one of `after`; what has passed stays passed."""
    was, now = calendar_of_person(tx, before), calendar_of_person(tx, after)
    if was != now:
        for running in tx.countdowns.lock_of_owner(after.id):
            replan(tx, running, was, now)


def replan_team(tx: Transaction, before: Team, after: Team) -> None:
    """As replan_person, for the team's pool."""
    was, now = calendar_of_pool(tx, before), calendar_of_pool(tx, after)
    if was != now:
        for running in tx.countdowns.lock_of_team(after.id):
            replan(tx, running, was, now)


def replan(tx: Transaction, running: Running, was: Calendar, now: Calendar) -> Running:
    """The countdown, locked by the caller, ran on the calendar `was` until this moment and runs on `now` from here."""
    moved = ladder.replanned(running.countdown, was, tx.now)
    return plan(tx, replace(running, since=moved.since, counted=moved.counted), now)


def plan(tx: Transaction, running: Running, calendar: Calendar) -> Running:
    """The countdown, locked by the caller, is stored as given with its end on this calendar, and its timer set."""
    planned = ladder.plan(running.countdown, calendar, ladder_of(tx, running), mode(tx, running.agreement_id))
    running = replace(running, due_at=planned.due_at)
    tx.countdowns.save(running)
    _arm(tx, running, ladder.next_instant(planned, running.step, running.snoozed_until))
    return running


def ladder_of(tx: Transaction, running: Running) -> Ladder:
    """The ladder the countdown runs under."""
    agreement = tx.agreements.get(running.agreement_id) or tx.agreements.in_force()
    return agreement.terms.ladder


def _arm(tx: Transaction, running: Running, due_at: datetime | None) -> None:
    if due_at is None:
        tx.timers.cancel(TimerKind.COUNTDOWN, running.id)
    else:
        tx.timers.set(TimerKind.COUNTDOWN, running.id, due_at)
