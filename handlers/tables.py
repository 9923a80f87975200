"""What is done for which id: each feature gives its tables, one Bolt listener a kind looks into them.

Bolt walks its listeners one by one for each payload, so a table costs less than a listener an id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from handlers.message_payload import OnMessage
from handlers.payloads import Click, Event, Submission


class OnTop(dict[str, Any]):
    """A view that is shown on top of the form that was sent off; closed, the form is there as it was filled in."""


Actions: TypeAlias = Mapping[str, Callable[[Click], Awaitable[None]]]
"""By action id."""
Submissions: TypeAlias = Mapping[str, Callable[[Submission], Awaitable[Mapping[str, Any] | None]]]
"""By callback id; what one returns is shown in the form's place, or on top of it where it is OnTop."""
Shortcuts: TypeAlias = Mapping[str, Callable[[Click], Awaitable[None]]]
"""By callback id."""
OnMessages: TypeAlias = Mapping[str, Callable[[OnMessage], Awaitable[None]]]
"""Shortcuts of a message, by callback id."""
Events: TypeAlias = Mapping[str, Callable[[Event], Awaitable[None]]]
"""By type of event."""

Handler = TypeVar("Handler")


def joined(*tables: Mapping[str, Handler]) -> dict[str, Handler]:
    """One table of all. Raises ValueError when two features claim one id."""
    found: dict[str, Handler] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"Handled twice: {', '.join(sorted(twice))}")
        found.update(table)
    return found
