"""From the databases' errors to ours. Their texts can hold values of rows, so they stay behind."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import exc

from bot.errors import Stale, StorageError, StorageUnavailable

ATTEMPTS = 5
"""How often a use case is tried when transactions got in each other's way."""

_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_PERM: "The database file may not be opened: check its permissions.",
    sqlite3.SQLITE_BUSY: "The database is locked by another program.",
    sqlite3.SQLITE_LOCKED: "The database is locked by another program.",
    sqlite3.SQLITE_NOMEM: "There is no memory left for the database.",
    sqlite3.SQLITE_READONLY: "The database can only be read: check the permissions of the file and its folder.",
    sqlite3.SQLITE_IOERR: "The disk of the database reports an error.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged: restore a backup.",
    sqlite3.SQLITE_FULL: "The disk of the database is full.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened: check its path, and run `lockstep migrate`.",
    sqlite3.SQLITE_NOTADB: "The file is not a database: check LOCKSTEP_DATABASE_URL.",
}

_TRANSIENT_STATES = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, unique violation: the use case is run again and sees the other's rows."""
_UNIQUE_VIOLATION = "23505"
_READ_ONLY = "25006"
_LOCK_NOT_AVAILABLE = "55P03"
_UNAVAILABLE_CLASSES = {"08", "53", "57", "58", "28", "3D"}
"""Connection, resources, operator's intervention, system error, authorisation, no such database."""
_UNAVAILABLE_STATES = {_LOCK_NOT_AVAILABLE, "25P03", "25P04"}


def is_worth_repeating(error: Exception) -> bool:
    """Whether the same use case may succeed when it is run again at once."""
    if isinstance(error, Stale):
        return True
    return isinstance(error, exc.DBAPIError) and _state(error.orig) in _TRANSIENT_STATES


def is_refused_write(error: exc.DBAPIError) -> bool:
    """Whether SQLite refused to change anything on this connection."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_READONLY


def translated(error: Exception) -> StorageError:
    """Our error for a database's: StorageUnavailable where nothing is wrong with what was asked."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, exc.TimeoutError):
        return StorageUnavailable("The database has no connection free.")
    original: Any = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original)
    return _of_postgres(original, error)


def _of_sqlite(error: sqlite3.Error) -> StorageError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and (sentence := _SQLITE_UNAVAILABLE.get(code & 0xFF)) is not None:
        return StorageUnavailable(sentence)
    # SQLite's constraint messages name columns, never values.
    return StorageError(f"The database refused it: {error}.")


def _of_postgres(original: Any, error: Exception) -> StorageError:
    state = _state(original)
    invalidated = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    if state is None:
        if invalidated or isinstance(error, exc.OperationalError | exc.InterfaceError | OSError):
            return StorageUnavailable("The database cannot be reached.")
        return StorageError(f"The database refused it: {type(original).__name__}.")
    if state in _UNAVAILABLE_STATES or state[:2] in _UNAVAILABLE_CLASSES:
        return StorageUnavailable(f"The database is not available (SQLSTATE {state}).")
    if state == _READ_ONLY:
        return StorageError("This only reads: it cannot change anything.")
    if state in _TRANSIENT_STATES - {_UNIQUE_VIOLATION}:
        return StorageUnavailable("The database is too busy just now.")
    name = getattr(getattr(original, "diag", None), "constraint_name", None)
    return StorageError(f"The database refused it (SQLSTATE {state}{f', {name}' if name else ''}).")


def _state(original: Any) -> str | None:
    state = getattr(original, "sqlstate", None)
    return state if isinstance(state, str) else None
