"""Instants and ids keep what they promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from bot.domain.handoff import Status
from storage.ids import Ids
from storage.types import UtcDateTime, Word
from tests.storage.samples import NOON

_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=_zones)  # noqa: DTZ001 - hypothesis adds the zone


def _on_sqlite(instant: datetime) -> str:
    return str(UtcDateTime().process_bind_param(instant, sqlite.dialect()))


@given(_instants)
def test_an_instant_comes_back_in_utc_to_the_microsecond(instant: datetime) -> None:
    found = UtcDateTime().process_result_value(_on_sqlite(instant), sqlite.dialect())
    assert found == instant
    assert found.tzinfo is UTC


@given(_instants, _instants)
def test_sqlite_sorts_instants_by_time(one: datetime, other: datetime) -> None:
    assert (_on_sqlite(one) < _on_sqlite(other)) == (one < other)
    assert len(_on_sqlite(one)) == len(_on_sqlite(other)) == UtcDateTime.WIDTH


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_a_naive_instant_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), dialect)


def test_a_word_outside_its_enumeration_is_refused() -> None:
    class Other(StrEnum):
        WORD = "word"

    with pytest.raises(ValueError, match="word"):
        Word(Status).process_bind_param(Other.WORD, sqlite.dialect())


@given(st.lists(st.integers(-5_000_000, 5_000_000), min_size=2, max_size=50), st.integers())
def test_ids_grow_in_the_order_they_are_made_whatever_the_clock_does(steps: list[int], seed: int) -> None:
    ids = Ids(seed)
    made = [ids.new(NOON + timedelta(microseconds=step)) for step in steps]
    assert all(one < other for one, other in pairwise(made))


@given(_instants.filter(lambda instant: instant.astimezone(UTC).year >= 1970))
def test_ids_are_uuids_of_version_7_that_carry_their_millisecond(instant: datetime) -> None:
    made = UUID(Ids(1).new(instant))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_keys_are_opaque_and_different() -> None:
    ids = Ids()
    keys = {ids.opaque() for _ in range(1000)}
    assert len(keys) == 1000
    assert {len(key) for key in keys} == {32}
