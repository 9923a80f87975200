"""Fires what is due, each timer in a transaction of its own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.post import Timer
from bot.errors import StorageUnavailable
from bot.services import timers
from jobs.backoff import Backoff
from jobs.failures import note
from storage.database import Database
from storage.transaction import Transaction

LONGEST = timedelta(hours=1)
AT_ONCE = 200
"""How many due timers are looked up in one go."""

Fire = Callable[[Transaction, Timer], None]


class Timers:
    """Sweeps due timers. One that fails is put off and stays; it never keeps another from firing."""

    def __init__(
        self,
        db: Database,
        *,
        fire: Fire = timers.fire,
        beat: Callable[[Transaction], None] = lambda _tx: None,
        seed: int | None = None,
    ) -> None:
        """`beat` hears of each sweep."""
        self._db = db
        self._beat = beat
        self._fire = fire
        self._backoff = Backoff(seed=seed, longest=LONGEST)
        self._sweeping = asyncio.Lock()
        self.taken = 0
        """How many timers were ever taken: two equal readings mean none was due in between."""
        self.on_fired: Callable[[], None] = lambda: None
        """Called after each, also in a sweep that has much to do."""

    async def sweep(self) -> None:
        """Returns when no timer is due, but those another process is just firing. Raises StorageUnavailable; what had
        fired by then has."""
        async with self._sweeping:
            is_ours = True
            while is_ours and (due := await self._db.run(self._due)):
                is_ours = False
                for timer in due:
                    if await self._fire_one(timer.id):
                        is_ours = True
                        self.taken += 1
                        self.on_fired()

    async def _fire_one(self, timer_id: str) -> bool:
        """False when it is not due any more, or another process fires it."""
        taken: list[Timer] = []
        try:
            with structlog.contextvars.bound_contextvars(correlation_id=uuid.uuid4().hex[:12]):
                return await self._db.run(self._take_and_fire, timer_id, taken)
        except StorageUnavailable:
            raise
        except Exception as error:
            if not taken:
                raise
            timer = taken[-1]
            # Its transaction was rolled back, so the timer is still there, and due.
            wait = self._backoff.after(timer.attempts + 1)
            note("timer failed", error, timer=timer.id, kind=timer.kind.value, again_in_s=wait.total_seconds())
            await self._db.run(_postpone, timer, wait)
            return True

    def _due(self, tx: Transaction) -> list[Timer]:
        self._beat(tx)
        return tx.timers.due(AT_ONCE)

    def _take_and_fire(self, tx: Transaction, timer_id: str, taken: list[Timer]) -> bool:
        """`taken` names the timer to the caller also when firing it raises."""
        taken.clear()
        timer = tx.timers.take(timer_id)
        if timer is None:
            return False
        taken.append(timer)
        self._fire(tx, timer)
        return True


def _postpone(tx: Transaction, timer: Timer, wait: timedelta) -> None:
    """Unless it was cancelled, set anew or fired by another process meanwhile."""
    if tx.timers.get(timer.kind, timer.subject_id) == timer:
        tx.timers.postpone(timer, tx.now + wait)
