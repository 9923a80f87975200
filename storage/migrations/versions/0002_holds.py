"""Floods: cards that a channel did not get are listed in a summary. Events and outbox rows name what caused them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

_CARDS = "subject = 'handoff' AND listed_in IS NULL"
_UNRESOLVED = "status IN ('sending', 'unknown')"
_SUMMARIES = "subject = 'summary'"


def upgrade() -> None:
    for table in ("events", "outbox"):
        op.add_column(table, sa.Column("correlation_id", sa.String(length=36), nullable=True))
    op.create_index(
        "ix_outbox_unresolved", "outbox", ["lane", "id"],
        sqlite_where=sa.text(_UNRESOLVED), postgresql_where=sa.text(_UNRESOLVED),
    )  # fmt: skip
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("listed_in", sa.String(length=36), nullable=True))
        posts.create_foreign_key(op.f("fk_posts_listed_in_posts"), "posts", ["listed_in"], ["id"])
        posts.drop_constraint(op.f("ck_posts_subject"), type_="check")
        posts.create_check_constraint(
            op.f("ck_posts_subject"),
            "\"subject\" IN ('handoff', 'reject_notice', 'touch_notice', 'merge_notice', 'alert', 'summary')",
        )
    op.create_index(
        "ix_posts_listed", "posts", ["listed_in"],
        sqlite_where=sa.text("listed_in IS NOT NULL"), postgresql_where=sa.text("listed_in IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_posts_cards", "posts", ["place", "created_at"],
        sqlite_where=sa.text(_CARDS), postgresql_where=sa.text(_CARDS),
    )  # fmt: skip
    op.create_index(
        "ix_posts_summaries", "posts", ["place", "created_at"],
        sqlite_where=sa.text(_SUMMARIES), postgresql_where=sa.text(_SUMMARIES),
    )  # fmt: skip
