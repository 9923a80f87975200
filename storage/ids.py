"""Ids: UUIDv7, so that the order of ids is the order of making, in one process to the last bit."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 74
_LOW_BITS = 62


class Ids:
    """Makes ids. With a `seed` the same calls at the same instants give the same ids: for tests only."""

    def __init__(self, seed: int | None = None) -> None:
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
        self._last = 0
        self._lock = threading.Lock()

    def new(self, now: datetime) -> str:
        """A UUIDv7 (RFC 9562) as text, greater than every one before it, even when `now` goes back."""
        milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
        with self._lock:
            # RFC 9562, 6.2, method 2: within a millisecond the random part grows by a random step.
            fresh = (milliseconds << _RANDOM_BITS) | self._random.getrandbits(_RANDOM_BITS - 1)
            self._last = max(fresh, self._last + 1 + self._random.getrandbits(32))
            value = self._last
        milliseconds, rest = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
        high, low = rest >> _LOW_BITS, rest & ((1 << _LOW_BITS) - 1)
        return str(UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low))

    def opaque(self) -> str:
        """128 random bits as text, from which nothing can be read: the key of a post."""
        with self._lock:
            return f"{self._random.getrandbits(128):032x}"
