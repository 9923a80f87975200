"""Schedules of digests and their periods, on both databases: a period is settled once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.digest import DigestState
from bot.errors import StorageError
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, person
from tests.storage.schedule_calls import DIGEST, SCHEDULE

DAY = timedelta(days=1)


def settled(tx: Transaction, days: int, state: DigestState = DigestState.SENT, **more: Any) -> None:
    due = NOON + days * DAY
    values = {"id": tx.new_id(), "period": due.date(), "due_at": due, "state": state, **more}
    tx.digests.add(replace(DIGEST, **values))


async def test_a_schedule_is_read_as_it_was_stored_and_changed(db: Database) -> None:
    await db.run(lambda tx: tx.schedules.add(SCHEDULE))
    assert await db.read(lambda tx: tx.schedules.get(SCHEDULE.id)) == SCHEDULE
    changed = replace(SCHEDULE, weekdays=(6,), is_on=False, next_period=None, next_at=None, version=2)
    await db.run(lambda tx: tx.schedules.save(changed))
    assert await db.run(lambda tx: tx.schedules.lock(SCHEDULE.id)) == changed
    await db.run(lambda tx: tx.schedules.save(replace(changed, removed_at=NOON)))
    assert await db.read(lambda tx: tx.schedules.all()) == []


async def test_a_name_is_free_again_once_its_schedule_is_removed(db: Database) -> None:
    await db.run(lambda tx: tx.schedules.add(SCHEDULE))
    other = replace(SCHEDULE, id="other")
    with pytest.raises(StorageError):
        await db.run(lambda tx: tx.schedules.add(other))
    await db.run(lambda tx: tx.schedules.save(replace(SCHEDULE, removed_at=NOON)))
    await db.run(lambda tx: tx.schedules.add(other))


async def test_a_period_is_settled_once_and_extra_ones_are_no_period(db: Database) -> None:
    await db.run(lambda tx: tx.schedules.add(SCHEDULE))
    await db.run(lambda tx: settled(tx, 0))
    with pytest.raises(StorageError):
        await db.run(lambda tx: settled(tx, 0, DigestState.SKIPPED))

    def extra(tx: Transaction) -> None:
        by = person(tx).id
        for _ in range(2):
            settled(tx, 0, period=None, sent_by=by)

    await db.run(extra)
    assert await db.read(lambda tx: tx.digests.settled(SCHEDULE.id, NOON.date())) == {NOON.date()}
    with pytest.raises(StorageError):
        await db.run(lambda tx: settled(tx, 1, period=None))


async def test_skipped_are_those_since_the_last_one_sent(db: Database) -> None:
    await db.run(lambda tx: tx.schedules.add(SCHEDULE))
    states = ["skipped", "sent", "skipped", "silent", "skipped", "sent", "skipped"]

    def fill(tx: Transaction) -> None:
        for number, state in enumerate(states):
            settled(tx, number, DigestState(state))

    await db.run(fill)
    found = {one.period: one for one in await db.read(lambda tx: tx.digests.latest(SCHEDULE.id, 10))}

    async def before(days: int) -> list[date]:
        digest = found[(NOON + days * DAY).date()]
        return await db.read(lambda tx: tx.digests.skipped_before(digest))

    assert await before(1) == [NOON.date()]
    assert await before(5) == [(NOON + 2 * DAY).date(), (NOON + 4 * DAY).date()]
    assert await before(0) == []
