"""What runs beside an answer: counted, held by a strong reference, drained before the end.

The event loop keeps only weak references to tasks, so one that nobody holds may vanish half done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Tasks:
    """Every background task of the process, and the handlers that are still at work.

    All methods belong to the event loop's thread.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._at_work = 0
        self._rest = asyncio.Event()
        self._rest.set()
        self._closed = False
        self.started = 0
        """How many tasks and handlers were ever started: two equal readings mean nothing began in between."""

    @property
    def count(self) -> int:
        """Tasks and handlers at work now."""
        return len(self._tasks) + self._at_work

    def spawn(self, work: Coroutine[Any, Any, Any], *, name: str) -> None:
        """Start `work` and hold it until it is done. A failure is logged under `name`; it reaches nobody
        else.

        After `drain` nothing new is started: the work is closed and a line is logged.
        """
        if self._closed:
            work.close()
            log.warning("background task came too late", task=name)
            return
        self.started += 1
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        self._rest.clear()
        task.add_done_callback(self._done)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Counts a handler as at work while the block runs, so that the end and the sandbox's clock wait
        for it."""
        self.started += 1
        self._at_work += 1
        self._rest.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            self._maybe_rest()

    async def idle(self, *, timeout_s: float) -> bool:
        """Wait until nothing is at work; returns False when that took longer than `timeout_s` of real
        time."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.count:
                    await self._rest.wait()
        except TimeoutError:
            return False
        return True

    async def drain(self, *, timeout_s: float) -> int:
        """Take no new tasks, wait for those at work, cancel what is left after `timeout_s`.

        Returns how many had to be cancelled.
        """
        self._closed = True
        if await self.idle(timeout_s=timeout_s):
            return 0
        late = list(self._tasks)
        for task in late:
            log.warning("background task cancelled at the end", task=task.get_name())
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", task=task.get_name(), error=type(error).__name__)
        self._maybe_rest()

    def _maybe_rest(self) -> None:
        if not self.count:
            self._rest.set()
