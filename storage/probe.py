"""How the database is: reached, writable, how much room there is, and what its clock says. Changes nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.failures import translated
from storage.postgres_connection import make_sync_engine
from storage.tables.handoffs import handoffs
from storage.urls import parse_url, sqlite_path

_CLOCK = sa.text("SELECT clock_timestamp()")
_READ_ONLY = sa.text("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")
_MAY_WRITE = sa.text(f"SELECT has_table_privilege(current_user, '{handoffs.name}', 'INSERT')")
_SIZE = sa.text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """`where`: without a password. `unwritable`: why nothing can be written, None when it can. Sizes in bytes;
    `free_bytes` and `clock` None where they cannot be asked for (PostgreSQL's disk, SQLite's clock)."""

    where: str
    unwritable: str | None
    size_bytes: int
    free_bytes: int | None = None
    clock: datetime | None = None


def probe(url: str) -> Probe:
    """Looks at a database that `check_schema` found well. Raises StorageUnavailable."""
    parsed = parse_url(url)
    return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgres(parsed)


def _sqlite(url: sa.URL) -> Probe:
    path = sqlite_path(url).absolute()
    try:
        free = shutil.disk_usage(path.parent).free
        size = path.stat().st_size
    except OSError as error:
        raise translated(error) from None
    unwritable = None
    if not os.access(path, os.W_OK):
        unwritable = f"the file {path} is read-only for this user"
    elif not os.access(path.parent, os.W_OK):
        # The journal stands beside it.
        unwritable = f"the folder {path.parent} is read-only for this user"
    return Probe(where=f"SQLite, {path}", unwritable=unwritable, size_bytes=size, free_bytes=free)


def _postgres(url: sa.URL) -> Probe:
    engine = make_sync_engine(url)
    try:
        with engine.connect() as connection:
            unwritable = None
            if connection.execute(_READ_ONLY).scalar():
                unwritable = "it is a standby, or its transactions are read-only"
            elif not connection.execute(_MAY_WRITE).scalar():
                unwritable = f"{url.username or 'this user'} may not write its tables"
            return Probe(
                where=f"PostgreSQL, {url.database} on {url.host or 'this machine'}",
                unwritable=unwritable,
                size_bytes=int(connection.execute(_SIZE).scalar_one()),
                clock=connection.execute(_CLOCK).scalar_one(),
            )
    except sa.exc.SQLAlchemyError as error:
        raise translated(error) from None
    finally:
        engine.dispose()
