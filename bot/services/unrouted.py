"""Leads that nobody could be offered: each is routed again every hour, and at once when somebody may be free."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot.domain.handoff import Handoff, Opened
from bot.domain.ladder import Rung
from bot.domain.lead import Lead, Stage
from bot.domain.post import TimerKind
from bot.domain.recycling import not_offered_to
from bot.services import posting
from bot.services.offering_again import refusals_of
from bot.services.offers import RETRY_UNROUTED, destination_of, offer
from bot.services.routing import NOBODY
from storage.transaction import Transaction

SOMEBODY_IS_BACK = 100
"""Leads tried at once when a person is back or the configuration has changed; the others within the hour."""
ROOM_FOR_ONE = 3
"""Leads tried at once when somebody holds one lead less: more than one, because not every lead is for everybody."""
FOUND_NOBODY = ("lead.unrouted", "lead.parked")
LOOK_AT = 50
"""How many of a lead's latest events are read for how it came to wait."""


def try_soon(tx: Transaction, at_most: int) -> None:
    """Leads that wait, those next in turn, are routed again as soon as this transaction has committed; each in a
    transaction of its own, so that nobody's click waits for them. Nothing happens when none waits."""
    tx.timers.hurry_unrouted(at_most)


def try_again(tx: Transaction, lead_id: str) -> None:
    """The lead is offered as it should have been, if somebody can be found now; else it is tried again later.

    Nothing happens when somebody has it, or marketing has it back.
    """
    lead = tx.leads.lock(lead_id)
    if lead is None or not waits(tx, lead):
        return
    was = attempt_of(tx, lead)
    exclude = _not_to_them(tx, lead, was)
    not_to = was.predecessor.pool_channel if was.opened is Opened.REROUTED and was.predecessor else None
    destination = destination_of(tx, lead, exclude, not_to)
    if destination is None:
        tx.timers.set(TimerKind.UNROUTED, lead.id, tx.now + RETRY_UNROUTED)
        return
    offer(
        tx, lead, was.opened, to=destination, predecessor=was.predecessor, received_at=was.received_at, origin="timer"
    )
    posting.sync_lead(tx, lead.id)
    try_soon(tx, 1)


def _not_to_them(tx: Transaction, lead: Lead, was: Attempt) -> AbstractSet[str]:
    """Whoever gave the lead back, and whom somebody took it from: it comes to none of them by itself."""
    if was.opened in (Opened.RECYCLED, Opened.RESENT, Opened.OVERTURNED):
        return not_offered_to(refusals_of(tx, lead.id))
    if was.opened not in (Opened.REROUTED, Opened.RELEASED, Opened.REASSIGNED):
        return NOBODY
    had = was.predecessor.rep_id if was.opened is Opened.REASSIGNED and was.predecessor else None
    return tx.handoffs.held_before(lead.id) | ({had} if had else NOBODY)


def waits(tx: Transaction, lead: Lead) -> bool:
    """Whether the lead is an MQL, or parked, and nobody has it and nobody is offered it."""
    if lead.stage is not Stage.MQL and lead.rung is not Rung.PARKED:
        return False
    return tx.handoffs.offered_of(lead.id) is None and tx.handoffs.owned_of(lead.id) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The offer that found nobody."""

    opened: Opened
    predecessor: Handoff | None
    received_at: datetime


def attempt_of(tx: Transaction, lead: Lead) -> Attempt:
    """The last offer that found nobody."""
    event = next((event for event in tx.events.of_lead(lead.id, LOOK_AT) if event.kind in FOUND_NOBODY), None)
    if event is None:  # so much has been heard of it since that only its handoffs tell
        last = tx.handoffs.latest_of(lead.id)
        again = Opened.REASSIGNED if last and last.reassigned else Opened.REROUTED
        return Attempt(
            opened=again if last else Opened.HANDED_OVER,
            predecessor=last,
            received_at=last.received_at if last else lead.created_at,
        )
    opened, before, received_at = (str(event.data[name]) for name in ("opened", "predecessor", "received_at"))
    return Attempt(
        opened=Opened(opened), predecessor=tx.handoffs.get(before), received_at=datetime.fromisoformat(received_at)
    )
