"""The runner: woken by a commit, at rest when nothing is due, and honest about what is still to come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.post import Timer, TimerKind
from bot.errors import StorageUnavailable
from bot.integrations.tasks import Tasks
from jobs.runner import AT_ONCE, REMEMBER, Runner
from jobs.sweep_timers import Timers
from storage.tables.crm import deliveries
from storage.transaction import Transaction
from tests.integrations.fake_slack import error, hangs, limited
from tests.jobs.conftest import World, say


class Chain:
    """Firing a timer says something and sets the next timer, as real ones do."""

    def __init__(self) -> None:
        self.fired_at: list[datetime] = []

    def __call__(self, tx: Transaction, timer: Timer) -> None:
        self.fired_at.append(tx.now)
        say(tx, "C1", f"{len(self.fired_at)}")
        if len(self.fired_at) < 3:
            tx.timers.set(TimerKind.BACK, f"next {len(self.fired_at)}", tx.now + timedelta(minutes=5))


def set_timer(tx: Transaction, seconds: float) -> None:
    tx.timers.set(TimerKind.BACK, "first", tx.now + timedelta(seconds=seconds))


@pytest.fixture
def tasks() -> Tasks:
    return Tasks()


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
async def runner(world: World, tasks: Tasks, chain: Chain) -> AsyncIterator[Runner]:
    made = Runner(world.db, world.outbox, Timers(world.db, fire=chain), tasks)
    yield made
    await made.stop(timeout_s=5)


async def eventually(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - polls the outside
            await asyncio.sleep(0.005)


async def test_a_commit_is_followed_by_its_message_without_waiting_for_a_tick(
    world: World, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.runner.OUTBOX_EVERY_S", 3600)
    runner.start()
    await runner.settle()
    await world.say("C1", "one")
    await eventually(lambda: world.said("C1") == ["one"])


async def test_a_missed_wake_up_is_made_good_by_the_tick(world: World, runner: Runner) -> None:
    runner.start()
    await runner.settle()
    world.db.on_commit = None
    await world.say("C1", "one")
    await eventually(lambda: world.said("C1") == ["one"])


async def test_settling_does_what_is_due_and_what_follows_from_it(world: World, runner: Runner, chain: Chain) -> None:
    await world.db.run(set_timer, 0)
    assert await runner.settle() is True
    assert world.said("C1") == ["1"]
    assert await runner.settle() is False
    assert await runner.next_due_at() == world.clock.now() + timedelta(minutes=5)


async def test_stepping_from_due_to_due_each_fires_at_its_own_instant(
    world: World, runner: Runner, chain: Chain
) -> None:
    start = world.clock.now()
    await world.db.run(set_timer, 60)
    while (due := await runner.next_due_at()) is not None:
        world.clock.at = max(world.clock.at, due)
        while await runner.settle():
            pass
    assert chain.fired_at == [start + timedelta(minutes=minutes) for minutes in (1, 6, 11)]
    assert world.said("C1") == ["1", "2", "3"]


async def test_a_limited_message_is_due_when_slack_said(world: World, runner: Runner) -> None:
    world.slack.next("chat.postMessage", limited("30"))
    await world.say("C1", "one")
    assert await runner.settle() is True
    assert await runner.next_due_at() == world.clock.now() + timedelta(seconds=30)
    world.clock.advance(30)
    assert await runner.settle() is True
    assert world.said("C1") == ["one"]
    assert await runner.next_due_at() is None


async def test_what_a_tick_did_between_two_questions_counts_as_work(world: World, runner: Runner) -> None:
    runner.start()
    while await runner.settle():
        pass
    await world.say("C1", "one")
    await eventually(lambda: world.said("C1") == ["one"])
    assert await runner.settle() is True
    assert await runner.settle() is False


async def test_settling_waits_for_handlers_and_background_tasks(world: World, runner: Runner, tasks: Tasks) -> None:
    go_on = asyncio.Event()

    async def handler() -> None:
        with tasks.working():
            await go_on.wait()
            await world.say("C1", "one")

    async def background() -> None:
        await go_on.wait()
        await world.say("C2", "two")

    running = asyncio.create_task(handler())
    tasks.spawn(background(), name="answer")
    settling = asyncio.create_task(runner.settle())
    await asyncio.sleep(0.02)
    assert not settling.done()
    go_on.set()
    assert await settling is True
    await running
    assert world.said("C1") + world.said("C2") == ["one", "two"]


async def test_a_job_that_fails_is_tried_again(world: World, tasks: Tasks) -> None:
    failures = [StorageUnavailable("locked"), KeyError("unforeseen")]

    class Failing(Timers):
        async def sweep(self) -> None:
            if failures:
                raise failures.pop()
            await super().sweep()

    chain = Chain()
    runner = Runner(world.db, world.outbox, Failing(world.db, fire=chain), tasks)
    await world.db.run(set_timer, 0)
    runner.start()
    for _ in range(3):
        await asyncio.sleep(0.02)
        runner.wake()
    await eventually(lambda: chain.fired_at)
    await runner.stop(timeout_s=5)


async def test_the_end_waits_for_what_is_being_sent(world: World, runner: Runner) -> None:
    end = asyncio.Event()
    world.slack.next("chat.postMessage", hangs(end))
    runner.start()
    await world.say("C1", "one")
    await eventually(lambda: world.said("C1") == ["one"])
    stopping = asyncio.create_task(runner.stop(timeout_s=5))
    await asyncio.sleep(0.02)
    assert not stopping.done()
    end.set()
    await stopping
    assert world.outbox.at_work == 0


async def test_a_commit_after_the_end_wakes_nobody(world: World, runner: Runner) -> None:
    runner.start()
    await runner.stop(timeout_s=5)
    await world.say("C1", "one")
    runner.wake()
    await asyncio.sleep(0.02)
    assert world.said("C1") == []


async def test_at_the_start_what_was_refused_is_tried_again_and_all_that_is_old_forgotten(
    world: World, runner: Runner
) -> None:
    def of_long_ago(tx: Transaction) -> None:
        for number in range(2 * AT_ONCE + 1):
            tx.seen.first_time("old", str(number))

    await world.db.run(of_long_ago)
    world.clock.advance((REMEMBER + timedelta(days=1)).total_seconds())
    world.slack.next("chat.postMessage", error("not_in_channel"))
    await world.say("C1", "one")
    await world.outbox.deliver_due()
    runner.start()
    await eventually(lambda: world.said("C1") == ["one"])

    def known(tx: Transaction) -> int:
        return int(tx.seen._value(sa.select(sa.func.count()).where(deliveries.c.kind == "old")))

    async with asyncio.timeout(5):
        while await world.db.read(known):  # noqa: ASYNC110 - polls the outside
            await asyncio.sleep(0.01)
