"""Field notes and the themes they are joined into."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.note import OPEN_STATES, NoteKind, NoteState
from storage.tables.columns import ID, index, is_one_of, metadata, word
from storage.types import UtcDateTime

# Notes that say the same; the counts are kept with each change of a note, so that lists cost the same for ever.
themes = sa.Table(
    "themes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *word("kind", NoteKind),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("managers_only", sa.Boolean, nullable=False),
    sa.Column("notes", sa.Integer, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("open", sa.Integer, nullable=False),
    sa.Column("first_at", UtcDateTime, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
    sa.Column("waits_since", UtcDateTime),
    sa.Column("merged_into", ID, sa.ForeignKey("themes.id")),
    sa.CheckConstraint("(open = 0) = (waits_since IS NULL)", name="waits_while_open"),
)
THEME_IS_OPEN = themes.c.open > sa.literal_column("0")
# Those that wait, the oldest first, and by how many said it.
index("ix_themes_waiting", themes.c.waits_since, themes.c.id, where=THEME_IS_OPEN)
index("ix_themes_people", themes.c.people, themes.c.id, where=THEME_IS_OPEN)
index("ix_themes_last_at", themes.c.last_at, themes.c.id)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("theme_id", ID, sa.ForeignKey("themes.id"), nullable=False),
    sa.Column("author_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *word("kind", NoteKind),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("account", sa.Text),
    sa.Column("competitor", sa.Text),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id")),
    sa.Column("alert_id", ID, sa.ForeignKey("campaign_alerts.id")),
    sa.Column("managers_only", sa.Boolean, nullable=False),
    # The message it was saved from: where it stands, and its author.
    sa.Column("quoted_link", sa.Text),
    sa.Column("quoted_slack_id", sa.Text),
    sa.Column("quoted_name", sa.Text),
    sa.Column("quoted_private", sa.Boolean),
    *word("state", NoteState),
    sa.Column("state_by", ID, sa.ForeignKey("people.id")),
    sa.Column("state_at", UtcDateTime),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answer_link", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("removed_at", UtcDateTime),
    sa.CheckConstraint("(quoted_link IS NULL) = (quoted_name IS NULL)", name="quoted_whole"),
)
NOTE_STANDS = notes.c.removed_at.is_(None)
NOTE_IS_OPEN = NOTE_STANDS & is_one_of(notes.c.state, OPEN_STATES)
index("ix_notes_theme", notes.c.theme_id, notes.c.id)
index("ix_notes_author", notes.c.author_id, notes.c.created_at, notes.c.id, where=NOTE_STANDS)
index("ix_notes_open", notes.c.created_at, notes.c.id, where=NOTE_IS_OPEN)
# With what digests count, so that they read no text of any note but those they show.
index(
    "ix_notes_created", notes.c.created_at, notes.c.id, notes.c.kind, notes.c.theme_id, notes.c.author_id,
    notes.c.managers_only, notes.c.campaign_id, where=NOTE_STANDS,
)  # fmt: skip
index(
    "ix_notes_state_at", notes.c.state_at, notes.c.id, notes.c.state, notes.c.theme_id, notes.c.author_id,
    notes.c.managers_only, notes.c.campaign_id, notes.c.created_at, where=NOTE_STANDS & notes.c.state_at.is_not(None),
)  # fmt: skip
index("ix_notes_lead", notes.c.lead_id, where=notes.c.lead_id.is_not(None))
index("ix_notes_campaign", notes.c.campaign_id, notes.c.created_at, notes.c.id, where=notes.c.campaign_id.is_not(None))
index("ix_notes_alert", notes.c.alert_id, notes.c.created_at, where=notes.c.alert_id.is_not(None))
