"""Business time by another way: every minute is looked at on a wall clock. Slow, and obviously right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.business_time import Calendar
from bot.domain.working_hours import DEFAULT_WEEK, Week

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "Pacific/Chatham",
    "UTC",
)
"""Changes of 30, 60 and 120 minutes, at, before and after midnight, negative ones, and none."""

MINUTE = timedelta(minutes=1)
LUNCH = ((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60))
WEEKS: tuple[Week, ...] = (
    DEFAULT_WEEK,
    (LUNCH,) * 5 + ((), ()),
    (LUNCH, LUNCH, ((8 * 60, 12 * 60),), LUNCH, LUNCH, ((10 * 60, 14 * 60),), ()),
    (((0, 90), (22 * 60, 1440)),) * 7,
    (((0, 1440),),) * 7,
    (((60, 105), (135, 165), (180, 200)),) * 7,
    ((), ((23 * 60, 1440),), ((0, 30), (23 * 60 + 30, 1440)), (), (), (), ((0, 125), (145, 1440))),
)
"""An office, lunch breaks, half days, nights to and from 24:00, round the clock, intervals around the hours at which
clocks change, and few hours at odd times."""


def add_by_the_minute(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """The end of the minute, from `start` on, that is the last of `minutes` on the wall clock."""
    zone, shown = ZoneInfo(calendar.tz), _timetable(calendar.week)
    minute = start
    while minutes > 0:
        minutes -= works(calendar, zone, shown, minute)
        minute += MINUTE
    return minute


def between_by_the_minute(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many minutes from `start` to `end` show working hours on the wall clock."""
    zone, shown = ZoneInfo(calendar.tz), _timetable(calendar.week)
    total, minute = 0, start
    while minute < end:
        total += works(calendar, zone, shown, minute)
        minute += MINUTE
    return total


def works(calendar: Calendar, zone: ZoneInfo, shown: frozenset[tuple[int, int, int]], minute: datetime) -> bool:
    wall = minute.astimezone(zone)
    if (wall.weekday(), wall.hour, wall.minute) not in shown:
        return False
    if wall.date() in calendar.holidays or wall.date() in calendar.days_off:
        return False
    return not any(since <= minute and (until is None or minute < until) for since, until in calendar.away)


@lru_cache
def _timetable(week: Week) -> frozenset[tuple[int, int, int]]:
    """Weekday, hour and minute of every working minute of a week."""
    return frozenset(
        (weekday, minute // 60, minute % 60)
        for weekday, intervals in enumerate(week)
        for start, end in intervals
        for minute in range(start, end)
    )


@dataclass(frozen=True)
class Case:
    calendar: Calendar
    start: datetime
    minutes: int
    end: datetime


def cases(seed: int, number: int, tz: str | None = None) -> Iterator[Case]:
    """`number` random cases, 2026 to 2036; a third of them start within a week before a clock change."""
    chance = random.Random(seed)
    for _ in range(number):
        name = tz or chance.choice(ZONES)
        start = _start(chance, name)
        day = start.date()
        calendar = Calendar(
            tz=name,
            week=chance.choice(WEEKS),
            holidays=frozenset(_near(chance, day) for _ in range(chance.randint(0, 2))),
            days_off=frozenset(_near(chance, day) for _ in range(chance.randint(0, 3))),
            away=tuple(_absence(chance, start) for _ in range(chance.choice((0, 0, 1, 2)))),
        )
        minutes = chance.choice((1, 5, 15, 30, 60, 240, chance.randint(1, 480), 1440 if chance.random() < 0.1 else 90))
        yield Case(calendar, start, minutes, start + timedelta(minutes=chance.randint(0, 3000)))


def _start(chance: random.Random, tz: str) -> datetime:
    changes = _changes(tz)
    if changes and chance.random() < 1 / 3:
        return chance.choice(changes) - timedelta(minutes=chance.randint(0, 7 * 1440))
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(11 * 365 * 1440))


def _near(chance: random.Random, day: date) -> date:
    return day + timedelta(days=chance.randint(-1, 6))


def _absence(chance: random.Random, start: datetime) -> tuple[datetime, datetime]:
    since = start + timedelta(minutes=chance.randint(-1440, 2880))
    return since, since + timedelta(minutes=chance.randint(0, 2880))


_KNOWN_CHANGES: dict[str, list[datetime]] = {}


def _changes(tz: str) -> list[datetime]:
    """The hours from 2026 to 2036 in which the clock of `tz` changes."""
    if tz not in _KNOWN_CHANGES:
        zone, first = ZoneInfo(tz), datetime(2026, 1, 1, tzinfo=UTC)
        hours = (first + timedelta(hours=number) for number in range(11 * 365 * 24))
        _KNOWN_CHANGES[tz] = [
            hour
            for hour in hours
            if hour.astimezone(zone).utcoffset() != (hour + timedelta(hours=1)).astimezone(zone).utcoffset()
        ]
    return _KNOWN_CHANGES[tz]
