"""Who stands in for whom. A deputy acts for an absent manager for exactly as long as the manager is absent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain.absence import absence, can_stand_in
from bot.domain.person import Person
from bot.domain.rights import Clicker, leads_sales
from storage.transaction import Transaction

FARTHEST = 10
"""Links of a chain that are followed; longer ones are a mistake in the roster."""


def stand_in(tx: Transaction, person: Person) -> Person:
    """Who hears what is meant for `person` just now: themself when they are there; else their deputy, or the deputy's
    deputy; else the same for their manager, and so on; else the admin. `person` again when there is nobody at all.
    """
    for one in _chain(tx, person, lambda each: each.manager_id):
        found = here_or_deputy(tx, one)
        if found is not None:
            return found
    admin = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    found = here_or_deputy(tx, admin) if admin is not None else None
    return found or person


def deputy_of(tx: Transaction, person: Person) -> Person | None:
    """Who has the rights of the absent `person`: the first of their deputies who is there. None when they are there
    themself, or no deputy is: rights go to nobody who was not named."""
    if absence(person, tx.now) is None:
        return None
    found = here_or_deputy(tx, person)
    return None if found is None or found.id == person.id else found


def stands_in_for(tx: Transaction, person: Person) -> tuple[Person, ...]:
    """The absent sales managers whose rights `person` has just now, by name."""
    return in_place_of(tx, person, leads_sales)


def in_place_of(tx: Transaction, person: Person, fits: Callable[[Person], bool]) -> tuple[Person, ...]:
    """The absent people whose deputy `person` is just now, of those who `fit`, by name."""
    if not can_stand_in(person, tx.now):
        return ()
    found: dict[str, Person] = {}
    asked = [person.id]
    for _ in range(FARTHEST):
        named = [one for deputy_id in asked for one in tx.people.who_name_as_deputy(deputy_id)]
        new = {one.id: one for one in named if one.id not in found and one.id != person.id}
        absent = {one.id: one for one in new.values() if absence(one, tx.now) is not None}
        if not absent:
            break
        found |= absent
        asked = list(absent)
    fitting = (one for one in found.values() if fits(one))
    mine = (one for one in fitting if (deputy := deputy_of(tx, one)) is not None and deputy.id == person.id)
    return tuple(sorted(mine, key=lambda one: one.name.casefold()))


def deputies_along(tx: Transaction, person: Person) -> list[Person]:
    """The person's deputy, the deputy's deputy, and so on."""
    return list(_chain(tx, person, lambda each: each.deputy_id))[1:]


def acts_for(tx: Transaction, who: Clicker, rep_id: str | None) -> Person | None:
    """The manager for whom the clicker acts when they manage a lead of `rep_id`: the absent one whose report the rep
    is; for somebody who is no manager themself any they stand in for. None when they act for themself."""
    if not who.stands_in_for:
        return None
    rep = tx.people.get(rep_id) if rep_id else None
    managers = {one.id for one in _chain(tx, rep, lambda each: each.manager_id)} if rep is not None else set()
    for manager in who.stands_in_for:
        if manager.id in managers:
            return manager
    return None if leads_sales(who.person) else who.stands_in_for[0]


def here_or_deputy(tx: Transaction, person: Person) -> Person | None:
    """The person when they are there, else the first of their deputies who is; None when nobody is."""
    chain = _chain(tx, person, lambda each: each.deputy_id)
    return next((one for one in chain if can_stand_in(one, tx.now)), None)


def _chain(tx: Transaction, first: Person, link: Callable[[Person], str | None]) -> Iterator[Person]:
    """`first`, whom they link to, and so on; ends at the end, in a circle, and after FARTHEST links."""
    seen: set[str] = set()
    one: Person | None = first
    while one is not None and one.id not in seen and len(seen) <= FARTHEST:
        yield one
        seen.add(one.id)
        following = link(one)
        one = tx.people.get(following) if following else None
