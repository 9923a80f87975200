"""How long before a campaign starts sales must have heard of it: working time, reckoned backwards."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.domain.business_time import LONGEST_SEARCH, Calendar, working_time_between
from bot.domain.local_time import instant_of, local_date

EVE_AT = time(15)
"""Local time at which sales is reminded on the eve of a start."""
_MICROSECOND = timedelta(microseconds=1)
_STEP = timedelta(days=1)
_SATURDAY = 5


def subtract_working_time(calendar: Calendar, end: datetime, amount: timedelta) -> datetime | None:
    """The last instant from which `amount` of working time passes until `end`, in UTC.

    It is never inside free time: an amount that needs a whole working interval begins with it. None at all begins at
    `end`. None where there is not that much working time within LONGEST_SEARCH before `end`.
    """
    end = end.astimezone(UTC)
    if amount <= timedelta(0):
        return end
    later, rest, reach = end, amount, end - LONGEST_SEARCH
    while later > reach:
        earlier = max(later - _STEP, reach)
        found = working_time_between(calendar, earlier, later)
        if found >= rest:
            return _within(calendar, earlier, later, rest)
        later, rest = earlier, rest - found
    return None


def _within(calendar: Calendar, earlier: datetime, later: datetime, rest: timedelta) -> datetime:
    """The last instant of the span from which `rest` passes until its end; from `earlier` at least that much does."""
    end, span = later, (later - earlier) // _MICROSECOND
    low, high = 0, span  # from `low` on enough passes, from `high` on not
    while high - low > 1:
        middle = (low + high) // 2
        if working_time_between(calendar, earlier + middle * _MICROSECOND, end) >= rest:
            low = middle
        else:
            high = middle
    return earlier + low * _MICROSECOND


def lateness(calendar: Calendar, last_moment: datetime | None, told_at: datetime) -> timedelta | None:
    """The working time by which `told_at` came after the last moment agreed; None in time, or where there is none."""
    if last_moment is None or told_at <= last_moment:
        return None
    return working_time_between(calendar, last_moment, told_at)


def eve_of(starts_at: datetime, tz: str) -> datetime:
    """When sales is reminded that a campaign starts: at EVE_AT in `tz`, on the last weekday before the day it starts
    there. The eve of a Monday is the Friday before."""
    day = local_date(starts_at, tz) - timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return instant_of(day, EVE_AT, tz)
