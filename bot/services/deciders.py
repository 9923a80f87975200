"""Who settles what the two sides do not agree on: the manager of each side, and the arbiter; in their absence whoever
stands in for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.domain.person import Person, Role, Side
from bot.domain.rights import leads_sales, manages_marketing
from bot.domain.signing import SIDES
from bot.services import posting
from bot.services.deputies import FARTHEST, deputy_of, in_place_of
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """As whom somebody acts: `by` is set when they stand in for `person`."""

    person: Person
    by: Person | None = None

    @property
    def speaker(self) -> Person:
        return self.by or self.person


def manager_of(tx: Transaction, side: Side, person: Person | None, *, but: str | None = None) -> Person | None:
    """The manager of `side` nearest above `person`, else the first of that side by name, else one of leadership; never
    `but`. None when there is nobody whom Slack knows."""
    for one in _above(tx, person):
        if _leads(one, side) and one.id != but and posting.reads(one) is not None:
            return one
    everybody = [one for one in tx.people.with_role(Role.MANAGER) if one.id != but and posting.reads(one) is not None]
    everybody.sort(key=lambda one: (one.name.casefold(), one.id))
    own = [one for one in everybody if one.side is side]
    return next(iter(own or [one for one in everybody if one.side is Side.LEADERSHIP]), None)


def arbiters(tx: Transaction, *, but: Collection[str | None] = ()) -> list[Person]:
    """Who may rule: the one the agreement in force names, else everybody with the role, by name; without those who are
    a party to it (`but`)."""
    address = tx.agreements.in_force().document.arbiter
    named = tx.people.by_email(address) if address else None
    if named is not None and _is_there(named) and named.id not in but:
        return [named]
    found = [one for one in tx.people.with_role(Role.ARBITER) if _is_there(one) and one.id not in but]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def arbiter(tx: Transaction, *, but: Collection[str | None] = ()) -> Person | None:
    """The arbiter to be asked: the first who is there, or whose deputy is and is no party; else the first."""
    found = arbiters(tx, but=but)
    for one in found:
        reader = reader_of(tx, one)
        if reader.id not in but and (reader.id != one.id or not one.is_away):
            return one
    return next(iter(found), None)


def reader_of(tx: Transaction, person: Person, *, but: Collection[str | None] = ()) -> Person:
    """Who reads what is meant for `person` just now: they, or the deputy who has their rights and is none of `but`."""
    deputy = deputy_of(tx, person)
    return person if deputy is None or deputy.id in but else deputy


def acting_manager(tx: Transaction, person: Person, asked: Collection[str | None] = ()) -> Acting | None:
    """As which manager this person can say what they think: themself, else the absent one they stand in for, one of
    those who were `asked` first. None: as none."""
    if leads_sales(person) or manages_marketing(person):
        return Acting(person=person)
    absent = in_place_of(tx, person, lambda one: leads_sales(one) or manages_marketing(one))
    absent = tuple(sorted(absent, key=lambda one: one.id not in asked))
    return Acting(person=absent[0], by=person) if absent else None


def acting_arbiter(tx: Transaction, person: Person, *, but: Collection[str | None] = ()) -> Acting | None:
    """As which arbiter this person can rule; None: as none."""
    may = {one.id for one in arbiters(tx, but=but)}
    if person.id in may:
        return Acting(person=person)
    absent = in_place_of(tx, person, lambda one: one.id in may)
    return Acting(person=absent[0], by=person) if absent else None


def acting_between(tx: Transaction, person: Person) -> Acting | None:
    """As which arbiter this person decides about the agreement itself; None: as none. Both teams are a party to it, so
    that no manager of one of them ever does, nor whoever stands in for one: they speak for their side."""
    if _manages_one(person):
        return None
    parties = {one.id for one in tx.people.with_role(Role.MANAGER) if _manages_one(one)}
    return acting_arbiter(tx, person, but=parties)


def acting_for(tx: Transaction, person: Person) -> list[str]:
    """Everybody in whose name this person can speak just now: themself first."""
    return [person.id, *(one.id for one in in_place_of(tx, person, lambda _: True))]


def _leads(person: Person, side: Side) -> bool:
    return leads_sales(person) if side is Side.SALES else manages_marketing(person)


def _manages_one(person: Person) -> bool:
    return person.has(Role.MANAGER) and person.side in SIDES


def _is_there(person: Person) -> bool:
    return person.on_roster and person.slack_id is not None and not person.flags.may_never_act


def _above(tx: Transaction, person: Person | None) -> Iterator[Person]:
    seen: set[str] = set()
    one = person
    while one is not None and one.id not in seen and len(seen) <= FARTHEST:
        seen.add(one.id)
        yield one
        one = tx.people.get(one.manager_id) if one.manager_id else None
