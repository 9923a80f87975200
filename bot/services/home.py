"""What a person's Home shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.lead import Priority

PAGE = 8
"""Leads on a page of Home: far under Slack's 100 blocks for all lists together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """One lead in a list. Text untrusted; masked already where it must be (pools)."""

    handoff_id: str
    version: int
    name: str
    title: str | None
    company: str | None
    priority: Priority
    since: datetime
    """Offered (needs you, team) or accepted (my leads)."""
    pool_name: str | None = None
    offered_to: str | None = None
    """Set in a manager's list of the team's leads."""
    owner: str | None = None
    crm_url: str | None = None
    phone_e164: str | None = None
    email: str | None = None
    can_undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeList:
    rows: tuple[HomeRow, ...]
    total: int
    page: int
    """From 0."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A person's own numbers since their local midnight."""

    offered: int
    accepted: int
    rejected: int
    median_seconds_to_accept: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`needs_you`: offered to me or in my pools, longest waiting first. `mine`: accepted by me, newest first.
    `team`: for managers, open leads offered to others, longest waiting first; None for everybody else."""

    first_name: str
    on_roster: bool
    is_rep: bool
    is_away: bool
    away_until: datetime | None
    tz: str
    now: datetime
    needs_you: HomeList
    mine: HomeList
    team: HomeList | None
    today: Today
