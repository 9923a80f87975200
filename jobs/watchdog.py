"""Notices when the process only seems to live, and ends it, so that whoever supervises it starts it anew.

Three ways to be stuck: the event loop is blocked (seen from a thread, since nothing else can see it), a job did not
run, or Socket Mode is gone though Slack answers. While Slack itself does not answer, a new start would help nobody
and would turn leads away meanwhile: then we wait.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

FAILED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Real seconds after which something counts as stuck."""

    loop_s: float = 60.0
    jobs_s: float = 90.0
    socket_s: float = 120.0
    look_every_s: float = 5.0


Answer = Callable[[], Awaitable[bool]]


class Watchdog:
    """`stuck` is the sentence that says what is wrong, None while all is well; `on_stuck` hears it once."""

    def __init__(
        self,
        *,
        last_runs: Callable[[], Mapping[str, float]],
        connected: Answer,
        slack_answers: Answer,
        on_stuck: Callable[[str], None],
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        die: Callable[[int], None] = os._exit,
    ) -> None:
        """`last_runs` gives the monotonic second of the last run of each job that runs every few seconds."""
        self._last_runs = last_runs
        self._connected = connected
        self._slack_answers = slack_answers
        self._on_stuck = on_stuck
        self._patience = patience or Patience()
        self._monotonic = monotonic
        self._die = die
        self._connected_at = self._beat_at = monotonic()
        self._task: asyncio.Task[None] | None = None
        self._ended = threading.Event()
        self.stuck: str | None = None

    def start(self) -> None:
        """Begin to watch. Call it inside the running loop."""
        self._beat_at = self._connected_at = self._monotonic()
        self._task = asyncio.create_task(self._look_again_and_again(), name="watchdog")
        threading.Thread(target=self._watch_the_loop, name="lockstep-watchdog", daemon=True).start()

    async def stop(self) -> None:
        self._ended.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> str | None:
        """What is stuck now, in a sentence."""
        now = self._monotonic()
        for job, ran_at in self._last_runs().items():
            if now - ran_at > self._patience.jobs_s:
                return f"The job {job} has not run for {now - ran_at:.0f} s."
        if await self._connected():
            self._connected_at = now
        elif now - self._connected_at > self._patience.socket_s and await self._slack_answers():
            return f"Socket Mode has been gone for {now - self._connected_at:.0f} s though Slack answers."
        return None

    def loop_is_blocked(self) -> bool:
        """Whether the event loop has not come round for too long. From any thread."""
        return self._monotonic() - self._beat_at > self._patience.loop_s

    async def _look_again_and_again(self) -> None:
        while True:
            self._beat_at = self._monotonic()
            try:
                found = await self.look()
            except Exception as error:
                log.exception("watchdog_failed", error_type=type(error).__name__)
                found = None
            if found is not None and self.stuck is None:
                log.error("stuck", what=found)
                self.stuck = found
                self._on_stuck(found)
            await asyncio.sleep(min(self._patience.look_every_s, self._patience.loop_s / 4))

    def _watch_the_loop(self) -> None:
        while not self._ended.wait(min(self._patience.look_every_s, self._patience.loop_s / 4)):
            if self.loop_is_blocked():
                log.error("stuck", what="The event loop is blocked.")
                self._die(FAILED)
                return
