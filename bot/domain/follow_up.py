"""After Accept: what a rep logs about a lead, in an order that can have happened, and when they are asked again.

The history of a lead's outcomes is the truth; its progress is what they come to. A correction changes the history, and
holds only if the rest of it can still have happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain.agreement import Terms
from bot.domain.business_time import Calendar, add_working_time
from bot.domain.lead import Priority, Stage
from bot.domain.outcome import NOT_LOGGED, Attempt, Kind, Outcome, check, reason_of
from bot.domain.reasons import Reason, Then
from bot.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where an accepted lead stands. `stage` is what the lead's becomes; `has_ended` with the rep's ownership."""

    accepted_at: datetime
    stage: Stage = Stage.SAL
    attempts: int = 0
    last_attempt: Attempt | None = None
    last_attempt_at: datetime | None = None
    contacted_at: datetime | None = None
    qualified_at: datetime | None = None
    last_at: datetime
    come_back_on: date | None = None
    amount: Decimal | None = None
    currency: str | None = None
    reason: str | None = None
    """The code of why it ended."""
    expected_close: date | None = None
    has_ended: bool = False
    first_touch_at: datetime | None = None
    """The first attempt or contact: what ends the window to the first contact."""


def accepted(at: datetime) -> Progress:
    """A lead that was just accepted: nobody has tried to reach it."""
    return Progress(accepted_at=at, last_at=at)


def log(progress: Progress, outcome: Outcome, terms: Terms, today: date) -> Progress:
    """Where the lead stands after `outcome`. `today` is the local date of whoever logs it.

    Raises Refused with a sentence for what cannot have happened in this order, FormError as `check`.
    """
    _refuse_impossible(progress, outcome, terms)
    check(
        outcome,
        today,
        disqualify=disqualify_reasons(progress, terms),
        loss=terms.loss_reasons,
        win=terms.win_reasons,
    )
    return after(progress, outcome, terms)


def replay(accepted_at: datetime, outcomes: Sequence[Outcome], terms: Terms) -> Progress:
    """Where a lead stands after all `outcomes`, in the order they were logged. Raises Refused for an order that cannot
    have happened; what they hold was checked when they were logged."""
    progress = accepted(accepted_at)
    for outcome in outcomes:
        if outcome.by not in NOT_LOGGED:
            _refuse_impossible(progress, outcome, terms)
        progress = after(progress, outcome, terms)
    return progress


def corrected(
    accepted_at: datetime, outcomes: Sequence[Outcome], index: int, by: Outcome | None, terms: Terms, today: date
) -> tuple[tuple[Outcome, ...], Progress]:
    """The history with the outcome at `index` replaced, or taken out (`by` None), and where the lead then stands.

    Raises Refused when the rest can then not have happened, FormError as `log`, IndexError when there is no such one.
    """
    _ = outcomes[index]
    before = replay(accepted_at, outcomes[:index], terms)
    middle = () if by is None else (by,)
    if by is not None:
        log(before, by, terms, today)
    history = (*outcomes[:index], *middle, *outcomes[index + 1 :])
    try:
        return history, replay(accepted_at, history, terms)
    except Refused as refused:
        raise Refused(
            f"That would not fit what was logged after it. {refused} Correct the later entry first."
        ) from None


def disqualify_reasons(progress: Progress, terms: Terms) -> tuple[Reason, ...]:
    """The reasons that can be chosen now: after contact those of a lead that was reached; without, after the agreed
    attempts, those of one that was not; none before either."""
    if progress.contacted_at is not None:
        return tuple(reason for reason in terms.disqualify_reasons if not reason.unreached)
    return terms.disqualify_reasons if progress.attempts >= terms.attempts else ()


def refusal(progress: Progress, kind: Kind, terms: Terms, now: datetime) -> str | None:
    """None where this can be logged now, else the sentence that says why not."""
    try:
        _refuse_impossible(progress, Outcome(kind=kind, at=max(now, progress.accepted_at), by=""), terms)
    except Refused as refused:
        return str(refused)
    return None


def ask_again_at(
    progress: Progress, terms: Terms, priority: Priority, source: str, calendar: Calendar
) -> datetime | None:
    """When the rep is asked "Reached them?": when the window to the first contact ends, then after each attempt that
    reached nobody. None once they are reached, the lead has ended, or there is no working time to come."""
    if progress.has_ended or progress.contacted_at is not None or progress.stage is not Stage.SAL:
        return None
    if progress.last_attempt_at is None:
        return add_working_time(calendar, progress.accepted_at, terms.first_contact_window(priority, source))
    return add_working_time(calendar, progress.last_attempt_at, timedelta(minutes=terms.follow_up_minutes))


def is_leaking(
    progress: Progress, terms: Terms, priority: Priority, source: str, calendar: Calendar, now: datetime
) -> bool:
    """Accepted, and nobody has touched it within the window to the first contact."""
    if progress.first_touch_at is not None or progress.has_ended or progress.stage is not Stage.SAL:
        return False
    due = add_working_time(calendar, progress.accepted_at, terms.first_contact_window(priority, source))
    return due is not None and due <= now


def _refuse_impossible(progress: Progress, outcome: Outcome, terms: Terms) -> None:
    kind, stage = outcome.kind, progress.stage
    if outcome.at < progress.accepted_at:
        raise Refused("That would be before the lead was accepted.")
    if progress.has_ended:
        raise Refused(f"Nothing more can be logged: this lead {_HOW_ENDED.get(stage, 'is not yours any more')}.")
    worked = stage in (Stage.SQL, Stage.OPPORTUNITY)
    if kind in (Kind.ATTEMPT, Kind.CONTACTED):
        return
    if kind is Kind.QUALIFIED and worked:
        raise Refused("This lead is qualified already.")
    if kind is Kind.QUALIFIED and progress.contacted_at is None:
        raise Refused("Log the contact first: a lead is qualified in conversation.")
    if kind is Kind.DISQUALIFIED and worked:
        raise Refused("This lead is qualified: log it as lost instead, with the reason.")
    if kind is Kind.DISQUALIFIED and not disqualify_reasons(progress, terms):
        left = terms.attempts - progress.attempts
        raise Refused(
            f"A lead is disqualified after contact, or after {terms.attempts} attempts: log the contact, "
            f"or {left} more {'attempt' if left == 1 else 'attempts'}, or give it back."
        )
    if kind is Kind.GIVEN_BACK and worked:
        raise Refused("This lead is qualified: ask your manager to reassign it, or log it as lost.")
    if kind is Kind.OPPORTUNITY and stage is Stage.OPPORTUNITY:
        raise Refused("There is an opportunity for this lead already: correct that one.")
    if kind in (Kind.OPPORTUNITY, Kind.WON, Kind.LOST) and not worked:
        instead = " To end it without, disqualify it or give it back." if kind is Kind.LOST else ""
        raise Refused(f"Log it as qualified first.{instead}")


_HOW_ENDED = {
    Stage.WON: "is won",
    Stage.LOST: "is lost",
    Stage.RECYCLED: "is back with marketing",
    Stage.CLOSED: "is closed",
    Stage.MQL: "was given back",
}


def after(progress: Progress, outcome: Outcome, terms: Terms) -> Progress:
    """Where a lead stands once `outcome` counts, whether or not it could have happened."""
    at = outcome.at
    first_touch = min(at, progress.first_touch_at or at)
    moved = replace(progress, last_at=max(progress.last_at, at))
    match outcome.kind:
        case Kind.ATTEMPT:
            last = max(at, moved.last_attempt_at or at)
            latest = outcome.attempt if last == at else moved.last_attempt
            return replace(
                moved,
                attempts=moved.attempts + 1,
                last_attempt=latest,
                last_attempt_at=last,
                first_touch_at=first_touch,
            )
        case Kind.CONTACTED:
            return replace(moved, contacted_at=moved.contacted_at or at, first_touch_at=first_touch)
        case Kind.QUALIFIED:
            # The CRM says so without a contact before it.
            contacted = moved.contacted_at or at
            return replace(_goes_on(moved), stage=Stage.SQL, qualified_at=at, contacted_at=contacted)
        case Kind.DISQUALIFIED:
            reason = reason_of(terms.disqualify_reasons, outcome.reason)
            closes = reason is not None and reason.then is Then.CLOSE
            stage = Stage.CLOSED if closes else Stage.RECYCLED
            return replace(_ended(moved, outcome), stage=stage)
        case Kind.GIVEN_BACK:
            return replace(moved, stage=Stage.MQL, has_ended=True)
        case Kind.OPPORTUNITY:
            return replace(
                _with_deal(_goes_on(moved), outcome), stage=Stage.OPPORTUNITY, contacted_at=moved.contacted_at or at
            )
        case Kind.WON:
            return replace(_ended(_with_deal(moved, outcome), outcome), stage=Stage.WON)
        case Kind.LOST:
            return replace(_ended(moved, outcome), stage=Stage.LOST)


def _ended(progress: Progress, outcome: Outcome) -> Progress:
    return replace(progress, has_ended=True, reason=outcome.reason, come_back_on=outcome.come_back_on)


def _goes_on(progress: Progress) -> Progress:
    """What had ended goes on, as the CRM may say: why it ended, and until when, holds no more."""
    return replace(progress, has_ended=False, reason=None, come_back_on=None)


def _with_deal(progress: Progress, outcome: Outcome) -> Progress:
    """Of a deal that was won what it came to counts, and as far as that was not said what was expected."""
    return replace(
        progress,
        amount=outcome.amount or progress.amount,
        currency=outcome.currency if outcome.amount else progress.currency,
        expected_close=outcome.expected_close or progress.expected_close,
    )
