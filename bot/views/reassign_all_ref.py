"""What the form carries by which all of a person's leads go to others. It comes back from a client: untrusted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.errors import NotFound
from bot.views.ids import read_lead_value

CHOICE_MAX = 60
_UNREADABLE = "I cannot read this form any more. Please open it again from my Home tab."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignAllRef:
    """`id` names the reassignment the form begins; `which` and `to` are what was chosen when it was last shown."""

    id: str
    person_id: str
    which: str
    to: str


def reassign_all_metadata(ref: ReassignAllRef) -> str:
    """The private metadata of the form, JSON."""
    return json.dumps({"id": ref.id, "person_id": ref.person_id, "which": ref.which, "to": ref.to})


def read_reassign_all_metadata(text: str) -> ReassignAllRef:
    """What a form is about. Raises NotFound for anything `reassign_all_metadata` never made."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotFound(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise NotFound(_UNREADABLE)
    ref = ReassignAllRef(**{name: _text(found, name) for name in ("id", "person_id", "which", "to")})
    read_lead_value(ref.id)
    read_lead_value(ref.person_id)
    return ref


def _text(found: dict[str, object], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or len(value) > CHOICE_MAX:
        raise NotFound(_UNREADABLE)
    return value
