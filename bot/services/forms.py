"""What the forms of a handoff show, loaded from the present state."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.agreement import Reason
from bot.services.cards import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select: `value` is an id of ours, `label` is untrusted text."""

    value: str
    label: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectForm:
    """`people`: reps it can go to; `criteria`: what may not fit; `similar`: leads it may be the same as.
    `today` is the clicker's local date, ISO: a recycle date must be after it and at most `latest`."""

    handoff_id: str
    version: int
    lead_name: str
    company: str | None
    reasons: tuple[Reason, ...]
    people: tuple[Choice, ...]
    criteria: tuple[Choice, ...]
    similar: tuple[Choice, ...]
    today: str
    latest: str
    suggested_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignForm:
    handoff_id: str
    version: int
    lead_name: str
    company: str | None
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm:
    """Withdraw (reason required) or release (reason optional)."""

    handoff_id: str
    version: int
    lead_name: str
    company: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayForm:
    today: str
    tz: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    text: str
    at_iso: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about a lead its reader may see, with its history, newest first."""

    card: Card
    history: tuple[HistoryLine, ...]
