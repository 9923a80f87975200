"""Values about a manager's people, about whoever stands in, and about practice; hostile ones in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.reassignment import Which
from bot.services.cards import Card
from bot.services.forms import AwayForm, Choice
from bot.services.home_people import PeopleList, PersonRow, StandsInFor
from bot.services.home_rows import PAGE
from bot.services.reassigning_all_form import ReassignAllForm
from bot.services.welcome import Welcome
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_cards, hostile_or_none, make_card, make_lead


def make_person_row(number: int = 1, **changes: Any) -> PersonRow:
    row = PersonRow(
        person_id=f"0199b6a0-0000-7000-a000-{number:012d}",
        name="Jonas Brandt",
        absence=None,
        until=None,
        offers=3,
        accepted=5,
    )
    return replace(row, **changes)


def people_list(*rows: PersonRow, total: int | None = None, page: int = 0) -> PeopleList:
    return PeopleList(rows=rows, total=len(rows) if total is None else total, page=page)


def full_people() -> PeopleList:
    away = (make_person_row(n, absence="away", until=NOW + timedelta(days=3)) for n in range(PAGE))
    return people_list(*away, total=3 * PAGE, page=1)


def make_stands_in(**changes: Any) -> StandsInFor:
    return replace(StandsInFor(name="Anna Keller", absence="away", until=NOW + timedelta(days=3)), **changes)


def make_reassign_all_form(**changes: Any) -> ReassignAllForm:
    form = ReassignAllForm(
        id=OTHER,
        person_id=HANDOFF,
        name="Jonas Brandt",
        offers=3,
        accepted=5,
        absence="away",
        until=NOW + timedelta(days=3),
        which=Which.BOTH,
        to="rules",
        by_turns=(
            Choice(value="rules", label="Route each anew", description="By the routing rules, as if it came now"),
            Choice(value="team:t1", label="Europe, by turns"),
        ),
        reps=(
            Choice(value="rep:p2", label="Inês Carvalho", description="Deputy of Jonas Brandt"),
            Choice(value="rep:p3", label="Tomasz Wójcik"),
        ),
        preview="8 leads are routed anew, without Jonas Brandt.",
        is_trouble=False,
        may_be_marked_away=True,
    )
    return replace(form, **changes)


def make_welcome(**changes: Any) -> Welcome:
    welcome = Welcome(first_name="Jonas", manager="Anna Keller", teams=("Europe", "Fast lane"), pools=("Fast lane",))
    return replace(welcome, **changes)


def make_away_form(**changes: Any) -> AwayForm:
    people = (Choice(value="p2", label="Inês Carvalho", description="Account Executive, Europe"),)
    form = AwayForm(today="2026-10-06", tz="Europe/Berlin", people=people, deputy_id="p2", manages=True)
    return replace(form, **changes)


def practice_card(**changes: Any) -> Card:
    lead = make_lead(
        name="Dana Example", title="Head of Logistics", company="Example Freight", email="dana.example@example.com"
    )
    return make_card(**{"practice": True, "lead": lead, "routed_because": "You asked for a practice lead.", **changes})


_instant = st.just(NOW)
hostile_people = st.builds(
    PeopleList,
    rows=st.lists(
        st.builds(
            PersonRow,
            person_id=st.uuids().map(str),
            name=hostile,
            absence=hostile_or_none,
            until=st.none() | _instant,
            offers=st.integers(0, 300),
            accepted=st.integers(0, 300),
            moving=st.none() | st.tuples(st.integers(0, 300), st.integers(0, 300)),
        ),
        max_size=PAGE,
        unique_by=lambda row: row.person_id,
    ).map(tuple),
    total=st.integers(0, 3 * PAGE),
    page=st.integers(0, 2),
)
hostile_stands_in = st.lists(
    st.builds(StandsInFor, name=hostile, absence=hostile, until=st.none() | _instant), max_size=3
).map(tuple)
_choices = st.lists(
    st.builds(Choice, value=st.uuids().map(str), label=hostile, description=hostile_or_none), min_size=1, max_size=130,
    unique_by=lambda choice: choice.value,
).map(tuple)  # fmt: skip
hostile_reassign_all_forms = st.builds(
    make_reassign_all_form,
    name=hostile,
    absence=hostile_or_none,
    until=st.none() | _instant,
    which=st.sampled_from(Which),
    to=st.sampled_from(["rules", "rep:p2", "team:t1", "x"]),
    by_turns=_choices,
    reps=st.just(()) | _choices,
    preview=hostile,
    is_trouble=st.booleans(),
    may_be_marked_away=st.booleans(),
)
hostile_welcomes = st.builds(
    Welcome,
    first_name=hostile,
    manager=hostile_or_none,
    teams=st.lists(hostile, max_size=7).map(tuple),
    pools=st.lists(hostile, max_size=7).map(tuple),
)
hostile_away_forms = st.builds(
    make_away_form, people=st.just(()) | _choices, deputy_id=st.none() | st.just("p2"), manages=st.booleans()
)
hostile_practice_cards = hostile_cards().map(lambda card: replace(card, practice=True))
