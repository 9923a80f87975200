"""When digests are due: exactly one a schedule and period, a period being a local date of the schedule's zone that is
one of its weekdays (docs/digests.md, docs/decisions/0020).

What is remembered of a schedule is the period that comes next, with its instant, and which periods are settled: sent,
silent or skipped. Everything here is a function of that and of now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.digest import DigestState
from bot.domain.local_time import instant_of, local_date

LATE = timedelta(minutes=5)
"""From so long after its time a digest says that it is late; until then nobody notices."""
SETTLING = timedelta(seconds=5)
"""A digest tells of what happened until so long before it is made: whatever has an earlier instant is stored by then,
and is in this digest or in the one before, never between the two."""
FURTHEST = 400
"""Days within which there is a next period: weekdays come back each week, and of the days ahead only those are settled
that a change of zone brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """On which weekdays (0 is Monday), at which local time, in which zone."""

    weekdays: tuple[int, ...]
    at: time
    tz: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A local date, and the instant at which its digest is due."""

    day: date
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What becomes of a period whose time has come: SENT or SKIPPED. `late_s` None: in time."""

    period: Period
    state: DigestState
    late_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """The periods whose time has come, the earliest first, and the one that comes next. At most one is to be sent, the
    last."""

    settled: tuple[Settled, ...]
    next: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Retimed:
    """What an edit leads to. `at_once`: the period that was to come next and whose new time has passed; it is sent
    now."""

    at_once: Period | None
    next: Period


def is_period(times: Times, day: date) -> bool:
    """Whether `day` is a period: one of the weekdays, and a day that the zone has."""
    if day.weekday() not in times.weekdays:
        return False
    # A zone that crosses the date line leaves a day out: its instants are those of the day after.
    return instant_of(day, times.at, times.tz) != instant_of(day + timedelta(days=1), times.at, times.tz)


def period(times: Times, day: date) -> Period:
    """The period of `day`. Of a local time that happens twice the first counts, one that is skipped comes as much
    later as the clock skips: see `local_time.instant_of`."""
    return Period(day=day, due_at=instant_of(day, times.at, times.tz))


def next_after(times: Times, instant: datetime, settled: Collection[date] = ()) -> Period:
    """The first period that is due after `instant` and not settled."""
    first = local_date(instant, times.tz) - timedelta(days=1)
    for number in range(FURTHEST):
        day = first + timedelta(days=number)
        if day.weekday() in times.weekdays and day not in settled and is_period(times, day):
            found = period(times, day)
            if found.due_at > instant:
                return found
    raise ValueError(f"there is no digest on any of the weekdays {times.weekdays}")


def last_before(times: Times, instant: datetime) -> datetime:
    """When the last period before `instant` was due, or would have been."""
    last = local_date(instant, times.tz) + timedelta(days=1)
    for number in range(FURTHEST):
        day = last - timedelta(days=number)
        if is_period(times, day) and period(times, day).due_at < instant:
            return period(times, day).due_at
    raise ValueError(f"there is no digest on any of the weekdays {times.weekdays}")


def catch_up(times: Times, upcoming: Period, now: datetime, settled: Collection[date] = ()) -> Caught:
    """What becomes of `upcoming` and of those after it by `now`.

    A period lasts until the next is due. Within half of it a digest that was missed is sent late; after that it is
    skipped. Nothing is settled that is not due.
    """
    found: list[Settled] = []
    while upcoming.due_at <= now:
        after = next_after(times, upcoming.due_at, settled)
        behind = now - upcoming.due_at
        if behind <= (after.due_at - upcoming.due_at) / 2:
            found.append(Settled(period=upcoming, state=DigestState.SENT, late_s=_late_s(behind)))
        else:
            found.append(Settled(period=upcoming, state=DigestState.SKIPPED))
        upcoming = after
    return Caught(settled=tuple(found), next=upcoming)


def retimed(upcoming: Period | None, new: Times, now: datetime, settled: Collection[date] = ()) -> Retimed:
    """What follows when the times of a schedule become `new` at `now`. `upcoming` was to come next, and is not due yet;
    None: the schedule was off, or is new.

    A period that is settled stays so, whatever its new time. The one that was to come next is not lost by having its
    time moved to before now: it is sent at once; it is due no more when it is none of the new weekdays. Everything else
    starts with the next due instant.
    """
    at_once = None
    if upcoming is not None and is_period(new, upcoming.day):
        moved = period(new, upcoming.day)
        if moved.due_at <= now:
            at_once = Period(day=moved.day, due_at=now)
    return Retimed(at_once=at_once, next=next_after(new, now, settled))


def told_until(told: datetime, now: datetime) -> datetime:
    """Until just before which instant a digest made at `now` tells, where the one before told until `told`."""
    return max(told, now - SETTLING)


def _late_s(behind: timedelta) -> int | None:
    return int(behind.total_seconds()) if behind >= LATE else None
