"""Away and back, with what that did to the windows that run for the person."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.person import Person
from bot.services import people
from bot.services.people import clicker
from bot.services.work_times import moved
from storage.transaction import Transaction


def set_away(tx: Transaction, by: str, back_on: str | None) -> tuple[Person, str]:
    """As people.set_away; and which due times moved, as a further sentence."""
    return _with_what_moved(tx, by, lambda: people.set_away(tx, by, back_on))


def set_away_with_deputy(tx: Transaction, by: str, back_on: str | None, deputy_id: str | None) -> tuple[Person, str]:
    """As people.set_away_with_deputy; and which due times moved."""
    return _with_what_moved(tx, by, lambda: people.set_away_with_deputy(tx, by, back_on, deputy_id))


def set_back(tx: Transaction, by: str) -> tuple[Person, str]:
    """As people.set_back; and which due times moved."""
    return _with_what_moved(tx, by, lambda: people.set_back(tx, by))


def _with_what_moved(tx: Transaction, by: str, change: Callable[[], Person]) -> tuple[Person, str]:
    was = tx.countdowns.lock_of_owner(clicker(tx, by).person.id)
    person = change()
    return person, moved(tx, was, person.tz)
