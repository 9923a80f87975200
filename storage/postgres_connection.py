"""Connections to PostgreSQL: what they are opened with, and engines for commands."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.sqlite_connection import COUNT_INSERTS, write_json

LOCK_TIMEOUT_S = 5
"""How long a lock is waited for by those who can wait."""

_SESSION = (
    "SET TIME ZONE 'UTC'",
    f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'",
    "SET statement_timeout = '30s'",
    # A process that stopped in the middle of a transaction lets go of its locks.
    "SET idle_in_transaction_session_timeout = '15s'",
)
_CONNECT = {
    "connect_timeout": 3,
    "application_name": "lockstep",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def make_sync_engine(url: sa.URL, *, patient: bool = False) -> sa.Engine:
    """An engine without a pool, for commands; a `patient` one waits for locks and long statements: migrations."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, isolation_level="READ COMMITTED", **options())
    if not patient:
        sa.event.listen(engine, "connect", set_up)
    return engine


def options() -> dict[str, Any]:
    """What every engine of ours is made with."""
    return {
        "connect_args": dict(_CONNECT),
        "json_serializer": write_json,
        "hide_parameters": True,  # the texts of errors hold no values
        "execution_options": COUNT_INSERTS,
    }


def set_up(connection: Any, _record: Any) -> None:
    """For "connect" of an engine: no transaction waits or runs for long."""
    cursor = connection.cursor()
    for statement in _SESSION:
        cursor.execute(statement)
    cursor.close()
    connection.commit()
