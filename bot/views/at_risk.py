"""A manager's one message about what is at risk among their people."""

from __future__ import annotations

from bot.domain.countdown import CountdownKind
from bot.domain.local_time import zone
from bot.ports import Message
from bot.services.at_risk_list import AtRiskList, AtRiskRow
from bot.services.due import Urgency
from bot.views.blocks import Block, context, section
from bot.views.handoff_controls import lead_overflow
from bot.views.ids import ActionId, More
from bot.views.lead_lines import DOT, PRIORITY, who
from bot.views.links import at_time
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME = 80
WHAT = {
    CountdownKind.ACCEPT: trusted("to decide on"),
    CountdownKind.FIRST_CONTACT: trusted("to reach"),
    CountdownKind.ANSWER_REJECT: trusted("to answer: sales rejected it"),
    CountdownKind.SETTLE: trusted("a dispute to settle"),
}


def render_at_risk(shown: AtRiskList) -> Message:
    """The leads, what is due first before the rest, each with its three dots; once nothing is left, that in a line."""
    if shown.moved:
        said = trusted("What is at risk stands in a newer message below.")
        if shown.moved_to:
            said = mrkdwn("{name} reads now what is at risk.", name=escape(shown.moved_to, NAME))
        return Message(text=said, blocks=[context(said)])
    if not shown.total:
        said = join([trusted("✓ Nothing is at risk here any more."), *_ended(shown)], " ")
        return Message(text=said, blocks=[section(said)])
    count = "1 lead is" if shown.total == 1 else f"{shown.total} leads are"
    is_over = any(row.urgency is Urgency.OVERDUE for row in shown.rows)
    how = "out of time, or nearly" if is_over else "nearly out of time"
    title = mrkdwn("⚠️ *At risk: {count} {how}*", count=count, how=how)
    lines = [title]
    if shown.for_name:
        lines.append(mrkdwn("You read this in place of {name}.", name=escape(shown.for_name, NAME)))
    blocks: list[Block] = [section(join(lines))]
    blocks += [section(_row(row, shown.tz), accessory=_more(row)) for row in shown.rows]
    hidden = shown.total - len(shown.rows)
    if hidden > 0:
        blocks.append(context(mrkdwn("and {count} more: they are on your Home.", count=hidden)))
    blocks += [context(ended) for ended in _ended(shown)]
    text = mrkdwn("At risk: {count} nearly out of time with your people", count=count)
    return Message(text=text, blocks=blocks)


def _ended(shown: AtRiskList) -> list[Mrkdwn]:
    if not shown.ended:
        return []
    if shown.ended == 1:
        return [trusted("1 that stood here was decided, ran out, or is with somebody else.")]
    return [mrkdwn("{count} that stood here were decided, ran out, or are with somebody else.", count=shown.ended)]


def _row(row: AtRiskRow, tz: str) -> Mrkdwn:
    lead = who(row.name, row.title, row.company) if row.name else trusted("*A lead*")
    first = mrkdwn("{mark} · {lead}", mark=PRIORITY[row.priority], lead=lead) if row.priority else lead
    place = mrkdwn("With *{name}*", name=escape(row.owner, NAME)) if row.owner else None
    if place is None:
        place = mrkdwn("In {pool}", pool=escape(row.pool or "a pool", NAME))
    parts = [join([place, WHAT[row.kind]], ", ")]
    if row.due_at is not None:
        at = at_time(row.due_at, zone(tz))
        over = row.urgency is Urgency.OVERDUE
        parts.append(mrkdwn("*was due {at}*", at=at) if over else mrkdwn("*due {at}*", at=at))
    return join([first, join(parts, DOT)])


def _more(row: AtRiskRow) -> dict[str, object] | None:
    if row.handoff_id is None:
        return None
    options = (More.REASSIGN, More.WITHDRAW) if row.kind is CountdownKind.ACCEPT else (More.REASSIGN,)
    return lead_overflow(ActionId.HANDOFF_MORE, row.handoff_id, row.crm_url, *options, More.LADDER)
