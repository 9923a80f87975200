"""When people and teams work, between their rows and the configuration."""

from __future__ import annotations

from typing import Any

from bot.domain.configuration import PersonEntry, TeamEntry
from bot.domain.person import Person, Team
from bot.domain.work_times import stored_hours
from bot.domain.working_hours import DEFAULT_WEEK, week_of


def stored_times(entry: PersonEntry | TeamEntry) -> dict[str, Any]:
    """What is stored of when somebody works; nothing where the entry says nothing of it."""
    if not entry.says_times:
        return {}
    return {
        "hours": stored_hours(entry.hours if entry.hours is not None else DEFAULT_WEEK),
        "days_off": entry.days_off or (),
        "country": entry.country,
        "subdivision": entry.subdivision,
    }


def said_times(whose: Person | Team) -> dict[str, Any]:
    """When somebody works, as an entry says it; nothing while nothing of it was ever set."""
    if whose.hours is None and not whose.days_off and whose.country is None:
        return {}
    return {
        "hours": week_of(whose.hours),
        "days_off": whose.days_off,
        "country": whose.country,
        "subdivision": whose.subdivision,
    }
