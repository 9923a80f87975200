"""What reached us before: deliveries of webhooks, events of Slack, alerts given today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.crm import deliveries

_KIND = given("the_kind")
_KEY = given("the_key")
_IS_IT = (deliveries.c.kind == _KIND) & (deliveries.c.key == _KEY)
_FIRST = on_both(deliveries, lambda insert: insert.on_conflict_do_nothing(index_elements=["kind", "key"]))
_REMEMBER = on_both(
    deliveries,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["kind", "key"], set_={"answer": insert.excluded.answer}
    ),
)
_ANSWER = sa.select(deliveries.c.answer).where(_IS_IT)
_OLD = (
    sa.select(deliveries.c.kind, deliveries.c.key)
    .where(deliveries.c.seen_at < sa.bindparam("the_instant"))
    .order_by(deliveries.c.seen_at)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_FORGET = deliveries.delete().where(_IS_IT)


class Deliveries(Repository):
    __slots__ = ()

    def first_time(self, kind: str, key: str) -> bool:
        """Whether (kind, key) was never seen before; it is from now on. Of several at once one is the first."""
        return self._change(_FIRST[self._dialect], self._row(kind, key, None)) == 1

    def remember(self, kind: str, key: str, answer: Mapping[str, Any]) -> None:
        """(kind, key) is seen, and `answer` is what it was answered."""
        self._change(_REMEMBER[self._dialect], self._row(kind, key, dict(answer)))

    def answer_of(self, kind: str, key: str) -> dict[str, Any] | None:
        """What it was answered; None when it was not seen, or seen without an answer."""
        found: dict[str, Any] | None = self._value(_ANSWER, the_kind=kind, the_key=key)
        return found

    def prune(self, before: datetime, limit: int = 1000) -> int:
        """Forgets what was seen before `before`, the oldest first; returns how many, at most `limit`."""
        old = self._all(_OLD, the_instant=before, at_most=limit)
        self._change_each(_FORGET, [{"the_kind": row.kind, "the_key": row.key} for row in old])
        return len(old)

    def _row(self, kind: str, key: str, answer: dict[str, Any] | None) -> dict[str, Any]:
        return {"kind": kind, "key": key, "seen_at": self._tx.now, "answer": answer}
