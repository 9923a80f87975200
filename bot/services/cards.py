"""What a lead's card shows, loaded from the present state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.agreement import Met
from bot.domain.lead import Priority


class CardState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELEASED = "released"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLead:
    """The lead as shown. All text is untrusted. When `masked`, name is initials and email, phone, summary,
    fields and url are None/empty already: a view cannot show what it was not given."""

    name: str
    title: str | None
    company: str | None
    country: str | None
    email: str | None
    phone: str | None
    phone_e164: str | None
    origin: str | None
    campaign: str | None
    source: str
    priority: Priority
    summary: str | None
    score: float | int | None
    touches: int | None
    fields: dict[str, str]
    engaged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card in one place. `buttons`: it carries decision buttons (a primary card that is still offered)."""

    handoff_id: str
    version: int
    lead_id: str
    state: CardState
    masked: bool
    is_pool: bool
    pool_name: str | None
    is_mirror: bool
    lead: CardLead
    met: tuple[Met, ...]
    routed_because: str
    came_at: datetime
    offered_at: datetime
    offered_to: str | None
    """Name of the rep it was offered to; None in a pool."""
    decided_at: datetime | None = None
    decided_by: str | None = None
    """Name of the one who decided."""
    decided_by_slack_id: str | None = None
    ended_at: datetime | None = None
    can_undo: bool = False
    """Accepted less than five minutes ago (whoever looks; the click checks who)."""
    came_back: int = 0
    """Touches since it was handed over: how often the person came back."""
    crm_url: str | None = None
    """https URL on a configured host, else None."""
    reason: str | None = None
    """Label of the reject reason."""
    follow_up: str | None = None
    """The answer to the reason's question, as text. Untrusted."""
    comment: str | None = None
    note: str | None = None
    """A manager's or releaser's reason. Untrusted."""
    what_next: str | None = None
    """A sentence of ours on what follows, e.g. "Offered to Ines Duarte"; may hold a person's name: untrusted."""
