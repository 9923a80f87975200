"""Reminders of a reject to answer, and of a dispute to settle, with what to do about it on them."""

from __future__ import annotations

from bot.domain.agreement_data import Section
from bot.domain.dispute import About
from bot.domain.ladder import Step
from bot.domain.local_time import zone
from bot.ports import Message
from bot.services.dispute_messages import DisputeShown
from bot.services.marketing_reminders import AnswerReminder, SettleReminder
from bot.views.agreement_term import term_button
from bot.views.blocks import Block, actions, button, context, section
from bot.views.disputes import opinion_button
from bot.views.due import REPLY, SETTLE, working_time
from bot.views.durations import human_duration
from bot.views.ids import ActionId
from bot.views.lead_lines import DOT, who
from bot.views.links import at_time
from bot.views.reject_answers import answer_buttons
from bot.views.reminder import MARK, Words, reminder_message
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME = 80
SHOWN = 5

ANSWER = Words(
    title={
        Step.REMIND: trusted("A reject waits for your answer"),
        Step.AT_RISK: trusted("A reject waits for your answer, and is nearly out of time"),
        Step.EXPIRE: trusted("A reject was not answered in time"),
    },
    by=REPLY,
)
_SETTLE = {
    Step.REMIND: trusted("A dispute waits for your opinion"),
    Step.AT_RISK: trusted("A dispute waits for your opinion, and is nearly out of time"),
    Step.EXPIRE: trusted("A dispute was not settled in time"),
}


def render_answer_reminder(reminder: AnswerReminder) -> Message:
    """The three answers, until one is given."""
    reason, by = escape(reminder.reason, NAME), escape(reminder.rejected_by, NAME)
    line = mrkdwn("{by} rejected it: *{reason}*", by=by, reason=reason)
    return reminder_message(reminder, ANSWER, answer_buttons(reminder.answer), [line])


def render_settle_reminder(reminder: SettleReminder) -> Message:
    """What waits, until when, and the way to say what one thinks of it."""
    title = _SETTLE[reminder.step]
    if not reminder.disputes:
        said = trusted("✓ The dispute is with the managers no more.")
        return Message(text=said, blocks=[section(said)])
    lines = [mrkdwn("{mark} *{title}*", mark=MARK[reminder.step], title=title), _until(reminder)]
    lines += [_what(one) for one in reminder.disputes[:SHOWN]]
    if len(reminder.disputes) > SHOWN:
        lines.append(mrkdwn("and {count} more", count=len(reminder.disputes) - SHOWN))
    blocks: list[Block] = [section(join(lines))]
    if reminder.late_by is not None:
        span = human_duration(reminder.late_by.total_seconds())
        blocks.append(context(mrkdwn("This comes {span} late: Lockstep could not say it in time.", span=span)))
    if reminder.is_last:
        snooze = [button("Snooze…", ActionId.REMINDER_SNOOZE, reminder.countdown_id)] if reminder.can_snooze else []
        blocks.append(actions(opinion_button(reminder.case_id), *snooze, term_button(Section.DISAGREEMENTS)))
    else:
        blocks.append(context(trusted("A newer reminder has the buttons.")))
    return Message(text=mrkdwn("{title}: {what}", title=title, what=_what(reminder.disputes[0])), blocks=blocks)


def _until(reminder: SettleReminder) -> Mrkdwn:
    if reminder.due_at is None:
        return trusted("No due time")
    at = at_time(reminder.due_at, zone(reminder.tz))
    parts = [mrkdwn("*{by} {at}*", by=SETTLE.first, at=at)]
    if reminder.left.total_seconds() >= 1:
        parts.append(mrkdwn("{left} of working time left", left=working_time(reminder.left)))
    return join(parts, DOT)


def _what(one: DisputeShown) -> Mrkdwn:
    name = who(one.name, None, one.company) if one.about is About.REJECT else escape(one.name, NAME)
    return mrkdwn("{name}, disputed by {by}", name=name, by=escape(one.raised_by, NAME))
