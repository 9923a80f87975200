"""What a reminder says, by the kind of window it is about: each kind's own module loads it."""

from __future__ import annotations

from bot.domain.countdown import CountdownKind
from bot.domain.post import Post
from bot.services.marketing_reminders import (
    AnswerReminder,
    SettleReminder,
    load_answer_reminder,
    load_settle_reminder,
)  # fmt: skip
from bot.services.reached import ContactReminder, load_contact_reminder
from bot.services.reminder_content import AcceptReminder, load_accept_reminder
from storage.transaction import Transaction

Reminder = AcceptReminder | ContactReminder | AnswerReminder | SettleReminder


def load_reminder(tx: Transaction, post: Post) -> Reminder | None:
    """The reminder as it reads now; None when its window is not there."""
    running = tx.countdowns.get(post.subject_id)
    if running is None:
        return None
    match running.kind:
        case CountdownKind.ACCEPT:
            return load_accept_reminder(tx, post, running)
        case CountdownKind.FIRST_CONTACT:
            return load_contact_reminder(tx, post, running)
        case CountdownKind.ANSWER_REJECT:
            return load_answer_reminder(tx, post, running)
        case CountdownKind.SETTLE:
            return load_settle_reminder(tx, post, running)
        case CountdownKind.ANSWER_NOTE:
            return None
