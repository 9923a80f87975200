"""When people work, as they write it: read, refused by field, and written back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.countries import country_name
from bot.domain.work_times import (
    MOST_DAYS_OFF,
    WorkTimes,
    Written,
    check_work_times,
    days_off_mistake,
    read_days_off,
    read_work_times,
    spoken_days_off,
    spoken_times,
    stored_hours,
    written_days,
)
from bot.domain.working_hours import DEFAULT_WEEK, HoursMistake, week_of
from bot.integrations.holidays import PublicHolidays

MISTAKE = PublicHolidays().mistake
minutes = st.integers(0, 1440)
intervals = st.lists(st.tuples(minutes, minutes), max_size=3).map(
    lambda pairs: ", ".join(
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        for start, end in zip(*[iter(sorted({minute for pair in pairs for minute in pair}))] * 2, strict=False)
    )
)
weeks = st.lists(intervals, min_size=7, max_size=7).map(
    lambda days: dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), days, strict=True))
)
DAYS = written_days(DEFAULT_WEEK)


def test_everything_somebody_wrote_is_read() -> None:
    written = Written(
        tz=" europe/lisbon ",
        days=DAYS | {"mon": "9:00-12:30, 13:30-18", "fri": ""},
        days_off="2026-12-24\n2026-12-27 to 2027-01-02",
        country="Portugal",
        subdivision="",
    )
    times, wrong = read_work_times(written, MISTAKE)
    assert not wrong
    assert (times.tz, times.country, times.subdivision) == ("Europe/Lisbon", "PT", None)
    assert times.week[0] == ((540, 750), (810, 1080))
    assert times.week[4] == ()
    assert times.days_off == ("2026-12-24", "2026-12-27/2027-01-02")
    assert check_work_times(times, MISTAKE) == {}


def test_an_empty_form_is_a_week_without_work_in_the_zone_of_slack() -> None:
    times, wrong = read_work_times(Written(days={}), MISTAKE)
    assert not wrong
    assert times == WorkTimes(week=week_of({}))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"tz": "Lisbon"}, "tz", "no time zone; write for example Europe/Lisbon"),
        ({"days": {"wed": "9-25"}}, "hours_wed", "“25” (Wednesday)"),
        ({"days": {"sun": "18-9"}}, "hours_sun", "ends before it begins"),
        ({"days_off": "Christmas"}, "days_off", "“Christmas” is no date"),
        ({"days_off": "2026-12-24 to 2026-12-20"}, "days_off", "ends before it begins"),
        ({"country": "Narnia"}, "country", "“Narnia” is no country"),
        ({"subdivision": "BY"}, "country", "needs its country"),
        ({"country": "Germany", "subdivision": "ZZ"}, "subdivision", "no subdivision of DE"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, object], field: str, said: str) -> None:
    _, wrong = read_work_times(replace(Written(days={}), **changes), MISTAKE)
    assert list(wrong) == [field]
    assert said in wrong[field]


def test_every_mistake_is_named_at_once() -> None:
    _, wrong = read_work_times(Written(tz="x", days={"mon": "x", "tue": "x"}, days_off="x", country="x"), MISTAKE)
    assert set(wrong) == {"tz", "hours_mon", "hours_tue", "days_off", "country"}


@pytest.mark.parametrize("between", [" to ", "/", " – ", " - ", " until "])
def test_a_span_is_written_as_people_write_it(between: str) -> None:
    assert read_days_off(f"2026-12-24{between}2026-12-31") == ("2026-12-24/2026-12-31",)


def test_days_off_come_in_order_and_once() -> None:
    assert read_days_off("2026-12-31, 2026-05-01; 2026-05-01\n\n2026-12-24") == (
        "2026-05-01", "2026-12-24", "2026-12-31",
    )  # fmt: skip


def test_there_is_an_end_to_a_list_of_days_off() -> None:
    many = "\n".join((date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(MOST_DAYS_OFF + 1))
    with pytest.raises(HoursMistake, match=f"at most {MOST_DAYS_OFF}"):
        read_days_off(many)
    assert days_off_mistake(("2026-01-01",) * (MOST_DAYS_OFF + 1))


@given(entries=st.lists(st.dates().map(lambda day: day.isoformat()), max_size=20))
def test_days_off_are_read_back_as_they_are_shown(entries: list[str]) -> None:
    days_off = read_days_off("\n".join(entries))
    assert read_days_off(spoken_days_off(days_off)) == days_off


@given(days=weeks)
def test_a_week_is_read_back_as_it_is_shown_and_as_it_is_stored(days: dict[str, str]) -> None:
    times, wrong = read_work_times(Written(days=days), MISTAKE)
    assert not wrong
    again, wrong = read_work_times(Written(days=written_days(times.week)), MISTAKE)
    assert not wrong
    assert again.week == times.week
    assert week_of(stored_hours(times.week)) == times.week


def test_hours_are_said_in_one_line() -> None:
    times = WorkTimes(country="DE", subdivision="BY")
    said = spoken_times(times, "Europe/Berlin", country_name("DE"))
    assert said == "Mon to Fri 09:00-17:00, Berlin, holidays of Germany (BY)"
    assert spoken_times(WorkTimes(), "America/Argentina/Buenos_Aires", None) == "Mon to Fri 09:00-17:00, Buenos Aires"
