"""The terms of an agreement as JSON, in the agreement and in the copy each handoff keeps."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from bot.domain.agreement import Criterion, FollowUp, Reason, Terms, Then
from bot.domain.lead import Priority
from bot.domain.matching import Condition, Operator
from storage.rows import values_of


def terms_to_json(terms: Terms) -> dict[str, Any]:
    return {
        "criteria": [{"label": criterion.label, **values_of(criterion.condition)} for criterion in terms.criteria],
        "criteria_needed": terms.criteria_needed,
        "accept_minutes": dict(terms.accept_minutes),
        "reasons": [values_of(reason) for reason in terms.reasons],
        "undo_seconds": terms.undo_seconds,
    }


@lru_cache(maxsize=256)
def terms_from_text(text: str) -> Terms:
    """The terms of a row: read once, because thousands of handoffs run under the same few."""
    return _terms(json.loads(text))


def _terms(data: dict[str, Any]) -> Terms:
    return Terms(
        criteria=tuple(
            Criterion(
                label=criterion["label"],
                condition=Condition(
                    field=criterion["field"], operator=Operator(criterion["operator"]), value=criterion["value"]
                ),
            )
            for criterion in data["criteria"]
        ),
        criteria_needed=data["criteria_needed"],
        accept_minutes={Priority(name): minutes for name, minutes in data["accept_minutes"].items()},
        reasons=tuple(
            Reason(**(reason | {"then": Then(reason["then"]), "ask": FollowUp(reason["ask"])}))
            for reason in data["reasons"]
        ),
        undo_seconds=data["undo_seconds"],
    )
