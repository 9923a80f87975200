"""Answer several rejects at once: which of them, one answer for all, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.dispute import LONGEST_SENTENCE
from bot.domain.recycling import RejectAnswer, may_answer
from bot.domain.reject_answer import AnswerState, AnswerToReject
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import home_campaigns
from bot.services.answer_shown import answer_due
from bot.services.due import DueShown
from bot.services.forms import Choice
from bot.services.naming import lead_name
from bot.services.people import clicker
from bot.services.raising_disputes import dispute_rejects
from bot.services.reject_answers import (
    AnswerReject,
    Question,
    give,
    may_dispute,
    refuse_answer,
    refuse_others,
    to_answer,
)  # fmt: skip
from bot.services.resending import send_again
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

LISTED = 50
"""Rejects the form lists at once: what one transaction answers."""
LOOKED_AT = 500
"""Of so many that wait the form takes those that are asked for."""
EVERYTHING = "all"
BY_REASON, BY_CAMPAIGN = "reason:", "campaign:"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeForm:
    """One reject to be contested. Text untrusted."""

    handoff_id: str
    lead_name: str
    company: str | None
    reason: str
    rejected_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReject:
    """A reject in the form's list. Text untrusted."""

    handoff_id: str
    name: str
    company: str | None
    reason: str
    rejected_by: str
    due: DueShown | None
    missed: bool = False
    can_fix: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralForm:
    """`filters` are what can be listed, `chosen` what is; `total`: how many of it wait in all."""

    filters: tuple[Choice, ...]
    chosen: str
    rows: tuple[WaitingReject, ...]
    total: int
    can_dispute: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSeveral:
    """`by` is the Slack id of the one who clicked; the rest came back from the client and is not trusted. `why`: of
    those that are fixed, what changed."""

    by: str
    handoff_ids: tuple[str, ...]
    answer: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralAnswered:
    """`left_out`: which could not be answered, a sentence each; names in it are untrusted."""

    answer: RejectAnswer
    done: int
    left_out: tuple[str, ...] = field(default=())


def dispute_form(tx: Transaction, handoff_id: str, by: str) -> DisputeForm:
    """The form to contest this reject. Raises NotAllowed, PersonUnknown, NotFound, and Refused when it is answered."""
    person = clicker(tx, by).person
    answer, handoff = tx.reject_answers.get(handoff_id), tx.handoffs.get(handoff_id)
    lead = tx.leads.get(answer.lead_id) if answer else None
    if answer is None or handoff is None or lead is None or lead.erased_at is not None:
        raise NotFound("I do not know this reject, or it does not count against marketing.")
    refuse_others(tx, person, answer)
    refuse_answer(tx, answer, lead, RejectAnswer.DISPUTED)
    if not may_dispute(person):
        raise NotAllowed("Only marketing can dispute a reject; sales can raise a disagreement instead.")
    reason = handoff.terms.reason(answer.reason)
    return DisputeForm(
        handoff_id=handoff_id,
        lead_name=lead_name(lead),
        company=lead.company,
        reason=reason.label if reason else answer.reason,
        rejected_by=person_name(tx, handoff.decided_by),
    )


def several_form(tx: Transaction, by: str, chosen: str = EVERYTHING) -> SeveralForm:
    """What of the rejects that wait for this person can be answered at once. Raises NotAllowed, PersonUnknown, and
    Refused when none waits."""
    person = clicker(tx, by).person
    scope = home_campaigns.campaigns_of(tx, person)
    if scope is None:
        raise NotAllowed("Only marketing answers rejects.")
    waiting = tx.reject_answers.waiting(scope.owner_ids, LOOKED_AT)
    if not waiting:
        raise Refused("No reject waits for an answer any more.")
    filters = _filters(tx, waiting)
    if chosen not in {one.value for one in filters}:
        chosen = EVERYTHING
    found = [one for one in waiting if _fits(one, chosen)]
    return SeveralForm(
        filters=filters,
        chosen=chosen,
        rows=tuple(row for one in found[:LISTED] if (row := waiting_row(tx, one)) is not None),
        total=len(found),
        can_dispute=may_dispute(person),
    )


def answer_several(tx: Transaction, command: AnswerSeveral) -> SeveralAnswered:
    """Each of the rejects chosen has the answer, if it can have it; the others are named with why. Raises FormError
    (answer_all, why, rejects), NotAllowed, PersonUnknown."""
    answer = _read(tx, command)
    questions: list[Question] = []
    left_out: list[str] = []
    # In one order, so that two who answer the same ones wait for each other once.
    for handoff_id in _in_order(tx, command.handoff_ids):
        try:
            questions.append(to_answer(tx, AnswerReject(handoff_id=handoff_id, by=command.by), answer))
        except NotAllowed as why:
            left_out.append(f"A lead: {why}")
        except Refused as why:
            left_out.append(f"{_name(tx, handoff_id)}: {why}")
    done = len(questions)
    match answer:
        case RejectAnswer.DISPUTED if questions:
            dispute_rejects(tx, questions, command.why)
        case RejectAnswer.FIXED:
            refused = _send_again(tx, questions, command.why)
            done -= len(refused)
            left_out += refused
        case RejectAnswer.ACCEPTED:
            for one in questions:
                give(tx, one, AnswerState.ACCEPTED, command.why.strip())
    return SeveralAnswered(answer=answer, done=done, left_out=tuple(left_out))


def _send_again(tx: Transaction, questions: Sequence[Question], what_changed: str) -> list[str]:
    """Each is offered again as it is now; a sentence for each that cannot be."""
    refused: list[str] = []
    for one in questions:
        try:
            send_again(tx, one, what_changed)
        except FormError as why:
            refused.append(f"{lead_name(one.lead)}: {' '.join(why.fields.values())}")
        except Refused as why:
            refused.append(f"{lead_name(one.lead)}: {why}")
    return refused


def waiting_row(tx: Transaction, answer: AnswerToReject) -> WaitingReject | None:
    """A reject as lists show it; None when the lead is gone."""
    handoff, lead = tx.handoffs.get(answer.handoff_id), tx.leads.get(answer.lead_id)
    if handoff is None or lead is None:
        return None
    reason = handoff.terms.reason(answer.reason)
    return WaitingReject(
        handoff_id=answer.handoff_id,
        name=lead_name(lead),
        company=lead.company,
        reason=reason.label if reason else answer.reason,
        rejected_by=person_name(tx, handoff.decided_by),
        due=answer_due(tx, answer),
        missed=answer.missed_at is not None,
        can_fix=may_answer(RejectAnswer.FIXED, counts=True, answered=None, stage=lead.stage, what_changed="-") is None,
    )


def _in_order(tx: Transaction, handoff_ids: Sequence[str]) -> list[str]:
    """By lead: their rows are locked in one order everywhere."""
    asked = tx.reject_answers.many(sorted(set(handoff_ids))[:LISTED])
    return sorted(asked, key=lambda one: asked[one].lead_id)


def _read(tx: Transaction, command: AnswerSeveral) -> RejectAnswer:
    errors: dict[str, str] = {}
    person = clicker(tx, command.by).person
    if command.answer not in list(RejectAnswer):
        errors["answer_all"] = "Choose one answer for all of them."
    if not command.handoff_ids:
        errors["rejects"] = "Choose at least one."
    why = command.why.strip()
    if command.answer == RejectAnswer.DISPUTED.value:
        if not why:
            errors["why"] = "Say why they should have been accepted: both managers will read it."
        elif not may_dispute(person):
            raise NotAllowed("Only marketing can dispute a reject; sales can raise a disagreement instead.")
    elif command.answer == RejectAnswer.FIXED.value and not why:
        errors["why"] = "Say what changed: the reps who get them next will read it."
    if len(why) > LONGEST_SENTENCE:
        errors["why"] = f"Keep it under {LONGEST_SENTENCE} characters; this has {len(why)}."
    if errors:
        raise FormError(errors)
    return RejectAnswer(command.answer)


def _filters(tx: Transaction, waiting: Sequence[AnswerToReject]) -> tuple[Choice, ...]:
    """Everything, and each reason and campaign there is among them, with how many."""
    labels = home_campaigns.reason_labels(tx)
    reasons = _counted([one.reason for one in waiting])
    campaigns = _counted([one.campaign_id for one in waiting if one.campaign_id is not None])
    known = tx.campaigns.get_many(campaigns)
    return (
        Choice(value=EVERYTHING, label=f"All that wait ({len(waiting)})"),
        *(Choice(value=f"{BY_REASON}{code}", label=f"{labels.get(code, code)} ({n})") for code, n in reasons.items()),
        *(
            Choice(value=f"{BY_CAMPAIGN}{one}", label=f"{known[one].name} ({n})")
            for one, n in campaigns.items()
            if one in known
        ),
    )[:100]


def _counted(values: Sequence[str]) -> dict[str, int]:
    return {one: values.count(one) for one in dict.fromkeys(values)}


def _fits(answer: AnswerToReject, chosen: str) -> bool:
    if chosen.startswith(BY_REASON):
        return answer.reason == chosen.removeprefix(BY_REASON)
    return not chosen.startswith(BY_CAMPAIGN) or answer.campaign_id == chosen.removeprefix(BY_CAMPAIGN)


def _name(tx: Transaction, handoff_id: str) -> str:
    handoff = tx.handoffs.get(handoff_id)
    lead = tx.leads.get(handoff.lead_id) if handoff else None
    return lead_name(lead) if lead is not None else "A lead"
