"""For which side of the agreement somebody speaks: their own, or that of an absent manager for whom they stand in."""

from __future__ import annotations

from bot.domain import signing as rules
from bot.domain.person import Person, Side
from bot.domain.signing import SIDES, Signing
from bot.errors import Refused
from bot.services.deputies import in_place_of
from storage.transaction import Transaction


def managers_by_side(tx: Transaction, person: Person) -> dict[Side, Person]:
    """By side the manager in whose name the person acts: themself before somebody who is absent."""
    found: dict[Side, Person] = {}
    for manager in (person, *in_place_of(tx, person, rules.manages)):
        if rules.manages(manager):
            for side in SIDES if manager.side is Side.LEADERSHIP else (manager.side,):
                found.setdefault(side, manager)
    return found


def may_sign_for(tx: Transaction, signing: Signing, person: Person) -> tuple[Side, ...]:
    """The sides for which the person can sign this version just now."""
    managers = managers_by_side(tx, person)
    return tuple(
        side for side in SIDES if side in managers and why_not_sign(tx, signing, managers[side], side, person) is None
    )


def why_not_sign(tx: Transaction, signing: Signing, manager: Person, side: Side, by: Person) -> str | None:
    """Why `by` cannot sign it for `side` in the name of `manager`; None where they can."""
    try:
        rules.sign(signing, manager, tx.now, as_side=side, by=by)
    except Refused as error:
        return str(error)
    return None


def why_not(tx: Transaction, signing: Signing, person: Person) -> str:
    """Why the person can sign it for no side."""
    managers = managers_by_side(tx, person)
    if not managers:
        return "Only managers of sales and of marketing sign it, one of each side."
    missing = [side for side in managers if side not in signing.signatures] or list(managers)
    side = missing[0]
    return why_not_sign(tx, signing, managers[side], side, person) or "There is nothing to sign."
