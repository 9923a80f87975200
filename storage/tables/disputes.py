"""Marketing's answers to rejects, and disputes about them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.dispute import About, DisputeState, Ruling
from bot.domain.person import Side
from bot.domain.reject_answer import AnswerState, Asked
from storage.tables.columns import ID, index, is_one_of, is_word, metadata, word
from storage.types import UtcDateTime, json_column

# What marketing answers to each reject that counts against it.
reject_answers = sa.Table(
    "reject_answers",
    metadata,
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id"), primary_key=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False, index=True),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("asked_id", ID, sa.ForeignKey("people.id")),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    *word("asked", Asked),
    sa.Column("missed_at", UtcDateTime),
    *word("state", AnswerState),
    sa.Column("answered_by", ID, sa.ForeignKey("people.id")),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("said", sa.Text, nullable=False),
    *word("ruling", Ruling, nullable=True),
    sa.CheckConstraint("state = 'void' OR (state = 'waiting') = (answered_at IS NULL)", name="answered_has_instant"),
)
ANSWER_WAITS = is_word(reject_answers.c.state, AnswerState.WAITING)
index(
    "ix_reject_answers_asked", reject_answers.c.asked_id, reject_answers.c.asked_at, reject_answers.c.handoff_id,
    where=ANSWER_WAITS,
)  # fmt: skip
index("ix_reject_answers_waiting", reject_answers.c.asked_at, reject_answers.c.handoff_id, where=ANSWER_WAITS)
index("ix_reject_answers_answered", reject_answers.c.answered_at, where=reject_answers.c.answered_at.is_not(None))
index("ix_reject_answers_missed", reject_answers.c.missed_at, where=reject_answers.c.missed_at.is_not(None))

disputes = sa.Table(
    "disputes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    # The first of those that were raised together.
    sa.Column("case_id", ID, nullable=False),
    *word("about", About),
    # The rejected handoff, the campaign, or the word of a definition or a goal.
    sa.Column("subject_id", sa.String(64), nullable=False, index=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("raised_by", ID, sa.ForeignKey("people.id"), nullable=False),
    *word("side", Side),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("raised_at", UtcDateTime, nullable=False, index=True),
    sa.Column("against", ID, sa.ForeignKey("people.id")),
    sa.Column("sales_manager_id", ID, sa.ForeignKey("people.id")),
    sa.Column("marketing_manager_id", ID, sa.ForeignKey("people.id")),
    sa.Column("arbiter_id", ID, sa.ForeignKey("people.id")),
    sa.Column("to_arbiter_at", UtcDateTime),
    *word("state", DisputeState),
    sa.Column("opinions", json_column(), nullable=False),
    # Whether each side has given its opinion: what waits for whom is found by it.
    sa.Column("sales_said", sa.Boolean, nullable=False),
    sa.Column("marketing_said", sa.Boolean, nullable=False),
    *word("ruling", Ruling, nullable=True),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("decided_by", json_column(), nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.CheckConstraint("(state IN ('settled', 'ruled')) = (ruling IS NOT NULL)", name="decided_has_ruling"),
)
DISPUTE_IS_OPEN = is_one_of(disputes.c.state, (DisputeState.WITH_MANAGERS, DisputeState.WITH_ARBITER))
index("ix_disputes_open", disputes.c.raised_at, disputes.c.id, where=DISPUTE_IS_OPEN)
# A reject is disputed once.
index("ux_disputes_reject", disputes.c.subject_id, where=is_word(disputes.c.about, About.REJECT), unique=True)
index("ix_disputes_case", disputes.c.case_id, disputes.c.id)
index("ix_disputes_lead", disputes.c.lead_id, disputes.c.id, where=disputes.c.lead_id.is_not(None))
index("ix_disputes_raised_by", disputes.c.raised_by, disputes.c.raised_at, disputes.c.id)
HAS_RULING = disputes.c.ruling.is_not(None)
index("ix_disputes_decided", disputes.c.decided_at, where=HAS_RULING)
