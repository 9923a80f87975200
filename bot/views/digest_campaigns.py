"""The digest of campaigns: short, with everything else one click away in a window."""

from __future__ import annotations

from bot.domain.digest import DigestKind
from bot.domain.local_time import local_date
from bot.ports import Message
from bot.services.campaign_digest import CampaignDigest, CampaignLine, QuestionLine, UnreadLine
from bot.services.digest_frame import Frame
from bot.services.digest_window import Part, WindowRef
from bot.views.alert_talk_ids import TalkAction, details_value
from bot.views.blocks import Block, Element, actions, button, section
from bot.views.digest_frame import closing, day_in, day_span, days, first_day, troubles
from bot.views.digest_window_ids import WindowAction, window_value
from bot.views.lead_lines import DOT
from bot.views.pictures import bar_chart
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME, OFFER, REASON, QUESTION = 70, 90, 60, 140
ENOUGH = 5
"""Decided leads from which on a share in per cent says more than the numbers."""
WORTH_A_PICTURE = 2
"""Campaigns with decided leads from which on a picture says more than their lines."""


def render_campaigns(digest: CampaignDigest) -> Message:
    """What starts, runs and ended, with what came of it; what sales asked and was not told; and what most have not
    read. However much there is, about a dozen lines, each with a button that opens its campaign."""
    frame = digest.frame
    head = headline(digest)
    blocks: list[Block] = [section(join([mrkdwn("*Campaigns*{dot}{days}", dot=trusted(DOT), days=days(frame)), head]))]
    blocks += troubles(frame)
    starting = [(campaign_text(one, frame), one.id, one.name) for one in digest.starting]
    running = [(campaign_text(one, frame), one.id, one.name) for one in digest.running]
    ended = [(campaign_text(one, frame), one.id, one.name) for one in digest.ended]
    questions = [(question_text(one, frame), one.alert_id, one.name) for one in digest.questions]
    blocks += _list(trusted("🚀 *Starting*"), starting, digest.starting_total)
    blocks += _list(trusted("📣 *Running*"), running, digest.running_total)
    blocks += _list(trusted("🏁 *Ended*"), ended, digest.ended_total)
    blocks += _list(trusted("❓ *Questions without an answer*"), questions, digest.questions_total)
    if digest.unread:
        blocks.append(section(_unread(digest)))
    blocks += leads_chart((*digest.running, *digest.ended, *digest.starting))
    if not digest.is_empty:
        blocks.append(actions(show_all(frame, _first_part(digest))))
    return Message(text=mrkdwn("Campaigns: {head}", head=head), blocks=[*blocks, *closing(frame)])


def headline(digest: CampaignDigest) -> Mrkdwn:
    """One sentence: how many start, run and ended, and the one thing to know about them."""
    if digest.is_empty:
        day = day_in(first_day(digest.frame), digest.frame)
        return mrkdwn("No campaign starts, runs or has ended since {day}, and nobody asked anything.", day=day)
    counts = {"starting": digest.starting_total, "running": digest.running_total, "ended": digest.ended_total}
    parts = [f"{count} {what}" for what, count in counts.items() if count]
    said = mrkdwn("*{counts}*", counts=", ".join(parts) if parts else "No campaign starts or runs")
    point = _point(digest)
    return mrkdwn("{said}.", said=said) if point is None else mrkdwn("{said}; {point}.", said=said, point=point)


def _point(digest: CampaignDigest) -> Mrkdwn | None:
    """What stands out: a campaign most of whose leads were rejected, the next one to start, or questions; None when
    nothing does."""
    bad = [one for one in (*digest.running, *digest.ended) if one.decided >= ENOUGH and one.accepted < one.rejected]
    if bad:
        worst = max(bad, key=lambda one: (one.rejected, one.id))
        why = mrkdwn(", mostly “{reason}”", reason=escape(worst.reason[0], REASON)) if worst.reason else trusted("")
        return mrkdwn("sales rejected {rejected} of {decided} leads of “{name}”{why}", rejected=worst.rejected,
                      decided=worst.decided, name=escape(worst.name, NAME), why=why)  # fmt: skip
    to_come = [one for one in digest.starting if one.starts_at >= digest.frame.until_at]
    if to_come:
        day = day_in(local_date(to_come[0].starts_at, digest.frame.tz), digest.frame)
        return mrkdwn("next: “{name}” on {day}", name=escape(to_come[0].name, NAME), day=day)
    if digest.questions_total:
        return mrkdwn("{count} for an answer", count=_waiting(digest.questions_total))
    return None


def campaign_text(one: CampaignLine, frame: Frame) -> Mrkdwn:
    """When it is, what it offers, and what came of it."""
    lines = [mrkdwn("*{name}*{dot}{dates}", name=escape(one.name, NAME), dot=trusted(DOT), dates=_dates(one, frame))]
    if one.offer.strip() and one.ended_at is None:
        lines.append(escape(one.offer, OFFER))
    if one.leads or one.decided:
        lines.append(_leads(one))
    elif one.starts_at < frame.until_at:
        lines.append(trusted("No leads yet") if one.ended_at is None else trusted("No leads"))
    elif one.expected:
        lines.append(mrkdwn("{leads} expected", leads=_count(one.expected, "lead")))
    return join(lines)


def question_text(one: QuestionLine, frame: Frame) -> Mrkdwn:
    """What was asked, about what, and since when it waits."""
    day = day_in(local_date(one.asked_at, frame.tz), frame)
    asked = mrkdwn("*{name}*{dot}asked on {day}", name=escape(one.name, NAME), dot=trusted(DOT), day=day)
    return join([asked, escape(one.text, QUESTION)])


def unread_text(one: UnreadLine) -> Mrkdwn:
    """How many of those who should have read it have."""
    return mrkdwn("*{name}*{dot}{got} of {asked} reps said “Got it”", name=escape(one.name, NAME), dot=trusted(DOT),
                  got=one.got_it, asked=one.asked)  # fmt: skip


def leads_chart(lines: tuple[CampaignLine, ...]) -> list[Block]:
    """Accepted and rejected leads of each campaign as bars; nothing where a line says it as well."""
    shown = [one for one in lines if one.decided]
    if len(shown) < WORTH_A_PICTURE:
        return []
    series = {"Accepted": [one.accepted for one in shown], "Rejected": [one.rejected for one in shown]}
    return [bar_chart("Leads by campaign", [one.name for one in shown], series, x="Campaign", y="Leads")]


def show_all(frame: Frame, part: Part) -> Element:
    """Opens the window with everything of the period."""
    ref = WindowRef(kind=DigestKind.CAMPAIGNS, from_at=frame.from_at, until_at=frame.until_at, part=part)
    return button("Show all", WindowAction.ALL, window_value(ref))


def open_alert(alert_id: str, name: str) -> Element:
    """Opens a campaign, whole."""
    return button("Open", TalkAction.DETAILS, details_value(alert_id), accessibility_label=f"Open: {name}")


def _first_part(digest: CampaignDigest) -> Part:
    parts = {Part.STARTING: digest.starting_total, Part.RUNNING: digest.running_total, Part.ENDED: digest.ended_total}
    return next((part for part, count in parts.items() if count), Part.QUESTIONS)


def _list(head: Mrkdwn, lines: list[tuple[Mrkdwn, str, str]], total: int) -> list[Block]:
    """A headline with how many there are, over the first of them; nothing without lines."""
    if not lines:
        return []
    more = mrkdwn("{head}{dot}{shown} of {total}", head=head, dot=trusted(DOT), shown=len(lines), total=total)
    return [
        section(more if total > len(lines) else head),
        *(section(text, accessory=open_alert(alert_id, name)) for text, alert_id, name in lines),
    ]


def _dates(one: CampaignLine, frame: Frame) -> str:
    first = local_date(one.starts_at, frame.tz)
    if one.ended_at is not None:
        return f"ended on {day_in(local_date(one.ended_at, frame.tz), frame)}"
    if one.ends_at is None:
        return f"{'since' if one.starts_at < frame.until_at else 'from'} {day_in(first, frame)}"
    return day_span(first, local_date(one.ends_at, frame.tz), frame)


def _leads(one: CampaignLine) -> Mrkdwn:
    said = _count(one.leads, "lead")
    if not one.decided:
        return mrkdwn("{said}, none decided yet", said=said)
    accepted = mrkdwn("{count} accepted", count=one.accepted)
    if one.decided >= ENOUGH:
        share = round(100 * one.accepted / one.decided)
        accepted = mrkdwn("{accepted} ({share} % of {decided})", accepted=accepted, share=share, decided=one.decided)
    rejected = mrkdwn(", {count} rejected", count=one.rejected) if one.rejected else trusted("")
    why = trusted("")
    if one.reason is not None:
        why = mrkdwn("{dot}mostly “{reason}”", dot=trusted(DOT), reason=escape(one.reason[0], REASON))
        if one.rejected == one.reason[1] == 1:
            why = mrkdwn("{dot}“{reason}”", dot=trusted(DOT), reason=escape(one.reason[0], REASON))
    return mrkdwn("{said}: {accepted}{rejected}{why}", said=said, accepted=accepted, rejected=rejected, why=why)


def _unread(digest: CampaignDigest) -> Mrkdwn:
    """Which campaigns most reps have not said *Got it* to, in one line: nobody is named."""
    lines = [
        mrkdwn("{name} ({got} of {asked})", name=escape(one.name, NAME), got=one.got_it, asked=one.asked)
        for one in digest.unread
    ]
    if digest.unread_total > len(lines):
        lines.append(mrkdwn("{count} more", count=digest.unread_total - len(lines)))
    return mrkdwn("👀 *Most reps have not said “Got it” yet*{dot}{lines}", dot=trusted(DOT), lines=join(lines, ", "))


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _waiting(count: int) -> str:
    return "1 question waits" if count == 1 else f"{count} questions wait"
