"""The schema: made from nothing, equal to storage/tables, and refused where it is not this version's."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.post import TimerKind
from bot.errors import SchemaOutdated, StorageUnavailable
from storage.database import run_now
from storage.schema import MIGRATIONS, check_schema, is_described, migrate, migration_connection, newest_version
from storage.tables import metadata
from storage.transaction import Transaction
from tests.postgres import Server
from tests.storage.conftest import BOTH
from tests.storage.samples import StandingClock, person


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a schema: of SQLite not even a file."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'folder' / 'lockstep.db'}"
    else:
        server: Server = request.getfixturevalue("postgres_server")
        name = server.create()
        yield server.url(name)
        server.drop(name)


def test_migrating_makes_the_schema_and_says_each_step(empty: str, clock: StandingClock) -> None:
    with pytest.raises(SchemaOutdated, match="Run `lockstep migrate`"):
        check_schema(empty)
    said: list[str] = []
    migrate(empty, said.append)
    assert said[0].startswith("Schema 0001: ")
    assert said[-1] == "The database is up to date."
    check_schema(empty)
    run_now(empty, clock, person)

    said.clear()
    migrate(empty, said.append)
    assert said == ["The database was up to date already."]
    assert len(run_now(empty, clock, lambda tx: tx.people.all())) == 1


def test_of_two_who_migrate_at_once_one_makes_the_schema(empty: str) -> None:
    said: list[list[str]] = [[], []]
    with ThreadPoolExecutor() as both:
        for done in [both.submit(migrate, empty, heard.append) for heard in said]:
            done.result()
    steps = len(list((MIGRATIONS / "versions").glob("[0-9]*_*.py")))
    assert sorted(len(heard) for heard in said) == [1, steps + 1]
    check_schema(empty)


def test_a_new_file_that_another_program_is_just_writing_is_waited_for(tmp_path: Path) -> None:
    """SQLite does not wait by itself where a file gets its write-ahead log."""
    path = tmp_path / "lockstep.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor() as both:
        migrating = both.submit(migrate, f"sqlite:///{path}", lambda _: None)
        with pytest.raises(TimeoutError):
            migrating.result(timeout=0.2)
        other.execute("ROLLBACK")
        other.close()
        migrating.result()
    check_schema(f"sqlite:///{path}")


def test_migrations_and_tables_are_the_same(url: str) -> None:
    with migration_connection(url) as connection:
        options = {"compare_type": True, "target_metadata": metadata, "include_name": is_described}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_only_the_full_text_is_not_described(url: str) -> None:
    with migration_connection(url) as connection:
        look = sa.inspect(connection)
        found = {name for name in look.get_table_names() if not is_described(name, "table")}
        indexes = {str(index["name"]) for index in look.get_indexes("search_entries")}
        found |= {name for name in indexes if not is_described(name, "index")}
        if connection.dialect.name == "postgresql":
            assert found == {"search_words"}
            return
        own = connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")
        assert found == set(own.scalars()) == {f"search_words{of}" for of in ("", "_config", "_data", "_idx")}


def test_conditions_of_indexes_and_checks_are_the_same_as_in_tables(empty: str) -> None:
    """What Alembic does not compare: made from storage/tables and by migrations, the databases describe them alike."""
    with migration_connection(empty) as made:
        metadata.create_all(made)
        from_tables = _described(made)
        metadata.drop_all(made)
    migrate(empty, lambda _: None)
    with migration_connection(empty) as migrated:
        assert _described(migrated) == from_tables


def _described(connection: sa.Connection) -> set[tuple[str, str]]:
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
        )
        return {(name, text) for name, text in found if not name.startswith("alembic") and is_described(name, "index")}
    inspector = sa.inspect(connection)
    described = {
        (str(check["name"]), check["sqltext"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }
    indexes = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return described | {(name, text) for name, text in indexes}


def test_every_constraint_has_a_name(url: str) -> None:
    for table in metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_an_old_schema_is_refused_with_the_command_that_mends_it(
    empty: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An old one is what last year's migrations made: this year there is one more file."""
    migrate(empty, lambda _: None)
    later = tmp_path / "later" / "versions"
    later.mkdir(parents=True)
    known, now = MIGRATIONS / "versions", newest_version()
    for name in (*(path.name for path in known.glob("[0-9]*_*.py")), "9998_later.py"):
        (later / name).touch()
    monkeypatch.setattr("storage.schema.MIGRATIONS", later.parent)
    with pytest.raises(SchemaOutdated, match=rf"has schema {now}, .* needs 9998. Run `lockstep migrate`"):
        check_schema(empty)


def test_a_newer_schema_is_refused_and_left_alone(empty: str) -> None:
    migrate(empty, lambda _: None)
    with migration_connection(empty) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaOutdated, match="made by a newer one"):
        check_schema(empty)
    with pytest.raises(SchemaOutdated, match="made by a newer one"):
        migrate(empty, lambda _: None)


def test_a_database_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "lockstep.db"
    migrate(f"sqlite:///{path}", lambda _: None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        check_schema("postgresql://nobody@127.0.0.1:1/lockstep")


def test_version_0_of_the_agreement_is_the_shipped_default(url: str, clock: StandingClock) -> None:
    """A changed default needs a migration of its own: handoffs under version 0 were promised these terms."""
    assert run_now(url, clock, lambda tx: tx.agreements.in_force()).terms == DEFAULT_TERMS


def test_of_those_who_were_there_before_only_reps_count_as_welcomed(empty: str, clock: StandingClock) -> None:
    with migration_connection(empty) as connection:
        to_version(connection, "0003")
        people = sa.Table("people", sa.MetaData(), autoload_with=connection)
        shared = {column.name: False for column in people.c if not column.nullable}
        shared |= {"name": "P", "side": "sales", "tz": "UTC", "days_off": [], "weight": 1, "checked_at": clock.now()}
        for slack_id, roles, on_roster in (("U1", ["rep"], True), ("U2", ["marketer"], True), ("U3", [], False)):
            one = {"id": slack_id, "slack_id": slack_id, "roles": roles, "on_roster": on_roster}
            connection.execute(people.insert(), shared | one)
        to_version(connection, "0004")
        welcomed = connection.exec_driver_sql("SELECT id FROM people WHERE welcomed_at IS NOT NULL").scalars().all()
    assert welcomed == ["U1"]


def test_a_handoffs_terms_become_those_of_its_version_and_a_copy_that_differs_is_kept(
    empty: str, clock: StandingClock
) -> None:
    with migration_connection(empty) as connection:
        to_version(connection, "0004")
        agreement = connection.exec_driver_sql("SELECT id, CAST(terms AS TEXT) FROM agreements").one()
        changed = {**json.loads(agreement[1]), "undo_seconds": 7}
        tables = sa.MetaData()
        tables.reflect(connection, only=("people", "leads", "handoffs"))
        now = {"created_at": clock.now(), "updated_at": clock.now(), "received_at": clock.now()}
        shared = now | {
            "offered_at": clock.now(), "name": "P", "side": "sales", "tz": "UTC", "days_off": [], "weight": 1,
            "stage": "mql", "priority": "hot", "source": "crm", "fields": {}, "version": 1, "status": "offered",
            "agreement_id": agreement[0], "opened": "handed_over", "rep_id": "p1", "routed_because": "", "extra": {},
        }  # fmt: skip
        _insert(connection, tables.tables["people"], shared | {"id": "p1", "roles": ["rep"]})
        for number, terms in enumerate((json.loads(agreement[1]), changed, changed)):
            own = {"id": f"h{number}", "lead_id": f"l{number}", "terms": terms}
            _insert(connection, tables.tables["leads"], shared | {"id": f"l{number}", "external_id": str(number)})
            _insert(connection, tables.tables["handoffs"], shared | own)
    migrate(empty, lambda _: None)

    def look(tx: Transaction) -> tuple[list[int], str, list[int]]:
        found = [tx.handoffs.get(f"h{number}") for number in range(3)]
        seconds = [handoff.terms.undo_seconds for handoff in found if handoff]
        return seconds, tx.agreements.in_force().id, [agreement.version for agreement in tx.agreements.all()]

    assert run_now(empty, clock, look) == ([300, 7, 7], agreement[0], [-1, 0])
    assert run_now(empty, clock, lambda tx: tx.agreements.all()[0].in_force_from) is None
    # What is on offer gets its window with the first sweep.
    assert run_now(empty, clock, lambda tx: tx.timers.get(TimerKind.REPLAN, "offers")) is not None
    assert len(run_now(empty, clock, lambda tx: tx.countdowns.offers_without(10))) == 3


def _insert(connection: sa.Connection, table: sa.Table, values: dict[str, object]) -> None:
    """A row with what is given, and nothing or no in every other column that needs a value."""
    row = {column.name: False for column in table.c if not column.nullable}
    connection.execute(table.insert(), row | {name: values[name] for name in values if name in table.c})


def to_version(connection: sa.Connection, version: str) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, version)


def test_the_newest_version_is_that_of_the_last_file() -> None:
    assert newest_version() >= "0001"
