"""Accepts a second: the whole use case in one transaction that is on disk before it is acknowledged.

The floor, measured in the same run on the same disk: five statements by hand (one SELECT, two UPDATEs, two INSERTs)
with nothing between them and the driver. The use case does more: rights, versions, events, timers, cards, Homes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.lead import Lead, Priority, Stage
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import PostRole, Subject
from bot.services.handoffs import AcceptHandoff, accept_handoff
from storage.database import Database
from storage.schema import migrate
from storage.transaction import Transaction
from storage.urls import parse_url

ACCEPTS = 750
CALLERS = (1, 8, 32)
RAW_CALLERS = 10
"""Connections of the floor on PostgreSQL: as many as our pool has."""
_HANDED_OVER_AT_ONCE = 250
_PAYLOAD = "x" * 1000

_RAW_TABLES = (
    "CREATE TABLE raw_lead (id INTEGER PRIMARY KEY, stage TEXT NOT NULL, version INTEGER NOT NULL)",
    "CREATE TABLE raw_handoff (id INTEGER PRIMARY KEY, status TEXT NOT NULL, rep TEXT, version INTEGER NOT NULL)",
    "CREATE TABLE raw_event (id INTEGER PRIMARY KEY, lead INTEGER, data TEXT)",
    "CREATE TABLE raw_outbox (id INTEGER PRIMARY KEY, kind TEXT, subject INTEGER, UNIQUE (kind, subject))",
)
_NUMBERS = "WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n < {last}) "
_RAW_ROWS = (
    "INSERT INTO raw_lead " + _NUMBERS + "SELECT n, 'mql', 1 FROM r",
    "INSERT INTO raw_handoff " + _NUMBERS + "SELECT n, 'offered', NULL, 1 FROM r",
)
_RAW_ACCEPT = (
    "SELECT status, version FROM raw_handoff WHERE id = {n}",
    "UPDATE raw_handoff SET status = 'accepted', rep = 'r', version = 2 WHERE id = {n} AND status = 'offered'",
    "UPDATE raw_lead SET stage = 'sal', version = 2 WHERE id = {n} AND version = 1",
    "INSERT INTO raw_event (id, lead, data) VALUES ({n}, {n}, '" + _PAYLOAD + "')",
    "INSERT INTO raw_outbox (id, kind, subject) VALUES ({n}, 'sync_post', {n})",
)


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


async def accepts(name: str, url: str | None) -> None:
    """Prints accepts a second by number of callers, and the ratio to the floor."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        own = url or f"sqlite:///{Path(folder) / 'lockstep.db'}"
        migrate(own, lambda _: None)
        floor = await _floor(own, Path(folder))
        db = Database.open(own, clock=_Clock())
        try:
            print(f"  {name}: floor {floor:.0f} raw transactions/s", flush=True)
            for callers in CALLERS:
                await _measure(db, name, callers, floor)
        finally:
            await db.close()


async def _measure(db: Database, name: str, callers: int, floor: float) -> None:
    handoffs = await _hand_over(db, name, callers)
    waiting = iter(handoffs)
    took: list[float] = []

    async def click() -> None:
        for handoff_id, by in waiting:
            begun = time.perf_counter()
            decided = await db.run(accept_handoff, AcceptHandoff(handoff_id=handoff_id, by=by))
            took.append(time.perf_counter() - begun)
            assert decided.handoff.status is Status.ACCEPTED

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(click() for _ in range(callers)))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    took.sort()
    rate = len(took) / seconds
    print(
        f"\r  {name}: {callers:2} callers: {rate:5.0f} accepts/s ({rate / floor:.2f} of the floor), median "
        f"{took[len(took) // 2] * 1000:.1f} ms, 99 % {took[int(len(took) * 0.99)] * 1000:.1f} ms, "
        f"{cpu / len(took) * 1e6:.0f} us of CPU each",
        flush=True,
    )


async def _hand_over(db: Database, name: str, callers: int) -> list[tuple[str, str]]:
    """Open offers to a rep each, with their cards: (handoff, Slack id of the rep)."""
    made: list[tuple[str, str]] = []
    while len(made) < ACCEPTS:
        made += await db.run(_offers, callers, len(made))
        print(f"\r  {name}: {len(made)} of {ACCEPTS} leads handed over", end="", flush=True)
    return made


def _offers(tx: Transaction, callers: int, start: int) -> list[tuple[str, str]]:
    slack_id = f"U{callers:02}{start:05}"
    flags = SlackFlags(checked_at=tx.now)
    rep = Person(
        id=tx.new_id(), name="Rep", slack_id=slack_id, side=Side.SALES, roles=frozenset({Role.REP}), flags=flags
    )
    tx.people.add(rep)
    agreement = tx.agreements.in_force()
    made = []
    for number in range(_HANDED_OVER_AT_ONCE):
        lead = Lead(
            id=tx.new_id(),
            source="bench",
            external_id=f"{callers}-{start + number}",
            name="Somebody",
            stage=Stage.MQL,
            summary=_PAYLOAD,
            created_at=tx.now,
            updated_at=tx.now,
        )
        tx.leads.add(lead)
        handoff = Handoff(
            id=tx.new_id(),
            lead_id=lead.id,
            agreement_id=agreement.id,
            terms=DEFAULT_TERMS,
            status=Status.OFFERED,
            opened=Opened.HANDED_OVER,
            rep_id=rep.id,
            priority=Priority.WARM,
            source=lead.source,
            received_at=tx.now,
            offered_at=tx.now,
        )
        tx.handoffs.add(handoff)
        tx.posts.add(Subject.HANDOFF, handoff.id, slack_id, PostRole.PRIMARY, lead.id, {})
        made.append((handoff.id, slack_id))
    return made


async def _floor(url: str, folder: Path) -> float:
    """Raw transactions a second: of SQLite one after the other, of PostgreSQL on several connections."""
    if url.startswith("sqlite"):
        return await asyncio.to_thread(_raw_sqlite, folder / "raw.db")
    return await _raw_postgres(parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def _raw_sqlite(path: Path) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _prepare(connection.execute)
        started = time.perf_counter()
        for n in range(ACCEPTS):
            connection.execute("BEGIN IMMEDIATE")
            for statement in _RAW_ACCEPT:
                connection.execute(statement.format(n=n)).fetchall()
            connection.execute("COMMIT")
        return ACCEPTS / (time.perf_counter() - started)


async def _raw_postgres(url: str) -> float:
    with psycopg.connect(url) as connection:
        _prepare(lambda statement: connection.execute(statement.encode()))
        connection.commit()
    numbers = iter(range(ACCEPTS))

    async def work() -> None:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            for n in numbers:
                for statement in _RAW_ACCEPT:
                    await connection.execute(statement.format(n=n).encode())
                await connection.commit()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(RAW_CALLERS)))
    return ACCEPTS / (time.perf_counter() - started)


def _prepare(execute: Callable[[str], object]) -> None:
    for table in _RAW_TABLES:
        execute(table)
    execute("BEGIN")
    for statement in _RAW_ROWS:
        execute(statement.format(last=ACCEPTS - 1))
    execute("COMMIT")
