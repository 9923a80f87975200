"""Brings what is to be said to Slack: lease, load, render, send with no transaction open, record.

Several lanes at once, one row of a lane at a time. A row that fails never stops the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.post import OutboxKind, OutboxRow
from bot.errors import AppRefused, OutcomeUnknown, RetryLater, StorageError, Undeliverable
from bot.ports import Chat
from bot.services.announcements import target_of
from bot.services.delivery import what_to_say
from jobs import records
from jobs.announce import Announce
from jobs.ask_slack import AskSlack
from jobs.backoff import Backoff
from jobs.failures import note
from jobs.records import Record
from jobs.sync_post import Load, SyncPost
from storage.database import Database
from storage.transaction import Transaction

log = structlog.get_logger(__name__)

LANES = 8
"""Lanes in flight at once: Slack takes several hundred messages a minute, a call takes some 100 ms."""
TARGETS = 4
"""Deliveries to other systems in flight at once, beside those to Slack."""
OF_ONE_TARGET = 2
"""Of these, to the same system: one that hangs leaves room for the others."""
LEASE = timedelta(seconds=30)
DELIVERY_S = 25.0
"""Real seconds a delivery may take: shorter than its lease, so that nobody else takes the row meanwhile."""
PATIENCE = 10
"""Failures nobody foresaw after which a row is given up, some 15 minutes after the first."""


class Outbox:
    """Delivers the outbox. `on_room` is called whenever there is room for another lane."""

    def __init__(
        self,
        db: Database,
        chat: Chat,
        *,
        announce: Announce | None = None,
        load: Load = what_to_say,
        lanes: int = LANES,
        seed: int | None = None,
    ) -> None:
        """`announce` tells other systems; without it, what they are to be told waits."""
        self._db = db
        self._lanes = lanes
        self._backoff = Backoff(seed=seed)
        self._announce = announce
        self._sync_post = SyncPost(db, chat, load)
        self._ask_slack = AskSlack(db, chat)
        self._failures: Counter[str] = Counter()
        self._leasing = asyncio.Lock()
        self._in_flight: set[asyncio.Task[None]] = set()
        self._telling: dict[asyncio.Task[None], str] = {}
        """Of these, those to other systems, and to which: a slow one must not hold up Slack."""
        self._told: Counter[str] = Counter()
        """How many are under way to each."""
        self.on_room: Callable[[], None] = lambda: None
        self.on_outcome: Callable[[str, str], None] = lambda kind, outcome: None
        """Hears the kind of each row tried and how it ended: done, later, unknown, undeliverable or failed."""
        self.leased = 0
        """How many rows were ever leased: two equal readings mean none was due in between."""

    @property
    def at_work(self) -> int:
        """Deliveries under way."""
        return len(self._in_flight)

    async def start_due(self) -> int:
        """Start the heads of as many due lanes as there is room for; returns how many. Raises StorageUnavailable."""
        async with self._leasing:
            room = self._lanes - (len(self._in_flight) - len(self._telling))
            rows = await self._db.run(_lease, room) if room > 0 else []
            others = TARGETS - len(self._telling) if self._announce is not None else 0
            rows += await self._db.run(_lease_for_targets, others, dict(self._told)) if others > 0 else []
            self.leased += len(rows)
            for row in rows:
                task = asyncio.create_task(self._deliver(row), name=f"deliver {row.kind} {row.id}")
                self._in_flight.add(task)
                if row.kind is OutboxKind.ANNOUNCE:
                    self._telling[task] = target_of(row.lane)
                    self._told[target_of(row.lane)] += 1
                task.add_done_callback(self._finished)
            return len(rows)

    async def deliver_due(self) -> None:
        """Returns when nothing is due and nothing is under way. Raises StorageUnavailable."""
        while await self.start_due() or self._in_flight:
            if self._in_flight:
                await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self, *, timeout_s: float) -> None:
        """Let what is under way arrive; cut off what takes longer. Rows cut off keep their lease until it ends."""
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=timeout_s)
        late = list(self._in_flight)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        if (target := self._telling.pop(task, None)) is not None:
            self._told[target] -= 1
        self.on_room()

    async def _deliver(self, row: OutboxRow) -> None:
        # A task has a context of its own, so this ends with it.
        structlog.contextvars.bind_contextvars(correlation_id=row.correlation_id)
        try:
            record = await self._try(row)
            recorded = await self._db.run(record, row)
            if row.kind is OutboxKind.ANNOUNCE:
                crash_points.reached(CrashPoint.ANNOUNCE_RECORDED)
            if recorded is not None:
                await self._sync_post.after(recorded)
        except StorageError as error:
            # Nothing can be recorded now: the lease runs out, and what may have arrived is looked up.
            log.warning("outcome not recorded", row=row.id, kind=row.kind.value, error=type(error).__name__)
        except Exception as error:
            reference = note("recording failed", error, row=row.id, kind=row.kind.value)
            await self._give_up_quietly(row, reference)

    async def _try(self, row: OutboxRow) -> Record:
        """Carry the row out; returns what is to be recorded."""
        record: Record
        outcome = "done"
        try:
            async with asyncio.timeout(DELIVERY_S):
                record, outcome = await self._carry_out(row)
        except RetryLater as error:
            if isinstance(error, AppRefused):
                log.warning("slack refuses the app", code=error.code, row=row.id)
            record, outcome = records.later(error), "later"
        except (OutcomeUnknown, TimeoutError) as error:
            log.info("outcome unknown", row=row.id, lane=row.lane, error=str(error) or "no answer in time")
            record, outcome = records.unknown(str(error) or "No answer in time."), "unknown"
        except Undeliverable as error:
            log.warning("undeliverable", row=row.id, kind=row.kind.value, lane=row.lane, code=error.code)
            record, outcome = records.give_up(error), "undeliverable"
        except StorageError:
            raise
        except Exception as error:
            self.on_outcome(row.kind.value, "failed")
            return self._unforeseen(row, error)
        self._failures.pop(row.id, None)
        self.on_outcome(row.kind.value, outcome)
        if outcome == "done":
            log.info("carried out", row=row.id, kind=row.kind.value, lane=row.lane, attempt=row.attempts)
        return record

    async def _carry_out(self, row: OutboxRow) -> tuple[Record, str]:
        match row.kind:
            case OutboxKind.SYNC_POST:
                return await self._sync_post.carry_out(row), "done"
            case OutboxKind.SYNC_HOME:
                return await self._ask_slack.sync_home(row), "done"
            case OutboxKind.REFRESH_PERSON:
                return await self._ask_slack.refresh_person(row), "done"
            case OutboxKind.REFRESH_PEOPLE:
                return await self._ask_slack.refresh_people(row), "done"
            case OutboxKind.ANNOUNCE:
                assert self._announce is not None  # noqa: S101 - leased only with it
                return await self._announce.carry_out(row)

    def _unforeseen(self, row: OutboxRow, error: Exception) -> Record:
        self._failures[row.id] += 1
        failures = self._failures[row.id]
        reference = note("delivery failed", error, row=row.id, kind=row.kind.value, failures=failures)
        if failures < PATIENCE:
            return records.try_again(self._backoff.after(failures), f"Failed, reference {reference}.")
        del self._failures[row.id]
        sentence = f"Lockstep itself failed at it {PATIENCE} times; the log says more under {reference}."
        return records.give_up(Undeliverable(sentence, code="lockstep_failed"))

    async def _give_up_quietly(self, row: OutboxRow, reference: str) -> None:
        """Park a row whose outcome cannot be recorded as it should, so that it is not sent for ever."""
        try:
            await self._db.run(records.park, row, f"Recording failed, reference {reference}.")
        except Exception as error:
            note("parking failed", error, row=row.id)


def _lease(tx: Transaction, room: int) -> list[OutboxRow]:
    return tx.outbox.lease_lanes(room, LEASE)


def _lease_for_targets(tx: Transaction, room: int, told: dict[str, int]) -> list[OutboxRow]:
    """One after the other, so that no target gets more than OF_ONE_TARGET."""
    rows: list[OutboxRow] = []
    while len(rows) < room:
        busy = [target for target, count in told.items() if count >= OF_ONE_TARGET]
        leased = tx.outbox.lease_lanes(1, LEASE, to_targets=True, but_not_to=busy)
        if not leased:
            break
        rows += leased
        told[target_of(leased[0].lane)] = told.get(target_of(leased[0].lane), 0) + 1
    return rows
