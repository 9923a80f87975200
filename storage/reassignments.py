"""Reassignments: all of a person's leads on their way to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.reassignment import Reassignment
from storage.repository import Repository
from storage.rows import given, new, values_of
from storage.tables import IS_RUNNING, reassignments

_ONE = given("the_one")
_GET = sa.select(reassignments).where(reassignments.c.id == _ONE)
_LOCK = _GET.with_for_update(key_share=True)
_RUNNING = sa.select(reassignments).where(reassignments.c.person_id.in_(given("the_ids", expanding=True)), IS_RUNNING)
_ADD = reassignments.insert()
_SAVE = (
    reassignments.update()
    .where(reassignments.c.id == _ONE)
    .values(done=new("done"), finished_at=sa.bindparam("new_finished_at", type_=reassignments.c.finished_at.type))
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
        self._change(_SAVE, {"the_one": reassignment_id, "new_done": done, "new_finished_at": finished_at})
