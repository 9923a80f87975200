"""Conditions on a lead's fields: the same small language in routing rules and in the agreement's criteria."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.domain.config import BY_HAND_PREFIX
from bot.domain.countries import country_code
from bot.domain.lead import Lead

FIELDS = (
    "source",
    "email",
    "domain",
    "name",
    "company",
    "title",
    "phone",
    "country",
    "origin",
    "campaign",
    "score",
    "touches",
    "priority",
    "summary",
)
"""A lead's own fields a condition may name; `fields.KEY` names one of its further key-values."""
FURTHER = "fields."
"""Begins the name of one of the lead's further key-values."""


IMPERSONAL = frozenset({"source", "company", "title", "country", "origin", "campaign", "score", "touches", "priority"})


def is_personal(field: str) -> bool:
    """Whether a value of `field` may tell who the lead is; of a field we do not know, it may."""
    return field not in IMPERSONAL


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    PRESENT = "present"
    MISSING = "missing"
    ANY = "any"
    """Always true: the last rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`field` `operator` `value`; `value` of ONE_OF is a comma-separated list. Text compares without case, and
    countries are alike whether they are written as code (DE), in English or in their own language."""

    field: str
    operator: Operator
    value: str = ""


def value_of(lead: Lead, field: str) -> str:
    """The lead's value of `field` as text, "" when it has none. `domain` is the part of the e-mail after @."""
    if field.startswith(FURTHER):
        return lead.fields.get(field.removeprefix(FURTHER), "")
    if field == "domain":
        return (lead.email or "").rpartition("@")[2]
    if field == "campaign":
        key = lead.campaign_key or ""
        return "" if key.startswith(BY_HAND_PREFIX) else key
    value = getattr(lead, field, None) if field in FIELDS else None
    return "" if value is None else str(value)


def matches(condition: Condition, lead: Lead) -> bool:  # noqa: PLR0911 - one line an operator
    """Whether `lead` meets `condition`. A missing value meets only MISSING, IS_NOT and ANY."""
    found = value_of(lead, condition.field).strip().casefold()
    wanted = condition.value.strip().casefold()
    same = _same_country if condition.field == "country" else str.__eq__
    match condition.operator:
        case Operator.ANY:
            return True
        case Operator.PRESENT:
            return found != ""
        case Operator.MISSING:
            return found == ""
        case Operator.IS_NOT:
            return not same(found, wanted)
        case _ if found == "":
            return False
        case Operator.IS:
            return same(found, wanted)
        case Operator.ONE_OF:
            return any(same(found, part.strip()) for part in wanted.split(","))
        case Operator.CONTAINS:
            return wanted in found
        case Operator.STARTS_WITH:
            return found.startswith(wanted)
        case Operator.ENDS_WITH:
            return found.endswith(wanted)
        case Operator.AT_LEAST:
            return _compare(found, wanted, at_least=True)
        case Operator.AT_MOST:
            return _compare(found, wanted, at_least=False)


def unknown_countries(condition: Condition) -> tuple[str, ...]:
    """What a condition on the country names that is no country we know: it is compared letter by letter."""
    if condition.field != "country" or condition.operator not in (Operator.IS, Operator.IS_NOT, Operator.ONE_OF):
        return ()
    parts = condition.value.split(",") if condition.operator is Operator.ONE_OF else [condition.value]
    return tuple(part.strip() for part in parts if part.strip() and country_code(part.strip()) is None)


def _same_country(one: str, other: str) -> bool:
    return one == other or (country_code(one) is not None and country_code(one) == country_code(other))


def _compare(found: str, wanted: str, *, at_least: bool) -> bool:
    try:
        left, right = Decimal(found), Decimal(wanted)
    except InvalidOperation:
        return False
    if left.is_nan() or right.is_nan():
        return False
    return left >= right if at_least else left <= right
