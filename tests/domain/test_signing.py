from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ladder import Mode
from bot.domain.person import Person, Role, Side
from bot.domain.signing import (
    Signing,
    State,
    Wish,
    ask_for,
    in_force,
    mode_of,
    propose,
    replaced,
    review_due,
    sign,
    take_back,
    withdraw,
)
from bot.errors import Refused

NOW = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
START = NOW + timedelta(days=7)
DAY = timedelta(days=1)


def person(name: str, side: Side, *roles: Role, on_roster: bool = True) -> Person:
    return Person(id=name, name=name.title(), side=side, roles=frozenset(roles), on_roster=on_roster)


SALES = person("sofia", Side.SALES, Role.MANAGER)
MARKETING = person("marco", Side.MARKETING, Role.MANAGER)
LEADER = person("lena", Side.LEADERSHIP, Role.MANAGER)
ARBITER = person("ada", Side.LEADERSHIP, Role.ARBITER)
REP = person("rui", Side.SALES, Role.REP)
GONE = person("gil", Side.SALES, Role.MANAGER, on_roster=False)


def proposed() -> Signing:
    return propose(REP, START, NOW)


def signed(now: datetime = NOW) -> Signing:
    return sign(sign(proposed(), SALES, NOW), MARKETING, now)


def running() -> Signing:
    return in_force(signed(), START)


def refused(call: object, *args: object, **values: object) -> str:
    with pytest.raises(Refused) as error:
        call(*args, **values)  # type: ignore[operator]
    return str(error.value)


def test_it_is_in_force_from_its_instant_once_a_manager_of_each_side_has_signed() -> None:
    first = sign(proposed(), SALES, NOW)
    assert (first.state, first.missing()) == (State.PROPOSED, (Side.MARKETING,))
    both = sign(first, MARKETING, NOW + DAY)
    assert (both.state, both.in_force_at) == (State.SIGNED, START)
    assert in_force(both, START - timedelta(microseconds=1)).state is State.SIGNED
    assert in_force(both, START).state is State.IN_FORCE


def test_a_second_signature_after_the_instant_puts_it_in_force_then_and_never_before() -> None:
    late = signed(START + DAY)
    assert (late.state, late.in_force_at) == (State.IN_FORCE, START + DAY)


def test_it_is_a_trial_until_both_have_signed_and_while_it_is_suspended() -> None:
    assert mode_of(None, NOW) is Mode.TRIAL
    assert mode_of(sign(proposed(), SALES, NOW), START + DAY) is Mode.TRIAL
    assert mode_of(signed(), START - DAY) is Mode.TRIAL
    assert mode_of(signed(), START) is Mode.ENFORCED
    assert mode_of(ask_for(running(), Wish.SUSPEND, ARBITER, START + DAY, arbiter=True), START + DAY) is Mode.TRIAL


def test_only_managers_sign_and_each_side_has_its_own() -> None:
    assert "Only managers of sales and of marketing" in refused(sign, proposed(), REP, NOW)
    assert "Only managers" in refused(sign, proposed(), GONE, NOW)
    assert "say for which one" in refused(sign, proposed(), LEADER, NOW)
    assert "for that side only" in refused(sign, proposed(), SALES, NOW, as_side=Side.MARKETING)
    once = sign(proposed(), LEADER, NOW, as_side=Side.SALES)
    assert "signed already" in refused(sign, once, SALES, NOW)
    assert "each side needs a manager of its own" in refused(sign, once, LEADER, NOW, as_side=Side.MARKETING)
    assert sign(once, MARKETING, NOW).state is State.SIGNED


def test_what_is_not_proposed_cannot_be_signed() -> None:
    assert "signed by both sides" in refused(sign, signed(), SALES, NOW)
    assert "withdrawn" in refused(sign, withdraw(proposed(), REP, NOW), SALES, NOW)


def test_strangers_propose_nothing_and_nobody_proposes_for_a_far_day() -> None:
    assert "Only people on the roster" in refused(propose, GONE, START, NOW)
    assert "within a year" in refused(propose, REP, NOW + timedelta(days=400), NOW)


def test_a_proposal_is_withdrawn_by_who_made_it_or_a_manager_and_a_signed_one_by_a_manager() -> None:
    assert withdraw(proposed(), REP, NOW).state is State.WITHDRAWN
    assert withdraw(signed(), MARKETING, NOW).state is State.WITHDRAWN
    assert "only a manager" in refused(withdraw, signed(), REP, NOW)
    other = person("ines", Side.SALES, Role.REP)
    assert "Only whoever proposed it" in refused(withdraw, proposed(), other, NOW)
    assert "in force" in refused(withdraw, signed(), SALES, START + DAY)


@pytest.mark.parametrize(("wish", "state"), [(Wish.SUSPEND, State.SUSPENDED), (Wish.END, State.ENDED)])
def test_both_sides_or_the_arbiter_suspend_and_end_it(wish: Wish, state: State) -> None:
    asked = ask_for(running(), wish, SALES, START + DAY)
    assert (asked.state, asked.wish) == (State.IN_FORCE, wish)
    done = ask_for(asked, wish, MARKETING, START + 2 * DAY)
    assert (done.state, done.wish, done.wished) == (state, None, {})
    assert ask_for(running(), wish, ARBITER, START + DAY, arbiter=True).state is state


def test_a_suspended_one_is_resumed_the_same_way() -> None:
    suspended = ask_for(running(), Wish.SUSPEND, ARBITER, START + DAY, arbiter=True)
    asked = ask_for(suspended, Wish.RESUME, MARKETING, START + 2 * DAY)
    assert ask_for(asked, Wish.RESUME, SALES, START + 3 * DAY).state is State.IN_FORCE


def test_a_wish_for_something_else_takes_the_place_of_the_last_one() -> None:
    asked = ask_for(running(), Wish.END, SALES, START)
    other = ask_for(asked, Wish.SUSPEND, MARKETING, START)
    assert (other.state, other.wish, set(other.wished)) == (State.IN_FORCE, Wish.SUSPEND, {Side.MARKETING})


def test_one_person_does_not_wish_for_both_sides_and_can_take_a_wish_back() -> None:
    asked = ask_for(running(), Wish.END, LEADER, START, as_side=Side.SALES)
    assert "manager of its own" in refused(ask_for, asked, Wish.END, LEADER, START, as_side=Side.MARKETING)
    assert take_back(asked, LEADER) == running()
    assert "not asked" in refused(take_back, running(), LEADER)


def test_what_cannot_happen_is_refused() -> None:
    assert "nothing to resume" in refused(ask_for, running(), Wish.RESUME, SALES, START)
    assert "nothing to suspend" in refused(ask_for, proposed(), Wish.SUSPEND, SALES, NOW)
    assert "Only managers" in refused(ask_for, running(), Wish.END, REP, START)
    assert "Only managers" in refused(ask_for, running(), Wish.END, ARBITER, START)  # the role alone says nothing
    ended = ask_for(running(), Wish.END, ARBITER, START, arbiter=True)
    assert "nothing to end" in refused(ask_for, ended, Wish.END, ARBITER, START, arbiter=True)


def test_a_later_version_takes_its_place() -> None:
    assert replaced(running(), START + DAY).state is State.REPLACED
    assert replaced(proposed(), NOW) == proposed()


def test_it_is_reviewed_at_its_date_or_some_time_after_it_began() -> None:
    assert review_due(running(), START + 9 * DAY, 90 * DAY) == START + 9 * DAY
    assert review_due(running(), None, 90 * DAY) == START + 90 * DAY
    assert review_due(proposed(), None, 90 * DAY) is None
