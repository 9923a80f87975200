"""What the two teams decide apart from people, teams, routing and the agreement: one row a setting."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from bot.domain.config import Config
from storage.repository import Repository
from storage.rows import values_of
from storage.tables.configuration import settings

_ALL = sa.select(settings)
_REMOVE_ALL = settings.delete()
_ADD = settings.insert()

_LOCK_NAME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")

_NAMES = frozenset(field.name for field in fields(Config))


class Settings(Repository):
    __slots__ = ()

    def lock(self) -> None:
        """One at a time changes what the teams decide, until this transaction ends. SQLite has one writer anyway."""
        if self._dialect == "postgresql":
            self._first(_LOCK_NAME, name="settings")

    def load(self) -> Config:
        """What is set; the default for what is not."""
        found: dict[str, Any] = {
            row.name: tuple(row.value) if isinstance(row.value, list) else row.value
            for row in self._all(_ALL)
            if row.name in _NAMES
        }
        return Config(**found)

    def save(self, config: Config) -> None:
        self._change(_REMOVE_ALL, {})
        self._change_each(
            _ADD,
            [{"name": name, "value": value} for name, value in values_of(config).items() if value is not None],
        )
        self._tx.forget_config()
