"""The budget: leads, and what somebody must act on, are always said at once; the rest as its reader chose, and
otherwise by default."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import TABLE, How, Kind, Readers, how, kinds_for, muted
from bot.domain.person import Person, Role, Side

DOCS = Path(__file__).parents[2] / "docs"
choices = st.dictionaries(st.sampled_from(Kind), st.sampled_from(How))


@given(chosen=choices)
def test_leads_and_trouble_are_said_at_once_whatever_is_chosen(chosen: dict[Kind, How]) -> None:
    assert how(Kind.LEAD, chosen) is How.LIVE
    assert how(Kind.TROUBLE, chosen) is How.LIVE


@given(chosen=choices)
def test_a_kind_is_said_as_chosen_where_it_may_be_and_by_default_elsewhere(chosen: dict[Kind, How]) -> None:
    for kind, rule in TABLE.items():
        wanted = chosen.get(kind)
        assert how(kind, chosen) is (wanted if wanted in rule.choices else rule.default)
        assert (kind in muted(chosen)) == (how(kind, chosen) is How.MUTED)


def test_only_leads_what_waits_for_somebody_and_what_is_worth_a_cheer_are_live_by_default() -> None:
    live = {kind for kind, rule in TABLE.items() if rule.default is How.LIVE}
    escalations = {Kind.HOTTER, Kind.ESCALATION, Kind.AGREEMENT, Kind.DISPUTE}
    waits = {Kind.CAMPAIGN, Kind.QUESTION, Kind.NOTE_QUOTED}
    assert live == {Kind.LEAD, Kind.TROUBLE, Kind.REJECT, Kind.MILESTONE, Kind.DIGEST} | escalations | waits


def test_what_somebody_must_act_on_and_what_touches_their_privacy_cannot_be_muted() -> None:
    fixed = {kind for kind, rule in TABLE.items() if rule.is_fixed}
    scheduled = {Kind.DIGEST}
    assert fixed - scheduled == {
        Kind.LEAD, Kind.TROUBLE, Kind.ESCALATION, Kind.AGREEMENT, Kind.DISPUTE, Kind.NOTE_QUOTED,
    }  # fmt: skip
    assert scheduled <= fixed
    assert all(How.MUTED in rule.choices for rule in TABLE.values() if not rule.is_fixed)


def somebody(side: Side, *roles: Role, on_roster: bool = True) -> Person:
    return Person(id="p", name="P", side=side, roles=frozenset(roles), on_roster=on_roster)


@pytest.mark.parametrize(
    ("person", "readers"),
    [
        (somebody(Side.SALES, Role.REP), {Readers.LEADS}),
        (somebody(Side.SALES, Role.MANAGER), {Readers.LEADS}),
        (somebody(Side.MARKETING, Role.MARKETER), {Readers.MARKETING}),
        (somebody(Side.MARKETING, Role.MANAGER), {Readers.MARKETING}),
        (somebody(Side.LEADERSHIP, Role.MANAGER), {Readers.MARKETING, Readers.LEADS}),
        (somebody(Side.OTHER, Role.ARBITER), set()),
        (somebody(Side.SALES, Role.REP, Role.MARKETER, on_roster=False), set()),
    ],
)
def test_people_are_asked_about_what_can_reach_them(person: Person, readers: set[Readers]) -> None:
    found = kinds_for(person, is_admin=False, owns_campaigns=False)
    readers = readers | {Readers.EVERYBODY}  # milestones
    assert {TABLE[kind].readers for kind in found} == readers
    also = kinds_for(person, is_admin=True, owns_campaigns=True)
    assert {TABLE[kind].readers for kind in also} == readers | {Readers.ADMIN, Readers.MARKETING}


@pytest.mark.parametrize("page", ["brief.md", "decisions/0015-message-budget.md"])
def test_every_kind_that_can_be_chosen_about_is_described(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for rule in TABLE.values():
        assert rule.is_fixed or f"| {rule.label}" in text
