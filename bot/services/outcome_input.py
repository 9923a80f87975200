"""What somebody filled in about a lead, read into an outcome. Every mistake is told at its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain import money
from bot.domain.criteria import criterion_named
from bot.domain.handoff import Handoff
from bot.domain.local_time import instant_of, local_date, parse_date, spoken
from bot.domain.outcome import Attempt, Kind, Outcome
from bot.errors import FormError

_CURRENCY = re.compile(r"[A-Z]{3}")


class When(StrEnum):
    """When it happened, in the zone of whoever logs it."""

    NOW = "now"
    TODAY = "today"
    YESTERDAY = "yesterday"
    EARLIER = "earlier"
    """On a day before."""
    KEEP = "keep"
    """When it was said to have happened before; for corrections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was filled in, as text; nothing of it is trusted. `at` is a local time, for TODAY, YESTERDAY and EARLIER,
    and `day` a local date, for EARLIER. Only what belongs to the kind is read."""

    kind: str
    when: str = When.NOW
    at: str | None = None
    day: str | None = None
    attempt: str | None = None
    reason: str | None = None
    answer: str | None = None
    come_back_on: str | None = None
    amount: str | None = None
    currency: str | None = None
    expected_close: str | None = None
    note: str | None = None
    again: bool = False
    """Of a lead that comes back: to the same rep."""


def read(filled: Filled, handoff: Handoff, *, by: str, tz: str, now: datetime, kept: datetime | None = None) -> Outcome:
    """The outcome as it was filled in. `tz` is the zone of whoever logs it, `kept` the instant of the entry that is
    corrected. Whether it can have happened is not looked at. Raises FormError by field."""
    if filled.kind not in list(Kind):
        raise FormError({"what": "Choose what happened."})
    kind = Kind(filled.kind)
    errors: dict[str, str] = {}
    found: dict[str, Any] = {}

    def take(field: str, reader: Callable[[], object]) -> None:
        try:
            found[field] = reader()
        except FormError as error:
            errors.update(error.fields)

    take("at", lambda: _instant(filled, handoff, tz, now, kept))
    take("note", lambda: (filled.note or "").strip() or None)
    for field, reader in _FIELDS[kind].items():
        take(field, lambda reader=reader: reader(filled))  # type: ignore[misc]
    if found.get("answer"):
        found["answer"] = criterion_named(handoff.terms, found["answer"]) or found["answer"]
    if errors:
        raise FormError(errors)
    return Outcome(kind=kind, by=by, **found)


def _instant(filled: Filled, handoff: Handoff, tz: str, now: datetime, kept: datetime | None) -> datetime:
    if filled.when == When.KEEP and kept is not None:
        return kept
    if filled.when not in (When.TODAY, When.YESTERDAY, When.EARLIER):
        return now
    day = _day_of(filled, local_date(now, tz))
    try:
        at = time.fromisoformat(filled.at or "")
    except ValueError:
        raise FormError({"at": "Choose the time at which it happened."}) from None
    instant = instant_of(day, at.replace(tzinfo=None), tz)
    if instant > now:
        field = "day" if filled.when == When.EARLIER and day > local_date(now, tz) else "at"
        raise FormError({field: "That is still to come: choose a time before now."})
    accepted_at = handoff.decided_at or handoff.offered_at
    if instant < accepted_at:
        # The minute of the accept is the earliest that can be chosen.
        if instant >= accepted_at - timedelta(minutes=1):
            return accepted_at
        accepted = spoken(local_date(accepted_at, tz))
        field = "day" if filled.when == When.EARLIER and day < local_date(accepted_at, tz) else "at"
        raise FormError({field: f"That would be before the lead was accepted, on {accepted}."})
    return instant


def _day_of(filled: Filled, today: date) -> date:
    if filled.when != When.EARLIER:
        return today - (timedelta(days=1) if filled.when == When.YESTERDAY else timedelta(0))
    day = parse_date(filled.day)
    if day is None:
        raise FormError({"day": "Choose the day on which it happened."})
    return day


def _attempt(filled: Filled) -> Attempt | None:
    return Attempt(filled.attempt) if filled.attempt in list(Attempt) else None


def _amount(filled: Filled) -> Decimal | None:
    text = (filled.amount or "").strip()
    if not text:
        return None
    amount = money.read_amount(text)
    if amount is None or not money.is_amount(amount):
        raise FormError({"amount": "Write the amount as a number above zero, such as 12000 or 12,000.50."})
    return amount


def _currency(filled: Filled) -> str | None:
    if not (filled.amount or "").strip() or not filled.currency:
        return None
    if not _CURRENCY.fullmatch(filled.currency):
        raise FormError({"currency": "Choose one of the currencies in the list."})
    return filled.currency


def _day(text: str | None, field: str) -> date | None:
    day = parse_date(text)
    if text and day is None:
        raise FormError({field: "Choose a day."})
    return day


_REASON: Mapping[str, Callable[[Filled], object]] = {
    "reason": lambda filled: filled.reason,
    "answer": lambda filled: (filled.answer or "").strip() or None,
    "come_back_on": lambda filled: _day(filled.come_back_on, "come_back_on"),
}
_FIELDS: Mapping[Kind, Mapping[str, Callable[[Filled], object]]] = {
    Kind.ATTEMPT: {"attempt": _attempt},
    Kind.CONTACTED: {},
    Kind.QUALIFIED: {},
    Kind.DISQUALIFIED: _REASON,
    Kind.GIVEN_BACK: {},
    Kind.OPPORTUNITY: {
        "amount": _amount,
        "currency": _currency,
        "expected_close": lambda filled: _day(filled.expected_close, "expected_close"),
    },
    Kind.WON: {"reason": lambda filled: filled.reason, "amount": _amount, "currency": _currency},
    Kind.LOST: _REASON,
}
