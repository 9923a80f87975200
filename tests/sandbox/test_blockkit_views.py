"""Modals and Home tabs: what Slack takes, and what people can enter into them."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit import (
    carried_state,
    fill_ids,
    find_element,
    initial_state,
    input_elements,
    interactive_elements,
    stateful_elements,
    validate_blocks,
    validate_view,
)
from tests.sandbox.blockkit_samples import BLOCKS, ELEMENTS, RICH_TEXT, block, element, modal, option, plain

Json = dict[str, Any]


def pointers(view: Json) -> list[str]:
    return [one.pointer for one in validate_view(view)]


@pytest.mark.parametrize(
    ("made", "limit", "pointer"),
    [
        (lambda t: modal(title=plain(t)), 24, "/title/text"),
        (lambda t: modal(submit=plain(t)), 24, "/submit/text"),
        (lambda t: modal(close=plain(t)), 24, "/close/text"),
        (lambda t: modal(private_metadata=t), 3000, "/private_metadata"),
        (lambda t: modal(callback_id=t), 255, "/callback_id"),
        (lambda t: modal(external_id=t), 255, "/external_id"),
    ],
)
def test_the_texts_of_a_view_have_their_limits(made: Any, limit: int, pointer: str) -> None:
    assert pointers(made("x" * limit)) == []
    assert pointers(made("x" * (limit + 1))) == [pointer]


def test_a_view_holds_one_to_a_hundred_blocks() -> None:
    assert pointers(modal(*[block("divider")] * 100)) == []
    assert pointers(modal(*[block("divider")] * 101)) == ["/blocks"]
    assert pointers({**modal(), "blocks": []}) == ["/blocks"]


def test_a_form_with_a_field_needs_a_submit_button() -> None:
    [problem] = validate_view(modal(block("input"), submit=None))
    assert problem.message == "missing required field: submit"
    assert pointers(modal(block("section"), submit=None)) == []


def test_a_form_needs_a_title() -> None:
    assert [one.message for one in validate_view(modal(title=None))] == ["missing required field: title"]


@pytest.mark.parametrize("field", ["submit", "close", "title", "clear_on_close"])
def test_a_home_tab_has_no_buttons_of_a_form(field: str) -> None:
    home = {"type": "home", "blocks": [block("section"), block("input")]}
    assert pointers(home) == []
    [problem] = validate_view({**home, field: plain()})
    assert problem.message == f"invalid additional property: {field}"


def test_only_one_element_may_have_the_focus() -> None:
    focused = block("input", element=element("plain_text_input", focus_on_load=True))
    assert pointers(modal(focused, block("input"))) == []
    assert pointers(modal(focused, focused)) == ["/blocks/1/element/focus_on_load"]


def test_a_view_above_250_kb_has_an_error_of_its_own() -> None:
    many = [option("x" * 75, f"{one:03}" + "y" * 147) for one in range(100)]
    large = [block("input", element=element("static_select", options=many)) for _ in range(12)]
    [problem] = validate_view(modal(*large))
    assert problem.constraint["type"] == "view_too_large"


@pytest.mark.parametrize("view", [None, [], "modal", {}, {"type": "sheet", "blocks": []}])
def test_what_is_no_view_is_refused(view: object) -> None:
    assert validate_view(view)


# ----------------------------------------------------------------------------------------------------------- state
INITIAL = {
    "plain_text_input": ({"initial_value": "x"}, {"value": "x"}, {"value": None}),
    "email_text_input": ({"initial_value": "a@example.com"}, {"value": "a@example.com"}, {"value": None}),
    "url_text_input": ({"initial_value": "https://x"}, {"value": "https://x"}, {"value": None}),
    "number_input": ({"initial_value": "3"}, {"value": "3"}, {"value": None}),
    "rich_text_input": ({"initial_value": RICH_TEXT}, {"rich_text_value": RICH_TEXT}, {"rich_text_value": None}),
    "static_select": ({"initial_option": option()}, {"selected_option": option()}, {"selected_option": None}),
    "external_select": ({"initial_option": option()}, {"selected_option": option()}, {"selected_option": None}),
    "radio_buttons": ({"initial_option": option()}, {"selected_option": option()}, {"selected_option": None}),
    "checkboxes": ({"initial_options": [option()]}, {"selected_options": [option()]}, {"selected_options": []}),
    "multi_static_select": (
        {"initial_options": [option()]},
        {"selected_options": [option()]},
        {"selected_options": []},
    ),
    "multi_external_select": (
        {"initial_options": [option()]},
        {"selected_options": [option()]},
        {"selected_options": []},
    ),
    "users_select": ({"initial_user": "U1"}, {"selected_user": "U1"}, {"selected_user": None}),
    "channels_select": ({"initial_channel": "C1"}, {"selected_channel": "C1"}, {"selected_channel": None}),
    "conversations_select": (
        {"initial_conversation": "C1"},
        {"selected_conversation": "C1"},
        {"selected_conversation": None},
    ),
    "multi_users_select": ({"initial_users": ["U1"]}, {"selected_users": ["U1"]}, {"selected_users": []}),
    "multi_channels_select": (
        {"initial_channels": ["C1"]},
        {"selected_channels": ["C1"]},
        {"selected_channels": []},
    ),
    "multi_conversations_select": (
        {"initial_conversations": ["C1"]},
        {"selected_conversations": ["C1"]},
        {"selected_conversations": []},
    ),
    "datepicker": ({"initial_date": "2026-11-23"}, {"selected_date": "2026-11-23"}, {"selected_date": None}),
    "timepicker": ({"initial_time": "09:30"}, {"selected_time": "09:30"}, {"selected_time": None}),
    "datetimepicker": (
        {"initial_date_time": 1_795_426_200},
        {"selected_date_time": 1_795_426_200},
        {"selected_date_time": None},
    ),
}


@pytest.mark.parametrize("kind", sorted(INITIAL))
def test_the_state_of_an_untouched_form_holds_initial_values_or_nothing(kind: str) -> None:
    initial, filled, empty = INITIAL[kind]
    for changes, expected in ((initial, filled), ({}, empty)):
        view = modal(block("input", block_id="b", element=element(kind, action_id="a", **changes)))
        assert validate_view(view) == []
        assert initial_state(view) == {"b": {"a": {"type": kind, **expected}}}


def test_files_start_empty() -> None:
    view = modal(block("input", block_id="b", element=element("file_input", action_id="a")))
    assert initial_state(view) == {"b": {"a": {"type": "file_input", "files": []}}}


def test_menus_outside_of_inputs_hold_state_and_buttons_do_not() -> None:
    view = modal(
        block("section", block_id="s", accessory=element("static_select", action_id="pick")),
        block(
            "actions",
            block_id="a",
            elements=[element("button", action_id="go"), element("datepicker", action_id="day")],
        ),
    )
    assert initial_state(view) == {
        "s": {"pick": {"type": "static_select", "selected_option": None}},
        "a": {"day": {"type": "datepicker", "selected_date": None}},
    }
    assert list(input_elements(view)) == []


def test_the_conversation_one_came_from_is_the_default() -> None:
    view = modal(
        block(
            "input",
            block_id="b",
            element=element("conversations_select", action_id="a", default_to_current_conversation=True),
        )
    )
    assert initial_state(view, "C9")["b"]["a"]["selected_conversation"] == "C9"
    assert initial_state(view)["b"]["a"]["selected_conversation"] is None


def test_what_was_entered_survives_an_update_where_the_ids_stay() -> None:
    def field(block_id: str, kind: str = "plain_text_input", **changes: Any) -> Json:
        return block("input", block_id=block_id, element=element(kind, action_id="a", **changes))

    entered = {
        "kept": {"a": {"type": "plain_text_input", "value": "typed"}},
        "gone": {"a": {"type": "plain_text_input", "value": "typed"}},
        "changed": {"a": {"type": "plain_text_input", "value": "typed"}},
    }
    view = modal(field("kept"), field("changed", "datepicker"), field("new", initial_value="fresh"))
    assert carried_state(view, entered) == {
        "kept": {"a": {"type": "plain_text_input", "value": "typed"}},
        "changed": {"a": {"type": "datepicker", "selected_date": None}},
        "new": {"a": {"type": "plain_text_input", "value": "fresh"}},
    }


# ------------------------------------------------------------------------------------------------------------- ids
kinds_of_blocks = st.lists(st.sampled_from(sorted(BLOCKS)), max_size=12)


@given(kinds_of_blocks)
def test_missing_ids_are_filled_and_stay_unique(kinds: list[str]) -> None:
    blocks = [block(kind) for kind in kinds]
    before = copy.deepcopy(blocks)
    filled = fill_ids(blocks)
    assert blocks == before, "the given blocks were changed"
    ids = [one["block_id"] for one in filled]
    assert len(set(ids)) == len(ids)
    for holder, one in interactive_elements(filled):
        assert holder["block_id"]
        assert one["action_id"]
    in_home = [one for one in filled if not validate_blocks([one], "home")]
    assert not in_home or not validate_blocks(in_home, "home")


def test_given_ids_stay_and_repeated_fills_change_nothing() -> None:
    filled = fill_ids([block("input", block_id="mine", element=element("datepicker", action_id="day"))])
    assert filled[0]["block_id"] == "mine"
    assert filled[0]["element"]["action_id"] == "day"
    once = fill_ids([block("container", child_blocks=[block("actions")]), block("carousel")])
    assert fill_ids(once) == once


def test_elements_are_found_inside_containers_and_cards() -> None:
    inner = block("actions", block_id="in", elements=[element("overflow", action_id="more")])
    cards = block("carousel", elements=[block("card", block_id="c", actions=[element("button", action_id="see")])])
    blocks = fill_ids([block("container", child_blocks=[inner]), cards])
    assert find_element(blocks, "more", "in") is not None
    assert find_element(blocks, "see") is not None
    assert find_element(blocks, "see", "in") is None


@given(st.lists(st.sampled_from(sorted(set(ELEMENTS) & set(INITIAL))), max_size=8))
def test_every_field_of_a_form_is_in_its_state(kinds: list[str]) -> None:
    blocks = fill_ids([block("input", element=element(kind)) for kind in kinds])
    state = initial_state({"blocks": blocks})
    assert len(state) == len(kinds) == len(list(stateful_elements(blocks)))
