"""What became of accepted leads: outcomes, milestones, leaks."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.milestone import What
from bot.domain.outcome import Attempt
from bot.domain.outcome import Kind as OutcomeKind
from storage.tables.columns import ID, index, key_word, metadata, word
from storage.types import UtcDateTime

# What was logged about an accepted lead, in the order in which it was logged. An entry is never changed: a correction
# takes it out and puts another in its place.
outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id"), nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False),
    # The id of the first entry that stood in this place of the history: what orders it.
    sa.Column("place", ID, nullable=False),
    *word("kind", OutcomeKind),
    sa.Column("happened_at", UtcDateTime, nullable=False),
    sa.Column("logged_at", UtcDateTime, nullable=False),
    # The id of a person, or what stands for one (bot/domain/outcome.py).
    sa.Column("by", sa.Text, nullable=False),
    # The absent manager in whose place `by` logged it.
    sa.Column("for_id", ID, sa.ForeignKey("people.id")),
    *word("attempt", Attempt, nullable=True),
    sa.Column("reason", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("come_back_on", sa.Date),
    # Decimal digits: money is not a float.
    sa.Column("amount", sa.Text),
    sa.Column("currency", sa.Text),
    sa.Column("expected_close", sa.Date),
    sa.Column("note", sa.Text),
    # What other systems were told of it.
    sa.Column("event_id", ID),
    sa.Column("taken_out_at", UtcDateTime),
    sa.Column("taken_out_by", ID, sa.ForeignKey("people.id")),
    sa.CheckConstraint("(taken_out_at IS NULL) = (taken_out_by IS NULL)", name="taken_out_by_somebody"),
)
STANDS = outcomes.c.taken_out_at.is_(None)
"""Not taken out by a correction."""
index("ux_outcomes_place", outcomes.c.handoff_id, outcomes.c.place, where=STANDS, unique=True)
index("ix_outcomes_handoff", outcomes.c.handoff_id, outcomes.c.place, outcomes.c.id)
index("ix_outcomes_lead", outcomes.c.lead_id)
index("ix_outcomes_currency", outcomes.c.id, where=outcomes.c.currency.is_not(None))

# A campaign's first SQL and first win: once ever.
milestones = sa.Table(
    "milestones",
    metadata,
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id"), primary_key=True),
    *key_word("what", What),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False, index=True),
    # None: reached before anybody was told of such things.
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id"), index=True),
    sa.Column("rep_id", ID, sa.ForeignKey("people.id")),
    sa.Column("marketer_id", ID, sa.ForeignKey("people.id")),
    sa.Column("reached_at", UtcDateTime, nullable=False),
    sa.Column("corrected_at", UtcDateTime),
)

# Accepted leads that nobody tried to reach within their window: from when, until when.
leaks = sa.Table(
    "leaks",
    metadata,
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id"), primary_key=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False),
    sa.Column("rep_id", ID, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
)
LEAKS = leaks.c.ended_at.is_(None)
index("ix_leaks_rep", leaks.c.rep_id, leaks.c.since, where=LEAKS)
index("ix_leaks_since", leaks.c.since, leaks.c.handoff_id, where=LEAKS)
