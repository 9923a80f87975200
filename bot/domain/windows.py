"""The agreed windows: how much working time each side has. Minutes of working time of whoever must act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.lead import Priority

ByPriority = Mapping[Priority, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWindows:
    """What one source has of its own; a priority that is not named has what all sources have."""

    accept: ByPriority = field(default_factory=dict)
    first_contact: ByPriority = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingWindows:
    """`offer`: from a lead's engagement until it is offered to sales, by priority. The answers run from the reject and
    from the field note. `alert` is how long before a campaign's start sales must have its alert."""

    offer: ByPriority = field(default_factory=lambda: {Priority.HOT: 15, Priority.WARM: 120, Priority.COLD: 480})
    answer_reject: int = 960
    answer_note: int = 2400
    alert: int = 1440


def first_contact_by_default() -> dict[Priority, int]:
    """After an accept: an hour, a day and three days of eight hours until the first attempt to reach the lead."""
    return {Priority.HOT: 60, Priority.WARM: 480, Priority.COLD: 1440}


def window_of(general: ByPriority, own: ByPriority | None, priority: Priority) -> timedelta:
    """A source's own window for `priority`, else the general one."""
    minutes = general[priority] if own is None or priority not in own else own[priority]
    return timedelta(minutes=minutes)


_PART = re.compile(r"(\d+)\s*(hours?|h|minutes?|min|m)(?![a-z])", re.IGNORECASE)


def spoken_minutes(minutes: int) -> str:
    """`15 min`, `4 h`, `1 h 30 min`; `read_minutes` reads it back."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)


def read_minutes(text: str | int) -> int | None:
    """Minutes of working time as people write them: `15 min`, `4 h`, `1 h 30 min`, or a whole number of minutes.

    None when it is none. There are no days: how long a working day is depends on whose it is.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if not isinstance(text, str):
        return None
    text = text.strip()
    if text.isdecimal():
        return int(text)
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip(" ,"):
        return None
    return sum(int(number) * (60 if unit.lower().startswith("h") else 1) for number, unit in parts)
