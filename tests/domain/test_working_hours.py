from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.working_hours import (
    DEFAULT_WEEK,
    HoursMistake,
    Interval,
    dates_off,
    hours_of,
    is_day_off,
    read_intervals,
    span_off,
    spoken_intervals,
    spoken_week,
    week_of,
)


@st.composite
def days(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Intervals in order, none touching the next."""
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@given(st.tuples(*[days()] * 7))
def test_hours_are_stored_and_read_back_the_same(week: tuple[tuple[Interval, ...], ...]) -> None:
    assert week_of(hours_of(week)) == week


@given(days())
def test_what_is_shown_can_be_typed_again(day: tuple[Interval, ...]) -> None:
    assert read_intervals(spoken_intervals(day)) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ()),
        ("9-17", ((540, 1020),)),
        ("9:00 – 12:30 , 13:30 to 18", ((540, 750), (810, 1080))),
        ("13:00-17:00; 09:00-12:00", ((540, 720), (780, 1020))),
        ("09:00-12:00, 12:00-17:00", ((540, 1020),)),
        ("18:00-24:00", ((1080, 1440),)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, meant: tuple[Interval, ...]) -> None:
    assert read_intervals(text) == meant


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nine to five", "“nine” (Monday) is no time of day"),
        ("9:60-17", "“9:60” (Monday) is no time of day"),
        ("9-25", "“25” (Monday) is no time of day"),
        ("9", "is no interval; write 09:00-17:00"),
        ("17-9", "write 17:00-24:00 here and 00:00-09:00 on the next day"),
        ("9-13, 12-17", "overlap; make them one"),
    ],
)
def test_a_mistake_in_hours_names_the_day_and_the_way_to_mend_it(text: str, named: str) -> None:
    with pytest.raises(HoursMistake) as mistake:
        read_intervals(text, "Monday")
    assert named in str(mistake.value)


def test_an_unknown_weekday_is_named() -> None:
    with pytest.raises(HoursMistake, match="“monday” is no weekday; write one of mon, tue"):
        week_of({"monday": [["09:00", "17:00"]]})


def test_nobody_without_hours_of_their_own_works_at_the_weekend() -> None:
    assert week_of(None) == DEFAULT_WEEK
    assert spoken_week(DEFAULT_WEEK) == "Mon to Fri 09:00-17:00"
    assert spoken_week(((),) * 7) == "no working hours"
    odd = week_of({"mon": [["09:00", "12:00"]], "wed": [["09:00", "12:00"], ["13:00", "14:00"]]})
    assert spoken_week(odd) == "Mon 09:00-12:00; Wed 09:00-12:00, 13:00-14:00"


def test_days_off_are_dates_and_spans_of_both_ends() -> None:
    days_off = ("2026-12-08", "2026-12-24/2026-12-26")
    expected = {date(2026, 12, 8), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)}
    assert dates_off(days_off) == expected
    december = [date(2026, 12, 1) + timedelta(days=number) for number in range(31)]
    assert {day for day in december if is_day_off(days_off, day)} == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("24.12.2026", "is no date; write YYYY-MM-DD"),
        ("2026-12-24/", "is no date"),
        ("2026-12-26/2026-12-24", "ends before it begins"),
        ("2026-01-01/2027-06-01", "longer than a year"),
    ],
)
def test_a_mistake_in_days_off_says_how_to_write_them(text: str, named: str) -> None:
    with pytest.raises(HoursMistake, match=named):
        span_off(text)
