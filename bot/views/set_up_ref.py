"""What the windows of set-up carry: which thing a form is about, how it looked, and which page lies under it.

Whatever comes back is untrusted: the use case looks the thing up again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound
from bot.views.blocks import Block, Element, actions, button
from bot.views.ids import PAGE_MAX, ActionId


class SetUpBlock(StrEnum):
    """The inputs of the forms of set-up, beside those of BlockId. The names are those of FormError's fields."""

    FIELD = "field"
    FURTHER = "further"
    """The name of one of a lead's further values."""
    OPERATOR = "operator"
    VALUE = "value"
    TO = "to"
    """Who gets a lead by a rule."""
    PLACE = "place"
    """Where a rule stands, from 1."""
    SOURCE = "source"
    SCORE = "score"
    MORE = "more"
    """Everything else of a lead that is tried."""
    KEY = "key"
    OWNER = "owner"
    """Who hears what becomes of a campaign's leads."""
    LABEL = "label"
    THEN = "then"
    ASK = "ask"
    QUESTION = "question"
    REQUIRED = "required"
    COUNTS = "counts"


PAGE = 20
"""Rows of one page of a list; Slack takes 100 blocks."""
LONGEST = 100
_UNREADABLE = "I cannot read this form any more. Please open it again from my Home tab."


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpRef:
    """`thing`: the id, key or code of what it is about, "" for a new one; `seen`: the mark of how it looked;
    `page`: of the list, from 0."""

    thing: str = ""
    seen: str = ""
    page: int = 0


def ref_metadata(*, thing: str = "", seen: str = "", page: int = 0) -> str:
    """The private metadata of a window, JSON."""
    return json.dumps({"thing": thing, "seen": seen, "page": page}, separators=(",", ":"))


def read_ref(text: str) -> SetUpRef:
    """What a window is about. Raises NotFound for anything `ref_metadata` never made."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotFound(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise NotFound(_UNREADABLE)
    thing, seen, page = found.get("thing"), found.get("seen"), found.get("page")
    if not isinstance(thing, str) or not isinstance(seen, str) or max(len(thing), len(seen)) > LONGEST:
        raise NotFound(_UNREADABLE)
    if not isinstance(page, int) or isinstance(page, bool) or not 0 <= page <= PAGE_MAX:
        raise NotFound(_UNREADABLE)
    return SetUpRef(thing=thing, seen=seen, page=page)


def page_of(metadata: str) -> int:
    """The page a list shows; 0 where it cannot be read, and where there is no list yet."""
    try:
        return read_ref(metadata).page
    except NotFound:
        return 0


def choice_value(word: str, thing: str) -> str:
    """The value of an option about a thing: `edit:ID`."""
    return f"{word}:{thing}"


def read_choice(text: str, words: Collection[str]) -> tuple[str, str]:
    """What an option asks for, and of which thing. Raises NotFound for anything else."""
    word, colon, thing = text.partition(":")
    if not colon or word not in words or not 0 < len(thing) <= LONGEST:
        raise NotFound(_UNREADABLE)
    return word, thing


def within(page: int, rows: Sequence[object]) -> int:
    """The page, or the last one there is."""
    return max(0, min(page, (len(rows) - 1) // PAGE))


def turn(which: str, page: int, rows: Sequence[object]) -> list[Block]:
    """The buttons that turn a page of a list; nothing where there is one page."""
    buttons: list[Element] = []
    if page > 0:
        buttons.append(button("Previous", ActionId.SET_UP_PAGE_BACK, choice_value(which, str(page - 1))))
    if (page + 1) * PAGE < len(rows):
        buttons.append(button("Next", ActionId.SET_UP_PAGE_ON, choice_value(which, str(page + 1))))
    return [actions(*buttons)] if buttons else []


def read_turn(text: str, lists: Collection[str]) -> tuple[str, int]:
    """Which page of which list a button turns to. Raises NotFound for anything else."""
    which, page = read_choice(text, lists)
    if not page.isascii() or not page.isdigit() or len(page) > len(str(PAGE_MAX)):
        raise NotFound(_UNREADABLE)
    return which, int(page)
