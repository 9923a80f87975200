"""Set-up from Slack, briefs, practice leads."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0004"
down_revision: str | None = "0003"


SUBJECTS = ["handoff", "reject_notice", "touch_notice", "alert", "summary", "welcome", "brief"]
TIMER_KINDS = ["undo_end", "recycle", "back", "left", "refresh_people", "unrouted", "reassign", "brief"]
JSON = sa.JSON(none_as_null=True)
BUDGET = ["lead", "trouble", "reject", "hotter", "came_back", "merged", "other_reject", "upkeep"]


def upgrade() -> None:
    _briefs()
    _first_admin_and_teams()
    _reassignments_and_practice()
    # Merges are told in briefs from now on.
    op.execute("UPDATE posts SET subject = 'touch_notice' WHERE subject = 'merge_notice'")
    _words("posts", "subject", SUBJECTS)
    _words("timers", "kind", TIMER_KINDS)
    _numbers()
    _sources()
    _floods_and_erasures()


def _floods_and_erasures() -> None:
    op.add_column("posts", sa.Column("posted_at", UtcDateTime(), nullable=True))
    # What stands is taken as shown when it was made.
    op.execute("UPDATE posts SET posted_at = created_at WHERE ts IS NOT NULL")
    op.drop_index("ix_posts_cards", "posts")
    is_card = "subject = 'handoff' AND listed_in IS NULL"
    waits = "waits IS 1" if op.get_bind().dialect.name == "sqlite" else "waits IS true"
    _partial("ix_posts_cards", "posts", ["place", "posted_at"], f"{is_card} AND posted_at IS NOT NULL")
    to_come = f"{is_card} AND posted_at IS NULL AND (gone IS NULL OR {waits})"
    _partial("ix_posts_cards_to_come", "posts", ["place", "created_at"], to_come)
    op.add_column("waiting_news", sa.Column("address", sa.Text(), nullable=True))
    _partial("ix_waiting_news_address", "waiting_news", ["address"], "address IS NOT NULL")
    op.drop_index("ix_import_rows_import_id", "import_rows")
    op.create_index("ix_import_rows_import", "import_rows", ["import_id", "digest"])


def _numbers() -> None:
    owned, of_campaign = "owner_id IS NOT NULL", "campaign_id IS NOT NULL"
    _partial("ix_campaigns_owner", "campaigns", ["owner_id", "key"], owned)
    op.create_index("ix_handoffs_since_offered", "handoffs", ["offered_at"])
    _partial("ix_handoffs_since_decided", "handoffs", ["decided_at"], "decided_at IS NOT NULL")
    _partial("ix_handoffs_campaign_offered", "handoffs", ["campaign_id", "offered_at"], of_campaign)
    _partial("ix_handoffs_campaign_decided", "handoffs", ["campaign_id", "decided_at"], of_campaign)
    _partial("ix_handoffs_campaign_waiting", "handoffs", ["campaign_id"], f"{of_campaign} AND status = 'offered'")


def _sources() -> None:
    is_real = "practice IS 0" if op.get_bind().dialect.name == "sqlite" else "practice IS false"
    _partial("ix_leads_source", "leads", ["source", "created_at"], is_real)


def _first_admin_and_teams() -> None:
    op.add_column("people", sa.Column("runs_workspace", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("teams", sa.Column("removed_at", UtcDateTime(), nullable=True))


def _reassignments_and_practice() -> None:
    for table in ("leads", "handoffs"):
        op.add_column(table, sa.Column("practice", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("people", sa.Column("welcomed_at", UtcDateTime(), nullable=True))
    # Reps who are at work already are not new; whoever becomes one is.
    at_work = "slack_id IS NOT NULL AND on_roster AND CAST(roles AS TEXT) LIKE '%\"rep\"%'"
    op.execute(f"UPDATE people SET welcomed_at = checked_at WHERE {at_work}")  # noqa: S608 - words of ours
    has_deputy = sa.text("deputy_id IS NOT NULL")
    op.create_index("ix_people_deputy", "people", ["deputy_id"], sqlite_where=has_deputy, postgresql_where=has_deputy)
    op.create_index(
        "ix_handoffs_practised", "handoffs", ["rep_id"],
        sqlite_where=sa.text("practice IS 1 AND status = 'offered'"),
        postgresql_where=sa.text("practice IS true AND status = 'offered'"),
    )  # fmt: skip
    op.create_table(
        "reassignments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("for_id", sa.String(36), nullable=True),
        sa.Column("which", sa.String(32), nullable=False),
        sa.Column("to_rep_id", sa.String(36), nullable=True),
        sa.Column("to_team_id", sa.String(36), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("newest_id", sa.String(36), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("\"which\" IN ('offers', 'accepted', 'both')", name=op.f("ck_reassignments_which")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reassignments_person_id_people")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_reassignments_by_id_people")),
        sa.ForeignKeyConstraint(["for_id"], ["people.id"], name=op.f("fk_reassignments_for_id_people")),
        sa.ForeignKeyConstraint(["to_rep_id"], ["people.id"], name=op.f("fk_reassignments_to_rep_id_people")),
        sa.ForeignKeyConstraint(["to_team_id"], ["teams.id"], name=op.f("fk_reassignments_to_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassignments")),
    )
    running = sa.text("finished_at IS NULL")
    op.create_index(
        "ux_reassignments_running", "reassignments", ["person_id"], unique=True, sqlite_where=running,
        postgresql_where=running,
    )  # fmt: skip
    _partial("ix_reassignments_finished", "reassignments", ["finished_at"], "finished_at IS NOT NULL")
    is_true = "1" if op.get_bind().dialect.name == "sqlite" else "true"
    owned = f"practice IS {is_true} AND status = 'accepted' AND ended_at IS NULL"
    _partial("ix_handoffs_owned_practice", "handoffs", ["rep_id"], owned)


def _briefs() -> None:
    op.create_table(
        "person_settings",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("brief_at", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_settings_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_settings")),
    )
    op.create_table(
        "briefs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("\"why\" IN ('morning', 'requested')", name=op.f("ck_briefs_why")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_briefs_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefs")),
    )
    op.create_index("ix_briefs_created_at", "briefs", ["created_at"])
    _partial("ux_briefs_day", "briefs", ["person_id", "day"], "why = 'morning'", unique=True)
    op.create_table(
        "brief_items",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("brief_id", sa.String(36), nullable=True),
        sa.CheckConstraint(f'"kind" IN ({_listed(BUDGET)})', name=op.f("ck_brief_items_kind")),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_brief_items_brief_id_briefs")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_brief_items_lead_id_leads")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_brief_items_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_items")),
    )
    waits = "brief_id IS NULL"
    _partial("ux_brief_items_waiting", "brief_items", ["person_id", "kind", "subject_id"], waits, unique=True)
    _partial("ix_brief_items_brief", "brief_items", ["brief_id", "kind", "id"], "brief_id IS NOT NULL")
    _partial("ix_brief_items_lead", "brief_items", ["lead_id"], "lead_id IS NOT NULL")
    op.create_table(
        "brief_leads",
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("brief_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_brief_leads_lead_id_leads")),
        sa.PrimaryKeyConstraint("lead_id", "brief_id", name=op.f("pk_brief_leads")),
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _words(table: str, column: str, words: list[str]) -> None:
    """The column takes these words and no others."""
    listed = ", ".join(f"'{word}'" for word in words)
    name, check = f"ck_{table}_{column}", f'"{column}" IN ({listed})'
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, check)
        return
    # SQLite has no other way to change a CHECK than a new table; Alembic's own way would lose the CHECKs.
    found = "SELECT {} FROM sqlite_master WHERE type = '{}' AND tbl_name = '{}' AND sql IS NOT NULL"
    made = str(connection.exec_driver_sql(found.format("sql", "table", table)).scalar())
    indexes = connection.exec_driver_sql(found.format("name, sql", "index", table)).all()
    changed, count = re.subn(rf'(CONSTRAINT {name} CHECK) \("{column}" IN \([^)]*\)\)', rf"\1 ({check})", made)
    if count != 1:
        raise RuntimeError(f"{name} is not in {made}")
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    for index, _ in indexes:
        op.execute(f"DROP INDEX {index}")
    op.execute(changed)
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - a name of ours
    op.execute(f"DROP TABLE {table}_before")
    for _, statement in indexes:
        op.execute(statement)
