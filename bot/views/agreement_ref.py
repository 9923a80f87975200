"""What the controls of the agreement carry: a version, and a section of it. Whatever comes back is untrusted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.agreement_data import Section
from bot.errors import NotFound
from bot.views.ids import ID_MAX

OVERVIEW = "overview"
"""The first page of the agreement's window: where it stands, and its sections."""
UNREADABLE = "I cannot read this button any more. Please open the agreement again with /lockstep agreement."


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRef:
    """A version of the agreement, and one of its sections; None: the overview."""

    agreement_id: str
    section: Section | None = None


def term_value(agreement_id: str, section: Section | None = None) -> str:
    """The value of a control (ActionId.AGREEMENT_TERM) that opens this version at this section: `ID.windows`.

    A running handoff keeps its terms: give its `agreement_id`, and its reader sees what holds for it.
    """
    return f"{agreement_id}.{section or OVERVIEW}"


def read_term_value(text: str) -> TermRef:
    """The version and section a control names. Raises NotFound for anything `term_value` never made."""
    agreement_id, dot, section = text.rpartition(".")
    if not dot or not _is_id(agreement_id):
        raise NotFound(UNREADABLE)
    if section == OVERVIEW:
        return TermRef(agreement_id=agreement_id)
    if section not in list(Section):
        raise NotFound(UNREADABLE)
    return TermRef(agreement_id=agreement_id, section=Section(section))


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_MAX and text.isascii() and text.replace("-", "").isalnum()
