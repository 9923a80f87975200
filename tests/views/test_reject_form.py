"""A reject form asks for a reason, and only for what belongs to the reason chosen."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.reasons import FollowUp, Then
from bot.errors import FormError
from bot.views.form_parts import form_errors
from bot.views.ids import ActionId, BlockId, CallbackId, read_form_metadata
from bot.views.reject_form import reject_form
from bot.views.set_up_ref import SetUpBlock
from sandbox.blockkit import carried_state, find_element
from tests.views.oracle import assert_slack_takes, block_ids, words
from tests.views.samples import CODES, HANDOFF, make_reject_form

FOLLOW_UPS = {
    FollowUp.DATE: BlockId.RECYCLE_ON,
    FollowUp.PERSON: BlockId.PERSON_ID,
    FollowUp.CRITERION: BlockId.CRITERION,
    FollowUp.LEAD: BlockId.LEAD_ID,
    FollowUp.TEXT: BlockId.TEXT,
}


def block(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


def test_the_form_begins_with_the_reasons_alone() -> None:
    view = reject_form(make_reject_form())
    assert block_ids(view) == [BlockId.REASON]
    assert view["callback_id"] == CallbackId.REJECT_SUBMIT
    assert_slack_takes(view)


def test_ten_reasons_are_radio_buttons_and_more_are_a_menu() -> None:
    ten = reject_form(make_reject_form())
    assert block(ten, BlockId.REASON)["element"]["type"] == "radio_buttons"
    eleventh = replace(DEFAULT_TERMS.reasons[9], code="eleventh")
    eleven = reject_form(make_reject_form(reasons=(*DEFAULT_TERMS.reasons, eleventh)), chosen="eleventh")
    assert block(eleven, BlockId.REASON)["element"]["type"] == "static_select"
    assert block(eleven, BlockId.REASON)["element"]["initial_option"]["value"] == "eleventh"
    assert_slack_takes(eleven)


def test_choosing_a_reason_asks_us_for_its_follow_up() -> None:
    reasons = block(reject_form(make_reject_form()), BlockId.REASON)
    assert reasons["dispatch_action"] is True
    assert reasons["element"]["action_id"] == ActionId.REJECT_REASON
    assert [one["value"] for one in reasons["element"]["options"]] == list(CODES)


def test_a_reason_is_never_optional() -> None:
    for chosen in (None, *CODES):
        assert "optional" not in block(reject_form(make_reject_form(), chosen=chosen), BlockId.REASON)


@pytest.mark.parametrize("reason", DEFAULT_TERMS.reasons, ids=lambda reason: reason.code)
def test_only_the_chosen_reasons_follow_up_is_shown(reason: Any) -> None:
    view = reject_form(make_reject_form(), chosen=reason.code)
    expected = [FOLLOW_UPS[reason.ask]] if reason.ask in FOLLOW_UPS else []
    again = [BlockId.AGAIN] if reason.then in (Then.RECYCLE, Then.MARKETING) else []
    assert block_ids(view) == [BlockId.REASON, *expected, *again, BlockId.COMMENT]
    if expected:
        follow_up = block(view, expected[0])
        assert follow_up["label"]["text"] == reason.question
        assert follow_up.get("optional", False) is not reason.required
    assert_slack_takes(view)


def test_an_unknown_reason_counts_as_none_chosen() -> None:
    assert reject_form(make_reject_form(), chosen="<script>") == reject_form(make_reject_form())


def test_the_chosen_reason_is_marked_and_carried() -> None:
    view = reject_form(make_reject_form(), chosen="bad_timing")
    assert block(view, BlockId.REASON)["element"]["initial_option"]["value"] == "bad_timing"
    ref = read_form_metadata(view["private_metadata"])
    assert (ref.handoff_id, ref.version, ref.reason) == (HANDOFF, 3, "bad_timing")
    assert read_form_metadata(reject_form(make_reject_form())["private_metadata"]).reason is None


def test_other_needs_its_text() -> None:
    text = block(reject_form(make_reject_form(), chosen="other"), BlockId.TEXT)
    assert "optional" not in text
    assert text["element"]["type"] == "plain_text_input"


def test_whether_it_comes_back_to_the_same_rep_is_asked_and_not_ticked_before() -> None:
    again = block(reject_form(make_reject_form(), chosen="bad_timing"), BlockId.AGAIN)
    assert again["element"]["type"] == "checkboxes"
    assert "initial_options" not in again["element"]
    assert again["optional"] is True


def test_a_recycle_date_is_suggested_and_its_limits_are_said() -> None:
    day = block(reject_form(make_reject_form(), chosen="bad_timing"), BlockId.RECYCLE_ON)
    assert day["element"]["initial_date"] == "2027-01-06"
    assert "tomorrow" in day["hint"]["text"]
    assert "6 October 2028" in day["hint"]["text"]


def test_the_comment_is_optional_for_every_reason() -> None:
    for code in CODES:
        assert block(reject_form(make_reject_form(), chosen=code), BlockId.COMMENT)["optional"] is True


def test_what_was_typed_survives_another_choice() -> None:
    before = reject_form(make_reject_form(), chosen="bad_timing")
    after = reject_form(make_reject_form(), chosen="other")
    typed = {BlockId.COMMENT: {ActionId.ANSWER: {"type": "plain_text_input", "value": "Met them at the fair"}}}
    assert find_element(before["blocks"], ActionId.ANSWER, BlockId.COMMENT) is not None
    assert carried_state(after, typed)[BlockId.COMMENT][ActionId.ANSWER]["value"] == "Met them at the fair"


def test_a_duplicate_of_a_lead_i_do_not_know_can_be_named() -> None:
    view = reject_form(make_reject_form(similar=()), chosen="duplicate")
    assert block_ids(view) == [BlockId.REASON, BlockId.TEXT, BlockId.COMMENT]
    assert "optional" not in block(view, BlockId.TEXT)
    assert_slack_takes(view)


@pytest.mark.parametrize("code", ["existing", "not_icp"])
def test_an_empty_menu_is_a_sentence_instead(code: str) -> None:
    view = reject_form(make_reject_form(people=(), criteria=()), chosen=code)
    assert block_ids(view) in ([BlockId.REASON, BlockId.COMMENT], [BlockId.REASON, BlockId.AGAIN, BlockId.COMMENT])
    assert "There is no" in words(view)
    assert_slack_takes(view)


def test_the_form_says_what_follows_and_what_does_not_count_against_marketing() -> None:
    assert "handed over again on that day" in words(reject_form(make_reject_form(), chosen="bad_timing"))
    for reason in DEFAULT_TERMS.reasons:
        said = "does not count against marketing" in words(reject_form(make_reject_form(), chosen=reason.code))
        assert said is not reason.counts_against_marketing


def test_an_error_stands_at_its_field_or_at_the_first_one() -> None:
    view = reject_form(make_reject_form(people=()), chosen="existing")
    error = FormError({"comment": "Too long.", "person_id": "Choose somebody.", "text": "Say why."})
    assert form_errors(error, view) == {"comment": "Too long.", "reason": "Choose somebody. Say why."}


def test_the_fields_of_errors_are_the_ids_of_inputs() -> None:
    """So that each sentence stands at its input; a field no form asks for would be lost."""
    named = {
        key.value
        for path in sorted((Path(bot.__file__).parent).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FormError"
        for given in node.args
        if isinstance(given, ast.Dict)
        for key in given.keys
        if isinstance(key, ast.Constant)
    }
    assert len(named) > 10
    assert named <= {*BlockId, *SetUpBlock}
