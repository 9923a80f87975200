from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import rights
from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.handoff import End, Handoff, Opened, Status, can_undo
from bot.domain.lead import Priority
from bot.domain.local_time import instant_of, local_date, midnight_before, next_monday, parse_date, spoken
from bot.domain.person import Person, Role, Side
from bot.domain.rights import Clicker

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFFERED = Handoff(
    id="h1", lead_id="l1", agreement_id="a0", terms=DEFAULT_TERMS, status=Status.OFFERED, opened=Opened.HANDED_OVER,
    rep_id="rep", priority=Priority.WARM, source="crm", received_at=NOW, offered_at=NOW,
)  # fmt: skip
ACCEPTED = replace(OFFERED, status=Status.ACCEPTED, decided_at=NOW, decided_by="rep")
POOL = replace(OFFERED, rep_id=None, team_id="t1", pool_channel="C1")
FALLBACK = replace(POOL, team_id=None)


def who(person_id: str, role: Role, side: Side = Side.SALES, teams: tuple[str, ...] = ()) -> Clicker:
    return Clicker(
        person=Person(id=person_id, name=person_id, side=side, roles=frozenset({role})), team_ids=frozenset(teams)
    )


THE_REP = who("rep", Role.REP, teams=("t1",))
OTHER_REP = who("other", Role.REP, teams=("t2",))
TEAM_REP = who("mate", Role.REP, teams=("t1",))
SALES_MANAGER = who("boss", Role.MANAGER)
MARKETING_MANAGER = who("cmo", Role.MANAGER, Side.MARKETING)
MARKETER = who("marketer", Role.MARKETER, Side.MARKETING)
ADMIN = who("admin", Role.ADMIN, Side.OTHER)
EVERYBODY = (THE_REP, OTHER_REP, TEAM_REP, SALES_MANAGER, MARKETING_MANAGER, MARKETER, ADMIN)


def test_undo_is_possible_until_one_microsecond_before_five_minutes() -> None:
    limit = NOW + timedelta(minutes=5)
    assert can_undo(ACCEPTED, "rep", limit - timedelta(microseconds=1))
    assert not can_undo(ACCEPTED, "rep", limit)


def test_undo_is_for_the_one_who_accepted() -> None:
    assert not can_undo(ACCEPTED, "boss", NOW)


@pytest.mark.parametrize("handoff", [OFFERED, replace(ACCEPTED, end=End.RELEASED, ended_at=NOW)])
def test_there_is_no_undo_of_what_is_not_owned(handoff: Handoff) -> None:
    assert not can_undo(handoff, "rep", NOW)


@pytest.mark.parametrize(
    ("right", "handoff", "allowed"),
    [
        (rights.may_decide, OFFERED, {"rep"}),
        (rights.may_decide, POOL, {"rep", "mate"}),
        (rights.may_decide, FALLBACK, {"rep", "mate", "other", "boss"}),
        (rights.may_give_up, ACCEPTED, {"rep"}),
        (rights.may_see, OFFERED, {"rep", "boss"}),
        (rights.may_see, POOL, {"rep", "mate", "boss"}),
    ],
)
def test_only_those_listed_may(right: object, handoff: Handoff, allowed: set[str]) -> None:
    may = {each.person.id for each in EVERYBODY if right(each, handoff) is None}  # type: ignore[operator]
    assert may == allowed


def test_only_sales_managers_reassign_and_withdraw() -> None:
    assert [each.person.id for each in EVERYBODY if rights.may_manage(each) is None] == ["boss"]


def test_a_rep_sees_no_personal_data_of_a_pool_lead_before_accepting() -> None:
    assert not rights.sees_personal_data(TEAM_REP, POOL)
    assert rights.sees_personal_data(TEAM_REP, replace(POOL, status=Status.ACCEPTED, rep_id="mate", decided_at=NOW))
    assert rights.sees_personal_data(THE_REP, OFFERED)


def test_a_recycled_lead_comes_back_at_nine_where_the_rep_is() -> None:
    assert instant_of(date(2026, 3, 16), time(9), "America/New_York") == datetime(2026, 3, 16, 13, tzinfo=UTC)
    assert instant_of(date(2026, 3, 6), time(9), "America/New_York") == datetime(2026, 3, 6, 14, tzinfo=UTC)


def test_an_hour_that_is_skipped_is_an_instant_all_the_same() -> None:
    assert instant_of(date(2026, 3, 8), time(2, 30), "America/New_York") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_of_an_hour_that_happens_twice_the_first_counts() -> None:
    assert instant_of(date(2026, 11, 1), time(1, 30), "America/New_York") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(
    day=st.dates(date(2024, 1, 1), date(2037, 1, 1)),
    tz=st.sampled_from(["Europe/Berlin", "America/Denver", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_nine_in_the_morning_is_on_that_day_in_that_zone(day: date, tz: str) -> None:
    assert local_date(instant_of(day, time(9), tz), tz) == day


INSTANTS = st.integers(1704067200, 2114380800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(INSTANTS)
def test_the_local_day_began_at_most_25_hours_ago(instant: datetime) -> None:
    began = midnight_before(instant, "America/New_York")
    assert timedelta() <= instant - began <= timedelta(hours=25)


def test_an_unknown_zone_is_utc() -> None:
    assert local_date(NOW, "Nowhere/At_All") == date(2026, 3, 2)


@given(st.text(max_size=12))
def test_no_text_breaks_reading_a_date(text: str) -> None:
    day = parse_date(text)
    assert day is None or isinstance(day, date)


@given(day=st.dates(date(2024, 1, 1), date(2037, 1, 1)), weeks=st.integers(0, 10))
def test_the_suggested_day_is_a_monday_in_the_week_asked_for(day: date, weeks: int) -> None:
    monday = next_monday(day, weeks=weeks)
    assert monday.weekday() == 0
    assert timedelta(weeks=weeks) <= monday - day < timedelta(weeks=weeks + 1)


def test_dates_are_said_as_people_say_them() -> None:
    assert spoken(date(2026, 12, 5)) == "5 December 2026"
