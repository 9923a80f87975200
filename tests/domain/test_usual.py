"""What is more than usual: never a trend out of small numbers, never a share in per cent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.usual import AS_USUAL, Usual, compared, is_more, share_of, usual

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("count", "before", "said"),
    [
        (1, 4, "about as usual"),
        (3, 4, "more than usual"),  # three instead of one: no number makes a trend of that
        (5, 10, "twice as often as usual"),
        (9, 12, "three times as often as usual"),
        (5, 0, "none in the four weeks before"),
        (1, 0, ""),
        (6, 16, "about as usual"),
        (40, 120, "more than usual"),
        (15, 120, "half as often as usual"),
        (22, 120, "about as usual"),
        (2, 120, "less than usual"),
        (0, 12, "less than usual"),
        (500, 40, "far more often than usual"),
    ],
)
def test_a_week_is_compared_in_words_with_the_four_before(count: int, before: int, said: str) -> None:
    assert compared(count, usual(before, 0.25)) == said


def test_what_is_usual_is_scaled_to_the_length_of_the_period() -> None:
    since = NOON - WEEK
    assert share_of(since - timedelta(days=100), since, NOON) == 0.25
    assert share_of(since - timedelta(days=100), NOON - timedelta(days=1), NOON) == pytest.approx(1 / 28)
    # Ten days are known: a week is seven tenths of them.
    assert share_of(since - timedelta(days=10), since, NOON) == pytest.approx(0.7)


def test_in_the_first_week_nothing_is_usual_yet() -> None:
    since = NOON - WEEK
    assert share_of(None, since, NOON) is None
    assert share_of(since - timedelta(days=6), since, NOON) is None
    assert share_of(since + timedelta(days=1), since, NOON) is None
    assert usual(7, None) is None
    assert compared(9, None) == ""


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(1e-6, 100))
def test_whatever_the_numbers_are_they_are_compared_in_few_words(count: int, before: int, share: float) -> None:
    said = compared(count, usual(before, share))
    assert len(said) <= 40
    assert "%" not in said
    assert len(str(usual(before, share))) <= 20
    assert not (is_more(count, usual(before, share)) and count < before * share)


@given(st.integers(1, 10**4), st.floats(0.5, 10**4))
def test_what_chance_makes_is_as_usual(before: int, expected: float) -> None:
    assert compared(round(expected), Usual(before, expected)) == AS_USUAL
