"""Corrections of what was logged: an entry is replaced or taken out, and what followed from it follows anew.

Nothing is deleted: what was taken out is kept, with who did it and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import follow_up, rights
from bot.domain.handoff import End, Handoff, Status
from bot.domain.lead import Lead, Stage
from bot.domain.outcome import NOT_LOGGED, Kind, Logged, Outcome
from bot.domain.rights import Clicker
from bot.errors import FormError, NotFound, Refused
from bot.services import first_contact, milestones, posting, standing
from bot.services.handoffs import Click, finish, open_for, refuse
from bot.services.notices import tell_of_disqualified
from bot.services.outcome_input import Filled, read
from bot.services.outcomes import Done, add, put_in_stage, record, refuse_unless_current, said_by, today_of, told
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOutcome(Click):
    """`outcome_id` is the entry; `filled` what it should have been, None: it never happened."""

    outcome_id: str
    filled: Filled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a history, as it is listed. One that was corrected or taken out stays in the list, with who did so
    and when. Texts are untrusted."""

    id: str
    outcome: Outcome
    reason: str | None
    by: str
    logged_at: datetime
    can_be_corrected: bool
    taken_out_by: str | None = None
    taken_out_at: datetime | None = None


def correct_outcome(tx: Transaction, command: CorrectOutcome) -> Done:
    """The history is as if it had been logged so from the start: stage, end, clock, milestones and cards follow, and
    other systems hear of it. What the CRM said later than the rest stands after it. By the owner, or whoever manages
    sales.

    Raises Refused when the rest could then not have happened, or the lead has gone on since; FormError by field;
    NotAllowed; NotFound for what is not there any more.
    """
    who, handoff, lead = open_for(tx, command)
    refuse(rights.may_log(who, handoff))
    refuse_unless_current(tx, handoff, lead)
    history = standing.take_in_crm(tx, handoff, standing.known(tx, handoff, lead)).history
    index = next((at for at, one in enumerate(history) if one.id == command.outcome_id), None)
    if index is None:
        raise NotFound("Somebody corrected this entry meanwhile. Please open the list again.")
    old = history[index]
    _refuse_what_is_not_theirs(old)
    new = None
    if command.filled is not None:
        new = _read(who, handoff, command.filled, old, tx.now)
    outcomes = [one.outcome for one in history]
    began = handoff.decided_at or handoff.offered_at
    _, progress = follow_up.corrected(began, outcomes, index, new, handoff.terms, today_of(tx, handoff))
    before = first_contact.touched(tx, handoff, lead)
    tx.outcomes.take_out(old.id, who.person.id)
    logged = add(tx, who, handoff, new, old.place) if new is not None else None
    disqualified = progress.has_ended and progress.stage in (Stage.RECYCLED, Stage.CLOSED)
    again = bool(handoff.extra.get("again"))
    if Kind.DISQUALIFIED in (old.outcome.kind, new.kind if new is not None else None):
        again = command.filled is not None and command.filled.again
    handoff = _end_follows(tx, handoff, disqualified, again=again)
    lead = put_in_stage(tx, handoff, lead, progress)
    if handoff.end is End.DISQUALIFIED and new is not None and not handoff.practice and new.kind is Kind.DISQUALIFIED:
        _tell_again(tx, handoff, lead, old, new)
    _record(tx, who, handoff, old, logged)
    first_contact.follow(tx, handoff, lead, before)
    milestones.look(tx, handoff, lead)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, handoff)
    return Done(handoff=handoff, lead=lead, said="Corrected." if new is not None else "Taken out.")


def entries(tx: Transaction, handoff: Handoff) -> tuple[Entry, ...]:
    """Everything that was ever logged of the handoff, with what was taken out, the oldest first."""
    latest = tx.handoffs.latest_of(handoff.lead_id)
    is_current = latest is not None and latest.id == handoff.id
    found = []
    for one in tx.outcomes.ever(handoff.id):
        label = told(tx, handoff, one.outcome).get("reason", {}).get("label")
        found.append(
            Entry(
                id=one.id,
                outcome=one.outcome,
                reason=label or one.outcome.reason,
                by=_said_by(tx, one),
                logged_at=one.logged_at,
                can_be_corrected=is_current and one.taken_out_at is None and _refusal(one) is None,
                taken_out_by=_name(tx, one.taken_out_by),
                taken_out_at=one.taken_out_at,
            )
        )
    return tuple(found)


def _said_by(tx: Transaction, logged: Logged) -> str:
    if logged.outcome.by in NOT_LOGGED:
        return "the CRM" if logged.outcome.by == "crm" else "whoever had it before"
    return said_by(tx, logged)


def _name(tx: Transaction, person_id: str | None) -> str | None:
    person = tx.people.get(person_id) if person_id else None
    return person.name if person is not None else None


def _refusal(logged: Logged) -> str | None:
    if logged.outcome.by in NOT_LOGGED:
        return "You did not log this: correct it where it was said, in the CRM or with whoever had the lead before."
    if logged.outcome.kind is Kind.GIVEN_BACK:
        return "A lead that was given back is with somebody else: ask your manager to reassign it to you."
    return None


def _refuse_what_is_not_theirs(logged: Logged) -> None:
    refusal = _refusal(logged)
    if refusal is not None:
        raise Refused(refusal)


def _read(who: Clicker, handoff: Handoff, filled: Filled, old: Logged, now: datetime) -> Outcome:
    if filled.kind == Kind.GIVEN_BACK:
        raise FormError({"what": "To give a lead back, log it: it is offered to somebody else at once."})
    return read(filled, handoff, by=who.person.id, tz=who.person.tz, now=now, kept=old.outcome.at)


def _end_follows(tx: Transaction, handoff: Handoff, has_ended: bool, *, again: bool) -> Handoff:
    """The handoff ended with a disqualification, or it did not, as the history says now."""
    extra = {name: value for name, value in handoff.extra.items() if name != "again"}
    asked = {"again": True} if again else {}
    changed = replace(handoff, version=handoff.version + 1, extra=extra | asked)
    if has_ended and handoff.is_owned:
        changed = replace(changed, end=End.DISQUALIFIED, ended_at=tx.now)
        finish(tx, changed)
    elif not has_ended and handoff.end is End.DISQUALIFIED:
        _refuse_to_who_has_left(tx, handoff)
        changed = replace(changed, status=Status.ACCEPTED, end=None, ended_at=None)
        tx.handoffs.reinstate(changed)
    else:
        tx.handoffs.save(changed)
    return changed


def _refuse_to_who_has_left(tx: Transaction, handoff: Handoff) -> None:
    """Raises Refused where the lead would be somebody's again who takes none any more."""
    owner = tx.people.get(handoff.rep_id) if handoff.rep_id else None
    if owner is None or not rights.takes_leads(owner):
        name = owner.name if owner is not None else "Whoever had it"
        raise Refused(
            f"{name} takes no leads any more, so it cannot be theirs again: leave it with marketing, "
            "who can hand it over anew, or correct its reason."
        )


def _tell_again(tx: Transaction, handoff: Handoff, lead: Lead, old: Logged, new: Outcome) -> None:
    """Marketing hears of a disqualification once; when its reason was corrected the message that stands says so."""
    if old.outcome.kind is not Kind.DISQUALIFIED:
        tell_of_disqualified(tx, handoff, lead, new)


def _record(tx: Transaction, who: Clicker, handoff: Handoff, old: Logged, new: Logged | None) -> None:
    data: dict[str, Any] = {"before": told(tx, handoff, old.outcome)}
    if old.event_id:
        data["compensates"] = old.event_id
    if new is not None:
        data["outcome"] = told(tx, handoff, new.outcome)
        data |= {name: value for name, value in (("note", new.outcome.note), ("comment", new.outcome.answer)) if value}
        if new.for_id:
            data["for"] = new.for_id
    record(tx, "lead.corrected", handoff, who, data, event_id=new.event_id if new is not None else None)
