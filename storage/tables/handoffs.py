"""Handoffs of leads to reps and pools, the events of their life, and reassignments of many at once."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.handoff import End, Opened, Status
from bot.domain.lead import Priority
from bot.domain.reassignment import Which
from storage.tables.columns import ID, index, is_word, metadata, word
from storage.types import UtcDateTime, json_column

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False),
    # Its terms are that version's: they never change.
    sa.Column("agreement_id", ID, sa.ForeignKey("agreements.id"), nullable=False),
    *word("status", Status),
    *word("opened", Opened),
    sa.Column("rep_id", ID, sa.ForeignKey("people.id")),
    sa.Column("team_id", ID, sa.ForeignKey("teams.id")),
    sa.Column("pool_channel", sa.Text),
    *word("priority", Priority),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id")),
    sa.Column("routed_because", sa.Text, nullable=False),
    sa.Column("predecessor_id", ID, sa.ForeignKey("handoffs.id")),
    sa.Column("engaged_at", UtcDateTime),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("offered_at", UtcDateTime, nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("decided_by", ID, sa.ForeignKey("people.id")),
    # The rejection's reason has a column, because no path may store a reject without one; the rest is JSON.
    sa.Column("reason", sa.Text),
    sa.Column("rejection", json_column()),
    sa.Column("note", sa.Text),
    *word("end", End, nullable=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("extra", json_column(), nullable=False),
    sa.Column("practice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("system_s", sa.Integer),
    sa.Column("system_business_s", sa.Integer),
    sa.Column("own_s", sa.Integer),
    sa.Column("own_business_s", sa.Integer),
    sa.CheckConstraint(
        "status <> 'rejected' OR (reason IS NOT NULL AND length(reason) > 0)", name="rejected_has_reason"
    ),
    sa.CheckConstraint("(status = 'offered') = (decided_at IS NULL)", name="decided_has_instant"),
    sa.CheckConstraint('("end" IS NULL) = (ended_at IS NULL)', name="end_has_instant"),
    sa.CheckConstraint("\"end\" IS NULL OR status = 'accepted'", name="only_accepted_ends"),
    sa.CheckConstraint("status <> 'accepted' OR rep_id IS NOT NULL", name="accepted_has_rep"),
    sa.CheckConstraint("rep_id IS NOT NULL OR pool_channel IS NOT NULL", name="offered_to_somebody"),
)
IS_OFFERED = is_word(handoffs.c.status, Status.OFFERED)
IS_OWNED = is_word(handoffs.c.status, Status.ACCEPTED) & handoffs.c.ended_at.is_(None)
IS_REAL = handoffs.c.practice.is_(sa.false())
"""Of no practice lead: part of every condition by which handoffs are listed or counted."""
IS_PRACTISED = handoffs.c.practice.is_(sa.true()) & IS_OFFERED
index("ix_handoffs_practised", handoffs.c.rep_id, where=IS_PRACTISED)
IS_OWNED_PRACTICE = handoffs.c.practice.is_(sa.true()) & IS_OWNED
index("ix_handoffs_owned_practice", handoffs.c.rep_id, where=IS_OWNED_PRACTICE)
index("ux_handoffs_offered", handoffs.c.lead_id, where=IS_OFFERED, unique=True)
index("ux_handoffs_owned", handoffs.c.lead_id, where=IS_OWNED, unique=True)
index("ix_handoffs_lead", handoffs.c.lead_id, handoffs.c.id)
index("ix_handoffs_waiting", handoffs.c.offered_at, handoffs.c.id, where=IS_OFFERED)
IS_DIRECT = handoffs.c.pool_channel.is_(None)
index("ix_handoffs_to_rep", handoffs.c.rep_id, handoffs.c.offered_at, handoffs.c.id, where=IS_OFFERED & IS_DIRECT)
index(
    "ix_handoffs_in_pool", handoffs.c.pool_channel, handoffs.c.offered_at, handoffs.c.id,
    where=IS_OFFERED & handoffs.c.pool_channel.is_not(None),
)  # fmt: skip
IS_IN_POOL_OF_TEAM = IS_OFFERED & handoffs.c.pool_channel.is_not(None) & handoffs.c.team_id.is_not(None)
index("ix_handoffs_in_pool_of_team", handoffs.c.team_id, handoffs.c.offered_at, handoffs.c.id, where=IS_IN_POOL_OF_TEAM)
# With `practice`, so that counting them reads no row: won and lost ones stay whose they were.
index("ix_handoffs_owned", handoffs.c.rep_id, handoffs.c.decided_at, handoffs.c.id, handoffs.c.practice, where=IS_OWNED)
index("ix_handoffs_owned_latest", handoffs.c.decided_at, handoffs.c.id, where=IS_OWNED)
index("ix_handoffs_day_offered", handoffs.c.rep_id, handoffs.c.offered_at)
index("ix_handoffs_day_decided", handoffs.c.decided_by, handoffs.c.decided_at)
# The numbers of a week, of everybody and of campaigns: read from an instant on.
IS_DECIDED = handoffs.c.decided_at.is_not(None)
index("ix_handoffs_since_offered", handoffs.c.offered_at)
index("ix_handoffs_since_decided", handoffs.c.decided_at, where=IS_DECIDED)
HAS_CAMPAIGN = handoffs.c.campaign_id.is_not(None)
index("ix_handoffs_campaign_offered", handoffs.c.campaign_id, handoffs.c.offered_at, where=HAS_CAMPAIGN)
index("ix_handoffs_campaign_decided", handoffs.c.campaign_id, handoffs.c.decided_at, where=HAS_CAMPAIGN)
index("ix_handoffs_campaign_waiting", handoffs.c.campaign_id, where=HAS_CAMPAIGN & IS_OFFERED)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("happened_at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id")),
    sa.Column("data", json_column(), nullable=False),
    # What joins the log lines of the payload it came from.
    sa.Column("correlation_id", sa.String(36)),
)
index("ix_events_lead", events.c.lead_id, events.c.happened_at, events.c.id, where=events.c.lead_id.is_not(None))

# All of a person's leads go to others, some at a time: what is still to be done after a kill.
reassignments = sa.Table(
    "reassignments",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("by_id", ID, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("for_id", ID, sa.ForeignKey("people.id")),
    *word("which", Which),
    sa.Column("to_rep_id", ID, sa.ForeignKey("people.id")),
    sa.Column("to_team_id", ID, sa.ForeignKey("teams.id")),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("newest_id", ID, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
)
IS_RUNNING = reassignments.c.finished_at.is_(None)
index("ux_reassignments_running", reassignments.c.person_id, where=IS_RUNNING, unique=True)
IS_FINISHED = reassignments.c.finished_at.is_not(None)
index("ix_reassignments_finished", reassignments.c.finished_at, where=IS_FINISHED)
