"""Slack delivers an event again when it did not hear our answer: the id of each is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storage.transaction import Transaction

SEEN = "slack_event"


def once(tx: Transaction, event_id: str, use_case: Callable[..., Any], *arguments: Any) -> None:
    """Runs `use_case(tx, *arguments)` unless this event was handled before, in the same transaction."""
    if tx.seen.first_time(SEEN, event_id):
        use_case(tx, *arguments)
