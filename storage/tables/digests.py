"""Schedules of digests, the digests themselves, and the themes each shows."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.digest import DigestKind, DigestState
from storage.tables.columns import ID, index, metadata, word
from storage.types import UtcDateTime, json_column

digest_schedules = sa.Table(
    "digest_schedules",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    *word("kind", DigestKind),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("weekdays", json_column(), nullable=False),
    # Local time, HH:MM.
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("tz", sa.Text, nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("silent_when_empty", sa.Boolean, nullable=False),
    sa.Column("closing_line", sa.Boolean, nullable=False),
    sa.Column("next_period", sa.Date),
    sa.Column("next_at", UtcDateTime),
    sa.Column("told_until", UtcDateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("made_by", ID, sa.ForeignKey("people.id")),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("removed_at", UtcDateTime),
)
index("ux_digest_schedules_name", digest_schedules.c.name, where=digest_schedules.c.removed_at.is_(None), unique=True)

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("schedule_id", ID, sa.ForeignKey("digest_schedules.id"), nullable=False),
    # A local date. P5: one a schedule and period. NULL: an extra one, of no period.
    sa.Column("period", sa.Date),
    *word("state", DigestState),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("from_at", UtcDateTime, nullable=False),
    sa.Column("until_at", UtcDateTime, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("late_s", sa.Integer),
    sa.Column("sent_by", ID, sa.ForeignKey("people.id")),
    sa.UniqueConstraint("schedule_id", "period"),
    sa.CheckConstraint("(period IS NULL) = (sent_by IS NOT NULL)", name="extra"),
)
index("ix_digests_due", digests.c.schedule_id, digests.c.due_at)

# Which themes a digest showed: when a note in one is taken back or erased, it is gone from these digests.
digest_themes = sa.Table(
    "digest_themes",
    metadata,
    sa.Column("theme_id", ID, sa.ForeignKey("themes.id"), primary_key=True),
    sa.Column("digest_id", ID, sa.ForeignKey("digests.id"), primary_key=True),
)
index("ix_digest_themes_digest", digest_themes.c.digest_id)
