"""What the controls of Find carry. Whatever comes back is untrusted, as in ids.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound

_UNREADABLE = "I cannot read this window any more. Please press Find on Home again."
_LONGEST = 200
"""Characters of the words; escaped they are six times as many, and the window carries at most 3,000."""
_MOST_PAGES = 60
"""That Back goes back to."""
_PLACE_MAX = 2**53


class SearchAction(StrEnum):
    OPEN = "search.open"
    """Opens the window, of what its value looks for."""
    BACK = "search.back"
    ON = "search.on"
    """Older ones; carries the place of the last one shown."""


class SearchCallback(StrEnum):
    SUBMIT = "search.submit"


class SearchBlock(StrEnum):
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class SearchRef:
    """What the window shows: what was found of `words`, on the page after those that end at `ends`."""

    words: str
    ends: tuple[int, ...] = ()

    @property
    def before(self) -> int | None:
        return self.ends[-1] if self.ends else None

    def on(self, place: int) -> SearchRef:
        return SearchRef(self.words, (*self.ends, place)[-_MOST_PAGES:])

    def back(self) -> SearchRef:
        return SearchRef(self.words, self.ends[:-1])


def search_metadata(ref: SearchRef) -> str:
    return json.dumps({"w": ref.words[:_LONGEST], "e": list(ref.ends)}, separators=(",", ":"))


def read_search_metadata(text: str) -> SearchRef:
    """Raises NotFound for anything `search_metadata` never made."""
    try:
        found = json.loads(text)
        words, ends = found["w"], found["e"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotFound(_UNREADABLE) from None
    whole = isinstance(words, str) and len(words) <= _LONGEST and isinstance(ends, list) and len(ends) <= _MOST_PAGES
    if not whole or not all(type(one) is int and 0 <= one <= _PLACE_MAX for one in ends):
        raise NotFound(_UNREADABLE)
    return SearchRef(words, tuple(ends))


def place_value(place: int) -> str:
    return str(place)


def read_place_value(text: str) -> int:
    """Raises NotFound for anything `place_value` never made."""
    if not (0 < len(text) <= 16 and text.isascii() and text.isdigit() and int(text) <= _PLACE_MAX):
        raise NotFound(_UNREADABLE)
    return int(text)
