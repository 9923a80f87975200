"""Zones are those of the pinned tzdata, whatever the machine believes."""

from __future__ import annotations

import importlib.resources
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.domain.local_time import use_pinned_zones, zone, zone_name

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("AMERICA/NEW_YORK", "America/New_York"),
        ("Berlin", "Berlin"),
        ("", ""),
    ],
)
def test_a_zone_is_known_in_whatever_capitals_it_is_typed(typed: str, meant: str) -> None:
    assert zone_name(typed) == meant


@pytest.fixture
def wrong_machine(tmp_path: Path) -> Iterator[None]:
    """A machine that takes Lisbon for Tokyo, read before anything is said about zones."""
    tokyo = importlib.resources.files("tzdata.zoneinfo").joinpath("Asia", "Tokyo").read_bytes()
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Lisbon").write_bytes(tokyo)
    zoneinfo.reset_tzpath(to=[tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    assert NOON.astimezone(zone("Europe/Lisbon")).utcoffset() == timedelta(hours=9)
    yield
    use_pinned_zones()


@pytest.mark.usefixtures("wrong_machine")
def test_zones_are_the_pinned_ones_also_where_the_machines_were_read_before() -> None:
    use_pinned_zones()
    assert NOON.astimezone(zone("Europe/Lisbon")).utcoffset() == timedelta(0)


@pytest.mark.usefixtures("wrong_machine")
def test_every_command_reads_the_pinned_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["lockstep", "version"])
    with pytest.raises(SystemExit):
        main()
    assert NOON.astimezone(zone("Europe/Lisbon")).utcoffset() == timedelta(0)
