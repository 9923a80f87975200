"""A campaign alert as sales will see it, for whoever writes or approves it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.campaign_alert import AlertState
from bot.services import alert_rights, alert_times, campaign_alerts
from bot.services.alert_times import LeadTime
from bot.services.campaign_alert_reading import SaveAlert, read_alert
from bot.services.campaign_alert_shown import CampaignAlertShown, shown
from bot.services.campaign_alerts import get
from bot.services.handoffs import refuse
from bot.services.people import clicker
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The message as sales will see it, and what whoever makes or approves it must know beside it."""

    alert: CampaignAlertShown
    lead_time: LeadTime
    missing: tuple[str, ...] = ()
    can_propose: bool = False
    can_approve: bool = False
    can_edit: bool = False
    needs_approval: bool = True
    is_typed: bool = False
    """Not stored yet."""


def preview_typed(tx: Transaction, command: SaveAlert) -> Preview:
    """The message that would be, of what is typed just now; nothing is stored. Raises as save_alert."""
    who = clicker(tx, command.by)
    before = get(tx, command.alert_id) if command.alert_id else None
    refuse(
        alert_rights.why_not_announce(tx, who) if before is None else alert_rights.why_not_edit(tx, who, before)
    )  # fmt: skip
    typed = read_alert(tx, command, before, who.person)
    alert = typed.alert
    return Preview(
        alert=shown(tx, alert, is_preview=True, questions=typed.questions, campaign=typed.campaign.name),
        lead_time=alert_times.lead_time_of(tx, alert),
        missing=tuple(campaign_alerts.missing(alert).values()),
        is_typed=True,
    )


def preview(tx: Transaction, alert_id: str, by: str) -> Preview:
    """The stored alert as sales will see it. Raises NotFound, NotAllowed, PersonUnknown."""
    who = clicker(tx, by)
    alert = get(tx, alert_id)
    refuse(alert_rights.why_not_read(tx, who, alert))
    lacks = tuple(campaign_alerts.missing(alert).values())
    can_edit = alert_rights.why_not_edit(tx, who, alert) is None
    return Preview(
        alert=shown(tx, alert, is_preview=True),
        lead_time=alert_times.lead_time_of(tx, alert),
        missing=lacks,
        can_edit=can_edit and alert.state is not AlertState.WITHDRAWN,
        can_propose=can_edit and alert.state in campaign_alerts.sent_from(tx) and not lacks,
        can_approve=alert.state is AlertState.PROPOSED and alert_rights.why_not_approve(who) is None,
        needs_approval=tx.config.alerts_need_approval,
    )


def to_send_back(tx: Transaction, alert_id: str, by: str) -> Preview:
    """For whoever may send it back. Raises NotFound, NotAllowed, PersonUnknown, and Refused where it does not wait for
    approval any more."""
    refuse(alert_rights.why_not_approve(clicker(tx, by)))
    campaign_alerts.refuse_unless(tx, get(tx, alert_id), AlertState.PROPOSED)
    return preview(tx, alert_id, by)


def to_withdraw(tx: Transaction, alert_id: str, by: str) -> Preview:
    """For whoever may withdraw it. Raises NotFound, NotAllowed, PersonUnknown, and Refused where it is over."""
    alert = get(tx, alert_id)
    refuse(alert_rights.why_not_edit(tx, clicker(tx, by), alert))
    campaign_alerts.refuse_unless(tx, alert, *campaign_alerts.OPEN)
    return preview(tx, alert_id, by)


def after_sending(tx: Transaction, alert_id: str) -> str:
    """What its owner reads once it is sent. Untrusted."""
    alert = get(tx, alert_id)
    if alert.state is AlertState.PROPOSED:
        managers = alert_rights.readers(tx, alert_rights.approvers(tx, alert)).values()
        names = " or ".join(dict.fromkeys(one.name for one in managers))
        return f"Sent for approval: {names} can approve it with one click, and sales is told then."
    return f"{campaign_alerts.stands(tx, alert)}."
