"""Digests: what is sent on a schedule, and which of them were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class DigestKind(StrEnum):
    FIELD_NOTES = "field_notes"
    """What sales heard, for marketing and sales."""
    CAMPAIGNS = "campaigns"
    """What buyers see, for sales."""


class DigestState(StrEnum):
    SENT = "sent"
    SILENT = "silent"
    """There was nothing to say, and the schedule says nothing then."""
    SKIPPED = "skipped"
    """Lockstep stood still for more than half the period; the next one says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest goes where. `place`: a Slack channel, or a Slack user id for their direct message. `weekdays`: 0 is
    Monday; at least one. `at`: local time in `tz`. `silent_when_empty`: nothing is said where there is nothing to
    say. `version` grows with each edit. `removed_at`: it is listed no more."""

    id: str
    kind: DigestKind
    place: str
    weekdays: tuple[int, ...]
    at: time
    tz: str
    is_on: bool = True
    silent_when_empty: bool = False
    closing_line: bool = True
    version: int = 1
    made_by: str
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One period of one schedule, settled: there is at most one of each. It tells of what happened from `from_at`
    until just before `until_at`. `late_s`: seconds after its time, None: in time."""

    id: str
    schedule_id: str
    period: date
    """The local date it belongs to."""
    state: DigestState
    due_at: datetime
    from_at: datetime
    until_at: datetime
    made_at: datetime
    late_s: int | None = None
