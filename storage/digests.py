"""Digests: the schedules, and which of their periods are settled."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from bot.domain.digest import Digest, DigestState, Schedule
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.columns import is_word
from storage.tables.digests import digest_schedules, digests

_ONE = given("the_one")
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_FROM = sa.bindparam("the_day", type_=digests.c.period.type)
_DUE = sa.bindparam("due", type_=digests.c.due_at.type)
_SINCE = sa.bindparam("since", type_=digests.c.due_at.type)
_MADE = digests.c.due_at.desc(), digests.c.id.desc()

_GET = sa.select(digest_schedules).where(digest_schedules.c.id == _ONE)
_LOCK = _GET.with_for_update()
_ALL = (
    sa.select(digest_schedules)
    .where(digest_schedules.c.removed_at.is_(None))
    .order_by(digest_schedules.c.name, digest_schedules.c.id)
)
_ADD = digest_schedules.insert()
_SAVE = update_of(digest_schedules, without=("kind", "made_by", "created_at")).where(digest_schedules.c.id == _ONE)

_GET_DIGEST = sa.select(digests).where(digests.c.id == _ONE)
_ADD_DIGEST = digests.insert()
_SETTLED = (
    sa.select(digests.c.period)
    .where(digests.c.schedule_id == _ONE, digests.c.period >= _FROM)
    .order_by(digests.c.period)
)
_LATEST = sa.select(digests).where(digests.c.schedule_id == _ONE).order_by(*_MADE).limit(_AT_MOST)
_IN_TURN = sa.and_(digests.c.schedule_id == _ONE, digests.c.period.is_not(None), digests.c.due_at < _DUE)
_SENT_BEFORE = (
    sa.select(digests.c.due_at)
    .where(_IN_TURN, is_word(digests.c.state, DigestState.SENT))
    .order_by(digests.c.due_at.desc())
    .limit(1)
)
_SKIPPED = (
    sa.select(digests.c.period)
    .where(_IN_TURN, is_word(digests.c.state, DigestState.SKIPPED), digests.c.due_at > _SINCE)
    .order_by(digests.c.due_at)
)
BEGINNING = datetime.min.replace(tzinfo=UTC)


class Schedules(Repository):
    __slots__ = ()

    def get(self, schedule_id: str) -> Schedule | None:
        """Also one that was removed."""
        row = self._first(_GET, the_one=schedule_id)
        return None if row is None else _schedule(row)

    def lock(self, schedule_id: str) -> Schedule | None:
        """As `get`; until this transaction ends nobody else settles or changes it."""
        row = self._first(_LOCK, the_one=schedule_id)
        return None if row is None else _schedule(row)

    def all(self) -> list[Schedule]:
        """Those that were not removed, by name."""
        return [_schedule(row) for row in self._all(_ALL)]

    def add(self, schedule: Schedule) -> None:
        self._change(_ADD, _values(schedule))

    def save(self, schedule: Schedule) -> None:
        """Its kind, and who made it when, stay."""
        self._change(_SAVE, {"the_one": schedule.id, **changes(_values(schedule))})


class Digests(Repository):
    __slots__ = ()

    def get(self, digest_id: str) -> Digest | None:
        row = self._first(_GET_DIGEST, the_one=digest_id)
        return None if row is None else Digest(**row._asdict())

    def add(self, digest: Digest) -> None:
        """Raises on a second one of a period."""
        self._change(_ADD_DIGEST, values_of(digest))

    def settled(self, schedule_id: str, since: date) -> frozenset[date]:
        """The periods from `since` that are settled."""
        rows = self._all(_SETTLED, the_one=schedule_id, the_day=since)
        return frozenset(row.period for row in rows)

    def latest(self, schedule_id: str, limit: int) -> list[Digest]:
        """Those that were due last, extra ones too, the latest first."""
        return [Digest(**row._asdict()) for row in self._all(_LATEST, the_one=schedule_id, at_most=limit)]

    def skipped_before(self, digest: Digest) -> list[date]:
        """The periods that were skipped since the one sent before this, in order."""
        sent_at = self._value(_SENT_BEFORE, the_one=digest.schedule_id, due=digest.due_at)
        rows = self._all(_SKIPPED, the_one=digest.schedule_id, due=digest.due_at, since=sent_at or BEGINNING)
        return [row.period for row in rows]


def _schedule(row: Row) -> Schedule:
    found = row._asdict()
    return Schedule(
        **found | {"weekdays": tuple(found["weekdays"]), "at": time.fromisoformat(found["at"])},
    )


def _values(schedule: Schedule) -> dict[str, Any]:
    return values_of(schedule) | {"weekdays": list(schedule.weekdays), "at": f"{schedule.at:%H:%M}"}
