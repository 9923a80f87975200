"""What a rep logs about an accepted lead, and what each entry must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.money import is_amount
from bot.domain.reasons import FollowUp, Reason, WinReason
from bot.errors import FormError

LATEST_DATE = timedelta(days=366)
LONGEST_TEXT = 1000
"""Characters of a note or an answer."""
BY_CRM = "crm"
"""In `by`: the CRM said so, and what people logged after it builds on that."""
BY_BEFORE = "before"
"""In `by`: it was so when the lead came to this owner; whoever had it before logged it."""
NOT_LOGGED = frozenset({BY_CRM, BY_BEFORE})
"""What stands in a history without that its owner logged it: it is not theirs to correct, and no order is refused."""


class Attempt(StrEnum):
    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"
    NO_ANSWER = "no_answer"
    """Tried, and nobody answered: what the reminder's button says."""


class Kind(StrEnum):
    ATTEMPT = "attempt"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    GIVEN_BACK = "given_back"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was logged. `by` is a person's id, or one of NOT_LOGGED. `reason` is a code of the agreement;
    `come_back_on` is a local date.

    `amount` has at most two decimals; `currency` is ISO 4217, None: the teams' own. `note` and `answer` are untrusted.
    """

    kind: Kind
    at: datetime
    by: str
    attempt: Attempt | None = None
    reason: str | None = None
    answer: str | None = None
    """What the reason asked."""
    come_back_on: date | None = None
    amount: Decimal | None = None
    currency: str | None = None
    expected_close: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An entry of a handoff's history. `place` orders it: a correction takes one out and puts another in its place,
    so that what was there before is kept, with who took it out and when.

    `for_id` is the absent manager in whose place `outcome.by` logged it; `event_id` the event of it.
    """

    id: str
    handoff_id: str
    lead_id: str
    place: str
    outcome: Outcome
    logged_at: datetime
    for_id: str | None = None
    event_id: str | None = None
    taken_out_at: datetime | None = None
    taken_out_by: str | None = None


SETS_STAGE = frozenset({Kind.QUALIFIED, Kind.OPPORTUNITY, Kind.WON, Kind.LOST, Kind.DISQUALIFIED, Kind.GIVEN_BACK})
"""What says which stage the lead is in."""


def check(
    outcome: Outcome, today: date, *, disqualify: Sequence[Reason], loss: Sequence[Reason], win: Sequence[WinReason]
) -> None:
    """The entry holds what its kind needs. The reasons are those that can be chosen now; `today` is the local date of
    whoever logs it. Raises FormError by field: attempt, reason, answer, come_back_on, amount, expected_close, note."""
    _check_length(outcome)
    match outcome.kind:
        case Kind.ATTEMPT if outcome.attempt is None:
            raise FormError({"attempt": "Say how you tried: call, mail, meeting, or no answer."})
        case Kind.DISQUALIFIED:
            _check_reason(outcome, disqualify, today)
        case Kind.LOST:
            _check_reason(outcome, loss, today)
        case Kind.GIVEN_BACK if not (outcome.note or "").strip():
            raise FormError({"note": "Say why in a few words: the next rep will read it."})
        case Kind.OPPORTUNITY:
            _check_opportunity(outcome, today)
        case Kind.WON:
            _check_won(outcome, win)


def _check_length(outcome: Outcome) -> None:
    texts = {"answer": outcome.answer, "note": outcome.note}
    errors = {
        field: f"Keep it under {LONGEST_TEXT} characters; this has {len(text)}."
        for field, text in texts.items()
        if text is not None and len(text) > LONGEST_TEXT
    }
    if errors:
        raise FormError(errors)


def _check_reason(outcome: Outcome, reasons: Sequence[Reason], today: date) -> None:
    reason = reason_of(reasons, outcome.reason)
    if reason is None:
        raise FormError({"reason": "Choose one of the reasons."})
    errors = {}
    needs_date = reason.ask is FollowUp.DATE and reason.required
    if needs_date and outcome.come_back_on is None:
        errors["come_back_on"] = "Choose the day it should come back."
    if outcome.come_back_on is not None and not today < outcome.come_back_on <= today + LATEST_DATE:
        errors["come_back_on"] = "Choose a day after today and within a year: it comes back that morning."
    if reason.required and reason.ask is not FollowUp.DATE and not (outcome.answer or "").strip():
        errors["answer"] = f"{reason.question} Please answer this in a few words."
    if errors:
        raise FormError(errors)


def _check_opportunity(outcome: Outcome, today: date) -> None:
    errors = {}
    if outcome.amount is None or not is_amount(outcome.amount):
        errors["amount"] = "Write the amount as a number above zero, such as 12000 or 12000.50."
    if outcome.expected_close is None or outcome.expected_close < today:
        errors["expected_close"] = "Choose the day you expect to close it: today or later."
    if errors:
        raise FormError(errors)


def _check_won(outcome: Outcome, reasons: Sequence[WinReason]) -> None:
    if outcome.reason not in {reason.code for reason in reasons}:
        raise FormError({"reason": "Choose one of the reasons."})
    if outcome.amount is not None and not is_amount(outcome.amount):
        raise FormError({"amount": "Write the amount as a number above zero, such as 12000 or 12000.50."})


def reason_of(reasons: Sequence[Reason], code: str | None) -> Reason | None:
    """The one of `reasons` with this code."""
    return next((reason for reason in reasons if reason.code == code), None)
