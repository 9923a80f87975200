"""Spans of time as people say them."""

from __future__ import annotations

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def human_duration(seconds: float) -> str:
    """A span in at most two units, rounded down: `45 s`, `2 min`, `1 h 5 min`, `1 d 4 h`, `3 d`.

    Below a second, and for a span that went backwards, `less than 1 s`. From three days on, whole days.
    """
    whole = int(seconds)
    if whole < 1:
        return "less than 1 s"
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min"
    if whole < DAY:
        return _two(whole // HOUR, "h", whole % HOUR // MINUTE, "min")
    if whole < 3 * DAY:
        return _two(whole // DAY, "d", whole % DAY // HOUR, "h")
    return f"{whole // DAY} d"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
