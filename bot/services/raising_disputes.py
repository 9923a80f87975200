"""Raising a dispute of rejects, or a disagreement on a definition, a campaign or a goal: who settles it, by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain import dispute as rules
from bot.domain.agreement_document import Defined
from bot.domain.countdown import CountdownKind
from bot.domain.dispute import About, Dispute, DisputeState, Ruling
from bot.domain.goals import GOALS
from bot.domain.person import Person, Side
from bot.domain.recycling import RejectAnswer
from bot.domain.reject_answer import AnswerState
from bot.errors import FormError, Refused
from bot.services import countdowns, deciders, dispute_messages, settle_window
from bot.services.disputes import record, settle
from bot.services.people import clicker
from bot.services.reject_answers import AnswerReject, Question, give, to_answer
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeReject(AnswerReject):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseDisagreement:
    """`by` is the Slack id of the one who clicked. `subject_id`: a word of Defined or GOALS, or a campaign's id."""

    by: str
    about: str
    subject_id: str
    why: str


def dispute_reject(tx: Transaction, command: DisputeReject) -> list[Dispute]:
    """Marketing contests a reject; both managers hear of it. Raises FormError (why), NotAllowed, PersonUnknown,
    NotFound, and Refused when it is answered already, or the person does not speak for marketing."""
    return dispute_rejects(tx, [to_answer(tx, command, RejectAnswer.DISPUTED)], command.why)


def dispute_rejects(tx: Transaction, questions: Sequence[Question], why: str) -> list[Dispute]:
    """As dispute_reject, several with one sentence: one message to each of the managers."""
    person = questions[0].person
    raised = [
        replace(
            rules.dispute_reject(
                one.handoff.id, person, why, tx.now, rejected_by=one.handoff.decided_by or "", counts=True,
                to_arbiter_at=None,
            ),
            lead_id=one.lead.id,
        )
        for one in questions
    ]  # fmt: skip
    for one in questions:
        give(tx, one, AnswerState.DISPUTED, why.strip())
    return raise_case(tx, raised, person)


def raise_disagreement(tx: Transaction, command: RaiseDisagreement) -> Dispute:
    """Somebody of sales or marketing does not agree; both managers hear of it. Raises FormError (about, why),
    NotAllowed, PersonUnknown, and Refused for others, and for what they have raised already."""
    person = clicker(tx, command.by).person
    about = About(command.about) if command.about in list(About) else None
    if about is None or not _is_there(tx, about, command.subject_id):
        raise FormError({"about": "Choose what you do not agree with."})
    raised = rules.raise_disagreement(about, command.subject_id, person, command.why, tx.now, to_arbiter_at=None)
    tx.people.lock(person.id)  # a second click of the same form waits, and finds this one
    if tx.disputes.is_open_about(command.subject_id, person.id):
        raise Refused("You have raised this already; Home shows where it stands.")
    return raise_case(tx, [raised], person)[0]


def _is_there(tx: Transaction, about: About, subject_id: str) -> bool:
    match about:
        case About.DEFINITION:
            return subject_id in list(Defined)
        case About.GOAL:
            return subject_id in GOALS
        case About.CAMPAIGN:
            return tx.campaigns.get(subject_id) is not None
        case About.REJECT:
            return False


def raise_case(tx: Transaction, raised: Sequence[Dispute], by: Person) -> list[Dispute]:
    """What `by` raised in one act is stored, as a case for each pair of managers who have to settle it; they hear of
    it, and their window runs. The caller holds the leads' locks."""
    cases: dict[tuple[str | None, str | None], list[Dispute]] = {}
    for one in raised:
        sales, marketing = _managers(tx, one, by)
        asked = replace(one, id=tx.new_id(), sales_manager_id=sales, marketing_manager_id=marketing)
        cases.setdefault((sales, marketing), []).append(asked)
    return [one for case in cases.values() for one in _open_case(tx, case, by)]


def _open_case(tx: Transaction, case: Sequence[Dispute], by: Person) -> list[Dispute]:
    case_id = case[0].id
    settled_by = settle_window.slower(tx, case, tx.now)
    window = timedelta(minutes=tx.agreements.in_force().terms.settle_minutes)
    agreement = tx.agreements.in_force()
    running = countdowns.start(
        tx, CountdownKind.SETTLE, case_id, window=window, terms=agreement.terms, agreement_id=agreement.id,
        lead_id=case[0].lead_id if len(case) == 1 else None, owner_id=settled_by.id if settled_by else None,
    )  # fmt: skip
    opened = [replace(one, case_id=case_id, to_arbiter_at=running.due_at) for one in case]
    for one in opened:
        tx.disputes.add(one)
        record(tx, "dispute.raised", one, by, {"about": one.about.value, "note": one.why})
    own = _own_side(by)
    if own is not None and by.id in (opened[0].sales_manager_id, opened[0].marketing_manager_id):
        # A manager who raises it has said what they think of it.
        opened = [rules.give_opinion(one, by, Ruling.OVERTURNED, one.why, tx.now, as_side=own) for one in opened]
    if None in (opened[0].sales_manager_id, opened[0].marketing_manager_id):
        opened = [replace(one, state=DisputeState.WITH_ARBITER) for one in opened]
    else:
        dispute_messages.tell_managers(tx, opened, but=by.id)
    return settle(tx, case_id, opened, by)


def _managers(tx: Transaction, dispute: Dispute, by: Person) -> tuple[str | None, str | None]:
    """Who settles it for sales and for marketing: nearest to whoever it is about, and to who raised it."""
    rep = tx.people.get(dispute.against) if dispute.against else None
    own = by if dispute.side is Side.SALES else None
    sales = deciders.manager_of(tx, Side.SALES, rep or own, but=dispute.against)
    marketing = deciders.manager_of(
        tx, Side.MARKETING, by if dispute.side is Side.MARKETING else None, but=sales.id if sales else None
    )
    return (sales.id if sales else None), (marketing.id if marketing else None)


def _own_side(person: Person) -> Side | None:
    return person.side if person.side in rules.SIDES else None
