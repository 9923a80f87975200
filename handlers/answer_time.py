"""How long the answer to Slack may still take: one budget from the instant a payload arrived, for all it waits for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ANSWER_WITHIN_S = 2.0
"""Of the 3 s of real time after which Slack shows an error: the rest is for the way there and back."""
SHORTEST_S = 0.05
"""What is tried at all gets so long."""

_ends: ContextVar[float | None] = ContextVar("answer_ends", default=None)


@contextmanager
def answering(within_s: float = ANSWER_WITHIN_S) -> Iterator[None]:
    """The block answers a payload that arrived just now."""
    token = _ends.set(time.monotonic() + within_s)
    try:
        yield
    finally:
        _ends.reset(token)


def not_answering() -> None:
    """The task that calls this goes on by itself from now on: no answer waits for it."""
    _ends.set(None)


def left_s() -> float:
    """Real seconds left for whatever the answer waits for, at least SHORTEST_S."""
    ends = _ends.get()
    return ANSWER_WITHIN_S if ends is None else max(SHORTEST_S, ends - time.monotonic())
