"""LOCKSTEP_DATABASE_URL, read once."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError

_EXAMPLES = "sqlite:///lockstep.db or postgresql://user:password@host/lockstep"


def parse_url(url: str) -> sa.URL:
    """The address of a database, with the driver we use. Raises ConfigError; never repeats a password."""
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError(f"LOCKSTEP_DATABASE_URL is not an address of a database like {_EXAMPLES}.") from None
    match parsed.drivername:
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ConfigError(f"LOCKSTEP_DATABASE_URL names no file. Write an address like {_EXAMPLES}.")
            return parsed
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ConfigError(f"LOCKSTEP_DATABASE_URL begins with {other}:. Write an address like {_EXAMPLES}.")


def sqlite_path(url: sa.URL) -> Path:
    """The file of a SQLite URL."""
    return Path(url.database or "")
