"""Text as Slack writes it (`<@U1>`, `<https://…|label>`, `&amp;`), as people read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<([^<>]{1,4000})>")
_PERSON = re.compile(r"@([UW][A-Z0-9]{1,30})(?:\|(.*))?", re.DOTALL)
_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]{0,30}://|mailto:|tel:)\S+")
_ENTITY = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITIES = re.compile("|".join(_ENTITY))


def people_in(text: str) -> frozenset[str]:
    """The Slack ids of the people the text mentions."""
    tokens = (_PERSON.fullmatch(found) for found in _TOKEN.findall(text))
    return frozenset(found[1] for found in tokens if found)


def readable(text: str, names: Mapping[str, str]) -> str:
    """The text with names for mentions (`names` by Slack id, else what Slack says, else the id), addresses for links
    and characters for entities. Everything else stays as it is."""
    return _unescape(_TOKEN.sub(lambda found: _shown(found[1], names), text))


def _shown(token: str, names: Mapping[str, str]) -> str:
    person = _PERSON.fullmatch(token)
    if person:
        return "@" + (names.get(person[1]) or person[2] or person[1]).lstrip("@")
    what, _, label = token.partition("|")
    match token[0]:
        case "#":
            return f"#{(label or what[1:]).lstrip('#')}"
        case "!":
            # <!here>, <!subteam^S1|@group>, <!date^…|as it was>
            return label or f"@{what[1:].partition('^')[0]}"
        case _ if not _ADDRESS.fullmatch(what):
            return f"<{token}>"
        case _:
            address = what.removeprefix("mailto:").removeprefix("tel:")
            return address if label in ("", address, what) else f"{label} ({address})"


def _unescape(text: str) -> str:
    return _ENTITIES.sub(lambda found: _ENTITY[found[0]], text)
