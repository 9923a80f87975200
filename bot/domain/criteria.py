"""What a rep can say does not fit: the criteria of the agreement, as forms offer them."""

from __future__ import annotations

import zlib

from bot.domain.agreement import ABOUT_COMPANY, NOT_A_FIT, Terms

LONGEST_VALUE = 150
"""Characters Slack takes as the value of an option."""


def criteria_of(terms: Terms) -> tuple[str, ...]:
    """What may not fit: what is about the company first, then the agreement's other criteria, then anything else."""
    about = [one.label for one in terms.criteria if one.condition.field in ABOUT_COMPANY]
    others = [one.label for one in terms.criteria if one.condition.field not in ABOUT_COMPANY]
    return tuple(dict.fromkeys((*NOT_A_FIT[:-1], *about, *others, NOT_A_FIT[-1])))


def criterion_value(label: str) -> str:
    """What stands for a criterion in a form: its label, where Slack takes that as a value. An agreement may have been
    stored before labels had a limit."""
    if 0 < len(label) <= LONGEST_VALUE:
        return label
    return f"{label[: LONGEST_VALUE - 9]} {zlib.crc32(label.encode()):08x}"


def criterion_named(terms: Terms, value: str) -> str | None:
    """The criterion that a form means by `criterion_value`; None for what is none of them."""
    return next((label for label in criteria_of(terms) if criterion_value(label) == value), None)
