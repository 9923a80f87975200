"""Schedules of digests: made, changed, switched off and on, and removed, by Slack and by the file alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from bot.domain import digest_times
from bot.domain.digest import DigestKind, DigestState, Schedule
from bot.domain.digest_times import Settled
from bot.services import digests
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A schedule as somebody wants it. See `bot.domain.digest.Schedule`."""

    name: str
    kind: DigestKind
    place: str
    weekdays: tuple[int, ...]
    at: time
    tz: str
    is_on: bool = True
    silent_when_empty: bool = False
    closing_line: bool = True


def wanted_of(schedule: Schedule) -> Wanted:
    """As it is."""
    return Wanted(
        name=schedule.name,
        kind=schedule.kind,
        place=schedule.place,
        weekdays=schedule.weekdays,
        at=schedule.at,
        tz=schedule.tz,
        is_on=schedule.is_on,
        silent_when_empty=schedule.silent_when_empty,
        closing_line=schedule.closing_line,
    )


def add(tx: Transaction, wanted: Wanted, made_by: str | None) -> Schedule:
    """It begins with its next due instant; its first digest tells of a whole period."""
    times = digest_times.Times(weekdays=wanted.weekdays, at=wanted.at, tz=wanted.tz)
    made = Schedule(
        id=tx.new_id(),
        name=wanted.name,
        kind=wanted.kind,
        place=wanted.place,
        weekdays=wanted.weekdays,
        at=wanted.at,
        tz=wanted.tz,
        is_on=False,
        silent_when_empty=wanted.silent_when_empty,
        closing_line=wanted.closing_line,
        told_until=digest_times.last_before(times, tx.now),
        made_by=made_by,
        created_at=tx.now,
        updated_at=tx.now,
    )
    if wanted.is_on:
        following = digest_times.next_after(times, tx.now)
        made = replace(made, is_on=True, next_period=following.day, next_at=following.due_at)
    tx.schedules.add(made)
    digests.put(tx, made)
    return made


def change(tx: Transaction, schedule: Schedule, wanted: Wanted) -> Schedule:
    """The schedule, taken by `digests.take`, is as wanted. A period that is settled stays so; the one that comes next
    is sent at once when its new time has passed (`digest_times.retimed`). The kind stays as it is."""
    if wanted_of(schedule) == wanted:
        digests.put(tx, schedule)
        return schedule
    before, following = digests.times_of(schedule), digests.upcoming(schedule)
    changed = replace(
        schedule,
        name=wanted.name,
        place=wanted.place,
        weekdays=wanted.weekdays,
        at=wanted.at,
        tz=wanted.tz,
        is_on=wanted.is_on,
        silent_when_empty=wanted.silent_when_empty,
        closing_line=wanted.closing_line,
        version=schedule.version + 1,
        updated_at=tx.now,
    )
    if not wanted.is_on:
        changed = replace(changed, next_period=None, next_at=None)
    elif following is None or digests.times_of(changed) != before:
        changed = _retimed(tx, changed)
    digests.put(tx, changed)
    return changed


def remove(tx: Transaction, schedule: Schedule) -> None:
    """The schedule, taken by `digests.take`, is listed no more and sends nothing."""
    off = replace(
        schedule, is_on=False, next_period=None, next_at=None, version=schedule.version + 1, updated_at=tx.now
    )
    digests.put(tx, replace(off, removed_at=tx.now))


def _retimed(tx: Transaction, changed: Schedule) -> Schedule:
    """`changed` has new times, and still what came next by the old ones."""
    following = digests.upcoming(changed)
    near = following.day if following is not None else tx.now.date()
    settled = digests.settled_near(tx, changed, min(near, tx.now.date()))
    found = digest_times.retimed(following, digests.times_of(changed), tx.now, settled)
    if found.at_once is not None and not digests.reader_left(tx, changed):
        changed = digests.settle(tx, changed, Settled(period=found.at_once, state=DigestState.SENT))
    return replace(changed, next_period=found.next.day, next_at=found.next.due_at)
