"""What several migrations do alike, on both databases."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op


def one_of(table: str, column: str, words: list[str]) -> sa.CheckConstraint:
    """The column takes these words and no others, in a table that is being made."""
    return sa.CheckConstraint(_listed(column, words), name=op.f(f"ck_{table}_{column}"))


def refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Columns that hold ids of the tables named."""
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in columns.items()
    ]


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    """An index of the rows that fulfil `where`."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def full_text(name: str, table: str, column: str) -> None:
    """SQLite: `name` is the full text of the words in the table's column, which holds them with blanks between. It
    keeps no text itself, and triggers keep it true. The table's key is the column `place`."""
    # ASCII letters, figures and "/" make words, and every other character but ASCII's own: nothing else is to be
    # known of languages here. Beginnings of up to three letters have an index of their own: there are many words.
    op.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}', content_rowid='place', columnsize=0, "
        "detail=none, prefix='1 2 3', tokenize=\"ascii tokenchars '/'\")"
    )
    add = f"INSERT INTO {name} (rowid, {column}) VALUES (new.place, new.{column});"  # noqa: S608 - names of ours
    remove = f"INSERT INTO {name} ({name}, rowid, {column}) VALUES ('delete', old.place, old.{column});"  # noqa: S608
    op.execute(f"CREATE TRIGGER {name}_added AFTER INSERT ON {table} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {name}_removed AFTER DELETE ON {table} BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER {name}_changed AFTER UPDATE OF {column} ON {table} BEGIN {remove} {add} END")


def words(table: str, column: str, listed: list[str]) -> None:
    """The column of a table that is there takes these words and no others; its rows, and what refers to them, stay."""
    name, check = f"ck_{table}_{column}", _listed(column, listed)
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, check)
        return
    # SQLite has no other way to change a CHECK than a new table; Alembic's own way would lose the CHECKs. The new one
    # is made beside the old one and takes its name: what refers to the table goes on doing so.
    found = "SELECT {} FROM sqlite_master WHERE type = '{}' AND tbl_name = '{}' AND sql IS NOT NULL"
    made = str(connection.exec_driver_sql(found.format("sql", "table", table)).scalar())
    indexes = connection.exec_driver_sql(found.format("name, sql", "index", table)).all()
    changed, count = re.subn(rf'(CONSTRAINT {name} CHECK) \("{column}" IN \([^)]*\)\)', rf"\1 ({check})", made)
    if count != 1:
        raise RuntimeError(f"{name} is not in {made}")
    beside, count = re.subn(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_new", changed)
    if count != 1:
        raise RuntimeError(f"This does not make {table}: {changed}")
    op.execute(beside)
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")  # noqa: S608 - a name of ours
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for _, statement in indexes:
        op.execute(statement)


def _listed(column: str, words: list[str]) -> str:
    return f'"{column}" IN ({", ".join(f"{chr(39)}{word}{chr(39)}" for word in words)})'
