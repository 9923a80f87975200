"""A window that runs for somebody, as it is stored: for what, whose, how much of it has passed, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ladder import Countdown, Step


class CountdownKind(StrEnum):
    ACCEPT = "accept"
    """To accept or reject an offer. subject_id: the handoff."""
    FIRST_CONTACT = "first_contact"
    """To try to reach an accepted lead, and again after each attempt that reached nobody. subject_id: the handoff."""
    ANSWER_REJECT = "answer_reject"
    """For marketing to answer a reject that counts against it. subject_id: the rejected handoff."""
    SETTLE = "settle"
    """For the two managers to settle a dispute. subject_id: the dispute."""
    ANSWER_NOTE = "answer_note"
    """For marketing to answer a field note. subject_id: the note."""

    @property
    def is_told_in_briefs(self) -> bool:
        """Whether nothing of it is said at once: what is reminded, and that it ran out, are lines of briefs."""
        return self is CountdownKind.ANSWER_NOTE


class Result(StrEnum):
    MET = "met"
    """Done within the window."""
    MISSED = "missed"
    """Done after it, or never."""
    VOID = "void"
    """Nothing was left to be done: in no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One countdown. It runs on the calendar of `owner_id`, else on that of `team_id` (a pool), else, with neither, on
    the default calendar. `due_at` is when the window ends on the calendar of now; None: there is no working time to
    come. `step` is the last one taken. Both ends are set together."""

    id: str
    kind: CountdownKind
    subject_id: str
    agreement_id: str
    """Whose ladder it runs under: enforced or trial is that agreement's matter."""
    lead_id: str | None = None
    owner_id: str | None = None
    team_id: str | None = None
    window: timedelta
    counted: timedelta = timedelta(0)
    since: datetime
    due_at: datetime | None = None
    step: Step | None = None
    snoozed_until: datetime | None = None
    started_at: datetime
    ended_at: datetime | None = None
    result: Result | None = None

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def countdown(self) -> Countdown:
        """What the rules of the ladder reckon with."""
        return Countdown(window=self.window, since=self.since, counted=self.counted)
