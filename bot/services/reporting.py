"""Whom a manager manages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.person import Person
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The people whose leads a manager looks after, and the teams these are in."""

    people: tuple[Person, ...]
    team_ids: Collection[str]

    @property
    def person_ids(self) -> list[str]:
        return [person.id for person in self.people]


def people_of(tx: Transaction, manager_id: str) -> list[Person]:
    """Whoever of the roster names this person as their manager, by name."""
    return [person for person in tx.people.all() if person.manager_id == manager_id]
