"""Connections to a SQLite file, set up as we need them."""

from __future__ import annotations

import json
import os
import sqlite3
import time
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


def make_engine(
    url: sa.URL, *, begin: str, query_only: bool = False, foreign_keys: bool = True, patience_s: float = BUSY_TIMEOUT_S
) -> sa.Engine:
    """An engine without a pool on an existing file; each transaction starts with `begin`, and waits `patience_s` for
    others to end theirs.

    BEGIN IMMEDIATE takes the write lock first: a transaction that reads and then writes after a plain BEGIN fails
    at once when another committed in between, whatever the busy timeout.
    """
    path = sqlite_path(url).absolute()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            timeout=patience_s,
            isolation_level=None,  # the driver begins nothing by itself
            check_same_thread=False,
            cached_statements=512,
        )
        _keep_log(connection, patience_s)
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


def _keep_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """The file has a write-ahead log. Making the first one needs the file alone, and SQLite does not wait for that."""
    give_up = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def create_file(path: Path) -> None:
    """There is a file at `path`, for its owner alone when it is new; its folder exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, OURS_ALONE))
