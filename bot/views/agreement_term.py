"""One tap to a term of the agreement, wherever it is used: a button that opens the agreement at its section."""

from __future__ import annotations

from bot.domain.agreement_data import SECTIONS, Section
from bot.views.agreement_ref import CURRENT, term_value
from bot.views.blocks import Element, button
from bot.views.ids import ActionId


def term_button(section: Section, agreement_id: str = CURRENT) -> Element:
    """Opens the version a lead runs under, or the one in force, at `section`."""
    return button(
        "What was agreed", ActionId.AGREEMENT_TERM, term_value(agreement_id, section),
        accessibility_label=f"What was agreed: {SECTIONS[section]}",
    )  # fmt: skip
