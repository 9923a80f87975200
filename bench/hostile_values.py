"""Values nobody should send, and what they are sent in, by seed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. `what` says how it lies."""

    what: str
    path: str
    body: bytes
    headers: dict[str, str]
    method: str = "POST"


def nested(levels: int) -> Any:
    """Lists in lists."""
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "x" * 20_000, "\x00", "\ud800", "\u202egnitset", "<!channel>",
    "<@U012345>", "*_~`", "' OR 1=1 --", "../../etc/passwd", "${jndi:ldap://example.com}", "{{7*7}}", "%s%n", "null",
    "\r\nX: y", "🦄" * 300, [], {}, [None], [[]], {"": ""}, {"id": None}, {"id": []}, {"id": "x" * 400}, {"type": 5},
    nested(20), ["a"] * 500, {str(number): number for number in range(200)}, "00000000-0000-0000-0000-000000000000.1",
    "details:00000000-0000-0000-0000-000000000000", "needs:99999999999999999999", "C" * 40, "2026-13-45", "-" * 64,
)  # fmt: skip


def mutated(chance: random.Random, value: Any) -> Any:
    """A copy with one to three things in it that are not as they should be."""
    found = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        holders = list(_holders(found))
        if not holders:
            return chance.choice(ODD)
        holder = chance.choice(holders)
        key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        match chance.randrange(4):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[str(chance.choice(ODD))[:50]] = chance.choice(ODD)
            case _:
                holder[key] = copy.deepcopy(chance.choice(ODD))
    return found


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and value:
        yield value
        for inner in value.values():
            yield from _holders(inner)
    elif isinstance(value, list) and value:
        yield value
        for inner in value:
            yield from _holders(inner)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")
