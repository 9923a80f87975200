"""The few statements SQLite and PostgreSQL spell with different constructs of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = Any
"""Either dialect's Insert: both have on_conflict_do_nothing and on_conflict_do_update with the same arguments."""


def on_both(table: sa.Table, finish: Callable[[Insert], sa.ReturnsRows | sa.Executable]) -> dict[str, Any]:
    """By name of dialect, the INSERT into `table` that `finish` completes with its ON CONFLICT clause."""
    return {"sqlite": finish(sqlite.insert(table)), "postgresql": finish(postgresql.insert(table))}
