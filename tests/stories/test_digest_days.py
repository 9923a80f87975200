"""Story: a week of digests with two Locksteps, over a change of the clocks: killed, stopped, edited; each comes once.

The year is bench/digest_year.py; this is the same, short enough for every run of the tests.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bench import digest_year
from bench.digest_model import Became

pytestmark = [pytest.mark.story, pytest.mark.postgres]
DAYS, SCHEDULES = 7, 8
EVENTS = ("note", "edit", "kill one", "edit", "kill both", "days", "edit")


def clocks_change(tz: str) -> datetime:
    """Shortly before the clocks there change next."""
    zone, day = ZoneInfo(tz), datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        day += timedelta(days=1)
        if (day + timedelta(days=4)).astimezone(zone).utcoffset() != day.astimezone(zone).utcoffset():
            return day


async def test_each_digest_comes_once_over_kills_standstills_edits_and_a_change_of_clocks(
    postgres_url: str,
) -> None:
    year = await digest_year.run(
        postgres_url,
        days=DAYS,
        schedules=SCHEDULES,
        start=clocks_change("Australia/Lord_Howe"),
        events=EVENTS,
    )
    assert year.wrong == []
    assert (year.doubled, year.missing) == (0, 0)
    assert year.kills >= 5
    assert year.became[Became.IN_TIME] + year.became[Became.SILENT] > 0
    assert year.messages == year.became[Became.IN_TIME] + year.became[Became.LATE]
