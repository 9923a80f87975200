"""What people are told beside the cards: rejects to marketing, touches to owners, trouble to the admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreement import Met
from bot.domain.lead import Priority, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectNotice:
    """Marketing hears of a reject; the message follows the lead. All text untrusted."""

    lead_name: str
    company: str | None
    campaign: str | None
    source: str
    met: tuple[Met, ...]
    reason: str
    follow_up: str | None
    comment: str | None
    rejected_by: str
    rejected_at: datetime
    counts_against_marketing: bool
    to_owner_slack_id: str | None
    """The campaign's owner, mentioned when the notice stands in a channel."""
    stage: Stage
    what_next: str
    """Where the lead is now, in a sentence: recycled until, offered again to, accepted by, closed, merged into."""
    crm_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchNotice:
    """The owner (or the one it is offered to) hears that their lead came back. Text untrusted."""

    lead_name: str
    company: str | None
    summary: str | None
    origin: str | None
    campaign: str | None
    came_at: datetime
    priority: Priority
    raised_from: Priority | None
    """The priority it had before, when it came hotter."""
    crm_url: str | None
    phone_e164: str | None
    email: str | None
    merged_name: str | None = None
    """Set for a merge: the name on the other lead."""
    merged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The admin hears what could not be said, and what to do."""

    title: str
    text: str
