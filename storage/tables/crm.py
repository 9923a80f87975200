"""What other systems say about leads, and what they are told."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.lead import Stage
from storage.tables.columns import ID, index, metadata, word
from storage.types import UtcDateTime, json_column

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("seen_at", UtcDateTime, nullable=False, index=True),
    sa.Column("answer", json_column()),
)

# What the CRM says of a lead beside the lead itself, and when each field was last said.
lead_facts = sa.Table(
    "lead_facts",
    metadata,
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), primary_key=True),
    sa.Column("clocks", json_column(), nullable=False),
    *word("stage", Stage, nullable=True),
    sa.Column("stage_at", UtcDateTime),
    # Decimal digits as they were sent: money is not a float.
    sa.Column("amount", sa.Text),
    sa.Column("currency", sa.Text),
    sa.Column("lost_reason", sa.Text),
    sa.Column("owner_email", sa.Text),
    sa.Column("owner_at", UtcDateTime),
    sa.Column("last_activity_at", UtcDateTime),
)

# News of leads that nobody handed over yet: heard again when the lead comes.
waiting_news = sa.Table(
    "waiting_news",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("data", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    # The keyed digest of the address it names: whoever has it may ask to be erased.
    sa.Column("address", sa.Text),
)
index("ix_waiting_news_address", waiting_news.c.address, where=waiting_news.c.address.is_not(None))
index("ix_waiting_news_key", waiting_news.c.source, waiting_news.c.external_id, waiting_news.c.id)

# Systems that are told of every decision.
targets = sa.Table(
    "targets",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secrets", json_column(), nullable=False),
    sa.Column("events", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
    sa.Column("disabled_why", sa.Text),
)

# What they are told; the same bytes at every attempt.
announcements = sa.Table(
    "announcements",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)
