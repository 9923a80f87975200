"""What a source says of a person, and what a further record of them does to the lead: it only fills gaps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.config import Campaign
from bot.domain.lead import Lead, Priority
from storage.transaction import Transaction

EMAIL_KEY = "@email"
"""The source under which a merged lead's address is kept, so that the person is known by it; no real source may be
called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What a source says of a lead. `given` names the fields that were present: only they change a known lead.

    `sent_at` is when the source says it happened, as it says; `delivery_id` names the delivery, so that a repeated
    one changes nothing.
    """

    source: str
    external_id: str
    delivery_id: str | None = None
    sent_at: datetime | None = None
    email: str | None = None
    name: str | None = None
    company: str | None = None
    title: str | None = None
    phone: str | None = None
    phone_e164: str | None = None
    country: str | None = None
    origin: str | None = None
    campaign: str | None = None
    score: int | float | None = None
    touches: int | None = None
    engaged_at: datetime | None = None
    priority: Priority = Priority.WARM
    summary: str | None = None
    url: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    no_fields: frozenset[str] = frozenset()
    """Further key-values the source says there are none of."""
    given: frozenset[str] = frozenset()
    echo_of: str | None = None
    """The message of ours which this one answers, if it says so."""
    offered: bool = True
    """Whether a lead that nobody has is offered at once."""
    actor: str = "lockstep"
    origin_kind: str = "webhook"


def touched(tx: Transaction, lead: Lead, command: HandOver) -> Lead:
    """The lead with gaps filled from a further record of the same person, and one touch more."""
    enriched = replace(
        lead,
        version=lead.version + 1,
        updated_at=tx.now,
        **{**_gaps(tx, lead, command), "touches": (lead.touches or 0) + 1},
    )
    tx.leads.save(enriched)
    return enriched


def fill_gaps(tx: Transaction, lead: Lead, command: HandOver) -> tuple[Lead, set[str]]:
    """The lead with gaps filled, and the names of what was."""
    gaps = _gaps(tx, lead, command)
    if not gaps:
        return lead, set()
    filled = replace(lead, version=lead.version + 1, updated_at=tx.now, **gaps)
    tx.leads.save(filled)
    return filled, set(gaps) - {"phone_e164", "campaign_id"}


def _gaps(tx: Transaction, lead: Lead, command: HandOver) -> dict[str, Any]:
    wanted = command.campaign if lead.campaign_id is None else None
    return gaps(lead, command, tx.campaigns.ensure(wanted) if wanted else None)


def gaps(lead: Lead, command: HandOver, campaign: Campaign | None) -> dict[str, Any]:
    """What the record knows and the lead does not, `campaign` being the record's, if it is known; what is known is not
    overwritten, except by a hotter priority and a higher score."""
    changes: dict[str, Any] = {
        name: getattr(command, name)
        for name in ("name", "company", "title", "country", "url")
        if getattr(lead, name) is None and getattr(command, name) is not None
    }
    if lead.phone is None and command.phone is not None:
        changes |= {"phone": command.phone, "phone_e164": command.phone_e164}
    if lead.campaign_id is None and campaign is not None:
        changes |= {"campaign_id": campaign.id, "campaign_key": campaign.key}
    if "priority" in command.given and command.priority.heat > lead.priority.heat:
        changes["priority"] = command.priority
    if (command.score or 0) > (lead.score or 0):
        changes["score"] = command.score
    if set(command.fields) - set(lead.fields):
        changes["fields"] = {**command.fields, **lead.fields}
    return changes
