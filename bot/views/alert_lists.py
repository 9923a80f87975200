"""Campaign alerts in lists: on Home, by role, and all of them in a window."""

from __future__ import annotations

from bot.domain.campaign_alert import AlertState
from bot.services.alert_window import AlertRow, AlertRows, AlertWindow, HomeAlerts, Which
from bot.services.home_rows import HomeLists
from bot.views.alert_details import STATE, span
from bot.views.alert_talk import details_button, got_it, leads, waiting
from bot.views.alert_talk_ids import TalkAction, TalkCallback, list_value
from bot.views.blocks import Block, Element, View, actions, button, context, modal, section
from bot.views.home_rows import title, turn_list
from bot.views.lead_lines import DOT
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME, OFFER = 80, 120


def alerts_to_approve(alerts: HomeAlerts) -> list[Block]:
    """Home of sales managers: what waits for them; nothing where nothing does."""
    found = alerts.to_approve
    if found is None or not found.rows:
        return []
    return [title("Campaign alerts to approve", found, len(found.rows)), *_rows(found, HomeLists.ALERTS_TO_APPROVE)]


def my_alerts(alerts: HomeAlerts) -> list[Block]:
    """Home of marketers: their alerts that are not over, what waits for them first."""
    found = alerts.mine
    if found is None or not found.rows:
        return []
    built = [title("Campaign alerts", found, len(found.rows)), *_rows(found, HomeLists.ALERTS_MINE, of_marketing=True)]
    return [*built, actions(all_button())]


def alerts_to_read(alerts: HomeAlerts) -> list[Block]:
    """Home of sales: what buyers see and are about to see; what they have not said *Got it* to comes first."""
    found = alerts.to_read
    if found is None or not found.rows:
        return []
    built = [title("Campaigns", found, len(found.rows))]
    if found.unread:
        count = "1 campaign" if found.unread == 1 else f"{found.unread} campaigns"
        built.append(context(mrkdwn("You have not said *Got it* to {count} yet.", count=count)))
    return [*built, *_rows(found, HomeLists.ALERTS_TO_READ), actions(all_button())]


def all_button(which: Which = Which.OPEN) -> Element:
    return button("All campaign alerts", TalkAction.ALL, list_value(which))


def alert_window_view(window: AlertWindow) -> View:
    """A page of all campaign alerts its reader may see, each with the way to its details."""
    choice = [
        button(label, action, list_value(which), style="primary" if which is window.which else None)
        for which, label, action in (
            (Which.OPEN, "Not over", TalkAction.ALL_OPEN),
            (Which.EVER, "All there were", TalkAction.ALL_EVER),
        )
    ]
    blocks: list[Block] = [actions(*choice)]
    if not window.rows:
        blocks.append(section(trusted("There is no campaign alert here.")))
    blocks += [section(_row(one, of_marketing=True), accessory=_open(one)) for one in window.rows]
    turn: list[Element] = []
    if window.page > 0:
        turn.append(button("Previous", TalkAction.ALL_BACK, list_value(window.which, window.page - 1)))
    if window.page < window.pages - 1:
        turn.append(button("Next", TalkAction.ALL_ON, list_value(window.which, window.page + 1)))
    if turn:
        last = window.first + len(window.rows) - 1
        blocks.append(
            context(mrkdwn("{first} to {last} of {total}", first=window.first, last=last, total=window.total))
        )
        blocks.append(actions(*turn))
    return modal(TalkCallback.ALL_VIEW, "Campaign alerts", blocks, close="Close")


def _rows(found: AlertRows, which: HomeLists, *, of_marketing: bool = False) -> list[Block]:
    rows = [section(_row(one, of_marketing=of_marketing), accessory=_open(one)) for one in found.rows]
    return [*rows, *turn_list(which, found)]


def _open(row: AlertRow) -> Element:
    return details_button(row.alert_id, "Open")


def _row(row: AlertRow, *, of_marketing: bool) -> Mrkdwn:
    name = mrkdwn("*{name}*", name=escape(row.name, NAME))
    if row.owner is not None:
        name = mrkdwn("{name}, by {owner}", name=name, owner=escape(row.owner, NAME))
    ends = when(row.ends_at) if row.ends_at is not None else None
    line = [STATE[row.state], span(when(row.starts_at), ends)]
    if row.read is False:
        line.append(trusted("*not yet Got it*"))
    elif row.read and row.changed:
        line.append(trusted("*changed since you got it*"))
    lines = [name, join(line, DOT)]
    if row.offer:
        lines.append(escape(row.offer, OFFER))
    if of_marketing and row.state.is_told:
        counted = [got_it(row.talk.got_it), *([waiting(row.talk.waiting)] if row.talk.waiting else [])]
        lines.append(join(counted, DOT))
        if row.talk.leads.handed_over:
            lines.append(leads(row.talk.leads))
    if row.late and row.state is not AlertState.ENDED:
        lines.append(trusted("Sales was told later than agreed"))
    return join(lines)
