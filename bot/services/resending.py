"""Fix and resend: marketing mends what sales rejected, says what changed, and the lead is offered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.crm import stamp
from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Lead, Priority, normalise_email
from bot.domain.recycling import RejectAnswer
from bot.domain.reject_answer import AnswerState
from bot.errors import FormError, NotFound, Refused
from bot.services.below_definition import shortfalls_of
from bot.services.handoffs import LONGEST_NOTE, Decided
from bot.services.lead_changes import apply_values
from bot.services.naming import lead_name
from bot.services.offering_again import asked_for_it, is_free, is_latest, offer_again, refusals_of
from bot.services.people import clicker
from bot.services.reject_answers import AnswerReject, Question, give, refuse_answer, refuse_others, to_answer
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction

CORRECTED = ("name", "company", "title", "email", "phone", "country", "priority", "summary")
"""What the form lets one mend, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendForm:
    """What is known of the lead, to be mended. All text is untrusted. `goes_to`: to whom it would be offered."""

    handoff_id: str
    lead_name: str
    reason: str
    comment: str | None
    rejected_by: str
    values: Mapping[str, str | None]
    priority: Priority
    goes_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendLead(AnswerReject):
    """`values` by name of field, as CORRECTED, and `phone_e164`; None: there is none."""

    values: Mapping[str, Any]
    what_changed: str


def resend_form(tx: Transaction, handoff_id: str, by: str) -> ResendForm:
    """The form to mend this lead. Raises NotAllowed, PersonUnknown, NotFound, and Refused when it is answered."""
    person = clicker(tx, by).person
    answer, handoff = tx.reject_answers.get(handoff_id), tx.handoffs.get(handoff_id)
    lead = tx.leads.get(answer.lead_id) if answer else None
    if answer is None or handoff is None or lead is None or lead.erased_at is not None:
        raise NotFound("I do not know this reject, or it does not count against marketing.")
    refuse_others(tx, person, answer)
    refuse_answer(tx, answer, lead, RejectAnswer.FIXED)
    _refuse_to_send(tx, handoff, lead)
    reason = handoff.terms.reason(answer.reason)
    asked = asked_for_it(refusals_of(tx, lead.id))
    rejected_by = person_name(tx, handoff.decided_by)
    return ResendForm(
        handoff_id=handoff_id,
        lead_name=lead_name(lead),
        reason=reason.label if reason else answer.reason,
        comment=handoff.rejection.comment or handoff.rejection.text if handoff.rejection else None,
        rejected_by=rejected_by,
        values={name: getattr(lead, name) for name in CORRECTED if name != "priority"},
        priority=lead.priority,
        goes_to=f"{person_name(tx, asked)}, who asked for it"
        if asked
        else f"whose turn it is by the rules, not to {rejected_by}, who rejected it",
    )


def resend_lead(tx: Transaction, command: ResendLead) -> Decided:
    """The lead has the values given, and is offered again; its card says what changed.

    Raises FormError (what_changed, email; also where sales has another lead of that address, and where it is below the
    agreed definition), NotAllowed, PersonUnknown, NotFound, and Refused when it is answered, with sales again, or was
    refused again since.
    """
    said = _read(command.what_changed)
    email = normalise_email(command.values.get("email"))
    if email is not None:
        # As intake does: the address before any row.
        tx.leads.lock_email(email)
        if tx.erasures.erased_at("email", email) is not None:
            raise FormError({"email": "Whoever has this address asked to be erased."})
    question = to_answer(tx, command, RejectAnswer.FIXED, what_changed=said)
    _refuse_to_send(tx, question.handoff, question.lead)
    return _send(tx, question, _mend(tx, question.lead, command.values, question.person.id), said)


def send_again(tx: Transaction, question: Question, what_changed: str) -> Decided:
    """As resend_lead, of a lead that was mended where it came from. The caller has asked `to_answer`. Nothing is
    changed when it raises."""
    said = _read(what_changed)
    _refuse_to_send(tx, question.handoff, question.lead)
    return _send(tx, question, question.lead, said)


def _send(tx: Transaction, question: Question, lead: Lead, said: str) -> Decided:
    _refuse_what_lacks(tx, lead)
    give(tx, question, AnswerState.FIXED, said)
    successor = offer_again(
        tx, lead, Opened.RESENT, after=question.handoff, actor=question.person.id, origin="slack"
    )  # fmt: skip
    now = tx.leads.get(lead.id) or lead
    return Decided(handoff=question.handoff, lead=now, successor=successor, what_next=whereabouts(tx, now))


def _refuse_to_send(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    if not is_free(tx, lead):
        raise Refused(f"This lead cannot be sent again now. {whereabouts(tx, lead)}.")
    if not is_latest(tx, handoff):
        raise Refused(
            f"This lead came back to sales after this reject, and was refused again. {whereabouts(tx, lead)}."
        )


def _refuse_what_lacks(tx: Transaction, lead: Lead) -> None:
    """Nobody gets a second record of a person whom sales has, nor a lead below the definition."""
    for other in tx.leads.by_email(lead.email_normalised) if lead.email_normalised else ():
        is_taken = tx.handoffs.owned_of(other.id) is not None or tx.handoffs.offered_of(other.id) is not None
        if other.id != lead.id and not other.practice and is_taken:
            where = whereabouts(tx, other)
            raise FormError({"email": f"Sales has a lead of this address already: {lead_name(other)}. {where}."})
    lacks = " ".join(one.sentence for one in shortfalls_of(tx, lead))
    if lacks:
        raise FormError({"what_changed": f"It is below what the agreement says a lead needs: {lacks}"})


def _read(text: str) -> str:
    said = text.strip()
    if not said:
        raise FormError({"what_changed": "Say what changed: the rep who gets it next will read it."})
    if len(said) > LONGEST_NOTE:
        raise FormError({"what_changed": f"Keep it under {LONGEST_NOTE} characters; this has {len(said)}."})
    return said


def _mend(tx: Transaction, lead: Lead, values: Mapping[str, Any], actor: str) -> Lead:
    """The lead with what differs; later word of its source counts again."""
    news = {name: value for name, value in values.items() if name in CORRECTED and value != getattr(lead, name)}
    if "phone" in news:
        news["phone_e164"] = values.get("phone_e164")
    mended, changed = apply_values(tx, lead, news, stamp(tx.now, None))
    if changed:
        tx.events.add(
            "lead.updated", lead_id=lead.id, actor=actor, origin="slack", data={"fields": sorted(changed)}
        )  # fmt: skip
    return mended
