"""The schema's version: bringing a database to it, and refusing one that is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.errors import SchemaOutdated, StorageUnavailable
from storage.failures import translated
from storage.postgres_connection import make_sync_engine
from storage.sqlite_connection import BUSY_TIMEOUT_S, create_file, make_engine
from storage.urls import parse_url, sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
FULL_TEXT = "search_words"
"""The full text: an index of PostgreSQL's, of SQLite's a table, which keeps its data in others named after it. Made by
a migration, and not described in storage/tables."""
LONGEST_MIGRATION_S = 300.0
"""How long a migration waits for another one's end."""
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(7226538101)")
_VERSION = sa.text("SELECT version_num FROM alembic_version")
_RUN_MIGRATE = "Run `lockstep migrate`, then start again."


def migrate(url: str, progress: Callable[[str], None]) -> None:
    """The database at `url` exists (SQLite) and has this version's schema; `progress` hears of each step.

    All steps are one transaction: it happens or it does not. Two at once do it one after the other.
    Raises StorageUnavailable, and SchemaOutdated when the database was made by a newer Lockstep.
    """
    from alembic import command  # noqa: PLC0415 - a third of a second that only this command pays

    parsed = parse_url(url)
    steps = 0

    def step(text: str) -> None:
        nonlocal steps
        steps += 1
        progress(text)

    with _connected(parsed, create=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_ONE_AT_A_TIME)
        _refuse_newer(_version(connection))
        configuration = _alembic()
        configuration.attributes["connection"] = connection
        configuration.attributes["progress"] = step
        command.upgrade(configuration, "head")
        if connection.dialect.name == "sqlite":
            _check_references(connection)
    progress("The database is up to date." if steps else "The database was up to date already.")


def check_schema(url: str) -> None:
    """Returns if the database at `url` has this version's schema.

    Raises SchemaOutdated with the command that mends it, StorageUnavailable when it cannot be reached.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not sqlite_path(parsed).exists():
        raise SchemaOutdated(f"There is no database at {sqlite_path(parsed)} yet. {_RUN_MIGRATE}")
    with _connected(parsed) as connection:
        version = _version(connection)
    if version is None:
        raise SchemaOutdated(f"The database is empty. {_RUN_MIGRATE}")
    _refuse_newer(version)
    newest = newest_version()
    if version != newest:
        raise SchemaOutdated(
            f"The database has schema {version}, this version of Lockstep needs {newest}. {_RUN_MIGRATE}"
        )


def newest_version() -> str:
    """The schema's version this code needs."""
    return max(_known_versions())


def is_described(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether storage/tables is to describe the object of the database; Alembic asks this of each."""
    return not (kind in {"table", "index"} and name is not None and name.startswith(FULL_TEXT))


def _known_versions() -> set[str]:
    """Migrations are files named by number: `0001_first.py` makes version `0001`."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def _refuse_newer(version: str | None) -> None:
    if version is not None and version not in _known_versions():
        raise SchemaOutdated(
            f"The database has schema {version}, which this version of Lockstep does not know: it was made by a "
            "newer one. Install that version, or restore a backup."
        )


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(_VERSION).scalar()
    return version


@contextmanager
def _connected(url: sa.URL, *, create: bool = False) -> Iterator[sa.Connection]:
    """A connection in a transaction that commits at the end."""
    try:
        if url.get_backend_name() == "sqlite":
            if create:
                create_file(sqlite_path(url))
            # Batch migrations replace tables others refer to; references are checked at the end instead.
            engine = make_engine(
                url,
                begin="BEGIN IMMEDIATE" if create else "BEGIN",
                foreign_keys=not create,
                patience_s=LONGEST_MIGRATION_S if create else BUSY_TIMEOUT_S,
            )
        else:
            engine = make_sync_engine(url, patient=create)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
    except sa.exc.SQLAlchemyError as error:
        raise translated(error) from None
    except OSError as error:
        raise StorageUnavailable(f"The database cannot be opened: {error.strerror}.") from None


def migration_connection(url: str) -> AbstractContextManager[sa.Connection]:
    """A connection in a transaction, for Alembic's own command line."""
    return _connected(parse_url(url), create=True)


def _check_references(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise StorageUnavailable(f"The migration would break {len(broken)} references; nothing was changed.")


def _alembic() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - as above

    configuration = Config()
    # Alembic's configuration reads % as the start of a variable.
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return configuration
