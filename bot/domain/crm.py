"""What other systems say of a lead, and whose word holds when they say it late or out of order.

Each thing said carries its own instant. For each field the latest word holds, whenever it arrives; a human decision
in Slack gives way only to what happened after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.handoff import Handoff
from bot.domain.lead import Stage

BY_CRM, BY_IMPORT, BY_ERASURE, BY_DATE = "crm", "import", "erasure", "date"
"""`extra["ended_by"]` of a handoff that another system's word ended, the undoing of an import, an erasure, or the date
on which a lost lead was to come back."""
NO_DECISION = frozenset({BY_CRM, BY_IMPORT, BY_ERASURE, BY_DATE})
"""Such an end is no human decision."""
ECHO_WINDOW = timedelta(minutes=10)
"""For how long after other systems were told of a lead their changes to it may be their answer to that."""
SIGNS_OF_INTEREST = frozenset({"score", "touches", "priority", "campaign_key", "engaged_at", "summary"})
"""What a change of says that the person came back, also when it may be an answer to us."""
AHEAD = "ahead:"
"""Begins the clock that keeps what a sender said whose own clock is ahead: what it said, and when we heard it."""
READY, STAGE, AMOUNT, OWNER = "ready", "stage", "amount", "owner"
"""Clocks beside those of the lead's own fields, which are called as the fields."""


class ActivityKind(StrEnum):
    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the CRM says of a lead beside its fields. `clocks`: by field the stamp of the last word that counted.

    `amount` is decimal digits with `currency` (ISO 4217). `owner_email` is normalised. Texts are untrusted.
    """

    lead_id: str
    clocks: dict[str, str] = field(default_factory=dict)
    stage: Stage | None = None
    stage_at: datetime | None = None
    amount: str | None = None
    currency: str | None = None
    lost_reason: str | None = None
    owner_email: str | None = None
    owner_at: datetime | None = None
    last_activity_at: datetime | None = None

    def is_news(self, clock: str, stamp: str) -> bool:
        """Whether `stamp` is not older than the last word about it."""
        return stamp >= self.clocks.get(clock, "")

    def counted_from(self, clock: str, at: datetime, now: datetime) -> tuple[Facts, datetime]:
        """The instant from which a word about `clock` counts, said as of `at`; and the facts that remember it.

        A sender's clock may be ahead. Then its word counts from when it was first heard, also when it is repeated
        later: whatever people decided in between is later than that.
        """
        said, _, heard = self.clocks.get(AHEAD + clock, "").partition(" ")
        if said and datetime.fromisoformat(said) == at:
            return self, datetime.fromisoformat(heard)
        if at <= now:
            return self, at
        remembered = f"{at.astimezone(UTC).isoformat()} {now.astimezone(UTC).isoformat()}"
        return self.heard(AHEAD + clock, remembered), now

    def heard(self, clock: str, stamp: str) -> Facts:
        """The facts with the clock set."""
        return replace(self, clocks={**self.clocks, clock: stamp})


def stamp(at: datetime, delivery_id: str | None) -> str:
    """Text that sorts by instant; of two things said in the same instant the one with the greater id counts, so
    that the order of arrival never does."""
    instant = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{instant}Z {delivery_id or ''}"


def instant_of(a_stamp: str) -> datetime:
    """The instant in a stamp."""
    return datetime.fromisoformat(a_stamp.partition(" ")[0])


def decided_last(handoffs: list[Handoff]) -> datetime | None:
    """When a person last decided about the lead of these handoffs in Slack; None when nobody has."""
    instants = [one.decided_at for one in handoffs if one.decided_at is not None and one.decided_by is not None]
    by_people = [one for one in handoffs if one.extra.get("ended_by") not in NO_DECISION]
    instants += [one.ended_at for one in by_people if one.ended_at is not None]
    return max(instants, default=None)


def touched_since(facts: Facts, accepted_at: datetime) -> datetime | None:
    """When the lead was last worked, as the CRM says, after it was accepted at `accepted_at`; None when it was not.

    An older call may have been somebody else's, before the lead was this owner's to work.
    """
    last = facts.last_activity_at
    return last if last is not None and last > accepted_at else None


def stage_now(facts: Facts, accepted_at: datetime) -> Stage:
    """The stage of a lead that somebody accepted at `accepted_at` and has not given up.

    Lost counts only when it happened after the accept. A qualified, open or won deal counts from the hand-over on:
    an accept does not deny it.
    """
    if facts.stage is None or facts.stage_at is None:
        return Stage.SAL
    handed_over = facts.clocks.get(READY)
    since = accepted_at
    if facts.stage is not Stage.LOST and handed_over is not None:
        since = min(accepted_at, instant_of(handed_over))
    return facts.stage if facts.stage_at > since else Stage.SAL
