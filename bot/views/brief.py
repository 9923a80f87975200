"""The brief: one short message with everything that could wait, and a window with all of it."""

from __future__ import annotations

from bot.domain.budget import TABLE, Kind
from bot.domain.local_time import spoken
from bot.ports import Message
from bot.services.brief_content import BriefLine, BriefPage, BriefSection, BriefShown
from bot.views.blocks import Block, Element, View, actions, button, context, modal, section
from bot.views.ids import ActionId, CallbackId, brief_page_value
from bot.views.lead_lines import DOT, PRIORITY, times, who
from bot.views.links import channel_mention
from bot.views.note_answers import web_link
from bot.views.settings_form import settings_button
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME, COMPANY, REASON, WHERE, FROM = 50, 40, 120, 100, 60
TEXT, WHOLE_TEXT = 160, 1000


def render_brief(brief: BriefShown) -> Message:
    """What happened by kind, with counts and the first few of each; what waits for the reader; and where the rest is.

    However much there is, at most LINES things are named.
    """
    head = _head(brief)
    if not brief.sections:
        gone = trusted("What stood here was erased.")
        return Message(text=gone, blocks=[section(gone)])
    blocks: list[Block] = [section(head)]
    if brief.refused_by is not None and not brief.shared:
        refused = mrkdwn("I cannot write in {channel} any more, so it is here again.", channel=_place(brief.refused_by))
        blocks.append(context(refused))
    blocks += [section(_of_kind(one, shared=brief.shared)) for one in brief.sections]
    foot = _waiting(brief)
    if foot is not None:
        blocks.append(context(foot))
    buttons: list[Element] = []
    if brief.shared or brief.total > brief.shown:
        buttons.append(button(f"Show all {brief.total}", ActionId.BRIEF_ALL, brief_page_value(brief.brief_id, 0)))
    if not brief.shared:
        buttons.append(settings_button())
    if buttons:
        blocks.append(actions(*buttons))
    counted = join(
        [mrkdwn("{title} {count}", title=TABLE[one.kind].label, count=one.count) for one in brief.sections], ", "
    )
    return Message(text=mrkdwn("Your brief: {counted}", counted=counted), blocks=blocks)


def brief_page(page: BriefPage) -> View:
    """A page of everything in a brief, with all that is known of each thing."""
    blocks: list[Block] = []
    for one in page.sections:
        blocks.append(section(mrkdwn("*{title}* · {count}", title=TABLE[one.kind].label, count=one.count)))
        blocks += [section(_line(one.kind, line, TEXT if page.total > 1 else WHOLE_TEXT)) for line in one.lines]
    if not blocks:
        blocks.append(section(trusted("What stood here was erased.")))
    turn: list[Element] = []
    if page.page > 0:
        turn.append(button("Previous", ActionId.BRIEF_PAGE_BACK, brief_page_value(page.brief_id, page.page - 1)))
    if page.page < page.pages - 1:
        turn.append(button("Next", ActionId.BRIEF_PAGE_ON, brief_page_value(page.brief_id, page.page + 1)))
    if turn:
        last = page.first - 1 + sum(len(one.lines) for one in page.sections)
        blocks.append(context(mrkdwn("{first} to {last} of {total}", first=page.first, last=last, total=page.total)))
        blocks.append(actions(*turn))
    return modal(CallbackId.BRIEF_VIEW, f"Brief of {_short_day(page)}", blocks, close="Close")


def _head(brief: BriefShown) -> Mrkdwn:
    name = escape(brief.first_name, NAME)
    if brief.shared:
        return mrkdwn("*{name}'s brief of {day}*", name=name, day=spoken(brief.day))
    if brief.requested:
        return mrkdwn("*{name}, this is what has waited for your next brief.*", name=name)
    if not brief.is_morning:
        return mrkdwn("*{name}, this is your brief of {day}*", name=name, day=spoken(brief.day))
    return mrkdwn("*Good morning, {name}.* Your brief of {day}", name=name, day=spoken(brief.day))


def _of_kind(one: BriefSection, *, shared: bool) -> Mrkdwn:
    lines = [mrkdwn("*{title}* · {count}", title=TABLE[one.kind].label, count=one.count)]
    if shared:
        companies = list(dict.fromkeys(line.company for line in one.lines if line.company))
        if companies:
            lines.append(join([escape(company, COMPANY) for company in companies], ", "))
    else:
        lines += [mrkdwn("•  {line}", line=_line(one.kind, line, TEXT, short=True)) for line in one.lines]
    if one.count > len(one.lines) and not shared:
        lines.append(mrkdwn("and {count} more", count=one.count - len(one.lines)))
    return join(lines)


def _line(kind: Kind, line: BriefLine, room: int, *, short: bool = False) -> Mrkdwn:
    """`short`: without who did it, which the window with everything says."""
    if kind is Kind.UPKEEP or line.name is None:
        said = mrkdwn("*{title}*  {text}", title=escape(line.title or "", REASON), text=escape(line.text or "", room))
        return said if line.link is None else join([said, web_link(line.link)], DOT)
    lead = who(line.name, None, line.company)
    by = mrkdwn(", by {name}", name=escape(line.by, NAME)) if line.by and not short else trusted("")
    match kind:
        case Kind.REJECT | Kind.OTHER_REJECT:
            reason = escape(line.reason or "", REASON)
            said = mrkdwn("{lead}: {reason}{by}", lead=lead, reason=reason, by=by)
            return join([said, escape(line.what_next or "", WHERE)], DOT)
        case Kind.MERGED:
            other = escape(line.reason or "another lead", NAME)
            return mrkdwn("{lead}: {other} was merged with it{by}", lead=lead, other=other, by=by)
        case Kind.ESCALATION | Kind.LEAKAGE | Kind.MILESTONE:
            hot = mrkdwn("{mark} · ", mark=PRIORITY[line.priority]) if line.priority is not None else trusted("")
            return mrkdwn("{hot}{lead}: {why}", hot=hot, lead=lead, why=escape(line.text or "", TEXT))
        case _:
            where = mrkdwn(": {origin}", origin=escape(line.came_from, FROM)) if line.came_from else trusted("")
            often = mrkdwn(", {count}", count=times(line.times)) if line.times > 1 else trusted("")
            hot = mrkdwn("{mark} · ", mark=PRIORITY[line.priority]) if line.priority is not None else trusted("")
            return mrkdwn("{hot}{lead}{often}{where}", hot=hot, lead=lead, often=often, where=where)


def _waiting(brief: BriefShown) -> Mrkdwn | None:
    """What waits for the reader now; None when nothing does."""
    parts: list[Mrkdwn] = []
    if brief.waiting:
        parts.append(mrkdwn("{count} for your decision", count=_leads(brief.waiting)))
    if brief.team_waiting:
        parts.append(mrkdwn("{count} in all teams", count=_leads(brief.team_waiting)))
    if brief.unrouted:
        parts.append(mrkdwn("{count} that nobody could be offered", count=_leads(brief.unrouted)))
    if brief.parked:
        parts.append(mrkdwn("{count} parked, to be assigned", count=_leads(brief.parked)))
    return mrkdwn("*Waiting*  {parts}. All of it is on Home.", parts=join(parts, DOT)) if parts else None


def _leads(count: int) -> str:
    return "1 lead" if count == 1 else f"{count} leads"


def _place(channel: str) -> Mrkdwn:
    try:
        return channel_mention(channel)
    except ValueError:
        return trusted("that channel")


def _short_day(page: BriefPage) -> str:
    day, month, _ = spoken(page.day).split(" ")
    return f"{day} {month[:3]}"
