"""Rows by the hundred thousand: SQLite by executemany, PostgreSQL by COPY."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from psycopg import sql

from storage.types import to_text
from storage.urls import parse_url, sqlite_path

Values = tuple[Any, ...]


class Loader(Protocol):
    """Each `load` is a transaction."""

    def instant(self, at: datetime) -> Any:
        """What the database takes for an instant."""

    def load(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Values]) -> None: ...

    def close(self) -> None: ...


def loader(url: str) -> Loader:
    parsed = parse_url(url)
    return _Sqlite(sqlite_path(parsed)) if parsed.get_backend_name() == "sqlite" else _Postgres(parsed)


def filled(table: sa.Table, columns: str, rows: Iterator[Values]) -> tuple[list[str], Iterator[Values]]:
    """Also the columns that were not given and need a value: nothing or no, by their type."""
    given = columns.split()
    others = [column for column in table.c if not column.nullable and column.name not in given]
    nothing = tuple(
        "{}" if isinstance(column.type, sa.JSON) else False if isinstance(column.type, sa.Boolean) else 0
        for column in others
    )
    return [*given, *(column.name for column in others)], (row + nothing for row in rows)


class _Sqlite:
    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = OFF")

    def instant(self, at: datetime) -> str:
        return to_text(at)

    def load(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Values]) -> None:
        named, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" for _ in columns)
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {table.name} ({named}) VALUES ({marks})", rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class _Postgres:
    def __init__(self, url: sa.URL) -> None:
        self._connection = psycopg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )
        # References are right by construction; checking six million of them takes longer than all the rest.
        self._connection.execute("SET session_replication_role = replica")

    def instant(self, at: datetime) -> datetime:
        return at

    def load(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Values]) -> None:
        named = sql.SQL(", ").join(map(sql.Identifier, columns))
        with self._connection.cursor().copy(
            sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), named)
        ) as copy:
            for row in rows:
                copy.write_row(row)

    def close(self) -> None:
        self._connection.close()
