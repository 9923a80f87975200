"""Business time: ten thousand random cases against a wall clock read by the minute, and what adding a window costs."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.business_time import Calendar, add_working_time, working_time_between
from tests.domain.minute_by_minute import WEEKS, ZONES, add_by_the_minute, between_by_the_minute, cases

CASES = 10_000
SEED = 2026
WINDOWS = {"15 minutes (hot)": 15, "4 hours (warm)": 240, "24 hours (cold)": 1440}
ROUNDS = 20_000
COLD_ROUNDS = 15
HOLIDAYS = frozenset(date(year, month, 1) for year in range(2026, 2037) for month in range(1, 13))
STARTS = [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=613 * number) for number in range(400)]


async def business_time(_database: str, _url: str | None) -> int:
    """Prints the number of differences, which must be 0, and the costs. Returns the number of cases."""
    started = time.monotonic()
    differences = 0
    for number, case in enumerate(cases(SEED, CASES), 1):
        calendar, start = case.calendar, case.start
        due = add_working_time(calendar, start, timedelta(minutes=case.minutes))
        differences += due != add_by_the_minute(calendar, start, case.minutes)
        spent = working_time_between(calendar, start, case.end)
        differences += spent != timedelta(minutes=between_by_the_minute(calendar, start, case.end))
        if number % 1000 == 0:
            print(f"  {number:6,} cases, {differences} differences, {time.monotonic() - started:.0f} s", flush=True)
    assert differences == 0
    print(f"  {len(ZONES)} zones, {len(WEEKS)} timetables, 2026 to 2036: {CASES:,} cases, no difference")

    _costs()
    return CASES


def _costs() -> None:
    """Prints what adding costs, and how often the floor that is: one look at the wall clock of a zone, and back."""
    lisbon = Calendar(tz="Europe/Lisbon", week=WEEKS[1], holidays=HOLIDAYS)
    away = replace(lisbon, away=tuple((at, at + timedelta(days=2)) for at in STARTS[::60]))
    zone = ZoneInfo(lisbon.tz)
    floor = _warm(lambda at: at.astimezone(zone).astimezone(UTC))
    print(f"  floor, an instant to the wall clock and back: {floor:.1f} µs")
    for label, minutes in WINDOWS.items():
        amount = timedelta(minutes=minutes)
        known = _warm(lambda at, amount=amount: add_working_time(lisbon, at, amount))  # type: ignore[misc]
        gone = _warm(lambda at, amount=amount: add_working_time(away, at, amount))  # type: ignore[misc]
        new, making, new_zone = _cold(lisbon, amount)
        figures = {
            "warm": known,
            "with seven absences": gone,
            "a calendar never seen": new,
            "the same with making it": making,
            "in a zone never seen": new_zone,
        }
        told = ", ".join(f"{what} {cost:.1f} µs ({cost / floor:.0f}x)" for what, cost in figures.items())
        print(f"  adding {label}: {told}", flush=True)


def _warm(add: Callable[[datetime], object]) -> float:
    """The median over some rounds of the microseconds of processor time one call takes, after a first round."""
    for start in STARTS:
        add(start)
    return statistics.median(_round(add, STARTS) for _ in range(ROUNDS // len(STARTS))) * 1e6


def _cold(like: Calendar, amount: timedelta) -> tuple[float, float, float]:
    """Microseconds for the first addition on calendars that nobody asked before, each asked once: those that are
    made already; with making them; and in zones that nobody asked before, starts two weeks apart."""
    new, making, new_zone = [], [], []
    numbers = itertools.count()
    zones = iter(sorted(name for name in available_timezones() if name.startswith(("Asia/", "America/"))))
    for _ in range(COLD_ROUNDS):
        days = [frozenset({date(2040, 1, 1) + timedelta(days=next(numbers))}) for _ in STARTS]
        fresh = iter([replace(like, days_off=day, week=WEEKS[2]) for day in days])
        new.append(_round(lambda at, fresh=fresh: add_working_time(next(fresh), at, amount), STARTS))  # type: ignore[misc]
        off = iter(days)
        making.append(
            _round(
                lambda at, off=off: add_working_time(replace(like, days_off=next(off)), at, amount),  # type: ignore[misc]
                STARTS,
            )
        )
        there = replace(like, tz=next(zones))
        new_zone.append(_round(lambda at, there=there: add_working_time(there, at, amount), STARTS[::33]))  # type: ignore[misc]
    return tuple(statistics.median(rounds) * 1e6 for rounds in (new, making, new_zone))  # type: ignore[return-value]


def _round(add: Callable[[datetime], object], starts: Sequence[datetime]) -> float:
    began = time.process_time()
    for start in starts:
        add(start)
    return (time.process_time() - began) / len(starts)
