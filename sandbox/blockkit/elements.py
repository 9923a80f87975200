"""Interactive elements, and where each of them may stand."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping

from sandbox.blockkit.objects import (
    confirm,
    conversation_filter,
    dispatch_action_config,
    image_element,
    initial_among_options,
    marked_option,
    options_or_groups,
    overflow_option,
    plain_option,
    plain_text,
    style,
    url,
)
from sandbox.blockkit.problem import Path
from sandbox.blockkit.rich_text import rich_text
from sandbox.blockkit.rules import (
    Check,
    Rule,
    Walk,
    any_type,
    array,
    at_most,
    boolean,
    exactly_one,
    integer,
    one_of,
    shape,
    string,
    typed,
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = r"([01]\d|2[0-3]):[0-5]\d"
_DECIMAL = r"-?\d+(\.\d+)?"


def action_id(walk: Walk, value: object, path: Path) -> None:
    """1 to 255 characters, used once in its block."""
    _action_id_text(walk, value, path)
    if isinstance(value, str):
        if value in walk.action_ids:
            walk.fail(path, f"`action_id` {value} already exists for another element in this block", "unique")
        walk.action_ids.add(value)


_action_id_text = string(255, 1)


def focus_on_load(walk: Walk, value: object, path: Path) -> None:
    """A boolean; true on at most one element of a view."""
    boolean(walk, value, path)
    if value is True:
        walk.focused += 1
        if walk.focused > 1:
            walk.fail(path, "only one element can have `focus_on_load` set to true", "focus_on_load")


def date(walk: Walk, value: object, path: Path) -> None:
    """YYYY-MM-DD, a day of the calendar."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            dt.date.fromisoformat(value)
            return
        except ValueError:
            pass  # 2026-02-30 has the form and is no day
    walk.fail(path, "must be a valid date (YYYY-MM-DD)", "format", "date")


_common: dict[str, Rule] = {"type": any_type, "action_id": action_id}
_confirmable: dict[str, Rule] = {"confirm": confirm}
_focusable: dict[str, Rule] = {"focus_on_load": focus_on_load}
_placeholder: dict[str, Rule] = {"placeholder": plain_text(150)}
_dispatchable: dict[str, Rule] = {"dispatch_action_config": dispatch_action_config}
_select: dict[str, Rule] = {**_common, **_confirmable, **_focusable, **_placeholder}
_max_selected: dict[str, Rule] = {"max_selected_items": integer(1)}
_query: dict[str, Rule] = {"min_query_length": integer(0)}
_input: dict[str, Rule] = {**_common, **_dispatchable, **_focusable, **_placeholder}
_conversation: dict[str, Rule] = {
    "default_to_current_conversation": boolean,
    "filter": conversation_filter,
}
_slack_id = string(minimum=1)


def _initial_value_fits(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    """An initial_value longer than the input's own max_length could never be submitted."""
    initial, longest = value.get("initial_value"), value.get("max_length")
    if isinstance(initial, str) and isinstance(longest, int) and len(initial) > longest:
        walk.fail((path, "initial_value"), f"must be less than {longest + 1} characters", "max_length", longest)


def _numbers_in_order(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    """min_value <= initial_value <= max_value, as far as they are given (they are strings)."""
    given = [(name, value.get(name)) for name in ("min_value", "initial_value", "max_value")]
    known = [(name, float(one)) for name, one in given if isinstance(one, str) and re.fullmatch(_DECIMAL, one)]
    for (low, first), (high, second) in itertools.pairwise(known):
        if first > second:
            walk.fail((path, high), f"must be greater than or equal to {low}", "minimum", value.get(low))


def _static(*, several: bool) -> Rule:
    fields = {**_select, **options_or_groups(1, 100)}
    if several:
        fields |= {"initial_options": array(plain_option, 1, 100), **_max_selected}
    else:
        fields |= {"initial_option": plain_option}
    return shape(fields, (), exactly_one("options", "option_groups"), initial_among_options)


def _choices(*, several: bool) -> Rule:
    fields: dict[str, Rule] = {
        **_common,
        **_confirmable,
        **_focusable,
        "options": array(marked_option, 1, 10),
    }
    fields |= {"initial_options": array(marked_option, 1, 10)} if several else {"initial_option": marked_option}
    return shape(fields, ("options",), initial_among_options)


_feedback_button = shape(
    {"text": plain_text(75), "value": string(2000, 1), "accessibility_label": string(75)},
    ("text", "value"),
)
_workflow = shape(
    {
        "trigger": shape(
            {
                "url": url,
                "customizable_input_parameters": array(
                    shape({"name": string(minimum=1), "value": string()}, ("name", "value"))
                ),
            },
            ("url",),
        )
    },
    ("trigger",),
)

button = shape(
    {
        **_common,
        **_confirmable,
        "text": plain_text(75),
        "value": string(2000),
        "url": url,
        "style": style,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
        "visible_to_user_ids": array(_slack_id),
    },
    ("text",),
)


def _text_input(extra: Mapping[str, Rule], required: tuple[str, ...] = (), *checks: Check) -> Rule:
    return shape({**_input, "initial_value": string(3000), **extra}, required, *checks)


SHAPES: dict[str, Rule] = {
    "button": button,
    "checkboxes": _choices(several=True),
    "radio_buttons": _choices(several=False),
    "datepicker": shape({**_select, "initial_date": date}),
    "timepicker": shape(
        {**_select, "initial_time": string(pattern=_TIME, what="time (HH:mm)"), "timezone": string(minimum=1)}
    ),
    "datetimepicker": shape(
        {**_common, **_confirmable, **_focusable, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "overflow": shape({**_common, **_confirmable, "options": array(overflow_option, 1, 5)}, ("options",)),
    "static_select": _static(several=False),
    "multi_static_select": _static(several=True),
    "external_select": shape({**_select, **_query, "initial_option": plain_option}),
    "multi_external_select": shape(
        {**_select, **_query, **_max_selected, "initial_options": array(plain_option, 1, 100)}
    ),
    "users_select": shape({**_select, "initial_user": _slack_id}),
    "multi_users_select": shape({**_select, **_max_selected, "initial_users": array(_slack_id)}),
    "conversations_select": shape(
        {**_select, **_conversation, "initial_conversation": _slack_id, "response_url_enabled": boolean}
    ),
    "multi_conversations_select": shape(
        {**_select, **_conversation, **_max_selected, "initial_conversations": array(_slack_id)}
    ),
    "channels_select": shape({**_select, "initial_channel": _slack_id, "response_url_enabled": boolean}),
    "multi_channels_select": shape({**_select, **_max_selected, "initial_channels": array(_slack_id)}),
    "plain_text_input": _text_input(
        {"multiline": boolean, "min_length": integer(0, 3000), "max_length": integer(1, 3000)},
        (),
        at_most("min_length", "max_length"),
        _initial_value_fits,
    ),
    "email_text_input": _text_input({}),
    "url_text_input": _text_input({}),
    "number_input": shape(
        {
            **_input,
            "is_decimal_allowed": boolean,
            "initial_value": string(pattern=_DECIMAL, what="number"),
            "min_value": string(pattern=_DECIMAL, what="number"),
            "max_value": string(pattern=_DECIMAL, what="number"),
        },
        ("is_decimal_allowed",),
        _numbers_in_order,
    ),
    "file_input": shape({**_common, "filetypes": array(string(minimum=1)), "max_files": integer(1, 10)}),
    "rich_text_input": shape(
        {**_input, "initial_value": rich_text, "min_lines": integer(1, 100), "max_lines": integer(1, 100)},
        (),
        at_most("min_lines", "max_lines"),
    ),
    "workflow_button": shape(
        {
            **_common,
            **_confirmable,
            "text": plain_text(75),
            "workflow": _workflow,
            "style": style,
            "accessibility_label": string(75),
        },
        ("text", "workflow"),
    ),
    "feedback_buttons": shape(
        {**_common, "positive_button": _feedback_button, "negative_button": _feedback_button},
        ("positive_button", "negative_button"),
    ),
    "icon_button": shape(
        {
            **_common,
            **_confirmable,
            "icon": one_of("trash"),
            "text": plain_text(75),
            "accessibility_label": string(75),
            "value": string(2000),
            "visible_to_user_ids": array(_slack_id, 0, 10),
        },
        ("icon", "text"),
    ),
    "image": image_element,
}

_SELECTS = frozenset(
    f"{several}{kind}_select"
    for several in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
_PICKERS = frozenset({"checkboxes", "radio_buttons", "datepicker", "timepicker"})

IN_ACTIONS = _SELECTS | _PICKERS | {"button", "overflow", "datetimepicker", "workflow_button", "rich_text_input"}
IN_SECTION = _SELECTS | _PICKERS | {"button", "overflow", "workflow_button", "image"}
IN_INPUT = (
    _SELECTS
    | _PICKERS
    | {"datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input"}
    | {"file_input", "rich_text_input"}
)
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})


def element(allowed: frozenset[str]) -> Rule:
    """One element of the allowed types."""
    return typed({kind: SHAPES[kind] for kind in sorted(allowed)})
