"""Windows of the agreement that run: started, stopped, and planned anew when working time changes.

Of one lead's rows a countdown is locked last: lead, handoff, countdown, and its timer after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import ladder
from bot.domain.agreement import Terms
from bot.domain.business_time import Calendar, next_working_instant
from bot.domain.countdown import CountdownKind, Result, Running
from bot.domain.ladder import Ladder, Mode
from bot.domain.person import Person, Team
from bot.domain.post import TimerKind
from bot.services import at_risk, delays, posting, reminders, stuck
from bot.services.calendars import calendar_of, calendar_of_person, calendar_of_pool
from storage.transaction import Transaction


def start(
    tx: Transaction, kind: CountdownKind, subject_id: str, *, window: timedelta, terms: Terms, agreement_id: str,
    lead_id: str | None = None, owner_id: str | None = None, team_id: str | None = None, since: datetime | None = None,
) -> Running:  # fmt: skip
    """The window runs from `since` (now), on the calendar of `owner_id`, else of `team_id`, else of everybody; in place
    of one of the same kind and subject that has ended. `agreement_id` says whether its ladder is enforced."""
    running = made(
        tx, kind, subject_id, window, agreement_id, lead_id=lead_id, owner_id=owner_id, team_id=team_id, since=since
    )
    return run(tx, running, calendar_of(tx, running), terms.ladder, mode(tx, agreement_id))


def made(
    tx: Transaction, kind: CountdownKind, subject_id: str, window: timedelta, agreement_id: str, *,
    lead_id: str | None, owner_id: str | None, team_id: str | None, since: datetime | None = None,
) -> Running:  # fmt: skip
    """A countdown that does not run yet."""
    return Running(
        id=tx.new_id(),
        kind=kind,
        subject_id=subject_id,
        agreement_id=agreement_id,
        lead_id=lead_id,
        owner_id=owner_id,
        team_id=team_id,
        window=window,
        since=since or tx.now,
        started_at=tx.now,
    )


def run(tx: Transaction, running: Running, calendar: Calendar, steps: Ladder, mode: Mode) -> Running:
    """As start, for a caller who has made the countdown and knows what it runs on."""
    planned = ladder.plan(running.countdown, calendar, steps, mode)
    stored = tx.countdowns.start(replace(running, due_at=planned.due_at))
    if mode is Mode.ENFORCED and stuck.waits_long(stored, calendar):
        stuck.tell(tx, stored)
    due_at = ladder.next_instant(planned, running.step, running.snoozed_until)
    if due_at is not None:
        tx.timers.set(TimerKind.COUNTDOWN, stored.id, due_at)
    elif stored.id != running.id:
        # It took the place of another, which may have had a timer.
        tx.timers.cancel(TimerKind.COUNTDOWN, stored.id)
    return stored


def stop(
    tx: Transaction, kind: CountdownKind, subject_id: str, *, void: bool = False, at: datetime | None = None
) -> Running | None:
    """The countdown ended: met when it was done (`at`, else now) within its window, else missed; `void`: nothing was
    left to be done. None when none runs. Nothing is told of it any more."""
    running = tx.countdowns.lock_of(kind, subject_id)
    if running is None or not running.is_running:
        return None
    ended = finish(tx, running, calendar_of(tx, running), Result.VOID if void else None, at=at)
    tx.timers.cancel(TimerKind.COUNTDOWN, running.id)
    return ended


def miss(tx: Transaction, kind: CountdownKind, subject_id: str) -> None:
    """The window has run out, and what it was for goes on without it."""
    running = tx.countdowns.lock_of(kind, subject_id)
    if running is not None and running.is_running:
        finish(tx, running, calendar_of(tx, running), Result.MISSED)
        tx.timers.cancel(TimerKind.COUNTDOWN, running.id)


def finish(
    tx: Transaction, running: Running, calendar: Calendar, result: Result | None = None, *, at: datetime | None = None
) -> Running:
    """As stop, for a countdown the caller has locked, whose timer they cancel. `result` None: the window decides."""
    ended_at = at or tx.now
    running = delays.without_standstills(tx, running, calendar)
    result = result or (Result.MISSED if is_over(running, ended_at) else Result.MET)
    ended = replace(
        running,
        counted=ladder.counted_by(running.countdown, calendar, ended_at),
        since=max(ended_at, running.since),
        ended_at=ended_at,
        result=result,
    )
    tx.countdowns.save(ended)
    # Whatever was told of it, also before its window was made shorter.
    reminders.sync(tx, ended)
    at_risk.sync_for(tx, ended)
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
    return tx.agreements.mode(agreement_id)


def replan_person(tx: Transaction, before: Person, after: Person) -> None:
    """What runs on the person's calendar goes on on the one of `after`; what has passed stays passed."""
    was, now = calendar_of_person(tx, before), calendar_of_person(tx, after)
    if was != now:
        for running in tx.countdowns.lock_of_owner(after.id):
            _replan(tx, running, was, now)


def replan_team(tx: Transaction, before: Team, after: Team) -> None:
    """As replan_person, for the team's pool."""
    if _calendar_parts(before) != _calendar_parts(after):
        _replan_pool(tx, after.id, calendar_of_pool(tx, before), calendar_of_pool(tx, after))


@contextmanager
def pool_replanned(tx: Transaction, team: Team) -> Iterator[None]:
    """Members of the team change inside: where it has no zone of its own, the zone of most of them may be another."""
    if team.tz is not None:
        yield
        return
    was = calendar_of_pool(tx, team)
    yield
    _replan_pool(tx, team.id, was, calendar_of_pool(tx, team))


def _replan_pool(tx: Transaction, team_id: str, was: Calendar, now: Calendar) -> None:
    if was != now:
        for running in tx.countdowns.lock_of_team(team_id):
            _replan(tx, running, was, now)


def _calendar_parts(team: Team) -> tuple[object, ...]:
    return team.tz, team.hours, team.days_off, team.country, team.subdivision


def _replan(tx: Transaction, running: Running, was: Calendar, now: Calendar) -> None:
    """The countdown, locked by the caller, ran on the calendar `was` until this moment and runs on `now` from here."""
    fair = delays.while_shown(tx, running, was)
    if fair is None:
        running_on = replace(running, since=tx.now)
    else:
        fair = delays.without_standstills(tx, fair, was)
        gone = ladder.replanned(fair.countdown, was, tx.now)
        running_on = replace(fair, since=gone.since, counted=gone.counted)
    anew = plan(tx, replace(running_on, snoozed_until=_quiet_until(tx, running_on, now)), now)
    if anew.due_at == running.due_at:
        return
    moved(tx, running, anew)
    is_later = anew.due_at is None or (running.due_at is not None and anew.due_at > running.due_at)
    if is_later and mode(tx, anew.agreement_id) is Mode.ENFORCED and stuck.waits_long(anew, now):
        stuck.tell(tx, anew)
        if anew.kind is CountdownKind.ACCEPT and anew.owner_id is not None:
            tx.timers.set(TimerKind.LEFT, anew.subject_id, tx.now)


def moved(tx: Transaction, running: Running, anew: Running) -> None:
    """Its end is another than that of `running`: the lead's history has it, and whoever sees it sees the new one."""
    tx.events.add(
        "countdown.replanned", lead_id=running.lead_id,
        data={"countdown": running.id, "of": running.kind, "subject": running.subject_id}
        | {"from": _text(running.due_at), "to": _text(anew.due_at)},
    )  # fmt: skip
    show(tx, anew)


def _quiet_until(tx: Transaction, running: Running, calendar: Calendar) -> datetime | None:
    """Until when its reminders are snoozed, in working hours of this calendar and not past the moment it is at risk."""
    if running.snoozed_until is None:
        return None
    until = next_working_instant(calendar, max(running.snoozed_until, tx.now))
    latest = ladder.reaches(running.countdown, calendar, ladder_of(tx, running).at_risk_percent)
    return None if until is None or latest is None else min(until, latest)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def plan(tx: Transaction, running: Running, calendar: Calendar) -> Running:
    """The countdown, locked by the caller, is stored as given with its end on this calendar, and its timer set."""
    planned = ladder.plan(running.countdown, calendar, ladder_of(tx, running), mode(tx, running.agreement_id))
    running = replace(running, due_at=planned.due_at)
    tx.countdowns.save(running)
    _arm(tx, running, ladder.next_instant(planned, running.step, running.snoozed_until))
    return running


def replan_agreement(tx: Transaction, agreement_id: str) -> None:
    """Everything that runs under this agreement is planned anew soon (services/replanning.py): it came into force, was
    suspended, resumed or ended."""
    tx.timers.set(TimerKind.REPLAN, f"{agreement_id}@", tx.now)


def show(tx: Transaction, running: Running) -> None:
    """Whoever sees the countdown sees its present end."""
    if running.lead_id is not None:
        posting.sync_lead(tx, running.lead_id)
    reminders.sync(tx, running)
    at_risk.refresh(tx, running)


def ladder_of(tx: Transaction, running: Running) -> Ladder:
    """The ladder the countdown runs under."""
    return tx.agreements.terms_of(running.agreement_id).ladder


def _arm(tx: Transaction, running: Running, due_at: datetime | None) -> None:
    if due_at is None:
        tx.timers.cancel(TimerKind.COUNTDOWN, running.id)
    else:
        tx.timers.set(TimerKind.COUNTDOWN, running.id, due_at)
