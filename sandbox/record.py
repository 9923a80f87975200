"""The record: every call of the app, every delivery to it, in the order they ended."""

from collections import deque
from typing import Any

from sandbox.clock import iso

CAPACITY = 20_000


class Record:
    """A bounded list of entries, numbered from 1 without gaps; the oldest fall out."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.last_seq = 0
        self._entries: deque[dict[str, Any]] = deque(maxlen=capacity)

    def add(self, kind: str, now: float, **what: Any) -> None:
        """Keep an entry; what it refers to must not be changed afterwards."""
        self.last_seq += 1
        self._entries.append({"seq": self.last_seq, "at": iso(now), "kind": kind, **what})

    def since(self, seq: int, limit: int | None = None) -> list[dict[str, Any]]:
        """The entries after number `seq`, oldest first, at most `limit` of the latest."""
        newer = min(len(self._entries), max(0, self.last_seq - seq))
        if limit is not None:
            newer = min(newer, limit)
        start = len(self._entries) - newer
        return [self._entries[index] for index in range(start, len(self._entries))]

    def clear(self) -> None:
        """Forget the entries; the numbering goes on."""
        self._entries.clear()
