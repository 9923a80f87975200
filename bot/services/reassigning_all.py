"""All of a person's leads go to others: the first of them at once, the rest some at a time, whatever happens between.

A row says what was asked for and how far it is, a timer that there is more to do: both change in the transaction that
moves the leads. So a process that dies leaves nothing half done, and whoever starts next goes on where it ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import rights
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.person import Person
from bot.domain.post import TimerKind
from bot.domain.reassignment import Reassignment, Which
from bot.domain.rights import Clicker
from bot.domain.routing import Unavailable, unavailable
from bot.errors import FormError, NotFound, Refused
from bot.services import posting, routing
from bot.services.deputies import acts_for
from bot.services.handoffs import read_note, refuse
from bot.services.offers import destination_of
from bot.services.people import clicker, go_away
from bot.services.reassigning import By, give
from bot.services.routing import Destination
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

AT_ONCE = 20
"""Leads moved in one transaction: a click waits for none of them longer than for another click."""
BY_RULES = "rules"
TO_TEAM, TO_REP = "team:", "rep:"
"""To whom, as a form names it: where the rules say, a team's members by turns, one rep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignAll:
    """`id` was made when the form was opened: the form sent twice is one reassignment. `to` is BY_RULES, or an id after
    TO_TEAM or TO_REP. `back_on` (ISO date) marks the person away until then; None changes nothing about that."""

    id: str
    by: str
    person_id: str
    which: str
    to: str
    note: str
    back_on: str | None = None


def reassign_all(tx: Transaction, command: ReassignAll) -> Reassignment:
    """The person's leads go on: each keeps its history, each new rep gets a card for each lead. How far it is now.

    Raises FormError(which, to, note, back_on), NotAllowed, PersonUnknown, NotFound, and Refused while all leads of
    this person are on their way already.
    """
    who = clicker(tx, command.by)
    refuse(rights.may_manage(who))
    known = tx.reassignments.get(command.id)
    if known is not None and known.by_id == who.person.id:
        return known
    person = tx.people.lock(command.person_id)
    if person is None or known is not None:
        raise NotFound("I do not know this person any more. Please open Home again.")
    running = tx.reassignments.running([person.id]).get(person.id)
    if running is not None:
        raise Refused(f"The leads of {person.name} are on their way already: {running.done} of {running.total}.")
    asked = _read(tx, command, who, person)
    if command.back_on:
        go_away(tx, person, command.back_on, actor=who.person.id)
    tx.reassignments.add(asked)
    tx.events.add(
        "person.reassigned", actor=asked.by_id, origin="slack",
        data={"person": person.id, "which": asked.which, "for": asked.for_id, "total": asked.total, "to": command.to},
    )  # fmt: skip
    go_on(tx, asked.id)
    return tx.reassignments.get(asked.id) or asked


def go_on(tx: Transaction, reassignment_id: str) -> None:
    """The next AT_ONCE leads go to others. With more of them left a timer is set, due now; nothing happens when none
    was left before."""
    asked = tx.reassignments.lock(reassignment_id)
    if asked is None or asked.finished_at is not None:
        return
    by = By(person_id=asked.by_id, name=person_name(tx, asked.by_id), for_id=asked.for_id)
    left = _left(tx, asked, min(AT_ONCE, asked.total - asked.done))
    done = asked.done + sum(_move(tx, asked, by, handoff, lead) for handoff, lead in left)
    finished = len(left) < AT_ONCE or done == asked.total
    tx.reassignments.save_progress(asked.id, done, tx.now if finished else None)
    if finished:
        tx.timers.cancel(TimerKind.REASSIGN, asked.id)
    else:
        tx.timers.set(TimerKind.REASSIGN, asked.id, tx.now)
    posting.sync_home(tx, asked.by_id)


def room_of(tx: Transaction, person: Person) -> int | None:
    """How many more leads this rep may hold; None: no limit. Raises FormError(to) when they take none just now."""
    held = tx.handoffs.held_by(person.id)
    why = unavailable(person, held, tx.now)
    if why is not None:
        raise FormError({"to": f"{person.name} is {why.value}. Choose somebody else, a team, or route each anew."})
    return None if person.cap is None else person.cap - held


def count(offers: int, accepted: int, which: Which) -> int:
    """How many leads that is."""
    return (offers if which.takes_offers else 0) + (accepted if which.takes_accepted else 0)


def _read(tx: Transaction, command: ReassignAll, who: Clicker, person: Person) -> Reassignment:
    errors: dict[str, str] = {}
    note: str | None = None
    try:
        note = read_note(command.note, "note", required=True)
    except FormError as error:
        errors |= error.fields
    which, total = _which(tx, command, person, errors)
    rep_id, team_id = _to(tx, command, person, total, errors)
    if errors:
        raise FormError(errors)
    manager = acts_for(tx, who, person.id)
    return Reassignment(
        id=command.id,
        person_id=person.id,
        by_id=who.person.id,
        for_id=manager.id if manager else None,
        which=which,
        to_rep_id=rep_id,
        to_team_id=team_id,
        note=note or "",
        total=total,
        newest_id=tx.handoffs.newest_of(person.id) or "",
        started_at=tx.now,
    )


def _which(tx: Transaction, command: ReassignAll, person: Person, errors: dict[str, str]) -> tuple[Which, int]:
    if command.which not in list(Which):
        errors["which"] = "Choose which leads: those that wait, the accepted ones, or both."
        return Which.BOTH, 0
    which = Which(command.which)
    total = count(*tx.handoffs.loads([person.id])[person.id], which)
    if total == 0:
        errors["which"] = f"{person.name} has no such leads any more."
    return which, total


def _to(
    tx: Transaction, command: ReassignAll, person: Person, total: int, errors: dict[str, str]
) -> tuple[str | None, str | None]:
    if command.to == BY_RULES:
        return None, None
    if command.to.startswith(TO_TEAM):
        team = tx.teams.get(command.to.removeprefix(TO_TEAM))
        if team is not None and tx.teams.members(team.id):
            return None, team.id
    rep = tx.people.get(command.to.removeprefix(TO_REP)) if command.to.startswith(TO_REP) else None
    if rep is None:
        errors["to"] = "Choose one rep, a team, or route each lead anew."
        return None, None
    if rep.id == person.id:
        errors["to"] = f"{person.name} has these leads already. Choose somebody else."
        return None, None
    try:
        room = room_of(tx, rep)
    except FormError as error:
        errors |= error.fields
        return None, None
    if room is not None and room < total:
        errors["to"] = (
            f"{rep.name} has room for {room} of these {total} leads (limit {rep.cap}). "
            "Choose fewer, a team, or route each anew."
        )
    return rep.id, None


def _left(tx: Transaction, asked: Reassignment, limit: int) -> list[tuple[Handoff, Lead]]:
    """At most `limit` of the leads that are still to go on; what came to the person later is not among them."""
    found: list[tuple[Handoff, Lead]] = []
    if asked.which.takes_offers:
        found += tx.handoffs.had_offered(asked.person_id, asked.started_at, asked.newest_id, limit)
    if asked.which.takes_accepted and len(found) < limit:
        found += tx.handoffs.had_accepted(asked.person_id, asked.started_at, asked.newest_id, limit - len(found))
    return found


def _move(tx: Transaction, asked: Reassignment, by: By, found: Handoff, found_lead: Lead) -> bool:
    """Whether the lead went on; not when somebody decided on it at the same moment."""
    lead, handoff = tx.leads.lock(found_lead.id), tx.handoffs.lock(found.id)
    if lead is None or handoff is None or not (handoff.is_open or handoff.is_owned):
        return False
    give(tx, handoff, lead, by, asked.note, _destination(tx, asked, by, lead))
    return True


def _destination(tx: Transaction, asked: Reassignment, by: By, lead: Lead) -> Destination | None:
    """Where the lead goes; where the one who was named takes none any more, by the rules, and the card says why."""
    exclude = tx.handoffs.held_before(lead.id) | {asked.person_id}
    instead = ""
    if asked.to_rep_id is not None:
        found = routing.to_person(tx, asked.to_rep_id, f"Reassigned by {by.name}")
        if not isinstance(found, Unavailable):
            return found
        instead = f"{person_name(tx, asked.to_rep_id)} is {found.value}. "
    elif asked.to_team_id is not None:
        turn = routing.to_team(tx, asked.to_team_id, exclude=exclude)
        if turn is not None:
            return turn
        team = tx.teams.get(asked.to_team_id)
        instead = f"Nobody of {team.name if team else 'the team'} is free. "
    anew = destination_of(tx, lead, exclude, None)
    return None if anew is None else replace(anew, because=instead + anew.because)
