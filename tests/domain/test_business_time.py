from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.business_time import (
    Calendar,
    add_working_time,
    calendar_of,
    is_working,
    next_working_instant,
    working_time_between,
)
from bot.domain.person import Person
from bot.domain.working_hours import DEFAULT_WEEK
from tests.domain.minute_by_minute import LUNCH, WEEKS, ZONES, add_by_the_minute, between_by_the_minute, cases

WITH_LUNCH = (LUNCH,) * 5 + ((), ())
LISBON = Calendar(tz="Europe/Lisbon", week=WITH_LUNCH)
NEW_YORK = Calendar(tz="America/New_York")
ALWAYS = (((0, 1440),),) * 7


def local(text: str, tz: str = "Europe/Lisbon", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz), fold=fold).astimezone(UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize("tz", ZONES)
def test_business_time_is_what_a_wall_clock_counts_minute_by_minute(tz: str) -> None:
    for case in cases(seed=ZONES.index(tz), number=84, tz=tz):
        wanted = add_by_the_minute(case.calendar, case.start, case.minutes)
        assert add_working_time(case.calendar, case.start, minutes(case.minutes)) == wanted, case
        counted = between_by_the_minute(case.calendar, case.start, case.end)
        assert working_time_between(case.calendar, case.start, case.end) == minutes(counted), case


def test_a_lead_created_on_a_holiday_waits_for_the_next_working_day() -> None:
    calendar = replace(LISBON, holidays=frozenset({date(2026, 12, 8)}))
    due = add_working_time(calendar, local("2026-12-08 10:00"), minutes(15))
    assert due == local("2026-12-09 09:15")
    assert working_time_between(calendar, local("2026-12-08 00:00"), local("2026-12-09 00:00")) == timedelta(0)


def test_a_lead_created_at_lunch_waits_for_the_end_of_lunch() -> None:
    assert add_working_time(LISBON, local("2026-12-09 12:45"), minutes(15)) == local("2026-12-09 13:45")


def test_lunch_in_the_middle_of_a_window_is_not_counted() -> None:
    assert add_working_time(LISBON, local("2026-12-09 12:20"), minutes(15)) == local("2026-12-09 13:35")


def test_a_window_in_another_zone_runs_on_the_hours_of_its_owner() -> None:
    ten_in_lisbon = local("2026-12-09 10:00")
    assert add_working_time(NEW_YORK, ten_in_lisbon, minutes(15)) == local("2026-12-09 09:15", "America/New_York")
    assert add_working_time(LISBON, ten_in_lisbon, minutes(15)) == local("2026-12-09 10:15")


def test_time_used_up_as_the_day_ends_is_due_as_it_ends() -> None:
    assert add_working_time(LISBON, local("2026-12-11 17:30"), minutes(30)) == local("2026-12-11 18:00")
    assert add_working_time(LISBON, local("2026-12-11 17:30"), minutes(31)) == local("2026-12-14 09:01")


def test_no_time_at_all_is_due_at_once_even_at_night() -> None:
    night = local("2026-12-09 03:00")
    assert add_working_time(LISBON, night, timedelta(0)) == night


def test_a_night_shift_to_and_from_midnight_is_one_stretch() -> None:
    nights = Calendar(tz="Europe/Lisbon", week=(((0, 120), (1320, 1440)),) * 7)
    assert add_working_time(nights, local("2026-12-09 23:30"), minutes(60)) == local("2026-12-10 00:30")


@pytest.mark.parametrize(
    ("tz", "day", "hours"),
    [
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Africa/Cairo", "2026-04-24", 23),
        ("Africa/Cairo", "2026-10-29", 25),
    ],
)
def test_a_day_round_the_clock_is_as_long_as_the_clock_makes_it(tz: str, day: str, hours: float) -> None:
    after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    spent = working_time_between(Calendar(tz=tz, week=ALWAYS), local(f"{day} 00:00", tz), local(f"{after} 00:00", tz))
    assert spent == timedelta(hours=hours)


def test_an_interval_that_begins_in_an_hour_the_clock_skips_begins_after_it() -> None:
    early = Calendar(tz="America/New_York", week=(((150, 300),),) * 7)
    found = next_working_instant(early, local("2026-03-08 00:00", "America/New_York"))
    assert found == local("2026-03-08 03:00", "America/New_York")


def test_an_interval_in_an_hour_the_clock_repeats_counts_both_times() -> None:
    early = Calendar(tz="America/New_York", week=(((75, 90),),) * 7)
    midnight = local("2026-11-01 00:00", "America/New_York")
    assert add_working_time(early, midnight, minutes(15)) == local("2026-11-01 01:30", "America/New_York")
    assert add_working_time(early, midnight, minutes(16)) == local("2026-11-01 01:16", "America/New_York", fold=1)
    assert working_time_between(early, midnight, midnight + timedelta(hours=25)) == minutes(30)


def test_nobody_works_while_away() -> None:
    calendar = replace(LISBON, away=((local("2026-12-09 10:00"), local("2026-12-10 11:00")),))
    assert add_working_time(calendar, local("2026-12-09 09:50"), minutes(15)) == local("2026-12-10 11:05")
    assert not is_working(calendar, local("2026-12-09 10:00"))
    assert is_working(calendar, local("2026-12-10 11:00"))


def test_absences_that_overlap_or_touch_count_once() -> None:
    first, second = local("2026-12-09 10:00"), local("2026-12-09 11:00")
    third = local("2026-12-09 12:00")
    one = replace(LISBON, away=((first, third),))
    many = replace(LISBON, away=((second, third), (first, second), (first, second), (third, first)))
    span = local("2026-12-09 00:00"), local("2026-12-11 00:00")
    assert working_time_between(many, *span) == working_time_between(one, *span)
    assert add_working_time(many, first, minutes(5)) == add_working_time(one, first, minutes(5))


@pytest.mark.parametrize(
    "calendar",
    [
        replace(LISBON, week=((),) * 7),
        replace(LISBON, away=((local("2026-01-01 00:00"), None),)),
        replace(LISBON, week=(((150, 151),), *((),) * 6)),
        Calendar(days_off=frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(1500))),
    ],
    ids=["no hours", "away until further notice", "a minute a week", "every day off"],
)
def test_too_little_working_time_is_answered_and_not_searched_for_ever(calendar: Calendar) -> None:
    assert add_working_time(calendar, local("2026-12-09 10:00"), timedelta(hours=24)) is None


def test_the_hours_on_the_roster_are_the_calendar() -> None:
    person = Person(
        id="p1",
        name="Ana",
        tz="Europe/Lisbon",
        hours={"mon": [["09:00", "12:30"], ["13:30", "18:00"]], "tue": [["20:00", "24:00"]]},
        days_off=("2026-12-07", "2026-12-14/2026-12-15"),
    )
    calendar = calendar_of(person, frozenset({date(2026, 12, 8)}))
    assert next_working_instant(calendar, local("2026-12-05 10:00")) == local("2026-12-21 09:00")
    assert calendar_of(Person(id="p2", name="Rui")) == Calendar(week=DEFAULT_WEEK)


zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(0), timedelta(days=12))
calendars = st.builds(
    Calendar,
    tz=zones,
    week=st.sampled_from(WEEKS),
    days_off=st.frozensets(st.dates(date(2026, 1, 1), date(2036, 12, 31)), max_size=5),
)


@given(calendar=calendars, start=instants, amount=amounts)
def test_what_was_added_is_what_lies_between_to_the_microsecond(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    due = add_working_time(calendar, start, amount)
    assert due is not None
    assert working_time_between(calendar, start, due) == amount
    if amount:
        assert is_working(calendar, due - timedelta(microseconds=1))


@given(calendar=calendars, start=instants, first=amounts, second=amounts)
def test_adding_in_two_parts_is_adding_at_once(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle = add_working_time(calendar, start, first)
    assert middle is not None
    assume(second)
    assert add_working_time(calendar, middle, second) == add_working_time(calendar, start, first + second)


@given(calendar=calendars, instant=instants, further=st.lists(amounts, min_size=2, max_size=2))
def test_working_time_adds_up_over_any_cut(calendar: Calendar, instant: datetime, further: list[timedelta]) -> None:
    cut = instant + further[0]
    end = cut + further[1]
    parts = working_time_between(calendar, instant, cut) + working_time_between(calendar, cut, end)
    assert parts == working_time_between(calendar, instant, end)
