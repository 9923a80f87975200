"""An agreement as plain data: the shape of its TOML file, of its sections in Slack, and of what is compared."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from bot.domain.agreement import Criterion
from bot.domain.agreement_document import Definition, Document
from bot.domain.lead import Priority
from bot.domain.matching import Condition
from bot.domain.qualification import Segment
from bot.domain.reasons import FollowUp, Reason
from bot.domain.windows import ByPriority, spoken_minutes

Data = dict[str, Any]


class Section(StrEnum):
    """The sections of the agreement, in order: the keys of its file."""

    DEFINITIONS = "definitions"
    MQL = "mql"
    WINDOWS = "windows"
    LADDER = "ladder"
    FOLLOW_UP = "follow_up"
    OFFERS = "offers"
    REASONS = "reasons"
    CONTACTS = "contacts"
    RULES = "rules"
    DISAGREEMENTS = "disagreements"
    REVIEW = "review"


SECTIONS: dict[str, str] = {
    Section.DEFINITIONS: "What the words mean",
    Section.MQL: "When a lead is an MQL",
    Section.WINDOWS: "How long an answer may take",
    Section.LADDER: "What happens as a window runs out",
    Section.FOLLOW_UP: "Following up after Accept",
    Section.OFFERS: "Offers campaigns make",
    Section.REASONS: "Reasons",
    Section.CONTACTS: "Points of contact",
    Section.RULES: "Rules of engagement, and consequences",
    Section.DISAGREEMENTS: "How disagreements are settled",
    Section.REVIEW: "Review, and what would end it",
}
"""The sections in order, with their titles."""


def data_of(document: Document) -> Data:
    """`document` as tables, lists, text and numbers, with nothing left out; `read_document` reads it back.

    Windows are text such as `4 h`; a date is ISO text; what is not set is "" or an empty list.
    """
    terms = document.terms
    qualification = terms.qualification
    return {
        "definitions": {kind.value: _definition(each) for kind, each in document.definitions.items()},
        "mql": {
            "criteria_needed": terms.criteria_needed,
            "minimum_score": dict(qualification.minimum_score),
            "required_fields": list(qualification.required_fields),
            "excluded_domains": list(qualification.excluded_domains),
            "excluded_countries": list(qualification.excluded_countries),
            "criteria": [_criterion(each) for each in terms.criteria],
            "segments": [_segment(each) for each in qualification.segments],
        },
        "windows": {
            "accept": _windows(terms.accept_minutes),
            "first_contact": _windows(terms.first_contact_minutes),
            "source": {
                source: {"accept": _windows(own.accept), "first_contact": _windows(own.first_contact)}
                for source, own in terms.by_source.items()
            },
            "marketing": {
                "offer": _windows(terms.marketing.offer),
                "answer_reject": spoken_minutes(terms.marketing.answer_reject),
                "answer_note": spoken_minutes(terms.marketing.answer_note),
                "alert": spoken_minutes(terms.marketing.alert),
            },
        },
        "ladder": {
            "remind_percent": terms.ladder.remind_percent,
            "at_risk_percent": terms.ladder.at_risk_percent,
            "second_reminder_from": spoken_minutes(terms.ladder.second_reminder_from_minutes),
            "expired": [rung.value for rung in terms.ladder.rungs],
        },
        "follow_up": {
            "attempts": terms.attempts,
            "ask_again": spoken_minutes(terms.follow_up_minutes),
            "undo_seconds": terms.undo_seconds,
            "recycles_at_most": terms.recycles_at_most,
        },
        "offers": {"agreed": list(document.offers)},
        "reasons": {
            "reject": [_reason(each) for each in terms.reasons],
            "disqualify": [_reason(each, unreached=True) for each in terms.disqualify_reasons],
            "win": [{"code": each.code, "label": each.label} for each in terms.win_reasons],
            "loss": [_reason(each) for each in terms.loss_reasons],
        },
        "contacts": {
            side.value: [{"email": each.email, "about": each.about} for each in people]
            for side, people in document.contacts.items()
            if people
        },
        "rules": {"engagement": list(document.engagement), "consequences": list(document.consequences)},
        "disagreements": {
            "how": document.disagreements,
            "settle": spoken_minutes(terms.settle_minutes),
            "arbiter": document.arbiter or "",
        },
        "review": {
            "on": document.review_on.isoformat() if document.review_on else "",
            "every_days": document.review_every_days,
            "ends": list(document.ends),
        },
    }


def over(base: Data, given: Data) -> Data:
    """`given` laid over `base`: tables are joined, everything else in `given` replaces what was there.

    The tables whose keys are free (by source, by side) are replaced as a whole: else nothing could be taken away.
    """
    return _over(base, given, ())


def changed(base: Data, data: Data) -> Data:
    """The terms of `data` that `base` has not, or has otherwise: laid over `base` they make `data` of it, and over
    another agreement they leave everything else as it is there. A list is one term."""
    return _changed(base, data, ())


_REPLACED = {("mql", "minimum_score"), ("windows", "source"), ("contacts",)}


def _over(base: Data, given: Data, path: tuple[str, ...]) -> Data:
    joined = dict(base)
    for key, value in given.items():
        here = (*path, key)
        before = base.get(key)
        is_joined = isinstance(value, dict) and isinstance(before, dict) and here not in _REPLACED
        joined[key] = _over(before, value, here) if is_joined else value  # type: ignore[arg-type]
    return joined


def _changed(base: Data, data: Data, path: tuple[str, ...]) -> Data:
    found: Data = {}
    for key, value in data.items():
        here = (*path, key)
        before = base.get(key)
        if value == before:
            continue
        is_joined = isinstance(value, dict) and isinstance(before, dict) and here not in _REPLACED
        found[key] = _changed(before, value, here) if is_joined else value  # type: ignore[arg-type]
    return found


def _definition(definition: Definition) -> Data:
    return {
        "words": definition.words,
        "created_by": definition.created_by,
        "kept_in": definition.kept_in,
        "owned_by": definition.owned_by,
        "time_frame": definition.time_frame,
    }


def _condition(condition: Condition) -> Data:
    data = {"field": condition.field, "operator": condition.operator.value}
    return data | ({"value": condition.value} if condition.value else {})


def _criterion(criterion: Criterion) -> Data:
    return {"label": criterion.label, **_condition(criterion.condition)}


def _segment(segment: Segment) -> Data:
    return {"name": segment.name, "conditions": [_condition(each) for each in segment.conditions]}


def _windows(minutes: ByPriority) -> dict[str, str]:
    return {priority.value: spoken_minutes(minutes[priority]) for priority in Priority if priority in minutes}


def _reason(reason: Reason, *, unreached: bool = False) -> Data:
    data: Data = {"code": reason.code, "label": reason.label, "then": reason.then.value}
    if reason.ask is not FollowUp.NONE:
        data |= {"ask": reason.ask.value, "question": reason.question, "required": reason.required}
    data["counts_against_marketing"] = reason.counts_against_marketing
    return data | ({"unreached": reason.unreached} if unreached else {})
