"""Leaks: accepted leads that nobody tried to reach within the agreed window, from its end until somebody does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables import LEAKS, leaks

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_START = on_both(
    leaks,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["handoff_id"], set_={"since": insert.excluded.since, "ended_at": None}
    ),
)
_END = (
    leaks.update()
    .where(leaks.c.handoff_id == _ONE, LEAKS)
    .values(ended_at=sa.bindparam("new_ended_at", type_=leaks.c.ended_at.type))
)
_SINCE = sa.select(leaks.c.handoff_id, leaks.c.since).where(leaks.c.handoff_id.in_(_IDS), LEAKS)
_COUNT = sa.select(leaks.c.rep_id, sa.func.count().label("leads")).where(LEAKS).group_by(leaks.c.rep_id)
_COUNT_OF = _COUNT.where(leaks.c.rep_id.in_(_IDS))


class Leaks(Repository):
    __slots__ = ()

    def start(self, handoff_id: str, lead_id: str, rep_id: str, since: datetime) -> None:
        """Nobody has touched this lead, and since then it leaks."""
        row = {"handoff_id": handoff_id, "lead_id": lead_id, "rep_id": rep_id, "since": since, "ended_at": None}
        self._change(_START[self._dialect], row)

    def end(self, handoff_id: str) -> bool:
        """It leaks no more; False when it did not."""
        return self._change(_END, {"the_one": handoff_id, "new_ended_at": self._tx.now}) == 1

    def since(self, handoff_ids: Sequence[str]) -> dict[str, datetime]:
        """Since when each of these leaks; those that do not are not in it."""
        rows = self._all(_SINCE, the_ids=list(handoff_ids)) if handoff_ids else []
        return {row.handoff_id: row.since for row in rows}

    def count(self, rep_ids: Sequence[str] | None = None) -> dict[str, int]:
        """How many leads of each rep leak now, of these reps or of everybody; who has none is not in it."""
        if rep_ids is None:
            return {row.rep_id: row.leads for row in self._all(_COUNT)}
        return {row.rep_id: row.leads for row in self._all(_COUNT_OF, the_ids=list(rep_ids))} if rep_ids else {}
