"""Who in marketing answers for a lead: its campaign's owner, else whoever handed it over in Slack."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.config import BY_HAND, BY_HAND_PREFIX, Campaign
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.person import Person
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

HANDED_OVER = frozenset({"lead.received", "lead.updated", "lead.touched"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CameFrom:
    """Names of the campaign, the source, and who handed the lead over in Slack. All of them are untrusted."""

    campaign: str | None
    source: str
    handed_over_by: str | None


def came_from(tx: Transaction, lead: Lead, campaign_id: str | None) -> CameFrom:
    """Where the lead came from, as people call it; a person's own hand-overs are no campaign to anybody."""
    campaign = tx.campaigns.get(campaign_id) if campaign_id else None
    by = handed_over_by(tx, lead.id) if lead.source == BY_HAND and not lead.practice else None
    source = tx.sources.get(lead.source) if lead.source != BY_HAND else None
    return CameFrom(
        campaign=campaign.name if campaign and not campaign.key.startswith(BY_HAND_PREFIX) else None,
        source=source.name if source else lead.source,
        handed_over_by=person_name(tx, by) if by else None,
    )


def own_campaign(tx: Transaction, person: Person) -> Campaign:
    """The campaign of what this person hands over in Slack without naming one; it is theirs until an admin gives it
    to somebody else."""
    campaign = tx.campaigns.ensure(BY_HAND_PREFIX + (person.email or person.id))
    if campaign.owner_id is None:
        campaign = replace(campaign, name=f"Handed over by {person.name}", owner_id=person.id)
        tx.campaigns.save(campaign)
    return campaign


def marketer_id(tx: Transaction, handoff: Handoff) -> str | None:
    """The person who hears what became of the lead; None where nobody owns its campaign and nobody handed it over in
    Slack."""
    campaign = tx.campaigns.get(handoff.campaign_id) if handoff.campaign_id else None
    if campaign is not None and campaign.owner_id is not None:
        return campaign.owner_id
    return handed_over_by(tx, handoff.lead_id)


def handed_over_by(tx: Transaction, lead_id: str) -> str | None:
    """The person who handed the lead over in Slack, the last one of several; None where a system did."""
    events = tx.events.of_lead(lead_id)
    return next((one.actor for one in events if one.kind in HANDED_OVER and one.origin == BY_HAND), None)


def marketer(tx: Transaction, handoff: Handoff) -> Person | None:
    """See `marketer_id`."""
    found = marketer_id(tx, handoff)
    return tx.people.get(found) if found else None
