"""Lanes: one for each place we say things in, with the instant at which it has work next.

`next_at` is what the deliverer looks for: the due time of the lane's next row, not before the lane's pace allows;
the end of the lease while a row is in flight; NULL when there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.dialect import Insert, on_both
from storage.outbox_queries import NOW, head_of
from storage.repository import Repository
from storage.rows import Row, given, one_or_many
from storage.tables.posts import IS_UNDONE, lanes, outbox

ALL = "*"
"""The row that holds every lane; no place of Slack is called so."""

_ONE = given("the_one")
_UNTIL = sa.bindparam("the_until", type_=lanes.c.held_until.type)

_LOCK = sa.select(lanes).where(lanes.c.name == _ONE).with_for_update(key_share=True)
_HELD = sa.select(lanes.c.held_until).where(lanes.c.name == _ONE)


def _lock_for_work(insert: Insert) -> Any:
    """A lane without work gets some at `next_at`, or when it is no longer held; another stays as it is."""
    idle_until = sa.case(
        (lanes.c.held_until > insert.excluded.next_at, lanes.c.held_until), else_=insert.excluded.next_at
    )
    return insert.on_conflict_do_update(
        index_elements=["name"], set_={"next_at": sa.func.coalesce(lanes.c.next_at, idle_until)}
    ).returning(lanes)


_LOCK_FOR_WORK = on_both(lanes, _lock_for_work)
_HOLD = on_both(
    lanes,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "held_until": sa.case(
                (lanes.c.held_until > insert.excluded.held_until, lanes.c.held_until),
                else_=insert.excluded.held_until,
            )
        },
    ),
)
_HEAD = sa.select(outbox.c.due_at).where(outbox.c.id == head_of(lanes.c.name)).correlate(lanes).scalar_subquery()
_EARLIEST = (
    sa.select(sa.func.min(outbox.c.due_at))
    .where(outbox.c.lane == lanes.c.name, IS_UNDONE)
    .correlate(lanes)
    .scalar_subquery()
)
_WORK_AT = sa.func.coalesce(_HEAD, _EARLIEST)
_HELD_UNTIL = sa.case(
    (lanes.c.held_until > _UNTIL, lanes.c.held_until), else_=sa.func.coalesce(_UNTIL, lanes.c.held_until)
)
_SETTLE = (
    lanes.update()
    .where(lanes.c.name.in_(sa.bindparam("the_lanes", expanding=True)))
    .values(
        # Without work this is NULL: no comparison with NULL is true.
        next_at=sa.case((_HELD_UNTIL > _WORK_AT, _HELD_UNTIL), else_=_WORK_AT),
        held_until=_HELD_UNTIL,
        leased_until=None,
    )
)
TARGETS = "target:"
"""Begins the names of lanes that lead to other systems."""
_TO_TARGETS = lanes.c.name.startswith(TARGETS)


def _lease(which: sa.ColumnElement[bool]) -> sa.Executable:
    due = (
        sa.select(lanes.c.name)
        .where(lanes.c.next_at <= NOW, which)
        .order_by(lanes.c.next_at, lanes.c.name)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
        .with_for_update(skip_locked=True, key_share=True)
    )
    # A scalar list is taken once; PostgreSQL may run a plain IN (SELECT ... LIMIT) again for each row.
    return (
        lanes.update()
        .where(lanes.c.name.in_(sa.select(due.cte("due").c.name)))
        .values(next_at=_UNTIL, leased_until=_UNTIL)
        .returning(lanes.c.name)
    )


_BUSY = ("busy_one", "busy_two")
_TO_OTHERS = sa.and_(_TO_TARGETS, *(lanes.c.name.not_like(given(name), escape="/") for name in _BUSY))
_LEASE, _LEASE_TO_TARGETS = _lease(sa.not_(_TO_TARGETS)), _lease(_TO_OTHERS)


def _next(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(lanes.c.next_at).where(lanes.c.next_at.is_not(None), *which).order_by(lanes.c.next_at).limit(1)


_NEXT, _NEXT_TO_SLACK, _NEXT_TO_TARGETS = _next(), _next(sa.not_(_TO_TARGETS)), _next(_TO_TARGETS)


class Lanes(Repository):
    __slots__ = ()

    def lock(self, name: str) -> Row:
        """The lane, which exists; nobody else adds to it, leases or frees it before this transaction ends."""
        return self._connection.execute(_LOCK, {"the_one": name}).one()

    def lock_for_work(self, due: Mapping[str, datetime]) -> list[Row]:
        """The lanes of `due` exist and are locked, in the order of their names; one that had nothing to do has at the
        instant given."""
        lanes_due = [{"name": name, "next_at": due[name]} for name in sorted(due)]
        return list(self._connection.execute(_LOCK_FOR_WORK[self._dialect], one_or_many(lanes_due)))

    def hurry(self, locked: Iterable[Row], due: Mapping[str, datetime]) -> None:
        """`next_at` is right again after rows due from `due` on were added to the locked lanes."""
        self.settle(
            [
                lane.name
                for lane in locked
                if lane.leased_until is None and lane.next_at > max_of(due[lane.name], lane.held_until)
            ]
        )

    def lease(self, limit: int, until: datetime, *, to_targets: bool, but_not_to: Sequence[str] = ()) -> list[str]:
        """Takes at most `limit` lanes that have work due, those that wait longest; their names. Of targets, none of
        those in `but_not_to`, which are at most two."""
        asked = {"the_now": self._tx.now, "at_most": limit, "the_until": until}
        if to_targets:
            busy = [*(f"{TARGETS}{key.replace('_', '/_')}:%" for key in but_not_to), "", ""]
            return [row.name for row in self._all(_LEASE_TO_TARGETS, **asked, busy_one=busy[0], busy_two=busy[1])]
        hold = self._all_held_until()
        if hold is not None and hold > self._tx.now:
            return []
        return [row.name for row in self._all(_LEASE, **asked)]

    def settle(self, names: Sequence[str], *, held_until: datetime | None = None) -> None:
        """The locked lanes are free, their `next_at` is right, and nothing of them goes out before `held_until`."""
        if names:
            self._change(_SETTLE, {"the_lanes": list(names), "the_now": self._tx.now, "the_until": held_until})

    def hold(self, name: str, until: datetime) -> None:
        """Nothing of this lane before `until`; a longer hold stays."""
        self._change(_HOLD[self._dialect], {"name": name, "held_until": until})
        lane = self.lock(name)
        if lane.leased_until is None:
            self.settle([name])

    def hold_all(self, until: datetime) -> None:
        """Nothing of any lane before `until`; a longer hold stays."""
        self._change(_HOLD[self._dialect], {"name": ALL, "held_until": until})

    def next_due(self) -> datetime | None:
        """The first instant at which a lane has work; what holds Slack's lanes holds no others."""
        hold = self._all_held_until()
        if hold is None or hold <= self._tx.now:
            found: datetime | None = self._value(_NEXT)
            return found
        to_slack = self._value(_NEXT_TO_SLACK)
        instants = (None if to_slack is None else max_of(to_slack, hold), self._value(_NEXT_TO_TARGETS))
        return min((instant for instant in instants if instant is not None), default=None)

    def _all_held_until(self) -> datetime | None:
        found: datetime | None = self._value(_HELD, the_one=ALL)
        return found


def max_of(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of the two; the one there is; None without any."""
    if one is None or other is None:
        return one or other
    return max(one, other)
