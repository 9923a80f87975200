"""Assign: a manager gives a lead that nobody could be offered to a rep."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import rights
from bot.domain.handoff import Opened
from bot.domain.lead import Lead
from bot.domain.post import TimerKind
from bot.domain.rights import Clicker
from bot.domain.routing import Unavailable
from bot.errors import FormError, NotFound, Refused
from bot.services import posting, routing
from bot.services.handoffs import Decided, read_note, refuse
from bot.services.naming import lead_name
from bot.services.offers import offer
from bot.services.people import clicker
from bot.services.unrouted import attempt_of, waits
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignLead:
    """`by` is the Slack id of the one who clicked; the rest came back from the client and is not trusted."""

    lead_id: str
    by: str
    person_id: str
    note: str


def assign_lead(tx: Transaction, command: AssignLead) -> Decided:
    """The rep is offered the lead, with the manager's reason.

    Raises FormError(person_id, note), NotAllowed, PersonUnknown, NotFound, and Refused when somebody has the lead,
    or is offered it, by now.
    """
    who = clicker(tx, command.by)
    refuse(rights.may_manage(who))
    lead = tx.leads.lock(command.lead_id)
    if lead is None:
        raise NotFound("I do not know this lead. Please open Home again.")
    refuse_unless_waiting(tx, lead)
    note = read_note(command.note, "note", required=True)
    destination = routing.to_person(tx, command.person_id, f"Assigned by {who.person.name}: {note}")
    if isinstance(destination, Unavailable):
        name = person_name(tx, command.person_id)
        raise FormError({"person_id": f"{name} is {destination.value}. Choose somebody else."})
    tx.timers.cancel(TimerKind.UNROUTED, lead.id)
    was = attempt_of(tx, lead)
    _record(tx, lead, who, command.person_id, note)
    handoff = offer(
        tx, lead, Opened.REASSIGNED, to=destination, predecessor=was.predecessor, received_at=was.received_at,
        actor=who.person.id, origin="slack",
    )  # fmt: skip
    posting.sync_lead(tx, lead.id)
    if handoff is None:
        raise Refused("Nobody could be offered this lead.")
    now = tx.leads.get(lead.id) or lead
    return Decided(handoff=handoff, lead=now, successor=handoff, what_next=whereabouts(tx, now))


def refuse_unless_waiting(tx: Transaction, lead: Lead) -> None:
    """Raises Refused, with where the lead is, unless it waits for somebody."""
    if not waits(tx, lead):
        raise Refused(f"{lead_name(lead)} does not wait for anybody any more. {whereabouts(tx, lead)}.")


def _record(tx: Transaction, lead: Lead, who: Clicker, person_id: str, note: str | None) -> None:
    tx.events.add(
        "lead.assigned", lead_id=lead.id, actor=who.person.id, origin="slack", data={"to": person_id, "note": note}
    )
