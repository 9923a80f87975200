"""Reassigning all of a person's leads: what is asked for, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Which(StrEnum):
    OFFERS = "offers"
    """What waits for the person's decision."""
    ACCEPTED = "accepted"
    """What they own and still work."""
    BOTH = "both"

    @property
    def takes_offers(self) -> bool:
        return self is not Which.ACCEPTED

    @property
    def takes_accepted(self) -> bool:
        return self is not Which.OFFERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """`person_id`'s leads go to `to_rep_id`, to the members of `to_team_id` by turns, or where the rules say.

    `by_id` asked for it, in the place of `for_id` where they stand in for somebody. `total` is how many there were at
    `started_at`, `done` how many of them have gone on, `newest_id` the newest handoff among them. `note` is the reason
    people read, "" when it is finished. Untrusted.
    """

    id: str
    person_id: str
    by_id: str
    for_id: str | None = None
    which: Which
    to_rep_id: str | None = None
    to_team_id: str | None = None
    note: str
    total: int
    done: int = 0
    newest_id: str
    started_at: datetime
    finished_at: datetime | None = None
