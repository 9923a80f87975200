"""What the controls and forms of set-up carry. Whatever comes back is untrusted, as in ids.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound
from bot.views.ids import ID_MAX

_UNREADABLE = "I cannot read this form any more. Please open it again from my Home tab."


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRef:
    """A person or a team as a form names it; `seen` marks the state that the form shows, "" where there is none."""

    id: str
    seen: str


class TeamMore(StrEnum):
    """What the overflow of a team offers."""

    EDIT = "edit"
    SHARES = "shares"
    HOURS = "hours"
    DELETE = "delete"


def read_id(text: str) -> str:
    """The id of a person, or the key of a team, that a control is about. Raises NotFound for anything that is none."""
    if not _is_id(text):
        raise NotFound(_UNREADABLE)
    return text


def team_value(what: TeamMore, key: str) -> str:
    """The value of an option of a team's overflow: `shares:europe`."""
    return f"{what}:{key}"


def read_team_value(text: str) -> tuple[TeamMore, str]:
    """What an option asks for, and of which team. Raises NotFound for anything else."""
    word, _, key = text.partition(":")
    if word not in list(TeamMore):
        raise NotFound(_UNREADABLE)
    return TeamMore(word), read_id(key)


def seen_metadata(about: str, seen: str) -> str:
    """The private metadata of a form about a person or a team: `ID SEEN`; both may be empty."""
    return f"{about} {seen}"


def read_seen_metadata(text: str) -> SeenRef:
    """What a form is about, and which state of it. Raises NotFound for anything `seen_metadata` never made."""
    about, space, seen = text.partition(" ")
    if not space or not all(part == "" or _is_id(part) for part in (about, seen)):
        raise NotFound(_UNREADABLE)
    return SeenRef(id=about, seen=seen)


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_MAX and text.isascii() and text.replace("-", "").replace("_", "").isalnum()
