"""The database: runs a use case in one transaction.

storage.postgres is imported only where it is used: what it needs takes a good part of the time of a start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import structlog

from bot.ports import NO_HOLIDAYS, Clock, Holidays
from storage import sqlite
from storage.ids import Ids
from storage.transaction import Transaction
from storage.urls import parse_url

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_S = 10.0
"""For work that nobody waits for. Who answers somebody asks for a `patient` of their own."""

UseCase = Callable[Concatenate[Transaction, P], T]
"""A plain function of a transaction; it cannot wait for anything, so no network call happens inside."""

Unit = Callable[[Transaction], T]


class Engine(Protocol):
    """What SQLite and PostgreSQL do each in their own way."""

    async def run(self, unit: Unit[T], patience_s: float) -> T: ...

    async def read(self, unit: Unit[T], patience_s: float) -> T: ...

    async def close(self) -> None: ...


class Database:
    """Runs use cases. One for a process, opened with `Database.open`, closed once.

    `on_commit` is called in the event loop's thread after a commit that added something to say or something due.
    """

    def __init__(self, engine: Engine, on_commit: Callable[[], None] | None, patience: Callable[[], float]) -> None:
        self.on_commit = on_commit
        self._engine = engine
        self._patience = patience

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock,
        holidays: Holidays = NO_HOLIDAYS,
        on_commit: Callable[[], None] | None = None,
        seed: int | None = None,
        patience_s: float = PATIENCE_S,
    ) -> Database:
        """The database at `url` (LOCKSTEP_DATABASE_URL); it is reached at the first use.

        Whatever moves a lead or changes when people work needs `holidays`. `seed` makes ids repeatable, for tests. Who
        waits longer than `patience_s` for its transaction to begin hears StorageUnavailable, and nothing of it happens.
        Raises ConfigError for a URL that names no database.
        """
        parsed = parse_url(url)
        ids = Ids(seed)
        engine: Engine
        if parsed.get_backend_name() == "sqlite":
            engine = sqlite.SqliteEngine(parsed, clock=clock, ids=ids, holidays=holidays)
        else:
            from storage.postgres import PostgresEngine  # noqa: PLC0415 - see the top of this module

            engine = PostgresEngine(parsed, clock=clock, ids=ids, holidays=holidays)
        database = cls(engine, on_commit, lambda: patience_s)
        engine.on_commit = database._committed
        return database

    def patient(self, patience: Callable[[], float]) -> Database:
        """The same database for callers who wait as long as `patience()` says, in real seconds. `close` and
        `on_commit` remain matters of the one that was opened."""
        return Database(self._engine, None, patience)

    async def run(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `use_case(tx, *args, **kwargs)` returns, committed. When it raises, nothing is changed.

        Repeated up to five times when transactions got in each other's way, so it may run more than once.
        A caller that is cancelled does not wait any longer; the transaction then commits or not, but as a whole.

        Raises what `use_case` raises; StorageUnavailable when the database cannot be reached, is locked, full or
        read-only; StorageError when it refuses what the use case wrote.
        """
        # Read here: the writer is another thread, with a context of its own.
        cause = structlog.contextvars.get_contextvars().get("correlation_id")

        def unit(tx: Transaction) -> T:
            tx.correlation_id = cause
            return use_case(tx, *args, **kwargs)

        return await self._engine.run(unit, self._patience())

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `use_case(tx, *args, **kwargs)` returns, from one consistent state and without holding up `run`.

        Raises StorageError when the use case writes, else as `run`.
        """
        return await self._engine.read(lambda tx: use_case(tx, *args, **kwargs), self._patience())

    async def close(self) -> None:
        """Everything under way has ended; whoever comes later gets StorageUnavailable."""
        await self._engine.close()

    def _committed(self) -> None:
        if self.on_commit is not None:
            self.on_commit()


def run_now(url: str, clock: Clock, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `Database.run`, without an event loop: for commands that do one thing and end."""
    parsed = parse_url(url)
    unit: Unit[T] = lambda tx: use_case(tx, *args, **kwargs)  # noqa: E731
    if parsed.get_backend_name() == "sqlite":
        return sqlite.run_once(parsed, clock, Ids(), unit)
    from storage import postgres  # noqa: PLC0415 - see the top of this module

    return postgres.run_once(parsed, clock, Ids(), unit)
