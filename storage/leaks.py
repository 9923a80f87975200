"""Leaks: accepted leads that nobody tried to reach within the agreed window, from its end until somebody does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from storage.dialect import on_both
from storage.handoff_queries import COLUMNS, WIDTH
from storage.handoffs import handoff_of
from storage.leads import LEAD_COLUMNS, lead_of
from storage.repository import Repository
from storage.rows import given
from storage.tables.handoffs import handoffs
from storage.tables.leads import leads
from storage.tables.outcomes import LEAKS, leaks

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_START = on_both(leaks, lambda insert: insert.on_conflict_do_nothing(index_elements=["handoff_id"]))
_GO_ON = (
    leaks.update()
    .where(leaks.c.handoff_id == _ONE)
    .values(since=sa.bindparam("new_since", type_=leaks.c.since.type), ended_at=None)
)
_END = (
    leaks.update()
    .where(leaks.c.handoff_id == _ONE, LEAKS)
    .values(ended_at=sa.bindparam("new_ended_at", type_=leaks.c.ended_at.type))
)
_SINCE = sa.select(leaks.c.handoff_id, leaks.c.since).where(leaks.c.handoff_id.in_(_IDS), LEAKS)
_COUNT = sa.select(leaks.c.rep_id, sa.func.count().label("leads")).where(LEAKS).group_by(leaks.c.rep_id)
_COUNT_OF = _COUNT.where(leaks.c.rep_id.in_(_IDS))


def _page(*condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(*COLUMNS, *LEAD_COLUMNS)
        .select_from(leaks)
        .join(handoffs, handoffs.c.id == leaks.c.handoff_id)
        .join(leads, leads.c.id == leaks.c.lead_id)
        .where(LEAKS, *condition)
        .order_by(leaks.c.since, leaks.c.handoff_id)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
    )


_LONGEST, _LONGEST_OF = _page(), _page(leaks.c.rep_id.in_(_IDS))


class Leaks(Repository):
    __slots__ = ()

    def start(self, handoff_id: str, lead_id: str, rep_id: str, since: datetime) -> bool:
        """Nobody has touched this lead, and since then it leaks. False when it was known to leak before, though what
        was logged to end it was taken out since."""
        row = {"handoff_id": handoff_id, "lead_id": lead_id, "rep_id": rep_id, "since": since, "ended_at": None}
        if self._change(_START[self._dialect], row) == 1:
            return True
        self._change(_GO_ON, {"the_one": handoff_id, "new_since": since})
        return False

    def end(self, handoff_id: str) -> bool:
        """It leaks no more; False when it did not."""
        return self._change(_END, {"the_one": handoff_id, "new_ended_at": self._tx.now}) == 1

    def since(self, handoff_ids: Sequence[str]) -> dict[str, datetime]:
        """Since when each of these leaks; those that do not are not in it."""
        rows = self._all(_SINCE, the_ids=list(handoff_ids)) if handoff_ids else []
        return {row.handoff_id: row.since for row in rows}

    def longest(self, rep_ids: Sequence[str] | None, limit: int) -> list[tuple[Handoff, Lead]]:
        """Those that leak longest, of these reps or of everybody."""
        if rep_ids is None:
            rows = self._all(_LONGEST, at_most=limit)
        else:
            rows = self._all(_LONGEST_OF, the_ids=list(rep_ids), at_most=limit) if rep_ids else []
        terms_of = self._tx.agreements.terms_of
        return [(handoff_of(row[:WIDTH], terms_of), lead_of(row[WIDTH:])) for row in rows]

    def count(self, rep_ids: Sequence[str] | None = None) -> dict[str, int]:
        """How many leads of each rep leak now, of these reps or of everybody; who has none is not in it."""
        if rep_ids is None:
            return {row.rep_id: row.leads for row in self._all(_COUNT)}
        return {row.rep_id: row.leads for row in self._all(_COUNT_OF, the_ids=list(rep_ids))} if rep_ids else {}
