"""Connections to a SQLite file, set up as we need them."""

from __future__ import annotations

import json
import os
import sqlite3
from functools import partial
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from storage.urls import sqlite_path

BUSY_TIMEOUT_S = 10.0
OURS_ALONE = 0o600

COUNT_INSERTS = {"preserve_rowcount": True}
"""Without it SQLAlchemy loses how many rows an INSERT ... ON CONFLICT DO NOTHING made."""

write_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def make_engine(url: sa.URL, *, begin: str, query_only: bool = False, foreign_keys: bool = True) -> sa.Engine:
    """An engine without a pool on an existing file; each transaction starts with `begin`.

    BEGIN IMMEDIATE takes the write lock first: a transaction that reads and then writes after a plain BEGIN fails
    at once when another committed in between, whatever the busy timeout.
    """
    path = sqlite_path(url).absolute()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,  # the driver begins nothing by itself
            check_same_thread=False,
            cached_statements=512,
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # What is overwritten or deleted is gone from the file too: people may ask to be erased.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        connection.execute(f"PRAGMA query_only = {int(query_only)}")
        return connection

    engine = sa.create_engine(
        "sqlite://",
        creator=connect,
        poolclass=sa.pool.NullPool,
        json_serializer=write_json,
        hide_parameters=True,  # the texts of errors hold no values
        execution_options=COUNT_INSERTS,
    )

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def create_file(path: Path) -> None:
    """There is a file at `path`, for its owner alone when it is new; its folder exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, OURS_ALONE))
