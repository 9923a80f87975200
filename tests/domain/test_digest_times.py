"""When digests are due: one a schedule and local date, whatever clocks, zones, edits and standstills do."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import digest_model
from bench.digest_model import Became, Model, Rule
from bot.domain.digest import DigestState
from bot.domain.digest_times import (
    Period,
    Times,
    catch_up,
    is_period,
    last_before,
    next_after,
    period,
    retimed,
    told_until,
)

MONDAY = date(2026, 3, 2)
DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(weeks=1)
EVERY_DAY = tuple(range(7))
WEEKLY = Times(weekdays=(0,), at=time(9), tz="Europe/Berlin")
DAILY = Times(weekdays=EVERY_DAY, at=time(9), tz="Europe/Berlin")
NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Monday, 9:00 in Berlin."""


def test_it_is_due_at_its_local_time_on_its_weekdays() -> None:
    assert next_after(WEEKLY, NINE - HOUR) == Period(day=MONDAY, due_at=NINE)
    assert next_after(WEEKLY, NINE) == Period(day=MONDAY + WEEK, due_at=NINE + WEEK)
    assert next_after(DAILY, NINE).day == MONDAY + DAY
    assert last_before(WEEKLY, NINE) == NINE - WEEK


@pytest.mark.parametrize(
    ("tz", "day", "at", "due"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), datetime(2026, 10, 3, 15, 45, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), time(0), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
)
def test_a_skipped_time_comes_as_much_later_and_of_a_repeated_one_the_first_counts(
    tz: str, day: date, at: time, due: datetime
) -> None:
    assert period(Times(weekdays=EVERY_DAY, at=at, tz=tz), day).due_at == due


def test_a_day_that_its_zone_left_out_is_no_period() -> None:
    samoa = Times(weekdays=EVERY_DAY, at=time(9), tz="Pacific/Apia")
    assert not is_period(samoa, date(2011, 12, 30))
    before = period(samoa, date(2011, 12, 29))
    assert next_after(samoa, before.due_at).day == date(2011, 12, 31)


def test_within_half_a_period_it_is_sent_late_and_after_that_skipped() -> None:
    upcoming = Period(day=MONDAY, due_at=NINE)
    half = WEEK / 2
    (late,) = catch_up(WEEKLY, upcoming, NINE + half).settled
    assert (late.state, late.late_s) == (DigestState.SENT, int(half.total_seconds()))
    (skipped,) = catch_up(WEEKLY, upcoming, NINE + half + timedelta(seconds=1)).settled
    assert (skipped.state, skipped.late_s) == (DigestState.SKIPPED, None)
    (at_once,) = catch_up(WEEKLY, upcoming, NINE + timedelta(minutes=4)).settled
    assert at_once.late_s is None, "nobody notices four minutes"
    assert catch_up(WEEKLY, upcoming, NINE - HOUR).settled == ()


def test_after_weeks_all_but_the_last_are_skipped() -> None:
    caught = catch_up(DAILY, Period(day=MONDAY, due_at=NINE), NINE + 10 * DAY + HOUR)
    assert [one.state for one in caught.settled] == [DigestState.SKIPPED] * 10 + [DigestState.SENT]
    assert caught.next.day == MONDAY + 11 * DAY


def test_moved_to_before_now_it_is_sent_now_and_moved_to_later_later() -> None:
    upcoming, now = Period(day=MONDAY, due_at=NINE), NINE - 2 * HOUR
    earlier = retimed(upcoming, Times(weekdays=(0,), at=time(6), tz="Europe/Berlin"), now)
    assert earlier.at_once == Period(day=MONDAY, due_at=now)
    assert earlier.next.day == MONDAY + WEEK
    later = retimed(upcoming, Times(weekdays=(0,), at=time(18), tz="Europe/Berlin"), now)
    assert (later.at_once, later.next.day) == (None, MONDAY)


def test_what_was_sent_today_is_not_sent_again_today() -> None:
    following = Period(day=MONDAY + DAY, due_at=NINE + DAY)
    moved = retimed(following, Times(weekdays=EVERY_DAY, at=time(18), tz="Europe/Berlin"), NINE + HOUR, {MONDAY})
    assert (moved.at_once, moved.next.day) == (None, MONDAY + DAY)


def test_a_weekday_taken_away_is_due_no_more_and_a_new_one_starts_with_its_next_time() -> None:
    upcoming = Period(day=MONDAY, due_at=NINE)
    tuesdays = retimed(upcoming, Times(weekdays=(1,), at=time(9), tz="Europe/Berlin"), NINE - HOUR)
    assert (tuesdays.at_once, tuesdays.next.day) == (None, MONDAY + DAY)
    sundays = retimed(upcoming, Times(weekdays=(6,), at=time(9), tz="Europe/Berlin"), NINE - HOUR)
    assert (sundays.at_once, sundays.next.day) == (None, MONDAY + 6 * DAY)


def test_across_the_date_line_a_day_is_neither_lost_nor_told_twice() -> None:
    honolulu, kiritimati = "Pacific/Honolulu", "Pacific/Kiritimati"
    here = Times(weekdays=EVERY_DAY, at=time(9), tz=honolulu)
    upcoming = period(here, MONDAY)
    there = Times(weekdays=EVERY_DAY, at=time(9), tz=kiritimati)
    moved = retimed(upcoming, there, upcoming.due_at - HOUR)
    assert moved.at_once is not None
    assert moved.at_once.day == MONDAY, "it is Tuesday there: Monday's, which was to come, is sent now"
    assert moved.next.day == MONDAY + DAY
    tuesday = period(there, MONDAY + DAY)
    back = retimed(period(there, MONDAY + 2 * DAY), here, tuesday.due_at + HOUR, {MONDAY, MONDAY + DAY})
    assert (back.at_once, back.next.day) == (None, MONDAY + 2 * DAY), "it is Monday again here: that one was sent"


# -- any zone, any weekdays, any edits, any standstills, against the slow model ------------------------------------
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
TIMES = st.one_of(
    st.sampled_from([time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(9), time(23, 30)]),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
RULES = st.builds(
    Rule,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    at=TIMES,
    tz=st.sampled_from(ZONES),
)
STARTS = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
MINUTES = st.one_of(st.integers(0, 20 * 24 * 60), st.integers(0, 30 * 60), st.integers(0, 3 * 60))
STEPS = st.lists(
    st.tuples(st.sampled_from(["run", "down", "edit", "time", "switch"]), MINUTES, RULES), min_size=1, max_size=12
)


class Engine:
    """The rules driven as the use cases drive them: what comes next, what is settled, until when was told."""

    def __init__(self, rule: Rule, now: datetime) -> None:
        self.times = times_of(rule)
        self.told = last_before(self.times, now)
        self.next: Period | None = next_after(self.times, now)
        self.settled: dict[date, tuple[Became, datetime, datetime, datetime]] = {}

    def sweep(self, now: datetime) -> None:
        if self.next is None:
            return
        caught = catch_up(self.times, self.next, now, set(self.settled))
        for one in caught.settled:
            if one.state is DigestState.SKIPPED:
                self._settle(one.period.day, Became.SKIPPED, now, self.told)
            else:
                became = Became.IN_TIME if one.late_s is None else Became.LATE
                self._settle(one.period.day, became, now, told_until(self.told, now))
        self.next = caught.next

    def edit(self, rule: Rule, now: datetime) -> None:
        self.sweep(now)
        self.times = times_of(rule)
        if self.next is not None:
            self._retime(self.next, now)

    def switch(self, now: datetime, *, on: bool) -> None:
        self.sweep(now)
        if not on:
            self.next = None
        elif self.next is None:
            self._retime(None, now)

    def _retime(self, upcoming: Period | None, now: datetime) -> None:
        found = retimed(upcoming, self.times, now, set(self.settled))
        if found.at_once is not None:
            self._settle(found.at_once.day, Became.IN_TIME, now, told_until(self.told, now))
        self.next = found.next

    def _settle(self, day: date, became: Became, now: datetime, until: datetime) -> None:
        assert day not in self.settled, f"{day} is told twice"
        self.settled[day] = (became, now, self.told, until)
        self.told = until


def times_of(rule: Rule) -> Times:
    return Times(weekdays=rule.weekdays, at=rule.at, tz=rule.tz)


@settings(max_examples=150)
@given(RULES, STARTS)
def test_due_instants_are_those_found_by_trying_offsets(rule: Rule, now: datetime) -> None:
    times = times_of(rule)
    following = next_after(times, now)
    assert following.due_at == digest_model.due(following.day, rule.at, rule.tz)
    assert following.due_at > now
    assert following.day.weekday() in rule.weekdays


@settings(max_examples=200)
@given(RULES, STARTS, STEPS)
def test_any_edits_and_standstills_settle_each_period_once_as_the_slow_model_says(
    rule: Rule, start: datetime, steps: list[tuple[str, int, Rule]]
) -> None:
    engine, model, now, on = Engine(rule, start), Model(rule, start), start, True
    for what, minutes, other in steps:
        later = now + timedelta(minutes=minutes)
        if what == "down":
            model.up_at(later)
            engine.sweep(later)
        else:
            model.running_until(later)
            while engine.next is not None and engine.next.due_at <= later:
                engine.sweep(engine.next.due_at)
        now = later
        match what:
            case "edit":
                rule = other
                model.edited(rule, now)
                engine.edit(rule, now)
            case "time":
                rule = Rule(rule.weekdays, other.at, rule.tz)
                model.edited(rule, now)
                engine.edit(rule, now)
            case "switch":
                on = not on
                model.switched(now, on=on)
                engine.switch(now, on=on)
    expected = {day: (one.became, one.made_at, one.tells_from, one.tells_until) for day, one in model.outcomes.items()}
    assert engine.settled == expected
    if engine.next is not None:
        assert engine.next.day == model.next_day()
    _touch(engine)


def _touch(engine: Engine) -> None:
    """Each tells from where the one before stopped."""
    told = list(engine.settled.values())
    for before, after in itertools.pairwise(told):
        assert after[2] == before[3]
