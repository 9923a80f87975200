"""When a SQLite database cannot be used: a sentence soon, nothing stored, and on it goes when it can be used again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.errors import ConfigError, StorageUnavailable
from storage.database import Database, run_now
from storage.lockfile import is_running, only_one_running
from storage.transaction import Transaction
from storage.urls import parse_url, sqlite_path
from tests.storage.samples import StandingClock, person


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program writes and does not end."""
    with closing(sqlite3.connect(sqlite_path(parse_url(url)), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def count(tx: Transaction) -> int:
    return len(tx.people.all())


@pytest.fixture
def url(sqlite_url_migrated: str) -> str:
    return sqlite_url_migrated


async def test_who_waits_too_long_for_a_locked_database_hears_so_and_nothing_of_it_happens_later(
    url: str, clock: StandingClock
) -> None:
    db = Database.open(url, clock=clock, patience_s=0.05)
    try:
        with locked(url):
            for outcome in await asyncio.gather(
                *(db.run(person, f"Person {n}") for n in range(3)), return_exceptions=True
            ):
                assert isinstance(outcome, StorageUnavailable)
            assert await db.read(count) == 0  # readers go on
        await db.run(person, "Afterwards")
        assert await db.read(count) == 1
    finally:
        await db.close()


async def test_a_cancelled_caller_whose_turn_has_not_come_leaves_nothing(url: str, clock: StandingClock) -> None:
    db = Database.open(url, clock=clock)
    try:
        with locked(url):
            task = asyncio.create_task(db.run(person))
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await db.run(person, "Afterwards")
        assert await db.read(count) == 1
    finally:
        await db.close()


async def test_a_full_disk_fails_everybody_whose_commit_it_was_and_nobody_later(url: str, clock: StandingClock) -> None:
    db = Database.open(url, clock=clock)

    def too_much(tx: Transaction) -> None:
        connection = tx.people._connection
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        try:
            for n in range(1000):
                person(tx, "x" * 4000, slack_id=f"U{n}")
        finally:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    try:
        outcomes = await asyncio.gather(
            db.run(person, "Before"), db.run(too_much), db.run(person, "After"), return_exceptions=True
        )
        assert isinstance(outcomes[1], StorageUnavailable)
        assert "full" in str(outcomes[1])
        stored = await db.read(count)
        assert stored == sum(not isinstance(outcome, Exception) for outcome in outcomes)
        await db.run(person, "Later")
        assert await db.read(count) == stored + 1
    finally:
        await db.close()


async def test_a_file_that_is_no_database_says_so(tmp_path: Path, clock: StandingClock) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to look at" * 100)
    db = Database.open(f"sqlite:///{path}", clock=clock)
    try:
        with pytest.raises(StorageUnavailable, match="not a database"):
            await db.run(count)
        with pytest.raises(StorageUnavailable, match="not a database"):
            await db.read(count)
    finally:
        await db.close()


async def test_a_missing_file_is_not_made_on_the_way(tmp_path: Path, clock: StandingClock) -> None:
    path = tmp_path / "missing.db"
    db = Database.open(f"sqlite:///{path}", clock=clock)
    try:
        with pytest.raises(StorageUnavailable, match="lockstep migrate"):
            await db.run(count)
        with pytest.raises(StorageUnavailable, match="lockstep migrate"):
            run_now(f"sqlite:///{path}", clock, count)
    finally:
        await db.close()
    assert not path.exists()


def test_only_one_runs_on_a_file(url: str) -> None:
    sentence = r"Another `lockstep run` \(process \d+\)"
    with only_one_running(url), pytest.raises(StorageUnavailable, match=sentence), only_one_running(url):
        pytest.fail("a second one runs")
    with only_one_running(url):
        pass


def test_several_may_run_on_postgresql() -> None:
    url = "postgresql://example.com/lockstep"
    with only_one_running(url), only_one_running(url):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lockstep.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://root:hunter2@host/x",
        "postgresql://u:hunter2@h:x/",
    ],
)
def test_a_url_that_names_no_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError, match="LOCKSTEP_DATABASE_URL") as caught:
        parse_url(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://u:p@h/d", "postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_postgresql_is_reached_by_psycopg(url: str) -> None:
    assert parse_url(url).drivername == "postgresql+psycopg"


async def test_after_closing_the_file_alone_is_the_database(url: str, clock: StandingClock) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    db = Database.open(url, clock=clock)
    await db.run(lambda tx: tx.events.add("something.happened"))
    await db.read(lambda tx: tx.settings.load())
    await db.close()
    assert [beside.name for beside in path.parent.glob(f"{path.name}-*")] == []


def test_whether_one_is_running_is_seen_from_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lockstep.db"
    assert is_running(url) is False
    with only_one_running(url):
        assert is_running(url) is True
    assert is_running(url) is False
    assert is_running("postgresql://lockstep@127.0.0.1:9/lockstep") is None
