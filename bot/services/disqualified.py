"""Why a lead that sales had accepted was no good after all, as marketing reads it."""

from __future__ import annotations

from bot.domain.handoff import Handoff, Status
from bot.domain.local_time import spoken
from bot.domain.outcome import Kind, Outcome
from storage.transaction import Transaction


def disqualification(tx: Transaction, handoff: Handoff) -> Outcome | None:
    """The disqualification that was logged last, also when it was taken back since; None when none ever was."""
    if handoff.status is not Status.ACCEPTED:
        return None
    logged = [one.outcome for one in tx.outcomes.ever(handoff.id) if one.outcome.kind is Kind.DISQUALIFIED]
    return logged[-1] if logged else None


def answer_of(outcome: Outcome | None) -> str | None:
    """The answer to what the reason asked, as text. Untrusted."""
    if outcome is None:
        return None
    return spoken(outcome.come_back_on) if outcome.come_back_on is not None else outcome.answer


def note_of(outcome: Outcome | None) -> str | None:
    return None if outcome is None else outcome.note
