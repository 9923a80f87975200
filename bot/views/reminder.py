"""Reminders: one message a step of the ladder, with what to do about it on it. Each kind of window says its own words;
what all of them share is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ladder import Step
from bot.domain.local_time import zone
from bot.ports import Message
from bot.services.reminder_content import AcceptReminder, ReminderAbout
from bot.views.blocks import Block, Element, actions, button, context, section
from bot.views.due import DECIDE, DoneBy, working_time
from bot.views.durations import human_duration
from bot.views.handoff_controls import accept_and_reject, lead_overflow
from bot.views.ids import ActionId, More
from bot.views.lead_lines import DOT, PRIORITY, who
from bot.views.links import at_time, message_link
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

SENTENCE = 300
MARK = {Step.REMIND: "⏰", Step.AT_RISK: "⚠️", Step.EXPIRE: "⌛"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a kind of window says: `title` at each step, as `Waits for a decision`, and `by` before the due time."""

    title: Mapping[Step, Mrkdwn]
    by: DoneBy


ACCEPT = Words(
    title={
        Step.REMIND: trusted("Waits for a decision"),
        Step.AT_RISK: trusted("At risk: nearly out of time"),
        Step.EXPIRE: trusted("Not decided in time"),
    },
    by=DECIDE,
)


def render_accept_reminder(reminder: AcceptReminder) -> Message:
    """To accept or reject an offer: Accept, Reject and Snooze under it, until it is decided."""
    buttons = accept_and_reject(reminder.handoff_id, reminder.version, reminder.name)
    pool = [escape(reminder.pool_name, 150)] if reminder.pool_name else []
    lines = [mrkdwn("In {pool}: the first to accept gets it.", pool=one) for one in pool]
    return reminder_message(reminder, ACCEPT, buttons, lines)


def reminder_message(
    reminder: ReminderAbout, words: Words, buttons: Sequence[Element], lines: Sequence[Mrkdwn] = ()
) -> Message:
    """The message of any kind of window: what it is about, until when, `lines` more, and `buttons` with Snooze and the
    lead's three dots while there is something to be done; after that what became of it, in two lines."""
    lead = who(reminder.name, reminder.title, reminder.company)
    title = mrkdwn("{mark} *{title}*", mark=MARK[reminder.step], title=words.title[reminder.step])
    plain = who(reminder.name, reminder.title, reminder.company, bold=False)
    if reminder.over is not None:
        over = escape(reminder.over, SENTENCE)
        text = mrkdwn("{lead}: {over}", lead=plain, over=over)
        mark = MARK[Step.EXPIRE] if reminder.is_missed else "✓"
        return Message(text=text, blocks=[section(join([lead, mrkdwn("{mark} {over}", mark=mark, over=over)]))])
    first = mrkdwn("{priority} · {lead}", priority=PRIORITY[reminder.priority], lead=lead)
    blocks: list[Block] = [section(join([title, first, _until(reminder, words), *lines]))]
    late = _late(reminder)
    if late is not None:
        blocks.append(context(late))
    if reminder.snoozed_until is not None and reminder.is_last:
        at = at_time(reminder.snoozed_until, zone(reminder.tz))
        blocks.append(context(mrkdwn("😴 Snoozed: no reminder before {at}.", at=at)))
    if reminder.has_buttons:
        snooze = [button("Snooze…", ActionId.REMINDER_SNOOZE, reminder.countdown_id)] if reminder.can_snooze else []
        more = lead_overflow(ActionId.HANDOFF_MORE, reminder.handoff_id, reminder.crm_url, More.TERMS)
        blocks.append(actions(*buttons, *snooze, more))
    elif not reminder.is_last:
        blocks.append(context(trusted("A newer reminder has the buttons.")))
    card = message_link(reminder.card_link, "Open its card") if reminder.card_link is not None else None
    blocks += [context(card)] if card is not None else []
    text = mrkdwn("{title}: {lead}, {until}", title=words.title[reminder.step], lead=plain, until=_by(reminder, words))
    return Message(text=text, blocks=blocks)


def _until(reminder: ReminderAbout, words: Words) -> Mrkdwn:
    parts = [mrkdwn("*{by}*", by=_by(reminder, words, first=True))]
    if reminder.left.total_seconds() >= 1:
        parts.append(mrkdwn("{left} of working time left", left=working_time(reminder.left)))
    return join(parts, DOT)


def _by(reminder: ReminderAbout, words: Words, *, first: bool = False) -> Mrkdwn:
    if reminder.due_at is None:
        return trusted("No due time") if first else trusted("no due time")
    at = at_time(reminder.due_at, zone(reminder.tz))
    if reminder.step is Step.EXPIRE:
        return mrkdwn("Was due {at}", at=at) if first else mrkdwn("was due {at}", at=at)
    return mrkdwn("{by} {at}", by=words.by.first if first else words.by.within, at=at)


def _late(reminder: ReminderAbout) -> Mrkdwn | None:
    """That it comes late, and by how much: Lockstep was down or busy."""
    if reminder.late_by is None:
        return None
    span = human_duration(reminder.late_by.total_seconds())
    return mrkdwn("This comes {span} late: Lockstep could not say it in time.", span=span)
