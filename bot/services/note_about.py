"""What a field note can be about: a lead of one's own, a campaign, a campaign alert."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.campaign_alert import CampaignAlert
from bot.domain.config import BY_HAND_PREFIX
from bot.domain.note import Note
from bot.domain.person import Person
from bot.domain.rights import Clicker
from bot.errors import FormError, NotFound
from bot.services import alert_rights
from bot.services.forms import Choice
from bot.services.handoffs import refuse
from bot.services.naming import lead_name
from storage.transaction import Transaction

LISTED = 100
"""Slack's menus show no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    lead_id: str | None = None
    campaign_id: str | None = None
    alert_id: str | None = None


def leads_of(tx: Transaction, person: Person, *, known: str | None = None) -> tuple[Choice, ...]:
    """The leads this person has, the newest first, and the one that is `known` already."""
    found = [lead for handoff, lead in tx.handoffs.owned_by(person.id, LISTED, 0) if not handoff.practice]
    if known is not None and all(one.id != known for one in found):
        lead = tx.leads.get(known)
        found = [*([lead] if lead is not None else []), *found][:LISTED]
    return tuple(Choice(value=lead.id, label=lead_name(lead), description=lead.company) for lead in found)


def campaigns(tx: Transaction, *, known: str | None = None) -> tuple[Choice, ...]:
    """The newest campaigns by name, and the one that is `known` already."""
    found = [one for one in tx.campaigns.newest(LISTED) if not one.key.startswith(BY_HAND_PREFIX)]
    if known is not None and all(one.id != known for one in found):
        campaign = tx.campaigns.get(known)
        found = [*found[: LISTED - 1], *([campaign] if campaign is not None else [])]
    found.sort(key=lambda one: one.name.casefold())
    return tuple(Choice(value=one.id, label=one.name) for one in found)


def alert(tx: Transaction, who: Clicker, alert_id: str) -> CampaignAlert:
    """The campaign alert that feedback is on. Raises NotFound, and NotAllowed for one they may not see yet."""
    found = tx.campaign_alerts.get(alert_id)
    if found is None:
        raise NotFound("This campaign alert is not there any more.")
    refuse(alert_rights.why_not_read(tx, who, found))
    return found


def checked(
    tx: Transaction, who: Clicker, *, lead_id: str | None, campaign_id: str | None, alert_id: str | None,
    known: Note | None = None,
) -> About:  # fmt: skip
    """What a form names is there and may be named: a lead of the person's own, any campaign, an alert they may see,
    whose campaign is the note's. What the note is about already (`known`), it may be about. Raises FormError by field,
    NotFound, NotAllowed."""
    lead = tx.leads.get(lead_id) if lead_id else None
    if lead_id and (lead is None or lead.erased_at is not None):
        raise FormError({"lead_id": "This lead is not there any more. Choose another one, or none."})
    if lead is not None and (known is None or known.lead_id != lead.id):
        owned = tx.handoffs.owned_of(lead.id)
        if owned is None or owned.rep_id != who.person.id or owned.practice:
            raise FormError({"lead_id": "Choose one of your own leads, or none."})
    if campaign_id and tx.campaigns.get(campaign_id) is None:
        raise FormError({"campaign": "This campaign is not there any more. Choose another one, or none."})
    if alert_id:
        feedback = tx.campaign_alerts.get(alert_id) if known is not None else alert(tx, who, alert_id)
        campaign_id = feedback.campaign_id if feedback is not None else campaign_id
    return About(lead_id=lead.id if lead else None, campaign_id=campaign_id or None, alert_id=alert_id or None)
