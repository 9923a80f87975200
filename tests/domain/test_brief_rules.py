"""When briefs are due: once a local working day, at the person's time, whatever clocks and zones do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.brief import (
    LATE,
    Days,
    PersonSettings,
    days_of,
    due_now,
    next_due,
    planned,
    starts_at,
    usual_start,
    window,
)  # fmt: skip
from bot.domain.local_time import local_date
from bot.domain.person import Person
from bot.domain.working_hours import DEFAULT_WEEK, week_of

ZONES = (
    "UTC", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Denver", "Asia/Tokyo", "Pacific/Apia",
    "Pacific/Honolulu", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "Africa/Cairo",
)  # fmt: skip
BERLIN = Days(tz="Europe/Berlin")
NEVER = week_of({})
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def at(day: date, hour: int, minute: int = 0, tz: str = "Europe/Berlin") -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(tz)).astimezone(UTC)


def test_a_brief_comes_when_the_day_starts() -> None:
    assert next_due(BERLIN, at(MONDAY, 8, 59), None) == at(MONDAY, 9)
    assert next_due(BERLIN, at(MONDAY, 9), None) == at(MONDAY, 9)
    assert next_due(BERLIN, at(MONDAY, 9, 1), None) == at(MONDAY + timedelta(days=1), 9)


def test_it_comes_when_the_persons_own_day_starts_or_at_the_time_they_chose() -> None:
    early = replace(BERLIN, week=week_of({"mon": [["13:00", "17:00"], ["07:30", "12:00"]]}))
    assert next_due(early, at(MONDAY, 0), None) == at(MONDAY, 7, 30)
    chosen = replace(early, brief_at=time(6, 15))
    assert next_due(chosen, at(MONDAY, 0), None) == at(MONDAY, 6, 15)
    assert next_due(chosen, at(MONDAY, 7), None) == at(MONDAY + timedelta(days=7), 6, 15), "no other day is worked"


def test_weekends_days_off_and_absence_have_none() -> None:
    friday = MONDAY + timedelta(days=4)
    assert next_due(BERLIN, at(friday, 10), None) == at(MONDAY + timedelta(days=7), 9)
    holiday = replace(BERLIN, off=frozenset({date(2026, 3, 9)}))
    assert next_due(holiday, at(friday, 10), None) == at(MONDAY + timedelta(days=8), 9)
    assert next_due(replace(BERLIN, away=True), at(MONDAY, 8), None) is None
    back = at(MONDAY + timedelta(days=9), 9)
    assert next_due(replace(BERLIN, away=True, away_until=back), at(MONDAY, 8), None) == back


def test_spans_of_days_off_and_public_holidays_have_none_either() -> None:
    person = Person(id="p1", name="Ines", tz="Europe/Berlin", days_off=("2026-03-02/2026-03-03",))
    days = days_of(person, PersonSettings(person_id="p1"), frozenset({date(2026, 3, 4)}))
    assert next_due(days, at(MONDAY, 8), None) == at(MONDAY + timedelta(days=3), 9)


def test_who_is_back_after_the_time_they_chose_gets_it_when_they_are_back() -> None:
    back = at(MONDAY + timedelta(days=1), 9)
    days = replace(BERLIN, brief_at=time(7), away=True, away_until=back)
    assert next_due(days, at(MONDAY, 8), None) == back


def test_somebody_who_never_works_has_no_brief() -> None:
    assert next_due(replace(BERLIN, week=NEVER), at(MONDAY, 8), None) is None
    assert usual_start(replace(BERLIN, week=NEVER)) == time(9)


@pytest.mark.parametrize(
    ("day", "utc_hour"), [("2026-03-27", 8), ("2026-03-30", 7), ("2026-10-23", 7), ("2026-10-26", 8)]
)
def test_it_is_nine_on_the_wall_before_and_after_the_clocks_change(day: str, utc_hour: int) -> None:
    midnight = at(date.fromisoformat(day), 0)
    assert next_due(BERLIN, midnight, None) == datetime.combine(date.fromisoformat(day), time(utc_hour), UTC)


def test_a_time_that_the_clock_skips_or_shows_twice_is_one_instant() -> None:
    everyday = {name: [["02:30", "10:00"]] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    night = replace(BERLIN, week=week_of(everyday))
    for sunday in (date(2026, 3, 29), date(2026, 10, 25)):
        first = next_due(night, at(sunday, 0), None)
        assert first is not None
        assert local_date(first, "Europe/Berlin") == sunday
        after = next_due(night, first + timedelta(seconds=1), sunday)
        assert after is not None
        assert local_date(after, "Europe/Berlin") == sunday + timedelta(days=1)


def test_after_a_standstill_it_comes_late_the_same_day_and_not_at_night() -> None:
    assert due_now(BERLIN, at(MONDAY, 16, 59), None) == MONDAY
    assert due_now(BERLIN, at(MONDAY, 17), None) is None
    assert due_now(BERLIN, at(MONDAY, 8, 59), None) is None
    afternoon = replace(BERLIN, brief_at=time(14))
    assert due_now(afternoon, at(MONDAY, 16, 59), None) == MONDAY
    assert due_now(afternoon, at(MONDAY, 17), None) is None, "the working day is over"
    shift = replace(BERLIN, week=week_of({"mon": [["15:00", "21:00"]]}))
    assert due_now(shift, at(MONDAY, 20, 59), None) == MONDAY
    assert due_now(shift, at(MONDAY, 21), None) is None
    night = replace(BERLIN, week=week_of({"mon": [["20:00", "24:00"]]}))
    assert due_now(night, at(MONDAY, 23, 59), None) == MONDAY
    assert due_now(night, at(MONDAY + timedelta(days=1), 0), None) is None
    after_work = replace(BERLIN, brief_at=time(22))
    assert due_now(after_work, at(MONDAY, 22, 59), None) == MONDAY
    assert due_now(after_work, at(MONDAY, 23), None) is None


def test_a_day_has_one() -> None:
    assert due_now(BERLIN, at(MONDAY, 9), MONDAY) is None
    assert next_due(BERLIN, at(MONDAY, 8), MONDAY) == at(MONDAY + timedelta(days=1), 9)


def test_who_moves_the_time_to_before_now_still_gets_todays() -> None:
    sooner = replace(BERLIN, brief_at=time(8))
    assert planned(sooner, at(MONDAY, 8, 30), None, at(MONDAY, 9)) == at(MONDAY, 9)
    later = replace(BERLIN, brief_at=time(11))
    assert planned(later, at(MONDAY, 8, 30), None, at(MONDAY, 9)) == at(MONDAY, 11)


def test_what_comes_in_after_a_standstill_does_not_put_off_the_brief_that_is_late() -> None:
    assert planned(BERLIN, at(MONDAY, 10), None, at(MONDAY, 9)) == at(MONDAY, 9)
    assert planned(BERLIN, at(MONDAY, 18), None, at(MONDAY, 9)) == at(MONDAY + timedelta(days=1), 9)


def test_who_flies_west_is_not_woken_by_the_time_at_home() -> None:
    denver = replace(BERLIN, tz="America/Denver")
    assert planned(denver, at(MONDAY, 7), None, at(MONDAY, 9)) == at(MONDAY, 9, tz="America/Denver")


def test_who_flies_east_gets_todays_late_rather_than_not_at_all() -> None:
    kathmandu = replace(BERLIN, tz="Asia/Kathmandu")  # 9:00 in Berlin is 13:45 there
    assert planned(kathmandu, at(MONDAY, 7), None, at(MONDAY, 9)) == at(MONDAY, 9)
    tokyo = replace(BERLIN, tz="Asia/Tokyo")  # 17:00
    assert planned(tokyo, at(MONDAY, 7), None, at(MONDAY, 9)) == at(MONDAY + timedelta(days=1), 9, tz="Asia/Tokyo")


# -- any life ---------------------------------------------------------------------------------------------------------
times = st.builds(time, hour=st.integers(0, 23), minute=st.sampled_from((0, 15, 30, 45)))
weeks = st.just(DEFAULT_WEEK) | st.dictionaries(
    st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    times.map(lambda start: [[f"{start:%H:%M}", "23:59"]]),
    min_size=1,
).map(week_of)
any_days = st.builds(Days, tz=st.sampled_from(ZONES), week=weeks, brief_at=st.none() | times)
YEARS = range(1_767_225_600, 1_827_000_000)  # 2026 and 2027
begin = st.sampled_from(YEARS).map(lambda second: datetime.fromtimestamp(second, UTC))


@dataclass
class Mailbox:
    """One person's briefs as services/briefs.py keeps them, with a row for the timer and one for each brief."""

    days: Days
    waits: int = 0
    due: datetime | None = None
    said: list[tuple[date, datetime, Days]] = field(default_factory=list)

    @property
    def last(self) -> date | None:
        return max((day for day, _, _ in self.said), default=None)

    def plan(self, now: datetime) -> None:
        self.due = planned(self.days, now, self.last, self.due)

    def item(self, now: datetime) -> None:
        self.waits += 1
        self.plan(now)

    def change(self, now: datetime, days: Days) -> None:
        self.days = days
        if self.waits:
            self.plan(now)

    def sweep(self, now: datetime) -> None:
        """Called by any process, at any time, as often as it likes."""
        if self.due is None or self.due > now:
            return
        self.due = None
        day = due_now(self.days, now, self.last)
        if day is not None and self.waits:
            self.said.append((day, now, self.days))
            self.waits = 0
        elif self.waits:
            self.plan(now)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("item"), st.none()),
        st.tuples(st.just("passes"), st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))),
        st.tuples(st.just("stands still"), st.integers(1, 80).map(lambda hours: timedelta(hours=hours))),
        st.tuples(st.just("zone"), st.sampled_from(ZONES)),
        st.tuples(st.just("time"), st.none() | times),
        st.tuples(st.just("sweep"), st.none()),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(days=any_days, now=begin, steps=steps)
def test_whatever_happens_there_is_one_a_local_day_and_never_at_night(
    days: Days, now: datetime, steps: list[tuple[str, object]]
) -> None:
    box = Mailbox(days)
    for what, value in steps:
        match what:
            case "item":
                box.item(now)
            case "zone":
                box.change(now, replace(box.days, tz=str(value)))
            case "time":
                assert value is None or isinstance(value, time)
                box.change(now, replace(box.days, brief_at=value))
            case "sweep":
                box.sweep(now)
            case "stands still":
                assert isinstance(value, timedelta)
                now += value
                box.sweep(now)
            case _:
                assert isinstance(value, timedelta)
                end = now + value
                while box.due is not None and box.due <= end:
                    now = max(now, box.due)
                    box.sweep(now)
                now = end
        assert box.waits == 0 or box.due is not None or next_due(box.days, now, box.last) is None
    dates = [day for day, _, _ in box.said]
    assert len(set(dates)) == len(dates)
    assert dates == sorted(dates)
    for day, said_at, then in box.said:
        opens_closes = window(then, day)
        assert opens_closes is not None
        opens, closes = opens_closes
        assert opens <= said_at < closes <= opens + LATE
        assert local_date(said_at, then.tz) == day
        assert starts_at(then, day) is not None


@settings(max_examples=200, deadline=None)
@given(days=any_days, now=begin, again=st.integers(1, 5))
def test_in_an_ordinary_life_each_day_worked_has_its_brief_at_its_time(days: Days, now: datetime, again: int) -> None:
    box = Mailbox(days)
    for _ in range(again):
        box.item(now)
        assert box.due is not None
        now = box.due
        for _ in range(3):  # two replicas, and a restart
            box.sweep(now)
        assert box.waits == 0
        now += timedelta(seconds=1)
    assert len(box.said) == again
    for day, said_at, then in box.said:
        found = window(then, day)
        assert found is not None
        assert said_at == found[0]
    worked = [
        starts_at(days, box.said[0][0] + timedelta(days=n)) for n in range((box.said[-1][0] - box.said[0][0]).days)
    ]
    assert len([start for start in worked if start is not None]) == again - 1, "no day worked was left out"
