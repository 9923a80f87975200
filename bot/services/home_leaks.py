"""Accepted leads that nobody has touched, on Home: mine, and those of my people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.person import Person
from bot.services.home_rows import HomeRow, row_of
from bot.services.reporting import Scope
from storage.transaction import Transaction

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakList:
    """The longest leaking first; `total` of all of them. `mine`: how many of them are the reader's own."""

    rows: tuple[HomeRow, ...] = ()
    total: int = 0
    mine: int = 0


NO_LEAKS = LeakList()


def load_leaks(tx: Transaction, person: Person, scope: Scope | None, *, manages: bool) -> LeakList:
    """The leaks of this person; of a manager also those of the people in `scope`, None: everybody's."""
    rep_ids: list[str] | None = [person.id]
    if manages:
        rep_ids = None if scope is None else [*scope.person_ids, person.id]
    counts = tx.leaks.count(rep_ids)
    if not counts:
        return NO_LEAKS
    pairs = tx.leaks.longest(rep_ids, SHOWN)
    return LeakList(
        rows=tuple(
            row_of(tx, handoff, lead, since=handoff.decided_at or handoff.offered_at, for_manager=manages)
            for handoff, lead in pairs
        ),
        total=sum(counts.values()),
        mine=counts.get(person.id, 0),
    )
