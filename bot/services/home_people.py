"""A manager's people on Home: who is there, and how much each has; and for whom somebody stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.absence import absence
from bot.domain.person import Person
from bot.domain.rights import leads_sales, takes_leads
from bot.services.deputies import stands_in_for
from bot.services.home_rows import PAGE, Paged, within
from bot.services.reporting import Scope, people_of
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One of a manager's people. The name is untrusted. `absence`: why they are not there, in words of ours; `until`
    None with it: until they say so, or for good. `moving`: how many of how many of their leads have gone to others,
    while they do."""

    person_id: str
    name: str
    absence: str | None
    until: datetime | None
    offers: int
    accepted: int
    moving: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList(Paged):
    """First whoever is not there and has leads, then by name."""

    rows: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsInFor:
    """An absent manager whose place somebody takes. The name is untrusted."""

    name: str
    absence: str
    until: datetime | None


def managers_of(tx: Transaction, person: Person) -> list[Person]:
    """As whom this person manages sales just now: themself, and the absent managers for whom they stand in."""
    return [*([person] if leads_sales(person) else []), *stands_in_for(tx, person)]


def scope_of_all(tx: Transaction, managers: Sequence[Person]) -> Scope | None:
    """The people of all these managers; None when they have none of their own."""
    people = {one.id: one for manager in managers for one in people_of(tx, manager.id)}
    if not people:
        return None
    teams = tx.teams.ids_of_people(people)
    return Scope(people=tuple(people.values()), team_ids=teams)


def load_people(tx: Transaction, managers: Sequence[Person], scope: Scope | None, page: int) -> PeopleList:
    """The people in `scope`, or everybody who takes leads; with them whoever left and still has some."""
    mine = {manager.id for manager in managers}
    there = [one for one in (tx.people.all() if scope is None else scope.people) if takes_leads(one)]
    listed = {one.id for one in there}
    gone = [
        one for one in tx.people.absent() if one.id not in listed and (scope is None or one.manager_id in mine)
    ]  # fmt: skip
    loads = tx.handoffs.loads([one.id for one in [*there, *gone]])
    shown = there + [one for one in gone if any(loads[one.id])]
    shown.sort(key=lambda one: (not (any(loads[one.id]) and _absence(tx, one)[0]), one.name.casefold(), one.id))
    page = within(page, len(shown))
    rows = shown[page * PAGE : (page + 1) * PAGE]
    moving = tx.reassignments.running([one.id for one in rows])
    return PeopleList(
        rows=tuple(
            PersonRow(
                person_id=one.id,
                name=one.name,
                absence=_absence(tx, one)[0],
                until=_absence(tx, one)[1],
                offers=loads[one.id][0],
                accepted=loads[one.id][1],
                moving=(moving[one.id].done, moving[one.id].total) if one.id in moving else None,
            )
            for one in rows
        ),
        total=len(shown),
        page=page,
    )


def load_stands_in_for(tx: Transaction, person: Person) -> tuple[StandsInFor, ...]:
    """The absent managers whose place this person takes just now."""
    found = []
    for manager in stands_in_for(tx, person):
        why, until = _absence(tx, manager)
        found.append(StandsInFor(name=manager.name, absence=why or "", until=until))
    return tuple(found)


def _absence(tx: Transaction, person: Person) -> tuple[str | None, datetime | None]:
    if not person.on_roster:
        return "not on the roster any more", None
    found = absence(person, tx.now)
    if found is not None:
        return found.why, found.until
    return ("no member of this Slack any more" if person.flags.may_never_act else None), None
