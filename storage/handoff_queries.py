"""The statements about handoffs, made once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain.countdown import CountdownKind
from bot.domain.dispute import Ruling
from bot.domain.handoff import End, Status
from bot.domain.lead import Priority
from storage.leads import LEAD_COLUMNS
from storage.rows import given, update_of
from storage.tables.clock import countdowns
from storage.tables.columns import is_one_of, is_word
from storage.tables.disputes import reject_answers
from storage.tables.handoffs import (
    IS_DIRECT,
    IS_IN_POOL_OF_TEAM,
    IS_OFFERED,
    IS_OWNED,
    IS_OWNED_PRACTICE,
    IS_PRACTISED,
    IS_REAL,
    handoffs,
)
from storage.tables.leads import IS_REAL_LEAD, IS_WORKED, leads
from storage.tables.posts import posts

NAMES = tuple(column.name for column in handoffs.c)
WIDTH = len(NAMES)
COLUMNS = tuple(handoffs.c)

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_CHANNELS = given("the_channels", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=handoffs.c.offered_at.type)

GET = sa.select(*COLUMNS).where(handoffs.c.id == _ONE)
LOCK = GET.with_for_update(key_share=True)
OFFERED_OF = sa.select(*COLUMNS).where(handoffs.c.lead_id == _ONE, IS_OFFERED)
OWNED_OF = sa.select(*COLUMNS).where(handoffs.c.lead_id == _ONE, IS_OWNED)
OF_LEAD = sa.select(*COLUMNS).where(handoffs.c.lead_id == _ONE).order_by(handoffs.c.id)
LATEST_OF = sa.select(*COLUMNS).where(handoffs.c.lead_id == _ONE).order_by(handoffs.c.id.desc()).limit(1)

ADD = handoffs.insert()
# What a handoff was offered under, and for which lead, never changes.
_CHANGED = update_of(handoffs, without=("lead_id", "agreement_id")).where(
    handoffs.c.id == _ONE, handoffs.c.version == sa.bindparam("the_version")
)
DECIDE = _CHANGED.where(IS_OFFERED)
FINISH = _CHANGED.where(IS_OWNED)
REINSTATE = _CHANGED.where(is_word(handoffs.c.end, End.DISQUALIFIED))
# New values as conditions: a save that would move a decision, an end or the lead changes nothing.
SAVE = _CHANGED.where(
    handoffs.c.lead_id == sa.bindparam("new_lead_id"),
    handoffs.c.status == sa.bindparam("new_status", type_=handoffs.c.status.type),
    handoffs.c.ended_at.is_not_distinct_from(sa.bindparam("new_ended_at", type_=handoffs.c.ended_at.type)),
)
SET_OWNER = leads.update().where(leads.c.id == _ONE).values(owner_id=sa.bindparam("new_owner_id"))

HELD = sa.union_all(
    sa.select(handoffs.c.rep_id.label("person_id"), sa.func.count().label("held"))
    .where(handoffs.c.rep_id.in_(_IDS), IS_OFFERED, IS_DIRECT, IS_REAL)
    .group_by(handoffs.c.rep_id),
    sa.select(leads.c.owner_id, sa.func.count())
    .where(leads.c.owner_id.in_(_IDS), leads.c.owner_id.is_not(None), IS_WORKED, IS_REAL_LEAD)
    .group_by(leads.c.owner_id),
)

_TO_REP = sa.and_(IS_OFFERED, IS_DIRECT, handoffs.c.rep_id == _ONE)
_IN_POOLS = sa.and_(IS_OFFERED, handoffs.c.pool_channel.is_not(None), handoffs.c.pool_channel.in_(_CHANNELS))
# Each side whole, with the conditions of its index: SQLite looks up each in its own, and reads no other offer.
_NEEDED = sa.or_(_TO_REP, _IN_POOLS)


def _count(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(handoffs).where(condition, IS_REAL)


def _page(condition: sa.ColumnElement[bool], *order: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """A page of handoffs, each with its lead behind it: `WIDTH` columns, then those of the lead."""
    return (
        sa.select(*COLUMNS, *LEAD_COLUMNS)
        .join(leads, leads.c.id == handoffs.c.lead_id)
        .where(condition, IS_REAL)
        .order_by(*order)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
        .offset(sa.bindparam("skipped", type_=sa.Integer))
    )


_OLDEST_OFFER = (handoffs.c.offered_at.asc(), handoffs.c.id.asc())
_NEWEST_ACCEPT = (handoffs.c.decided_at.desc(), handoffs.c.id.desc())

# What is due first, then what has no due time.
_window = countdowns.alias("window")
_OF_OFFER = sa.and_(is_word(_window.c.kind, CountdownKind.ACCEPT), _window.c.subject_id == handoffs.c.id)
NEEDS = (
    _page(_NEEDED, _window.c.due_at.asc().nulls_last(), *_OLDEST_OFFER)
    .join(_window, _OF_OFFER, isouter=True)
)  # fmt: skip
COUNT_NEEDS = _count(_NEEDED)
OFFERED_TO, COUNT_OFFERED_TO = _page(_TO_REP, *_OLDEST_OFFER), _count(_TO_REP)
OFFERED_IN_POOLS, COUNT_OFFERED_IN_POOLS = _page(_IN_POOLS, *_OLDEST_OFFER), _count(_IN_POOLS)
WAITING, COUNT_WAITING = _page(IS_OFFERED, *_OLDEST_OFFER), _count(IS_OFFERED)
_TEAMS = given("the_teams", expanding=True)
_WITH = sa.or_(
    sa.and_(IS_OFFERED, IS_DIRECT, handoffs.c.rep_id.in_(_IDS)),
    sa.and_(IS_IN_POOL_OF_TEAM, handoffs.c.team_id.in_(_TEAMS)),
)
WAITING_WITH, COUNT_WAITING_WITH = _page(_WITH, *_OLDEST_OFFER), _count(_WITH)
_MINE = sa.and_(IS_OWNED, handoffs.c.rep_id == _ONE)
OWNED_BY, COUNT_OWNED_BY = _page(_MINE, *_NEWEST_ACCEPT), _count(_MINE)

_HEAT = [
    (is_word(handoffs.c.priority, priority), place)
    for place, priority in enumerate(sorted(Priority, key=lambda priority: -priority.heat))
]
_LISTED = sa.and_(posts.c.listed_in == _ONE, posts.c.subject_id == handoffs.c.id)
LISTED_IN = (
    sa.select(*COLUMNS, *LEAD_COLUMNS)
    .join(leads, leads.c.id == handoffs.c.lead_id)
    .join(posts, _LISTED)
    .where(IS_OFFERED)
    # The hottest are not among those that are only counted.
    .order_by(sa.case(*_HEAT, else_=len(_HEAT)), *_OLDEST_OFFER)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
COUNT_LISTED_IN = sa.select(
    sa.func.count().label("listed"), sa.func.count().filter(IS_OFFERED).label("waiting")
).select_from(handoffs.join(posts, _LISTED))

# A manager can take a lead from its owner while it is worked; won and lost ones stay whose they were.
_OF_TEAM = sa.and_(IS_OWNED, IS_WORKED)
# By the lead's owner, who is the handoff's rep: what they work on now is little beside what they ever had.
_BY_ABSENT = sa.and_(_OF_TEAM, leads.c.owner_id.in_(_IDS), leads.c.owner_id.is_not(None))
_BY_OTHERS = sa.and_(_OF_TEAM, handoffs.c.rep_id.not_in(_IDS))
OWNED_BY_ABSENT, OWNED_BY_OTHERS = _page(_BY_ABSENT, *_NEWEST_ACCEPT), _page(_BY_OTHERS, *_NEWEST_ACCEPT)
COUNT_OWNED_BY_ABSENT = (
    sa.select(sa.func.count())
    .select_from(handoffs.join(leads, leads.c.id == handoffs.c.lead_id))
    .where(_BY_ABSENT, IS_REAL)
)

# What somebody had at an instant and still has, to be given to others: whatever came later stays theirs, also in the
# same instant, so the newest they had then is named as well.
_UP_TO = handoffs.c.id <= given("the_newest")
_HAD_OFFERED = sa.and_(_TO_REP, handoffs.c.offered_at <= _SINCE, _UP_TO)
_HAD_ACCEPTED = sa.and_(
    _OF_TEAM, leads.c.owner_id == _ONE, leads.c.owner_id.is_not(None), handoffs.c.decided_at <= _SINCE, _UP_TO
)
_NEWEST = sa.union_all(
    sa.select(sa.func.max(handoffs.c.id).label("id")).where(_TO_REP),
    sa.select(sa.func.max(handoffs.c.id)).where(_MINE),
).subquery()
NEWEST_OF = sa.select(sa.func.max(_NEWEST.c.id))
HAD_OFFERED = _page(_HAD_OFFERED, *_OLDEST_OFFER)
HAD_ACCEPTED = _page(_HAD_ACCEPTED, handoffs.c.decided_at.asc(), handoffs.c.id.asc())
LOADS = sa.union_all(
    sa.select(handoffs.c.rep_id.label("person_id"), sa.func.count().label("offers"), sa.literal(0).label("accepted"))
    .where(handoffs.c.rep_id.in_(_IDS), IS_OFFERED, IS_DIRECT, IS_REAL)
    .group_by(handoffs.c.rep_id),
    sa.select(leads.c.owner_id, sa.literal(0), sa.func.count())
    .where(leads.c.owner_id.in_(_IDS), leads.c.owner_id.is_not(None), IS_WORKED, IS_REAL_LEAD)
    .group_by(leads.c.owner_id),
)
OWNED_PRACTICE_OF = sa.select(*COLUMNS).where(handoffs.c.rep_id == _ONE, IS_OWNED_PRACTICE).order_by(handoffs.c.id)
PRACTISED_BY = sa.select(*COLUMNS).where(handoffs.c.rep_id == _ONE, IS_PRACTISED).limit(1)

# A reject that did not stand counts against nobody. A value for each row, which is looked up by key: as an anti-join
# PostgreSQL may read all answers there are.
_RULING = sa.select(reject_answers.c.ruling).where(reject_answers.c.handoff_id == handoffs.c.id).correlate(handoffs)
STANDS = _RULING.scalar_subquery().is_distinct_from(sa.literal_column(f"'{Ruling.OVERTURNED.value}'"))
NOT_UNDONE = sa.or_(handoffs.c.end.is_(None), handoffs.c.end != sa.literal_column(f"'{End.UNDONE}'"))
DAY_OFFERED = _count(sa.and_(handoffs.c.rep_id == _ONE, handoffs.c.offered_at >= _SINCE, NOT_UNDONE))
DAY_DECIDED = sa.select(handoffs.c.status, handoffs.c.offered_at, handoffs.c.decided_at).where(
    handoffs.c.decided_by == _ONE,
    handoffs.c.decided_at >= _SINCE,
    is_one_of(handoffs.c.status, (Status.ACCEPTED, Status.REJECTED)),
    NOT_UNDONE,
    IS_REAL,
    STANDS,
)
HELD_BEFORE = (
    sa.select(
        handoffs.c.rep_id, handoffs.c.decided_by, handoffs.c.end, handoffs.c.rejection, handoffs.c.extra
    )
    .where(
        handoffs.c.lead_id == _ONE,
        sa.or_(
            is_one_of(handoffs.c.status, (Status.REJECTED, Status.EXPIRED)),
            is_one_of(handoffs.c.end, (End.RELEASED, End.DISQUALIFIED)),
        ),
    )
    .order_by(handoffs.c.id)
)  # fmt: skip
