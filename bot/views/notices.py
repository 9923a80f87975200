"""What people are told beside the cards: marketing of rejects, owners of leads that came back, the admin of trouble."""

from __future__ import annotations

from bot.ports import Message
from bot.services.notices import Alert, Erased, RejectNotice, TouchNotice
from bot.views.blocks import Block, context, section
from bot.views.handoff_controls import open_in_crm
from bot.views.lead_lines import DOT, PRIORITY, came_from, contact, who, why
from bot.views.links import mention, when
from bot.views.reject_answers import answer_blocks
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

NAME = 80
SENTENCE = 300
WORDS = 600
ALERT = 2000


def render_reject_notice(notice: RejectNotice) -> Message:
    """Marketing reads who rejected what and why, in their own words, and where the lead is now."""
    done = "withdrawn" if notice.withdrawn else "disqualified" if notice.disqualified else "rejected"
    by = mrkdwn("was {done} by {name}", done=done, name=escape(notice.rejected_by, NAME))
    reason = escape(notice.reason, SENTENCE)
    if notice.follow_up:
        reason = mrkdwn("{reason} ({follow_up})", reason=reason, follow_up=escape(notice.follow_up, SENTENCE))
    lines = [
        join([who(notice.lead_name, None, notice.company), by], " "),
        mrkdwn("*{reason}*", reason=reason),
    ]
    if notice.to_owner_slack_id:
        lines.insert(0, mrkdwn("{owner}, this is from your campaign.", owner=mention(notice.to_owner_slack_id)))
    if notice.comment:
        lines.append(quote(notice.comment, WORDS))
    rejected = mrkdwn("{done} {at}", done=done.capitalize(), at=when(notice.rejected_at))
    counts = trusted("Does not count against marketing")
    if notice.counts_against_marketing:
        counts = trusted("Counts in the reject rate")
    blocks: list[Block] = [
        section(join(lines), accessory=open_in_crm(notice.crm_url)),
        section(mrkdwn("*Now:* {where}", where=escape(notice.what_next, SENTENCE))),
        context(mrkdwn("Why it had qualified  {why}", why=why(notice.met))),
        context(join([came_from(None, notice.campaign, notice.source, notice.handed_over_by), rejected, counts], DOT)),
    ]
    if notice.answer is not None:
        blocks += answer_blocks(notice.answer)
    lead = who(notice.lead_name, None, notice.company, bold=False)
    return Message(text=mrkdwn("{lead} {by}: {reason}", lead=lead, by=by, reason=reason), blocks=blocks)


def render_touch_notice(notice: TouchNotice) -> Message:
    """The owner reads that their lead came back, how, and whether it is hotter now."""
    lines = [mrkdwn("{lead} came back", lead=who(notice.lead_name, None, notice.company))]
    if notice.origin or notice.campaign:
        lines.append(came_from(notice.origin, notice.campaign))
    if notice.raised_from is not None:
        lines.append(
            mrkdwn(
                "It was {before} and is now *{now}*.", before=notice.raised_from.value, now=PRIORITY[notice.priority]
            )
        )
    if notice.summary:
        lines.append(quote(notice.summary, WORDS))
    text = mrkdwn("{lead} came back", lead=who(notice.lead_name, None, notice.company, bold=False))
    return _about_lead(text, lines, notice)


def render_alert(alert: Alert) -> Message:
    """The admin reads what could not be said and what to do about it."""
    title = escape(alert.title, SENTENCE)
    text = escape(alert.text, ALERT, multiline=True)
    said = mrkdwn("*{title}*\n{text}", title=title, text=text)
    return Message(text=mrkdwn("Lockstep needs you: {title}", title=title), blocks=[section(said)])


def _about_lead(text: Mrkdwn, lines: list[Mrkdwn], notice: TouchNotice) -> Message:
    blocks: list[Block] = [section(join(lines), accessory=open_in_crm(notice.crm_url))]
    reach = contact(notice.phone_e164, None, notice.email)
    if reach is not None:
        blocks.append(section(reach))
    blocks.append(context(mrkdwn("Came {at}", at=when(notice.came_at))))
    return Message(text=text, blocks=blocks)


def render_erased(erased: Erased) -> Message:
    """What stands where a message was about somebody who wanted to be forgotten."""
    said = trusted("Erased at the person's request")
    return Message(text=said, blocks=[section(said), context(mrkdwn("On {at}", at=when(erased.erased_at)))])
