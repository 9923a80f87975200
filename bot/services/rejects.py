"""Reject: before working the lead, always with a reason; the reason decides what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.domain.criteria import criterion_named
from bot.domain.handoff import Handoff, Opened, Rejection, Status
from bot.domain.lead import Lead, Stage
from bot.domain.local_time import MORNING, instant_of, local_date, parse_date
from bot.domain.person import Role
from bot.domain.post import TimerKind
from bot.domain.reasons import FollowUp, Reason, Then
from bot.domain.rights import Clicker
from bot.domain.routing import Unavailable
from bot.errors import FormError, Refused
from bot.services import reject_answers, routing
from bot.services.handoffs import (
    LONGEST_NOTE,
    Click,
    Decided,
    already_decided,
    decide,
    read_note,
    record,
    to_decide,
)  # fmt: skip
from bot.services.merging import merge
from bot.services.notices import tell_marketing
from bot.services.offers import move, offer
from bot.services.routing import Destination
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction

LATEST_RECYCLE = timedelta(days=366)
NOT_LISTED = "not-listed"
"""The answer that a lead is the same as a record we do not know: there is nothing to merge it with, so it is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectHandoff(Click):
    """`recycle_on` is an ISO date in the clicker's zone; `person_id` and `lead_id` are ids of ours. Only the
    follow-up of the chosen reason is read."""

    reason: str
    comment: str | None = None
    recycle_on: str | None = None
    person_id: str | None = None
    criterion: str | None = None
    lead_id: str | None = None
    text: str | None = None
    again: bool = False
    """Should it come back, it is to come to them."""


def reject_handoff(tx: Transaction, command: RejectHandoff) -> Decided:
    """The handoff is rejected with its reason, what the reason says has happened, and marketing hears of it.

    Raises FormError by field (reason, comment, recycle_on, person_id, criterion, lead_id, text),
    AlreadyDecided, NotAllowed, PersonUnknown, NotFound.
    """
    who, handoff, lead = to_decide(tx, command)
    if not handoff.is_open:
        raise already_decided(tx, handoff)
    refuse_won(lead)
    reason = handoff.terms.reason(command.reason)
    if reason is None:
        raise FormError({"reason": "Choose one of the reasons."})
    rejection = _read(tx, reason, command, who, handoff, lead)
    rejected = replace(
        handoff,
        status=Status.REJECTED,
        decided_at=tx.now,
        decided_by=who.person.id,
        rejection=rejection,
        version=handoff.version + 1,
    )
    rejected = decide(tx, rejected)
    record(
        tx, "handoff.rejected", rejected, who.person.id,
        {"reason": reason.code, "counts_against_marketing": reason.counts_against_marketing},
    )  # fmt: skip
    if lead.practice:
        return Decided(handoff=rejected, lead=move(tx, lead, Stage.CLOSED))
    reject_answers.open_for(tx, rejected, lead)
    tell_marketing(tx, rejected, lead)
    successor = _follow(tx, reason, rejected, lead, who)
    now = tx.leads.get(lead.id) or lead
    return Decided(handoff=rejected, lead=now, successor=successor, what_next=whereabouts(tx, now))


def refuse_won(lead: Lead) -> None:
    """Raises Refused for a deal that was won: a manager gave it to somebody to look after, no reason undoes it."""
    if lead.stage is Stage.WON:
        raise Refused("This lead is won, so there is nothing to reject: accept it, or ask your manager to reassign it.")


def _read(
    tx: Transaction, reason: Reason, command: RejectHandoff, who: Clicker, handoff: Handoff, lead: Lead
) -> Rejection:
    errors: dict[str, str] = {}
    found: dict[str, Any] = {}

    def check(field: str, read: Callable[[], str | None]) -> None:
        try:
            found[field] = read()
        except FormError as error:
            errors.update(error.fields)

    check("comment", lambda: read_note(command.comment, "comment", required=False))
    match reason.ask:
        case FollowUp.DATE:
            check("recycle_on", lambda: _date(tx, reason, command, who))
        case FollowUp.PERSON:
            check("person_id", lambda: _person(tx, reason, command, handoff))
        case FollowUp.CRITERION:
            check("criterion", lambda: _criterion(reason, command, handoff))
        case FollowUp.LEAD if command.lead_id == NOT_LISTED:
            pass
        case FollowUp.LEAD:
            check("lead_id", lambda: _similar(tx, reason, command, lead))
            if found.get("lead_id") is None and "lead_id" not in errors:
                check("text", lambda: _text(reason, command))
        case FollowUp.TEXT:
            check("text", lambda: _text(reason, command))
        case FollowUp.NONE:
            pass
    if errors:
        raise FormError(errors)
    again = command.again and reason.then in (Then.RECYCLE, Then.MARKETING)
    return Rejection(reason=reason.code, again=again, **found)


def _date(tx: Transaction, reason: Reason, command: RejectHandoff, who: Clicker) -> str | None:
    if not command.recycle_on and not reason.required:
        return None
    day = parse_date(command.recycle_on)
    today = local_date(tx.now, who.person.tz)
    if day is None or not today < day <= today + LATEST_RECYCLE:
        raise FormError({"recycle_on": "Choose a day after today and within a year: it comes back that morning."})
    return day.isoformat()


def _person(tx: Transaction, reason: Reason, command: RejectHandoff, handoff: Handoff) -> str | None:
    if not command.person_id:
        if reason.required:
            raise FormError({"person_id": "Choose whose it is."})
        return None
    person = tx.people.get(command.person_id)
    if person is None or not person.has(Role.REP):
        raise FormError({"person_id": "Choose one of the reps in the list."})
    if person.id == handoff.rep_id:
        raise FormError({"person_id": "It is offered to you already. Choose somebody else, or Accept."})
    return person.id


def _criterion(reason: Reason, command: RejectHandoff, handoff: Handoff) -> str | None:
    if not command.criterion:
        if reason.required:
            raise FormError({"criterion": "Choose what does not fit: marketing uses it to aim better."})
        return None
    criterion = criterion_named(handoff.terms, command.criterion)
    if criterion is None:
        raise FormError({"criterion": "Choose one of the criteria in the list."})
    return criterion


def _similar(tx: Transaction, reason: Reason, command: RejectHandoff, lead: Lead) -> str | None:
    similar = {other.id for other in tx.leads.similar(lead)}
    if not command.lead_id:
        if similar and reason.required:
            raise FormError({"lead_id": "Choose the lead it is the same as."})
        return None
    if command.lead_id not in similar:
        raise FormError({"lead_id": "Choose one of the suggested leads."})
    return command.lead_id


def _text(reason: Reason, command: RejectHandoff) -> str | None:
    text = (command.text or "").strip()
    if reason.required and not text:
        raise FormError({"text": "Please answer this in a few words: marketing will read it."})
    if len(text) > LONGEST_NOTE:
        raise FormError({"text": f"Keep it under {LONGEST_NOTE} characters; this has {len(text)}."})
    return text or None


def _follow(tx: Transaction, reason: Reason, handoff: Handoff, lead: Lead, who: Clicker) -> Handoff | None:
    """What the reason says follows. Returns the new handoff of a re-route."""
    rejection = handoff.rejection or Rejection(reason=reason.code)
    match reason.then:
        case Then.RECYCLE if rejection.recycle_on is not None:
            day = parse_date(rejection.recycle_on)
            at = instant_of(day, MORNING, who.person.tz) if day else tx.now
            move(tx, lead, Stage.RECYCLED, recycle_at=at)
            tx.timers.set(TimerKind.RECYCLE, lead.id, at)
            _event(tx, "lead.recycled", handoff, who, {"until": rejection.recycle_on})
        case Then.REROUTE:
            return _reroute(tx, rejection, handoff, lead, who)
        case Then.MERGE if rejection.lead_id is not None:
            merge(tx, handoff, lead, rejection.lead_id, who)
        case Then.CLOSE | Then.MERGE:
            move(tx, lead, Stage.CLOSED)
            _event(tx, "lead.closed", handoff, who, {"reason": reason.code})
        case Then.MARKETING | Then.RECYCLE:
            move(tx, lead, Stage.RECYCLED, recycle_at=None)
            _event(tx, "lead.recycled", handoff, who, {"until": None})
    return None


def _reroute(tx: Transaction, rejection: Rejection, handoff: Handoff, lead: Lead, who: Clicker) -> Handoff | None:
    """Offered to the person named; where they cannot take it now, routed again with their name said."""
    exclude = tx.handoffs.held_before(lead.id) | {who.person.id}
    destination: Destination | None = None
    if rejection.person_id is not None:
        found = routing.to_person(tx, rejection.person_id, f"{who.person.name} says it is yours")
        if isinstance(found, Unavailable):
            destination = routing.find_destination(tx, lead, exclude=exclude, not_to=handoff.pool_channel)
            owner = person_name(tx, rejection.person_id)
            if destination is not None:
                because = f"{owner} is meant to have it and is {found.value}. {destination.because}"
                destination = replace(destination, because=because)
        else:
            destination = found
    return offer(
        tx, lead, Opened.REROUTED, to=destination, exclude=exclude, not_to=handoff.pool_channel, predecessor=handoff,
        actor=who.person.id, origin="slack",
    )  # fmt: skip


def _event(tx: Transaction, kind: str, handoff: Handoff, who: Clicker, data: dict[str, object]) -> None:
    record(tx, kind, handoff, who.person.id, data)
