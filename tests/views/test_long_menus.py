"""More people than one menu of Slack's takes: all of them can be chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.forms import Choice
from bot.views.handoff_forms import reassign_form
from bot.views.ids import BlockId
from bot.views.reject_form import reject_form
from tests.views.oracle import assert_harmless, assert_slack_takes, words
from tests.views.samples import hostile, make_reassign_form, make_reject_form

FIRST = ("Ana", "Éva", "Jonas", "Émile", "Zoë", "王", "Øystein", "3CX")


def people(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(value=f"p{number}", label=f"{FIRST[number % 8]} {number}") for number in range(count))


def menu(view: dict[str, Any]) -> dict[str, Any]:
    element: dict[str, Any] = next(one for one in view["blocks"] if one.get("block_id") == BlockId.PERSON_ID)["element"]
    return element


def values(element: dict[str, Any]) -> list[str]:
    return [one["value"] for group in element["option_groups"] for one in group["options"]]


@pytest.mark.parametrize("count", [101, 300, 900])
def test_everybody_can_be_chosen(count: int) -> None:
    for view in (
        reassign_form(make_reassign_form(people=people(count))),
        reject_form(make_reject_form(people=people(count)), chosen="misrouted"),
    ):
        assert sorted(values(menu(view))) == sorted(person.value for person in people(count))
        assert "Only the first" not in words(view)
        assert_slack_takes(view)


def test_a_hundred_are_one_plain_list() -> None:
    assert len(menu(reassign_form(make_reassign_form(people=people(100))))["options"]) == 100


def test_people_stand_under_their_first_letter_accents_or_not() -> None:
    groups = menu(reassign_form(make_reassign_form(people=people(160))))["option_groups"]
    labels = [group["label"]["text"] for group in groups]
    assert labels == ["…", "A", "E", "J", "Z", "Ø", "王"]
    under_e = [one["text"]["text"] for one in groups[2]["options"]]
    assert under_e[0].startswith("Émile")
    assert under_e[-1].startswith("Éva")


def test_one_letter_of_more_than_a_hundred_has_several_groups() -> None:
    form = make_reassign_form(people=tuple(Choice(value=f"p{n}", label=f"Sam {n:03}") for n in range(250)))
    groups = menu(reassign_form(form))["option_groups"]
    assert [(group["label"]["text"], len(group["options"])) for group in groups] == [("S", 100), ("S", 100), ("S", 50)]


def test_more_first_letters_than_groups_are_said_as_ranges() -> None:
    form = make_reassign_form(people=tuple(Choice(value=f"p{n}", label=chr(0x4E00 + n)) for n in range(250)))
    view = reassign_form(form)
    assert [group["label"]["text"] for group in menu(view)["option_groups"]] == ["一 – 乣", "乤 – 仇", "仈 – 仹"]
    assert_slack_takes(view)


def test_what_is_more_than_a_form_can_hold_is_said() -> None:
    view = reassign_form(make_reassign_form(people=people(3000)))
    listed = len(values(menu(view)))
    assert 1000 < listed < 3000
    assert f"Only the first {listed} are listed." in words(view)
    assert len(json.dumps(view)) < 250_000


@settings(max_examples=30)
@given(labels=st.lists(hostile, min_size=101, max_size=140))
def test_whatever_people_are_called_slack_takes_the_menu(labels: list[str]) -> None:
    given_people = tuple(Choice(value=f"p{number}", label=label) for number, label in enumerate(labels))
    view = reassign_form(make_reassign_form(people=given_people))
    assert_slack_takes(view)
    assert_harmless(view)
    assert len(set(values(menu(view)))) == len(labels)
