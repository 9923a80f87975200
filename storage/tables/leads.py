"""Leads, the keys their sources know them by, and what was erased."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.ladder import Rung
from bot.domain.lead import Priority, Stage
from storage.tables.columns import ID, index, is_one_of, is_word, metadata, word
from storage.types import UtcDateTime, json_column

leads = sa.Table(
    "leads",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("email_normalised", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("company", sa.Text),
    # Company and name without case: what `similar` compares.
    sa.Column("who_key", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("phone_e164", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id")),
    sa.Column("campaign_key", sa.Text),
    sa.Column("score", sa.Double),
    sa.Column("touches", sa.BigInteger),
    sa.Column("engaged_at", UtcDateTime),
    *word("priority", Priority),
    sa.Column("summary", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("fields", json_column(), nullable=False),
    *word("stage", Stage),
    sa.Column("recycle_at", UtcDateTime),
    sa.Column("merged_into", ID, sa.ForeignKey("leads.id")),
    sa.Column("below_at", UtcDateTime),
    sa.Column("erased_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("practice", sa.Boolean, nullable=False, server_default=sa.false()),
    # Whose accepted and unended handoff this lead has: kept by storage/handoffs.py, so that counting what a
    # person holds costs what they hold, not what they ever held.
    sa.Column("owner_id", ID, sa.ForeignKey("people.id")),
    *word("rung", Rung, nullable=True),
)
IS_WORKED = is_one_of(leads.c.stage, (Stage.MQL, Stage.SAL))
"""Still being worked: counts against the cap of whoever holds it."""
NOT_MERGED = leads.c.merged_into.is_(None)
IS_REAL_LEAD = leads.c.practice.is_(sa.false())
"""No practice lead: part of every condition by which leads are found, listed or counted."""
IS_BELOW = leads.c.below_at.is_not(None) & IS_REAL_LEAD
index("ix_leads_below", leads.c.below_at, where=IS_BELOW)
index("ix_leads_worked", leads.c.owner_id, where=leads.c.owner_id.is_not(None) & IS_WORKED)
index("ix_leads_email", leads.c.email_normalised, leads.c.id, where=NOT_MERGED)
index("ix_leads_source", leads.c.source, leads.c.created_at, where=IS_REAL_LEAD)
index("ix_leads_merged", leads.c.merged_into, where=leads.c.merged_into.is_not(None))
IS_PARKED_LEAD = (
    is_word(leads.c.rung, Rung.PARKED)
    & is_one_of(leads.c.stage, (Stage.MQL, Stage.SQL, Stage.OPPORTUNITY))
    & leads.c.owner_id.is_(None)
)
"""At the end of the ladder, and not closed since, nor somebody's by the CRM's word."""
index("ix_leads_parked", leads.c.updated_at, leads.c.id, where=IS_PARKED_LEAD)
index("ix_leads_who", leads.c.who_key, leads.c.id, where=NOT_MERGED)

lead_keys = sa.Table(
    "lead_keys",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("external_id", sa.Text, primary_key=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False, index=True),
)

# Keys and addresses of people who were erased, as keyed digests: nothing of them comes back by a late message.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("erased_at", UtcDateTime, nullable=False),
)
