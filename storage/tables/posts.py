"""Messages of ours in Slack, and the outbox they leave by."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.post import OutboxKind, OutboxStatus, PostRole, Subject
from storage.tables.columns import ID, index, is_one_of, is_word, metadata, word
from storage.types import UtcDateTime, json_column

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *word("subject", Subject),
    sa.Column("subject_id", ID, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), index=True),
    sa.Column("place", sa.Text, nullable=False),
    *word("role", PostRole),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("channel", sa.Text),
    sa.Column("ts", sa.Text),
    sa.Column("shown_version", sa.Integer, nullable=False),
    sa.Column("gone", sa.Text),
    # What made it gone can be mended, and then it is said after all.
    sa.Column("waits", sa.Boolean, nullable=False),
    sa.Column("data", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("listed_in", ID, sa.ForeignKey("posts.id")),
    # When it was first shown, by our clock.
    sa.Column("posted_at", UtcDateTime),
    # The post in whose thread it stands.
    sa.Column("thread_of", ID),
)
IN_THREAD = posts.c.thread_of.is_not(None)
index("ix_posts_thread", posts.c.thread_of, posts.c.id, where=IN_THREAD)
index("ix_posts_listed", posts.c.listed_in, where=posts.c.listed_in.is_not(None))
IS_CARD = is_word(posts.c.subject, Subject.HANDOFF) & posts.c.listed_in.is_(None)
index("ix_posts_cards", posts.c.place, posts.c.posted_at, where=IS_CARD & posts.c.posted_at.is_not(None))
# Still to be shown, or once something is mended.
IS_TO_COME = posts.c.posted_at.is_(None) & (posts.c.gone.is_(None) | posts.c.waits.is_(sa.true()))
index("ix_posts_cards_to_come", posts.c.place, posts.c.created_at, where=IS_CARD & IS_TO_COME)
IS_SUMMARY = is_word(posts.c.subject, Subject.SUMMARY)
index("ix_posts_summaries", posts.c.place, posts.c.created_at, where=IS_SUMMARY)
index("ix_posts_subject", posts.c.subject_id, posts.c.subject)
index("ix_posts_message", posts.c.channel, posts.c.ts, where=posts.c.ts.is_not(None))
WAITS = posts.c.waits.is_(sa.true())
index("ix_posts_waiting", posts.c.place, posts.c.id, where=WAITS)
IS_PRIMARY = (
    is_word(posts.c.subject, Subject.HANDOFF) & is_word(posts.c.role, PostRole.PRIMARY) & posts.c.gone.is_(None)
)
# P3: one card with the decision buttons.
index("ux_posts_primary", posts.c.subject_id, where=IS_PRIMARY, unique=True)

lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # The earliest instant there is work: NULL when there is none, the lease's end while a row is in flight.
    sa.Column("next_at", UtcDateTime),
    # Pace, or Slack's Retry-After: nothing before.
    sa.Column("held_until", UtcDateTime),
    sa.Column("leased_until", UtcDateTime),
)
index("ix_lanes_next", lanes.c.next_at, lanes.c.name, where=lanes.c.next_at.is_not(None))

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *word("kind", OutboxKind),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    *word("status", OutboxStatus),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lookups", sa.Integer, nullable=False),
    sa.Column("dispatched_at", UtcDateTime),
    sa.Column("token", sa.Text),
    sa.Column("leased_until", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("correlation_id", sa.String(36)),
)
IS_PENDING = is_word(outbox.c.status, OutboxStatus.PENDING)
IS_UNDONE = is_one_of(outbox.c.status, (OutboxStatus.PENDING, OutboxStatus.SENDING, OutboxStatus.UNKNOWN))
"""Still to be said, or to be found out."""
IS_UNRESOLVED = is_one_of(outbox.c.status, (OutboxStatus.SENDING, OutboxStatus.UNKNOWN))
"""Under way, or to be found out: at most one of a lane, and nothing else of the lane before it."""
IS_PARKED = is_word(outbox.c.status, OutboxStatus.PARKED)
IS_SENT = is_word(outbox.c.status, OutboxStatus.SENT)
index("ux_outbox_pending", outbox.c.kind, outbox.c.subject_id, where=IS_PENDING, unique=True)
index("ix_outbox_lane", outbox.c.lane, outbox.c.id, where=IS_UNDONE)
index("ix_outbox_unresolved", outbox.c.lane, outbox.c.id, where=IS_UNRESOLVED)
index("ix_outbox_parked", outbox.c.id, where=IS_PARKED)
index("ix_outbox_parked_subject", outbox.c.subject_id, where=IS_PARKED)
index("ix_outbox_sent", outbox.c.created_at, where=IS_SENT)
