"""Each timer fires once, at its time; one that fails stays and stands in nobody's way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.post import Timer, TimerKind
from jobs.sweep_timers import Timers
from storage.transaction import Transaction
from tests.jobs.conftest import World


class Fired:
    """Notes what fires; fails as often as told."""

    def __init__(self, **failures: int) -> None:
        self.failures = failures
        self.fired: list[tuple[str, datetime]] = []
        self.failed: list[datetime] = []

    def __call__(self, tx: Transaction, timer: Timer) -> None:
        if self.failures.get(timer.subject_id, 0) > 0:
            self.failures[timer.subject_id] -= 1
            self.failed.append(tx.now)
            raise KeyError(timer.subject_id)
        self.fired.append((timer.subject_id, tx.now))


def set_timer(tx: Transaction, subject_id: str, seconds: float) -> None:
    tx.timers.set(TimerKind.BACK, subject_id, tx.now + timedelta(seconds=seconds))


async def test_a_timer_fires_once_and_never_early(world: World) -> None:
    fired = Fired()
    timers = Timers(world.db, fire=fired)
    due = world.clock.now() + timedelta(seconds=300)
    await world.db.run(set_timer, "a", 300)
    world.clock.advance(299.999)
    await timers.sweep()
    assert fired.fired == []
    world.clock.advance(0.001)
    await timers.sweep()
    await timers.sweep()
    assert fired.fired == [("a", due)]
    assert timers.taken == 1


async def test_after_downtime_everything_fires_in_order(world: World) -> None:
    fired = Fired()
    for number in range(20):
        await world.db.run(set_timer, f"s{number:02d}", number)
    world.clock.advance(3600)
    await Timers(world.db, fire=fired).sweep()
    assert [subject for subject, _ in fired.fired] == [f"s{number:02d}" for number in range(20)]


async def test_a_timer_that_fails_is_put_off_longer_and_longer_and_blocks_nobody(world: World) -> None:
    fired = Fired(bad=4)
    timers = Timers(world.db, fire=fired, seed=1)
    await world.db.run(set_timer, "bad", 0)
    await world.db.run(set_timer, "good", 1)
    for _ in range(60):
        await timers.sweep()
        world.clock.advance(0.5)
    assert [subject for subject, _ in fired.fired] == ["good", "bad"]
    waits = [(after - before).total_seconds() for before, after in zip(fired.failed, fired.failed[1:], strict=False)]
    assert waits == sorted(waits)
    assert 1 <= waits[0] < waits[-1]


@pytest.mark.postgres
async def test_two_sweepers_fire_each_timer_once(postgres_world: World) -> None:
    fired = Fired()
    sweepers = [Timers(await postgres_world.open_another(), fire=fired) for _ in range(2)]
    for number in range(50):
        await postgres_world.db.run(set_timer, f"s{number:02d}", 0)
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    assert sorted(subject for subject, _ in fired.fired) == [f"s{number:02d}" for number in range(50)]
