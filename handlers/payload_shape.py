"""Whether a payload has the shape Bolt relies on.

Bolt reads parts of a payload before any listener of ours can check them, and takes their types for granted. What is
checked here is no more than that; what a payload means is read in `payloads`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT = (str,)
_THING = (Mapping,)
_EITHER = (str, Mapping)
_MANY = (list,)

_PARTS: Mapping[str, tuple[type, ...]] = {
    "type": _TEXT,
    "command": _TEXT,
    "callback_id": _TEXT,
    "action_id": _TEXT,
    "enterprise": _EITHER,
    "team": _EITHER,
    "user": _EITHER,
    "channel": _EITHER,
    "event": _THING,
    "view": _THING,
    "message": _THING,
    "previous_message": _THING,
    "item": _THING,
    "assistant_thread": _THING,
    "function_data": _THING,
    "actions": _MANY,
    "authorizations": _MANY,
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "block_actions": ("actions",),
    "interactive_message": ("actions",),
    "event_callback": ("event",),
    "view_submission": ("view",),
    "view_closed": ("view",),
    "shortcut": ("callback_id",),
    "message_action": ("callback_id",),
    "block_suggestion": ("action_id",),
}


def misshapen(payload: Mapping[str, Any]) -> str | None:
    """The name of the first part that has another type than Slack documents, or is missing; None when all is well."""
    for part in (payload, payload.get("event"), payload.get("view")):
        if isinstance(part, Mapping) and (name := _wrong_part(part)) is not None:
            return name
    for name in _NEEDED.get(str(payload.get("type")), ()):
        if not payload.get(name):
            return name
    if str(payload.get("type")).startswith("view_") and not payload["view"].get("type"):
        return "view.type"
    if payload.get("type") == "event_callback" and not payload["event"].get("type"):
        return "event.type"
    if payload.get("type") == "block_actions" and not all(action.get("action_id") for action in payload["actions"]):
        return "actions"
    return None


def _wrong_part(part: Mapping[str, Any]) -> str | None:
    for name, types in _PARTS.items():
        found = part.get(name)
        if found is not None and not isinstance(found, types):
            return name
        if isinstance(found, list):
            for inner in found:
                if not isinstance(inner, Mapping):
                    return name
                if (wrong := _wrong_part(inner)) is not None:
                    return wrong
    return None
