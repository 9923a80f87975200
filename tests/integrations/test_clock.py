"""The clocks: forward only, frozen when told, and an answer when everything due is done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from bot.errors import ConfigError
from bot.integrations.clock import SandboxClock, SystemClock

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


class FakeMaster:
    """The sandbox's side of the clock: says what it is told to, keeps what it hears."""

    def __init__(self) -> None:
        self.sockets: list[ServerConnection] = []
        self.paths: list[str] = []
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.at = NINE
        self.running = False
        self.url = ""
        self.server: Server | None = None

    async def talk(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        assert socket.request is not None
        self.paths.append(socket.request.path)
        await socket.send(self._frame("clock"))
        async for frame in socket:
            self.heard.put_nowait(json.loads(frame))

    async def say(self, kind: str, at: datetime, *, running: bool = False, seq: int = 1) -> None:
        self.at, self.running = at, running
        await self.sockets[-1].send(self._frame(kind, seq))

    def _frame(self, kind: str, seq: int = 1) -> str:
        now = self.at.isoformat().replace("+00:00", "Z")
        return json.dumps({"type": kind, "now": now, "running": self.running, "seq": seq})


class FakeWorker:
    def __init__(self, *rounds: bool, due: datetime | None = None) -> None:
        self.rounds = list(rounds)
        self.due = due
        self.asked_at: list[datetime] = []
        self.woken = asyncio.Event()
        self.clock: SandboxClock | None = None

    async def settle(self) -> bool:
        assert self.clock is not None
        self.asked_at.append(self.clock.now())
        return self.rounds.pop(0)

    async def next_due_at(self) -> datetime | None:
        return self.due

    def wake(self) -> None:
        self.woken.set()


@pytest.fixture
async def master() -> AsyncIterator[FakeMaster]:
    fake = FakeMaster()
    async with serve(fake.talk, "127.0.0.1", 0) as server:
        fake.server = server
        port = next(iter(server.sockets)).getsockname()[1]
        fake.url = f"ws://127.0.0.1:{port}/_sandbox/clock/follow"
        yield fake


@pytest.fixture
async def clock(master: FakeMaster) -> AsyncIterator[SandboxClock]:
    following = SandboxClock(master.url, name="bot-1")
    await following.start()
    yield following
    await following.stop()


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - many conditions, no event for most
            await asyncio.sleep(0.005)


def test_the_system_clock_is_aware_and_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


async def test_a_follower_knows_the_time_before_it_starts(clock: SandboxClock, master: FakeMaster) -> None:
    assert clock.now() == NINE
    assert master.paths == ["/_sandbox/clock/follow?name=bot-1"]


async def test_a_frozen_clock_stands_still(clock: SandboxClock) -> None:
    await asyncio.sleep(0.01)
    assert clock.now() == NINE


async def test_a_running_clock_runs_with_real_time(master: FakeMaster) -> None:
    real = 0.0
    clock = SandboxClock(master.url, name="bot", monotonic=lambda: real)
    master.running = True
    await clock.start()
    real = 2.5
    assert clock.now() == NINE + timedelta(seconds=2.5)
    await clock.stop()


async def test_it_jumps_when_told_and_wakes_the_worker(clock: SandboxClock, master: FakeMaster) -> None:
    worker = FakeWorker()
    clock.serve(worker)
    await master.say("clock", NINE + timedelta(days=14))
    await asyncio.wait_for(worker.woken.wait(), 5)
    assert clock.now() == NINE + timedelta(days=14)


async def test_it_never_goes_backward(clock: SandboxClock, master: FakeMaster) -> None:
    worker = FakeWorker(False)
    worker.clock = clock
    clock.serve(worker)
    await master.say("settle", NINE - timedelta(hours=1))
    await master.heard.get()
    assert clock.now() == NINE


async def test_it_settles_at_the_instant_it_is_asked_for(clock: SandboxClock, master: FakeMaster) -> None:
    due = NINE + timedelta(minutes=20)
    worker = FakeWorker(True, False, due=due)
    worker.clock = clock
    clock.serve(worker)
    at = NINE + timedelta(minutes=5)
    await master.say("settle", at, running=True, seq=8)
    assert await master.heard.get() == {
        "type": "settled",
        "seq": 8,
        "worked": True,
        "next_due_at": "2026-11-23T09:20:00.000000Z",
    }
    worker.due = None
    await master.say("settle", at, seq=9)
    assert await master.heard.get() == {"type": "settled", "seq": 9, "worked": False, "next_due_at": None}
    assert worker.asked_at == [at, at]


async def test_the_sandbox_waits_for_a_bot_that_is_still_starting(clock: SandboxClock, master: FakeMaster) -> None:
    await master.say("settle", NINE, seq=3)
    await asyncio.sleep(0.02)
    assert master.heard.empty()
    worker = FakeWorker(False)
    worker.clock = clock
    clock.serve(worker)
    assert (await master.heard.get())["seq"] == 3


async def test_a_failure_to_settle_is_work_left(clock: SandboxClock, master: FakeMaster) -> None:
    worker = FakeWorker()  # has no answer left: raises
    worker.clock = clock
    clock.serve(worker)
    await master.say("settle", NINE)
    assert (await master.heard.get())["worked"] is True


async def test_it_comes_back_after_a_lost_connection(clock: SandboxClock, master: FakeMaster) -> None:
    master.at = NINE + timedelta(hours=1)
    master.sockets[0].transport.abort()
    await until(lambda: len(master.sockets) == 2)
    await until(lambda: clock.now() == NINE + timedelta(hours=1))


@pytest.mark.parametrize("url", ["ws://sandbox.example.com/follow", "wss://127.0.0.1/follow", "ws:///follow", "x"])
async def test_nobody_outside_this_machine_moves_our_clock(url: str) -> None:
    with pytest.raises(ConfigError, match="LOCKSTEP_CLOCK_URL"):
        SandboxClock(url, name="bot")


async def test_a_sandbox_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.integrations.clock.OPEN_TIMEOUT_S", 0.05)
    clock = SandboxClock("ws://127.0.0.1:1/follow", name="bot")
    with pytest.raises(ConfigError, match="is the sandbox running"):
        await clock.start()
