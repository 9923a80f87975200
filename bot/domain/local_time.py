"""Local dates of people, turned into instants. Comparisons happen in UTC only."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

MORNING = time(9)
"""When a recycled lead comes back, local time of the one who asked for it."""


def use_pinned_zones() -> None:
    """From here on this process reads zones from the pinned tzdata, not from the machine, also those it has read
    before: two replicas must not disagree about a change of the clocks."""
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()


def zone(name: str) -> ZoneInfo:
    """The zone `name`, UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def zone_name(typed: str) -> str:
    """The name of a zone as it is written, `Europe/Berlin`, in whatever capitals somebody typed it; what names none, or
    more than one, stays as it was typed."""
    names = available_timezones()
    if typed in names:
        return typed
    meant = [name for name in names if name.casefold() == typed.casefold()]
    return meant[0] if len(meant) == 1 else typed


def local_date(instant: datetime, tz: str) -> date:
    return instant.astimezone(zone(tz)).date()


def local_time(instant: datetime, tz: str) -> time:
    return instant.astimezone(zone(tz)).time()


def instant_of(day: date, at: time, tz: str) -> datetime:
    """The first UTC instant at which it is `at` on `day` in `tz`.

    A time the clock skips (spring) is the instant it would have been, shifted by the skip; of a time that
    happens twice (autumn) the first is taken.
    """
    return datetime.combine(day, at, tzinfo=zone(tz)).replace(fold=0).astimezone(UTC)


def midnight_before(instant: datetime, tz: str) -> datetime:
    """The UTC instant at which the local day of `instant` began."""
    return instant_of(local_date(instant, tz), time(), tz)


def week_start(instant: datetime, tz: str) -> datetime:
    """The UTC instant at which the Monday of the local week of `instant` began."""
    day = local_date(instant, tz)
    return instant_of(day - timedelta(days=day.weekday()), time(), tz)


def read_time(text: str) -> time | None:
    """HH:MM as a time of day, None for anything else."""
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        return None
    if len(hours) > 2 or len(minutes) != 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    return time(int(hours), int(minutes))


def parse_date(text: str | None) -> date | None:
    """An ISO date (YYYY-MM-DD), None when it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def next_monday(day: date, *, weeks: int) -> date:
    """The Monday on or after `day` plus `weeks` weeks."""
    later = day + timedelta(weeks=weeks)
    return later + timedelta(days=(7 - later.weekday()) % 7)


def spoken(day: date) -> str:
    """A date as people say it: `5 December 2026`."""
    months = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip
    return f"{day.day} {months[day.month - 1]} {day.year}"


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in one unit: `3 s ago`, `2 h ago`."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 86400:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86400} d ago"
