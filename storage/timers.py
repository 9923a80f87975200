"""Timers: what is due when. At most one of a kind for a subject."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.domain.post import Timer, TimerKind
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given, new, values_of
from storage.tables.clock import IS_UNROUTED, timers

if TYPE_CHECKING:
    from storage.transaction import Transaction

_KIND = sa.bindparam("the_kind", type_=timers.c.kind.type)
_SUBJECT = given("the_subject")
_ONE = given("the_one")
_SET = on_both(
    timers,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["kind", "subject_id"], set_={"due_at": insert.excluded.due_at, "attempts": 0}
    ),
)
_GET = sa.select(timers).where(timers.c.kind == _KIND, timers.c.subject_id == _SUBJECT)
_HOLD = _GET.with_for_update(read=True, key_share=True)
_CANCEL = timers.delete().where(timers.c.kind == _KIND, timers.c.subject_id == _SUBJECT)
_CANCEL_ALL = timers.delete().where(timers.c.subject_id == _SUBJECT)
_CANCEL_ALL_OF = timers.delete().where(timers.c.subject_id.in_(given("the_subjects", expanding=True)))
_IS_DUE = timers.c.due_at <= sa.bindparam("the_now")
_DUE = (
    sa.select(timers)
    .where(_IS_DUE)
    .order_by(timers.c.due_at, timers.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_FREE = sa.select(timers.c.id).where(timers.c.id == _ONE, _IS_DUE).with_for_update(skip_locked=True).scalar_subquery()
_TAKE = timers.delete().where(timers.c.id == _FREE).returning(timers)
_PUT_OFF = timers.update().where(timers.c.id == _ONE).values(due_at=new("due_at"), attempts=new("attempts"))
_PUT_BACK = on_both(timers, lambda insert: insert.on_conflict_do_nothing(index_elements=["kind", "subject_id"]))
_FIRST_UNROUTED = (
    sa.select(timers.c.id)
    .where(IS_UNROUTED)
    .order_by(timers.c.due_at, timers.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_HURRY = (
    timers.update()
    .where(timers.c.id.in_(_FIRST_UNROUTED), timers.c.due_at > new("due_at"))
    .values(due_at=new("due_at"))
)
_NEXT_DUE = sa.select(timers.c.due_at).order_by(timers.c.due_at).limit(1)


class Timers(Repository):
    __slots__ = ("_taken",)

    def __init__(self, tx: Transaction, connection: sa.Connection) -> None:
        super().__init__(tx, connection)
        self._taken: set[str] = set()

    def set(self, kind: TimerKind, subject_id: str, due_at: datetime) -> None:
        """`kind` is due for `subject_id` at `due_at`, and at no other time."""
        timer = Timer(id=self._tx.new_id(), kind=kind, subject_id=subject_id, due_at=due_at)
        self._change(_SET[self._dialect], values_of(timer))
        self._tx.wake = True

    def get(self, kind: TimerKind, subject_id: str) -> Timer | None:
        row = self._first(_GET, the_kind=kind, the_subject=subject_id)
        return None if row is None else Timer(**row._asdict())

    def hold(self, kind: TimerKind, subject_id: str) -> Timer | None:
        """As `get`; and it fires before this transaction reads it, or after it is committed. Any number may hold it."""
        row = self._first(_HOLD, the_kind=kind, the_subject=subject_id)
        return None if row is None else Timer(**row._asdict())

    def cancel(self, kind: TimerKind, subject_id: str) -> None:
        self._change(_CANCEL, {"the_kind": kind, "the_subject": subject_id})

    def cancel_all(self, subject_id: str, *others: str) -> None:
        """Nothing is due for `subject_id` and `others` any more."""
        if others:
            self._change(_CANCEL_ALL_OF, {"the_subjects": [subject_id, *others]})
        else:
            self._change(_CANCEL_ALL, {"the_subject": subject_id})

    def due(self, at_most: int) -> list[Timer]:
        """The timers that are due, those that are due longest first."""
        return [Timer(**row._asdict()) for row in self._all(_DUE, the_now=self._tx.now, at_most=at_most)]

    def take(self, timer_id: str) -> Timer | None:
        """The timer, gone from the table if this transaction commits: nobody else takes it. None when it is not due
        any more, or somebody else is just taking it."""
        row = self._first(_TAKE, the_one=timer_id, the_now=self._tx.now)
        if row is None:
            return None
        self._taken.add(row.id)
        return Timer(**row._asdict())

    def postpone(self, timer: Timer, due_at: datetime) -> None:
        """`timer` is due at `due_at`, one attempt older. A timer cancelled or set anew meanwhile stays so.

        For a timer taken in this transaction as well as for one whose transaction was rolled back.
        """
        later = {"new_due_at": due_at, "new_attempts": timer.attempts + 1}
        if timer.id in self._taken:
            again = values_of(timer) | {"due_at": due_at, "attempts": timer.attempts + 1}
            self._change(_PUT_BACK[self._dialect], again)
        else:
            self._change(_PUT_OFF, {"the_one": timer.id, **later})
        self._tx.wake = True

    def hurry_unrouted(self, at_most: int) -> None:
        """Of the leads that wait to be routed again, those next in turn are due now, at most so many."""
        if self._change(_HURRY, {"new_due_at": self._tx.now, "at_most": at_most}):
            self._tx.wake = True

    def next_due(self) -> datetime | None:
        found: datetime | None = self._value(_NEXT_DUE)
        return found
