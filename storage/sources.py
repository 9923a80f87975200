"""The systems that post leads, with their signing secrets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain.config import Source
from storage.repository import Repository
from storage.rows import Row, given, new, values_of
from storage.tables.configuration import sources

_ONE = given("the_one")
_GET = sa.select(sources).where(sources.c.key == _ONE)
_ALL = sa.select(sources).order_by(sources.c.key)
_ADD = sources.insert()
_SAVE = sources.update().where(sources.c.key == _ONE).values(name=new("name"), secrets=new("secrets"))
_DELETE = sources.delete().where(sources.c.key == _ONE)


class Sources(Repository):
    """Secrets are stored as given: whoever reads the database file can sign (docs/settings.md)."""

    __slots__ = ()

    def get(self, key: str) -> Source | None:
        row = self._first(_GET, the_one=key)
        return None if row is None else _source(row)

    def all(self) -> list[Source]:
        """By key."""
        return [_source(row) for row in self._all(_ALL)]

    def add(self, source: Source) -> None:
        self._change(_ADD, _values(source))

    def save(self, source: Source) -> None:
        """Name and secrets are as given."""
        self._change(_SAVE, {"the_one": source.key, "new_name": source.name, "new_secrets": list(source.secrets)})

    def delete(self, key: str) -> None:
        self._change(_DELETE, {"the_one": key})


def _source(row: Row) -> Source:
    return Source(key=row.key, name=row.name, secrets=tuple(row.secrets), created_at=row.created_at)


def _values(source: Source) -> dict[str, Any]:
    return values_of(source) | {"secrets": list(source.secrets)}
