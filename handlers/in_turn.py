"""One after the other for the same key, side by side for different ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class InTurn:
    """Runs what concerns one view or one person in the order it was asked for."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    def waiting(self, key: str) -> int:
        """How many have asked and not begun."""
        return self._waiting.get(key, 0)

    async def run(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """Runs `work` when everything asked for earlier under `key` is done."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            await lock.acquire()
        finally:
            self._waiting[key] -= 1
        try:
            await work()
        finally:
            lock.release()
            if not self._waiting[key] and not lock.locked():
                self._locks.pop(key, None)
                self._waiting.pop(key, None)
