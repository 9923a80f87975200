"""Both ways with other systems: what the CRM says, whom we tell, imports, erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0003"
down_revision: str | None = "0002"

STAGES = "('lead', 'mql', 'sal', 'sql', 'opportunity', 'won', 'lost', 'recycled', 'closed', 'merged')"
KINDS = ["sync_post", "sync_home", "refresh_person", "refresh_people"]
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    _leads()
    _heard()
    _told()
    _imports()
    _outbox_kinds([*KINDS, "announce"])


def _leads() -> None:
    op.add_column("leads", sa.Column("erased_at", UtcDateTime(), nullable=True))
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_leads_merged", "leads", ["merged_into"], sqlite_where=merged, postgresql_where=merged)


def _heard() -> None:
    op.create_table(
        "lead_facts",
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("clocks", JSON, nullable=False),
        sa.Column("stage", sa.String(32), nullable=True),
        sa.Column("stage_at", UtcDateTime(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("owner_email", sa.Text(), nullable=True),
        sa.Column("owner_at", UtcDateTime(), nullable=True),
        sa.Column("last_activity_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(f'"stage" IN {STAGES}', name=op.f("ck_lead_facts_stage")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_facts_lead_id_leads")),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_lead_facts")),
    )
    op.create_table(
        "waiting_news",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_news")),
    )
    op.create_index("ix_waiting_news_created_at", "waiting_news", ["created_at"])
    op.create_index("ix_waiting_news_key", "waiting_news", ["source", "external_id", "id"])
    op.create_table(
        "erasures",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erasures")),
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )


def _told() -> None:
    op.create_table(
        "targets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secrets", JSON, nullable=False),
        sa.Column("events", JSON, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_targets")),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_announcements_lead_id_leads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_created_at", "announcements", ["created_at"])
    op.create_index("ix_announcements_lead_id", "announcements", ["lead_id"])


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "import_rows",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("import_id", sa.String(64), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=True),
        sa.Column("handoff_id", sa.String(36), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_import_rows_handoff_id_handoffs")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_import_rows_lead_id_leads")),
        sa.PrimaryKeyConstraint("source", "digest", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_import_id", "import_rows", ["import_id"])
    op.create_index("ix_import_rows_lead_id", "import_rows", ["lead_id"])


def _outbox_kinds(kinds: list[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    check = f'"kind" IN ({listed})'
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_outbox_kind"), "outbox", type_="check")
        op.create_check_constraint(op.f("ck_outbox_kind"), "outbox", check)
        return
    # SQLite has no other way to change a CHECK than a new table; Alembic's own way would lose the CHECKs.
    table, indexes = op.get_bind().exec_driver_sql(_TABLE).scalar(), op.get_bind().exec_driver_sql(_INDEXES).all()
    old = next(part for part in str(table).split("CONSTRAINT ") if part.startswith("ck_outbox_kind "))
    new = old[: old.index("CHECK")] + f"CHECK ({check})" + old[old.rindex(")") + 1 :]
    op.execute("ALTER TABLE outbox RENAME TO outbox_before")
    for name, _ in indexes:
        op.execute(f"DROP INDEX {name}")
    op.execute(str(table).replace(old, new))
    op.execute("INSERT INTO outbox SELECT * FROM outbox_before")  # the same columns in the same order
    op.execute("DROP TABLE outbox_before")
    for _, statement in indexes:
        op.execute(statement)


_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'outbox'"
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'outbox' AND sql IS NOT NULL"
