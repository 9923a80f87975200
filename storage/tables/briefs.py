"""The daily brief of each person: its items and leads."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.brief import Why
from bot.domain.budget import Kind
from storage.tables.columns import ID, index, is_word, metadata, word
from storage.types import UtcDateTime, json_column

briefs = sa.Table(
    "briefs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *word("why", Why),
    # The reader's local date, ISO: it orders like the dates.
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)
OF_MORNING = is_word(briefs.c.why, Why.MORNING)
# P5: one a person and local day.
index("ux_briefs_day", briefs.c.person_id, briefs.c.day, where=OF_MORNING, unique=True)

brief_items = sa.Table(
    "brief_items",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *word("kind", Kind),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("data", json_column(), nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("brief_id", ID, sa.ForeignKey("briefs.id")),
)
WAITS_FOR_BRIEF = brief_items.c.brief_id.is_(None)
index(
    "ux_brief_items_waiting", brief_items.c.person_id, brief_items.c.kind, brief_items.c.subject_id,
    where=WAITS_FOR_BRIEF, unique=True,
)  # fmt: skip
index(
    "ix_brief_items_brief", brief_items.c.brief_id, brief_items.c.kind, brief_items.c.id,
    where=brief_items.c.brief_id.is_not(None),
)  # fmt: skip
index("ix_brief_items_lead", brief_items.c.lead_id, where=brief_items.c.lead_id.is_not(None))

# Which leads stood in briefs that are forgotten, whose messages still stand in Slack.
brief_leads = sa.Table(
    "brief_leads",
    metadata,
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), primary_key=True),
    sa.Column("brief_id", ID, primary_key=True),
)
