"""One sweep among a million leads: what finding the timers that are due costs, what firing them, and what a click does.

Each figure stands beside a floor of the same run and disk: the same number of smallest commits by hand, one row changed
in each. Firing is not part of finding: every timer fires in a transaction of its own (promise P4), so a hundred of them
can never be faster than a hundred commits.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench import million
from bot.domain.post import Timer
from bot.services import home
from bot.services.handoffs import AcceptHandoff, accept_handoff
from bot.services.rejects import RejectHandoff, reject_handoff
from jobs.sweep_timers import AT_ONCE, Timers
from storage.database import Database
from storage.schema import migrate
from storage.tables import metadata
from storage.transaction import Transaction
from storage.urls import parse_url, sqlite_path

LEADS = 1_000_000
ROUNDS = 21
CLICKS = 50
HOMES = 5
SMALL = 1_000
"""A table below this size may be read from end to end."""


async def sweep(name: str, url: str | None, leads: int = LEADS) -> None:
    """Prints the figures, and every statement that read a large table from end to end."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        own = url or f"sqlite:///{Path(folder) / 'lockstep.db'}"
        migrate(own, lambda _: None)
        company = million.build(name, own, leads)
        floor = _floor(own)
        print(f"  {name}: floor, {million.DUE} smallest commits by hand: {floor * 1000:.1f} ms", flush=True)
        db = Database.open(own, clock=million.StandingClock())
        try:
            statements: dict[str, Any] = {}
            with _noted(statements):
                # What a process does once, reading the agreement and compiling statements, is no part of the figures.
                handoff_id, by = company.offered[-1]
                await db.run(accept_handoff, AcceptHandoff(handoff_id=handoff_id, by=by))
                await _find(db, name)
                await _fire(db, name, floor)
            said = await db.run(_reminders)
            assert said == million.DUE, said
            with _noted(statements):
                await _clicks(db, name, company, floor / million.DUE)
            await db.run(_explain, name, statements)
        finally:
            await db.close()


async def _find(db: Database, name: str) -> None:
    found: list[Timer] = []
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = await db.run(lambda tx: tx.timers.due(AT_ONCE))
        took.append(time.perf_counter() - began)
    assert len(found) == million.DUE, len(found)
    print(
        f"  {name}: finding the {len(found)} that are due: median {statistics.median(took) * 1000:.1f} ms, the first "
        f"time {took[0] * 1000:.1f} ms",
        flush=True,
    )


async def _fire(db: Database, name: str, floor: float) -> None:
    sweeper = Timers(db)
    began, cpu = time.perf_counter(), time.process_time()
    await sweeper.sweep()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert sweeper.taken == million.DUE
    print(
        f"  {name}: the whole sweep, {sweeper.taken} reminders, each in its own transaction: {took * 1000:.0f} ms "
        f"({took / floor:.1f} of the floor; {cpu / sweeper.taken * 1000:.1f} ms of CPU each)",
        flush=True,
    )


def _reminders(tx: Transaction) -> int:
    counted = "SELECT count(*) FROM posts WHERE subject = 'reminder'"
    return int(tx.posts._connection.exec_driver_sql(counted).scalar() or 0)


async def _clicks(db: Database, name: str, company: million.Company, commit: float) -> None:
    offers = iter(company.offered)

    def accept() -> Awaitable[object]:
        handoff_id, by = next(offers)
        return db.run(accept_handoff, AcceptHandoff(handoff_id=handoff_id, by=by))

    def reject() -> Awaitable[object]:
        handoff_id, by = next(offers)
        return db.run(reject_handoff, RejectHandoff(handoff_id=handoff_id, by=by, reason="low_intent"))

    def load(of: str) -> Callable[[], Awaitable[object]]:
        return lambda: db.read(home.load_home, of)

    calls: dict[str, tuple[Callable[[], Awaitable[object]], int]] = {
        "an accept": (accept, CLICKS),
        "a reject": (reject, CLICKS),
        "a rep's Home": (load(company.rep), HOMES),
        "a manager's Home": (load(company.manager), HOMES),
        "a marketer's Home": (load(company.marketer), HOMES),
    }
    for what, (call, times) in calls.items():
        took = []
        for _ in range(times):
            began = time.perf_counter()
            await call()
            took.append(time.perf_counter() - began)
        took.sort()
        middle = statistics.median(took)
        print(
            f"  {name}: {what}: median {middle * 1000:.1f} ms ({middle / commit:.1f} smallest commits), slowest of "
            f"{times} {took[-1] * 1000:.1f} ms",
            flush=True,
        )


@contextmanager
def _noted(sent: dict[str, Any]) -> Iterator[None]:
    """Every statement that is sent meanwhile is in `sent`, with the parameters of the last time."""

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent[statement] = parameters

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)


def _explain(tx: Transaction, name: str, statements: dict[str, Any]) -> None:
    connection = tx.timers._connection
    bad = 0
    asked = {text: given for text, given in statements.items() if text.split()[0] in {"SELECT", "UPDATE", "DELETE"}}
    sizes: dict[str, int] = {}
    for text, given in asked.items():
        one = given[0] if isinstance(given, list) else given
        for table in _whole(connection, text, one):
            if table not in sizes:
                sizes[table] = int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)
            if sizes[table] >= SMALL:
                bad += 1
                print(f"    reads all of {table} ({sizes[table]:,} rows): {' '.join(text.split())[:300]}")
    print(
        f"  {name}: of {len(asked)} different statements {bad or 'none'} read a large table from end to end", flush=True
    )


def _whole(connection: sa.Connection, text: str, given: Any) -> list[str]:
    """The tables the statement reads from end to end."""
    if connection.dialect.name == "sqlite":
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)]
        found = [re.match(r"SCAN (\w+)$", line) for line in plan]
    else:
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {text}", given)]
        found = [re.search(r"Seq Scan on (\w+)", line) for line in plan]
    return [match[1] for match in found if match and match[1] in metadata.tables]


def _floor(url: str) -> float:
    """Seconds for as many smallest commits as timers are due, by the driver alone."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(sqlite_path(parsed), isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous = FULL")
            return _commits(raw.execute, "BEGIN IMMEDIATE")
    dsn = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        return _commits(lambda statement: connection.execute(statement.encode()), "BEGIN")


def _commits(execute: Callable[[str], object], begin: str) -> float:
    execute("CREATE TABLE raw_floor (n INTEGER NOT NULL)")
    execute("INSERT INTO raw_floor VALUES (0)")
    began = time.perf_counter()
    for _ in range(million.DUE):
        execute(begin)
        execute("UPDATE raw_floor SET n = n + 1")
        execute("COMMIT")
    took = time.perf_counter() - began
    execute("DROP TABLE raw_floor")
    return took
