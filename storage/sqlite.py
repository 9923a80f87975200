"""SQLite: one thread writes, two read.

Use cases that arrive together share one commit, each in a savepoint of its own: a commit waits for the disk, and
waits no longer for thirty-two. Each caller hears only after that commit.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.errors import StorageError, StorageUnavailable
from bot.ports import NO_HOLIDAYS, Clock, Holidays
from storage.failures import is_refused_write, translated
from storage.full_text_merge import FullTextMerge
from storage.ids import Ids
from storage.sqlite_connection import BUSY_TIMEOUT_S, make_engine
from storage.transaction import Transaction

T = TypeVar("T")
Unit = Callable[[Transaction], T]

LARGEST_BATCH = 32
SCRUB_EVERY_S = 0.5
"""How soon clearing the write-ahead log is tried again when a reader was at work."""
MERGE_EVERY_S = 0.01
"""Between two steps of merging the full text, where nobody waits."""
READERS = 2
_CLOSED = "Lockstep is shutting down."


@dataclass(slots=True, eq=False)
class _Waiting:
    """A use case in the queue. Whoever takes `claim` first decides: the writer runs it, or the caller gave up."""

    unit: Unit[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    claim: threading.Lock = field(default_factory=threading.Lock)

    def give_up(self) -> None:
        if self.claim.acquire(blocking=False) and not self.future.done():
            self.future.set_exception(StorageUnavailable("The database is locked by another program, or too busy."))


@dataclass(slots=True)
class _Outcome:
    waiting: _Waiting
    result: Any = None
    error: BaseException | None = None
    wake: bool = False
    scrub: bool = False


class SqliteEngine:
    """The engine of Database for SQLite."""

    def __init__(self, url: sa.URL, *, clock: Clock, ids: Ids, holidays: Holidays) -> None:
        self.on_commit: Callable[[], None] = lambda: None
        self._clock = clock
        self._ids = ids
        self._holidays = holidays
        self._engine = make_engine(url, begin="BEGIN IMMEDIATE")
        self._read_engine = make_engine(url, begin="BEGIN", query_only=True)
        self._connection: sa.Connection | None = None
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closed = False
        # Somebody may have been erased just before the last process was killed.
        self._must_scrub = True
        self._merge = FullTextMerge()
        self._writer = threading.Thread(target=self._write, name="lockstep-writer", daemon=True)
        self._writer.start()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="lockstep-reader")
        self._reader_connections: dict[int, sa.Connection] = {}
        """By thread."""

    async def run(self, unit: Unit[T], patience_s: float) -> T:
        if self._closed:
            raise StorageUnavailable(_CLOSED)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        waiting = _Waiting(unit, loop, future)
        patience = loop.call_later(patience_s, waiting.give_up)
        self._queue.put(waiting)
        try:
            return await future
        except asyncio.CancelledError:
            waiting.claim.acquire(blocking=False)  # not begun: it never will be; begun: it commits without us
            raise
        finally:
            patience.cancel()

    async def read(self, unit: Unit[T], patience_s: float) -> T:
        if self._closed:
            raise StorageUnavailable(_CLOSED)
        try:
            async with asyncio.timeout(patience_s):
                return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, unit)
        except TimeoutError:
            raise StorageUnavailable("The database is too busy.") from None

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self._writer.join()
        self._readers.shutdown()
        # The last one out merges the write-ahead log into the file, so that the file alone is the database.
        for thread in list(self._reader_connections):
            self._drop_reader(thread)
        self._engine.dispose()
        self._read_engine.dispose()

    # ---------------------------------------------------------------------------------------------- the writer

    def _write(self) -> None:
        """The thread: batches until the end of the queue."""
        going_on = True
        while going_on:
            batch: list[_Waiting] = []
            going_on = self._collect(batch)
            if batch:
                outcomes = self._run_batch(batch)
                self._answer(outcomes)
                self._must_scrub |= any(outcome.scrub and outcome.error is None for outcome in outcomes)
            if self._must_scrub:
                self._scrub()
        self._drop_connection()

    def _scrub(self) -> None:
        """What was overwritten is gone from the write-ahead log, too: its pages are in the file and it is empty.

        Between two batches, so that no click waits for more than a few pages; while a reader is at work it is left
        for a moment later.
        """
        if self._connection is None:
            return
        raw: sqlite3.Connection = self._connection.connection.driver_connection  # type: ignore[assignment]
        try:
            raw.execute("PRAGMA busy_timeout = 0")
            try:
                if self._merge.step(raw):
                    return
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")
        except sqlite3.Error:
            return  # disk full and the like: whoever writes next hears of it
        self._must_scrub = bool(busy)

    def _collect(self, batch: list[_Waiting]) -> bool:
        """Waits for work and takes what else is there; False at the end of the queue. Without any when there is
        something to tidy up."""
        try:
            waiting = self._queue.get(timeout=self._longest_wait_s())
        except queue.Empty:
            return True
        while waiting is not None:
            batch.append(waiting)
            if len(batch) == LARGEST_BATCH:
                return True
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return True
        return False

    def _longest_wait_s(self) -> float | None:
        """For the next use case, when there is something to tidy up."""
        if not self._must_scrub or self._connection is None:
            return None
        return MERGE_EVERY_S if self._merge.is_going_on else SCRUB_EVERY_S

    def _run_batch(self, batch: list[_Waiting]) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        try:
            connection = self._begun()
            for waiting in batch:
                if waiting.claim.acquire(blocking=False):
                    self._run_unit(connection, waiting, outcomes)
            connection.commit()
        except Exception as error:  # noqa: BLE001 - each caller hears it
            self._drop_connection()
            return self._all_failed(batch, outcomes, error)
        return outcomes

    def _run_unit(self, connection: sa.Connection, waiting: _Waiting, outcomes: list[_Outcome]) -> None:
        """Runs one use case in a savepoint of its own. Raises when the whole transaction is lost."""
        raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        raw.execute("SAVEPOINT unit")
        try:
            tx = Transaction(connection, now=self._clock.now(), ids=self._ids, holidays=self._holidays)
            result = waiting.unit(tx)
            tx.flush()
        except Exception as error:
            if not raw.in_transaction:
                raise  # SQLite gave up the transaction itself: disk full, input and output errors
            raw.execute("ROLLBACK TO unit")
            raw.execute("RELEASE unit")
            outcomes.append(_Outcome(waiting, error=_named(error)))
        else:
            raw.execute("RELEASE unit")
            outcomes.append(_Outcome(waiting, result=result, wake=tx.wake, scrub=tx.scrub))

    def _all_failed(self, batch: list[_Waiting], begun: list[_Outcome], error: Exception) -> list[_Outcome]:
        """Nothing of the batch is stored. Those that failed by themselves keep their own error."""
        named = _named(error)
        own = {id(outcome.waiting): outcome.error for outcome in begun if outcome.error is not None}
        outcomes = []
        for waiting in batch:
            # Whoever was being run when it broke holds its claim already, as whoever gave up: whose future is done.
            waiting.claim.acquire(blocking=False)
            outcomes.append(_Outcome(waiting, error=own.get(id(waiting), named)))
        return outcomes

    def _answer(self, outcomes: list[_Outcome]) -> None:
        """Each caller hears, in its own loop; one call into a loop for all of its callers."""
        by_loop: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
        for outcome in outcomes:
            by_loop.setdefault(outcome.waiting.loop, []).append(outcome)
        for loop, of_loop in by_loop.items():
            try:
                loop.call_soon_threadsafe(self._hand_over, of_loop)
            except RuntimeError:
                continue  # the loop was closed: nobody waits any more

    def _hand_over(self, outcomes: list[_Outcome]) -> None:
        for outcome in outcomes:
            future = outcome.waiting.future
            if future.done():
                continue
            if outcome.error is None:
                future.set_result(outcome.result)
            else:
                future.set_exception(outcome.error)
        if any(outcome.wake and outcome.error is None for outcome in outcomes):
            self.on_commit()

    def _begun(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        self._connection.begin()
        return self._connection

    def _drop_connection(self) -> None:
        """Closes the connection, which rolls back; the next batch opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    # --------------------------------------------------------------------------------------------- the readers

    def _read(self, unit: Unit[T]) -> T:
        thread = threading.get_ident()
        try:
            connection = self._reader_connections.get(thread)
            if connection is None:
                connection = self._reader_connections[thread] = self._read_engine.connect()
            with connection.begin():
                return _once(connection, unit, self._clock, self._ids, self._holidays)
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            self._drop_reader(thread)
            if isinstance(error, sa.exc.OperationalError) and is_refused_write(error):
                raise StorageError("This only reads: it cannot change anything.") from None
            raise _named(error) from None

    def _drop_reader(self, thread: int) -> None:
        """Closes a reader's connection; its next read opens another."""
        connection = self._reader_connections.pop(thread, None)
        if connection is not None:
            connection.invalidate()
            connection.close()


def run_once(url: sa.URL, clock: Clock, ids: Ids, unit: Unit[T]) -> T:
    """One transaction without a loop or threads."""
    engine = make_engine(url, begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            return _once(connection, unit, clock, ids, NO_HOLIDAYS)
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        raise _named(error) from None
    finally:
        engine.dispose()


def _once(connection: sa.Connection, unit: Unit[T], clock: Clock, ids: Ids, holidays: Holidays) -> T:
    tx = Transaction(connection, now=clock.now(), ids=ids, holidays=holidays)
    result = unit(tx)
    tx.flush()
    return result


def _named(error: Exception) -> Exception:
    """Our own error for the database's; any other as it is."""
    if isinstance(error, sa.exc.SQLAlchemyError | sqlite3.Error):
        return translated(error)
    return error
