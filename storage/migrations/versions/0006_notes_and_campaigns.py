"""Field notes, campaign alerts and their digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import full_text, one_of, partial, refers, words
from storage.types import UtcDateTime, Words

revision = "0006"
down_revision: str | None = "0005"

SUBJECTS = [
    "handoff",
    "reject_notice",
    "touch_notice",
    "alert",
    "summary",
    "welcome",
    "brief",
    "reminder",
    "at_risk",
    "agreement",
    "dispute",
    "milestone",
    "note_notice",
    "campaign_alert",
    "campaign_notice",
    "question",
    "digest",
]
TIMER_KINDS = [
    "undo_end",
    "recycle",
    "back",
    "left",
    "refresh_people",
    "unrouted",
    "reassign",
    "brief",
    "countdown",
    "replan",
    "at_risk",
    "card",
    "agreement_start",
    "agreement_review",
    "campaign_due",
    "campaign_eve",
    "campaign_start",
    "campaign_end",
    "got_it",
    "campaign_counts",
    "digest",
]
BUDGET = [
    "lead",
    "trouble",
    "reject",
    "hotter",
    "came_back",
    "merged",
    "other_reject",
    "upkeep",
    "escalation",
    "agreement",
    "dispute",
    "milestone",
    "leakage",
    "note",
    "note_answered",
    "note_quoted",
    "campaign",
    "campaign_news",
    "question",
    "digest",
]
COUNTDOWN_KINDS = ["accept", "first_contact", "answer_reject", "settle", "answer_note"]
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    words("posts", "subject", SUBJECTS)
    op.add_column("posts", sa.Column("thread_of", sa.String(36), nullable=True))
    partial("ix_posts_thread", "posts", ["thread_of", "id"], "thread_of IS NOT NULL")
    words("timers", "kind", TIMER_KINDS)
    words("brief_items", "kind", BUDGET)
    words("countdowns", "kind", COUNTDOWN_KINDS)
    partial("ix_countdowns_notes_missed", "countdowns", ["ended_at"], "kind = 'answer_note' AND result = 'missed'")
    _themes()
    _campaign_alerts()
    _notes()
    _alert_questions()
    _got_its()
    _digest_schedules()
    _digests()
    _digest_themes()
    _search()


def _themes() -> None:
    op.create_table(
        "themes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("managers_only", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("waits_since", UtcDateTime(), nullable=True),
        sa.Column("merged_into", sa.String(36), nullable=True),
        one_of(
            "themes",
            "kind",
            ["objection", "competitor", "buyers_words", "missing_content", "win_loss", "idea", "other"],
        ),
        *refers("themes", merged_into="themes"),
        sa.CheckConstraint("(open = 0) = (waits_since IS NULL)", name=op.f("ck_themes_waits_while_open")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    op.create_index("ix_themes_last_at", "themes", ["last_at", "id"])
    partial("ix_themes_people", "themes", ["people", "id"], "open > 0")
    partial("ix_themes_waiting", "themes", ["waits_since", "id"], "open > 0")


def _campaign_alerts() -> None:
    op.create_table(
        "campaign_alerts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("buyer_sees", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("offer_is_new", sa.Boolean(), nullable=False),
        sa.Column("lead_looks_like", sa.Text(), nullable=False),
        sa.Column("expected_volume", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("channels", JSON, nullable=False),
        sa.Column("assets", JSON, nullable=False),
        sa.Column("made_by", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(36), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("sent_back", sa.Text(), nullable=False),
        sa.Column("sent_back_by", sa.String(36), nullable=True),
        sa.Column("withdrawn", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("changed", JSON, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("late_s", sa.Integer(), nullable=True),
        sa.Column("eve_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_campaign_alerts_ends_after_start")),
        one_of("campaign_alerts", "state", ["draft", "proposed", "scheduled", "live", "ended", "withdrawn"]),
        *refers(
            "campaign_alerts",
            campaign_id="campaigns",
            owner_id="people",
            made_by="people",
            approved_by="people",
            sent_back_by="people",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_alerts")),
    )
    op.create_index("ix_campaign_alerts_campaign", "campaign_alerts", ["campaign_id", "id"])
    partial("ix_campaign_alerts_ended", "campaign_alerts", ["ended_at"], "ended_at IS NOT NULL")
    op.create_index("ix_campaign_alerts_owner", "campaign_alerts", ["owner_id", "starts_at", "id"])
    partial(
        "ix_campaign_alerts_to_come",
        "campaign_alerts",
        ["starts_at", "id"],
        "state IN ('draft', 'proposed', 'scheduled', 'live')",
    )
    partial("ix_campaign_alerts_told", "campaign_alerts", ["told_at"], "told_at IS NOT NULL")


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("theme_id", sa.String(36), nullable=False),
        sa.Column("author_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("competitor", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.String(36), nullable=True),
        sa.Column("campaign_id", sa.String(36), nullable=True),
        sa.Column("alert_id", sa.String(36), nullable=True),
        sa.Column("managers_only", sa.Boolean(), nullable=False),
        sa.Column("quoted_link", sa.Text(), nullable=True),
        sa.Column("quoted_slack_id", sa.Text(), nullable=True),
        sa.Column("quoted_name", sa.Text(), nullable=True),
        sa.Column("quoted_private", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_by", sa.String(36), nullable=True),
        sa.Column("state_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_link", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        one_of(
            "notes", "kind", ["objection", "competitor", "buyers_words", "missing_content", "win_loss", "idea", "other"]
        ),
        sa.CheckConstraint("(quoted_link IS NULL) = (quoted_name IS NULL)", name=op.f("ck_notes_quoted_whole")),
        one_of("notes", "state", ["new", "seen", "acted", "declined"]),
        *refers(
            "notes",
            theme_id="themes",
            author_id="people",
            lead_id="leads",
            campaign_id="campaigns",
            alert_id="campaign_alerts",
            state_by="people",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    partial("ix_notes_alert", "notes", ["alert_id", "created_at"], "alert_id IS NOT NULL")
    partial("ix_notes_author", "notes", ["author_id", "created_at", "id"], "removed_at IS NULL")
    partial("ix_notes_campaign", "notes", ["campaign_id", "created_at", "id"], "campaign_id IS NOT NULL")
    counted = ["theme_id", "author_id", "managers_only", "campaign_id"]
    partial("ix_notes_created", "notes", ["created_at", "id", "kind", *counted], "removed_at IS NULL")
    partial("ix_notes_lead", "notes", ["lead_id"], "lead_id IS NOT NULL")
    partial("ix_notes_open", "notes", ["created_at", "id"], "removed_at IS NULL AND state IN ('new', 'seen')")
    columns = ["state_at", "id", "state", *counted, "created_at"]
    partial("ix_notes_state_at", "notes", columns, "removed_at IS NULL AND state_at IS NOT NULL")
    op.create_index("ix_notes_theme", "notes", ["theme_id", "id"])


def _alert_questions() -> None:
    op.create_table(
        "alert_questions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("alert_id", sa.String(36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(36), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(36), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        *refers("alert_questions", alert_id="campaign_alerts", asked_by="people", answered_by="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_questions")),
        sa.UniqueConstraint("alert_id", "place", name=op.f("uq_alert_questions_alert_id_place")),
    )
    partial("ix_alert_questions_waiting", "alert_questions", ["alert_id", "asked_at"], "answer IS NULL")


def _got_its() -> None:
    op.create_table(
        "got_its",
        sa.Column("alert_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *refers("got_its", alert_id="campaign_alerts", person_id="people"),
        sa.PrimaryKeyConstraint("alert_id", "person_id", name=op.f("pk_got_its")),
    )


def _digest_schedules() -> None:
    op.create_table(
        "digest_schedules",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("weekdays", JSON, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("silent_when_empty", sa.Boolean(), nullable=False),
        sa.Column("closing_line", sa.Boolean(), nullable=False),
        sa.Column("next_period", sa.Date(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("told_until", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(36), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        one_of("digest_schedules", "kind", ["field_notes", "campaigns"]),
        *refers("digest_schedules", made_by="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_schedules")),
    )
    partial("ux_digest_schedules_name", "digest_schedules", ["name"], "removed_at IS NULL", unique=True)


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("schedule_id", sa.String(36), nullable=False),
        sa.Column("period", sa.Date(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("late_s", sa.Integer(), nullable=True),
        sa.Column("sent_by", sa.String(36), nullable=True),
        one_of("digests", "state", ["sent", "silent", "skipped"]),
        *refers("digests", schedule_id="digest_schedules", sent_by="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("schedule_id", "period", name=op.f("uq_digests_schedule_id_period")),
        sa.CheckConstraint("(period IS NULL) = (sent_by IS NOT NULL)", name=op.f("ck_digests_extra")),
    )
    op.create_index("ix_digests_due", "digests", ["schedule_id", "due_at"])


def _search() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "search_entries",
        sa.Column("place", sa.Integer() if on_sqlite else sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("words", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.String(36), nullable=True),
        sa.Column("alert_id", sa.String(36), nullable=True),
        one_of("search_entries", "kind", ["note", "alert", "question", "link"]),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entries_kind_subject_id")),
    )
    partial("ix_search_entries_alert", "search_entries", ["alert_id"], "alert_id IS NOT NULL")
    if on_sqlite:
        full_text("search_words", "search_entries", "words")
    else:
        # Without a list of what is still to be sorted in: a search would read it from end to end.
        op.create_index(
            "search_words", "search_entries", ["words"],
            postgresql_using="gin", postgresql_with={"fastupdate": "off"},
        )  # fmt: skip


def _digest_themes() -> None:
    op.create_table(
        "digest_themes",
        sa.Column("theme_id", sa.String(36), nullable=False),
        sa.Column("digest_id", sa.String(36), nullable=False),
        *refers("digest_themes", theme_id="themes", digest_id="digests"),
        sa.PrimaryKeyConstraint("theme_id", "digest_id", name=op.f("pk_digest_themes")),
    )
    op.create_index("ix_digest_themes_digest", "digest_themes", ["digest_id"])
