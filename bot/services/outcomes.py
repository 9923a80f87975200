"""What a rep logs about an accepted lead, and what follows from it. Each is one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.domain import follow_up, rights
from bot.domain.config import Event
from bot.domain.follow_up import Progress
from bot.domain.handoff import End, Handoff
from bot.domain.lead import Lead, Stage
from bot.domain.local_time import MORNING, instant_of, local_date
from bot.domain.outcome import Kind, Logged, Outcome, reason_of
from bot.domain.post import TimerKind
from bot.domain.rights import Clicker
from bot.errors import Refused
from bot.services import announcements, first_contact, handoffs, milestones, posting, standing
from bot.services.deputies import acts_for
from bot.services.handoffs import Click, already_decided, finish, open_for, refuse
from bot.services.notices import tell_of_disqualified
from bot.services.outcome_input import Filled, read
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction

EVENTS = {
    Kind.ATTEMPT: "lead.attempted",
    Kind.CONTACTED: "lead.contacted",
    Kind.QUALIFIED: "lead.qualified",
    Kind.DISQUALIFIED: "lead.disqualified",
    Kind.OPPORTUNITY: "lead.opportunity",
    Kind.WON: "lead.won",
    Kind.LOST: "lead.lost",
}
"""What each is called as an event, and to other systems. Giving back is `handoff.released`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOutcome(Click):
    """`once` names the click or the form that was sent off: a second time changes nothing."""

    filled: Filled
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was logged, and where the lead stands now. `said`: a sentence for whoever logged it. It may hold a person's
    name: untrusted."""

    handoff: Handoff
    lead: Lead
    said: str
    repeated: bool = False


def log_outcome(tx: Transaction, command: LogOutcome) -> Done:
    """It stands in the lead's history, and what it says has happened: stage, end, clock, cards, and whoever is to hear.

    By the owner, or by whoever manages sales, for them. Raises Refused with a sentence for what cannot have happened,
    FormError by field, NotAllowed, AlreadyDecided when the lead is with nobody or somebody else, NotFound.
    """
    who, handoff, lead = open_for(tx, command)
    refuse(rights.may_log(who, handoff))
    if not tx.seen.first_time("outcome", command.once):
        return Done(handoff=handoff, lead=lead, said="", repeated=True)
    if not handoff.is_owned:
        raise already_decided(tx, handoff)
    outcome = read(command.filled, handoff, by=who.person.id, tz=who.person.tz, now=tx.now)
    known = standing.take_in_crm(tx, handoff, standing.known(tx, handoff, lead))
    progress = follow_up.log(known.progress, outcome, handoff.terms, today_of(tx, handoff))
    before = first_contact.touched(tx, handoff, lead)
    logged = add(tx, who, handoff, outcome)
    if outcome.kind is Kind.GIVEN_BACK:
        return _given_back(tx, who, handoff, lead, outcome)
    moved = put_in_stage(tx, handoff, lead, progress)
    handoff = _after(tx, handoff, moved, outcome, again=command.filled.again)
    _tell(tx, who, handoff, moved, logged)
    first_contact.follow(tx, handoff, moved, before)
    milestones.look(tx, handoff, moved)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, handoff)
    return Done(handoff=handoff, lead=moved, said=sentence(tx, handoff, moved, outcome, progress))


def today_of(tx: Transaction, handoff: Handoff) -> Any:
    """The local date of the lead's owner, by whose mornings it comes back."""
    return local_date(tx.now, owner_tz(tx, handoff))


def owner_tz(tx: Transaction, handoff: Handoff) -> str:
    owner = tx.people.get(handoff.rep_id) if handoff.rep_id else None
    return owner.tz if owner is not None else "UTC"


def add(tx: Transaction, who: Clicker, handoff: Handoff, outcome: Outcome, place: str | None = None) -> Logged:
    """The entry stands at the end of the history, or in `place`."""
    entry_id = tx.new_id()
    manager = None if who.person.id == handoff.rep_id else acts_for(tx, who, handoff.rep_id)
    logged = Logged(
        id=entry_id,
        handoff_id=handoff.id,
        lead_id=handoff.lead_id,
        place=place or entry_id,
        outcome=outcome,
        logged_at=tx.now,
        for_id=manager.id if manager else None,
        event_id=tx.new_id(),
    )
    tx.outcomes.add(logged)
    return logged


def put_in_stage(tx: Transaction, handoff: Handoff, lead: Lead, progress: Progress) -> Lead:
    """The lead is in the stage its history comes to, and comes back on the day it says, whatever moves the table of
    stages has: the history was checked, and a correction may go any way."""
    at = None
    if progress.come_back_on is not None and not handoff.practice:
        at = instant_of(progress.come_back_on, MORNING, owner_tz(tx, handoff))
    stage = progress.stage
    if handoff.practice and stage in (Stage.RECYCLED, Stage.MQL):
        stage = Stage.CLOSED
    if (stage, at) == (lead.stage, lead.recycle_at):
        return lead
    moved = replace(lead, stage=stage, recycle_at=at, version=lead.version + 1, updated_at=tx.now)
    tx.leads.save(moved)
    if at is None:
        tx.timers.cancel(TimerKind.RECYCLE, lead.id)
    else:
        tx.timers.set(TimerKind.RECYCLE, lead.id, at)
    return moved


def told(tx: Transaction, handoff: Handoff, outcome: Outcome) -> dict[str, Any]:
    """The outcome as events and other systems have it; of what people wrote nothing."""
    reasons = (*handoff.terms.disqualify_reasons, *handoff.terms.loss_reasons)
    reason = reason_of(reasons, outcome.reason)
    label = reason.label if reason is not None else None
    if outcome.kind is Kind.WON:
        label = next((one.label for one in handoff.terms.win_reasons if one.code == outcome.reason), None)
    values = {
        "kind": outcome.kind.value,
        "at": announcements.as_text(outcome.at),
        "attempt": outcome.attempt.value if outcome.attempt else None,
        "reason": {"code": outcome.reason, "label": label} if outcome.reason else None,
        "until": outcome.come_back_on.isoformat() if outcome.come_back_on else None,
        "amount": format(outcome.amount, "f") if outcome.amount is not None else None,
        "currency": outcome.currency,
        "expected_close": outcome.expected_close.isoformat() if outcome.expected_close else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _given_back(tx: Transaction, who: Clicker, handoff: Handoff, lead: Lead, outcome: Outcome) -> Done:
    decided = handoffs.give_back(tx, who, handoff, lead, outcome.note)
    said = f"Given back. {decided.what_next}." if decided.what_next else "Given back."
    return Done(handoff=decided.handoff, lead=decided.lead, said=said)


def _after(tx: Transaction, handoff: Handoff, lead: Lead, outcome: Outcome, *, again: bool) -> Handoff:
    """The handoff ends with a disqualification; else it is one version on, so that older buttons are known as such."""
    if outcome.kind is not Kind.DISQUALIFIED:
        changed = replace(handoff, version=handoff.version + 1)
        tx.handoffs.save(changed)
        return changed
    extra = handoff.extra | ({"again": True} if again else {})
    ended = replace(handoff, end=End.DISQUALIFIED, ended_at=tx.now, version=handoff.version + 1, extra=extra)
    finish(tx, ended)
    if not handoff.practice:
        tell_of_disqualified(tx, ended, lead, outcome)
    return ended


def _tell(tx: Transaction, who: Clicker, handoff: Handoff, lead: Lead, logged: Logged) -> None:
    """Other systems hear of it. That a lead is back with marketing, or closed, is told as after a reject."""
    outcome = logged.outcome
    data: dict[str, Any] = {"outcome": told(tx, handoff, outcome)}
    data |= {name: value for name, value in (("note", outcome.note), ("comment", outcome.answer)) if value}
    if logged.for_id:
        data["for"] = logged.for_id
    record(tx, EVENTS[outcome.kind], handoff, who, data, event_id=logged.event_id)
    if outcome.kind is Kind.DISQUALIFIED and lead.stage is Stage.RECYCLED:
        until = outcome.come_back_on.isoformat() if outcome.come_back_on else None
        record(tx, "lead.recycled", handoff, who, {"until": until})
    elif outcome.kind is Kind.DISQUALIFIED and not lead.practice:
        record(tx, "lead.closed", handoff, who, {"reason": outcome.reason})


def record(
    tx: Transaction, kind: str, handoff: Handoff, who: Clicker, data: dict[str, Any], event_id: str | None = None
) -> Event:
    """The event of what somebody logged; other systems hear of it."""
    event = tx.events.add(
        kind, lead_id=handoff.lead_id, handoff_id=handoff.id, actor=who.person.id, origin="slack", data=data,
        event_id=event_id,
    )  # fmt: skip
    announcements.announce(tx, event)
    return event


def sentence(tx: Transaction, handoff: Handoff, lead: Lead, outcome: Outcome, progress: Progress) -> str:
    """What whoever logged it reads."""
    match outcome.kind:
        case Kind.ATTEMPT:
            how = outcome.attempt.value.replace("_", " ") if outcome.attempt else "attempt"
            return f"Logged: {how}, attempt {progress.attempts} of {handoff.terms.attempts}."
        case Kind.DISQUALIFIED:
            return f"Logged: disqualified. {whereabouts(tx, lead)}."
        case _:
            return f"Logged: {outcome.kind.value.replace('_', ' ')}."


def refuse_unless_current(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """Raises Refused when the lead went on since: then its history is closed."""
    latest = tx.handoffs.latest_of(lead.id)
    disqualified = handoff.end is End.DISQUALIFIED
    if latest is None or latest.id != handoff.id or not (handoff.is_owned or disqualified):
        raise Refused(f"This lead has gone on since: {whereabouts(tx, lead)}. What was logged before stays as it was.")
    if lead.erased_at is not None or lead.stage is Stage.MERGED:
        raise Refused("This lead is not there any more.")


def said_by(tx: Transaction, logged: Logged) -> str:
    """Who logged it, and for whom."""
    name = person_name(tx, logged.outcome.by)
    return f"{name} for {person_name(tx, logged.for_id)}" if logged.for_id else name
