"""The agreement and its clock: countdowns, signing, outcomes, disputes."""

from __future__ import annotations

import json
import re
import uuid

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0005"
down_revision: str | None = "0004"

SUBJECTS = [
    "handoff", "reject_notice", "touch_notice", "alert", "summary", "welcome", "brief",
    "reminder", "at_risk", "agreement", "dispute", "milestone",
]  # fmt: skip
TIMER_KINDS = [
    "undo_end", "recycle", "back", "left", "refresh_people", "unrouted", "reassign", "brief",
    "countdown", "at_risk", "agreement_start", "agreement_review",
]  # fmt: skip
BUDGET = [
    "lead", "trouble", "reject", "hotter", "came_back", "merged", "other_reject", "upkeep",
    "escalation", "agreement", "dispute", "milestone", "leakage",
]  # fmt: skip
OPENED = [
    "handed_over", "rerouted", "recycled", "undone", "released", "reassigned", "expired", "resent", "overturned",
]  # fmt: skip
ENDS = ["undone", "released", "transferred", "disqualified"]
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    _terms_by_version()
    _words("posts", "subject", SUBJECTS)
    _words("timers", "kind", TIMER_KINDS)
    _words("brief_items", "kind", BUDGET)
    _words("handoffs", "opened", OPENED)
    _words("handoffs", "end", ENDS)
    _countdowns()
    _at_risk()


def _terms_by_version() -> None:
    """A handoff's terms are those of the agreement it names.

    A copy that is not what its agreement says, which only another program could have written, becomes a version of
    its own: numbered below the others and never in force.
    """
    connection = op.get_bind()
    agreements = sa.Table("agreements", sa.MetaData(), autoload_with=connection)
    known = {one["id"]: dict(one) for one in connection.execute(sa.select(agreements)).mappings()}
    copies = "SELECT DISTINCT agreement_id, CAST(terms AS TEXT) FROM handoffs"
    others = [(of, text) for of, text in connection.exec_driver_sql(copies) if json.loads(text) != known[of]["terms"]]
    kept = "UPDATE handoffs SET agreement_id = :own WHERE agreement_id = :of AND CAST(terms AS TEXT) = :text"
    for number, (of, text) in enumerate(others, 1):
        own = str(uuid.uuid4())
        archived = known[of] | {"id": own, "version": -number, "terms": json.loads(text)}
        connection.execute(agreements.insert(), archived)
        connection.execute(sa.text(kept), {"own": own, "of": of, "text": text})
    op.drop_column("handoffs", "terms")


def _countdowns() -> None:
    op.create_table(
        "countdowns",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=True),
        sa.Column("owner_id", sa.String(36), nullable=True),
        sa.Column("team_id", sa.String(36), nullable=True),
        sa.Column("window_s", sa.Integer(), nullable=False),
        sa.Column("counted_us", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("step", sa.String(32), nullable=True),
        sa.Column("snoozed_until", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "\"kind\" IN ('accept', 'first_contact', 'answer_reject', 'settle')", name=op.f("ck_countdowns_kind")
        ),
        sa.CheckConstraint("\"step\" IN ('remind', 'at_risk', 'expire')", name=op.f("ck_countdowns_step")),
        sa.CheckConstraint("\"result\" IN ('met', 'missed', 'void')", name=op.f("ck_countdowns_result")),
        sa.CheckConstraint("(ended_at IS NULL) = (result IS NULL)", name=op.f("ck_countdowns_end_has_result")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_countdowns_lead_id_leads")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_countdowns_owner_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_countdowns_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countdowns")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_countdowns_kind_subject_id")),
    )
    running = "ended_at IS NULL"
    _partial("ix_countdowns_owner", "countdowns", ["owner_id", "due_at"], running)
    _partial("ix_countdowns_team", "countdowns", ["team_id", "due_at"], f"{running} AND owner_id IS NULL")
    _partial("ix_countdowns_lead", "countdowns", ["lead_id"], "lead_id IS NOT NULL")


def _at_risk() -> None:
    op.create_table(
        "at_risk",
        sa.Column("manager_id", sa.String(36), nullable=False),
        sa.Column("countdown_id", sa.String(36), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_at_risk_manager_id_people")),
        sa.ForeignKeyConstraint(
            ["countdown_id"], ["countdowns.id"], name=op.f("fk_at_risk_countdown_id_countdowns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manager_id", "countdown_id", name=op.f("pk_at_risk")),
    )
    op.create_index("ix_at_risk_countdown", "at_risk", ["countdown_id"])


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _words(table: str, column: str, words: list[str]) -> None:
    """The column takes these words and no others."""
    listed = ", ".join(f"'{word}'" for word in words)
    name, check = f"ck_{table}_{column}", f'"{column}" IN ({listed})'
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
