"""What the CRM says of leads beside the leads themselves, and news of leads that are not here yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.crm import Facts
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given, values_of
from storage.tables.crm import lead_facts, waiting_news

_ONE = given("the_one")
_GET = sa.select(lead_facts).where(lead_facts.c.lead_id == _ONE)
_SAVE = on_both(
    lead_facts,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["lead_id"],
        set_={column.name: insert.excluded[column.name] for column in lead_facts.c if column.name != "lead_id"},
    ),
)

_KEY = (waiting_news.c.source == given("the_source")) & (waiting_news.c.external_id == given("the_external_id"))
_WAITING = sa.select(waiting_news).where(_KEY).order_by(waiting_news.c.id)
_WAIT = waiting_news.insert()
_HEARD = waiting_news.delete().where(_KEY)
_FORGET_ADDRESS = waiting_news.delete().where(waiting_news.c.address == _ONE)
_OLD = (
    sa.select(waiting_news.c.id)
    .where(waiting_news.c.created_at < sa.bindparam("the_instant"))
    .order_by(waiting_news.c.created_at)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_PRUNE = waiting_news.delete().where(waiting_news.c.id.in_(_OLD))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something said of a lead that is not here: `data` is what the use case made of the message."""

    kind: str
    data: dict[str, Any]


class LeadFacts(Repository):
    __slots__ = ()

    def of(self, lead_id: str) -> Facts:
        """What is known; nothing yet for a lead the CRM said nothing of."""
        row = self._first(_GET, the_one=lead_id)
        return Facts(lead_id=lead_id) if row is None else Facts(**row._asdict())

    def save(self, facts: Facts) -> None:
        self._change(_SAVE[self._dialect], values_of(facts))


class WaitingNews(Repository):
    __slots__ = ()

    def add(
        self, source: str, external_id: str, kind: str, data: Mapping[str, Any], *, address: str | None = None
    ) -> None:
        """Kept until the lead of this key comes, or is too old to be of use. `address`: the normalised one it names."""
        row = {
            "id": self._tx.new_id(),
            "source": source,
            "external_id": external_id,
            "kind": kind,
            "data": dict(data),
            "created_at": self._tx.now,
            "address": None if address is None else self._tx.erasures.digest("email", address),
        }
        self._change(_WAIT, row)

    def count(self, source: str, external_id: str) -> int:
        return len(self._all(_WAITING, the_source=source, the_external_id=external_id))

    def take(self, source: str, external_id: str) -> list[Waiting]:
        """What waits for this key, in the order of arrival; it waits no more."""
        key = {"the_source": source, "the_external_id": external_id}
        found = [Waiting(kind=row.kind, data=row.data) for row in self._all(_WAITING, **key)]
        if found:
            self._change(_HEARD, key)
        return found

    def forget_address(self, address: str) -> None:
        """Nothing that names this normalised address waits any more."""
        self._change(_FORGET_ADDRESS, {"the_one": self._tx.erasures.digest("email", address)})

    def prune(self, before: datetime, limit: int = 1000) -> int:
        """Forgets what has waited since before `before`; returns how many, at most `limit`."""
        return self._change(_PRUNE, {"the_instant": before, "at_most": limit})
