"""Spans of time in words."""

from __future__ import annotations

import pytest

from bot.views.durations import human_duration


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "less than 1 s"),
        (0, "less than 1 s"),
        (0.9, "less than 1 s"),
        (1, "1 s"),
        (45, "45 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (130, "2 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d"),
        (100_800, "1 d 4 h"),
        (259_199, "2 d 23 h"),
        (259_200, "3 d"),
        (10_000_000, "115 d"),
    ],
)
def test_a_span_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert human_duration(seconds) == said
