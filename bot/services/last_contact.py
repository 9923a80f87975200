"""What a CRM says was done for a lead since it was accepted: its owner sees that it is known here, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.crm import ActivityKind, touched_since
from bot.domain.handoff import Handoff
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

LOOK_BACK = 50
"""How many of a lead's latest events are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastContact:
    """`by` is a name, untrusted; None when the CRM did not say whose it was."""

    kind: ActivityKind
    by: str | None
    at: datetime


def last_contact(tx: Transaction, handoff: Handoff) -> LastContact | None:
    """The last call, mail or meeting since the accept, while its owner has the lead; None when there was none."""
    if not handoff.is_owned or handoff.decided_at is None:
        return None
    if touched_since(tx.facts.of(handoff.lead_id), handoff.decided_at) is None:
        return None
    for event in tx.events.of_lead(handoff.lead_id, LOOK_BACK):
        if event.kind == "lead.activity":
            said = event.data.get("by")
            by = str(said) if said else None if event.actor.startswith("source:") else person_name(tx, event.actor)
            return LastContact(kind=ActivityKind(str(event.data["activity"])), by=by, at=event.happened_at)
    return None
