"""Reassign and withdraw: what managers, or whoever stands in for them, do with a lead. Each is one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import rights
from bot.domain.handoff import End, Handoff, Opened, Reassigned, Status
from bot.domain.lead import Lead, Stage
from bot.domain.rights import Clicker
from bot.domain.routing import Unavailable
from bot.errors import FormError, NotAllowed
from bot.services import routing
from bot.services.deputies import acts_for
from bot.services.handoffs import (
    Click,
    Decided,
    already_decided,
    decide,
    finish,
    open_for,
    read_note,
    record,
    refuse,
    what_next,
)  # fmt: skip
from bot.services.notices import tell_marketing
from bot.services.offers import leave_waiting, move, offer
from bot.services.routing import Destination
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignHandoff(Click):
    person_id: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawHandoff(Click):
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who takes a lead from somebody, and for which manager, when they stand in."""

    person_id: str
    name: str
    for_id: str | None = None


def reassign_handoff(tx: Transaction, command: ReassignHandoff) -> Decided:
    """A manager, or whoever it went up the ladder to, gives the lead to another rep: an open offer is withdrawn, an
    accepted one transferred, each with their reason; the rep gets a new offer. Raises FormError(person_id, note)."""
    who, handoff, lead = open_for(tx, command)
    refuse(rights.may_reassign(who, handoff))
    refuse_practice(lead)
    note = read_note(command.note, "note", required=True)
    if not (handoff.is_open or handoff.is_owned):
        raise already_decided(tx, handoff)
    if command.person_id == handoff.rep_id:
        raise FormError({"person_id": "This rep has the lead already. Choose somebody else."})
    destination = routing.to_person(tx, command.person_id, f"Reassigned by {who.person.name}")
    if isinstance(destination, Unavailable):
        name = person_name(tx, command.person_id)
        raise FormError({"person_id": f"{name} is {destination.value}. Choose somebody else."})
    ended, successor = give(tx, handoff, lead, by_of(tx, who, handoff), note, destination)
    return Decided(handoff=ended, lead=lead, successor=successor, what_next=what_next(tx, lead))


def give(
    tx: Transaction, handoff: Handoff, lead: Lead, by: By, note: str | None, destination: Destination | None
) -> tuple[Handoff, Handoff | None]:
    """The open or owned handoff ends, its lead is offered to `destination`; without one it waits for somebody. The
    handoff as it ended, and its successor. The caller holds the lead's lock."""
    to = destination or Destination(because="")
    reassigned = Reassigned(
        by=by.person_id, for_id=by.for_id, rep_id=to.rep_id, team_id=to.team_id, pool=to.pool_channel
    )
    ended = _end(tx, handoff, by, note, reassigned)
    if destination is None:
        leave_waiting(tx, lead, Opened.REASSIGNED, ended, by.person_id, "slack")
        return ended, None
    successor = offer(
        tx, lead, Opened.REASSIGNED, to=destination, predecessor=ended, actor=by.person_id, origin="slack"
    )  # fmt: skip
    return ended, successor


def withdraw_handoff(tx: Transaction, command: WithdrawHandoff) -> Decided:
    """A manager takes an open offer back, with a reason; the lead is back with marketing, which reads it."""
    who, handoff, lead = open_for(tx, command)
    refuse(rights.may_manage(who))
    refuse_practice(lead)
    note = read_note(command.note, "note", required=True)
    if not handoff.is_open:
        raise already_decided(tx, handoff)
    withdrawn = _end(tx, handoff, by_of(tx, who, handoff), note, None)
    lead = move(tx, lead, Stage.RECYCLED, recycle_at=None)
    tell_marketing(tx, withdrawn, lead)
    return Decided(handoff=withdrawn, lead=lead, what_next=what_next(tx, lead))


def by_of(tx: Transaction, who: Clicker, handoff: Handoff) -> By:
    """Who acts, and for whom."""
    manager = acts_for(tx, who, handoff.rep_id)
    return By(person_id=who.person.id, name=who.person.name, for_id=manager.id if manager else None)


def refuse_practice(lead: Lead) -> None:
    """Raises NotAllowed for a practice lead."""
    if lead.practice:
        raise NotAllowed("This is a practice lead: it stays with whoever practises on it.")


def _end(tx: Transaction, handoff: Handoff, by: By, note: str | None, reassigned: Reassigned | None) -> Handoff:
    """The open offer is withdrawn, or the accepted handoff transferred; `reassigned` None: withdrawn for good."""
    extra = handoff.extra if reassigned is None else handoff.extra | {"reassigned": reassigned.as_json()}
    ended = replace(handoff, note=note, version=handoff.version + 1, extra=extra)
    if handoff.is_open:
        ended = replace(ended, status=Status.WITHDRAWN, decided_at=tx.now, decided_by=by.person_id)
        decide(tx, ended)
        kind = "handoff.withdrawn" if reassigned is None else "handoff.reassigned"
    else:
        ended = replace(ended, end=End.TRANSFERRED, ended_at=tx.now)
        finish(tx, ended)
        kind = "handoff.transferred"
    record(tx, kind, ended, by.person_id, {"note": note} | ({"for": by.for_id} if by.for_id else {}))
    return ended
