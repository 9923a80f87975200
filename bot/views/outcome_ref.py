"""What the controls about outcomes carry. Whatever comes back is untrusted: rights and state are checked again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bot.errors import NotFound
from bot.views.ids import read_handoff_value

_UNREADABLE = "I cannot read this form any more. Please open the lead again from my Home tab."
_LONGEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRef:
    """`kind`, `when` and `reason` are what is chosen in the form; `outcome_id` is the entry that is corrected."""

    handoff_id: str
    version: int
    kind: str | None = None
    when: str | None = None
    reason: str | None = None
    outcome_id: str | None = None

    def as_text(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None})


def read_outcome_ref(text: str) -> OutcomeRef:
    """What a form is about. Raises NotFound for anything `as_text` never made."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotFound(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise NotFound(_UNREADABLE)
    ref = read_handoff_value(f"{found.get('handoff_id')}.{found.get('version')}")
    words = {name: found.get(name) for name in ("kind", "when", "reason", "outcome_id")}
    if not all(word is None or (isinstance(word, str) and len(word) <= _LONGEST) for word in words.values()):
        raise NotFound(_UNREADABLE)
    return OutcomeRef(handoff_id=ref.handoff_id, version=ref.version, **words)


def entry_value(handoff_id: str, version: int, outcome_id: str) -> str:
    """The value of a button about one entry of a history: `ID.VERSION:OUTCOME`."""
    return f"{handoff_id}.{version}:{outcome_id}"


def read_entry_value(text: str) -> OutcomeRef:
    """The entry a button names. Raises NotFound for anything `entry_value` never made."""
    handoff, colon, outcome_id = text.partition(":")
    if not colon or not outcome_id or len(outcome_id) > _LONGEST:
        raise NotFound(_UNREADABLE)
    ref = read_handoff_value(handoff)
    return OutcomeRef(handoff_id=ref.handoff_id, version=ref.version, outcome_id=outcome_id)
