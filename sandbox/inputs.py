"""What a person enters: from the plain value of an automation request to the entry Slack puts in `state.values`."""

import re
from collections.abc import Iterable
from typing import Any

from sandbox.blockkit import STATEFUL
from sandbox.errors import CannotDo

Json = dict[str, Any]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_OPTION_TYPES = frozenset(
    {
        "static_select", "external_select", "radio_buttons", "multi_static_select", "multi_external_select",
        "checkboxes", "overflow",
    }
)  # fmt: skip


def options_of(element: Json, offered: Iterable[Json] = ()) -> list[Json]:
    """Everything that can be chosen in an element; `offered` are the app's own, for external selects."""
    grouped = [option for group in element.get("option_groups") or () for option in group.get("options") or ()]
    return [*(element.get("options") or ()), *grouped, *offered]


def option_with(element: Json, value: object, offered: Iterable[Json] = ()) -> Json:
    """The option with this value; raises CannotDo when there is none."""
    options = options_of(element, offered)
    for option in options:
        if option.get("value") == value:
            return option
    known = ", ".join(repr(option.get("value")) for option in options[:20]) or "none"
    raise CannotDo(f"{element['action_id']!r} has no option {value!r}; there are {known}.")


def entry_for(element: Json, value: object, offered: Iterable[Json] = ()) -> Json:
    """The `state.values` entry after a person chose or typed `value`.

    `value`: an option's value; a list of values; a user's or channel's id (or a list); ``YYYY-MM-DD``; ``HH:MM``;
    seconds since 1970; text. None or "" empties the element. Raises CannotDo when it does not fit.
    """
    kind = str(element["type"])
    if kind not in STATEFUL:
        raise CannotDo(f"{element.get('action_id')!r} is a {kind}; nothing can be entered there.")
    key, _, empty = STATEFUL[kind]
    if value in (None, "", []):
        return {"type": kind, key: [] if empty == [] else None}
    if empty == []:
        if not isinstance(value, list):
            raise CannotDo(f"{element['action_id']!r} takes a list of values, not {value!r}.")
        chosen = [option_with(element, one, offered) for one in value] if kind in _OPTION_TYPES else value
        most = element.get("max_selected_items")
        if most is not None and len(value) > most:
            raise CannotDo(f"{element['action_id']!r} takes at most {most} values, not {len(value)}.")
        return {"type": kind, key: chosen}
    if kind in _OPTION_TYPES:
        return {"type": kind, key: option_with(element, value, offered)}
    if kind == "datetimepicker":
        return {"type": kind, key: _whole_number(element, value)}
    if kind == "rich_text_input":
        return {"type": kind, key: value if isinstance(value, dict) else rich_text(str(value))}
    if not isinstance(value, str):
        raise CannotDo(f"{element['action_id']!r} takes text, not {value!r}.")
    if kind == "datepicker" and not _DATE.fullmatch(value):
        raise CannotDo(f"{element['action_id']!r} takes a date like 2026-11-21, not {value!r}.")
    if kind == "timepicker" and not _TIME.fullmatch(value):
        raise CannotDo(f"{element['action_id']!r} takes a time like 09:30, not {value!r}.")
    return {"type": kind, key: value}


def complaint(block: Json, entry: Json) -> str | None:
    """What Slack's own form says under an input before anything is sent, or None when it is content."""
    element = block["element"]
    value = entry.get(STATEFUL[element["type"]][0])
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    kind = element["type"]
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(value) < least:
            return f"Please enter at least {least} characters."
        if len(value) > most:
            return f"Please enter at most {most} characters."
    if kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not value.startswith(("http://", "https://")):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_complaint(element, value)
    return None


def rich_text(text: str) -> Json:
    """The rich_text block of a line somebody typed."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and not re.fullmatch(r"-?\d+", value):
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _whole_number(element: Json, value: object) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise CannotDo(f"{element['action_id']!r} takes seconds since 1970, not {value!r}.") from error
