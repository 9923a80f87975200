"""A campaign alert: what buyers are about to see, told to sales before they see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertState(StrEnum):
    DRAFT = "draft"
    """Being written; only its owner and marketing's managers see it."""
    PROPOSED = "proposed"
    """Waits for a sales manager to approve it."""
    SCHEDULED = "scheduled"
    """Approved, and told to sales; the campaign has not started."""
    LIVE = "live"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    """It does not take place."""

    @property
    def is_told(self) -> bool:
        """Whether sales has been told of it."""
        return self in (AlertState.SCHEDULED, AlertState.LIVE, AlertState.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A link to something sales can use. Both untrusted."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAlert:
    """One alert of a campaign. All text is untrusted, and whole. `channels`: the Slack channels of sales it is told
    in. `starts_at`, `ends_at`: instants, set as local times of `tz`; without an end it runs until somebody ends it.
    `cost`: a decimal number of `currency`. `late_s`: working seconds by which sales heard of it later than agreed;
    None: in time, or not told yet. `told_at`: when sales was first told of it."""

    id: str
    campaign_id: str
    owner_id: str
    state: AlertState
    version: int
    """Grows with each edit; whoever got an older one sees that it changed."""
    buyer_sees: str
    audience: str
    segment: str
    starts_at: datetime
    ends_at: datetime | None
    tz: str
    offer: str
    offer_is_new: bool
    """Not one of the offers the teams agreed on."""
    lead_looks_like: str
    expected_volume: int | None
    cost: str | None
    currency: str | None
    channels: tuple[str, ...]
    assets: tuple[Asset, ...]
    made_by: str
    created_at: datetime
    updated_at: datetime
    proposed_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    sent_back: str = ""
    """Why a sales manager sent it back; it is a draft again."""
    sent_back_by: str | None = None
    """Who did."""
    withdrawn: str = ""
    """Why it does not take place."""
    changed_at: datetime | None = None
    """When it was last changed after sales was told of it."""
    changed: tuple[str, ...] = ()
    """What was changed then: words of CHANGED."""
    told_at: datetime | None = None
    late_s: int | None = None
    eve_at: datetime | None = None
    """When sales was reminded on the eve of its start."""
    reminded_at: datetime | None = None
    """When those who had not said *Got it* were reminded."""
    ended_at: datetime | None = None

    def state_at(self, now: datetime) -> AlertState:
        """Where one that was approved stands at `now`, by its dates alone."""
        if self.starts_at > now:
            return AlertState.SCHEDULED
        return AlertState.ENDED if self.ends_at is not None and self.ends_at <= now else AlertState.LIVE


CHANGED = {
    "campaign": "the campaign",
    "owner_id": "the owner",
    "buyer_sees": "what buyers see",
    "audience": "the audience",
    "segment": "the segment",
    "starts_at": "the start",
    "ends_at": "the end",
    "offer": "the offer",
    "questions": "the expected questions",
    "lead_looks_like": "what a lead looks like",
    "expected_volume": "the expected volume",
    "cost": "the cost",
    "assets": "links and assets",
}
"""What an edit can change, as people read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about a campaign with its answer. `expected`: it stands on the alert, for all. `asked_by` None: its
    owner expected it. Text untrusted."""

    id: str
    alert_id: str
    place: int
    """Its place among the questions of its alert, from 1."""
    text: str
    expected: bool
    asked_by: str | None = None
    asked_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GotIt:
    """Somebody has read the alert; `version`: which one."""

    alert_id: str
    person_id: str
    version: int
    at: datetime
