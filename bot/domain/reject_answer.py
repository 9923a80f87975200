"""A reject that counts against marketing, and what marketing answers: who is asked, by when, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.dispute import Ruling
from bot.domain.recycling import RejectAnswer


class AnswerState(StrEnum):
    WAITING = "waiting"
    FIXED = "fixed"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    VOID = "void"
    """The person was erased: there is nothing left to answer."""


class Asked(StrEnum):
    """Who has heard so far that the answer is due, in their order; each has the agreed window."""

    MARKETER = "marketer"
    MANAGER = "manager"
    """Marketing's manager, once the marketer's window ran out."""
    ABOVE = "above"
    """That manager's manager, else the arbiter, once that ran out, too. After this it stays listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerToReject:
    """One rejected handoff whose reason counts against marketing. Nobody's silence is an answer: it stays WAITING.

    `asked_id` is whose campaign it is; None: nobody's. `missed_at`: when their window ran out without an answer.
    `said` is what changed (FIXED), or what was said with the answer: untrusted. `ruling`: of its dispute.
    """

    handoff_id: str
    lead_id: str
    campaign_id: str | None = None
    reason: str
    asked_id: str | None = None
    asked_at: datetime
    asked: Asked = Asked.MARKETER
    missed_at: datetime | None = None
    state: AnswerState = AnswerState.WAITING
    answered_by: str | None = None
    answered_at: datetime | None = None
    said: str = ""
    ruling: Ruling | None = None

    @property
    def given(self) -> RejectAnswer | None:
        """The answer that was given; None while it waits."""
        return RejectAnswer(self.state.value) if self.state in _GIVEN else None

    @property
    def is_waiting(self) -> bool:
        return self.state is AnswerState.WAITING


_GIVEN = (AnswerState.FIXED, AnswerState.ACCEPTED, AnswerState.DISPUTED)


def next_asked(asked: Asked) -> Asked | None:
    """Who hears next after a window ran out; None: nobody else, it stays listed."""
    steps = list(Asked)
    following = steps[steps.index(asked) + 1 :]
    return following[0] if following else None
