"""What an admin sets: settings, sources of leads, campaigns; and what the installation knows of itself."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import ID, index, metadata
from storage.types import UtcDateTime, json_column

settings = sa.Table(
    "settings",
    metadata,
    # The name of a field of bot.domain.config.Config.
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", json_column(), nullable=False),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secrets", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner_id", ID, sa.ForeignKey("people.id")),
    sa.Column("created_at", UtcDateTime, nullable=False),
)
index("ix_campaigns_owner", campaigns.c.owner_id, campaigns.c.key, where=campaigns.c.owner_id.is_not(None))

# What this installation remembers of itself: random values, made when first needed; when it was at work.
installation = sa.Table(
    "installation",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
