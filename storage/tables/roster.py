"""People, teams, who gets which lead, and what each person has set for themself."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.matching import Operator
from bot.domain.person import Side
from bot.domain.routing import Target
from storage.tables.columns import ID, index, metadata, word
from storage.types import UtcDateTime, json_column

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
    *word("side", Side),
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
index("ix_people_roster", people.c.name, where=ON_ROSTER)
HAS_HOME = people.c.home_opened_at.is_not(None)
index("ix_people_home", people.c.home_opened_at, where=HAS_HOME)
IS_ABSENT = people.c.email_key.is_not(None) & sa.or_(
    people.c.away_since.is_not(None),
    people.c.is_deleted.is_(sa.true()),
    people.c.is_guest.is_(sa.true()),
    people.c.is_stranger.is_(sa.true()),
    people.c.is_bot.is_(sa.true()),
    people.c.on_roster.is_(sa.false()),
)
"""Works with leads, or did, and is not there. Accounts that never were on the roster have no address here."""
index("ix_people_absent", people.c.id, where=IS_ABSENT)

HAS_DEPUTY = people.c.deputy_id.is_not(None)
index("ix_people_deputy", people.c.deputy_id, where=HAS_DEPUTY)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    *word("side", Side),
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
    *word("operator", Operator),
    sa.Column("value", sa.Text, nullable=False),
    *word("target", Target),
    sa.Column("target_id", ID, nullable=False),
)

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
