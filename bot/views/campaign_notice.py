"""What whoever approves a campaign alert, its owner, and on its eve each channel read of it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.campaign_alert import AlertState
from bot.domain.windows import spoken_minutes
from bot.ports import Message
from bot.services.alert_news import About, AlertNotice
from bot.services.alert_times import LeadTime
from bot.views.alert_talk import details_button
from bot.views.blocks import Block, Element, actions, button, confirm, context, divider, section
from bot.views.campaign_alert import NAME, TEXT, alert_blocks, state_line
from bot.views.campaign_alert_ids import AlertAction, alert_value
from bot.views.links import message_link, when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

WORKING_DAY = timedelta(hours=8)
IN_DAYS, IN_WEEKS = 5, 15
"""Working days from which on a delay is said in days, and in weeks."""


def render_alert_notice(notice: AlertNotice) -> Message:
    """The message, as it reads now."""
    head = _head(notice)
    blocks: list[Block] = [section(mrkdwn("*{head}*", head=head))]
    if notice.in_place_of:
        blocks.append(context(mrkdwn("In place of {name}", name=escape(notice.in_place_of, NAME))))
    match notice.about:
        case About.EVE:
            blocks += _eve(notice)
        case About.SENT_BACK:
            blocks += _sent_back(notice)
        case _:
            blocks += _waiting(notice)
    return Message(text=head, blocks=blocks)


def lead_time_line(lead_time: LeadTime, *, told: bool) -> Mrkdwn:
    """Whether sales hears of it as early as agreed."""
    agreed = spoken_minutes(int(lead_time.window.total_seconds()) // 60)
    if lead_time.late is not None:
        late = _spoken(lead_time.late)
        if told:
            return mrkdwn("⚠️ Sales heard of it {late} later than agreed.", late=late)
        text = "⚠️ *Late*: told now, sales hears of it {late} later than the {agreed} agreed."
        return mrkdwn(text, late=late, agreed=agreed)
    if told:
        return mrkdwn("Sales heard of it as early as agreed: {agreed} of working time before its start.", agreed=agreed)
    if lead_time.last_moment is None:
        return mrkdwn("Agreed: {agreed} of working time before its start.", agreed=agreed)
    return mrkdwn(
        "As agreed, sales must hear of it by *{at}*: {agreed} of working time before its start.",
        at=when(lead_time.last_moment), agreed=agreed,
    )  # fmt: skip


def decision_buttons(alert_id: str, version: int) -> list[Element]:
    """For whoever approves it."""
    return [
        button("Approve", AlertAction.APPROVE, alert_value(alert_id, version), style="primary"),
        button("Send back…", AlertAction.SEND_BACK, alert_id),
    ]


def owner_buttons(alert_id: str, state: AlertState) -> list[Element]:
    """For whoever may change it."""
    found = [button("Change…", AlertAction.EDIT, alert_id)]
    if state is AlertState.LIVE:
        sure = confirm(
            "End it now?", trusted("Sales reads that the campaign has ended. A later end brings it back."), "End it",
            "Not yet",
        )  # fmt: skip
        found.append(button("End it now", AlertAction.END, alert_id, confirm=sure))
    if state not in (AlertState.ENDED, AlertState.WITHDRAWN):
        found.append(button("Withdraw…", AlertAction.WITHDRAW, alert_id))
    return found


def _head(notice: AlertNotice) -> Mrkdwn:
    alert = notice.alert
    name = escape(alert.campaign, NAME)
    match notice.about, alert.state:
        case _, AlertState.WITHDRAWN:
            return mrkdwn("Campaign alert withdrawn: {name}", name=name)
        case About.EVE, AlertState.SCHEDULED:
            return mrkdwn("Reminder: the campaign {name} starts {at}", name=name, at=when(alert.starts_at))
        case About.EVE, _:
            # Dated the day before: it says when it was sent, and the line below where the campaign stands now.
            return mrkdwn("Reminder on the eve of the campaign {name}", name=name)
        case About.YOURS, _:
            return mrkdwn("The campaign alert {name} is yours now: its owner left", name=name)
        case About.GIVEN, _:
            return mrkdwn("The campaign alert {name} is yours now: sales asks you", name=name)
        case _, AlertState.DRAFT | AlertState.PROPOSED:
            return _waiting_head(notice)
        case _:
            by = mrkdwn("Approved by {who}", who=escape(notice.approved_by, NAME)) if notice.approved_by else None
            return mrkdwn("{by}: the campaign alert {name}", by=by or trusted("Sales has been told"), name=name)


def _waiting_head(notice: AlertNotice) -> Mrkdwn:
    alert = notice.alert
    name, owner = escape(alert.campaign, NAME), escape(alert.owner, NAME)
    match notice.about, alert.state:
        case About.SENT_BACK, AlertState.DRAFT:
            by = escape(notice.sent_back_by or "a sales manager", NAME)
            return mrkdwn("Your campaign alert {name} was sent back to you by {by}", name=name, by=by)
        case About.DUE, AlertState.DRAFT:
            return mrkdwn("Sales must hear of your campaign {name} soon", name=name)
        case _, AlertState.DRAFT:
            return mrkdwn("The campaign alert {name} of {owner} is a draft again", name=name, owner=owner)
        case About.DUE, _:
            return mrkdwn("The campaign alert {name} of {owner} still waits for approval", name=name, owner=owner)
        case About.APPROVE, _:
            return mrkdwn("The campaign alert {name} of {owner} waits for your approval", name=name, owner=owner)
        case _:
            return mrkdwn("The campaign alert {name} waits for approval", name=name)


def _eve(notice: AlertNotice) -> list[Block]:
    alert = notice.alert
    if alert.state is AlertState.WITHDRAWN or alert.state is AlertState.DRAFT:
        return []
    said = [mrkdwn("{state}", state=state_line(alert)), mrkdwn("The offer: {offer}", offer=escape(alert.offer, TEXT))]
    found = message_link(notice.link, "Read the alert") if notice.link else None
    if found is not None:
        said.append(found)
    return [section(join(said)), actions(details_button(alert.alert_id))]


def _sent_back(notice: AlertNotice) -> list[Block]:
    alert = notice.alert
    if alert.state is not AlertState.DRAFT or not notice.sent_back:
        return [section(state_line(alert)), actions(details_button(alert.alert_id))]
    return [
        section(quote(notice.sent_back, TEXT)),
        context(lead_time_line(notice.lead_time, told=False)),
        actions(
            button("Change…", AlertAction.EDIT, alert.alert_id, style="primary"),
            button("Preview", AlertAction.PREVIEW, alert.alert_id),
        ),
    ]


def _waiting(notice: AlertNotice) -> list[Block]:
    alert = notice.alert
    told = alert.state in (AlertState.SCHEDULED, AlertState.LIVE, AlertState.ENDED)
    line = context(lead_time_line(notice.lead_time, told=told))
    if notice.may_approve:
        what = trusted("This is what sales will read:")
        # Long text is cut in a message: whoever approves reads it whole in Details.
        buttons = [*decision_buttons(alert.alert_id, alert.version), details_button(alert.alert_id)]
        return [line, context(what), divider(), *alert_blocks(alert), divider(), actions(*buttons)]
    if alert.state is AlertState.WITHDRAWN:
        return []
    if told:
        return [section(state_line(alert)), line, actions(details_button(alert.alert_id))]
    buttons = [button("Preview", AlertAction.PREVIEW, alert.alert_id)]
    if notice.about in (About.DUE, About.YOURS, About.GIVEN):
        buttons.insert(0, button("Change…", AlertAction.EDIT, alert.alert_id))
    return [section(state_line(alert)), line, actions(*buttons)]


def _spoken(late: timedelta) -> str:
    """`7 h of working time`; from a working week on in days, and later weeks, rounded down: nobody reads a year in
    hours."""
    days = late // WORKING_DAY
    if days < IN_DAYS:
        return f"{spoken_minutes(max(1, int(late.total_seconds()) // 60))} of working time"
    if days < IN_WEEKS:
        return f"{days} working days of 8 h"
    return f"{days // 5} weeks of 40 working hours"
