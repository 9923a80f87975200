"""The outbox: what is still to be said, in lanes. One row of a lane is in flight at a time, in order of id.

Whoever changes what a lane has to do locks its row first. Coalescing is safe because a row that is found pending is
locked too: it cannot be leased, from whatever lane, before the change it is to show is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain.post import OutboxKind, OutboxRow, OutboxStatus
from storage import outbox_queries as q
from storage.lanes import Lanes
from storage.repository import Repository
from storage.rows import one_or_many, values_of

if TYPE_CHECKING:
    from storage.transaction import Transaction


class Outbox(Repository):
    __slots__ = ("_added", "_lanes")

    def __init__(self, tx: Transaction, connection: sa.Connection) -> None:
        super().__init__(tx, connection)
        self._added: dict[tuple[OutboxKind, str], OutboxRow] = {}
        self._lanes = Lanes(tx, connection)

    def add(self, kind: OutboxKind, subject_id: str, lane: str, due_at: datetime | None = None) -> None:
        """`kind` is to be done for `subject_id`, from `due_at` on (else now). Kept once while it is pending.

        Written when the transaction ends, lane by lane in one order, so that two transactions that say things in
        the same places do not wait for each other in a circle.
        """
        self._tx.wake = True
        if (kind, subject_id) not in self._added:
            self._added[kind, subject_id] = OutboxRow(
                id=self._tx.new_id(),
                kind=kind,
                lane=lane,
                subject_id=subject_id,
                status=OutboxStatus.PENDING,
                due_at=due_at or self._tx.now,
                created_at=self._tx.now,
                correlation_id=self._tx.correlation_id,
            )

    def move(self, kind: OutboxKind, subject_id: str, lane: str) -> None:
        """If `kind` is pending for `subject_id`, it waits in `lane` from now on."""
        the_one = {"the_kind": kind, "the_subject": subject_id}
        due_at = self._value(q.PENDING_DUE, **the_one)
        if due_at is not None:
            due = {lane: due_at}
            locked = self._lanes.lock_for_work(due)
            self._change(q.MOVE, the_one | {"new_lane": lane})
            self._lanes.hurry(locked, due)
            self._tx.wake = True

    def flush(self) -> None:
        """What was added is written: three statements, however much it is."""
        if not self._added:
            return
        rows = sorted(self._added.values(), key=lambda row: (row.lane, row.id))
        self._added.clear()
        due: dict[str, datetime] = {}
        for row in rows:
            due[row.lane] = min(row.due_at, due.get(row.lane, row.due_at))
        locked = self._lanes.lock_for_work(due)
        self._connection.execute(q.ADD[self._dialect], one_or_many([values_of(row) for row in rows])).all()
        self._lanes.hurry(locked, due)
        if any(row.kind is OutboxKind.SYNC_POST for row in rows):
            crash_points.reached(CrashPoint.INGEST_OUTBOX_INSERTED)

    def lease_lanes(
        self, limit: int, lease_for: timedelta, *, to_targets: bool = False, but_not_to: Sequence[str] = ()
    ) -> list[OutboxRow]:
        """The next row of each of at most `limit` lanes that have work due, for us alone until the lease ends.

        The status is SENDING for a row that is sent for the first time or again after a definite failure, and
        UNKNOWN for one that Slack may have already: it comes from `unknown`, or its lease ended without a word.
        `dispatched_at` is the earliest instant at which Slack may have got it. Lanes of Slack, or `to_targets` those
        of other systems, which Slack's limits do not hold; `but_not_to` names at most two of them.
        """
        self.flush()
        now, until, token = self._tx.now, self._tx.now + lease_for, self._tx.new_key()
        lanes = self._lanes.lease(limit, until, to_targets=to_targets, but_not_to=but_not_to)
        if not lanes:
            return []
        heads = {row.id: row for row in self._all(q.HEADS, the_lanes=lanes, the_now=now)}
        # The next row of the others is not due yet, or about to be changed.
        self._lanes.settle(sorted(set(lanes) - {row.lane for row in heads.values()}))
        if not heads:
            return []
        leased = self._all(q.LEASE, the_ids=list(heads), the_now=now, new_token=token, new_leased_until=until)
        return [_leased(OutboxRow(**row._asdict()), heads[row.id].status) for row in sorted(leased)]

    def done(self, row: OutboxRow, pace_until: datetime) -> bool:
        """Slack has it; nothing else of the lane before `pace_until`."""
        sent = {"status": OutboxStatus.SENT, "due_at": row.due_at, "last_error": None}
        return self._record(row, sent, held_until=pace_until)

    def retry(self, row: OutboxRow, due_at: datetime, error: str) -> bool:
        """Slack definitely does not have it: again at `due_at`, before the rest of the lane.

        The same thing added meanwhile is one with it, because what is said is the state at the time of saying.
        """
        again = {"status": OutboxStatus.PENDING, "due_at": due_at, "last_error": error, "dispatched_at": None}
        return self._record(row, again, absorb=True)

    def unknown(self, row: OutboxRow, due_at: datetime, error: str) -> bool:
        """Slack may or may not have it: leased as UNKNOWN at `due_at`, and nothing else of the lane before.

        `lookups` grows by one if the row had been leased as UNKNOWN, that is if it was looked up now.
        """
        lookups = row.lookups + (row.status is OutboxStatus.UNKNOWN)
        values = {"status": OutboxStatus.UNKNOWN, "due_at": due_at, "last_error": error, "lookups": lookups}
        return self._record(row, values)

    def park(self, row: OutboxRow, error: str) -> bool:
        """Given up and kept, with the reason; the lane goes on."""
        return self._record(row, {"status": OutboxStatus.PARKED, "due_at": row.due_at, "last_error": error})

    def hold_lane(self, lane: str, until: datetime) -> None:
        """Nothing is sent in this lane before `until`."""
        self._lanes.hold(lane, until)

    def hold_all(self, until: datetime) -> None:
        """Nothing is sent at all before `until`."""
        self._lanes.hold_all(until)

    def next_due(self) -> datetime | None:
        """When there is something to lease next; of a lane in flight, when its lease ends. None: nothing at all."""
        self.flush()
        return self._lanes.next_due()

    def counts(self) -> dict[OutboxStatus, int]:
        """How many rows there are of each status but SENT: those are history."""
        self.flush()
        counted = {status: 0 for status in OutboxStatus if status is not OutboxStatus.SENT}
        return counted | {row.status: row.rows for row in self._all(q.COUNTS)}

    def parked(self, limit: int) -> list[OutboxRow]:
        """The newest first."""
        return [OutboxRow(**row._asdict()) for row in self._all(q.PARKED, at_most=limit)]

    def get(self, row_id: str) -> OutboxRow | None:
        found = self._first(q.GET, the_one=row_id)
        return None if found is None else OutboxRow(**found._asdict())

    def replay(self, row_id: str) -> bool:
        """The parked row is pending again and due now; False when it is not parked (any more)."""
        found = self._first(q.GET, the_one=row_id)
        if found is None:
            return False
        row = OutboxRow(**found._asdict())
        self.flush()
        lane = self._lanes.lock(row.lane)
        parameters = {"the_one": row.id, "the_now": self._tx.now}
        if self._change(q.WILL_REPLAY, parameters) != 1:
            return False
        self._absorb(row)
        self._change(q.REPLAY, parameters)
        if lane.leased_until is None:
            self._lanes.settle([lane.name])
        self._tx.wake = True
        return True

    def forget_parked(self, kind: OutboxKind, subject_id: str) -> None:
        """What was given up of `kind` for `subject_id` is no longer kept: it is tried again another way."""
        self._change(q.FORGET_PARKED, {"the_kind": kind, "the_subject": subject_id})

    def prune(self, before: datetime, limit: int = 1000) -> int:
        """Forgets rows sent that were added before `before`, the oldest first; returns how many, at most `limit`."""
        return self._change(q.PRUNE, {"the_instant": before, "at_most": limit})

    def _record(
        self,
        row: OutboxRow,
        values: dict[str, Any],
        *,
        held_until: datetime | None = None,
        absorb: bool = False,
    ) -> bool:
        """What became of a leased row; its lane is free. False when the lease was lost: then nothing changes."""
        self._lanes.lock(row.lane)
        kept = {"dispatched_at": row.dispatched_at, "lookups": row.lookups}
        parameters = {f"new_{name}": value for name, value in (kept | values).items()}
        fence = {"the_one": row.id, "the_token": row.token}
        if absorb:
            if self._first(q.IS_OURS, **fence) is None:
                return False
            self._absorb(row)
        if self._change(q.RECORD, fence | parameters) != 1:
            return False
        self._lanes.settle([row.lane], held_until=held_until)
        self._tx.wake = True
        return True

    def _absorb(self, row: OutboxRow) -> None:
        self._added.pop((row.kind, row.subject_id), None)
        self._change(q.ABSORB, {"the_one": row.id, "the_kind": row.kind, "the_subject": row.subject_id})


def _leased(row: OutboxRow, before: OutboxStatus) -> OutboxRow:
    if before is OutboxStatus.PENDING:
        return row
    return OutboxRow(**(values_of(row) | {"status": OutboxStatus.UNKNOWN}))
