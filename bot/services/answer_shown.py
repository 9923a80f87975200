"""How marketing's answer to a reject stands, as messages and Home show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.post import Post
from bot.domain.recycling import RejectAnswer, may_answer
from bot.domain.reject_answer import AnswerState, AnswerToReject
from bot.services.cards import SHARED
from bot.services.dispute_messages import DisputeShown, shown
from bot.services.due import DueShown, due_of
from bot.services.reject_answers import may_dispute
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    """`due`: until when marketing has to answer, while it waits. `late_of` names who did not answer in time, in a
    message to whoever hears of it then. `said` is what changed, or why it is disputed. All text is untrusted."""

    handoff_id: str
    state: AnswerState
    due: DueShown | None = None
    missed: bool = False
    late_of: str | None = None
    can_fix: bool = False
    can_dispute: bool = False
    said: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None
    dispute: DisputeShown | None = None
    settle: DueShown | None = None
    """Until when the managers have to settle it."""
    case_id: str | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state is AnswerState.WAITING


def answer_in(tx: Transaction, handoff: Handoff, lead: Lead, post: Post) -> AnswerShown | None:
    """The answer to a reject as a message of it shows it; None for one that does not count against marketing. In a
    channel nothing of what people wrote is shown."""
    answer = tx.reject_answers.get(handoff.id)
    if answer is None:
        return None
    return answer_shown(tx, answer, lead, masked=post.place.startswith(SHARED), late=bool(post.data.get("late")))


def answer_shown(
    tx: Transaction, answer: AnswerToReject, lead: Lead, *, masked: bool = False, late: bool = False
) -> AnswerShown:  # fmt: skip
    """How the answer stands now."""
    found = tx.disputes.of_rejects([answer.handoff_id]) if answer.state is not AnswerState.WAITING else {}
    dispute = found.get(answer.handoff_id)
    asked = tx.people.get(answer.asked_id) if answer.asked_id else None
    return AnswerShown(
        handoff_id=answer.handoff_id,
        state=answer.state,
        due=answer_due(tx, answer) if answer.is_waiting else None,
        missed=answer.missed_at is not None,
        late_of=(asked.name if asked else "Nobody") if late else None,
        can_fix=may_answer(RejectAnswer.FIXED, counts=True, answered=None, stage=lead.stage, what_changed="-") is None,
        can_dispute=masked or late or asked is None or may_dispute(asked),
        said="" if masked else answer.said,
        answered_by=person_name(tx, answer.answered_by) if answer.answered_by else None,
        answered_at=answer.answered_at,
        dispute=shown(tx, dispute) if dispute is not None else None,
        settle=due_of(tx, CountdownKind.SETTLE, dispute.case_id) if dispute is not None else None,
        case_id=dispute.case_id if dispute is not None else None,
    )


def answer_due(tx: Transaction, answer: AnswerToReject) -> DueShown | None:
    """Until when whoever is asked now has to answer; None when no window runs."""
    return due_of(tx, CountdownKind.ANSWER_REJECT, answer.handoff_id)
