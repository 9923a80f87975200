"""The agreement's versions, and the drafts of the next."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.signing import State, Wish
from storage.tables.columns import ID, index, is_one_of, metadata, word
from storage.types import UtcDateTime, json_column

agreements = sa.Table(
    "agreements",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False, unique=True),
    # Terms and document (its words) never change: handoffs that run under a version refer to it.
    sa.Column("terms", json_column(), nullable=False),
    # None: as shipped.
    sa.Column("document", json_column()),
    # Null: it is not to come into force (yet).
    sa.Column("in_force_from", UtcDateTime, index=True),
    # Where its signing stands; all null for what was never proposed.
    *word("state", State, nullable=True),
    sa.Column("proposed_by", ID, sa.ForeignKey("people.id")),
    sa.Column("proposed_at", UtcDateTime),
    sa.Column("from_at", UtcDateTime),
    sa.Column("signatures", json_column()),
    sa.Column("replies", json_column()),
    sa.Column("ended_at", UtcDateTime),
    *word("wish", Wish, nullable=True),
    sa.Column("wished", json_column()),
    sa.Column("review_at", UtcDateTime),
)
AWAITED = is_one_of(agreements.c.state, (State.PROPOSED, State.SIGNED))
"""Waits for signatures, or for its instant."""
index("ix_agreements_pending", agreements.c.version, where=AWAITED)

# What one person has changed and not proposed yet: one draft each.
agreement_drafts = sa.Table(
    "agreement_drafts",
    metadata,
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), primary_key=True),
    # The proposal it answers; null: it changes the version in force.
    sa.Column("answers_id", ID, sa.ForeignKey("agreements.id")),
    # The sections it changes, in the shape of the agreement's file.
    sa.Column("sections", json_column(), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)
