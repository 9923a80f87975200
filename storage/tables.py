"""Every table. A domain dataclass is a row; the few columns beside it are explained where they stand.

Constraints are named, so that a migration can find them. Enumerations are text with a CHECK. Conditions that
partial indexes stand on are written with literals, here and in the queries: neither database can see that a
parameter fulfils the condition of an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.domain.brief import Why
from bot.domain.budget import Kind
from bot.domain.campaign_alert import AlertState
from bot.domain.countdown import CountdownKind, Result
from bot.domain.digest import DigestKind, DigestState
from bot.domain.dispute import About, DisputeState, Ruling
from bot.domain.handoff import End, Opened, Status
from bot.domain.ladder import Rung, Step
from bot.domain.lead import Priority, Stage
from bot.domain.matching import Operator
from bot.domain.milestone import What
from bot.domain.note import OPEN_STATES, NoteKind, NoteState
from bot.domain.outcome import Attempt
from bot.domain.outcome import Kind as OutcomeKind
from bot.domain.person import Side
from bot.domain.post import OutboxKind, OutboxStatus, PostRole, Subject, TimerKind
from bot.domain.reassignment import Which
from bot.domain.reject_answer import AnswerState, Asked
from bot.domain.routing import Target
from bot.domain.search import Found
from bot.domain.signing import State, Wish
from storage.types import UtcDateTime, Word, Words, json_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)

ID = sa.String(36)


def is_word(column: sa.Column[Any], word: StrEnum) -> sa.ColumnElement[bool]:
    """`column = 'word'`, as a literal."""
    return column == sa.literal_column(f"'{word.value}'")


def is_one_of(column: sa.Column[Any], words: Sequence[StrEnum]) -> sa.ColumnElement[bool]:
    """`column IN ('word', ...)`, as literals."""
    return column.in_([sa.literal_column(f"'{word.value}'") for word in words])


def as_text(column: sa.Column[Any]) -> sa.Label[str]:
    """A JSON column as its text, not yet read."""
    return sa.cast(column, sa.Text).label(column.name)


def _word(name: str, words: type[StrEnum], *, nullable: bool = False) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    listed = ", ".join(f"'{word.value}'" for word in words)
    column: sa.Column[Any] = sa.Column(name, Word(words), nullable=nullable)
    return column, sa.CheckConstraint(f'"{name}" IN ({listed})', name=name)


def _key_word(name: str, words: type[StrEnum]) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    """As _word, part of the primary key."""
    column, check = _word(name, words)
    column.primary_key = True
    return column, check


def _index(name: str, *columns: Any, where: sa.ColumnElement[bool] | None = None, unique: bool = False) -> sa.Index:
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


people = sa.Table(
    "people",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("slack_id", sa.Text, unique=True),
    sa.Column("email", sa.Text),
    # What is compared: the normalised address.
    sa.Column("email_key", sa.Text, index=True),
    sa.Column("title", sa.Text, nullable=False),
    *_word("side", Side),
    sa.Column("roles", json_column(), nullable=False),
    sa.Column("manager_id", ID, sa.ForeignKey("people.id")),
    sa.Column("deputy_id", ID, sa.ForeignKey("people.id")),
    sa.Column("tz", sa.Text, nullable=False),
    sa.Column("tz_follows_slack", sa.Boolean, nullable=False),
    sa.Column("hours", json_column()),
    sa.Column("days_off", json_column(), nullable=False),
    sa.Column("country", sa.Text),
    sa.Column("subdivision", sa.Text),
    sa.Column("weight", sa.Integer, nullable=False),
    sa.Column("cap", sa.Integer),
    sa.Column("away_since", UtcDateTime),
    sa.Column("away_until", UtcDateTime),
    sa.Column("is_bot", sa.Boolean, nullable=False),
    sa.Column("is_guest", sa.Boolean, nullable=False),
    sa.Column("is_stranger", sa.Boolean, nullable=False),
    sa.Column("is_deleted", sa.Boolean, nullable=False),
    sa.Column("runs_workspace", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("checked_at", UtcDateTime),
    sa.Column("on_roster", sa.Boolean, nullable=False),
    sa.Column("home_opened_at", UtcDateTime),
    # At most one welcome a person, ever.
    sa.Column("welcomed_at", UtcDateTime),
)
# A workspace has thousands of accounts, a roster some dozens: "WHERE on_roster" must not read them all.
ON_ROSTER = people.c.on_roster.is_(sa.true())
_index("ix_people_roster", people.c.name, where=ON_ROSTER)
HAS_HOME = people.c.home_opened_at.is_not(None)
_index("ix_people_home", people.c.home_opened_at, where=HAS_HOME)
IS_ABSENT = people.c.email_key.is_not(None) & sa.or_(
    people.c.away_since.is_not(None),
    people.c.is_deleted.is_(sa.true()),
    people.c.is_guest.is_(sa.true()),
    people.c.is_stranger.is_(sa.true()),
    people.c.is_bot.is_(sa.true()),
    people.c.on_roster.is_(sa.false()),
)
"""Works with leads, or did, and is not there. Accounts that never were on the roster have no address here."""
_index("ix_people_absent", people.c.id, where=IS_ABSENT)

HAS_DEPUTY = people.c.deputy_id.is_not(None)
_index("ix_people_deputy", people.c.deputy_id, where=HAS_DEPUTY)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    *_word("side", Side),
    sa.Column("pool_channel", sa.Text, index=True),
    sa.Column("mirror_channel", sa.Text),
    sa.Column("removed_at", UtcDateTime),
    sa.Column("tz", sa.Text),
    sa.Column("hours", json_column()),
    sa.Column("days_off", json_column(), nullable=False, server_default="[]"),
    sa.Column("country", sa.Text),
    sa.Column("subdivision", sa.Text),
)

team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("team_id", ID, sa.ForeignKey("teams.id"), primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), primary_key=True, index=True),
    sa.Column("weight", sa.Integer, nullable=False),
    sa.Column("credit", sa.Integer, nullable=False),
)

routing_rules = sa.Table(
    "routing_rules",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    *_word("operator", Operator),
    sa.Column("value", sa.Text, nullable=False),
    *_word("target", Target),
    sa.Column("target_id", ID, nullable=False),
)

settings = sa.Table(
    "settings",
    metadata,
    # The name of a field of bot.domain.config.Config.
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", json_column(), nullable=False),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secrets", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

agreements = sa.Table(
    "agreements",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False, unique=True),
    # Terms and document (its words) never change: handoffs that run under a version refer to it.
    sa.Column("terms", json_column(), nullable=False),
    # None: as shipped.
    sa.Column("document", json_column()),
    # Null: it is not to come into force (yet).
    sa.Column("in_force_from", UtcDateTime, index=True),
    # Where its signing stands; all null for what was never proposed.
    *_word("state", State, nullable=True),
    sa.Column("proposed_by", ID, sa.ForeignKey("people.id")),
    sa.Column("proposed_at", UtcDateTime),
    sa.Column("from_at", UtcDateTime),
    sa.Column("signatures", json_column()),
    sa.Column("replies", json_column()),
    sa.Column("ended_at", UtcDateTime),
    *_word("wish", Wish, nullable=True),
    sa.Column("wished", json_column()),
    sa.Column("review_at", UtcDateTime),
)
AWAITED = is_one_of(agreements.c.state, (State.PROPOSED, State.SIGNED))
"""Waits for signatures, or for its instant."""
_index("ix_agreements_pending", agreements.c.version, where=AWAITED)

# What one person has changed and not proposed yet: one draft each.
agreement_drafts = sa.Table(
    "agreement_drafts",
    metadata,
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), primary_key=True),
    # The proposal it answers; null: it changes the version in force.
    sa.Column("answers_id", ID, sa.ForeignKey("agreements.id")),
    # The sections it changes, in the shape of the agreement's file.
    sa.Column("sections", json_column(), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
)

campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner_id", ID, sa.ForeignKey("people.id")),
    sa.Column("created_at", UtcDateTime, nullable=False),
)
_index("ix_campaigns_owner", campaigns.c.owner_id, campaigns.c.key, where=campaigns.c.owner_id.is_not(None))

leads = sa.Table(
    "leads",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("email_normalised", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("company", sa.Text),
    # Company and name without case: what `similar` compares.
    sa.Column("who_key", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("phone_e164", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id")),
    sa.Column("campaign_key", sa.Text),
    sa.Column("score", sa.Double),
    sa.Column("touches", sa.BigInteger),
    sa.Column("engaged_at", UtcDateTime),
    *_word("priority", Priority),
    sa.Column("summary", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("fields", json_column(), nullable=False),
    *_word("stage", Stage),
    sa.Column("recycle_at", UtcDateTime),
    sa.Column("merged_into", ID, sa.ForeignKey("leads.id")),
    sa.Column("below_at", UtcDateTime),
    sa.Column("erased_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("practice", sa.Boolean, nullable=False, server_default=sa.false()),
    # Whose accepted and unended handoff this lead has: kept by storage/handoffs.py, so that counting what a
    # person holds costs what they hold, not what they ever held.
    sa.Column("owner_id", ID, sa.ForeignKey("people.id")),
    *_word("rung", Rung, nullable=True),
)
IS_WORKED = is_one_of(leads.c.stage, (Stage.MQL, Stage.SAL))
"""Still being worked: counts against the cap of whoever holds it."""
NOT_MERGED = leads.c.merged_into.is_(None)
IS_REAL_LEAD = leads.c.practice.is_(sa.false())
"""No practice lead: part of every condition by which leads are found, listed or counted."""
IS_BELOW = leads.c.below_at.is_not(None) & IS_REAL_LEAD
_index("ix_leads_below", leads.c.below_at, where=IS_BELOW)
_index("ix_leads_worked", leads.c.owner_id, where=leads.c.owner_id.is_not(None) & IS_WORKED)
_index("ix_leads_email", leads.c.email_normalised, leads.c.id, where=NOT_MERGED)
_index("ix_leads_source", leads.c.source, leads.c.created_at, where=IS_REAL_LEAD)
_index("ix_leads_merged", leads.c.merged_into, where=leads.c.merged_into.is_not(None))
IS_PARKED_LEAD = (
    is_word(leads.c.rung, Rung.PARKED)
    & is_one_of(leads.c.stage, (Stage.MQL, Stage.SQL, Stage.OPPORTUNITY))
    & leads.c.owner_id.is_(None)
)
"""At the end of the ladder, and not closed since, nor somebody's by the CRM's word."""
_index("ix_leads_parked", leads.c.updated_at, leads.c.id, where=IS_PARKED_LEAD)
_index("ix_leads_who", leads.c.who_key, leads.c.id, where=NOT_MERGED)

lead_keys = sa.Table(
    "lead_keys",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("external_id", sa.Text, primary_key=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False, index=True),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False),
    # Its terms are that version's: they never change.
    sa.Column("agreement_id", ID, sa.ForeignKey("agreements.id"), nullable=False),
    *_word("status", Status),
    *_word("opened", Opened),
    sa.Column("rep_id", ID, sa.ForeignKey("people.id")),
    sa.Column("team_id", ID, sa.ForeignKey("teams.id")),
    sa.Column("pool_channel", sa.Text),
    *_word("priority", Priority),
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
    *_word("end", End, nullable=True),
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
_index("ix_handoffs_practised", handoffs.c.rep_id, where=IS_PRACTISED)
IS_OWNED_PRACTICE = handoffs.c.practice.is_(sa.true()) & IS_OWNED
_index("ix_handoffs_owned_practice", handoffs.c.rep_id, where=IS_OWNED_PRACTICE)
_index("ux_handoffs_offered", handoffs.c.lead_id, where=IS_OFFERED, unique=True)
_index("ux_handoffs_owned", handoffs.c.lead_id, where=IS_OWNED, unique=True)
_index("ix_handoffs_lead", handoffs.c.lead_id, handoffs.c.id)
_index("ix_handoffs_waiting", handoffs.c.offered_at, handoffs.c.id, where=IS_OFFERED)
IS_DIRECT = handoffs.c.pool_channel.is_(None)
_index("ix_handoffs_to_rep", handoffs.c.rep_id, handoffs.c.offered_at, handoffs.c.id, where=IS_OFFERED & IS_DIRECT)
_index(
    "ix_handoffs_in_pool", handoffs.c.pool_channel, handoffs.c.offered_at, handoffs.c.id,
    where=IS_OFFERED & handoffs.c.pool_channel.is_not(None),
)  # fmt: skip
IS_IN_POOL_OF_TEAM = IS_OFFERED & handoffs.c.pool_channel.is_not(None) & handoffs.c.team_id.is_not(None)
_index(
    "ix_handoffs_in_pool_of_team", handoffs.c.team_id, handoffs.c.offered_at, handoffs.c.id, where=IS_IN_POOL_OF_TEAM
)
# With `practice`, so that counting them reads no row: won and lost ones stay whose they were.
_index(
    "ix_handoffs_owned", handoffs.c.rep_id, handoffs.c.decided_at, handoffs.c.id, handoffs.c.practice, where=IS_OWNED
)
_index("ix_handoffs_owned_latest", handoffs.c.decided_at, handoffs.c.id, where=IS_OWNED)
_index("ix_handoffs_day_offered", handoffs.c.rep_id, handoffs.c.offered_at)
_index("ix_handoffs_day_decided", handoffs.c.decided_by, handoffs.c.decided_at)
# The numbers of a week, of everybody and of campaigns: read from an instant on.
IS_DECIDED = handoffs.c.decided_at.is_not(None)
_index("ix_handoffs_since_offered", handoffs.c.offered_at)
_index("ix_handoffs_since_decided", handoffs.c.decided_at, where=IS_DECIDED)
HAS_CAMPAIGN = handoffs.c.campaign_id.is_not(None)
_index("ix_handoffs_campaign_offered", handoffs.c.campaign_id, handoffs.c.offered_at, where=HAS_CAMPAIGN)
_index("ix_handoffs_campaign_decided", handoffs.c.campaign_id, handoffs.c.decided_at, where=HAS_CAMPAIGN)
_index("ix_handoffs_campaign_waiting", handoffs.c.campaign_id, where=HAS_CAMPAIGN & IS_OFFERED)

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
_index("ix_events_lead", events.c.lead_id, events.c.happened_at, events.c.id, where=events.c.lead_id.is_not(None))

timers = sa.Table(
    "timers",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *_word("kind", TimerKind),
    sa.Column("subject_id", sa.Text, nullable=False, index=True),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.UniqueConstraint("kind", "subject_id"),
)
_index("ix_timers_due", timers.c.due_at, timers.c.id)
IS_UNROUTED = is_word(timers.c.kind, TimerKind.UNROUTED)
_index("ix_timers_unrouted", timers.c.due_at, timers.c.id, where=IS_UNROUTED)

# The windows of the agreement that run, and how those that ran ended.
countdowns = sa.Table(
    "countdowns",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *_word("kind", CountdownKind),
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
    *_word("step", Step, nullable=True),
    sa.Column("snoozed_until", UtcDateTime),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    *_word("result", Result, nullable=True),
    sa.UniqueConstraint("kind", "subject_id"),
    sa.CheckConstraint("(ended_at IS NULL) = (result IS NULL)", name="end_has_result"),
)
RUNS = countdowns.c.ended_at.is_(None)
_index("ix_countdowns_owner", countdowns.c.owner_id, countdowns.c.due_at, where=RUNS)
_index("ix_countdowns_team", countdowns.c.team_id, countdowns.c.due_at, where=RUNS & countdowns.c.owner_id.is_(None))
_index("ix_countdowns_agreement", countdowns.c.agreement_id, countdowns.c.id, where=RUNS)
_index("ix_countdowns_lead", countdowns.c.lead_id, where=countdowns.c.lead_id.is_not(None))
NOTE_WINDOW_MISSED = is_word(countdowns.c.kind, CountdownKind.ANSWER_NOTE) & is_word(countdowns.c.result, Result.MISSED)
_index("ix_countdowns_notes_missed", countdowns.c.ended_at, where=NOTE_WINDOW_MISSED)

# What stands in the message of each manager about what is at risk just now.
at_risk = sa.Table(
    "at_risk",
    metadata,
    sa.Column("manager_id", ID, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("countdown_id", ID, sa.ForeignKey("countdowns.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("joined_at", UtcDateTime, nullable=False),
)
_index("ix_at_risk_countdown", at_risk.c.countdown_id)

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
    *_word("kind", OutcomeKind),
    sa.Column("happened_at", UtcDateTime, nullable=False),
    sa.Column("logged_at", UtcDateTime, nullable=False),
    # The id of a person, or what stands for one (bot/domain/outcome.py).
    sa.Column("by", sa.Text, nullable=False),
    # The absent manager in whose place `by` logged it.
    sa.Column("for_id", ID, sa.ForeignKey("people.id")),
    *_word("attempt", Attempt, nullable=True),
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
_index("ux_outcomes_place", outcomes.c.handoff_id, outcomes.c.place, where=STANDS, unique=True)
_index("ix_outcomes_handoff", outcomes.c.handoff_id, outcomes.c.place, outcomes.c.id)
_index("ix_outcomes_lead", outcomes.c.lead_id)
_index("ix_outcomes_currency", outcomes.c.id, where=outcomes.c.currency.is_not(None))

# A campaign's first SQL and first win: once ever.
milestones = sa.Table(
    "milestones",
    metadata,
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id"), primary_key=True),
    *_key_word("what", What),
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
_index("ix_leaks_rep", leaks.c.rep_id, leaks.c.since, where=LEAKS)
_index("ix_leaks_since", leaks.c.since, leaks.c.handoff_id, where=LEAKS)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *_word("subject", Subject),
    sa.Column("subject_id", ID, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), index=True),
    sa.Column("place", sa.Text, nullable=False),
    *_word("role", PostRole),
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
_index("ix_posts_thread", posts.c.thread_of, posts.c.id, where=IN_THREAD)
_index("ix_posts_listed", posts.c.listed_in, where=posts.c.listed_in.is_not(None))
IS_CARD = is_word(posts.c.subject, Subject.HANDOFF) & posts.c.listed_in.is_(None)
_index("ix_posts_cards", posts.c.place, posts.c.posted_at, where=IS_CARD & posts.c.posted_at.is_not(None))
# Still to be shown, or once something is mended.
IS_TO_COME = posts.c.posted_at.is_(None) & (posts.c.gone.is_(None) | posts.c.waits.is_(sa.true()))
_index("ix_posts_cards_to_come", posts.c.place, posts.c.created_at, where=IS_CARD & IS_TO_COME)
IS_SUMMARY = is_word(posts.c.subject, Subject.SUMMARY)
_index("ix_posts_summaries", posts.c.place, posts.c.created_at, where=IS_SUMMARY)
_index("ix_posts_subject", posts.c.subject_id, posts.c.subject)
_index("ix_posts_message", posts.c.channel, posts.c.ts, where=posts.c.ts.is_not(None))
WAITS = posts.c.waits.is_(sa.true())
_index("ix_posts_waiting", posts.c.place, posts.c.id, where=WAITS)
IS_PRIMARY = (
    is_word(posts.c.subject, Subject.HANDOFF) & is_word(posts.c.role, PostRole.PRIMARY) & posts.c.gone.is_(None)
)
# P3: one card with the decision buttons.
_index("ux_posts_primary", posts.c.subject_id, where=IS_PRIMARY, unique=True)

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
_index("ix_lanes_next", lanes.c.next_at, lanes.c.name, where=lanes.c.next_at.is_not(None))

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *_word("kind", OutboxKind),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    *_word("status", OutboxStatus),
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
_index("ux_outbox_pending", outbox.c.kind, outbox.c.subject_id, where=IS_PENDING, unique=True)
_index("ix_outbox_lane", outbox.c.lane, outbox.c.id, where=IS_UNDONE)
_index("ix_outbox_unresolved", outbox.c.lane, outbox.c.id, where=IS_UNRESOLVED)
_index("ix_outbox_parked", outbox.c.id, where=IS_PARKED)
_index("ix_outbox_parked_subject", outbox.c.subject_id, where=IS_PARKED)
_index("ix_outbox_sent", outbox.c.created_at, where=IS_SENT)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("seen_at", UtcDateTime, nullable=False, index=True),
    sa.Column("answer", json_column()),
)

# What the CRM says of a lead beside the lead itself, and when each field was last said.
lead_facts = sa.Table(
    "lead_facts",
    metadata,
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), primary_key=True),
    sa.Column("clocks", json_column(), nullable=False),
    *_word("stage", Stage, nullable=True),
    sa.Column("stage_at", UtcDateTime),
    # Decimal digits as they were sent: money is not a float.
    sa.Column("amount", sa.Text),
    sa.Column("currency", sa.Text),
    sa.Column("lost_reason", sa.Text),
    sa.Column("owner_email", sa.Text),
    sa.Column("owner_at", UtcDateTime),
    sa.Column("last_activity_at", UtcDateTime),
)

# News of leads that nobody handed over yet: heard again when the lead comes.
waiting_news = sa.Table(
    "waiting_news",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("data", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    # The keyed digest of the address it names: whoever has it may ask to be erased.
    sa.Column("address", sa.Text),
)
_index("ix_waiting_news_address", waiting_news.c.address, where=waiting_news.c.address.is_not(None))
_index("ix_waiting_news_key", waiting_news.c.source, waiting_news.c.external_id, waiting_news.c.id)

# Keys and addresses of people who were erased, as keyed digests: nothing of them comes back by a late message.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("erased_at", UtcDateTime, nullable=False),
)

# What this installation remembers of itself: random values, made when first needed; when it was at work.
installation = sa.Table(
    "installation",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# Systems that are told of every decision.
targets = sa.Table(
    "targets",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secrets", json_column(), nullable=False),
    sa.Column("events", json_column(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
    sa.Column("disabled_why", sa.Text),
)

# What they are told; the same bytes at every attempt.
announcements = sa.Table(
    "announcements",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)

# All of a person's leads go to others, some at a time: what is still to be done after a kill.
reassignments = sa.Table(
    "reassignments",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("by_id", ID, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("for_id", ID, sa.ForeignKey("people.id")),
    *_word("which", Which),
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
_index("ux_reassignments_running", reassignments.c.person_id, where=IS_RUNNING, unique=True)
IS_FINISHED = reassignments.c.finished_at.is_not(None)
_index("ix_reassignments_finished", reassignments.c.finished_at, where=IS_FINISHED)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("undone_at", UtcDateTime),
)

# Each row of a file that was taken: the same row again changes nothing.
import_rows = sa.Table(
    "import_rows",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("import_id", sa.String(64), sa.ForeignKey("imports.id"), nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), index=True),
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id")),
    sa.Column("verdict", sa.Text, nullable=False),
)
_index("ix_import_rows_import", import_rows.c.import_id, import_rows.c.digest)

# What each person decided for themselves: how kinds are said, and when and where their brief comes.
person_settings = sa.Table(
    "person_settings",
    metadata,
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("kinds", json_column(), nullable=False),
    # Local time, HH:MM.
    sa.Column("brief_at", sa.Text),
    sa.Column("channel", sa.Text),
)

briefs = sa.Table(
    "briefs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *_word("why", Why),
    # The reader's local date, ISO: it orders like the dates.
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)
OF_MORNING = is_word(briefs.c.why, Why.MORNING)
# P5: one a person and local day.
_index("ux_briefs_day", briefs.c.person_id, briefs.c.day, where=OF_MORNING, unique=True)

brief_items = sa.Table(
    "brief_items",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *_word("kind", Kind),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("data", json_column(), nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("brief_id", ID, sa.ForeignKey("briefs.id")),
)
WAITS_FOR_BRIEF = brief_items.c.brief_id.is_(None)
_index(
    "ux_brief_items_waiting", brief_items.c.person_id, brief_items.c.kind, brief_items.c.subject_id,
    where=WAITS_FOR_BRIEF, unique=True,
)  # fmt: skip
_index(
    "ix_brief_items_brief", brief_items.c.brief_id, brief_items.c.kind, brief_items.c.id,
    where=brief_items.c.brief_id.is_not(None),
)  # fmt: skip
_index("ix_brief_items_lead", brief_items.c.lead_id, where=brief_items.c.lead_id.is_not(None))

# Which leads stood in briefs that are forgotten, whose messages still stand in Slack.
brief_leads = sa.Table(
    "brief_leads",
    metadata,
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), primary_key=True),
    sa.Column("brief_id", ID, primary_key=True),
)

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
    *_word("asked", Asked),
    sa.Column("missed_at", UtcDateTime),
    *_word("state", AnswerState),
    sa.Column("answered_by", ID, sa.ForeignKey("people.id")),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("said", sa.Text, nullable=False),
    *_word("ruling", Ruling, nullable=True),
    sa.CheckConstraint("state = 'void' OR (state = 'waiting') = (answered_at IS NULL)", name="answered_has_instant"),
)
ANSWER_WAITS = is_word(reject_answers.c.state, AnswerState.WAITING)
_index(
    "ix_reject_answers_asked", reject_answers.c.asked_id, reject_answers.c.asked_at, reject_answers.c.handoff_id,
    where=ANSWER_WAITS,
)  # fmt: skip
_index("ix_reject_answers_waiting", reject_answers.c.asked_at, reject_answers.c.handoff_id, where=ANSWER_WAITS)
_index("ix_reject_answers_answered", reject_answers.c.answered_at, where=reject_answers.c.answered_at.is_not(None))
_index("ix_reject_answers_missed", reject_answers.c.missed_at, where=reject_answers.c.missed_at.is_not(None))

disputes = sa.Table(
    "disputes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    # The first of those that were raised together.
    sa.Column("case_id", ID, nullable=False),
    *_word("about", About),
    # The rejected handoff, the campaign, or the word of a definition or a goal.
    sa.Column("subject_id", sa.String(64), nullable=False, index=True),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id")),
    sa.Column("raised_by", ID, sa.ForeignKey("people.id"), nullable=False),
    *_word("side", Side),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("raised_at", UtcDateTime, nullable=False, index=True),
    sa.Column("against", ID, sa.ForeignKey("people.id")),
    sa.Column("sales_manager_id", ID, sa.ForeignKey("people.id")),
    sa.Column("marketing_manager_id", ID, sa.ForeignKey("people.id")),
    sa.Column("arbiter_id", ID, sa.ForeignKey("people.id")),
    sa.Column("to_arbiter_at", UtcDateTime),
    *_word("state", DisputeState),
    sa.Column("opinions", json_column(), nullable=False),
    # Whether each side has given its opinion: what waits for whom is found by it.
    sa.Column("sales_said", sa.Boolean, nullable=False),
    sa.Column("marketing_said", sa.Boolean, nullable=False),
    *_word("ruling", Ruling, nullable=True),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("decided_by", json_column(), nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.CheckConstraint("(state IN ('settled', 'ruled')) = (ruling IS NOT NULL)", name="decided_has_ruling"),
)
DISPUTE_IS_OPEN = is_one_of(disputes.c.state, (DisputeState.WITH_MANAGERS, DisputeState.WITH_ARBITER))
_index("ix_disputes_open", disputes.c.raised_at, disputes.c.id, where=DISPUTE_IS_OPEN)
# A reject is disputed once.
_index("ux_disputes_reject", disputes.c.subject_id, where=is_word(disputes.c.about, About.REJECT), unique=True)
_index("ix_disputes_case", disputes.c.case_id, disputes.c.id)
_index("ix_disputes_lead", disputes.c.lead_id, disputes.c.id, where=disputes.c.lead_id.is_not(None))
_index("ix_disputes_raised_by", disputes.c.raised_by, disputes.c.raised_at, disputes.c.id)
HAS_RULING = disputes.c.ruling.is_not(None)
_index("ix_disputes_decided", disputes.c.decided_at, where=HAS_RULING)

# Notes that say the same; the counts are kept with each change of a note, so that lists cost the same for ever.
themes = sa.Table(
    "themes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    *_word("kind", NoteKind),
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
_index("ix_themes_waiting", themes.c.waits_since, themes.c.id, where=THEME_IS_OPEN)
_index("ix_themes_people", themes.c.people, themes.c.id, where=THEME_IS_OPEN)
_index("ix_themes_last_at", themes.c.last_at, themes.c.id)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("theme_id", ID, sa.ForeignKey("themes.id"), nullable=False),
    sa.Column("author_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *_word("kind", NoteKind),
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
    *_word("state", NoteState),
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
_index("ix_notes_theme", notes.c.theme_id, notes.c.id)
_index("ix_notes_author", notes.c.author_id, notes.c.created_at, notes.c.id, where=NOTE_STANDS)
_index("ix_notes_open", notes.c.created_at, notes.c.id, where=NOTE_IS_OPEN)
# With what digests count, so that they read no text of any note but those they show.
_index(
    "ix_notes_created", notes.c.created_at, notes.c.id, notes.c.kind, notes.c.theme_id, notes.c.author_id,
    notes.c.managers_only, notes.c.campaign_id, where=NOTE_STANDS,
)  # fmt: skip
_index(
    "ix_notes_state_at", notes.c.state_at, notes.c.id, notes.c.state, notes.c.theme_id, notes.c.author_id,
    notes.c.managers_only, notes.c.campaign_id, notes.c.created_at, where=NOTE_STANDS & notes.c.state_at.is_not(None),
)  # fmt: skip
_index("ix_notes_lead", notes.c.lead_id, where=notes.c.lead_id.is_not(None))
_index("ix_notes_campaign", notes.c.campaign_id, notes.c.created_at, notes.c.id, where=notes.c.campaign_id.is_not(None))
_index("ix_notes_alert", notes.c.alert_id, notes.c.created_at, where=notes.c.alert_id.is_not(None))

campaign_alerts = sa.Table(
    "campaign_alerts",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("campaign_id", ID, sa.ForeignKey("campaigns.id"), nullable=False),
    sa.Column("owner_id", ID, sa.ForeignKey("people.id"), nullable=False),
    *_word("state", AlertState),
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
_index("ix_campaign_alerts_to_come", campaign_alerts.c.starts_at, campaign_alerts.c.id, where=ALERT_IS_TO_COME)
_index("ix_campaign_alerts_campaign", campaign_alerts.c.campaign_id, campaign_alerts.c.id)
_index("ix_campaign_alerts_owner", campaign_alerts.c.owner_id, campaign_alerts.c.starts_at, campaign_alerts.c.id)
_index("ix_campaign_alerts_told", campaign_alerts.c.told_at, where=campaign_alerts.c.told_at.is_not(None))
_index("ix_campaign_alerts_ended", campaign_alerts.c.ended_at, where=campaign_alerts.c.ended_at.is_not(None))

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
_index(
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

digest_schedules = sa.Table(
    "digest_schedules",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    *_word("kind", DigestKind),
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
_index("ux_digest_schedules_name", digest_schedules.c.name, where=digest_schedules.c.removed_at.is_(None), unique=True)

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("schedule_id", ID, sa.ForeignKey("digest_schedules.id"), nullable=False),
    # A local date. P5: one a schedule and period. NULL: an extra one, of no period.
    sa.Column("period", sa.Date),
    *_word("state", DigestState),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("from_at", UtcDateTime, nullable=False),
    sa.Column("until_at", UtcDateTime, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("late_s", sa.Integer),
    sa.Column("sent_by", ID, sa.ForeignKey("people.id")),
    sa.UniqueConstraint("schedule_id", "period"),
    sa.CheckConstraint("(period IS NULL) = (sent_by IS NOT NULL)", name="extra"),
)
_index("ix_digests_due", digests.c.schedule_id, digests.c.due_at)

# What can be found. The full text of its `words` is not described here: migration 0006 makes "search_words", on
# PostgreSQL an index, on SQLite a table of FTS5 with triggers that keep it true. See storage/search.py.
search_entries = sa.Table(
    "search_entries",
    metadata,
    # The newest has the greatest.
    sa.Column("place", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True),
    *_word("kind", Found),
    # A link's is that of its alert with its place there.
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # Who may find it, as words that are among `words`, too.
    sa.Column("seen_by", sa.Text, nullable=False),
    sa.Column("words", Words, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("author_id", ID),
    # Whose link or question it is.
    sa.Column("alert_id", ID),
    sa.UniqueConstraint("kind", "subject_id"),
)
_index("ix_search_entries_alert", search_entries.c.alert_id, where=search_entries.c.alert_id.is_not(None))

# Which themes a digest showed: when a note in one is taken back or erased, it is gone from these digests.
digest_themes = sa.Table(
    "digest_themes",
    metadata,
    sa.Column("theme_id", ID, sa.ForeignKey("themes.id"), primary_key=True),
    sa.Column("digest_id", ID, sa.ForeignKey("digests.id"), primary_key=True),
)
_index("ix_digest_themes_digest", digest_themes.c.digest_id)
