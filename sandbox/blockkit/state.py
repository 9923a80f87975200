"""What people can enter: the elements that hold a value, their ids, and `state.values` as Slack sends it."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
StateValues: TypeAlias = dict[str, dict[str, Json]]

# element type -> (key in state.values, key of the initial value in the element, what stands there while it is
# empty). `[]` is copied, never shared.
STATEFUL: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}


def walk_blocks(blocks: Sequence[Json]) -> Iterator[Json]:
    """Every block, then the blocks inside it (container children, carousel cards)."""
    for block in blocks:
        yield block
        inner = block.get("child_blocks") if block.get("type") == "container" else None
        if block.get("type") == "carousel":
            inner = block.get("elements")
        if isinstance(inner, list):
            yield from walk_blocks(inner)


def elements_of(block: Json) -> Iterator[Json]:
    """The elements with an action_id that stand directly in this block."""
    kind = block.get("type")
    if kind == "input":
        places: list[Any] = [block.get("element")]
    elif kind == "section":
        places = [block.get("accessory")]
    elif kind in ("actions", "context_actions"):
        places = list(block.get("elements") or ())
    elif kind == "card":
        places = list(block.get("actions") or ())
    else:
        places = []
    for element in places:
        if isinstance(element, dict) and element.get("type") != "image":
            yield element


def interactive_elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for everything a person can click, choose from or type into."""
    for block in walk_blocks(blocks):
        for element in elements_of(block):
            yield block, element


def stateful_elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for whatever holds a value: all inputs, and selects and pickers elsewhere."""
    for block, element in interactive_elements(blocks):
        if element.get("type") in STATEFUL:
            yield block, element


def input_elements(view: Mapping[str, Any]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for the input blocks of a view: those whose errors `view_submission` may name."""
    for block, element in stateful_elements(view.get("blocks") or ()):
        if block.get("type") == "input":
            yield block, element


def find_element(blocks: Sequence[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json] | None:
    """The first element with this action_id (in this block, when given), or None."""
    for block, element in interactive_elements(blocks):
        if element.get("action_id") == action_id and block_id in (None, block.get("block_id")):
            return block, element
    return None


def initial_value(element: Mapping[str, Any], current_conversation: str | None = None) -> Json:
    """The entry of `state.values` of an untouched element: always `type`; null or [] when empty."""
    key, initial_key, empty = STATEFUL[str(element["type"])]
    value = element.get(initial_key)
    if value is None and element.get("default_to_current_conversation") and current_conversation is not None:
        value = [current_conversation] if empty == [] else current_conversation
    return {"type": element["type"], key: copy.deepcopy(empty if value is None else value)}


def initial_state(view: Mapping[str, Any], current_conversation: str | None = None) -> StateValues:
    """`state.values` of a view (or message) nobody touched yet: block_id -> action_id -> entry.

    Needs ids: call `fill_ids` first. `current_conversation` is where the trigger came from; it answers
    `default_to_current_conversation`.
    """
    values: StateValues = {}
    for block, element in stateful_elements(view.get("blocks") or ()):
        entry = initial_value(element, current_conversation)
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def carried_state(view: Mapping[str, Any], entered: Mapping[str, Mapping[str, Json]]) -> StateValues:
    """`state.values` after an update: what was entered stays where block_id, action_id and type did."""
    values = initial_state(view)
    for block_id, actions in values.items():
        for action_id, entry in actions.items():
            before = entered.get(block_id, {}).get(action_id)
            if before is not None and before.get("type") == entry["type"]:
                actions[action_id] = copy.deepcopy(before)
    return values


def _random_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def _copied(value: Any) -> Any:
    """A copy without any shared part; `copy.deepcopy` keeps an object that stands in two places one object."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def fill_ids(blocks: Sequence[Json], new_id: Callable[[], str] = _random_id) -> list[Json]:
    """A deep copy in which every block has a block_id and every interactive element an action_id.

    Given ids stay as they are; new ones never repeat one that is there.
    """
    filled: list[Json] = [_copied(block) for block in blocks]
    taken = {block.get("block_id") for block in walk_blocks(filled)}
    taken |= {element.get("action_id") for _, element in interactive_elements(filled)}

    def fresh() -> str:
        while (one := new_id()) in taken:
            pass
        taken.add(one)
        return one

    for block in walk_blocks(filled):
        if not block.get("block_id"):
            block["block_id"] = fresh()
        for element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = fresh()
    return filled
