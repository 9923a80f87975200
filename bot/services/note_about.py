"""What a field note can be about: a lead of one's own, a campaign, a campaign alert."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.config import BY_HAND_PREFIX
from bot.domain.note import Note
from bot.domain.person import Person
from bot.errors import FormError
from bot.services.forms import Choice
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


def checked(
    tx: Transaction, person: Person, *, lead_id: str | None, campaign_id: str | None, alert_id: str | None,
    known: Note | None = None,
) -> About:  # fmt: skip
    """What a form names is there and may be named: a lead of the person's own, any campaign. A lead's campaign, where
    none is named, is the note's, too. Raises FormError by field."""
    lead = tx.leads.get(lead_id) if lead_id else None
    if lead_id and (lead is None or lead.erased_at is not None):
        raise FormError({"lead_id": "This lead is not there any more. Choose another one, or none."})
    if lead is not None and (known is None or known.lead_id != lead.id):
        owned = tx.handoffs.owned_of(lead.id)
        if owned is None or owned.rep_id != person.id or owned.practice:
            raise FormError({"lead_id": "Choose one of your own leads, or none."})
    if campaign_id and tx.campaigns.get(campaign_id) is None:
        raise FormError({"campaign": "This campaign is not there any more. Choose another one, or none."})
    return About(lead_id=lead.id if lead else None, campaign_id=campaign_id or None, alert_id=alert_id)
