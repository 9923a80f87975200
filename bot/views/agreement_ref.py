"""What the controls of the agreement carry: a version, and a page of it. Whatever comes back is untrusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.agreement_data import Section
from bot.errors import NotFound
from bot.views.ids import ID_MAX, PAGE_MAX

OVERVIEW = "overview"
"""The first page of the agreement's window: where it stands, and its sections."""
CURRENT = "current"
"""Stands for the id of the version in force, whichever that is when it is pressed."""
UNREADABLE = "I cannot read this button any more. Please open the agreement again with /lockstep agreement."


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRef:
    """A version of the agreement, and one of its sections; None: the overview. `listed`: its changes or one's draft.
    `page` of the section or the list, counted from 0."""

    agreement_id: str
    section: Section | None = None
    listed: Listed | None = None
    page: int = 0

    @property
    def version_id(self) -> str | None:
        """None: the one in force."""
        return None if self.agreement_id == CURRENT else self.agreement_id


class Listed(StrEnum):
    """What is listed line by line."""

    CHANGES = "changes"
    DRAFT = "draft"


def term_value(agreement_id: str, place: Section | Listed | None = None, page: int = 0) -> str:
    """The value of a control (ActionId.AGREEMENT_TERM) that opens this version at this section: `ID.windows`, on a
    later page of it `ID.windows.2`.

    A running handoff keeps its terms: give its `agreement_id`, and its reader sees what holds for it. Where nothing
    runs, CURRENT.
    """
    return f"{agreement_id}.{place or OVERVIEW}" + (f".{page}" if page else "")


def read_term_value(text: str) -> TermRef:
    """The version and section a control names. Raises NotFound for anything `term_value` never made."""
    agreement_id, dot, rest = text.partition(".")
    place, _, number = rest.partition(".")
    if not dot or not _is_id(agreement_id) or not _is_page(number):
        raise NotFound(UNREADABLE)
    page = min(int(number or 0), PAGE_MAX)
    if place == OVERVIEW:
        return TermRef(agreement_id=agreement_id)
    if place in list(Listed):
        return TermRef(agreement_id=agreement_id, listed=Listed(place), page=page)
    if place not in list(Section):
        raise NotFound(UNREADABLE)
    return TermRef(agreement_id=agreement_id, section=Section(place), page=page)


def _is_page(text: str) -> bool:
    return not text or (len(text) <= 6 and text.isascii() and text.isdigit())


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_MAX and text.isascii() and text.replace("-", "").isalnum()
