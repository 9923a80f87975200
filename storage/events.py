"""Events: what happened, kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.config import Event
from storage.repository import Repository
from storage.rows import given, values_of
from storage.tables.handoffs import events

_OF_LEAD = (
    sa.select(events)
    .where(events.c.lead_id == sa.bindparam("the_one"))
    .order_by(events.c.happened_at.desc(), events.c.id.desc())
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_COUNT = sa.select(sa.func.count()).where(
    events.c.lead_id == sa.bindparam("the_one"), events.c.kind == given("the_kind")
)
_ADD = events.insert()


class Events(Repository):
    __slots__ = ()

    def add(
        self,
        kind: str,
        *,
        lead_id: str | None = None,
        handoff_id: str | None = None,
        actor: str = "lockstep",
        origin: str = "lockstep",
        happened_at: datetime | None = None,
        data: Mapping[str, Any] | None = None,
        event_id: str | None = None,
    ) -> Event:
        """It happened at `happened_at` (imports), else now. `event_id`: one made for it before."""
        event = Event(
            id=event_id or self._tx.new_id(),
            happened_at=happened_at or self._tx.now,
            recorded_at=self._tx.now,
            actor=actor,
            origin=origin,
            kind=kind,
            lead_id=lead_id,
            handoff_id=handoff_id,
            data=dict(data or {}),
            correlation_id=self._tx.correlation_id,
        )
        self._change(_ADD, values_of(event))
        return event

    def of_lead(self, lead_id: str, limit: int = 50) -> list[Event]:
        """The newest first."""
        return [Event(**row._asdict()) for row in self._all(_OF_LEAD, the_one=lead_id, at_most=limit)]

    def count(self, kind: str, lead_id: str) -> int:
        """How often this happened to the lead."""
        return int(self._value(_COUNT, the_one=lead_id, the_kind=kind))
