"""The first tables, and version 0 of the agreement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0001"
down_revision: str | None = None


TERMS_OF_VERSION_0: dict[str, Any] = {
    "criteria": [
        {"label": "Asked to talk to us", "field": "priority", "operator": "is", "value": "hot"},
        {"label": "Lead score", "field": "score", "operator": "at_least", "value": "50"},
        {"label": "Touches", "field": "touches", "operator": "at_least", "value": "3"},
        {"label": "Role", "field": "title", "operator": "present", "value": ""},
        {"label": "Company", "field": "company", "operator": "present", "value": ""},
        {"label": "Country", "field": "country", "operator": "present", "value": ""},
    ],
    "criteria_needed": 0,
    "accept_minutes": {"hot": 15, "warm": 240, "cold": 1440},
    "reasons": [
        {
            "code": "not_icp",
            "label": "Company not a fit",
            "then": "marketing",
            "ask": "criterion",
            "question": "What does not fit?",
            "required": True,
            "counts_against_marketing": True,
        },
        {
            "code": "wrong_person",
            "label": "Wrong role, no influence",
            "then": "marketing",
            "ask": "text",
            "question": "Who would be the right contact?",
            "required": False,
            "counts_against_marketing": True,
        },
        {
            "code": "low_intent",
            "label": "Not ready to talk to sales",
            "then": "marketing",
            "ask": "none",
            "question": "",
            "required": False,
            "counts_against_marketing": True,
        },
        {
            "code": "bad_timing",
            "label": "Real, but later",
            "then": "recycle",
            "ask": "date",
            "question": "When should it come back?",
            "required": True,
            "counts_against_marketing": True,
        },
        {
            "code": "bad_data",
            "label": "Contact data wrong or missing",
            "then": "marketing",
            "ask": "text",
            "question": "What is wrong?",
            "required": False,
            "counts_against_marketing": True,
        },
        {
            "code": "duplicate",
            "label": "Duplicate, already being worked",
            "then": "merge",
            "ask": "lead",
            "question": "Which lead is it the same as?",
            "required": True,
            "counts_against_marketing": False,
        },
        {
            "code": "existing",
            "label": "Customer or open opportunity",
            "then": "reroute",
            "ask": "person",
            "question": "Whose account is it?",
            "required": True,
            "counts_against_marketing": False,
        },
        {
            "code": "ineligible",
            "label": "Competitor, partner, student, spam",
            "then": "close",
            "ask": "none",
            "question": "",
            "required": False,
            "counts_against_marketing": False,
        },
        {
            "code": "misrouted",
            "label": "Good lead, wrong owner",
            "then": "reroute",
            "ask": "person",
            "question": "Who should have it? Leave empty to route it again.",
            "required": False,
            "counts_against_marketing": False,
        },
        {
            "code": "other",
            "label": "Other",
            "then": "marketing",
            "ask": "text",
            "question": "What is the reason?",
            "required": True,
            "counts_against_marketing": True,
        },
    ],
    "undo_seconds": 300,
}


def _index_lists_of_managers() -> None:
    absent = "away_since IS NOT NULL OR is_deleted IS {0} OR is_guest IS {0} OR is_stranger IS {0} OR is_bot IS {0}"
    op.create_index(
        "ix_people_absent",
        "people",
        ["id"],
        unique=False,
        sqlite_where=sa.text(f"email_key IS NOT NULL AND ({absent.format(1)} OR on_roster IS 0)"),
        postgresql_where=sa.text(f"email_key IS NOT NULL AND ({absent.format('true')} OR on_roster IS false)"),
    )
    op.create_index(
        "ix_handoffs_owned_latest",
        "handoffs",
        ["decided_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'accepted' AND ended_at IS NULL"),
        postgresql_where=sa.text("status = 'accepted' AND ended_at IS NULL"),
    )
    op.create_index(
        "ix_timers_unrouted",
        "timers",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("kind = 'unrouted'"),
        postgresql_where=sa.text("kind = 'unrouted'"),
    )


def upgrade() -> None:
    _make_tables()
    _index_lists_of_managers()
    _insert_agreement()


def _make_tables() -> None:  # noqa: PLR0915 - one table after the other
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("in_force_from", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("version", name=op.f("uq_agreements_version")),
    )
    op.create_index("ix_agreements_in_force_from", "agreements", ["in_force_from"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_seen_at", "deliveries", ["seen_at"], unique=False)

    op.create_table(
        "lanes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lanes")),
    )
    op.create_index(
        "ix_lanes_next",
        "lanes",
        ["next_at", "name"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )

    op.create_table(
        "people",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slack_id", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("manager_id", sa.String(length=36), nullable=True),
        sa.Column("deputy_id", sa.String(length=36), nullable=True),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("tz_follows_slack", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("days_off", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("away_since", UtcDateTime(), nullable=True),
        sa.Column("away_until", UtcDateTime(), nullable=True),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_stranger", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("on_roster", sa.Boolean(), nullable=False),
        sa.Column("home_opened_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("\"side\" IN ('sales', 'marketing', 'leadership', 'other')", name=op.f("ck_people_side")),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_people_deputy_id_people")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_people_manager_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_people_slack_id")),
    )
    op.create_index("ix_people_email_key", "people", ["email_key"], unique=False)
    op.create_index(
        "ix_people_home",
        "people",
        ["home_opened_at"],
        unique=False,
        sqlite_where=sa.text("home_opened_at IS NOT NULL"),
        postgresql_where=sa.text("home_opened_at IS NOT NULL"),
    )
    op.create_index(
        "ix_people_roster",
        "people",
        ["name"],
        unique=False,
        sqlite_where=sa.text("on_roster IS 1"),
        postgresql_where=sa.text("on_roster IS true"),
    )

    op.create_table(
        "routing_rules",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("operator", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("target_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            '"operator" IN ('
            "'is', 'is_not', 'one_of', 'contains', 'starts_with', 'ends_with', 'at_least', 'at_most', "
            "'present', 'missing', 'any')",
            name=op.f("ck_routing_rules_operator"),
        ),
        sa.CheckConstraint("\"target\" IN ('rep', 'team', 'pool')", name=op.f("ck_routing_rules_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
        sa.UniqueConstraint("position", name=op.f("uq_routing_rules_position")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "sources",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("pool_channel", sa.Text(), nullable=True),
        sa.Column("mirror_channel", sa.Text(), nullable=True),
        sa.CheckConstraint("\"side\" IN ('sales', 'marketing', 'leadership', 'other')", name=op.f("ck_teams_side")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("key", name=op.f("uq_teams_key")),
    )
    op.create_index("ix_teams_pool_channel", "teams", ["pool_channel"], unique=False)

    op.create_table(
        "timers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"kind\" IN ('undo_end', 'recycle', 'back', 'left', 'refresh_people', 'unrouted')",
            name=op.f("ck_timers_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_timers_kind_subject_id")),
    )
    op.create_index("ix_timers_due", "timers", ["due_at", "id"], unique=False)
    op.create_index("ix_timers_subject_id", "timers", ["subject_id"], unique=False)

    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_campaigns_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("key", name=op.f("uq_campaigns_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lookups", sa.Integer(), nullable=False),
        sa.Column("dispatched_at", UtcDateTime(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "\"kind\" IN ('sync_post', 'sync_home', 'refresh_person', 'refresh_people')", name=op.f("ck_outbox_kind")
        ),
        sa.CheckConstraint(
            "\"status\" IN ('pending', 'sending', 'unknown', 'sent', 'parked')", name=op.f("ck_outbox_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('pending', 'sending', 'unknown')"),
        postgresql_where=sa.text("status IN ('pending', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_outbox_parked",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'parked'"),
        postgresql_where=sa.text("status = 'parked'"),
    )
    op.create_index(
        "ix_outbox_parked_subject",
        "outbox",
        ["subject_id"],
        unique=False,
        sqlite_where=sa.text("status = 'parked'"),
        postgresql_where=sa.text("status = 'parked'"),
    )
    op.create_index(
        "ix_outbox_sent",
        "outbox",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("status = 'sent'"),
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_index(
        "ux_outbox_pending",
        "outbox",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )

    op.create_table(
        "team_members",
        sa.Column("team_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_team_members_person_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_person_id", "team_members", ["person_id"], unique=False)

    op.create_table(
        "leads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_normalised", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("who_key", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_e164", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("campaign_id", sa.String(length=36), nullable=True),
        sa.Column("campaign_key", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("touches", sa.BigInteger(), nullable=True),
        sa.Column("engaged_at", UtcDateTime(), nullable=True),
        sa.Column("priority", sa.String(32), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("recycle_at", UtcDateTime(), nullable=True),
        sa.Column("merged_into", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("\"priority\" IN ('hot', 'warm', 'cold')", name=op.f("ck_leads_priority")),
        sa.CheckConstraint(
            "\"stage\" IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won', 'lost', 'recycled', 'closed', 'merged')",
            name=op.f("ck_leads_stage"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_leads_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["merged_into"], ["leads.id"], name=op.f("fk_leads_merged_into_leads")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_leads_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
    )
    op.create_index(
        "ix_leads_email",
        "leads",
        ["email_normalised", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into IS NULL"),
        postgresql_where=sa.text("merged_into IS NULL"),
    )
    op.create_index(
        "ix_leads_who",
        "leads",
        ["who_key", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into IS NULL"),
        postgresql_where=sa.text("merged_into IS NULL"),
    )
    op.create_index(
        "ix_leads_worked",
        "leads",
        ["owner_id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL AND stage IN ('mql', 'sal')"),
        postgresql_where=sa.text("owner_id IS NOT NULL AND stage IN ('mql', 'sal')"),
    )

    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=False),
        sa.Column("agreement_id", sa.String(length=36), nullable=False),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("opened", sa.String(32), nullable=False),
        sa.Column("rep_id", sa.String(length=36), nullable=True),
        sa.Column("team_id", sa.String(length=36), nullable=True),
        sa.Column("pool_channel", sa.Text(), nullable=True),
        sa.Column("priority", sa.String(32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=True),
        sa.Column("routed_because", sa.Text(), nullable=False),
        sa.Column("predecessor_id", sa.String(length=36), nullable=True),
        sa.Column("engaged_at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rejection", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("end", sa.String(32), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("(status = 'offered') = (decided_at IS NULL)", name=op.f("ck_handoffs_decided_has_instant")),
        sa.CheckConstraint("status <> 'accepted' OR rep_id IS NOT NULL", name=op.f("ck_handoffs_accepted_has_rep")),
        sa.CheckConstraint(
            "status <> 'rejected' OR (reason IS NOT NULL AND length(reason) > 0)",
            name=op.f("ck_handoffs_rejected_has_reason"),
        ),
        sa.CheckConstraint("\"end\" IN ('undone', 'released', 'transferred')", name=op.f("ck_handoffs_end")),
        sa.CheckConstraint("\"end\" IS NULL OR status = 'accepted'", name=op.f("ck_handoffs_only_accepted_ends")),
        sa.CheckConstraint(
            "\"opened\" IN ('handed_over', 'rerouted', 'recycled', 'undone', 'released', 'reassigned')",
            name=op.f("ck_handoffs_opened"),
        ),
        sa.CheckConstraint("\"priority\" IN ('hot', 'warm', 'cold')", name=op.f("ck_handoffs_priority")),
        sa.CheckConstraint(
            "\"status\" IN ('offered', 'accepted', 'rejected', 'expired', 'withdrawn')", name=op.f("ck_handoffs_status")
        ),
        sa.CheckConstraint('("end" IS NULL) = (ended_at IS NULL)', name=op.f("ck_handoffs_end_has_instant")),
        sa.CheckConstraint(
            "rep_id IS NOT NULL OR pool_channel IS NOT NULL", name=op.f("ck_handoffs_offered_to_somebody")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_handoffs_agreement_id_agreements")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_handoffs_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_handoffs_decided_by_people")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_handoffs_lead_id_leads")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["handoffs.id"], name=op.f("fk_handoffs_predecessor_id_handoffs")),
        sa.ForeignKeyConstraint(["rep_id"], ["people.id"], name=op.f("fk_handoffs_rep_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_handoffs_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index(
        "ix_handoffs_day_decided",
        "handoffs",
        ["decided_by", "decided_at"],
        unique=False,
    )
    op.create_index(
        "ix_handoffs_day_offered",
        "handoffs",
        ["rep_id", "offered_at"],
        unique=False,
    )
    op.create_index(
        "ix_handoffs_in_pool",
        "handoffs",
        ["pool_channel", "offered_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'offered' AND pool_channel IS NOT NULL"),
        postgresql_where=sa.text("status = 'offered' AND pool_channel IS NOT NULL"),
    )
    op.create_index("ix_handoffs_lead", "handoffs", ["lead_id", "id"], unique=False)
    op.create_index(
        "ix_handoffs_owned",
        "handoffs",
        ["rep_id", "decided_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'accepted' AND ended_at IS NULL"),
        postgresql_where=sa.text("status = 'accepted' AND ended_at IS NULL"),
    )
    op.create_index(
        "ix_handoffs_to_rep",
        "handoffs",
        ["rep_id", "offered_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'offered' AND pool_channel IS NULL"),
        postgresql_where=sa.text("status = 'offered' AND pool_channel IS NULL"),
    )
    op.create_index(
        "ix_handoffs_waiting",
        "handoffs",
        ["offered_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_index(
        "ux_handoffs_offered",
        "handoffs",
        ["lead_id"],
        unique=True,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_index(
        "ux_handoffs_owned",
        "handoffs",
        ["lead_id"],
        unique=True,
        sqlite_where=sa.text("status = 'accepted' AND ended_at IS NULL"),
        postgresql_where=sa.text("status = 'accepted' AND ended_at IS NULL"),
    )

    op.create_table(
        "lead_keys",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_keys_lead_id_leads")),
        sa.PrimaryKeyConstraint("source", "external_id", name=op.f("pk_lead_keys")),
    )
    op.create_index("ix_lead_keys_lead_id", "lead_keys", ["lead_id"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("\"role\" IN ('primary', 'mirror', 'notice')", name=op.f("ck_posts_role")),
        sa.CheckConstraint(
            "\"subject\" IN ('handoff', 'reject_notice', 'touch_notice', 'merge_notice', 'alert')",
            name=op.f("ck_posts_subject"),
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_posts_lead_id_leads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("key", name=op.f("uq_posts_key")),
    )
    op.create_index("ix_posts_lead_id", "posts", ["lead_id"], unique=False)
    op.create_index(
        "ix_posts_message",
        "posts",
        ["channel", "ts"],
        unique=False,
        sqlite_where=sa.text("ts IS NOT NULL"),
        postgresql_where=sa.text("ts IS NOT NULL"),
    )
    op.create_index("ix_posts_subject", "posts", ["subject_id", "subject"], unique=False)
    op.create_index(
        "ix_posts_waiting",
        "posts",
        ["place", "id"],
        unique=False,
        sqlite_where=sa.text("waits IS 1"),
        postgresql_where=sa.text("waits IS true"),
    )
    op.create_index(
        "ux_posts_primary",
        "posts",
        ["subject_id"],
        unique=True,
        sqlite_where=sa.text("subject = 'handoff' AND role = 'primary' AND gone IS NULL"),
        postgresql_where=sa.text("subject = 'handoff' AND role = 'primary' AND gone IS NULL"),
    )

    op.create_table(
        "events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=True),
        sa.Column("handoff_id", sa.String(length=36), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_events_handoff_id_handoffs")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_events_lead_id_leads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(
        "ix_events_lead",
        "events",
        ["lead_id", "happened_at", "id"],
        unique=False,
        sqlite_where=sa.text("lead_id IS NOT NULL"),
        postgresql_where=sa.text("lead_id IS NOT NULL"),
    )


def _insert_agreement() -> None:
    """Version 0: the shipped default, in force from the start and not signed."""
    agreements = sa.table(
        "agreements",
        sa.column("id", sa.String),
        sa.column("version", sa.Integer),
        sa.column("terms", sa.JSON),
        sa.column("in_force_from", UtcDateTime),
    )
    op.bulk_insert(
        agreements,
        [
            {
                "id": "00000000-0000-7000-8000-000000000000",
                "version": 0,
                "terms": TERMS_OF_VERSION_0,
                "in_force_from": datetime(1970, 1, 1, tzinfo=UTC),
            }
        ],
    )
