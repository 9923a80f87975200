"""What marketing answers to a reject, and how often a recycled lead comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.agreement import Terms
from bot.domain.lead import Stage


class RejectAnswer(StrEnum):
    """Marketing's answer to a reject that counts against it."""

    FIXED = "fixed"
    """The lead was mended, what changed is said, and it is handed over again."""
    ACCEPTED = "accepted"
    """The reason is right."""
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One earlier reject of a lead. `said_so`: the rep asked for it to come back to them."""

    rep_id: str
    said_so: bool = False


def may_answer(
    answer: RejectAnswer, *, counts: bool, answered: RejectAnswer | None, stage: Stage, what_changed: str = ""
) -> str | None:
    """None where marketing can give this answer to a reject, else the sentence that refuses.

    `counts`: whether the reject counts against marketing; `answered`: what was answered before; `stage`: the lead's.
    """
    if not counts:
        return "This reject does not count against marketing: there is nothing to answer."
    if answered is not None:
        return f"This reject is answered already: {answered.value}."
    if answer is RejectAnswer.FIXED:
        if stage in (Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.WON):
            return "This lead is with sales again: there is nothing to send."
        if stage is Stage.MERGED:
            return "This lead was merged with another: mend that one."
        if not what_changed.strip():
            return "Say what changed: the rep who gets it next will read it."
    return None


def comes_back(terms: Terms, times_recycled: int) -> bool:
    """Whether a lead that came back by itself `times_recycled` times does so once more on its date."""
    return times_recycled < terms.recycles_at_most


def not_offered_to(refusals: Iterable[Refusal]) -> frozenset[str]:
    """Who is passed over when a recycled lead comes back: every rep who refused it without asking for it again. Their
    last word counts."""
    last = {refusal.rep_id: refusal.said_so for refusal in refusals}
    return frozenset(rep_id for rep_id, said_so in last.items() if not said_so)
