"""Find among 100,000 field notes: how long one search takes, from the words to what is shown, and what keeping the
index costs. Beside it a floor of the same run: ten notes read by their ids."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.domain.note import Note, NoteKind
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.search_texts import of_note
from bot.progress import Progress
from bot.services import search
from bot.services.note_themes import theme_for
from bot.views.search import search_view
from bot.views.search_ids import SearchRef
from storage.database import Database
from storage.notes import _values
from storage.postgres_connection import make_sync_engine
from storage.rows import values_of
from storage.schema import migrate
from storage.search import row_of
from storage.tables.notes import notes, themes
from storage.tables.search import search_entries
from storage.transaction import Transaction
from storage.urls import parse_url

NOTES = 100_000
PEOPLE = 200
ROUNDS = 15
BATCH = 1_000
MOST_MS = 100
"""Must show: any search answers in under so long."""
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REP, MANAGER = "U000", "U199"


@dataclass(frozen=True)
class StandingClock:
    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, slots=True)
class Search:
    what: str
    words: str
    by: str = REP
    deep: bool = False
    """Not the first page, but one far in the past."""


SEARCHES = (
    Search("in one note", "zebra"),
    Search("in no note", "unheardof"),
    Search("in half of all notes", "price"),
    Search("two of those together", "price budget"),
    Search("two of those, never together", "morning evening"),
    Search("in half, all of them old", "bygone"),
    Search("two common words whose notes are old", "bygone price"),
    Search("a beginning of one letter", "p"),
    Search("two words, one a single letter", "budget p"),
    Search("a beginning of two letters", "pr"),
    Search("a beginning of four letters", "bana"),
    Search("a dozen common words", "price budget morning price budget team said they about with from this that have"),
    Search("Japanese", "価格が高い"),
    Search("one character of Chinese", "価"),
    Search("common, among managers' notes", "price", by=MANAGER),
    Search("common, by who reads only their own", "price", by="U100"),
    Search("never together, by who reads only their own", "morning evening", by="U100"),
    Search("a letter, by who reads only their own", "p", by="U100"),
    Search("common, far in the past", "price", deep=True),
)


async def searches(name: str, url: str | None, *, number: int = NOTES) -> None:
    """Prints the figures; fails when a search takes too long."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        own = url or f"sqlite:///{Path(folder) / 'lockstep.db'}"
        migrate(own, lambda _: None)
        db = Database.open(own, clock=StandingClock())
        try:
            await _fill(db, own, number)
            await _measure(db, name, number)
        finally:
            await db.close()


async def _fill(db: Database, url: str, number: int) -> None:
    await db.run(_people)
    progress = Progress("thousands of notes", number // BATCH)
    made = _notes(number)
    while batch := list(islice(made, BATCH)):
        await db.run(_write, batch)
        progress.moved()
    progress.clear()
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        # What PostgreSQL does by itself within minutes.
        engine = make_sync_engine(parsed, patient=True)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()


def _people(tx: Transaction) -> None:
    flags = SlackFlags(checked_at=NOW)
    for number in range(PEOPLE):
        manages = number == PEOPLE - 1
        side = Side.OTHER if number == 100 else Side.SALES
        role = Role.MANAGER if manages else Role.REP
        tx.people.add(
            Person(
                id=f"p{number:03}", name=f"Person {number}", slack_id=f"U{number:03}", side=side,
                roles=frozenset({role}), flags=flags,
            )
        )  # fmt: skip


def _notes(number: int) -> Iterator[Note]:
    chance = random.Random(11)
    letters = ["bcdfghjklmnprstvwz", "aeiou"]
    words = ["".join(chance.choice(letters[at % 2]) for at in range(chance.randint(2, 9))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    kinds = list(NoteKind)
    for count in range(number):
        said = chance.choices(words, cum_weights=weights, k=chance.randint(6, 60))
        said += [word for word in ("price", "budget", "banana", "about") if chance.random() < 0.5]
        said.append("morning" if count % 2 else "evening")
        said += ["bygone"] if count < number // 2 else []
        said += ["zebra"] if count == number // 3 else []
        said += ["お客様は価格が高いと言われた"] if count % 20 == 0 else []
        chance.shuffle(said)
        at = NOW - timedelta(minutes=5 * (number - count))
        yield Note(
            id=f"n{count:06}", theme_id=f"n{count:06}", author_id=f"p{count % PEOPLE:03}", kind=kinds[count % 7],
            text=" ".join(said), managers_only=count % 10 == 0, created_at=at,
        )  # fmt: skip


def _write(tx: Transaction, batch: Sequence[Note]) -> None:
    """As the repositories would, in three statements."""
    connection = tx.notes._connection
    every = [theme_for(one, theme_id=one.id, managers_only=one.managers_only) for one in batch]
    connection.execute(themes.insert(), [values_of(one) for one in every])
    connection.execute(notes.insert(), [_values(one) for one in batch])
    connection.execute(search_entries.insert(), [row_of(of_note(one)) for one in batch])


async def _measure(db: Database, name: str, number: int) -> None:
    ids = [f"n{count:06}" for count in range(0, number, number // 10)]
    floor = await _times(db, lambda tx: tx.notes.get_many(ids))
    print(f"  {name}: floor, ten notes by their ids: {statistics.median(floor):.2f} ms", flush=True)
    worst = 0.0
    for one in SEARCHES:
        before = await db.read(_deep, one) if one.deep else None
        found = await db.read(search.find, one.by, one.words, search.PAGE, before)
        took = await _times(db, _shown(one, before))
        median, slowest = statistics.median(took), max(took)
        worst = max(worst, median)
        print(
            f"  {name}: {one.what:<44} {len(found.lines):>3} shown{'+' if found.more else ' '} "
            f"median {median:7.2f} ms, worst {slowest:7.2f} ms ({median / statistics.median(floor):.1f} of the floor)",
            flush=True,
        )
    kept = await _kept(db, number)
    print(f"  {name}: one more note kept: median {statistics.median(kept):.2f} ms, worst {max(kept):.2f} ms")
    began = time.perf_counter()
    await db.run(_forgotten, number)
    print(f"  {name}: a note of somebody erased, found no more: {(time.perf_counter() - began) * 1000:.0f} ms")
    assert worst < MOST_MS, f"{worst:.0f} ms"


def _deep(tx: Transaction, _: Search) -> int:
    last = tx.search._value(sa.select(sa.func.max(search_entries.c.place)))
    return int(last) // 10


def _shown(one: Search, before: int | None) -> Callable[[Transaction], object]:
    def show(tx: Transaction) -> object:
        return search_view(search.find(tx, one.by, one.words, search.PAGE, before), SearchRef(one.words))

    return show


async def _times(db: Database, use_case: Callable[[Transaction], object]) -> list[float]:
    """Milliseconds; the first time does not count."""
    await db.read(use_case)
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await db.read(use_case)
        found.append((time.perf_counter() - began) * 1000)
    return found


async def _kept(db: Database, number: int) -> list[float]:
    more = list(islice(_notes(number + 60), 60))
    found: list[float] = []

    def keep(tx: Transaction, note: Note) -> None:
        began = time.perf_counter()
        tx.search.keep(of_note(note))
        found.append((time.perf_counter() - began) * 1000)

    for count, one in enumerate(more):
        changed: dict[str, Any] = {"id": f"new{count}", "theme_id": f"new{count}"}
        await db.run(keep, Note(**(values_of(one) | changed)))
    return found


def _forgotten(tx: Transaction, number: int) -> None:
    note = tx.notes.get(f"n{number // 3:06}")
    assert note is not None
    tx.scrub = True
    tx.notes.save(Note(**(values_of(note) | {"text": ""})))
