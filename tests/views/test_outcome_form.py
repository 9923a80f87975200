"""Log outcome: the form asks only what belongs to what happened, and says why the rest is not possible."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.outcome import Kind
from bot.views.ids import BlockId
from bot.views.outcome_form import TAKE_OUT, outcome_form
from bot.views.outcome_history import history_view
from bot.views.outcome_ref import entry_value, read_entry_value, read_outcome_ref
from bot.views.reached import render_contact_reminder
from bot.views.standing import standing_line
from tests.views.oracle import assert_slack_takes, words
from tests.views.samples import HANDOFF, OTHER
from tests.views.samples_outcomes import (
    DAY,
    STANDINGS,
    make_contact_reminder,
    make_entry,
    make_history,
    make_outcome,
    make_outcome_form,
    make_standing,
)


def asked(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize(
    ("kind", "reason", "fields"),
    [
        (None, None, ["what"]),
        ("attempt", None, ["what", "attempt", "when", "note"]),
        ("contacted", None, ["what", "when", "note"]),
        ("qualified", None, ["what", "when", "note"]),
        ("disqualified", None, ["what", "reason", "when", "note"]),
        ("disqualified", "no_authority", ["what", "reason", "answer", "when", "note"]),
        ("disqualified", "no_timeline", ["what", "reason", "come_back_on", "again", "when", "note"]),
        ("given_back", None, ["what", "when", "note"]),
        ("opportunity", None, ["what", "amount", "currency", "expected_close", "when", "note"]),
        ("won", None, ["what", "reason", "amount", "currency", "when", "note"]),
        ("lost", "postponed", ["what", "reason", "come_back_on", "when", "note"]),
        ("nonsense", None, ["what"]),
    ],
)
def test_it_asks_only_what_belongs_to_what_happened(kind: str | None, reason: str | None, fields: list[str]) -> None:
    view = outcome_form(make_outcome_form(), kind=kind, reason=reason)
    assert asked(view) == fields
    assert_slack_takes(view)


def test_an_earlier_time_is_asked_for_when_it_was_earlier() -> None:
    assert BlockId.AT in asked(outcome_form(make_outcome_form(), kind="attempt", when="yesterday"))
    earlier = outcome_form(make_outcome_form(), kind="attempt", when="earlier")
    assert asked(earlier)[-4:] == ["when", "day", "at", "note"]
    assert_slack_takes(earlier)
    assert BlockId.AT not in asked(outcome_form(make_outcome_form(), kind="attempt", when="now"))


def test_what_is_not_possible_is_not_offered_and_says_why() -> None:
    why = "Log it as qualified first."
    form = make_outcome_form(possible=(Kind.ATTEMPT,), refused=((Kind.WON, why), (Kind.LOST, why)))
    view = outcome_form(form, kind="won")
    assert asked(view) == ["what"]
    options = next(block for block in view["blocks"] if block["type"] == "input")["element"]["options"]
    assert [one["value"] for one in options] == ["attempt"]
    assert "_Won, Lost_: Log it as qualified first." in words(view)


def test_when_nothing_more_can_be_logged_there_is_nothing_to_send() -> None:
    ended = "Nothing more can be logged: this lead is won."
    view = outcome_form(make_outcome_form(possible=(), refused=tuple((kind, ended) for kind in Kind)))
    assert "submit" not in view
    assert words(view).count(ended) == 1


def test_a_correction_shows_what_was_logged_and_can_take_it_out() -> None:
    form = make_outcome_form(correcting=make_entry())
    view = outcome_form(form)
    assert asked(view) == ["what", "amount", "currency", "expected_close", "when", "note"]
    amount = next(block for block in view["blocks"] if block.get("block_id") == "amount")
    assert amount["element"]["initial_value"] == "12000.50"
    assert asked(outcome_form(form, kind=TAKE_OUT)) == ["what"]
    assert read_outcome_ref(view["private_metadata"]).outcome_id == OTHER


@pytest.mark.parametrize("again", [True, False])
def test_a_disqualification_that_is_corrected_shows_whether_the_lead_is_to_come_back_to_the_same_rep(
    again: bool,
) -> None:
    entry = make_entry(outcome=make_outcome(Kind.DISQUALIFIED, reason="no_timeline", come_back_on=DAY))
    view = outcome_form(make_outcome_form(correcting=entry, again=again))
    box = next(block for block in view["blocks"] if block.get("block_id") == BlockId.AGAIN)["element"]
    assert [one["value"] for one in box.get("initial_options", ())] == (["again"] if again else [])
    assert_slack_takes(view)


def test_history_strikes_through_what_was_corrected_and_offers_to_correct_the_rest() -> None:
    view = history_view(make_history())
    assert "~Lost~" in words(view)
    assert "_Corrected by Anna Keller" in words(view)
    buttons = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    assert [read_entry_value(one["value"]).outcome_id for one in buttons] == [OTHER]
    assert read_entry_value(entry_value(HANDOFF, 3, OTHER)).version == 3


def test_reached_them_offers_to_disqualify_only_after_the_agreed_attempts() -> None:
    def labels(**changes: Any) -> list[str]:
        message = render_contact_reminder(make_contact_reminder(**changes))
        return [one["text"]["text"] for block in message.blocks for one in block.get("elements", ()) if "value" in one]

    assert labels() == ["Reached", "No answer", "Give back…", "Disqualify…"]
    assert labels(can_disqualify=False) == ["Reached", "No answer", "Give back…"]
    assert labels(over="Logged: reached.") == []


def test_each_stage_has_its_line() -> None:
    lines = [str(standing_line(one)) for one in STANDINGS]
    assert len(set(lines)) == len(lines) - 1, "a leak is said in a line of its own"
    assert lines[0].startswith("*2 of 3 attempts*, last ")
    assert "*Opportunity EUR 12,000*, expected 30 November 2026, says the CRM" in lines
    assert standing_line(make_standing(attempts=5)).startswith("*5 attempts*")
