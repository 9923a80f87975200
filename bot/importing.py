"""`lockstep import`: leads from a CSV file, row by row in short transactions; the running bot delivers."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.errors import ConfigError
from bot.integrations.clock import clock_of_bot
from bot.integrations.holidays import PublicHolidays
from bot.services import import_undo, imports
from bot.services.imports import ImportRow, OnlyLooking, SamePeople
from bot.settings import clock_url_from_env, crash_at_from_env, database_url_from_env
from handlers.lead_table import LARGEST_FILE, LeadTable, Refused, read_lead_table
from storage.database import Database
from storage.schema import check_schema

AT_ONCE = 20
"""Rows in one transaction: a click waits for as long at most."""
ASKED_ABOVE = 50
"""Offers that may be made without saying so twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    source: str
    mapped: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    offer: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`verdicts` counts rows by what became of them."""

    import_id: str
    verdicts: Mapping[str, int]


Say = Callable[[int, str], None]
"""Hears each row's line number and verdict, in the order of the file."""


async def import_file(path: Path, environ: Mapping[str, str], options: Options, say: Say) -> Report:
    """Every row of the file that is a lead is one now; again, nothing changes. Killed, it goes on when run again.

    Raises ConfigError, with nothing changed, when the file cannot be read as it is meant, or when it would make more
    than 50 offers and `yes` was not said.
    """
    crash_points.arm(crash_at_from_env(environ))
    content = await asyncio.to_thread(_content, path)
    async with _opened(environ) as (db, now):
        import_id = _id(content, options)
        # In a task of its own: what is written because of this file carries its batch id.
        structlog.contextvars.bind_contextvars(correlation_id=import_id)
        table = read_lead_table(
            content,
            name=path.name,
            source=options.source,
            mapped=options.mapped,
            offered=options.offer,
            actor=f"import:{import_id}",
            now=now(),
        )
        await db.read(imports.check_source, options.source)
        if not options.dry_run:
            await _ask(db, table, options)
            await db.run(imports.begin, import_id, options.source, path.name)
        counted: dict[str, int] = {}
        same = SamePeople()
        for start in range(0, len(table.rows), AT_ONCE):
            taken = await _take(db, import_id, table.rows[start : start + AT_ONCE], options, same)
            for number, verdict in taken:
                kind = (
                    verdict.partition(":")[0] if verdict.startswith(("refused", "left out", imports.BELOW)) else verdict
                )
                kind = "Offered" if kind.startswith(("Offered", "Waiting in")) else kind
                counted[kind] = counted.get(kind, 0) + 1
                say(number, verdict)
            crash_points.reached(CrashPoint.IMPORT_MID_FILE)
        crash_points.reached(CrashPoint.IMPORT_BEFORE_FINAL)
        if not options.dry_run:
            await db.run(lambda tx: tx.imports.finish(import_id))
        return Report(import_id=import_id, verdicts=counted)


def count_rows(path: Path) -> int:
    """About how many rows the file has, for a progress bar; 0 when it cannot be read."""
    try:
        with path.open("rb") as file:
            return max(0, sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1)
    except OSError:
        return 0


async def undo(import_id: str, environ: Mapping[str, str]) -> tuple[int, int]:
    """The import's open offers are withdrawn, and its rows may be taken again. Returns how many offers and rows.

    Raises ConfigError when there is no such import.
    """
    async with _opened(environ) as (db, _):
        if await db.read(lambda tx: tx.imports.get(import_id)) is None:
            raise ConfigError(f"There is no import {import_id}. The id is what `lockstep import` said at its end.")
        structlog.contextvars.bind_contextvars(correlation_id=import_id)
        withdrawn, behind = 0, ""
        while True:
            some, last = await db.run(import_undo.withdraw_some, import_id, behind, AT_ONCE)
            withdrawn += some
            if last is None:
                break
            behind = last
        return withdrawn, await db.run(lambda tx: tx.imports.undone(import_id))


async def _ask(db: Database, table: LeadTable, options: Options) -> None:
    if not options.offer or options.yes:
        return
    new = 0
    for start in range(0, len(table.leads), 500):
        # Not a reader: the key of the digests may have to be made.
        new += await db.run(imports.count_offers, table.leads[start : start + 500])
    if new > ASKED_ABOVE:
        raise ConfigError(
            f"This would offer {new} leads to people. If that is meant, add --yes; look first with --dry-run."
        )


async def _take(
    db: Database, import_id: str, rows: Sequence[ImportRow | Refused], options: Options, same: SamePeople
) -> list[tuple[int, str]]:
    leads = [row for row in rows if isinstance(row, ImportRow)]
    verdicts: list[str] = []
    if options.dry_run:
        try:
            await db.run(imports.look_at_rows, import_id, leads, same.before(leads))
        except OnlyLooking as looked:
            verdicts = looked.verdicts
    elif leads:
        verdicts = await db.run(imports.take_rows, import_id, leads)
    found = iter(verdicts)
    return [(row.number, f"refused: {row.why}" if isinstance(row, Refused) else next(found)) for row in rows]


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def _id(content: bytes, options: Options) -> str:
    """The same file with the same options is the same import."""
    how = json.dumps([options.source, sorted(options.mapped.items()), options.offer])
    return "imp-" + hashlib.sha256(how.encode() + b"\x00" + content).hexdigest()[:16]


@asynccontextmanager
async def _opened(environ: Mapping[str, str]) -> AsyncIterator[tuple[Database, Callable[[], datetime]]]:
    """The database, and the time as the running bot has it."""
    url = database_url_from_env(environ)
    clock_url = clock_url_from_env(environ)
    await asyncio.to_thread(check_schema, url)
    async with clock_of_bot(clock_url, name="import") as clock:
        db = Database.open(url, clock=clock, holidays=PublicHolidays(), patience_s=30.0)
        try:
            yield db, clock.now
        finally:
            await db.close()
