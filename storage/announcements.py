"""Systems that are told of decisions, and what each decision is told as."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.post import OutboxKind
from bot.domain.target import Target
from storage.repository import Repository
from storage.rows import Row, given, values_of
from storage.tables.columns import is_word
from storage.tables.crm import announcements, targets
from storage.tables.posts import IS_PARKED, IS_PENDING, outbox

_ONE = given("the_one")
_GET = sa.select(targets).where(targets.c.key == _ONE)
_ALL = sa.select(targets).order_by(targets.c.key)
_ADD = targets.insert()
_SAVE = (
    targets.update()
    .where(targets.c.key == _ONE)
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=targets.c[name].type)
            for name in ("url", "secrets", "events", "disabled_at", "disabled_why")
        }
    )
)
_DELETE = targets.delete().where(targets.c.key == _ONE)

_TELL = announcements.insert()
_BODY = sa.select(announcements.c.body).where(announcements.c.id == _ONE)
_TOLD_AT = sa.select(announcements.c.created_at).where(announcements.c.lead_id == _ONE)
# As long as a target is there and was not told, it may be asked for.
_TO_BE_TOLD = (
    sa.exists()
    .where(outbox.c.subject_id == announcements.c.id + "@" + targets.c.key)
    .where(is_word(outbox.c.kind, OutboxKind.ANNOUNCE), sa.or_(IS_PARKED, IS_PENDING))
)
_OLD = (
    sa.select(announcements.c.id)
    .where(announcements.c.created_at < sa.bindparam("the_instant"), ~_TO_BE_TOLD)
    .order_by(announcements.c.created_at)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_PRUNE = announcements.delete().where(announcements.c.id.in_(_OLD))


class Targets(Repository):
    """Secrets are stored as given: whoever reads the database file can sign (docs/settings.md)."""

    __slots__ = ()

    def get(self, key: str) -> Target | None:
        row = self._first(_GET, the_one=key)
        return None if row is None else _target(row)

    def all(self) -> list[Target]:
        """By key."""
        return [_target(row) for row in self._all(_ALL)]

    def add(self, target: Target) -> None:
        self._change(_ADD, _values(target))

    def save(self, target: Target) -> None:
        """Everything but key and age is as given."""
        values = {f"new_{name}": value for name, value in _values(target).items() if name not in ("key", "created_at")}
        self._change(_SAVE, {"the_one": target.key, **values})

    def disable(self, key: str, why: str) -> None:
        """Nothing more is told to it, until somebody enables it again."""
        target = self.get(key)
        if target is not None:
            self.save(replace(target, disabled_at=self._tx.now, disabled_why=why))

    def delete(self, key: str) -> None:
        self._change(_DELETE, {"the_one": key})


class Announcements(Repository):
    __slots__ = ()

    def add(self, announcement_id: str, kind: str, lead_id: str, body: str) -> None:
        """`body` is what every target is told, at each attempt the same bytes."""
        row = {"id": announcement_id, "kind": kind, "lead_id": lead_id, "body": body, "created_at": self._tx.now}
        self._change(_TELL, row)

    def body(self, announcement_id: str) -> str | None:
        found: str | None = self._value(_BODY, the_one=announcement_id)
        return found

    def told_at(self, lead_id: str) -> datetime | None:
        """When something of the lead was last decided that others are told of."""
        return max((row.created_at for row in self._all(_TOLD_AT, the_one=lead_id)), default=None)

    def prune(self, before: datetime, limit: int = 1000) -> int:
        """Forgets what was decided before `before` and nobody is still to be told; how many, at most `limit`."""
        return self._change(_PRUNE, {"the_instant": before, "at_most": limit})


def _target(row: Row) -> Target:
    values = row._asdict() | {"secrets": tuple(row.secrets), "events": tuple(row.events)}
    return Target(**values)


def _values(target: Target) -> dict[str, Any]:
    return values_of(target) | {"secrets": list(target.secrets), "events": list(target.events)}
