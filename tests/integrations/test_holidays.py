from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.business_time import LONGEST_SEARCH, Calendar, add_working_time
from bot.integrations.holidays import PublicHolidays
from bot.ports import Holidays

TODAY = date(2026, 11, 23)
PUBLIC: Holidays = PublicHolidays()


def test_a_country_has_its_holidays_and_a_subdivision_more() -> None:
    germany, bavaria = PUBLIC.dates("DE", None, TODAY), PUBLIC.dates("DE", "BY", TODAY)
    assert date(2026, 12, 25) in germany
    assert date(2027, 1, 6) in bavaria - germany
    assert germany < bavaria


def test_a_holiday_that_is_moved_off_a_weekend_is_off_on_both_days() -> None:
    assert {date(2026, 7, 3), date(2026, 7, 4)} <= PUBLIC.dates("US", None, TODAY)


def test_holidays_reach_as_far_as_business_time_looks() -> None:
    years = {day.year for day in PUBLIC.dates("PT", None, TODAY)}
    assert {TODAY.year, (date(TODAY.year, 12, 31) + LONGEST_SEARCH).year} <= years


def test_without_a_country_there_are_no_holidays() -> None:
    assert PUBLIC.dates(None, None, TODAY) == frozenset()
    assert PUBLIC.names(None, None, 2026) == {}
    assert PUBLIC.mistake(None, None) is None


def test_holidays_have_names_people_can_read() -> None:
    assert PUBLIC.names("PT", None, 2026)[date(2026, 12, 8)] == "Immaculate Conception"
    assert list(PUBLIC.names("JP", None, 2026)) == sorted(PUBLIC.names("JP", None, 2026))


@pytest.mark.parametrize(
    ("country", "subdivision", "named"),
    [
        ("Portugal", None, "“Portugal” is no country with holidays; write its two letters"),
        ("pt", None, "“pt” is no country"),
        ("DE", "Bavaria", "“Bavaria” is no subdivision of DE with holidays of its own; write one of BB, BE"),
        (None, "BY", "A subdivision needs its country"),
    ],
)
def test_an_unknown_place_is_named_with_the_way_to_mend_it(
    country: str | None, subdivision: str | None, named: str
) -> None:
    sentence = PUBLIC.mistake(country, subdivision)
    assert sentence is not None
    assert named in sentence
    if country is not None:
        with pytest.raises(ValueError, match="holidays"):
            PUBLIC.dates(country, subdivision, TODAY)


def test_the_same_place_gives_the_same_dates_so_that_calendars_are_shared() -> None:
    assert PUBLIC.dates("PT", None, TODAY) is PUBLIC.dates("PT", None, date(2026, 1, 1))


def test_a_window_over_a_holiday_ends_on_the_next_working_day() -> None:
    lisbon = Calendar(tz="Europe/Lisbon", holidays=PUBLIC.dates("PT", None, TODAY))
    monday_evening = datetime(2026, 12, 7, 16, 50, tzinfo=UTC)
    due = add_working_time(lisbon, monday_evening, timedelta(minutes=15))
    assert due == datetime(2026, 12, 9, 9, 5, tzinfo=UTC)
