"""The record: every call of the app, every delivery to it, in the order they ended."""

import json
from collections import deque
from typing import Any

from sandbox.clock import iso

CAPACITY = 20_000


class Record:
    """A bounded list of entries, numbered from 1 without gaps; the oldest fall out.

    Entries are kept as JSON text: a fifth of the memory, nothing for the garbage collector to walk through, and
    what is recorded cannot change afterwards.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.last_seq = 0
        self._entries: deque[str] = deque(maxlen=capacity)

    def add(self, kind: str, now: float, **what: Any) -> None:
        """Keep an entry of JSON values."""
        self.last_seq += 1
        self._entries.append(json.dumps({"seq": self.last_seq, "at": iso(now), "kind": kind, **what}))

    def texts(self, since: int, limit: int | None = None) -> list[str]:
        """The JSON of the entries after number `since`, oldest first, at most `limit` of the latest."""
        newer = min(len(self._entries), max(0, self.last_seq - since))
        if limit is not None:
            newer = min(newer, limit)
        return list(self._entries)[len(self._entries) - newer :]

    def since(self, seq: int, limit: int | None = None) -> list[dict[str, Any]]:
        """The entries after number `seq`, oldest first, at most `limit` of the latest."""
        return [json.loads(text) for text in self.texts(seq, limit)]

    def clear(self) -> None:
        """Forget the entries; the numbering goes on."""
        self._entries.clear()
