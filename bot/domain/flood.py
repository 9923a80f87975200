"""How many cards a channel gets (P10): twenty in ten minutes; the rest are listed in one summary."""

from __future__ import annotations

from datetime import timedelta

MOST_CARDS = 20
WINDOW = timedelta(minutes=10)
CHANNELS = ("C", "G")
"""How the ids of channels begin. Direct messages are not limited: a person's cap of open leads limits them."""


def may_be_flooded(place: str) -> bool:
    """Whether `place` is a channel that several people read."""
    return place.startswith(CHANNELS)


def is_full(cards: int) -> bool:
    """Whether a channel that got `cards` cards within the last WINDOW gets no further one."""
    return cards >= MOST_CARDS
