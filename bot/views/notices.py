"""What people are told beside the cards: marketing of rejects, owners of leads that came back, the admin of trouble."""

from __future__ import annotations

from bot.ports import Message
from bot.services.notices import Alert, RejectNotice, TouchNotice
from bot.views.blocks import Block, context, section
from bot.views.handoff_controls import open_in_crm
from bot.views.lead_lines import PRIORITY, came_from, contact, who, why
from bot.views.links import mention, when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

NAME = 80
SENTENCE = 300
WORDS = 600
ALERT = 2000


def render_reject_notice(notice: RejectNotice) -> Message:
    """Marketing reads who rejected what and why, in their own words, and where the lead is now."""
    what = mrkdwn(
        "{lead} was rejected by {name}",
        lead=who(notice.lead_name, None, notice.company),
        name=escape(notice.rejected_by, NAME),
    )
    reason = mrkdwn("*{reason}*", reason=escape(notice.reason, SENTENCE))
    if notice.follow_up:
        follow_up = escape(notice.follow_up, SENTENCE)
        reason = mrkdwn("{reason}: {follow_up}", reason=reason, follow_up=follow_up)
    lines = [what, reason]
    if notice.to_owner_slack_id:
        lines.insert(0, mrkdwn("{owner}, this is from your campaign.", owner=mention(notice.to_owner_slack_id)))
    if notice.comment:
        lines.append(quote(notice.comment, WORDS))
    blocks: list[Block] = [
        section(join(lines), accessory=open_in_crm(notice.crm_url)),
        section(mrkdwn("*Now:* {where}", where=escape(notice.what_next, SENTENCE))),
        context(mrkdwn("Why it had qualified  {why}", why=why(notice.met))),
        context(
            came_from(None, notice.campaign, notice.source),
            mrkdwn("Rejected {at}", at=when(notice.rejected_at)),
            trusted("Counts in the reject rate")
            if notice.counts_against_marketing
            else trusted("Does not count against marketing"),
        ),
    ]
    return Message(text=mrkdwn("{what}: {reason}", what=what, reason=reason), blocks=blocks)


def render_touch_notice(notice: TouchNotice) -> Message:
    """The owner reads that their lead came back, how, and whether it is hotter now."""
    lead = who(notice.lead_name, None, notice.company)
    what = mrkdwn("{lead} came back", lead=lead)
    lines = [mrkdwn("{what}: {origin}", what=what, origin=came_from(notice.origin, notice.campaign))]
    if not notice.origin and not notice.campaign:
        lines = [mrkdwn("{what}.", what=what)]
    if notice.raised_from is not None:
        lines.append(
            mrkdwn(
                "It was {before} and is now *{now}*.", before=notice.raised_from.value, now=PRIORITY[notice.priority]
            )
        )
    if notice.summary:
        lines.append(quote(notice.summary, WORDS))
    return _about_lead(what, lines, notice)


def render_merge_notice(notice: TouchNotice) -> Message:
    """The owner reads that another lead turned out to be theirs and was joined with it."""
    lead = who(notice.lead_name, None, notice.company)
    what = mrkdwn("Another lead is the same person as {lead}", lead=lead)
    by = mrkdwn(" by {name}", name=escape(notice.merged_by, NAME)) if notice.merged_by else trusted("")
    lines = [what, mrkdwn("{name} was merged with it{by}.", name=escape(notice.merged_name or "A lead", NAME), by=by)]
    if notice.origin or notice.campaign:
        lines.append(mrkdwn("It came from {origin}.", origin=came_from(notice.origin, notice.campaign)))
    if notice.summary:
        lines.append(quote(notice.summary, WORDS))
    return _about_lead(what, lines, notice)


def render_alert(alert: Alert) -> Message:
    """The admin reads what could not be said and what to do about it."""
    title = mrkdwn("*{title}*", title=escape(alert.title, SENTENCE))
    text = escape(alert.text, ALERT, multiline=True)
    return Message(text=mrkdwn("Lockstep needs you: {title}", title=title), blocks=[section(join([title, text]))])


def _about_lead(what: Mrkdwn, lines: list[Mrkdwn], notice: TouchNotice) -> Message:
    blocks: list[Block] = [section(join(lines), accessory=open_in_crm(notice.crm_url))]
    reach = contact(notice.phone_e164, None, notice.email)
    if reach is not None:
        blocks.append(section(reach))
    blocks.append(context(mrkdwn("Came {at}", at=when(notice.came_at))))
    return Message(text=what, blocks=blocks)
