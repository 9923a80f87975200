"""The outbox and its lanes, on both databases."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.post import OutboxKind, OutboxRow, OutboxStatus
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, lead

LEASE = timedelta(seconds=30)
SYNC = OutboxKind.SYNC_POST


def add(tx: Transaction, *subjects: str, lane: str = "C1", due_at: datetime | None = None) -> None:
    for subject in subjects:
        tx.outbox.add(SYNC, subject, lane, due_at)


def lease(tx: Transaction, limit: int = 10) -> list[OutboxRow]:
    return tx.outbox.lease_lanes(limit, LEASE)


async def lease_one(db: Database) -> OutboxRow:
    rows = await db.run(lease)
    assert len(rows) == 1
    return rows[0]


async def done(db: Database, row: OutboxRow, pace: float = 0) -> bool:
    return await db.run(lambda tx: tx.outbox.done(row, tx.now + timedelta(seconds=pace)))


async def next_due(db: Database) -> datetime | None:
    return await db.read(lambda tx: tx.outbox.next_due())


async def test_rows_of_a_lane_go_one_at_a_time_in_the_order_they_were_added(db: Database) -> None:
    await db.run(add, "p1", "p2")
    await db.run(add, "p3")
    said = []
    for _ in range(3):
        row = await lease_one(db)
        assert await db.run(lease) == []
        said.append(row.subject_id)
        assert await done(db, row)
    assert said == ["p1", "p2", "p3"]
    assert await next_due(db) is None


async def test_lanes_go_side_by_side_up_to_the_limit(db: Database) -> None:
    for lane in ("C1", "C2", "C3"):
        await db.run(lambda tx, lane=lane: add(tx, f"p-{lane}", lane=lane))
    first = await db.run(lease, 2)
    rest = await db.run(lease, 2)
    assert sorted(row.lane for row in first + rest) == ["C1", "C2", "C3"]


async def test_what_may_have_arrived_goes_first_also_when_a_slower_clock_gave_the_next_row_a_smaller_id(
    db: Database, url: str, clock: StandingClock
) -> None:
    """Found by killing a bot 200 times: the second card of a lead went out before the first one was looked up."""
    await db.run(add, "p1")
    sent = await lease_one(db)  # and its process dies with the message sent
    behind = StandingClock()
    behind.advance(seconds=-1)
    late = Database.open(url, clock=behind)
    try:
        await late.run(add, "p1")
    finally:
        await late.close()
    clock.advance(seconds=30)
    row = await lease_one(db)
    assert (row.id, row.status) == (sent.id, OutboxStatus.UNKNOWN)
    # While it is being found out nothing else of the lane is due.
    assert await db.run(lambda tx: tx.outbox.unknown(row, tx.now + timedelta(seconds=10), "not there yet"))
    assert await next_due(db) == clock.now() + timedelta(seconds=10)
    assert await db.run(lease) == []
    clock.advance(seconds=10)
    assert (await lease_one(db)).id == sent.id


async def test_a_lease_says_what_it_is(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1")
    row = await lease_one(db)
    assert row.status is OutboxStatus.SENDING
    assert (row.attempts, row.lookups, row.dispatched_at, row.leased_until) == (1, 0, NOON, NOON + LEASE)
    assert row.token
    assert await next_due(db) == NOON + LEASE


async def test_what_is_pending_already_is_not_added_again(db: Database) -> None:
    await db.run(add, "p1", "p1")
    await db.run(add, "p1")
    await done(db, await lease_one(db))
    assert await db.run(lease) == []


async def test_what_is_added_while_it_is_being_sent_is_sent_again(db: Database) -> None:
    await db.run(add, "p1")
    first = await lease_one(db)
    await db.run(add, "p1")
    await done(db, first)
    second = await lease_one(db)
    assert (second.subject_id, second.id > first.id) == ("p1", True)


async def test_the_next_row_waits_for_the_lanes_pace(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1", "p2")
    await done(db, await lease_one(db), pace=1)
    assert await next_due(db) == NOON + timedelta(seconds=1)
    assert await db.run(lease) == []
    clock.advance(seconds=1)
    assert (await lease_one(db)).subject_id == "p2"


async def test_what_is_added_to_an_idle_lane_waits_for_its_pace_too(db: Database) -> None:
    await db.run(add, "p1")
    await done(db, await lease_one(db), pace=1)
    await db.run(add, "p2")
    assert await next_due(db) == NOON + timedelta(seconds=1)


async def test_a_retry_comes_before_the_rest_of_its_lane(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1", "p2")
    row = await lease_one(db)
    assert await db.run(lambda tx: tx.outbox.retry(row, tx.now + timedelta(seconds=20), "ratelimited"))
    assert await next_due(db) == NOON + timedelta(seconds=20)
    assert await db.run(lease) == []
    await db.run(add, "p3")
    assert await next_due(db) == NOON + timedelta(seconds=20)
    clock.advance(seconds=20)
    again = await lease_one(db)
    assert (again.id, again.attempts, again.status, again.last_error) == (
        row.id,
        2,
        OutboxStatus.SENDING,
        "ratelimited",
    )
    assert again.dispatched_at == clock.now()


async def test_a_retry_is_one_with_the_same_thing_added_meanwhile(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1")
    row = await lease_one(db)
    await db.run(add, "p1", "p2")
    assert await db.run(lambda tx: tx.outbox.retry(row, tx.now, "again"))
    said = []
    for _ in range(2):
        one = await lease_one(db)
        said.append(one.subject_id)
        await done(db, one)
    assert said == ["p1", "p2"]
    assert await db.run(lease) == []


async def test_an_unknown_outcome_is_looked_up_before_anything_else_of_its_lane(
    db: Database, clock: StandingClock
) -> None:
    await db.run(add, "p1", "p2")
    row = await lease_one(db)
    waits = [0.0, 10.0, 30.0]
    for looked_up, wait in enumerate(waits):
        held = row
        assert await db.run(
            lambda tx, held=held, wait=wait: tx.outbox.unknown(held, tx.now + timedelta(seconds=wait), "timeout")
        )
        assert await next_due(db) == clock.now() + timedelta(seconds=wait)
        clock.advance(seconds=wait)
        row = await lease_one(db)
        assert (row.subject_id, row.status, row.lookups) == ("p1", OutboxStatus.UNKNOWN, looked_up)
        assert row.dispatched_at == NOON
    await done(db, row)
    assert (await lease_one(db)).subject_id == "p2"


async def test_a_lease_that_ended_without_a_word_is_an_unknown_outcome(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1", "p2")
    lost = await lease_one(db)
    clock.advance(seconds=29)
    assert await db.run(lease) == []
    clock.advance(seconds=1)
    row = await lease_one(db)
    assert (row.id, row.status, row.dispatched_at) == (lost.id, OutboxStatus.UNKNOWN, NOON)
    assert row.token != lost.token


@pytest.mark.parametrize("what", ["done", "retry", "unknown", "park"])
async def test_who_lost_the_lease_changes_nothing(db: Database, clock: StandingClock, what: str) -> None:
    await db.run(add, "p1", "p2")
    lost = await lease_one(db)
    clock.advance(seconds=30)
    held = await lease_one(db)

    def late(tx: Transaction) -> bool:
        match what:
            case "done":
                return tx.outbox.done(lost, tx.now + timedelta(hours=1))
            case "retry":
                return tx.outbox.retry(lost, tx.now + timedelta(hours=1), "late")
            case "unknown":
                return tx.outbox.unknown(lost, tx.now + timedelta(hours=1), "late")
            case _:
                return tx.outbox.park(lost, "late")

    await db.run(add, "p1")
    assert await db.run(late) is False
    assert await db.run(lease) == []
    assert await next_due(db) == held.leased_until
    assert await done(db, held)
    assert await done(db, held) is False
    assert (await lease_one(db)).subject_id == "p2"


async def test_a_parked_row_frees_its_lane_and_can_be_replayed(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1", "p2")
    row = await lease_one(db)
    assert await db.run(lambda tx: tx.outbox.park(row, "channel_not_found"))
    assert [(one.id, one.last_error) for one in await db.read(lambda tx: tx.outbox.parked(5))] == [
        (row.id, "channel_not_found")
    ]
    await done(db, await lease_one(db))
    assert await next_due(db) is None
    await db.run(add, "p1")
    assert await db.run(lambda tx: tx.outbox.replay(row.id))
    assert await db.run(lambda tx: tx.outbox.replay(row.id)) is False
    again = await lease_one(db)
    assert (again.id, again.attempts, again.lookups) == (row.id, 1, 0)
    await done(db, again)
    assert await db.run(lease) == []


async def test_a_held_lane_waits_and_the_others_go_on(db: Database, clock: StandingClock) -> None:
    await db.run(lambda tx: tx.outbox.hold_lane("C1", tx.now + timedelta(seconds=60)))
    await db.run(lambda tx: tx.outbox.hold_lane("C1", tx.now + timedelta(seconds=10)))
    await db.run(add, "p1")
    await db.run(lambda tx: add(tx, "p2", lane="C2"))
    assert (await lease_one(db)).lane == "C2"
    clock.advance(seconds=60)
    leased = await db.run(lease)
    assert {row.lane for row in leased} == {"C1", "C2"}


async def test_holding_all_holds_every_lane_also_those_to_come(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1")
    until = NOON + timedelta(seconds=30)
    await db.run(lambda tx: tx.outbox.hold_all(until))
    await db.run(lambda tx: add(tx, "p2", lane="C2"))
    assert await db.run(lease) == []
    assert await next_due(db) == until
    clock.advance(seconds=30)
    assert len(await db.run(lease)) == 2


async def test_what_is_to_be_said_later_does_not_hold_up_the_rest(db: Database, clock: StandingClock) -> None:
    await db.run(lambda tx: add(tx, "later", due_at=tx.now + timedelta(minutes=5)))
    assert await next_due(db) == NOON + timedelta(minutes=5)
    await db.run(add, "now")
    assert await next_due(db) == NOON
    row = await lease_one(db)
    assert row.subject_id == "now"
    await done(db, row)
    assert await next_due(db) == NOON + timedelta(minutes=5)
    clock.advance(minutes=5)
    assert (await lease_one(db)).subject_id == "later"


async def test_counts_are_of_what_is_not_sent(db: Database) -> None:
    await db.run(add, "p1", "p2", "p3", "p4")
    await done(db, await lease_one(db))
    row = await lease_one(db)
    await db.run(lambda tx: tx.outbox.park(row, "gone"))
    await lease_one(db)
    assert await db.read(lambda tx: tx.outbox.counts()) == {
        OutboxStatus.PENDING: 1, OutboxStatus.SENDING: 1, OutboxStatus.UNKNOWN: 0, OutboxStatus.PARKED: 1,
    }  # fmt: skip


async def test_sent_rows_are_forgotten_in_time(db: Database, clock: StandingClock) -> None:
    await db.run(add, "p1", "p2")
    await done(db, await lease_one(db))
    clock.advance(days=8)
    assert await db.run(lambda tx: tx.outbox.prune(tx.now - timedelta(days=7))) == 1
    assert (await lease_one(db)).subject_id == "p2"


async def test_eight_deliverers_of_two_processes_say_each_thing_once_and_in_order(
    db: Database, other_db: Database, clock: StandingClock
) -> None:
    lanes = [f"C{n}" for n in range(5)]
    for n in range(12):
        await asyncio.gather(*(db.run(lambda tx, lane=lane, n=n: add(tx, f"{lane}-{n}", lane=lane)) for lane in lanes))
    in_flight: set[str] = set()
    said: dict[str, list[str]] = defaultdict(list)

    async def deliver(own: Database) -> None:
        idle = 0
        while idle < 3:
            rows = await own.run(lease, 2)
            idle = 0 if rows else idle + 1
            for row in rows:
                assert row.lane not in in_flight
                in_flight.add(row.lane)
            await asyncio.sleep(0)
            for row in rows:
                said[row.lane].append(row.id)
                in_flight.discard(row.lane)
                assert await own.run(lambda tx, row=row: tx.outbox.done(row, tx.now))
            if not rows:
                await asyncio.sleep(0.01)

    await asyncio.gather(*(deliver((db, other_db)[n % 2]) for n in range(8)))

    assert sorted(said) == lanes
    for ids in said.values():
        assert len(ids) == 12
        assert ids == sorted(ids)
    assert await next_due(db) is None


async def test_the_last_change_is_always_said(db: Database, other_db: Database) -> None:
    """Adding finds a pending row and keeps it: then whoever leases that row must see the change it was kept for."""
    one = await db.run(lead, touches=0)
    shown = []
    changing = True

    def change(tx: Transaction) -> None:
        locked = tx.leads.lock(one.id)
        assert locked is not None
        tx.leads.save(replace(locked, touches=(locked.touches or 0) + 1, version=locked.version + 1))
        add(tx, "card")

    async def deliver(own: Database) -> None:
        while True:
            rows = await own.run(lease)
            for row in rows:
                found = await own.read(lambda tx: tx.leads.get(one.id))
                assert found is not None
                shown.append(found.touches or 0)
                await own.run(lambda tx, row=row: tx.outbox.done(row, tx.now))
            if not rows and not changing:
                return
            await asyncio.sleep(0)

    async def change_often(own: Database) -> None:
        for _ in range(15):
            await own.run(change)

    deliverers = [asyncio.create_task(deliver(own)) for own in (db, other_db)]
    await asyncio.gather(change_often(db), change_often(other_db))
    changing = False
    await asyncio.gather(*deliverers)

    assert shown[-1] == 30
    assert shown == sorted(shown)


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_a_row_kept_for_a_change_is_not_leased_before_that_change_is_committed(
    db: Database, other_db: Database
) -> None:
    """As above, with the one interleaving that matters: the lease comes between the adding and the commit."""
    one = await db.run(lead, touches=0)
    await db.run(add, "card")
    added, leased = asyncio.Event(), asyncio.Event()

    def change(tx: Transaction) -> None:
        tx.leads.save(replace(one, touches=1, version=2))
        add(tx, "card")
        tx.flush()
        added.set()
        while not leased.is_set():
            tx.leads.get(one.id)  # lets the other process go on

    changing = asyncio.create_task(db.run(change))
    await added.wait()
    rows = await other_db.run(lease)
    shown = [await other_db.read(lambda tx: tx.leads.get(one.id)) for _ in rows]
    leased.set()
    await changing
    assert all(found is not None and found.touches == 1 for found in shown)
    assert rows or await other_db.run(lease)


async def test_what_is_pending_waits_where_the_last_change_wants_it(db: Database) -> None:
    """A card that is shown at last does not wait behind the new cards of its channel."""
    await db.run(add, "new card", "card")
    await db.run(add, "card", lane="C1:updates")
    assert sorted(row.subject_id for row in await db.run(lease)) == ["card", "new card"]
    assert (await db.read(lambda tx: tx.outbox.counts()))[OutboxStatus.PENDING] == 0


async def test_what_is_pending_can_be_moved_and_nothing_else_is(db: Database) -> None:
    await db.run(add, "new card", "card")
    await db.run(lambda tx: tx.outbox.move(SYNC, "card", "C1:updates"))
    await db.run(lambda tx: tx.outbox.move(SYNC, "no card", "C1:updates"))
    rows = await db.run(lease)
    assert {row.subject_id: row.lane for row in rows} == {"new card": "C1", "card": "C1:updates"}
    await db.run(lambda tx: tx.outbox.move(SYNC, "card", "C1"))  # under way: it stays
    for row in rows:
        assert await done(db, row)
    assert await next_due(db) is None


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
@pytest.mark.parametrize("lane", ["C1", "C1:updates", "B1"])
async def test_a_row_pending_in_another_lane_is_not_leased_before_its_change_is_committed(
    db: Database, other_db: Database, lane: str
) -> None:
    """The change comes first: the lease, which may not wait, leaves the row to whoever comes after the commit."""
    one = await db.run(lead, touches=0)
    await db.run(add, "card")
    changed, looked = asyncio.Event(), asyncio.Event()

    def change(tx: Transaction) -> None:
        tx.leads.save(replace(one, touches=1, version=2))
        add(tx, "card", lane=lane)
        tx.flush()
        changed.set()
        while not looked.is_set():
            tx.leads.get(one.id)  # lets the other process go on

    changing = asyncio.create_task(db.run(change))
    await changed.wait()
    try:
        assert await asyncio.wait_for(other_db.run(lease), timeout=5) == []
    finally:
        looked.set()
        await changing
    (row,) = await other_db.run(lease)
    assert row.lane == lane
    assert (await other_db.run(lambda tx: tx.leads.get(one.id))).touches == 1  # type: ignore[union-attr]
    assert await done(other_db, row)
    assert await next_due(db) is None


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
@pytest.mark.parametrize("lane", ["C1", "C1:updates", "B1"])
async def test_a_change_that_comes_while_its_row_is_being_leased_is_said_after_it(
    db: Database, other_db: Database, lane: str
) -> None:
    """The lease comes first: what is leased may show the state before, so the change has a row of its own."""
    await db.run(add, "card")
    leased, go_on = asyncio.Event(), asyncio.Event()

    def slow_lease(tx: Transaction) -> list[OutboxRow]:
        rows = lease(tx)
        leased.set()
        while not go_on.is_set():
            tx.outbox.counts()  # lets the other process go on
        return rows

    leasing = asyncio.create_task(other_db.run(slow_lease))
    await leased.wait()
    changing = asyncio.create_task(db.run(lambda tx: add(tx, "card", lane=lane)))
    await asyncio.sleep(0.05)
    waited = not changing.done()
    go_on.set()
    (first,) = await leasing
    await changing
    assert waited
    assert await done(other_db, first)
    second = await lease_one(db)
    assert (second.subject_id, second.lane) == ("card", lane)
    assert second.id != first.id


async def test_many_things_are_added_with_as_few_statements_as_one(db: Database) -> None:
    def statements(tx: Transaction, count: int) -> int:
        sent = []
        connection = tx.outbox._connection
        listener = lambda *_: sent.append(1)  # noqa: E731
        sa.event.listen(connection, "before_cursor_execute", listener)
        for number in range(count):
            tx.outbox.add(OutboxKind.SYNC_HOME, f"p{number}", f"home:{number}")
        tx.flush()
        sa.event.remove(connection, "before_cursor_execute", listener)
        return len(sent)

    assert await db.run(statements, 300) == await db.run(statements, 3) == 2
