"""The builders of the elements that choose people, channels, numbers or several things at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from bot.views.blocks import Element, plain

MOST_OPTIONS = 100


def users_select(action_id: str, *, placeholder: str, initial: str | None = None) -> Element:
    """One person of Slack's directory; `initial` is a Slack id."""
    return _picker("users_select", action_id, placeholder, initial_user=initial)


def multi_users_select(
    action_id: str, *, placeholder: str, initial: Sequence[str] = (), most: int | None = None
) -> Element:
    """Several people of Slack's directory, at most `most`."""
    return _picker(
        "multi_users_select", action_id, placeholder, initial_users=list(initial) or None, max_selected_items=most
    )


def channel_select(action_id: str, *, placeholder: str, initial: str | None = None) -> Element:
    """A public channel, or a private one that the person is in."""
    return _picker(
        "conversations_select",
        action_id,
        placeholder,
        initial_conversation=initial,
        filter={"include": ["public", "private"]},
    )


def multi_channel_select(action_id: str, *, placeholder: str, initial: Sequence[str] = (), most: int) -> Element:
    """Several public channels, or private ones that the person is in."""
    return _picker(
        "multi_conversations_select",
        action_id,
        placeholder,
        initial_conversations=list(initial) or None,
        max_selected_items=most,
        filter={"include": ["public", "private"]},
    )


def multi_static_select(
    action_id: str, options: Sequence[dict[str, Any]], *, placeholder: str, initial: Collection[str] = ()
) -> Element:
    """Several of 1 to 100 options; `initial` are the values of those that are chosen already."""
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise ValueError(f"This menu takes 1 to {MOST_OPTIONS} options, not {len(options)}.")
    chosen = [one for one in options if one["value"] in initial]
    return _picker("multi_static_select", action_id, placeholder, options=list(options), initial_options=chosen or None)


def multi_grouped_select(
    action_id: str,
    groups: Sequence[tuple[str, Sequence[dict[str, Any]]]],
    *,
    placeholder: str,
    initial: Collection[str] = (),
) -> Element:
    """As multi_static_select, with 1 to 100 groups under a label each, and 1 to 100 options in a group."""
    sizes = [len(groups), *(len(options) for _, options in groups)]
    if not all(1 <= size <= MOST_OPTIONS for size in sizes):
        raise ValueError(f"This menu takes 1 to {MOST_OPTIONS} groups of 1 to {MOST_OPTIONS} options.")
    chosen = [one for _, options in groups for one in options if one["value"] in initial]
    built = [{"label": plain(label, 75), "options": list(options)} for label, options in groups]
    return _picker("multi_static_select", action_id, placeholder, option_groups=built, initial_options=chosen or None)


def checkboxes(action_id: str, options: Sequence[dict[str, Any]], *, initial: Collection[str] = ()) -> Element:
    """Any of 1 to 10 options, each with a box."""
    if not 1 <= len(options) <= 10:
        raise ValueError(f"There are 1 to 10 boxes, not {len(options)}.")
    chosen = [one for one in options if one["value"] in initial]
    built: Element = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    return built | ({"initial_options": chosen} if chosen else {})


def number_input(
    action_id: str, *, least: int, most: int, initial: int | None = None, placeholder: str | None = None
) -> Element:
    """A whole number from `least` to `most`."""
    built: Element = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    if initial is not None:
        built["initial_value"] = str(initial)
    if placeholder is not None:
        built["placeholder"] = plain(placeholder, 150)
    return built


def timepicker(action_id: str, *, placeholder: str, initial: str | None = None) -> Element:
    """A time of day; `initial` as HH:MM."""
    return _picker("timepicker", action_id, placeholder, initial_time=initial)


def _picker(kind: str, action_id: str, placeholder: str, **more: Any) -> Element:
    built: Element = {"type": kind, "action_id": action_id, "placeholder": plain(placeholder, 150)}
    return built | {name: value for name, value in more.items() if value is not None}
