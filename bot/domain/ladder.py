"""The ladder: who hears what as an agreed window runs out, and who gets a lead that nobody decided on.

A window is working time of the one it runs for. The same ladder serves sales (accept, first contact) and marketing
(answers to rejects and notes).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.business_time import Calendar, add_working_time, working_time_between

TOLD_AS_LATE_AFTER = timedelta(seconds=60)
"""A step that fires later than this after its instant says so: the bot was down or busy."""


class Step(StrEnum):
    """In the order in which they come."""

    REMIND = "remind"
    AT_RISK = "at_risk"
    EXPIRE = "expire"


class Told(StrEnum):
    OWNER = "owner"
    """The one whose window runs; in a pool, the pool."""
    MANAGER = "manager"
    """Their manager, in the one rolling message of what is at risk."""


class Rung(StrEnum):
    """Who gets a lead that was left to expire: each time the next, and at the end it is parked and listed."""

    NEXT_REP = "next_rep"
    POOL = "pool"
    MANAGERS_MANAGER = "managers_manager"
    """The manager's manager, else the manager's deputy."""
    ARBITER = "arbiter"
    PARKED = "parked"


class Mode(StrEnum):
    ENFORCED = "enforced"
    TRIAL = "trial"
    """The clock shows; nobody is reminded and nothing expires, until both sides have signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """`remind_percent` and `at_risk_percent` of a window; at 100 % it expires.

    A window shorter than `second_reminder_from_minutes` of working time reminds its owner only once.
    """

    remind_percent: int = 50
    at_risk_percent: int = 75
    second_reminder_from_minutes: int = 30
    rungs: tuple[Rung, ...] = (Rung.NEXT_REP, Rung.POOL, Rung.MANAGERS_MANAGER, Rung.ARBITER)

    def percent(self, step: Step) -> int:
        return {Step.REMIND: self.remind_percent, Step.AT_RISK: self.at_risk_percent, Step.EXPIRE: 100}[step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Countdown:
    """A window that runs: `counted` of it had passed at `since`, and it runs on from there on the calendar of now.

    A new one has counted nothing since it was offered.
    """

    window: timedelta
    since: datetime
    counted: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    step: Step
    due_at: datetime
    told: frozenset[Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`due_at` is when the window ends; None: its owner has no working time to come. `steps` are in order."""

    due_at: datetime | None
    steps: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The one step to take now. `skipped` were due before it and are not told any more; `told` has heard of none."""

    step: Step
    told: frozenset[Told]
    late_by: timedelta
    skipped: tuple[Step, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.late_by > TOLD_AS_LATE_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Quiet `until` then. `was_shortened`: less than what was asked for, because the window would have run out."""

    until: datetime
    was_shortened: bool


def counted_by(countdown: Countdown, calendar: Calendar, now: datetime) -> timedelta:
    """How much of the window has passed at `now`; more than the window when it is over."""
    return countdown.counted + working_time_between(calendar, countdown.since, now)


def reaches(countdown: Countdown, calendar: Calendar, percent: int) -> datetime | None:
    """The instant at which `percent` of the window has passed, `since` where it had passed before; None: never."""
    wanted = countdown.window * percent / 100 - countdown.counted
    return add_working_time(calendar, countdown.since, max(wanted, timedelta(0)))


def plan(countdown: Countdown, calendar: Calendar, ladder: Ladder, mode: Mode = Mode.ENFORCED) -> Plan:
    """When each step is due. In trial only the end of the window is known, and no step is taken."""
    due_at = reaches(countdown, calendar, 100)
    if due_at is None or mode is Mode.TRIAL:
        return Plan(due_at=due_at)
    steps = []
    for step in Step:
        at = reaches(countdown, calendar, ladder.percent(step))
        if at is not None:
            steps.append(Planned(step=step, due_at=at, told=_told(step, countdown.window, ladder)))
    return Plan(due_at=due_at, steps=tuple(steps))


def next_step(planned: Plan, reached: Step | None) -> Planned | None:
    """The first step after the last one taken; None when all were."""
    return next((each for each in planned.steps if _order(each.step) > _order(reached)), None)


def next_instant(planned: Plan, reached: Step | None, snoozed_until: datetime | None) -> datetime | None:
    """When there is something to tell next: the next step, a reminder no sooner than it was snoozed until; or again the
    reminder that was snoozed. None: nothing more, or never."""
    following = next_step(planned, reached)
    if following is None:
        return None
    if snoozed_until is None:
        return following.due_at
    if following.step is Step.REMIND:
        return max(following.due_at, snoozed_until)
    return min(following.due_at, snoozed_until)


def due_now(planned: Plan, reached: Step | None, now: datetime) -> Due | None:
    """What is to be told at `now`, after `reached` was: one step however many have come due; None when none has.

    After downtime the last of them stands for all. Whoever would have heard an earlier reminder hears this one, unless
    the window has expired: then there is nothing left to remind of.
    """
    due = [each for each in planned.steps if _order(each.step) > _order(reached) and each.due_at <= now]
    if not due:
        return None
    last = due[-1]
    told = last.told
    if last.step is not Step.EXPIRE:
        told = told.union(*(each.told for each in due))
    return Due(
        step=last.step,
        told=told,
        late_by=now - last.due_at,
        skipped=tuple(each.step for each in due[:-1]),
    )


def replanned(countdown: Countdown, before: Calendar, now: datetime) -> Countdown:
    """The countdown as it goes on when the calendar changes at `now`: what passed on the calendar `before` stays
    passed, the rest runs on the new one. The same when the window's owner goes away or comes back."""
    return replace(countdown, counted=counted_by(countdown, before, now), since=max(now, countdown.since))


def snooze(
    countdown: Countdown, calendar: Calendar, ladder: Ladder, asked_until: datetime, now: datetime
) -> Snooze | None:
    """How long reminders may rest: at most until the window is at risk, so that it never ends unseen.

    None when it is at risk already, or has no end: then there is nothing to put off.
    """
    latest = reaches(countdown, calendar, ladder.at_risk_percent)
    if latest is None or latest <= now or asked_until <= now:
        return None
    return Snooze(until=min(asked_until, latest), was_shortened=asked_until > latest)


def rungs_after(ladder: Ladder, last: Rung | None) -> tuple[Rung, ...]:
    """Who may be next after a window ran out, counted per lead: the ladder's rungs after `last`, in order; the first at
    which there is somebody gets the lead. None are left: it is parked. `last` is None before the first expiry since the
    lead was handed over, or since it was parked."""
    if last is Rung.PARKED:
        return ()
    start = 0 if last is None or last not in ladder.rungs else ladder.rungs.index(last) + 1
    return ladder.rungs[start:]


def _told(step: Step, window: timedelta, ladder: Ladder) -> frozenset[Told]:
    if step is Step.REMIND:
        return frozenset({Told.OWNER})
    if step is Step.AT_RISK and window < timedelta(minutes=ladder.second_reminder_from_minutes):
        return frozenset({Told.MANAGER})
    return frozenset({Told.OWNER, Told.MANAGER})


def _order(step: Step | None) -> int:
    return -1 if step is None else list(Step).index(step)
