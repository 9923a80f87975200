"""A campaign alert as sales sees it in a channel, and the same in a preview."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.domain.campaign_alert import CHANGED, AlertState, Asset
from bot.domain.campaign_alert_input import Expected, is_web_link
from bot.ports import Message
from bot.services.campaign_alert_shown import CampaignAlertShown
from bot.views.alert_talk import talk_blocks
from bot.views.blocks import Block, context, header, section
from bot.views.lead_lines import DOT
from bot.views.links import host_label, link, when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

NAME = 120
TEXT = 700
SHORT = 300
QUESTIONS = 4
"""Expected questions in the message; the others stand in its details."""
ANSWER = 250
LINKS = 8


def render_campaign_alert(alert: CampaignAlertShown) -> Message:
    """The message in a channel of sales."""
    blocks = [header(f"Campaign alert: {alert.campaign}"), *alert_blocks(alert)]
    if alert.here and alert.talk is not None:
        blocks += talk_blocks(alert.alert_id, alert.version, alert.state, alert.talk)
    said = mrkdwn("Campaign alert: {name}. {state}", name=escape(alert.campaign, NAME), state=state_line(alert))
    return Message(text=said, blocks=blocks)


def alert_blocks(alert: CampaignAlertShown) -> list[Block]:
    """What sales reads of it, without a headline and buttons."""
    if not alert.here:
        return [section(trusted("*Not for this channel any more.* The campaign is told elsewhere."))]
    if alert.state is AlertState.WITHDRAWN:
        return _withdrawn(alert)
    blocks = [section(state_line(alert))]
    if alert.buyer_sees:
        sees = join([trusted("*What the buyer will see*"), quote(alert.buyer_sees, TEXT)])
        blocks.append(section(sees))
    offer = mrkdwn("*The offer*\n{offer}", offer=escape(alert.offer, SHORT))
    if alert.offer_is_new:
        offer = mrkdwn("{offer}  _(new: not among the offers agreed on)_", offer=offer)
    blocks.append(section(offer))
    fields = _fields(alert)
    if fields:
        blocks.append(section(fields=fields))
    if alert.questions:
        blocks.append(section(_questions(alert.questions)))
    if alert.assets:
        blocks.append(section(_links(alert.assets)))
    return [*blocks, context(_foot(alert))]


def state_line(alert: CampaignAlertShown) -> Mrkdwn:
    """Where it stands, with its dates in each reader's own zone."""
    starts, ends = when(alert.starts_at), when(alert.ends_at) if alert.ends_at is not None else None
    until = mrkdwn("until {at}", at=ends) if ends is not None else trusted("until somebody ends it")
    match alert.state:
        case AlertState.LIVE:
            return mrkdwn("*Live* since {at}, {until}", at=starts, until=until)
        case AlertState.ENDED:
            return mrkdwn("*Ended* {at}; it began {starts}", at=ends or starts, starts=starts)
        case AlertState.WITHDRAWN:
            return trusted("*Withdrawn*: it does not take place.")
        case _:
            return mrkdwn("*Starts* {at}, {until}", at=starts, until=until)


def asset_line(asset: Asset) -> Mrkdwn:
    """What it is, and a link whose words say where it leads; what is no link we can use stands as text."""
    if not is_web_link(asset.url):
        return mrkdwn("•  {label}  {host}", label=escape(asset.label, SHORT), host=host_label(asset.url))
    host = urlsplit(asset.url).hostname or ""
    found = link(asset.url, f"Open on {host}", [host])
    if not asset.label:
        return mrkdwn("•  {link}", link=found)
    return mrkdwn("•  {label}: {link}", label=escape(asset.label, SHORT), link=found)


def question_line(one: Expected, room: int = ANSWER) -> Mrkdwn:
    """A question with its answer."""
    asked = mrkdwn("*{question}*", question=escape(one.text, SHORT))
    answer = escape(one.answer, room, multiline=True) if one.answer else trusted("_no answer yet_")
    return join([asked, answer])


def _withdrawn(alert: CampaignAlertShown) -> list[Block]:
    said = [state_line(alert)]
    if alert.withdrawn:
        said.append(quote(alert.withdrawn, TEXT))
    return [section(join(said)), context(mrkdwn("By {owner}", owner=escape(alert.owner, NAME)))]


def _fields(alert: CampaignAlertShown) -> list[Mrkdwn]:
    volume = f"about {alert.expected_volume:,} leads" if alert.expected_volume is not None else ""
    labelled = (
        ("Audience", alert.audience),
        ("Segment", alert.segment),
        ("What a lead looks like", alert.lead_looks_like),
        ("Expected", ", ".join(one for one in (volume, f"cost {alert.cost}" if alert.cost else "") if one)),
    )
    return [
        mrkdwn("*{label}*\n{text}", label=label, text=escape(text, SHORT, multiline=True))
        for label, text in labelled
        if text
    ]


def _questions(questions: tuple[Expected, ...]) -> Mrkdwn:
    lines = [trusted("*What buyers may ask*"), *(question_line(one) for one in questions[:QUESTIONS])]
    left = len(questions) - QUESTIONS
    if left > 0:
        lines.append(mrkdwn("_and {count} more, in Details_", count=left))
    return join(lines)


def _links(assets: tuple[Asset, ...]) -> Mrkdwn:
    lines = [asset_line(one) for one in assets[:LINKS]]
    left = len(assets) - LINKS
    if left > 0:
        lines.append(mrkdwn("_and {count} more, in Details_", count=left))
    return join([trusted("*Links and assets*"), *lines])


def _foot(alert: CampaignAlertShown) -> Mrkdwn:
    foot = [mrkdwn("By {owner}", owner=escape(alert.owner, NAME))]
    if alert.campaign_key:
        foot.append(mrkdwn("leads name it `{key}`", key=escape(alert.campaign_key, NAME)))
    if alert.changed_at is not None:
        what = ", ".join(CHANGED[one] for one in alert.changed if one in CHANGED)
        foot.append(mrkdwn("changed {at}: {what}", at=when(alert.changed_at), what=what or "a detail"))
    return join(foot, DOT)
