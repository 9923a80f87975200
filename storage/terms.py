"""The terms of an agreement as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from bot.domain.agreement import DEFAULT_TERMS, Criterion, Terms
from bot.domain.ladder import Ladder, Rung
from bot.domain.lead import Priority
from bot.domain.matching import Condition, Operator
from bot.domain.qualification import Qualification, Segment
from bot.domain.reasons import FollowUp, Reason, Then, WinReason
from bot.domain.windows import ByPriority, MarketingWindows, SourceWindows
from storage.rows import values_of

_REASONS = ("reasons", "disqualify_reasons", "loss_reasons")
_PLAIN = ("criteria_needed", "undo_seconds", "follow_up_minutes", "attempts", "recycles_at_most", "settle_minutes")


def terms_to_json(terms: Terms) -> dict[str, Any]:
    return {
        **{name: getattr(terms, name) for name in _PLAIN},
        "criteria": [{"label": criterion.label, **values_of(criterion.condition)} for criterion in terms.criteria],
        "qualification": asdict(terms.qualification),
        "accept_minutes": dict(terms.accept_minutes),
        "first_contact_minutes": dict(terms.first_contact_minutes),
        "by_source": {source: values_of(own) for source, own in terms.by_source.items()},
        "marketing": values_of(terms.marketing),
        "ladder": values_of(terms.ladder),
        **{name: [values_of(reason) for reason in getattr(terms, name)] for name in _REASONS},
        "win_reasons": [values_of(reason) for reason in terms.win_reasons],
    }


@lru_cache(maxsize=256)
def terms_from_text(text: str) -> Terms:
    """The terms of a row: read once, because there are few and each is asked for again and again.

    What they do not have, because they were written before there was such a term, is the shipped default.
    """
    return _terms(json.loads(text))


def _terms(data: dict[str, Any]) -> Terms:
    read: dict[str, Any] = {name: data[name] for name in _PLAIN if name in data}
    read |= {name: tuple(_reason(each) for each in data[name]) for name in _REASONS if name in data}
    for name, reader in _READERS.items():
        if name in data:
            read[name] = reader(data[name])
    return Terms(**(values_of(DEFAULT_TERMS) | read))


def _criterion(data: dict[str, Any]) -> Criterion:
    return Criterion(label=data["label"], condition=_condition(data))


def _condition(data: dict[str, Any]) -> Condition:
    return Condition(field=data["field"], operator=Operator(data["operator"]), value=data["value"])


def _reason(data: dict[str, Any]) -> Reason:
    return Reason(**(data | {"then": Then(data["then"]), "ask": FollowUp(data["ask"])}))


def _by_priority(data: dict[str, int]) -> ByPriority:
    return {Priority(name): minutes for name, minutes in data.items()}


def _qualification(data: dict[str, Any]) -> Qualification:
    lists = {name: tuple(data[name]) for name in ("required_fields", "excluded_domains", "excluded_countries")}
    segments = tuple(
        Segment(name=each["name"], conditions=tuple(_condition(condition) for condition in each["conditions"]))
        for each in data["segments"]
    )
    return Qualification(minimum_score=data["minimum_score"], segments=segments, **lists)


def _source(data: dict[str, Any]) -> SourceWindows:
    return SourceWindows(accept=_by_priority(data["accept"]), first_contact=_by_priority(data["first_contact"]))


_READERS: dict[str, Callable[[Any], object]] = {
    "criteria": lambda data: tuple(_criterion(each) for each in data),
    "qualification": _qualification,
    "accept_minutes": _by_priority,
    "first_contact_minutes": _by_priority,
    "by_source": lambda data: {source: _source(own) for source, own in data.items()},
    "marketing": lambda data: MarketingWindows(**(data | {"offer": _by_priority(data["offer"])})),
    "ladder": lambda data: Ladder(**(data | {"rungs": tuple(Rung(name) for name in data["rungs"])})),
    "win_reasons": lambda data: tuple(WinReason(**each) for each in data),
}
"""Readers of the terms that are more than a number or a list of reasons."""
