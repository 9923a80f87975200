"""What Database promises of a transaction, on both databases."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.post import OutboxKind, TimerKind
from bot.errors import NotFound, Stale, StorageError, StorageUnavailable
from storage.database import Database, run_now
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, lead, person


def names(tx: Transaction) -> list[str]:
    return [one.name for one in tx.people.all()]


async def test_what_a_use_case_wrote_is_there_after_it_returned(db: Database, other_db: Database) -> None:
    await db.run(person, "Ines Duarte")
    assert await other_db.read(names) == ["Ines Duarte"]


async def test_a_use_case_that_raises_changes_nothing(db: Database) -> None:
    def fails(tx: Transaction) -> None:
        person(tx)
        tx.outbox.add(OutboxKind.REFRESH_PEOPLE, "all", "people")
        raise NotFound("There is no such lead.")

    with pytest.raises(NotFound, match="no such lead"):
        await db.run(fails)
    assert await db.read(names) == []
    assert await db.read(lambda tx: tx.outbox.next_due()) is None


async def test_use_cases_that_arrive_together_succeed_and_fail_each_for_itself(db: Database) -> None:
    def odd_ones_fail(tx: Transaction, number: int) -> int:
        person(tx, f"Person {number:02}")
        if number % 2:
            raise NotFound(f"number {number}")
        return number

    answers = await asyncio.gather(*(db.run(odd_ones_fail, n) for n in range(60)), return_exceptions=True)

    assert [answer if isinstance(answer, int) else str(answer) for answer in answers] == [
        f"number {n}" if n % 2 else n for n in range(60)
    ]
    assert await db.read(names) == [f"Person {n:02}" for n in range(0, 60, 2)]


async def test_a_refused_row_fails_its_own_use_case_only(db: Database) -> None:
    def twice_the_same(tx: Transaction) -> None:
        one = person(tx)
        tx.people.add(one)

    answers = await asyncio.gather(
        db.run(person, "Before"), db.run(twice_the_same), db.run(person, "After"), return_exceptions=True
    )
    assert type(answers[1]) is StorageError
    assert await db.read(names) == ["After", "Before"]


async def test_errors_of_the_database_hold_no_values(db: Database) -> None:
    def twice(tx: Transaction) -> None:
        tx.people.add(person(tx, email="secret@example.com"))

    with pytest.raises(StorageError) as caught:
        await db.run(twice)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert "secret" not in str(seen)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


async def test_a_read_sees_what_is_committed_and_refuses_to_write(db: Database) -> None:
    await db.run(person, "Ines Duarte")
    with pytest.raises(StorageError, match="only reads") as caught:
        await db.read(person, "Somebody Else")
    assert not isinstance(caught.value, StorageUnavailable)
    with pytest.raises(StorageError, match="only reads"):
        await db.read(lambda tx: tx.outbox.add(OutboxKind.REFRESH_PEOPLE, "all", "people"))
    assert await db.read(names) == ["Ines Duarte"]


async def test_a_stale_row_runs_the_use_case_again_up_to_five_times(url: str, clock: StandingClock) -> None:
    db = Database.open(url, clock=clock)
    runs = 0

    def stale_at_first(tx: Transaction) -> str:
        nonlocal runs
        runs += 1
        if runs < 5:
            raise Stale("Somebody was faster.")
        return "done"

    try:
        if url.startswith("postgresql"):
            assert await db.run(stale_at_first) == "done"
            assert runs == 5
            runs = -100
            with pytest.raises(Stale):
                await db.run(stale_at_first)
            assert runs == -95
        else:
            # One writer: nobody was faster, so running again would find the same.
            with pytest.raises(Stale):
                await db.run(stale_at_first)
            assert runs == 1
    finally:
        await db.close()


async def test_two_who_insert_the_same_key_at_once_both_succeed(db: Database, other_db: Database) -> None:
    def find_or_add(tx: Transaction) -> str:
        found = tx.people.by_slack_id("U1")
        return (found or person(tx, slack_id="U1")).id

    found = await asyncio.gather(*((db, other_db)[n % 2].run(find_or_add) for n in range(16)))
    assert len(set(found)) == 1


async def test_a_cancelled_caller_leaves_all_or_nothing_and_the_rest_goes_on(db: Database) -> None:
    def two_rows(tx: Transaction, number: int) -> None:
        person(tx, f"Person {number:03} a")
        person(tx, f"Person {number:03} b")

    tasks = [asyncio.create_task(db.run(two_rows, number)) for number in range(80)]
    for number, task in enumerate(tasks):
        if number % 5 == 0:
            await asyncio.sleep(0)
        if number % 3 == 0:
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    await db.run(person, "Person 999")
    stored = await db.read(names)
    pairs = [name.removesuffix(" a").removesuffix(" b") for name in stored if name != "Person 999"]
    assert all(pairs.count(pair) == 2 for pair in pairs)
    kept = [f"Person {n:03}" for n, result in enumerate(results) if result is None]
    assert set(kept) <= set(pairs)
    assert "Person 999" in stored


@pytest.mark.parametrize(
    ("use_case", "wakes"),
    [
        (lambda tx: tx.outbox.add(OutboxKind.REFRESH_PEOPLE, "all", "people"), True),
        (lambda tx: tx.timers.set(TimerKind.BACK, "p", NOON + timedelta(hours=1)), True),
        (names, False),
    ],
)
async def test_a_commit_wakes_when_something_is_to_be_said_or_due(
    db: Database, use_case: Callable[[Transaction], object], *, wakes: bool
) -> None:
    woken: list[object] = []
    db.on_commit = lambda: woken.append(asyncio.get_running_loop())
    await db.run(use_case)
    assert woken == ([asyncio.get_running_loop()] if wakes else [])


async def test_nobody_is_woken_by_what_was_rolled_back(db: Database) -> None:
    woken: list[str] = []
    db.on_commit = lambda: woken.append("woken")

    def fails(tx: Transaction) -> None:
        tx.outbox.add(OutboxKind.REFRESH_PEOPLE, "all", "people")
        raise NotFound("no")

    with pytest.raises(NotFound):
        await db.run(fails)
    assert woken == []


async def test_the_time_is_the_clocks_at_the_start(db: Database, clock: StandingClock) -> None:
    assert await db.run(lambda tx: tx.now) == NOON
    clock.advance(minutes=5)
    assert await db.read(lambda tx: tx.now) == NOON + timedelta(minutes=5)


async def test_seeded_ids_repeat(url: str, clock: StandingClock) -> None:
    made = []
    for _ in range(2):
        db = Database.open(url, clock=clock, seed=7)
        made.append(await db.run(lambda tx: [tx.new_id(), tx.new_key()]))
        await db.close()
    assert made[0] == made[1]


async def test_a_closed_database_says_so(db: Database) -> None:
    await db.run(person)
    await db.close()
    with pytest.raises(StorageUnavailable):
        await db.run(person)
    with pytest.raises(StorageUnavailable):
        await db.read(names)


async def test_closing_lets_what_is_under_way_commit(db: Database, other_db: Database) -> None:
    tasks = [asyncio.create_task(db.run(person, f"Person {n}")) for n in range(20)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*tasks)
    assert len(await other_db.read(names)) == 20


def test_a_command_runs_a_use_case_without_a_loop(url: str, clock: StandingClock) -> None:
    run_now(url, clock, person, "Ines Duarte")
    with pytest.raises(NotFound):
        run_now(url, clock, lambda tx: (_ for _ in ()).throw(NotFound("no")).__next__())
    assert run_now(url, clock, names) == ["Ines Duarte"]


async def test_no_update_is_lost_between_two_processes(db: Database, other_db: Database) -> None:
    """Read, then write: on both databases nobody writes over what another has just counted."""
    one = await db.run(lead, touches=0)

    def count(tx: Transaction) -> None:
        from dataclasses import replace

        locked = tx.leads.lock(one.id)
        assert locked is not None
        tx.leads.save(replace(locked, touches=(locked.touches or 0) + 1, version=locked.version + 1))

    await asyncio.gather(*((db, other_db)[n % 2].run(count) for n in range(40)))
    found = await db.read(lambda tx: tx.leads.get(one.id))
    assert found is not None
    assert (found.touches, found.version) == (40, 41)


def test_a_start_on_sqlite_imports_nothing_that_only_others_need() -> None:
    """It would take a fifth of the processor time of a start."""
    look = "import bot.app, sys; print([name for name in sys.modules if name.startswith(%r)])"
    dear = ("sqlalchemy.ext.asyncio", "sqlalchemy.orm", "psycopg", "alembic")
    done = subprocess.run([sys.executable, "-c", look % (dear,)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
