"""How long to wait before trying again what failed for a reason we do not know."""

from __future__ import annotations

import random
from datetime import timedelta

LONGEST = timedelta(minutes=5)


class Backoff:
    """1, 2, 4 … seconds up to `longest`, each up to a quarter longer so that nobody tries in step.

    With the same `seed` the same waits come out.
    """

    def __init__(self, *, seed: int | None = None, longest: timedelta = LONGEST) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - spreads retries, decides nothing
        self._longest = longest

    def after(self, failures: int) -> timedelta:
        """The wait after the `failures`-th failure, counted from 1."""
        wait = min(self._longest, timedelta(seconds=2 ** min(max(failures, 1) - 1, 20)))
        return wait * (1 + self._chance.random() / 4)
