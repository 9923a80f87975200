"""The sandbox's clock: real time plus an offset, frozen on request, moved forward instant by instant.

The sandbox is the master. Programs that follow it (bots) hold a WebSocket and are asked to settle before each
step, so that everything due at an instant happens at that instant, whoever it is due at.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.errors import CannotDo

SETTLE_TIMEOUT_S = 30.0
"""Real seconds a follower has to settle."""
MAX_ROUNDS = 500
"""Rounds of settling at one instant before somebody is called restless."""

Send = Callable[[dict[str, Any]], Awaitable[None]]


class NotSettled(Exception):
    """A follower did not come to rest; the sentence names it."""


@dataclass(eq=False)
class Follower:
    """A program that keeps time by this clock."""

    name: str
    send: Send
    answers: dict[int, asyncio.Future[dict[str, Any] | None]] = field(default_factory=dict)
    gone: bool = False

    def settled(self, message: dict[str, Any]) -> None:
        """Take the answer ``{"type":"settled","seq":…}``; one that nobody waits for is ignored."""
        future = self.answers.pop(int(message.get("seq", -1)), None)
        if future is not None and not future.done():
            future.set_result(message)


class Clock:
    """Instants for everything people of the workspace can see. Never goes backward.

    `idle` is awaited while settling: it returns when no delivery is under way and says whether one was.
    """

    def __init__(self, idle: Callable[[], Awaitable[bool]] | None = None) -> None:
        self.running = True
        self.followers: list[Follower] = []
        self.on_change: Callable[[], None] = lambda: None
        self.idle = idle
        self._at = time.time()
        self._since = time.monotonic()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count(1)
        self._moving = asyncio.Lock()
        self._waker: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Seconds since 1970."""
        return self._at + (time.monotonic() - self._since if self.running else 0.0)

    def call_at(self, at: float, do: Callable[[], None]) -> None:
        """Call `do` once this clock reaches `at`."""
        heapq.heappush(self._due, (_whole(at), next(self._count), do))
        self._wake_later()

    def forget_due(self) -> None:
        """Drop everything `call_at` still holds."""
        self._due.clear()

    async def join(self, follower: Follower) -> None:
        """From now on ask this follower at every step; tells it the time."""
        self.followers.append(follower)
        await follower.send(self._time_message())

    def leave(self, follower: Follower) -> None:
        """Stop asking a follower; a step that waits for it goes on without it."""
        follower.gone = True
        if follower in self.followers:
            self.followers.remove(follower)
        for future in follower.answers.values():
            if not future.done():
                future.set_result(None)
        follower.answers.clear()

    def state(self) -> dict[str, Any]:
        return {"now": iso(self.now()), "running": self.running, "followers": len(self.followers)}

    async def change(self, *, advance_s: float | None, to: float | None, running: bool | None) -> None:
        """Freeze, unfreeze and move forward; returns when the target is reached and everybody settled.

        Raises CannotDo when the target lies in the past, NotSettled when a follower does not come to rest
        (the clock then stands where it got to, as frozen as it was before).
        """
        async with self._moving:
            after = self.running if running is None else running
            if advance_s is None and to is None:
                self._set(_whole(self.now()), after)
            else:
                start = _whole(self.now())
                target = _whole((start if to is None else to) + (advance_s or 0.0))
                if target < start:
                    raise CannotDo(f"The clock only moves forward: {iso(target)} is before {iso(start)}.")
                self._set(start, running=False)
                try:
                    await self._walk_to(target)
                finally:
                    self._set(self.now(), after)
            await self._tell(self._time_message())

    async def _walk_to(self, target: float) -> None:
        while True:
            upcoming = await self._settle()
            now = self.now()
            if now >= target:
                return
            if self._due:
                upcoming.append(self._due[0][0])
            self._set(min([target, *(at for at in upcoming if at > now)]), running=False)

    async def _settle(self) -> list[float]:
        """Ask everybody until nobody has anything left to do now; returns when they are due next."""
        for _ in range(MAX_ROUNDS):
            self._run_due()
            was_busy = await self.idle() if self.idle else False
            message = {"type": "settle", "now": iso(self.now()), "seq": next(self._count)}
            followers = list(self.followers)
            answers = await asyncio.gather(*(self._ask(follower, message) for follower in followers))
            present = [answer for answer in answers if answer is not None]
            busy_since = await self.idle() if self.idle else False
            due_now = bool(self._due) and self._due[0][0] <= self.now()
            worked = any(answer.get("worked") for answer in present)
            if not (was_busy or busy_since or due_now or worked):
                return [instant(answer["next_due_at"]) for answer in present if answer.get("next_due_at")]
        restless = ", ".join(follower.name for follower in self.followers) or "the sandbox's own deliveries"
        raise NotSettled(f"Still busy at {iso(self.now())} after {MAX_ROUNDS} rounds: {restless}.")

    async def _ask(self, follower: Follower, message: dict[str, Any]) -> dict[str, Any] | None:
        if follower.gone:
            return None
        future: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        follower.answers[message["seq"]] = future
        try:
            async with asyncio.timeout(SETTLE_TIMEOUT_S):
                await follower.send(message)
                return await future
        except TimeoutError as error:
            follower.answers.pop(message["seq"], None)
            raise NotSettled(
                f"{follower.name} did not settle at {message['now']} within {SETTLE_TIMEOUT_S:.0f} s."
            ) from error

    async def _tell(self, message: dict[str, Any]) -> None:
        await asyncio.gather(*(follower.send(message) for follower in list(self.followers)))

    def _time_message(self) -> dict[str, Any]:
        now = iso(self.now())
        return {"type": "clock", "now": now, "running": self.running, "seq": next(self._count)}

    def _set(self, at: float, running: bool) -> None:
        self._at, self._since, self.running = at, time.monotonic(), running
        self._wake_later()
        self.on_change()

    def _run_due(self) -> None:
        while self._due and self._due[0][0] <= self.now():
            heapq.heappop(self._due)[2]()

    def _wake_later(self) -> None:
        """While the clock runs, do what falls due in real time; a frozen one is walked by `change`."""
        if self._waker is not None:
            self._waker.cancel()
            self._waker = None
        if self._due and self.running:
            delay = max(0.0, self._due[0][0] - self.now())
            self._waker = asyncio.get_running_loop().call_later(delay, self._woken)

    def _woken(self) -> None:
        if self.running:
            self._run_due()
        self._wake_later()


def _whole(at: float) -> float:
    """The instant at whole microseconds: what followers are told, so that both mean the same by "due now"."""
    return round(at, 6)


def iso(at: float) -> str:
    """``2026-11-21T09:00:00.000000Z``"""
    return datetime.fromtimestamp(round(at, 6), UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant(text: object) -> float:
    """Seconds since 1970 of an ISO 8601 text with a zone; raises CannotDo for anything else."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise CannotDo(f"{text!r} is no instant; write it like 2026-11-21T09:00:00Z.") from error
    if at.tzinfo is None:
        raise CannotDo(f"{text!r} has no time zone; write it like 2026-11-21T09:00:00Z.")
    return at.timestamp()
