"""Killed while a digest is made and sent; started again, it stands there once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from bench import mortal
from bench.digest_count import is_digest
from bench.mortal import Mortal
from bot.crash_points import KILLED, CrashPoint
from bot.domain.digest import DigestKind
from bot.services import schedules
from bot.services.schedules import Wanted
from storage.database import run_now
from storage.transaction import Transaction

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]
POINTS = [CrashPoint.DIGEST_SETTLED, *(point for point in CrashPoint if point.startswith("dispatch."))]


class At:
    """A clock that stands still."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant


async def killed_at_a_digest(bot: Mortal, point: CrashPoint) -> None:
    await bot.start()
    await bot.settled()  # the reps are welcomed: what it dies of is the digest
    await bot.kill()
    now = await bot.slack.now()
    due = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
    place = await bot.slack.place(mortal.email(0), mortal.POOL)
    wanted = Wanted(
        name="Weekly", kind=DigestKind.FIELD_NOTES, place=place, weekdays=(due.weekday(),), at=due.time(), tz="UTC"
    )

    def add(tx: Transaction) -> None:
        schedules.add(tx, wanted, None)

    await asyncio.to_thread(partial(run_now, bot.database_url, At(now), add))
    await bot.start(crash_at=point)
    await bot.slack.move_to(due + timedelta(seconds=5))
    assert await bot.died() == KILLED
    await bot.start()
    await mortal.all_said(bot)
    sent = [one for one in (await bot.slack.record(place))["messages"] if is_digest(one)]
    assert len(sent) == 1


@pytest.mark.parametrize("point", POINTS)
async def test_one_digest_stands_after_a_death_on_the_way(bot: Mortal, point: CrashPoint) -> None:
    await killed_at_a_digest(bot, point)


@pytest.mark.postgres
async def test_one_digest_stands_after_a_death_on_the_way_on_postgresql(postgres_bot: Mortal) -> None:
    await killed_at_a_digest(postgres_bot, CrashPoint.DIGEST_SETTLED)
