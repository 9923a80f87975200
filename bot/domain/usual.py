"""How often something came, against how often it usually does. Pure.

Small numbers are compared in words only: five instead of three is no trend.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

BEFORE = timedelta(weeks=4)
"""What is usual is the average of so long before the period."""
LEAST = timedelta(weeks=1)
"""Of less than this nothing is usual yet."""
SMALL = 5
"""Below this only words compare."""
BY_CHANCE = 1.5
"""So many times the square root of what is expected counts vary by chance alone."""
AS_USUAL = "about as usual"
"""No further from it than chance alone makes: eight where five are usual are no news."""
_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times"}


@dataclass(frozen=True, slots=True)
class Usual:
    """`before`: how many came in the four weeks before the period, or as long as anything is known; `expected`: how
    many that makes in a period as long as this one."""

    before: int
    expected: float

    def __str__(self) -> str:
        """`about 3`; `hardly any` for less than a half, `none` where there was none."""
        if not self.before:
            return "none"
        return f"about {self.expected:.0f}" if self.expected >= 0.5 else "hardly any"


def share_of(first_at: datetime | None, since: datetime, until: datetime) -> float | None:
    """What part of the known time before the period the period's length is; None where too little is known.
    `first_at`: when the first of all came."""
    if first_at is None or since - first_at < LEAST or until <= since:
        return None
    return (until - since) / min(BEFORE, since - first_at)


def usual(before: int, share: float | None) -> Usual | None:
    """What is usual, for `before` in the time before the period. None where too little is known."""
    return None if share is None else Usual(before=before, expected=before * share)


def compared(count: int, usual: Usual | None) -> str:
    """`twice as often as usual`, `about as usual` and so on; empty where nothing can be said."""
    if usual is None:
        return ""
    if not usual.before:
        return "none in the four weeks before" if count > 1 else ""
    expected = usual.expected
    if abs(count - expected) < max(2, BY_CHANCE * math.sqrt(expected)):
        return AS_USUAL
    if max(count, expected) < SMALL:
        return "more than usual" if count > expected else "less than usual"
    ratio = count / expected
    if ratio >= 1.8:
        times = round(ratio)
        if times > 10:
            return "far more often than usual"
        return f"{_TIMES.get(times, f'{times} times')} as often as usual"
    if ratio > 1:
        return "more than usual"
    return "half as often as usual" if 0.4 <= ratio <= 0.6 else "less than usual"


def is_more(count: int, usual: Usual | None) -> bool:
    """Whether so many stand out."""
    return compared(count, usual).startswith(("more", "far more", "none", *_TIMES.values(), *map(str, range(6, 11))))
