"""What time makes us do: ticks, wake-ups, and the answer to "is there anything left to do now?"."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import StorageUnavailable
from bot.services import waiting
from jobs.deliver_outbox import Outbox
from jobs.failures import note
from jobs.sweep_timers import Timers
from storage.database import Database
from storage.transaction import Transaction

log = structlog.get_logger(__name__)

OUTBOX_EVERY_S = 1
TIMERS_EVERY_S = 2
KEEP_HOUSE_EVERY_S = 3600
REMEMBER = timedelta(days=60)
"""How long a delivery from outside is known again: twice the longest retry of a careful sender, and then some."""
KEEP_SENT = timedelta(days=14)
"""How long one can see what was sent when; that it was said stays in the events."""
AT_ONCE = 1000
"""Rows forgotten in one transaction: short enough for a click to wait for."""
KEEP_BRIEFS = timedelta(days=60)
"""How long *Show all* under a brief opens."""
BRIEFS_AT_ONCE = 20
"""A brief may have thousands of lines."""
SETTLE_S = 20.0
"""Real seconds after which `settle` answers that there is more to do; the sandbox then asks again."""


class AtWork(Protocol):
    """Whatever else of this process is at work: handlers, background tasks."""

    started: int

    @property
    def count(self) -> int: ...

    async def idle(self, *, timeout_s: float) -> bool: ...


class Runner:
    """Runs the jobs. The rows decide what is done and when; losing a tick or running one too many changes nothing.

    APScheduler only ticks, which sets an event; a commit sets the same event at once. So a tick never overlaps
    with itself, and a job that fails is simply tried at the next one.
    """

    def __init__(self, db: Database, outbox: Outbox, timers: Timers, others: AtWork) -> None:
        self._db = db
        self._outbox = outbox
        self._timers = timers
        self._others = others
        self._reported = 0
        self._events = {name: asyncio.Event() for name in ("outbox", "timers", "housekeeping")}
        self._pumps: list[asyncio.Task[None]] = []
        self.on_run: Callable[[str], None] = lambda job: None
        """Hears the name of each job that ran."""
        self._ran_at: dict[str, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every tick

    def start(self) -> None:
        """Begin to work, with what is due already. Call it inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._db.on_commit = self.wake
        self._outbox.on_room = self._events["outbox"].set
        # Who has fifty thousand timers to fire is at work, not stuck.
        self._timers.on_fired = lambda: self._ran_at.update(timers=time.monotonic())
        jobs = {
            "outbox": (OUTBOX_EVERY_S, self._outbox.start_due),
            "timers": (TIMERS_EVERY_S, self._timers.sweep),
            "housekeeping": (KEEP_HOUSE_EVERY_S, self._keep_house),
        }
        for name, (seconds, work) in jobs.items():
            self._pumps.append(asyncio.create_task(self._pump(name, work), name=f"job {name}"))
            self._scheduler.add_job(self._tick, "interval", seconds=seconds, args=(name,), id=name)
            self._events[name].set()
        self._scheduler.start()

    async def stop(self, *, timeout_s: float) -> None:
        """Take nothing new, let what is being sent arrive, then end. What had to be cut off after `timeout_s` is
        looked up by whoever starts next."""
        self._db.on_commit = None
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        self._pumps.clear()
        await self._outbox.drain(timeout_s=timeout_s)

    def wake(self) -> None:
        """Look at once at what is due. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    async def settle(self) -> bool:
        """Do everything due by now until nothing is left; returns whether anything was done since the last time."""
        try:
            async with asyncio.timeout(SETTLE_S):
                done = -1
                while done != self._done() or self._outbox.at_work or self._others.count:
                    done = self._done()
                    # First those who may still add something to do.
                    await self._others.idle(timeout_s=SETTLE_S)
                    await self._timers.sweep()
                    await self._outbox.deliver_due()
        except TimeoutError:
            log.warning("still busy", deliveries=self._outbox.at_work, others=self._others.count)
            return True
        worked = self._done() != self._reported
        self._reported = self._done()
        return worked

    async def next_due_at(self) -> datetime | None:
        """The next instant at which a timer or a message is due; None when nothing is planned."""
        return await self._db.read(_next_due)

    def last_runs(self) -> dict[str, float]:
        """The monotonic second at which each job that ticks every few seconds last came to an end."""
        return {name: self._ran_at[name] for name in ("outbox", "timers") if name in self._ran_at}

    def _done(self) -> int:
        return self._timers.taken + self._outbox.leased + self._others.started

    async def _tick(self, name: str) -> None:
        """A coroutine, because the scheduler runs plain functions in threads, where an event must not be set."""
        self._events[name].set()

    def _wake(self) -> None:
        self._events["outbox"].set()
        self._events["timers"].set()

    async def _pump(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        event = self._events[name]
        self._ran_at[name] = time.monotonic()
        while True:
            await event.wait()
            event.clear()
            try:
                await work()
            except StorageUnavailable:
                log.warning("the database is not available; the next tick tries again", job=name)
            except Exception as error:
                note("job failed; the next tick tries again", error, job=name)
            self._ran_at[name] = time.monotonic()
            self.on_run(name)

    async def _keep_house(self) -> None:
        await self._db.run(waiting.try_again)
        while await self._db.run(_forget):
            pass


def _next_due(tx: Transaction) -> datetime | None:
    return min((at for at in (tx.timers.next_due(), tx.outbox.next_due()) if at is not None), default=None)


def _forget(tx: Transaction) -> bool:
    """Old deliveries, from outside and to Slack, old briefs and reassignments are forgotten, at most so many of each;
    whether there may be more."""
    heard = tx.seen.prune(tx.now - REMEMBER, AT_ONCE)
    said = tx.outbox.prune(tx.now - KEEP_SENT, AT_ONCE)
    waited = tx.news.prune(tx.now - REMEMBER, AT_ONCE)
    told = tx.announcements.prune(tx.now - REMEMBER, AT_ONCE)
    read = tx.briefs.prune(tx.now - KEEP_BRIEFS, BRIEFS_AT_ONCE)
    moved = tx.reassignments.prune(tx.now - REMEMBER, AT_ONCE)
    return AT_ONCE in (heard, said, waited, told, moved) or read == BRIEFS_AT_ONCE
