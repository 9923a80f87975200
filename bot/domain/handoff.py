"""A handoff: one offer of one lead to one rep, or to a pool where the first to accept wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.agreement import Terms
from bot.domain.ladder import Rung
from bot.domain.lead import Priority


class Status(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class End(StrEnum):
    """How an accepted handoff ended."""

    UNDONE = "undone"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    DISQUALIFIED = "disqualified"


class Opened(StrEnum):
    """Why a handoff was opened."""

    HANDED_OVER = "handed_over"
    REROUTED = "rerouted"
    RECYCLED = "recycled"
    UNDONE = "undone"
    RELEASED = "released"
    REASSIGNED = "reassigned"
    EXPIRED = "expired"
    """Nobody decided on the offer before it within the agreed window."""
    RESENT = "resent"
    """Marketing mended what sales had rejected."""
    OVERTURNED = "overturned"
    """Marketing disputed the reject, and it did not stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a handoff was rejected; there is none without a reason. Texts are untrusted."""

    reason: str
    comment: str | None = None
    recycle_on: str | None = None
    """Local date of the one who rejected, ISO."""
    person_id: str | None = None
    criterion: str | None = None
    lead_id: str | None = None
    text: str | None = None
    again: bool = False
    """The rep asked for it to come to them, should it come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """By whom a handoff was given to somebody else, for which manager they stood in, and to whom it went."""

    by: str
    for_id: str | None = None
    rep_id: str | None = None
    team_id: str | None = None
    pool: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"by": self.by, "for_id": self.for_id, "rep_id": self.rep_id, "team_id": self.team_id, "pool": self.pool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Offered to `rep_id`, or to a pool (`pool_channel`, of team `team_id`; None: the fallback pool, anybody's).

    After an accept `rep_id` is the one who accepted, in a pool too. `routed_because` is the sentence shown to people.
    """

    id: str
    lead_id: str
    agreement_id: str
    terms: Terms
    status: Status
    opened: Opened
    rep_id: str | None = None
    team_id: str | None = None
    pool_channel: str | None = None
    priority: Priority
    source: str
    campaign_id: str | None = None
    routed_because: str = ""
    predecessor_id: str | None = None
    engaged_at: datetime | None = None
    received_at: datetime
    offered_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    rejection: Rejection | None = None
    note: str | None = None
    """A manager's reason for withdraw or reassign, or why it was released. Untrusted."""
    end: End | None = None
    ended_at: datetime | None = None
    version: int = 1
    extra: dict[str, Any] = field(default_factory=dict)
    practice: bool = False
    """Of a practice lead: in no number, list or limit."""
    # Set at the decision, in whole seconds: bot/domain/waits.py.
    system_s: int | None = None
    """What passed before whoever it was offered to could act, by the wall clock."""
    system_business_s: int | None = None
    """What of it was their working time."""
    own_s: int | None = None
    """What passed from then until the decision, by the wall clock."""
    own_business_s: int | None = None

    @property
    def reassigned(self) -> Reassigned | None:
        """Set when a person gave the lead to somebody else."""
        found = self.extra.get("reassigned")
        return None if found is None else Reassigned(**found)

    @property
    def is_escalated(self) -> bool:
        """It went up the ladder to somebody above the reps: they decide on it, or give it to a rep."""
        return self.extra.get("rung") in (Rung.MANAGERS_MANAGER, Rung.ARBITER) and not self.is_pool

    @property
    def is_open(self) -> bool:
        return self.status is Status.OFFERED

    @property
    def is_owned(self) -> bool:
        """Accepted and not ended: the lead has an owner."""
        return self.status is Status.ACCEPTED and self.ended_at is None

    @property
    def is_pool(self) -> bool:
        return self.pool_channel is not None


def undo_until(handoff: Handoff) -> datetime | None:
    """The first instant at which the accept can no longer be undone; None when there is nothing to undo."""
    if not handoff.is_owned or handoff.decided_at is None:
        return None
    return handoff.decided_at + timedelta(seconds=handoff.terms.undo_seconds)


def can_undo(handoff: Handoff, person_id: str, now: datetime) -> bool:
    """Undo is for the person who accepted, and ends at the limit itself: at five minutes to the second it is over."""
    until = undo_until(handoff)
    return until is not None and handoff.decided_by == person_id and now < until
