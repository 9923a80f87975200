from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dispute import (
    About,
    Dispute,
    DisputeState,
    Ruling,
    dispute_reject,
    give_opinion,
    raise_disagreement,
    rule,
    take_back,
    timed_out,
    to_arbiter,
)
from bot.domain.person import Person, Role, Side
from bot.errors import FormError, Refused

NOW = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def person(name: str, side: Side, *roles: Role) -> Person:
    return Person(id=name, name=name.title(), side=side, roles=frozenset(roles))


SOFIA = person("sofia", Side.SALES, Role.MANAGER)
MARCO = person("marco", Side.MARKETING, Role.MANAGER)
LENA = person("lena", Side.LEADERSHIP, Role.MANAGER)
ADA = person("ada", Side.LEADERSHIP, Role.ARBITER)
MIA = person("mia", Side.MARKETING, Role.MARKETER)
RUI = person("rui", Side.SALES, Role.REP)


def dispute(by: Person = MIA, **values: Any) -> Dispute:
    filled: dict[str, Any] = {"rejected_by": "rui", "counts": True, "to_arbiter_at": LATER} | values
    return dispute_reject("h1", by, "They asked for a demo.", NOW, **filled)


def refused(call: Any, *args: Any, **values: Any) -> str:
    with pytest.raises(Refused) as error:
        call(*args, **values)
    return str(error.value)


def opinion(of: Dispute, by: Person, ruling: Ruling, **values: Any) -> Dispute:
    return give_opinion(of, by, ruling, f"{by.name} says so.", NOW, **values)


def test_two_managers_who_say_the_same_settle_it() -> None:
    one = opinion(dispute(), MARCO, Ruling.OVERTURNED)
    assert one.state is DisputeState.WITH_MANAGERS
    both = opinion(one, SOFIA, Ruling.OVERTURNED)
    assert (both.state, both.ruling, both.decided_by) == (DisputeState.SETTLED, Ruling.OVERTURNED, ("sofia", "marco"))
    assert both.sentence == "Sofia says so. Marco says so."


def test_two_managers_who_differ_hand_it_to_the_arbiter_whose_ruling_is_final() -> None:
    one = opinion(dispute(), MARCO, Ruling.OVERTURNED)
    stuck = opinion(one, SOFIA, Ruling.UPHELD)
    assert stuck.state is DisputeState.WITH_ARBITER
    ruled = rule(stuck, ADA, Ruling.OVERTURNED, "A demo was asked for.", LATER)
    assert (ruled.state, ruled.ruling, ruled.decided_by) == (DisputeState.RULED, Ruling.OVERTURNED, ("ada",))
    assert "that is final" in refused(rule, ruled, ADA, Ruling.UPHELD, "No.", LATER)
    assert "that is final" in refused(opinion, ruled, SOFIA, Ruling.UPHELD)
    assert "that is final" in refused(take_back, ruled, MIA, LATER)


def test_what_is_not_settled_in_time_goes_to_the_arbiter() -> None:
    assert timed_out(dispute(), LATER - timedelta(microseconds=1)).state is DisputeState.WITH_MANAGERS
    late = timed_out(dispute(), LATER)
    assert late.state is DisputeState.WITH_ARBITER
    assert "with the arbiter now" in refused(opinion, late, SOFIA, Ruling.UPHELD)
    assert timed_out(dispute(to_arbiter_at=None), LATER).state is DisputeState.WITH_MANAGERS


def test_a_manager_can_hand_it_on_without_waiting() -> None:
    assert to_arbiter(dispute(), SOFIA).state is DisputeState.WITH_ARBITER
    assert "Only managers" in refused(to_arbiter, dispute(), MIA)


def test_a_manager_can_change_their_mind_while_the_other_has_not_answered() -> None:
    changed = opinion(opinion(dispute(), MARCO, Ruling.UPHELD), MARCO, Ruling.OVERTURNED)
    assert [each.ruling for each in changed.opinions.values()] == [Ruling.OVERTURNED]


def test_only_managers_settle_and_one_person_does_not_answer_for_both() -> None:
    assert "Only managers" in refused(opinion, dispute(), RUI, Ruling.UPHELD)
    assert "Only managers" in refused(opinion, dispute(), ADA, Ruling.UPHELD)
    assert "for which side" in refused(opinion, dispute(), LENA, Ruling.UPHELD)
    assert "for which side" in refused(opinion, dispute(), SOFIA, Ruling.UPHELD, as_side=Side.MARKETING)
    once = opinion(dispute(), LENA, Ruling.UPHELD, as_side=Side.SALES)
    assert "of its own" in refused(opinion, once, LENA, Ruling.UPHELD, as_side=Side.MARKETING)


def test_only_an_arbiter_who_is_no_party_rules_and_only_when_it_is_theirs() -> None:
    stuck = to_arbiter(dispute(), SOFIA)
    assert "two managers first" in refused(rule, dispute(), ADA, Ruling.UPHELD, "x", NOW)
    assert "Only the arbiter" in refused(rule, stuck, SOFIA, Ruling.UPHELD, "x", NOW)
    judge_and_party = person("rui", Side.SALES, Role.ARBITER)
    assert "party to this dispute" in refused(rule, stuck, judge_and_party, Ruling.UPHELD, "x", NOW)


def test_whoever_raised_it_takes_it_back() -> None:
    assert take_back(dispute(), MIA, NOW).state is DisputeState.TAKEN_BACK
    assert "Only whoever raised it" in refused(take_back, dispute(), MARCO, NOW)


def test_marketing_disputes_rejects_that_count_against_it_and_nothing_else() -> None:
    assert "Only marketing" in refused(dispute, RUI)
    assert "does not count against marketing" in refused(dispute, counts=False)


@pytest.mark.parametrize("about", [About.DEFINITION, About.CAMPAIGN, About.GOAL])
def test_either_side_raises_a_disagreement_that_takes_the_same_road(about: About) -> None:
    raised = raise_disagreement(about, "mql", RUI, "The score is too low.", NOW, to_arbiter_at=LATER)
    assert (raised.side, raised.against) == (Side.SALES, None)
    settled = opinion(opinion(raised, SOFIA, Ruling.UPHELD), MARCO, Ruling.UPHELD)
    assert settled.state is DisputeState.SETTLED


def test_a_disagreement_is_not_a_dispute_of_a_reject_and_needs_a_side() -> None:
    raised = (About.REJECT, "h1", RUI, "x", NOW)
    assert "disputed by marketing" in refused(raise_disagreement, *raised, to_arbiter_at=None)
    nobody = person("noa", Side.OTHER)
    assert "Only people of sales and of marketing" in refused(
        raise_disagreement, About.GOAL, "g", nobody, "x", NOW, to_arbiter_at=None
    )


def test_every_step_needs_its_sentence() -> None:
    with pytest.raises(FormError) as why:
        dispute_reject("h1", MIA, " ", NOW, rejected_by="rui", counts=True, to_arbiter_at=None)
    assert set(why.value.fields) == {"why"}
    with pytest.raises(FormError) as sentence:
        rule(to_arbiter(dispute(), SOFIA), ADA, Ruling.UPHELD, "", NOW)
    assert set(sentence.value.fields) == {"sentence"}
    too_long = "x" * 1001
    with pytest.raises(FormError):
        give_opinion(dispute(), MARCO, Ruling.UPHELD, too_long, NOW)


# -- whatever is said in whatever order ---------------------------------------------------------------------------
_SPEAKERS = st.sampled_from([SOFIA, MARCO, LENA, ADA, MIA, RUI])
_SAYING = st.tuples(_SPEAKERS, st.sampled_from(Ruling), st.sampled_from(["opinion", "arbiter", "rule", "back", "time"]))


@given(st.lists(_SAYING, max_size=12))
def test_whatever_is_said_a_dispute_is_decided_once_and_by_who_may(said: list[tuple[Person, Ruling, str]]) -> None:
    now = dispute()
    for by, ruling, what in said:
        before = now
        try:
            match what:
                case "opinion":
                    now = give_opinion(now, by, ruling, "So.", NOW, as_side=Side.SALES if by is LENA else None)
                case "arbiter":
                    now = to_arbiter(now, by)
                case "rule":
                    now = rule(now, by, ruling, "So.", NOW)
                case "back":
                    now = take_back(now, by, NOW)
                case _:
                    now = timed_out(now, LATER)
        except (Refused, FormError):
            assert now is before
        if not before.is_open:
            assert now == before, "what is decided stays so"
        if now.state is DisputeState.SETTLED:
            sides = {opinion.ruling for opinion in now.opinions.values()}
            assert (set(now.opinions), sides) == ({Side.SALES, Side.MARKETING}, {now.ruling})
            assert len(set(now.decided_by)) == 2
        if now.state is DisputeState.RULED:
            assert now.decided_by == ("ada",)
        assert (now.ruling is not None) == (now.state in (DisputeState.SETTLED, DisputeState.RULED))
        speakers = [opinion.person_id for opinion in now.opinions.values()]
        assert len(speakers) == len(set(speakers)), "nobody speaks for both sides"


def test_a_deputy_speaks_in_the_name_of_the_absent_one_and_an_arbiter_who_gave_an_opinion_is_a_party() -> None:
    one = give_opinion(dispute(), MARCO, Ruling.OVERTURNED, "So.", NOW, by=ADA)
    (said,) = one.opinions.values()
    assert (said.person_id, said.for_id) == ("ada", "marco")
    assert "party" in refused(rule, to_arbiter(one, SOFIA), ADA, Ruling.OVERTURNED, "So.", NOW)
    assert rule(to_arbiter(one, SOFIA), LENA, Ruling.UPHELD, "So.", NOW, named=True).decided_by == ("lena",)
