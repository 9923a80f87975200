"""Digests: what is sent on a schedule, and which of them were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

NAME_MAX = 80
"""Characters of a schedule's name."""


class DigestKind(StrEnum):
    FIELD_NOTES = "field_notes"
    """What sales heard, for marketing and sales."""
    CAMPAIGNS = "campaigns"
    """What buyers see, for sales."""


KIND_NAMES = {DigestKind.FIELD_NOTES: "Field notes", DigestKind.CAMPAIGNS: "Campaigns"}
"""The words people read."""


class DigestState(StrEnum):
    SENT = "sent"
    SILENT = "silent"
    """There was nothing to say, and the schedule says nothing then."""
    SKIPPED = "skipped"
    """Lockstep stood still for more than half the period; the next one says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest goes where. `name` tells it from the others, those that were removed aside. `place`: a Slack
    channel, or a Slack user id for their direct message. `weekdays`: 0 is Monday; at least one, in order. `at`: local
    time in `tz`. `silent_when_empty`: nothing is said where there is nothing to say. `made_by` None: by the file of the
    configuration. `version` grows with each edit. `removed_at`: it is listed no more."""

    id: str
    name: str
    kind: DigestKind
    place: str
    weekdays: tuple[int, ...]
    at: time
    tz: str
    is_on: bool = True
    silent_when_empty: bool = False
    closing_line: bool = True
    next_period: date | None = None
    """The local date of the digest that comes next; None while it is off."""
    next_at: datetime | None = None
    """When that is due."""
    told_until: datetime
    """The digests so far told of everything until just before this instant."""
    version: int = 1
    made_by: str | None
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One period of one schedule, settled: there is at most one of each. It tells of what happened from `from_at`
    until just before `until_at`. `late_s`: seconds after its time, None: in time."""

    id: str
    schedule_id: str
    period: date | None
    """The local date it belongs to. None: an extra one that somebody had sent at once, which is no period's."""
    state: DigestState
    due_at: datetime
    from_at: datetime
    until_at: datetime
    made_at: datetime
    late_s: int | None = None
    sent_by: str | None = None
    """The person who had an extra one sent."""
