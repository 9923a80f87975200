"""The statements about rows of the outbox, made once. The caller holds the lock of the rows' lanes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain.post import OutboxStatus
from storage.dialect import Insert, on_both
from storage.rows import given
from storage.tables.columns import is_word
from storage.tables.posts import IS_PARKED, IS_PENDING, IS_SENT, IS_UNDONE, IS_UNRESOLVED, lanes, outbox

_ONE = given("the_one")
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_IDS = given("the_ids", expanding=True)
NOW = sa.bindparam("the_now", type_=outbox.c.due_at.type)


def _add(insert: Insert) -> Any:
    """One that is pending already is the same thing, and waits where the last change wants it.

    Writing to it locks it, whatever lane it is in: it cannot be leased before the change it is to show is committed.
    """
    return insert.on_conflict_do_update(
        index_elements=["kind", "subject_id"], index_where=IS_PENDING, set_={"lane": insert.excluded.lane}
    ).returning(outbox.c.id)


ADD = on_both(outbox, _add)
_IS_PENDING_ONE = sa.and_(
    outbox.c.kind == sa.bindparam("the_kind", type_=outbox.c.kind.type),
    outbox.c.subject_id == sa.bindparam("the_subject"),
    IS_PENDING,
)
PENDING_DUE = sa.select(outbox.c.due_at).where(_IS_PENDING_ONE)
MOVE = outbox.update().where(_IS_PENDING_ONE).values(lane=sa.bindparam("new_lane"))
GET = sa.select(outbox).where(outbox.c.id == _ONE)

WAITS_NO_MORE = sa.or_(outbox.c.attempts > 0, outbox.c.due_at <= NOW)
"""Counts in the order of its lane: what is to be said later and was never tried does not hold up the rest."""


def head_of(lane: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The id of the row that is next in a lane: what is unresolved, whatever its id, else the first in order of id.

    Ids of several processes are in order only as far as their clocks are: a row of a process that died with its
    message sent may have a greater id than what the next process added, and must be looked up before it.
    """

    def first(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
        found = sa.select(outbox.c.id).where(outbox.c.lane == lane, condition, WAITS_NO_MORE)
        return found.order_by(outbox.c.id).limit(1).correlate(lanes).scalar_subquery()

    # Where nothing is unresolved, what is undone is pending; so worded, the index of the lane serves it.
    return sa.func.coalesce(first(IS_UNRESOLVED), first(IS_UNDONE))


_HEAD = head_of(lanes.c.name)
HEADS = (
    sa.select(outbox.c.id, outbox.c.lane, outbox.c.status)
    .select_from(lanes.join(outbox, outbox.c.id == _HEAD))
    # The lane once more: PostgreSQL looks again at a row that was changed meanwhile, which may have moved.
    .where(lanes.c.name.in_(sa.bindparam("the_lanes", expanding=True)), outbox.c.lane == lanes.c.name)
    .where(outbox.c.due_at <= NOW)
    # Whoever is about to change what it shows has it locked: their commit comes first, and wakes us again.
    .with_for_update(of=outbox, skip_locked=True)
)
LEASE = (
    outbox.update()
    .where(outbox.c.id.in_(_IDS))
    .values(
        status=sa.literal_column(f"'{OutboxStatus.SENDING}'"),
        token=sa.bindparam("new_token"),
        leased_until=sa.bindparam("new_leased_until", type_=outbox.c.leased_until.type),
        attempts=outbox.c.attempts + 1,
        dispatched_at=sa.func.coalesce(outbox.c.dispatched_at, NOW),
    )
    .returning(outbox)
)
_IS_OURS = sa.and_(
    outbox.c.id == _ONE, outbox.c.token == sa.bindparam("the_token"), is_word(outbox.c.status, OutboxStatus.SENDING)
)
IS_OURS = sa.select(outbox.c.id).where(_IS_OURS)
RECORD = (
    outbox.update()
    .where(_IS_OURS)
    .values(token=None, leased_until=None)
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=outbox.c[name].type)
            for name in ("status", "due_at", "last_error", "dispatched_at", "lookups")
        }
    )
)
ABSORB = outbox.delete().where(_IS_PENDING_ONE, outbox.c.id != _ONE)

_IS_PARKED = sa.and_(outbox.c.id == _ONE, IS_PARKED)
WILL_REPLAY = outbox.update().where(_IS_PARKED).values(due_at=NOW)
REPLAY = (
    outbox.update()
    .where(_IS_PARKED)
    .values(
        status=sa.literal_column(f"'{OutboxStatus.PENDING}'"),
        due_at=NOW,
        attempts=0,
        lookups=0,
        dispatched_at=None,
        last_error=None,
    )
)
FORGET_PARKED = outbox.delete().where(
    outbox.c.kind == sa.bindparam("the_kind", type_=outbox.c.kind.type),
    outbox.c.subject_id == sa.bindparam("the_subject"),
    IS_PARKED,
)
PARKED = sa.select(outbox).where(IS_PARKED).order_by(outbox.c.id.desc()).limit(_AT_MOST)

_rows = sa.func.count().label("rows")
COUNTS = sa.union_all(
    sa.select(outbox.c.status, _rows).where(IS_UNDONE).group_by(outbox.c.status),
    sa.select(outbox.c.status, _rows).where(IS_PARKED).group_by(outbox.c.status),
)
_OLD = (
    sa.select(outbox.c.id)
    .where(IS_SENT, outbox.c.created_at < sa.bindparam("the_instant"))
    .order_by(outbox.c.created_at)
    .limit(_AT_MOST)
)
PRUNE = outbox.delete().where(outbox.c.id.in_(_OLD))
