"""Working hours as people say them: intervals a weekday, days off as dates or spans. Local time, no instants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from bot.domain.local_time import parse_date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
LONGEST_SPAN_OFF = timedelta(days=366)

Interval = tuple[int, int]
"""From, to: minutes since local midnight, 0 <= from < to <= 1440."""
Week = tuple[tuple[Interval, ...], ...]
"""Seven days, Monday first; the intervals of a day in order, apart from one another."""
Hours = Mapping[str, Sequence[Sequence[str]]]
"""As stored: `{"mon": [["09:00", "12:30"], ["13:30", "18:00"]], ...}`; a weekday that is not named has no work."""

NINE_TO_FIVE: tuple[Interval, ...] = ((9 * 60, 17 * 60),)
DEFAULT_WEEK: Week = (NINE_TO_FIVE,) * 5 + ((),) * 2
"""Monday to Friday, 9:00 to 17:00: eight hours a working day."""

_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?")
_DASH = re.compile(r"\s*(?:-|–|to)\s*")


class HoursMistake(ValueError):
    """Working hours or days off to mend; the message is a sentence for the one who wrote them."""


def week_of(hours: Hours | None) -> Week:
    """The week of stored `hours`; the default week for None.

    Raises HoursMistake for an unknown weekday, a time that is none, intervals that end before they begin or overlap.
    """
    if hours is None:
        return DEFAULT_WEEK
    unknown = [day for day in hours if day not in WEEKDAYS]
    if unknown:
        raise HoursMistake(f"“{unknown[0]}” is no weekday; write one of {', '.join(WEEKDAYS)}.")
    return _week(tuple(tuple(map(tuple, hours.get(day, ()))) for day in WEEKDAYS))


def hours_of(week: Week) -> dict[str, list[list[str]]]:
    """`week` as it is stored; `week_of` reads it back."""
    return {
        day: [[clock(start), clock(end)] for start, end in intervals]
        for day, intervals in zip(WEEKDAYS, week, strict=True)
        if intervals
    }


def read_intervals(text: str, day: str = "the day") -> tuple[Interval, ...]:
    """The intervals of one day as a person writes them: `9:00-12:30, 13:30-18` or nothing for a free day.

    Raises HoursMistake with a sentence that names `day`.
    """
    parts = [part for part in re.split(r"[,;]", text) if part.strip()]
    return _day([_DASH.split(part.strip()) for part in parts], day)


def spoken_intervals(intervals: Iterable[Interval]) -> str:
    """`09:00-12:30, 13:30-18:00`, "" for a free day; `read_intervals` reads it back."""
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in intervals)


def spoken_week(week: Week) -> str:
    """One phrase a run of equal days: `Mon to Fri 09:00-17:00`; `no working hours` where there are none."""
    phrases = []
    first = 0
    for index in range(1, 8):
        if index < 7 and week[index] == week[first]:
            continue
        if week[first]:
            name = WEEKDAYS[first].capitalize()
            if index - first > 1:
                name += f" to {WEEKDAYS[index - 1].capitalize()}"
            phrases.append(f"{name} {spoken_intervals(week[first])}")
        first = index
    return "; ".join(phrases) or "no working hours"


def clock(minutes: int) -> str:
    """Minutes since midnight as `HH:MM`; the end of a day is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def span_off(text: str) -> tuple[date, date]:
    """First and last day of an entry of `days_off`: a date, `2026-12-24`, or a span, `2026-12-24/2026-12-31`.

    Raises HoursMistake with a sentence that says how to write it.
    """
    first_text, slash, last_text = text.partition("/")
    first = parse_date(first_text.strip())
    last = parse_date(last_text.strip()) if slash else first
    if first is None or last is None:
        raise HoursMistake(f"“{text}” is no date; write YYYY-MM-DD, or YYYY-MM-DD/YYYY-MM-DD for a span.")
    if last < first:
        raise HoursMistake(f"“{text}” ends before it begins; write the first day first.")
    if last - first > LONGEST_SPAN_OFF:
        raise HoursMistake(f"“{text}” is longer than a year; write two spans, or take the person off the roster.")
    return first, last


def is_day_off(days_off: Iterable[str], day: date) -> bool:
    """Whether `day` is one of `days_off`, or inside one of its spans."""
    text = day.isoformat()
    return any(entry == text or ("/" in entry and _inside(entry, day)) for entry in days_off)


@lru_cache(maxsize=2048)
def dates_off(days_off: tuple[str, ...]) -> frozenset[date]:
    """Every date of `days_off`, spans spelt out. Equal entries give the same object: calendars compare it often."""
    found: set[date] = set()
    for entry in days_off:
        first, last = span_off(entry)
        found.update(first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(found)


def _inside(entry: str, day: date) -> bool:
    first, last = span_off(entry)
    return first <= day <= last


@lru_cache(maxsize=2048)
def _week(days: tuple[tuple[tuple[str, ...], ...], ...]) -> Week:
    """Read once: whole teams have the same hours."""
    return tuple(_day(pairs, day) for pairs, day in zip(days, WEEKDAYS, strict=True))


def _day(pairs: Iterable[Sequence[str]], day: str) -> tuple[Interval, ...]:
    intervals: list[Interval] = []
    for pair in pairs:
        if len(pair) != 2:
            raise HoursMistake(f"“{'-'.join(pair)}” ({day}) is no interval; write 09:00-17:00.")
        start, end = (_minutes(text, day) for text in pair)
        if end <= start:
            hint = f" For work past midnight write {clock(start)}-24:00 here and 00:00-{clock(end)} on the next day."
            raise HoursMistake(f"“{clock(start)}-{clock(end)}” ({day}) ends before it begins.{hint if end else ''}")
        intervals.append((start, end))
    intervals.sort()
    for (start, end), (later, until) in pairwise(intervals):
        if later < end:
            raise HoursMistake(f"{spoken_intervals([(start, end), (later, until)])} ({day}) overlap; make them one.")
    return tuple(_joined(intervals))


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for start, end in intervals:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _minutes(text: str, day: str) -> int:
    found = _TIME.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if found is None or int(found[2] or 0) > 59 or not 0 <= minutes <= MINUTES_A_DAY:
        raise HoursMistake(f"“{text}” ({day}) is no time of day; write HH:MM, from 00:00 to 24:00.")
    return minutes
