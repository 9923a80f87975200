"""Timers, the countdowns of agreed windows, and what is at risk."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.countdown import CountdownKind, Result
from bot.domain.ladder import Step
from bot.domain.post import TimerKind
from storage.tables.columns import ID, index, is_word, metadata, word
from storage.types import UtcDateTime

timers = sa.Table(
    "timers",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *word("kind", TimerKind),
    sa.Column("subject_id", sa.Text, nullable=False, index=True),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.UniqueConstraint("kind", "subject_id"),
)
index("ix_timers_due", timers.c.due_at, timers.c.id)
IS_UNROUTED = is_word(timers.c.kind, TimerKind.UNROUTED)
index("ix_timers_unrouted", timers.c.due_at, timers.c.id, where=IS_UNROUTED)

# The windows of the agreement that run, and how those that ran ended.
countdowns = sa.Table(
    "countdowns",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *word("kind", CountdownKind),
    sa.Column("subject_id", ID, nullable=False),
    sa.Column("agreement_id", ID, sa.ForeignKey("agreements.id"), nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("owner_id", ID, sa.ForeignKey("people.id")),
    sa.Column("team_id", ID, sa.ForeignKey("teams.id")),
    # Seconds and microseconds of working time.
    sa.Column("window_s", sa.Integer, nullable=False),
    sa.Column("counted_us", sa.BigInteger, nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime),
    *word("step", Step, nullable=True),
    sa.Column("snoozed_until", UtcDateTime),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    *word("result", Result, nullable=True),
    sa.UniqueConstraint("kind", "subject_id"),
    sa.CheckConstraint("(ended_at IS NULL) = (result IS NULL)", name="end_has_result"),
)
RUNS = countdowns.c.ended_at.is_(None)
index("ix_countdowns_owner", countdowns.c.owner_id, countdowns.c.due_at, where=RUNS)
index("ix_countdowns_team", countdowns.c.team_id, countdowns.c.due_at, where=RUNS & countdowns.c.owner_id.is_(None))
index("ix_countdowns_agreement", countdowns.c.agreement_id, countdowns.c.id, where=RUNS)
index("ix_countdowns_lead", countdowns.c.lead_id, where=countdowns.c.lead_id.is_not(None))
NOTE_WINDOW_MISSED = is_word(countdowns.c.kind, CountdownKind.ANSWER_NOTE) & is_word(countdowns.c.result, Result.MISSED)
index("ix_countdowns_notes_missed", countdowns.c.ended_at, where=NOTE_WINDOW_MISSED)

# What stands in the message of each manager about what is at risk just now.
at_risk = sa.Table(
    "at_risk",
    metadata,
    sa.Column("manager_id", ID, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("countdown_id", ID, sa.ForeignKey("countdowns.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("joined_at", UtcDateTime, nullable=False),
)
index("ix_at_risk_countdown", at_risk.c.countdown_id)
