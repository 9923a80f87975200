"""Which leads stand in which manager's message about what is at risk."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.domain.countdown import Running
from storage.countdowns import running_of
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.clock import RUNS, at_risk, countdowns

_ONE = given("the_one")
_MANAGERS = given("the_managers", expanding=True)
_JOIN = on_both(
    at_risk, lambda insert: insert.on_conflict_do_nothing(index_elements=["manager_id", "countdown_id"])
)  # fmt: skip
_LEAVE = at_risk.delete().where(at_risk.c.countdown_id == _ONE).returning(at_risk.c.manager_id)
_MANAGERS_OF = sa.select(at_risk.c.manager_id).where(at_risk.c.countdown_id == _ONE).order_by(at_risk.c.manager_id)
_ROWS = countdowns.join(at_risk, at_risk.c.countdown_id == countdowns.c.id)
_OF = (
    sa.select(countdowns)
    .distinct()
    .select_from(_ROWS)
    .where(at_risk.c.manager_id.in_(_MANAGERS), RUNS)
    .order_by(countdowns.c.due_at, countdowns.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
    .offset(sa.bindparam("skipped", type_=sa.Integer))
)
_COUNT = (
    sa.select(sa.func.count(sa.distinct(at_risk.c.countdown_id)))
    .select_from(_ROWS)
    .where(at_risk.c.manager_id.in_(_MANAGERS), RUNS)
)


class AtRisk(Repository):
    """A row goes when its window ends: what stands here is the present."""

    __slots__ = ()

    def join(self, manager_id: str, countdown_id: str) -> bool:
        """It stands in this manager's list; False when it did already."""
        row = {"manager_id": manager_id, "countdown_id": countdown_id, "joined_at": self._tx.now}
        return self._change(_JOIN[self._dialect], row) == 1

    def leave(self, countdown_id: str) -> list[str]:
        """It stands in no list any more; the managers in whose lists it stood."""
        return sorted(row.manager_id for row in self._all(_LEAVE, the_one=countdown_id))

    def managers_of(self, countdown_id: str) -> list[str]:
        """In whose lists it stands."""
        return [row.manager_id for row in self._all(_MANAGERS_OF, the_one=countdown_id)]

    def of(self, manager_ids: Iterable[str], limit: int, skipped: int = 0) -> list[Running]:
        """What stands in these managers' lists, each once, what is due first before the rest."""
        ids = list(manager_ids)
        return [running_of(row) for row in self._all(_OF, the_managers=ids, at_most=limit, skipped=skipped)]

    def count(self, manager_ids: Iterable[str]) -> int:
        """How much stands in these managers' lists, each lead once."""
        return int(self._value(_COUNT, the_managers=list(manager_ids)))
