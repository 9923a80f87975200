"""When a person's brief is due: once a local day they work, at the time they chose or when their day starts.

Everything here is a function of the person's days and an instant: the timer's row may be late, early or old, and still
no brief is said twice, at night, or on a day off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.budget import How, Kind
from bot.domain.local_time import instant_of, local_date
from bot.domain.person import Person
from bot.domain.working_hours import DEFAULT_WEEK, MINUTES_A_DAY, Week, dates_off, week_of

DEFAULT_START = time(9)
"""The time of the brief for somebody who never works, should they ask."""
LATE = timedelta(hours=8)
"""After a standstill a brief is said this long after its time, and not after the person's working day; later it would
be read with the next one, so it waits for that."""
AT_LEAST = timedelta(hours=1)
"""For so long a brief is said whose time is at the end of the working day or after it; never on another local day."""
LOOK_AHEAD = 800
"""Days that are looked at for the next one somebody works: longer than anybody is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSettings:
    """What a person decided for themselves. `kinds`: what they chose away from the default. `brief_at`: local time,
    None: when their working day starts. `channel`: where the brief is posted, None: their direct message."""

    person_id: str
    kinds: Mapping[Kind, How] = field(default_factory=dict)
    brief_at: time | None = None
    channel: str | None = None


class Why(StrEnum):
    MORNING = "morning"
    """Its time had come; one a local day."""
    REQUESTED = "requested"
    """Its reader asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One brief that was made. `day` is its reader's local date then."""

    id: str
    person_id: str
    why: Why
    day: date
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefItem:
    """Something that is said in a brief. `brief_id` None: it waits for the next one. `times`: how often it happened
    while it waited; `data` is of the last time."""

    id: str
    person_id: str
    kind: Kind
    subject_id: str
    lead_id: str | None
    data: dict[str, Any]
    times: int
    created_at: datetime
    brief_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """When somebody is there to read. `off` are local dates: days off and public holidays."""

    tz: str
    week: Week = DEFAULT_WEEK
    off: frozenset[date] = frozenset()
    brief_at: time | None = None
    away: bool = False
    away_until: datetime | None = None


def days_of(person: Person, settings: PersonSettings, holidays: frozenset[date] = frozenset()) -> Days:
    """The days of `person`, by the rules of the clock; `holidays` are those of where they are."""
    return Days(
        tz=person.tz,
        week=week_of(person.hours),
        off=dates_off(person.days_off) | holidays,
        brief_at=settings.brief_at,
        away=person.is_away,
        away_until=person.away_until,
    )


def starts_at(days: Days, day: date) -> time | None:
    """When the person's working day starts; None on a day they do not work."""
    intervals = () if day in days.off else days.week[day.weekday()]
    return _time(intervals[0][0]) if intervals else None


def ends_at(days: Days, day: date) -> datetime:
    """When the person's working day ends, on a day they work; else when the day does."""
    intervals = days.week[day.weekday()]
    midnight = instant_of(day + timedelta(days=1), time(), days.tz)
    if not intervals or intervals[-1][1] == MINUTES_A_DAY:
        return midnight
    return instant_of(day, _time(intervals[-1][1]), days.tz)


def usual_start(days: Days) -> time:
    """When the first working day of their week starts; 9:00 for somebody without one."""
    return next((_time(intervals[0][0]) for intervals in days.week if intervals), DEFAULT_START)


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def window(days: Days, day: date) -> tuple[datetime, datetime] | None:
    """From when until before when the brief of this local day may be said; None when there is none that day."""
    start = starts_at(days, day)
    if start is None or (days.away and days.away_until is None):
        return None
    opens = instant_of(day, days.brief_at or start, days.tz)
    closes = max(min(opens + LATE, ends_at(days, day)), opens + AT_LEAST)
    closes = min(closes, instant_of(day + timedelta(days=1), time(), days.tz))
    if days.away and days.away_until is not None:
        opens = max(opens, days.away_until)
    return (opens, closes) if opens < closes else None


def due_now(days: Days, now: datetime, last: date | None) -> date | None:
    """The local day whose brief may be said now; None when none may. `last`: the local day of the last one."""
    today = local_date(now, days.tz)
    if last is not None and today <= last:
        return None
    found = window(days, today)
    return today if found is not None and found[0] <= now < found[1] else None


def next_due(days: Days, now: datetime, last: date | None) -> datetime | None:
    """The next instant, now or later, at which a day's brief comes due; None for somebody who is away until they say
    otherwise, or never works."""
    today = local_date(now, days.tz)
    if last is not None and last > today:
        today = last
    for ahead in range(LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        found = window(days, day)
        if found is not None and found[0] >= now and (last is None or day > last):
            return found[0]
    return None


def planned(days: Days, now: datetime, last: date | None, present: datetime | None) -> datetime | None:
    """When the brief is due from now on, after time, zone or days have changed. `present`: when it was due so far.

    A day's brief is not lost by that: who moves the time to before now gets it when it was to come, and one that is
    late after a standstill stays due.
    """
    following = next_due(days, now, last)
    if present is None:
        return following
    soonest = max(present, now)
    keeps = (following is None or soonest < following) and due_now(days, soonest, last) is not None
    return present if keeps else following


def without_channel(settings: PersonSettings) -> PersonSettings:
    """The same, with the brief as a direct message."""
    return replace(settings, channel=None)
