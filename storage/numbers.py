"""Numbers of a span of time: what was offered, accepted and rejected since an instant. Practice is in none of
them, nor is a reject that did not stand.

Every statement reads by an index that begins with, or ends in, the instant: what came before it costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.handoff import Status
from storage import handoff_queries as q
from storage.repository import Repository
from storage.rows import Row, given
from storage.tables.columns import is_one_of
from storage.tables.handoffs import IS_DECIDED, IS_REAL, handoffs

_IDS = given("the_ids", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=handoffs.c.offered_at.type)
_COUNTS = sa.and_(IS_REAL, q.NOT_UNDONE)
_DECISION = is_one_of(handoffs.c.status, (Status.ACCEPTED, Status.REJECTED))

_OFFERED = sa.select(sa.func.count()).where(handoffs.c.offered_at >= _SINCE, _COUNTS)
_DECIDED = sa.select(handoffs.c.decided_by, handoffs.c.status, handoffs.c.offered_at, handoffs.c.decided_at).where(
    IS_DECIDED, handoffs.c.decided_at >= _SINCE, _DECISION, _COUNTS, q.STANDS
)
_OFFERED_TO = (
    sa.select(handoffs.c.rep_id, sa.func.count().label("offered"))
    .where(handoffs.c.rep_id.in_(_IDS), handoffs.c.offered_at >= _SINCE, _COUNTS)
    .group_by(handoffs.c.rep_id)
)
_DECIDED_BY = sa.select(handoffs.c.decided_by, handoffs.c.status, handoffs.c.offered_at, handoffs.c.decided_at).where(
    handoffs.c.decided_by.in_(_IDS), handoffs.c.decided_at >= _SINCE, _DECISION, _COUNTS, q.STANDS
)


@dataclass(frozen=True, slots=True)
class Decision:
    """An accept or a reject, and by whom; the CRM's has no person."""

    decided_by: str | None
    accepted: bool
    offered_at: datetime
    decided_at: datetime


class Numbers(Repository):
    __slots__ = ()

    def offered(self, since: datetime) -> int:
        """How many offers were made to anybody."""
        return int(self._value(_OFFERED, the_instant=since))

    def decided(self, since: datetime) -> list[Decision]:
        """Every accept and reject."""
        return [_decision(row) for row in self._all(_DECIDED, the_instant=since)]

    def offered_to(self, person_ids: Sequence[str], since: datetime) -> dict[str, int]:
        """How many offers were made to each of these people; who had none is not in it."""
        rows = self._all(_OFFERED_TO, the_ids=list(person_ids), the_instant=since)
        return {row.rep_id: row.offered for row in rows}

    def decided_by(self, person_ids: Sequence[str], since: datetime) -> list[Decision]:
        """Every accept and reject of these people."""
        return [_decision(row) for row in self._all(_DECIDED_BY, the_ids=list(person_ids), the_instant=since)]


def _decision(row: Row) -> Decision:
    accepted = row.status is Status.ACCEPTED
    return Decision(row.decided_by, accepted, row.offered_at, row.decided_at)
