"""How many requests are at work at once: counted for the end, bounded against floods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


class InFlight:
    """At most `limit` at once; who finds it full is told so instead of waiting in memory.

    `working` opens a block during which the whole process counts as at work.
    """

    def __init__(self, limit: int, *, working: Callable[[], AbstractContextManager[None]]) -> None:
        self._limit = limit
        self._working = working
        self._count = 0

    @contextmanager
    def enter(self) -> Iterator[bool]:
        """Yields whether there is room; the place is held until the block ends."""
        if self._count >= self._limit:
            yield False
            return
        self._count += 1
        try:
            with self._working():
                yield True
        finally:
            self._count -= 1
