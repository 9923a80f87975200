"""What going through an installation finds: a line each, with the fix in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Area(StrEnum):
    """What is gone through, in this order: what stands first is needed for what follows."""

    SETTINGS = "settings"
    DATABASE = "database"
    CLOCK = "clock"
    TOKENS = "tokens"
    SCOPES = "scopes"
    CHANNELS = "channels"
    PEOPLE = "people"
    ROUTING = "routing"
    SOURCES = "sources"
    TARGETS = "targets"
    OUTBOX = "outbox"
    CAMPAIGNS = "campaigns"


class Verdict(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Works, and somebody should know."""
    FIX = "fix"
    """Something does not work until it is mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`says` what was found, `fix` what to do. Both may hold names of people, teams and channels: untrusted."""

    area: Area
    verdict: Verdict
    says: str
    fix: str = ""


def ok(area: Area, says: str) -> Finding:
    return Finding(area=area, verdict=Verdict.OK, says=says)


def note(area: Area, says: str, fix: str = "") -> Finding:
    return Finding(area=area, verdict=Verdict.NOTE, says=says, fix=fix)


def fix(area: Area, says: str, how: str) -> Finding:
    return Finding(area=area, verdict=Verdict.FIX, says=says, fix=how)


NAMED = 8
"""So many names stand in a line; of the others it says how many there are."""


def named(names: Sequence[str], more: int = 0) -> str:
    """`Jonas, Ines and 3 more`; `more`: how many there are beside `names`."""
    shown = list(names[:NAMED])
    rest = len(names) + more - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "nobody"


def counted(number: int, one: str, several: str) -> str:
    """`no leads`, `1 lead`, `2 leads`."""
    return f"no {several}" if number == 0 else f"1 {one}" if number == 1 else f"{number} {several}"
