from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.person import Member, Person, Role, Side, SlackFlags
from bot.domain.routing import Unavailable, next_in_turn, unavailable

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REP = Person(
    id="p1",
    name="Jonas",
    slack_id="U1",
    side=Side.SALES,
    roles=frozenset({Role.REP}),
    flags=SlackFlags(checked_at=NOW),
)


def members(weights: list[int]) -> list[Member]:
    return [Member(person=replace(REP, id=f"p{number}"), weight=weight) for number, weight in enumerate(weights)]


def take(team: list[Member], turns: int, free: set[str] | None = None) -> list[str]:
    taken = []
    for _ in range(turns):
        chosen, credit = next_in_turn(team, lambda person: free is None or person.id in free)
        assert chosen is not None
        taken.append(chosen.person.id)
        team[:] = [replace(member, credit=credit[member.person.id]) for member in team]
    return taken


@given(weights=st.lists(st.integers(0, 7), min_size=1, max_size=8).filter(any), rounds=st.integers(1, 4))
def test_each_gets_exactly_their_weight_in_every_round(weights: list[int], rounds: int) -> None:
    team = members(weights)
    for _ in range(rounds):
        taken = take(team, sum(weights))
        assert [taken.count(f"p{number}") for number in range(len(weights))] == weights


@given(weights=st.lists(st.integers(1, 5), min_size=2, max_size=6))
def test_nobody_with_at_most_half_the_weight_gets_three_in_a_row(weights: list[int]) -> None:
    taken = take(members(weights), sum(weights) * 2)
    for number, weight in enumerate(weights):
        if weight * 2 <= sum(weights):
            assert [f"p{number}"] * 3 not in [taken[start : start + 3] for start in range(len(taken))]


def test_someone_away_neither_earns_nor_loses_a_turn() -> None:
    team = members([1, 1, 1])
    take(team, 5, free={"p0", "p1"})
    taken = take(team, 3)
    assert sorted(taken) == ["p0", "p1", "p2"]


def test_nobody_free_gives_nobody_and_changes_no_credit() -> None:
    team = members([2, 1])
    assert next_in_turn(team, lambda _: False) == (None, {"p0": 0, "p1": 0})


def test_weight_zero_is_never_chosen() -> None:
    assert set(take(members([0, 1]), 4)) == {"p1"}


@pytest.mark.parametrize(
    ("person", "held", "why"),
    [
        (REP, 0, None),
        (replace(REP, cap=3), 2, None),
        (replace(REP, cap=3), 3, Unavailable.OVER_CAP),
        (replace(REP, cap=0), 0, Unavailable.OVER_CAP),
        (replace(REP, away_since=NOW), 0, Unavailable.AWAY),
        (replace(REP, away_since=NOW, away_until=NOW + timedelta(seconds=1)), 0, Unavailable.AWAY),
        (replace(REP, away_since=NOW, away_until=NOW), 0, None),
        (replace(REP, away_since=NOW, cap=0), 0, Unavailable.OVER_CAP),
        (replace(REP, days_off=("2026-03-02",)), 0, Unavailable.DAY_OFF),
        (replace(REP, days_off=("2026-03-02",), tz="Pacific/Honolulu"), 0, None),
        (replace(REP, days_off=("2026-03-01",), tz="Pacific/Honolulu"), 0, Unavailable.DAY_OFF),
        (replace(REP, roles=frozenset({Role.MANAGER})), 0, Unavailable.NOT_A_REP),
        (replace(REP, on_roster=False), 0, Unavailable.NOT_A_REP),
        (replace(REP, slack_id=None), 0, Unavailable.NOT_IN_SLACK),
        (replace(REP, flags=SlackFlags()), 0, Unavailable.NOT_IN_SLACK),
        (replace(REP, flags=SlackFlags(is_bot=True, checked_at=NOW)), 0, Unavailable.NOT_IN_SLACK),
        (replace(REP, flags=SlackFlags(is_deleted=True, checked_at=NOW)), 0, Unavailable.DEACTIVATED),
        (replace(REP, flags=SlackFlags(is_guest=True, checked_at=NOW)), 0, Unavailable.GUEST),
        (replace(REP, flags=SlackFlags(is_stranger=True, checked_at=NOW)), 0, Unavailable.GUEST),
    ],
)
def test_a_person_is_passed_over_for_exactly_these_reasons(person: Person, held: int, why: Unavailable | None) -> None:
    assert unavailable(person, held, NOW) is why


def test_a_span_of_days_off_is_off_on_every_day_of_it() -> None:
    off = replace(REP, days_off=("2026-02-27/2026-03-02",))
    assert unavailable(off, 0, NOW) is Unavailable.DAY_OFF
