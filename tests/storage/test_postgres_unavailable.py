"""When PostgreSQL cannot be used: a sentence soon, nothing stored, and on it goes when it can be used again."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from bot.errors import StorageUnavailable
from storage.database import Database
from storage.postgres_connection import LOCK_TIMEOUT_S
from storage.transaction import Transaction
from storage.urls import parse_url
from tests.storage.samples import StandingClock, lead, person

pytestmark = pytest.mark.postgres


def count(tx: Transaction) -> int:
    return len(tx.people.all())


@pytest.fixture
def url(postgres_url_migrated: str) -> str:
    return postgres_url_migrated


async def test_a_server_that_is_not_there_is_said_soon(clock: StandingClock) -> None:
    db = Database.open("postgresql://nobody@127.0.0.1:1/lockstep", clock=clock)
    try:
        with pytest.raises(StorageUnavailable, match="cannot be reached"):
            await db.run(count)
        with pytest.raises(StorageUnavailable, match="cannot be reached"):
            await db.read(count)
    finally:
        await db.close()


async def test_connections_cut_by_the_server_are_replaced(db: Database, url: str) -> None:
    await asyncio.gather(*(db.run(person, f"Person {n}") for n in range(10)))
    address = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lockstep'")
    assert await db.run(count) == 10


async def test_a_row_locked_for_longer_than_the_caller_waits_is_said_and_nothing_is_stored(
    db: Database, url: str
) -> None:
    one = await db.run(lead)
    address = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    def wait_for_it(tx: Transaction) -> None:
        person(tx, "Never")
        tx.leads.lock(one.id)

    with psycopg.connect(address) as other:
        other.execute("SELECT 1 FROM leads FOR UPDATE")
        with pytest.raises(StorageUnavailable):
            await asyncio.wait_for(db.patient(lambda: 0.05).run(wait_for_it), timeout=LOCK_TIMEOUT_S)
    assert await db.run(count) == 0


async def test_who_finds_no_connection_free_hears_so(url: str, clock: StandingClock) -> None:
    db = Database.open(url, clock=clock, patience_s=0.2)

    def slow(tx: Transaction) -> None:
        tx.people._connection.exec_driver_sql("SELECT pg_sleep(0.6)")

    try:
        outcomes = await asyncio.gather(*(db.run(slow) for _ in range(12)), return_exceptions=True)
        refused = [outcome for outcome in outcomes if isinstance(outcome, StorageUnavailable)]
        assert refused
        assert len(refused) + outcomes.count(None) == 12
        assert await db.run(count) == 0
    finally:
        await db.close()
