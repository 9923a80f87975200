"""What can be found, as text and as words."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.search import Found
from storage.tables.columns import ID, index, metadata, word
from storage.types import UtcDateTime, Words

# What can be found. The full text of its `words` is not described here: migration 0006 makes "search_words", on
# PostgreSQL an index, on SQLite a table of FTS5 with triggers that keep it true. See storage/search.py.
search_entries = sa.Table(
    "search_entries",
    metadata,
    # The newest has the greatest.
    sa.Column("place", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
    *word("kind", Found),
    # A link's is that of its alert with its place there.
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # Who may find it, as words that are among `words`, too.
    sa.Column("seen_by", sa.Text, nullable=False),
    sa.Column("words", Words, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("author_id", ID),
    # Whose link or question it is.
    sa.Column("alert_id", ID),
    sa.UniqueConstraint("kind", "subject_id"),
)
index("ix_search_entries_alert", search_entries.c.alert_id, where=search_entries.c.alert_id.is_not(None))
