"""What all tables are made of: the one metadata, words as text with a CHECK, conditions and indexes on them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage.types import Word

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)

ID = sa.String(36)


def is_word(column: sa.Column[Any], word: StrEnum) -> sa.ColumnElement[bool]:
    """`column = 'word'`, as a literal."""
    return column == sa.literal_column(f"'{word.value}'")


def is_one_of(column: sa.Column[Any], words: Sequence[StrEnum]) -> sa.ColumnElement[bool]:
    """`column IN ('word', ...)`, as literals."""
    return column.in_([sa.literal_column(f"'{word.value}'") for word in words])


def as_text(column: sa.Column[Any]) -> sa.Label[str]:
    """A JSON column as its text, not yet read."""
    return sa.cast(column, sa.Text).label(column.name)


def word(name: str, words: type[StrEnum], *, nullable: bool = False) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    listed = ", ".join(f"'{word.value}'" for word in words)
    column: sa.Column[Any] = sa.Column(name, Word(words), nullable=nullable)
    return column, sa.CheckConstraint(f'"{name}" IN ({listed})', name=name)


def key_word(name: str, words: type[StrEnum]) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    """As _word, part of the primary key."""
    column, check = word(name, words)
    column.primary_key = True
    return column, check


def index(name: str, *columns: Any, where: sa.ColumnElement[bool] | None = None, unique: bool = False) -> sa.Index:
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
