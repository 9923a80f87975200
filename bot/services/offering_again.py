"""A lead that was refused is offered again: on its date, mended, or because the reject did not stand."""

from __future__ import annotations

from bot.domain.crm import BY_DATE
from bot.domain.handoff import End, Handoff, Opened, Status
from bot.domain.lead import Lead, Stage
from bot.domain.post import TimerKind
from bot.domain.recycling import Refusal, not_offered_to
from bot.domain.routing import Unavailable
from bot.services import posting, routing
from bot.services.offers import offer
from bot.services.routing import Destination
from storage.transaction import Transaction

ASKED_FOR_IT = "You asked for it to come back to you"


def offer_again(
    tx: Transaction, lead: Lead, opened: Opened, *, after: Handoff | None, actor: str = "lockstep", origin: str
) -> Handoff | None:
    """The lead is offered: to the rep who refused it and asked for it to come back to them, if they take leads now;
    else by the rules, and to nobody who refused it without asking for that. `after` is the handoff it follows.

    As offer; the caller holds the lead's lock, and nobody has the lead.
    """
    refusals = refusals_of(tx, lead.id)
    tx.timers.cancel(TimerKind.RECYCLE, lead.id)
    handoff = offer(
        tx, lead, opened, to=_who_asked(tx, refusals), exclude=not_offered_to(refusals), predecessor=after,
        received_at=tx.now, actor=actor, origin=origin,
    )  # fmt: skip
    posting.sync_lead(tx, lead.id)
    return handoff


def refusals_of(tx: Transaction, lead_id: str) -> list[Refusal]:
    """Who refused the lead, the earliest first: rejected it, disqualified it after contact, or lost it until a day."""
    return [
        Refusal(rep_id=rep_id, said_so=said_so(handoff))
        for handoff in tx.handoffs.of_lead(lead_id)
        if (rep_id := _refused_by(handoff)) is not None
    ]


def said_so(handoff: Handoff) -> bool:
    """Whether the rep who refused it asked for it to come back to them."""
    return (handoff.rejection is not None and handoff.rejection.again) or bool(handoff.extra.get("again"))


def asked_for_it(refusals: list[Refusal]) -> str | None:
    """The rep who asked for it last, and did not refuse it since."""
    last = {refusal.rep_id: refusal.said_so for refusal in refusals}
    return next((one.rep_id for one in reversed(refusals) if last[one.rep_id]), None)


def is_free(tx: Transaction, lead: Lead) -> bool:
    """Whether the lead can be offered again: nobody has it, and it is the person's only record here."""
    if lead.erased_at is not None or lead.practice or lead.stage not in (Stage.RECYCLED, Stage.CLOSED, Stage.LOST):
        return False
    return tx.handoffs.offered_of(lead.id) is None and tx.handoffs.owned_of(lead.id) is None


def is_latest(tx: Transaction, handoff: Handoff) -> bool:
    """Whether nothing was offered after it: what came of a later offer is not undone with this one."""
    latest = tx.handoffs.latest_of(handoff.lead_id)
    return latest is None or latest.id == handoff.id


def _refused_by(handoff: Handoff) -> str | None:
    if handoff.status is Status.REJECTED:
        return handoff.decided_by
    # Who lost a deal refused nothing: when it comes back on the day they named, it is theirs again.
    is_lost = handoff.extra.get("ended_by") == BY_DATE
    return handoff.rep_id if handoff.end is End.DISQUALIFIED or is_lost else None


def _who_asked(tx: Transaction, refusals: list[Refusal]) -> Destination | None:
    rep_id = asked_for_it(refusals)
    found = routing.to_person(tx, rep_id, ASKED_FOR_IT) if rep_id is not None else Unavailable.EXCLUDED
    return None if isinstance(found, Unavailable) else found
