"""Business time: ten thousand random cases against a wall clock read by the minute, and what adding a window costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.business_time import Calendar, add_working_time, working_time_between
from tests.domain.minute_by_minute import WEEKS, ZONES, add_by_the_minute, between_by_the_minute, cases

CASES = 10_000
SEED = 2026
WINDOWS = {"15 minutes (hot)": 15, "4 hours (warm)": 240, "24 hours (cold)": 1440}
ROUNDS = 20_000


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

    holidays = frozenset(date(year, month, 1) for year in range(2026, 2037) for month in range(1, 13))
    lisbon = Calendar(tz="Europe/Lisbon", week=WEEKS[1], holidays=holidays)
    starts = [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=613 * number) for number in range(400)]
    away = replace(lisbon, away=tuple((at, at + timedelta(days=2)) for at in starts[::60]))
    for label, minutes in WINDOWS.items():
        amount = timedelta(minutes=minutes)
        known = _microseconds(lambda at, amount=amount: add_working_time(lisbon, at, amount), starts)  # type: ignore[misc]
        gone = _microseconds(lambda at, amount=amount: add_working_time(away, at, amount), starts)  # type: ignore[misc]
        print(f"  adding {label}: {known:.1f} µs; with seven absences: {gone:.1f} µs")
    fresh = [replace(lisbon, days_off=frozenset({date(2030, 1, 1) + timedelta(days=n)})) for n in range(len(starts))]
    first = _once(lambda n: add_working_time(fresh[n], starts[n], timedelta(minutes=240)), len(starts))
    print(f"  adding 4 hours on a calendar never seen before: {first:.1f} µs")
    made = _once(lambda _n: Calendar(tz="Europe/Lisbon", week=WEEKS[1], holidays=holidays), len(starts))
    print(f"  making a calendar that was seen before: {made:.1f} µs")
    return CASES


def _microseconds(add: Callable[[datetime], object], starts: list[datetime]) -> float:
    """The median over some rounds of the processor time one call takes."""
    for start in starts:
        add(start)
    rounds = []
    for _ in range(ROUNDS // len(starts)):
        began = time.process_time()
        for start in starts:
            add(start)
        rounds.append((time.process_time() - began) / len(starts))
    return statistics.median(rounds) * 1e6


def _once(call: Callable[[int], object], number: int) -> float:
    began = time.process_time()
    for each in range(number):
        call(each)
    return (time.process_time() - began) / number * 1e6
