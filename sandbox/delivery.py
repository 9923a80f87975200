"""Bringing payloads to the app: who carries them, how long it has, what is tried again.

Interactions go out once; a missed ack is the user's problem, as in Slack. Events go out up to four times.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Record

Json = dict[str, Any]
ACK_DEADLINE_S = 3.0
"""Real seconds. Source: docs.slack.dev/interactivity/handling-user-interaction."""
RETRY_AFTER_S = (1.0, 60.0, 300.0)
"""Until an event's attempts 2 to 4, by the sandbox's clock: "nearly immediately, 1 minute, 5 minutes"."""


@dataclass(frozen=True)
class Ack:
    """How one delivery ended. `ms` is real time; `error` is Slack's word for what the user is told."""

    acked: bool
    ms: float
    body: Any = None
    error: str | None = None
    reason: str = "http_error"
    """Of a failed attempt: ``http_timeout``, ``connection_failed``, ``http_error``, ``too_many_redirects``."""
    stop_retries: bool = False


@dataclass(frozen=True)
class Envelope:
    """One payload on its way. `type` is ``events_api``, ``slash_commands`` or ``interactive``."""

    id: str
    type: str
    kind: str
    payload: Json
    accepts_response: bool
    attempt: int = 0
    reason: str = ""


class Carrier(Protocol):
    """Socket Mode or signed HTTP."""

    name: str

    async def carry(self, envelope: Envelope) -> Ack:
        """Bring it to the app and wait for its ack, at most ACK_DEADLINE_S."""
        ...


class Delivery:
    """Hands payloads to the carrier, counts what is under way, retries events, keeps the record."""

    def __init__(self, carrier: Carrier, clock: Clock, faults: Faults, record: Record) -> None:
        self._carrier = carrier
        self._clock = clock
        self._faults = faults
        self._record = record
        self._under_way = 0
        self._started = 0
        self._seen = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def interaction(self, type_: str, kind: str, payload: Json, *, accepts_response: bool) -> Ack:
        """Deliver once and say how it ended."""
        envelope = Envelope(str(uuid.uuid4()), type_, kind, payload, accepts_response)
        return await self._deliver(envelope)

    def event(self, payload: Json) -> asyncio.Task[Ack]:
        """Deliver an event_callback, with retries; returns the task of the first attempt."""
        envelope = Envelope(str(uuid.uuid4()), "events_api", payload["event"]["type"], payload, False)
        return self._spawn(self._event_attempt(envelope))

    async def idle(self) -> bool:
        """Wait until nothing is under way; True when something was since the last time this was asked."""
        await self._quiet.wait()
        was_busy = self._started != self._seen
        self._seen = self._started
        return was_busy

    async def close(self) -> None:
        """Give up everything that is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _event_attempt(self, envelope: Envelope) -> Ack:
        ack = await self._deliver(envelope)
        if not ack.acked and not ack.stop_retries and envelope.attempt < len(RETRY_AFTER_S):
            again = Envelope(
                str(uuid.uuid4()), envelope.type, envelope.kind, envelope.payload, False,
                envelope.attempt + 1, ack.reason,
            )  # fmt: skip
            at = self._clock.now() + RETRY_AFTER_S[envelope.attempt]
            self._clock.call_at(at, self._later(lambda: self._event_attempt(again)))
        return ack

    async def _deliver(self, envelope: Envelope) -> Ack:
        twice = self._faults.for_delivery("deliver_twice", envelope.kind)
        lose = self._faults.for_delivery("lose_ack", envelope.kind)
        self._under_way += 1
        self._started += 1
        self._quiet.clear()
        started = time.perf_counter()
        try:
            ack = await self._carrier.carry(envelope)
            if twice:
                await self._carrier.carry(envelope)
            if lose:
                ack = Ack(False, (time.perf_counter() - started) * 1000, ack.body, "operation_timeout")
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self._quiet.set()
        self._record.add(
            "delivery", self._clock.now(), type=envelope.kind, envelope=envelope.type, via=self._carrier.name,
            envelope_id=envelope.id, attempt=envelope.attempt, payload=envelope.payload, acked=ack.acked,
            ack_ms=round(ack.ms, 3), ack=ack.body, error=ack.error, delivered_twice=twice,
        )  # fmt: skip
        return ack

    def _later(self, attempt: Callable[[], Any]) -> Callable[[], None]:
        def start() -> None:
            self._spawn(attempt())

        return start

    def _spawn(self, coroutine: Any) -> asyncio.Task[Ack]:
        # Counted before the task runs, so that `idle` cannot miss it.
        self._started += 1
        self._under_way += 1
        self._quiet.clear()
        task: asyncio.Task[Ack] = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._under_way -= 1
        if self._under_way == 0:
            self._quiet.set()
