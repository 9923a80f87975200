"""What happens in the month, and who can make it happen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from bot.demo.company import Slack
from bot.demo.people import Person

Json = dict[str, Any]
CHANNEL = "campaigns"
"""Where sales reads campaign alerts."""


class Office(Protocol):
    """Brightwater, with its clock standing still."""

    slack: Slack
    monday: date
    """Of the first week."""

    def person(self, first: str) -> Person: ...

    async def lead(self, data: Json) -> None:
        """A lead arrives from the website."""


Act = Callable[[Office], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Event:
    """On `day` (0 is the first Monday) at `at`, HH:MM by the clock of `who` (a first name), `what` happens. An empty
    `what` is left out of the timeline."""

    day: int
    at: str
    who: str
    what: str
    act: Act


def local_day(office: Office, day: int) -> str:
    """`day` of the month as forms take it."""
    return date.fromordinal(office.monday.toordinal() + day).isoformat()
