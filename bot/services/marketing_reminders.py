"""What reminds marketing of a reject to answer, and managers of a dispute to settle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.countdown import Running
from bot.domain.dispute import DisputeState
from bot.domain.ladder import Step
from bot.domain.post import Post, Subject
from bot.services.answer_shown import AnswerShown, answer_in
from bot.services.dispute_messages import DisputeShown, shown
from bot.services.due import can_snooze
from bot.services.reminder_content import ReminderAbout, about
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReminder(ReminderAbout):
    """To answer a reject that counts against marketing. Text untrusted."""

    answer: AnswerShown
    reason: str
    rejected_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReminder:
    """To say what one thinks of a dispute. Text untrusted. `left`, `late_by`, `is_last`: as in ReminderAbout."""

    countdown_id: str
    case_id: str
    step: Step
    due_at: datetime | None
    left: timedelta
    late_by: timedelta | None
    tz: str
    disputes: tuple[DisputeShown, ...]
    """What is still with the managers; empty: it is over."""
    can_snooze: bool
    is_last: bool


def load_answer_reminder(tx: Transaction, post: Post, running: Running) -> AnswerReminder | None:
    """The reminder as it reads now; None when the reject is not there."""
    handoff = tx.handoffs.get(running.subject_id)
    lead = tx.leads.get(handoff.lead_id) if handoff is not None else None
    answer = answer_in(tx, handoff, lead, post) if handoff is not None and lead is not None else None
    if handoff is None or lead is None or answer is None:
        return None
    over = None
    if not answer.is_waiting:
        over = f"Answered by {answer.answered_by or 'somebody'}: {answer.state.value}."
    elif running.owner_id != _reader(tx, post):
        over = f"Not answered in time, and {person_name(tx, running.owner_id)} was told. It still waits for an answer."
    reason = handoff.terms.reason(handoff.rejection.reason) if handoff.rejection is not None else None
    return AnswerReminder(
        **about(tx, post, running, handoff, lead, over=over, missed=over is not None and answer.is_waiting),
        answer=answer,
        reason=reason.label if reason is not None else "",
        rejected_by=person_name(tx, handoff.decided_by),
    )


def _reader(tx: Transaction, post: Post) -> str | None:
    """Whose message it is; None in a channel."""
    person = tx.people.by_slack_id(post.place)
    return person.id if person is not None else None


def load_settle_reminder(tx: Transaction, post: Post, running: Running) -> SettleReminder:
    """The reminder as it reads now."""
    late = post.data.get("late_s")
    posts = tx.posts.of_subject(Subject.REMINDER, running.id)
    case = tx.disputes.of_case(running.subject_id)
    reader = tx.people.by_slack_id(post.place)
    mine = reader is None or running.owner_id == reader.id
    waits = [one for one in case if one.state is DisputeState.WITH_MANAGERS]
    return SettleReminder(
        countdown_id=running.id,
        case_id=running.subject_id,
        step=Step(str(post.data["step"])),
        due_at=running.due_at,
        left=timedelta(seconds=int(post.data.get("left_s", 0))),
        late_by=timedelta(seconds=int(late)) if late is not None else None,
        tz=reader.tz if reader is not None else "UTC",
        # It runs on for the other manager: this one has said what they think.
        disputes=tuple(shown(tx, one) for one in waits) if running.is_running and mine else (),
        can_snooze=can_snooze(running),
        is_last=bool(posts) and posts[-1].id == post.id,
    )
