"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, to the microsecond. Refuses naive datetimes; what comes back is aware and in UTC.

    PostgreSQL: `timestamptz`. SQLite, which has no such type: ISO 8601 text of fixed width, which sorts by time.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True
    WIDTH = len("2026-11-21T20:58:00.123456Z")

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(self.WIDTH))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError("a naive datetime cannot be stored: it names no instant")
        instant = value.astimezone(UTC)
        return to_text(instant) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)


def to_text(instant: datetime) -> str:
    """`instant`, in UTC, as SQLite keeps it."""
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Word(TypeDecorator[StrEnum]):
    """A member of `words`, kept as its value; the table's CHECK names the values."""

    impl = sa.String
    cache_ok = True
    WIDTH = 32

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__(self.WIDTH)
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        # Calling the enum refuses words that are none; on PostgreSQL an Enum itself would go out by its name.
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Words(TypeDecorator[Sequence[str]]):
    """Words for the database's full text. They hold no blanks, quotes or backslashes. What comes back is not for us.

    PostgreSQL: `tsvector`, without places. SQLite: text with blanks between, as its FTS5 table reads it.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else TSVECTOR())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return " ".join(value) if dialect.name == "sqlite" else " ".join(f"'{word}'" for word in value)


def json_column() -> sa.JSON:
    """JSON as text, in the order it was given; a Python None is SQL's NULL."""
    return sa.JSON(none_as_null=True)
