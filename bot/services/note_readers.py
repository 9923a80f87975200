"""Which field notes a person may read just now."""

from __future__ import annotations

from bot.domain.note_rights import Readable, readable_by
from bot.domain.person import Person, Role, Side
from bot.services.deputies import in_place_of
from storage.transaction import Transaction


def readable(tx: Transaction, person: Person) -> Readable:
    """What the person may read: as themself, and as deputy of an absent manager."""
    owned = [one.id for one in tx.campaigns.owned_by([person.id])]
    return readable_by(acting_as(tx, person), tx.config.notes_read_by, owned)


def sides(tx: Transaction) -> tuple[Side, ...]:
    """Whose people read all field notes that are not for managers only."""
    return tuple(side for side in Side if side.value in tx.config.notes_read_by)


def acting_as(tx: Transaction, person: Person) -> list[Person]:
    """The person, and the absent managers for whom they stand in."""
    return [person, *in_place_of(tx, person, lambda one: one.has(Role.MANAGER))]
