"""Working time reckoned backwards, and the eve of a campaign's start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import Calendar, working_time_between
from bot.domain.lead_time import EVE_AT, eve_of, lateness, subtract_working_time
from bot.domain.local_time import local_date, local_time
from bot.domain.working_hours import DEFAULT_WEEK

BERLIN = Calendar(tz="Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")
NIGHT_SHIFT = (((0, 6 * 60), (22 * 60, 24 * 60)),) * 7
FIRST, LAST = datetime(2025, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=90))
CALENDARS = st.builds(
    Calendar,
    tz=st.sampled_from(ZONES),
    week=st.sampled_from((DEFAULT_WEEK, NIGHT_SHIFT)),
    holidays=st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=8),
)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@given(CALENDARS, INSTANTS, AMOUNTS)
def test_exactly_the_amount_passes_from_the_last_moment_and_less_from_any_later_one(
    calendar: Calendar, end: datetime, amount: timedelta
) -> None:
    begin = subtract_working_time(calendar, end, amount)
    assert begin is not None
    assert working_time_between(calendar, begin, end) == amount
    if amount:
        assert working_time_between(calendar, begin + timedelta(microseconds=1), end) < amount


@given(CALENDARS, INSTANTS, AMOUNTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=20)))
def test_who_is_late_is_late_by_working_time_and_nobody_is_late_by_none(
    calendar: Calendar, start: datetime, amount: timedelta, later: timedelta
) -> None:
    last = subtract_working_time(calendar, start, amount)
    assert last is not None
    assert lateness(calendar, last, last) is None
    late = lateness(calendar, last, last + later)
    assert late is not None
    if amount and last + later <= start:
        assert timedelta(0) < late <= amount


def test_three_working_days_before_a_monday_begin_on_the_wednesday() -> None:
    monday = at(2026, 3, 9, 8)  # 9:00 in Berlin
    found = subtract_working_time(BERLIN, monday, timedelta(hours=24))
    assert found == at(2026, 3, 4, 8)


def test_an_hour_that_the_clock_skips_is_no_working_time() -> None:
    sundays = Calendar(tz="Europe/Berlin", week=((),) * 6 + (((0, 6 * 60),),))
    found = subtract_working_time(sundays, at(2026, 3, 29, 4), timedelta(hours=5))
    assert found == at(2026, 3, 28, 23)


def test_who_never_works_has_no_last_moment_and_is_never_late() -> None:
    never = Calendar(week=((),) * 7)
    now = at(2026, 3, 9, 0)
    assert subtract_working_time(never, now, timedelta(hours=1)) is None
    assert lateness(never, None, now) is None


@pytest.mark.parametrize(
    ("start", "eve"),
    [
        (at(2026, 3, 5, 8), at(2026, 3, 4, 14)),  # Thursday: Wednesday
        (at(2026, 3, 9, 8), at(2026, 3, 6, 14)),  # Monday: Friday
        (at(2026, 3, 8, 8), at(2026, 3, 6, 14)),  # Sunday: Friday
        (at(2026, 3, 4, 23, 30), at(2026, 3, 4, 14)),  # Thursday already, in Berlin
    ],
)
def test_the_eve_is_the_last_weekday_before_the_local_day_of_the_start(start: datetime, eve: datetime) -> None:
    assert eve_of(start, "Europe/Berlin") == eve


@given(INSTANTS, st.sampled_from(ZONES))
def test_an_eve_is_a_weekday_at_its_time_before_the_start(start: datetime, tz: str) -> None:
    eve = eve_of(start, tz)
    assert eve < start
    assert start - eve < timedelta(days=5)
    assert local_date(eve, tz).weekday() < 5 or tz == "Pacific/Apia"
    assert local_time(eve, tz) == EVE_AT
