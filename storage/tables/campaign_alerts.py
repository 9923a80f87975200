"""Campaign alerts, the questions asked on them, and who got them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.campaign_alert import AlertState
from storage.tables.columns import ID, index, is_one_of, metadata, word
from storage.types import UtcDateTime, json_column

campaign_alerts = sa.Table(
    "campaign_alerts",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id"), nullable=False),
    sa.Column("owner_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *word("state", AlertState),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("buyer_sees", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime),
    sa.Column("tz", sa.Text, nullable=False),
    sa.Column("offer", sa.Text, nullable=False),
    sa.Column("offer_is_new", sa.Boolean, nullable=False),
    sa.Column("lead_looks_like", sa.Text, nullable=False),
    sa.Column("expected_volume", sa.Integer),
    sa.Column("cost", sa.Text),
    sa.Column("currency", sa.Text),
    sa.Column("channels", json_column(), nullable=False),
    sa.Column("assets", json_column(), nullable=False),
    sa.Column("made_by", ID, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("proposed_at", UtcDateTime),
    sa.Column("approved_by", ID, sa.ForeignKey("people.id")),
    sa.Column("approved_at", UtcDateTime),
    sa.Column("sent_back", sa.Text, nullable=False),
    sa.Column("sent_back_by", ID, sa.ForeignKey("people.id")),
    sa.Column("withdrawn", sa.Text, nullable=False),
    sa.Column("changed_at", UtcDateTime),
    sa.Column("changed", json_column(), nullable=False),
    sa.Column("told_at", UtcDateTime),
    sa.Column("late_s", sa.Integer),
    sa.Column("eve_at", UtcDateTime),
    sa.Column("reminded_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
)
ALERT_IS_TO_COME = is_one_of(
    campaign_alerts.c.state, (AlertState.DRAFT, AlertState.PROPOSED, AlertState.SCHEDULED, AlertState.LIVE)
)
index("ix_campaign_alerts_to_come", campaign_alerts.c.starts_at, campaign_alerts.c.id, where=ALERT_IS_TO_COME)
index("ix_campaign_alerts_campaign", campaign_alerts.c.campaign_id, campaign_alerts.c.id)
index("ix_campaign_alerts_owner", campaign_alerts.c.owner_id, campaign_alerts.c.starts_at, campaign_alerts.c.id)
index("ix_campaign_alerts_told", campaign_alerts.c.told_at, where=campaign_alerts.c.told_at.is_not(None))
index("ix_campaign_alerts_ended", campaign_alerts.c.ended_at, where=campaign_alerts.c.ended_at.is_not(None))

alert_questions = sa.Table(
    "alert_questions",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("alert_id", ID, sa.ForeignKey("campaign_alerts.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("expected", sa.Boolean, nullable=False),
    sa.Column("asked_by", ID, sa.ForeignKey("people.id")),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("answered_by", ID, sa.ForeignKey("people.id")),
    sa.Column("answered_at", UtcDateTime),
    sa.UniqueConstraint("alert_id", "place"),
)
QUESTION_WAITS = alert_questions.c.answer.is_(None)
index(
    "ix_alert_questions_waiting", alert_questions.c.alert_id, alert_questions.c.asked_at, where=QUESTION_WAITS
)  # fmt: skip

got_its = sa.Table(
    "got_its",
    metadata,
    sa.Column("alert_id", ID, sa.ForeignKey("campaign_alerts.id"), primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
