"""What is wrong with a routing rule as somebody wrote it: the same for the file and for the form."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from bot.domain.lead import Priority
from bot.domain.matching import FIELDS, FURTHER, Condition, Operator

NAME_MAX = 100
FIELD_MAX = len(FURTHER) + 100
"""Names of further values have at most 100 characters."""
VALUE_MAX = 2000

WITHOUT_VALUE = frozenset({Operator.PRESENT, Operator.MISSING, Operator.ANY})
"""These compare with nothing."""
_NUMBERS = frozenset({Operator.AT_LEAST, Operator.AT_MOST})
_WHOLE = frozenset({Operator.IS, Operator.IS_NOT, Operator.ONE_OF})


def check_rule(name: str, condition: Condition) -> dict[str, str]:
    """By field (name, field, value) what is wrong and how to mend it, as the rest of a sentence; empty when the rule
    can be put in force."""
    found = {"name": _name(name), "field": _field(condition), "value": _value(condition)}
    return {field: sentence for field, sentence in found.items() if sentence}


def _name(name: str) -> str | None:
    if not name.strip():
        return "is missing"
    if len(name) > NAME_MAX:
        return f"has {len(name)} characters; at most {NAME_MAX} fit"
    return None


def _field(condition: Condition) -> str | None:
    field = condition.field
    if not field:
        return None if condition.operator is Operator.ANY else "is missing"
    if len(field) > FIELD_MAX:
        return f"has {len(field)} characters; at most {FIELD_MAX} fit"
    if field not in FIELDS and not (field.startswith(FURTHER) and field.removeprefix(FURTHER).strip()):
        return f"{field} is no field; choose of {', '.join(FIELDS)} or {FURTHER}NAME"
    return None


def _value(condition: Condition) -> str | None:
    operator, value = condition.operator, condition.value.strip()
    if operator in WITHOUT_VALUE:
        return None
    if len(value) > VALUE_MAX:
        return f"has {len(value)} characters; at most {VALUE_MAX} fit"
    parts = [part.strip() for part in value.split(",")] if operator is Operator.ONE_OF else [value]
    if not any(parts):
        return (
            "is missing; to ask whether a lead has any value at all,"
            " choose “is given” or “is missing” (in a file: present, missing)"
        )
    if operator in _NUMBERS and not _is_number(value):
        return (
            f"{value} is no number,"
            " and “is at least” and “is at most” (in a file: at_least, at_most) compare numbers; write for example 50"
        )
    if condition.field == "priority" and operator in _WHOLE:
        wrong = [part for part in parts if part and part.casefold() not in set(Priority)]
        if wrong:
            return f"{', '.join(wrong)} is no priority; there is {', '.join(Priority)}"
    return None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
