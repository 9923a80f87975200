"""Reassign, withdraw, release, going away, and the details of a lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.services.forms import HistoryLine
from bot.views.away_form import away_form
from bot.views.details import details_view
from bot.views.handoff_forms import reassign_form, release_form, withdraw_form
from bot.views.ids import ActionId, BlockId, CallbackId, read_form_metadata
from tests.views.oracle import action_ids, assert_slack_takes, block_ids, words
from tests.views.samples import (
    CRM_URL,
    HANDOFF,
    accepted_card,
    make_away_form,
    make_card,
    make_details,
    make_lead,
    make_note_form,
    make_reassign_form,
    masked_lead,
)


def block(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


@pytest.mark.parametrize(
    ("view", "callback_id", "submit"),
    [
        (reassign_form(make_reassign_form()), CallbackId.REASSIGN_SUBMIT, "Reassign"),
        (withdraw_form(make_note_form()), CallbackId.WITHDRAW_SUBMIT, "Withdraw"),
        (release_form(make_note_form()), CallbackId.RELEASE_SUBMIT, "Release"),
    ],
)
def test_each_form_names_its_lead_and_carries_its_handoff(view: dict[str, Any], callback_id: str, submit: str) -> None:
    assert "Dana Whitfield" in words(view)
    assert (view["callback_id"], view["submit"]["text"]) == (callback_id, submit)
    ref = read_form_metadata(view["private_metadata"])
    assert (ref.handoff_id, ref.version) == (HANDOFF, 3)
    assert_slack_takes(view)


def test_managers_must_say_why_and_owners_may() -> None:
    assert "optional" not in block(reassign_form(make_reassign_form()), BlockId.NOTE)
    assert "optional" not in block(withdraw_form(make_note_form()), BlockId.NOTE)
    assert block(release_form(make_note_form()), BlockId.NOTE)["optional"] is True


def test_reassign_asks_for_a_rep() -> None:
    view = reassign_form(make_reassign_form())
    person = block(view, BlockId.PERSON_ID)
    assert "optional" not in person
    assert [one["value"] for one in person["element"]["options"]] == ["p1"]


def test_reassign_without_another_rep_says_so() -> None:
    view = reassign_form(make_reassign_form(people=()))
    assert block_ids(view) == [BlockId.NOTE]
    assert "There is no other rep" in words(view)
    assert_slack_takes(view)


def test_going_away_asks_for_the_first_day_back_and_does_not_insist() -> None:
    view = away_form(make_away_form())
    assert view["callback_id"] == CallbackId.AWAY_SUBMIT
    assert block(view, BlockId.BACK_ON)["optional"] is True
    assert "Europe/Berlin" in words(view)
    assert_slack_takes(view)


def test_details_show_everything_and_decide_nothing() -> None:
    view = details_view(make_details())
    shown = words(view)
    for part in (
        "Dana Whitfield",
        "<tel:+4930901820|",
        "Asked for a demo",
        "*Lead score*  82",
        "*Fleet*  240 vans",
        "*Routed because*",
        "Jonas Brandt accepted it",
    ):
        assert part in shown
    assert action_ids(view) == [ActionId.OPEN_CRM]
    assert CRM_URL in str(view["blocks"])
    assert "submit" not in view
    assert_slack_takes(view)


def test_details_say_who_passed_it_on_but_not_while_masked() -> None:
    card = make_card(passed_on="Released by Inês Carvalho: prefers French")
    assert "prefers French" in words(details_view(make_details(card=card)))
    assert "French" not in words(details_view(make_details(card=replace(card, masked=True))))


def test_masked_details_say_when_the_rest_will_show() -> None:
    card = make_card(masked=True, is_pool=True, lead=masked_lead(), crm_url=None)
    shown = words(details_view(make_details(card=card)))
    assert "as soon as somebody has accepted it" in shown
    assert "Dana" not in shown


def test_long_details_stay_within_slacks_limits() -> None:
    lead = make_lead(
        fields={f"{'k' * 200}{number}": "v" * 2000 for number in range(80)}, summary="&" * 5000, name="n" * 5000
    )
    history = tuple(HistoryLine(text="h" * 900, at_iso="2026-10-06T09:24:00+00:00") for _ in range(60))
    view = details_view(make_details(card=replace(accepted_card(), lead=lead), history=history))
    assert_slack_takes(view)
    assert "and 60 more" in words(view)
