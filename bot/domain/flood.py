"""How many cards a channel gets (P10): twenty in ten minutes; the rest are listed in one summary."""

from __future__ import annotations

from datetime import timedelta

MOST_CARDS = 20
WINDOW = timedelta(minutes=10)
STILL_TO_COME = timedelta(days=7)
"""For how long a card that could not be shown yet keeps its place among the twenty: when the channel is reached again,
it comes at once with all others that wait."""
CHANNELS = ("C", "G")
"""How the ids of channels begin. Direct messages are not limited: a person's cap of open leads limits them."""


def may_be_flooded(place: str) -> bool:
    """Whether `place` is a channel that several people read."""
    return place.startswith(CHANNELS)


def is_full(cards: int) -> bool:
    """Whether a channel that got `cards` cards within the last WINDOW, or still gets them, gets no further one."""
    return cards >= MOST_CARDS
