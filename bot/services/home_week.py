"""The numbers of this week on Home: one's own, one's campaigns', one's people's, everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.local_time import week_start
from bot.domain.person import Person, Role
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of offers and decisions since an instant, without what was undone."""

    offered: int = 0
    accepted: int = 0
    rejected: int = 0
    median_seconds_to_accept: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`since`: the local Monday at midnight. None: not for this person."""

    since: datetime
    own: Numbers | None = None


def load_week(tx: Transaction, person: Person) -> Week:
    """What this person looks at of the week that began on their local Monday."""
    since = week_start(tx.now, person.tz)
    return Week(since=since, own=_own(tx, person, since) if person.has(Role.REP) else None)


def _own(tx: Transaction, person: Person, since: datetime) -> Numbers:
    found = tx.handoffs.day_numbers(person.id, since)
    return Numbers(
        offered=found.offered,
        accepted=found.accepted,
        rejected=found.rejected,
        median_seconds_to_accept=found.median_seconds_to_accept,
    )
