"""Every call about schedules of digests and their periods, for the test of their plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from bot.domain.digest import Digest, DigestKind, DigestState, Schedule
from storage.transaction import Transaction
from tests.storage.samples import NOON

SCHEDULE = Schedule(
    id="of-plans", name="Of plans", kind=DigestKind.FIELD_NOTES, place="C1", weekdays=(0, 3), at=time(9), tz="UTC",
    next_period=NOON.date(), next_at=NOON, told_until=NOON, made_by=None, created_at=NOON, updated_at=NOON,
)  # fmt: skip
DIGEST = Digest(
    id="of-plans", schedule_id=SCHEDULE.id, period=NOON.date(), state=DigestState.SENT, due_at=NOON,
    from_at=NOON - timedelta(days=7), until_at=NOON, made_at=NOON,
)  # fmt: skip


def _settled(tx: Transaction) -> None:
    tx.schedules.add(SCHEDULE)
    tx.digests.add(DIGEST)


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "schedules.get": lambda w, tx: tx.schedules.get("copied"),
    "schedules.lock": lambda w, tx: tx.schedules.lock("copied"),
    "schedules.add": lambda w, tx: tx.schedules.add(SCHEDULE),
    "schedules.save": lambda w, tx: tx.schedules.save(replace(SCHEDULE, id="copied")),
    "digests.get": lambda w, tx: tx.digests.get("shown-1"),
    "digests.add": lambda w, tx: _settled(tx),
    "digests.settled": lambda w, tx: tx.digests.settled("copied", NOON.date()),
    "digests.latest": lambda w, tx: tx.digests.latest("copied", 1),
    "digests.skipped_before": lambda w, tx: tx.digests.skipped_before(replace(DIGEST, schedule_id="copied")),
}
RARE = {"schedules.all"}
"""Some dozens of rows."""
