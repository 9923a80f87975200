"""The windows that run, and how those that ran ended. One a kind and subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.countdown import CountdownKind, Running
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of
from storage.tables import RUNS, countdowns

_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)

_ONE = given("the_one")
_SUBJECT = given("the_subject")
_KIND = sa.bindparam("the_kind", type_=countdowns.c.kind.type)
_OF_KIND = countdowns.c.kind == _KIND

_GET = sa.select(countdowns).where(countdowns.c.id == _ONE)
_LOCK = _GET.with_for_update(key_share=True)
_OF = sa.select(countdowns).where(_OF_KIND, countdowns.c.subject_id == _SUBJECT)
_LOCK_OF = _OF.with_for_update(key_share=True)
_OF_MANY = sa.select(countdowns).where(_OF_KIND, countdowns.c.subject_id.in_(given("the_subjects", expanding=True)))
# In one order, so that two who plan anew do not wait for each other.
_OF_OWNER = (
    sa.select(countdowns)
    .where(countdowns.c.owner_id == _ONE, RUNS)
    .order_by(countdowns.c.id)
    .with_for_update(key_share=True)
)
_OF_TEAM = (
    sa.select(countdowns)
    .where(countdowns.c.team_id == _ONE, countdowns.c.owner_id.is_(None), RUNS)
    .order_by(countdowns.c.id)
    .with_for_update(key_share=True)
)
_OF_AGREEMENT = (
    sa.select(countdowns)
    .where(countdowns.c.agreement_id == _ONE, countdowns.c.id > sa.bindparam("the_last"), RUNS)
    .order_by(countdowns.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
    .with_for_update(key_share=True)
)
_START = on_both(
    countdowns,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["kind", "subject_id"],
        set_={column.name: insert.excluded[column.name] for column in countdowns.c if column.name != "id"},
    ).returning(countdowns.c.id),
)
_SAVE = update_of(countdowns, without=("kind", "subject_id", "agreement_id", "started_at")).where(
    countdowns.c.id == _ONE
)


class Countdowns(Repository):
    __slots__ = ()

    def get(self, countdown_id: str) -> Running | None:
        return self._one(_GET, the_one=countdown_id)

    def lock(self, countdown_id: str) -> Running | None:
        """The countdown; nobody else locks or changes it before this transaction ends."""
        return self._one(_LOCK, the_one=countdown_id)

    def of(self, kind: CountdownKind, subject_id: str) -> Running | None:
        """The one of this kind and subject, whether it runs or has ended."""
        return self._one(_OF, the_kind=kind, the_subject=subject_id)

    def lock_of(self, kind: CountdownKind, subject_id: str) -> Running | None:
        """As of; nobody else locks or changes it before this transaction ends."""
        return self._one(_LOCK_OF, the_kind=kind, the_subject=subject_id)

    def of_many(self, kind: CountdownKind, subject_ids: Iterable[str]) -> dict[str, Running]:
        """By subject; subjects that have none are not in it."""
        ids = list(dict.fromkeys(subject_ids))
        found = self._all(_OF_MANY, the_kind=kind, the_subjects=ids) if ids else []
        return {row.subject_id: running_of(row) for row in found}

    def lock_of_owner(self, person_id: str) -> list[Running]:
        """Those that run on this person's calendar, locked, in one order."""
        return [running_of(row) for row in self._all(_OF_OWNER, the_one=person_id)]

    def lock_of_team(self, team_id: str) -> list[Running]:
        """Those that run on this team's calendar, locked, in one order."""
        return [running_of(row) for row in self._all(_OF_TEAM, the_one=team_id)]

    def lock_of_agreement(self, agreement_id: str, after: str, at_most: int) -> list[Running]:
        """Those that run under this agreement with an id after `after`, locked, by id."""
        rows = self._all(_OF_AGREEMENT, the_one=agreement_id, the_last=after, at_most=at_most)
        return [running_of(row) for row in rows]

    def start(self, running: Running) -> Running:
        """It runs, in place of one of the same kind and subject; as stored: that one's id stays."""
        kept = self._value(_START[self._dialect], **_values(running))
        return running if kept == running.id else replace(running, id=str(kept))

    def save(self, running: Running) -> None:
        """What changes while it runs, and its end, are as `running` says."""
        self._change(_SAVE, {"the_one": running.id, **changes(_values(running))})

    def _one(self, statement: sa.Executable, **parameters: Any) -> Running | None:
        row = self._first(statement, **parameters)
        return None if row is None else running_of(row)


def running_of(row: Row) -> Running:
    """The countdown of a row that has every column of `countdowns`, and maybe others."""
    since: datetime = row.since
    return Running(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        agreement_id=row.agreement_id,
        lead_id=row.lead_id,
        owner_id=row.owner_id,
        team_id=row.team_id,
        window=timedelta(seconds=row.window_s),
        counted=timedelta(microseconds=row.counted_us),
        since=since,
        due_at=row.due_at,
        step=row.step,
        snoozed_until=row.snoozed_until,
        started_at=row.started_at,
        ended_at=row.ended_at,
        result=row.result,
    )


_PLAIN = (
    "id", "kind", "subject_id", "agreement_id", "lead_id", "owner_id", "team_id", "since", "due_at", "step",
    "snoozed_until", "started_at", "ended_at", "result",
)  # fmt: skip


def _values(running: Running) -> dict[str, Any]:
    values = {name: getattr(running, name) for name in _PLAIN}
    return values | {"window_s": running.window // _SECOND, "counted_us": running.counted // _MICROSECOND}
