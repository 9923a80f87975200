"""The time: the machine's, or the sandbox's that moves on request."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bot.errors import ConfigError

log = structlog.get_logger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
OPEN_TIMEOUT_S = 10.0
RECONNECT_S = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Real seconds between attempts; the last one holds."""


class SystemClock:
    """The machine's clock. The only caller of `datetime.now` in Lockstep."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Worker(Protocol):
    """What does the work that falls due, as the sandbox's clock needs it."""

    async def settle(self) -> bool:
        """Do everything due now until nothing is left; returns whether there was anything."""
        ...

    async def next_due_at(self) -> datetime | None:
        """The next instant at which there is something to do, if any."""
        ...

    def wake(self) -> None:
        """The time moved: look again at what is due."""
        ...


class SandboxClock:
    """Follows the sandbox's clock: stands still, runs or jumps as it says. Never goes backward.

    `await start()` returns when the time is known. The sandbox is answered only once `serve(worker)` was
    called: before, it waits for us. A lost connection is opened again; meanwhile the clock goes on as it
    last was.
    """

    def __init__(self, url: str, *, name: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Raises ConfigError unless `url` is ws:// on this very machine: whoever moves our clock moves our
        deadlines."""
        parts = urlsplit(url)
        if parts.scheme not in {"ws", "http"} or parts.hostname not in LOOPBACK:
            raise ConfigError("LOCKSTEP_CLOCK_URL must be a ws:// address of this machine (127.0.0.1).")
        url = parts._replace(scheme="ws").geturl()
        self._url = url if "name=" in parts.query else f"{url}{'&' if parts.query else '?'}name={name}"
        self._monotonic = monotonic
        # Instant, monotonic reading at that instant, whether it runs. One tuple, because transactions ask for the
        # time in other threads and must never see half of a jump.
        self._reading: tuple[datetime, float, bool] | None = None
        self._worker: Worker | None = None
        self._has_worker = asyncio.Event()
        self._known = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        if self._reading is None:
            raise RuntimeError("The sandbox's clock was asked before start() had returned.")
        at, since, running = self._reading
        return at + timedelta(seconds=self._monotonic() - since) if running else at

    async def start(self) -> None:
        """Connect; returns when the time is known. Raises ConfigError when nobody answers within 10 s."""
        self._task = asyncio.create_task(self._follow(), name="follow the sandbox's clock")
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                await self._known.wait()
        except TimeoutError as error:
            await self.stop()
            raise ConfigError("Nobody answers at LOCKSTEP_CLOCK_URL: is the sandbox running?") from error

    def serve(self, worker: Worker) -> None:
        """From now on `worker` is woken at each jump and settles when the sandbox asks."""
        self._worker = worker
        self._has_worker.set()

    async def stop(self) -> None:
        """Leave the sandbox's clock; it goes on without us."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _follow(self) -> None:
        failures = 0
        while True:
            try:
                # The environment's proxies are for the outside; this is a conversation within the machine.
                async with connect(self._url, proxy=None, open_timeout=OPEN_TIMEOUT_S) as socket:
                    failures = 0
                    async for frame in socket:
                        await self._take(socket, frame)
            except (OSError, WebSocketException, TimeoutError, ValueError, KeyError) as error:
                log.info("sandbox clock not reachable", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])
            failures += 1

    async def _take(self, socket: ClientConnection, frame: str | bytes) -> None:
        message: dict[str, Any] = json.loads(frame)
        if message["type"] == "clock":
            self._set(_instant(message["now"]), running=bool(message["running"]))
        elif message["type"] == "settle":
            self._set(_instant(message["now"]), running=False)
            await socket.send(json.dumps(await self._settled(message["seq"])))

    async def _settled(self, seq: int) -> dict[str, Any]:
        await self._has_worker.wait()
        assert self._worker is not None  # noqa: S101 - set before the event
        worked, due = True, None
        try:
            worked = await self._worker.settle()
            due = await self._worker.next_due_at()
        except Exception:
            # The sandbox asks again: what failed once is tried again, what goes on failing shows as
            # restless there.
            log.exception("could not settle", seq=seq)
        return {"type": "settled", "seq": seq, "worked": worked, "next_due_at": _text(due)}

    def _set(self, at: datetime, *, running: bool) -> None:
        if self._reading is not None:
            at = max(at, self.now())
        moved = self._reading is None or at != self._reading[0]
        self._reading = (at, self._monotonic(), running)
        self._known.set()
        if self._worker is not None and moved:
            self._worker.wake()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Idle:
    """A command has no due times of its own: whoever moves the sandbox's clock does not wait for it."""

    async def settle(self) -> bool:
        return False

    async def next_due_at(self) -> datetime | None:
        return None

    def wake(self) -> None:
        """Nothing waits for a time here."""


@asynccontextmanager
async def clock_of_bot(clock_url: str | None, *, name: str) -> AsyncIterator[SystemClock | SandboxClock]:
    """The time as the running bot has it, for a command beside it: the machine's, or the sandbox's."""
    if clock_url is None:
        yield SystemClock()
        return
    clock = SandboxClock(clock_url, name=name)
    await clock.start()
    clock.serve(Idle())
    try:
        yield clock
    finally:
        await clock.stop()
