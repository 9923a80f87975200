"""When Lockstep last was at work, and when it stood still before: two rows of what this installation remembers."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa

from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given
from storage.tables.configuration import installation

_ALIVE = "alive_at"
_STOOD = "stood_still"
_KEPT = 100
"""Standstills that are remembered; no window that runs began before the hundredth last."""

_GET = sa.select(installation.c.value).where(installation.c.name == given("the_one"))
_SET = on_both(
    installation,
    lambda insert: insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value}),
)


class Standstills(Repository):
    __slots__ = ()

    def alive_at(self) -> datetime | None:
        """When Lockstep last said that it was at work; None: never."""
        found = self._value(_GET, the_one=_ALIVE)
        return None if found is None else datetime.fromisoformat(found)

    def alive(self) -> None:
        """Lockstep is at work now."""
        self._set(_ALIVE, self._tx.now.isoformat())

    def add(self, began_at: datetime, ended_at: datetime) -> None:
        """Lockstep stood still between these instants."""
        known = [*self._all_of_them(), (began_at.isoformat(), ended_at.isoformat())]
        self._set(_STOOD, json.dumps(known[-_KEPT:]))

    def since(self, instant: datetime) -> list[tuple[datetime, datetime]]:
        """Those that ended after `instant`, from when to when, the oldest first."""
        spans = [(datetime.fromisoformat(one), datetime.fromisoformat(other)) for one, other in self._all_of_them()]
        return [span for span in spans if span[1] > instant]

    def _all_of_them(self) -> list[tuple[str, str]]:
        found = self._value(_GET, the_one=_STOOD)
        return [] if found is None else [(began, ended) for began, ended in json.loads(found)]

    def _set(self, name: str, value: str) -> None:
        self._change(_SET[self._dialect], {"name": name, "value": value})
