"""Reassignments: all of a person's leads on their way to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.reassignment import Reassignment
from storage.repository import Repository
from storage.rows import given, new, values_of
from storage.tables.handoffs import IS_FINISHED, IS_RUNNING, reassignments

_ONE = given("the_one")
_GET = sa.select(reassignments).where(reassignments.c.id == _ONE)
_LOCK = _GET.with_for_update(key_share=True)
_RUNNING = sa.select(reassignments).where(reassignments.c.person_id.in_(given("the_ids", expanding=True)), IS_RUNNING)
_ADD = reassignments.insert()
_SAVE = reassignments.update().where(reassignments.c.id == _ONE).values(done=new("done"))
_FINISH = _SAVE.values(
    finished_at=sa.bindparam("new_finished_at", type_=reassignments.c.finished_at.type), note=""
)  # fmt: skip
_PRUNE = reassignments.delete().where(
    reassignments.c.id.in_(
        sa.select(reassignments.c.id)
        .where(
            IS_FINISHED, reassignments.c.finished_at < sa.bindparam("before", type_=reassignments.c.finished_at.type)
        )
        .order_by(reassignments.c.finished_at)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
    )
)


class Reassignments(Repository):
    __slots__ = ()

    def get(self, reassignment_id: str) -> Reassignment | None:
        row = self._first(_GET, the_one=reassignment_id)
        return None if row is None else Reassignment(**row._asdict())

    def lock(self, reassignment_id: str) -> Reassignment | None:
        """The reassignment; nobody else goes on with it before this transaction ends."""
        row = self._first(_LOCK, the_one=reassignment_id)
        return None if row is None else Reassignment(**row._asdict())

    def running(self, person_ids: Sequence[str]) -> dict[str, Reassignment]:
        """Those of these people that are not finished, by person."""
        if not person_ids:
            return {}
        found = (Reassignment(**row._asdict()) for row in self._all(_RUNNING, the_ids=list(person_ids)))
        return {one.person_id: one for one in found}

    def add(self, reassignment: Reassignment) -> None:
        self._change(_ADD, values_of(reassignment))

    def save_progress(self, reassignment_id: str, done: int, finished_at: datetime | None) -> None:
        """With `finished_at` it is over, and why it was asked for is forgotten here: it stands with each lead."""
        so_far = {"the_one": reassignment_id, "new_done": done}
        if finished_at is None:
            self._change(_SAVE, so_far)
        else:
            self._change(_FINISH, so_far | {"new_finished_at": finished_at})

    def prune(self, before: datetime, limit: int = 100) -> int:
        """The oldest that were finished before `before` are forgotten, at most so many; how many were."""
        return self._change(_PRUNE, {"before": before, "at_most": limit})
