"""PostgreSQL: psycopg 3 in the event loop, a small pool, transactions repeated when they got in each other's way."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import Stale, StorageUnavailable
from bot.ports import Clock, Holidays
from storage.failures import ATTEMPTS, is_worth_repeating, translated
from storage.ids import Ids
from storage.postgres_connection import LOCK_TIMEOUT_S, make_sync_engine, options, set_up
from storage.transaction import Transaction

T = TypeVar("T")
Unit = Callable[[Transaction], T]

POOL = 10
READERS = 4
"""How many connections reports may have of them."""
LONGEST_WAIT_S = 30.0
"""For a connection of the pool; each caller has a shorter patience of its own."""
SHORTEST_WAIT_S = 0.05
_CLOSED = "Lockstep is shutting down."
_NONE_FREE = "The database does not answer, or has no connection free."


class PostgresEngine:
    """The engine of Database for PostgreSQL."""

    def __init__(self, url: sa.URL, *, clock: Clock, ids: Ids, holidays: Holidays) -> None:
        self.on_commit: Callable[[], None] = lambda: None
        self._clock = clock
        self._ids = ids
        self._holidays = holidays
        self._engine = create_async_engine(
            url,
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=LONGEST_WAIT_S,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            **options(),
        )
        sa.event.listen(self._engine.sync_engine, "connect", set_up)
        self._read_engine = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._readers = asyncio.Semaphore(READERS)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def run(self, unit: Unit[T], patience_s: float) -> T:
        return await self._shielded(self._run(unit, patience_s))

    async def read(self, unit: Unit[T], patience_s: float) -> T:
        return await self._shielded(self._read(unit, patience_s))

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._engine.dispose()

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        """A caller that is cancelled leaves the transaction to its end: cut off in its commit it could be either."""
        if self._closed:
            work.close()
            raise StorageUnavailable(_CLOSED)
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # heard, also when the caller has gone

    async def _run(self, unit: Unit[T], patience_s: float) -> T:
        until = asyncio.get_running_loop().time() + patience_s
        for attempt in range(1, ATTEMPTS + 1):
            try:
                connection = await self._connected(self._engine, until)
                try:
                    result, wake = await connection.run_sync(self._commit, unit, until)
                finally:
                    await connection.close()
            except (sa.exc.SQLAlchemyError, Stale, OSError) as error:
                if attempt == ATTEMPTS or not is_worth_repeating(error):
                    raise translated(error) from None
                # Those who collided do not try again in the same instant.
                await asyncio.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311
            else:
                if wake:
                    self.on_commit()
                return result
        raise AssertionError("the last attempt returns or raises")

    def _commit(self, connection: sa.Connection, unit: Unit[T], until: float) -> tuple[T, bool]:
        left_s = until - asyncio.get_running_loop().time()
        if left_s < LOCK_TIMEOUT_S:
            # The same patience for what others have locked.
            milliseconds = int(max(left_s, SHORTEST_WAIT_S) * 1000)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{milliseconds}ms'")
        tx = Transaction(connection, now=self._clock.now(), ids=self._ids, holidays=self._holidays)
        result = unit(tx)
        tx.flush()
        connection.commit()
        return result, tx.wake

    async def _read(self, unit: Unit[T], patience_s: float) -> T:
        until = asyncio.get_running_loop().time() + patience_s
        try:
            async with asyncio.timeout_at(until):
                await self._readers.acquire()
        except TimeoutError:
            raise StorageUnavailable(_NONE_FREE) from None
        try:
            connection = await self._connected(self._read_engine, until)
            try:
                return await connection.run_sync(self._look, unit)
            finally:
                await connection.close()
        except (sa.exc.SQLAlchemyError, OSError) as error:
            raise translated(error) from None
        finally:
            self._readers.release()

    def _look(self, connection: sa.Connection, unit: Unit[T]) -> T:
        tx = Transaction(connection, now=self._clock.now(), ids=self._ids, holidays=self._holidays)
        result = unit(tx)
        tx.flush()
        return result

    async def _connected(self, engine: Any, until: float) -> AsyncConnection:
        """A connection before the loop's time is `until`."""
        try:
            async with asyncio.timeout_at(until):
                connection: AsyncConnection = await engine.connect()
                return connection
        except TimeoutError:
            raise StorageUnavailable(_NONE_FREE) from None


def run_once(url: sa.URL, clock: Clock, ids: Ids, unit: Unit[T]) -> T:
    """One transaction without a loop, repeated as in `PostgresEngine.run`."""
    engine = make_sync_engine(url)
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with engine.begin() as connection:
                    tx = Transaction(connection, now=clock.now(), ids=ids)
                    result = unit(tx)
                    tx.flush()
            except (sa.exc.SQLAlchemyError, Stale, OSError) as error:
                if attempt == ATTEMPTS or not is_worth_repeating(error):
                    raise translated(error) from None
            else:
                return result
        raise AssertionError("the last attempt returns or raises")
    finally:
        engine.dispose()
