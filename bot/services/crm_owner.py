"""Whom the CRM calls a lead's owner, and what follows from it in Slack."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.crm import BY_CRM, decided_last
from bot.domain.handoff import End, Handoff, Opened, Status
from bot.domain.lead import Lead
from bot.domain.routing import Unavailable
from bot.services import announcements, first_contact, posting, routing, standing
from bot.services.ending import end_without_decision
from bot.services.offers import offer, post_cards
from bot.services.routing import Destination
from storage.transaction import Transaction

BECAUSE = "Made owner in the CRM"


def owner_of_record(tx: Transaction, lead: Lead, *, look_only: bool = False) -> Destination | None:
    """The rep whom the CRM calls the owner, where nobody decided otherwise in Slack since and they can take it. With
    `look_only` nothing is locked."""
    facts = tx.facts.of(lead.id)
    if facts.owner_email is None or facts.owner_at is None:
        return None
    decided_at = decided_last(tx.handoffs.of_lead(lead.id))
    if decided_at is not None and min(facts.owner_at, tx.now) <= decided_at:
        return None
    person = tx.people.by_email(facts.owner_email)
    if person is None:
        return None
    found = routing.to_person(tx, person.id, BECAUSE, look_only=look_only)
    return None if isinstance(found, Unavailable) else found


def settle_owner(tx: Transaction, lead: Lead, *, actor: str) -> bool:
    """The lead is with whom the CRM calls its owner, unless they have it, it is nobody's to have now, or a person
    decided in Slack since: offered, when it was only offered before. Returns whether it changed hands."""
    current = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    destination = owner_of_record(tx, lead) if current is not None else None
    if current is None or destination is None or _has_it(current, destination):
        return False
    ended = end_without_decision(tx, current, End.TRANSFERRED, BECAUSE, actor=actor, by=BY_CRM, to=destination.rep_id)
    if current.is_open:
        offer(tx, lead, Opened.REASSIGNED, to=destination, predecessor=ended, actor=actor, origin="webhook")
    else:
        _hand_on(tx, ended, destination, actor=actor)
    return True


def _has_it(current: Handoff, destination: Destination) -> bool:
    return current.rep_id == destination.rep_id


def _hand_on(tx: Transaction, ended: Handoff, destination: Destination, *, actor: str) -> None:
    """A lead that sales works already goes on with another owner, who has nothing to decide. That they have it now is
    told as an accept."""
    handoff = replace(
        ended, id=tx.new_id(), status=Status.ACCEPTED, opened=Opened.REASSIGNED, rep_id=destination.rep_id,
        team_id=destination.team_id, pool_channel=None, routed_because=destination.because, predecessor_id=ended.id,
        offered_at=tx.now, decided_at=tx.now, decided_by=None, note=None, end=None, ended_at=None, version=1,
        extra={"accepted_by": BY_CRM}, system_s=None, system_business_s=None, own_s=None, own_business_s=None,
    )  # fmt: skip
    tx.handoffs.add(handoff)
    lead = tx.leads.get(handoff.lead_id)
    if lead is not None:
        standing.carry_on(tx, handoff, lead)
        first_contact.start(tx, handoff, lead)
    event = tx.events.add(
        "handoff.accepted", lead_id=handoff.lead_id, handoff_id=handoff.id, actor=actor, origin="webhook",
        data={"to": handoff.rep_id, "because": handoff.routed_because},
    )  # fmt: skip
    announcements.announce(tx, event)
    post_cards(tx, handoff)
    posting.sync_homes_of(tx, handoff)
