"""Practice leads: a card to try everything on. Nobody real, in no number, and nobody else hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain import rights
from bot.domain.handoff import End, Handoff, Opened, Status
from bot.domain.lead import Lead, Priority, Stage
from bot.errors import NotFound, Refused
from bot.services.handoffs import decide, finish, refuse
from bot.services.offers import move, offer
from bot.services.people import clicker
from bot.services.routing import Destination
from storage.transaction import Transaction

SOURCE = "practice"
JUST_NOW = timedelta(minutes=1)
"""Somebody who presses again so soon has pressed twice."""
BECAUSE = "You asked for a practice lead."


def start_practice(tx: Transaction, by: str) -> Handoff:
    """`by` (Slack id) has a practice card on its way; an older one, accepted or not, is over.

    Raises NotAllowed for whoever takes no leads, PersonUnknown, and Refused when one came just now.
    """
    who = clicker(tx, by)
    refuse(rights.may_practise(who))
    person = tx.people.lock(who.person.id)
    if person is None:
        raise NotFound("You are not on the roster any more.")
    waiting = tx.handoffs.practised_by(person.id)
    if waiting is not None and tx.now - waiting.offered_at < JUST_NOW:
        raise Refused("Your practice lead is in your messages with Lockstep: press Accept or Reject there.")
    if waiting is not None:
        _end(tx, waiting)
    for owned in tx.handoffs.owned_practice_of(person.id):
        _give_up(tx, owned)
    lead = _somebody(tx)
    tx.leads.add(lead)
    tx.events.add("practice.started", lead_id=lead.id, actor=person.id, origin="slack")
    handoff = offer(
        tx, lead, Opened.HANDED_OVER, to=Destination(rep_id=person.id, because=BECAUSE), actor=person.id, origin="slack"
    )
    if handoff is None:
        raise Refused("The practice lead found nobody.")
    return handoff


def _end(tx: Transaction, waiting: Handoff) -> None:
    lead, handoff = tx.leads.lock(waiting.lead_id), tx.handoffs.lock(waiting.id)
    if lead is None or handoff is None or not handoff.is_open:
        return
    decide(tx, replace(handoff, status=Status.WITHDRAWN, decided_at=tx.now, version=handoff.version + 1))
    move(tx, lead, Stage.CLOSED)


def _give_up(tx: Transaction, accepted: Handoff) -> None:
    lead, handoff = tx.leads.lock(accepted.lead_id), tx.handoffs.lock(accepted.id)
    if lead is None or handoff is None or not handoff.is_owned:
        return
    finish(tx, replace(handoff, end=End.RELEASED, ended_at=tx.now, version=handoff.version + 1))
    tx.leads.close(lead.id)


def _somebody(tx: Transaction) -> Lead:
    """Nobody: example.com is reserved for such, and so is the number."""
    lead_id = tx.new_id()
    return Lead(
        id=lead_id,
        source=SOURCE,
        external_id=lead_id,
        name="Dana Example",
        title="Head of Logistics",
        company="Example Freight",
        email="dana.example@example.com",
        phone="+1 202 555 0143",
        phone_e164="+12025550143",
        country="Nowhere",
        origin="A practice lead",
        score=82,
        touches=5,
        engaged_at=tx.now,
        priority=Priority.WARM,
        summary="Here stands in a sentence or two why marketing hands the lead over, for example: asked for a demo.",
        practice=True,
        created_at=tx.now,
        updated_at=tx.now,
    )
