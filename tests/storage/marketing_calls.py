"""Every call of the repositories of marketing's answers and of disputes, for the test of their plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.domain.dispute import About, Dispute
from bot.domain.person import Side
from bot.domain.reject_answer import AnswerToReject
from storage.transaction import Transaction
from tests.storage.samples import NOON

SINCE = NOON - timedelta(days=7)


def answer(world: Any) -> AnswerToReject:
    return AnswerToReject(
        handoff_id=world.owned.id, lead_id=world.owned.lead_id, reason="low_intent", asked_id=world.person.id,
        asked_at=NOON,
    )  # fmt: skip


def dispute(world: Any) -> Dispute:
    return Dispute(
        id="d-1", case_id="d-1", lead_id=world.owned.lead_id, about=About.REJECT, subject_id=world.owned.id,
        raised_by=world.person.id, side=Side.MARKETING, why="A demo", raised_at=NOON, to_arbiter_at=None,
    )  # fmt: skip


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "reject_answers.get": lambda w, tx: tx.reject_answers.get(w.owned.id),
    "reject_answers.many": lambda w, tx: tx.reject_answers.many([w.owned.id, w.offered.id]),
    "reject_answers.of_lead": lambda w, tx: tx.reject_answers.of_lead(w.lead.id),
    "reject_answers.add": lambda w, tx: tx.reject_answers.add(answer(w)),
    "reject_answers.save": lambda w, tx: tx.reject_answers.save(answer(w)),
    "reject_answers.waiting": lambda w, tx: tx.reject_answers.waiting([w.person.id, "p-2"], 5, 5),
    "reject_answers.waiting of everybody": lambda w, tx: tx.reject_answers.waiting(None, 5),
    "reject_answers.count_waiting": lambda w, tx: tx.reject_answers.count_waiting([w.person.id, "p-2"]),
    "reject_answers.count_waiting of everybody": lambda w, tx: tx.reject_answers.count_waiting(None),
    "reject_answers.numbers": lambda w, tx: tx.reject_answers.numbers([w.person.id, "p-2"], SINCE),
    "reject_answers.numbers of everybody": lambda w, tx: tx.reject_answers.numbers(None, SINCE),
    "disputes.get": lambda w, tx: tx.disputes.get("d-1"),
    "disputes.of_case": lambda w, tx: tx.disputes.of_case("d-1"),
    "disputes.lock_case": lambda w, tx: tx.disputes.lock_case("d-1"),
    "disputes.of_lead": lambda w, tx: tx.disputes.of_lead(w.lead.id),
    "disputes.of_rejects": lambda w, tx: tx.disputes.of_rejects([w.owned.id, w.offered.id]),
    "disputes.is_open_about": lambda w, tx: tx.disputes.is_open_about("mql", w.person.id),
    "disputes.add": lambda w, tx: tx.disputes.add(dispute(w)),
    "disputes.save": lambda w, tx: tx.disputes.save(dispute(w)),
    "disputes.cases_with_arbiter": lambda w, tx: tx.disputes.cases_with_arbiter(),
    "disputes.waiting_for": lambda w, tx: tx.disputes.waiting_for([w.person.id, "p-2"], 5, rules=True),
    "disputes.count_waiting_for": lambda w, tx: tx.disputes.count_waiting_for([w.person.id, "p-2"], rules=False),
    "disputes.raised_by": lambda w, tx: tx.disputes.raised_by(w.person.id, SINCE, 5, 5),
    "disputes.count_raised_by": lambda w, tx: tx.disputes.count_raised_by(w.person.id, SINCE),
    "disputes.numbers": lambda w, tx: tx.disputes.numbers(SINCE),
    "events.count": lambda w, tx: tx.events.count("lead.came_back", w.lead.id),
}
