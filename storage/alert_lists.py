"""Lists of campaign alerts, and what became of their campaigns' leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.campaign_alert import AlertState
from bot.domain.handoff import Status
from storage import handoff_queries as q
from storage.repository import Repository
from storage.rows import given
from storage.tables.campaign_alerts import ALERT_IS_TO_COME, campaign_alerts, got_its
from storage.tables.columns import is_one_of, is_word
from storage.tables.configuration import campaigns
from storage.tables.handoffs import HAS_CAMPAIGN, IS_REAL, handoffs

_alerts = campaign_alerts
_IDS = given("the_ids", expanding=True)
_OWNERS = given("the_owners", expanding=True)
_PERSON = given("the_person")
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_COLUMNS = (
    _alerts.c.id,
    _alerts.c.campaign_id,
    campaigns.c.name,
    _alerts.c.owner_id,
    _alerts.c.state,
    _alerts.c.version,
    _alerts.c.starts_at,
    _alerts.c.ends_at,
    _alerts.c.tz,
    _alerts.c.offer,
    _alerts.c.late_s,
    _alerts.c.proposed_at,
)
_LISTED = sa.select(*_COLUMNS).join(campaigns, campaigns.c.id == _alerts.c.campaign_id)
_RUNS = is_one_of(_alerts.c.state, (AlertState.SCHEDULED, AlertState.LIVE))
_IS_PROPOSED = is_word(_alerts.c.state, AlertState.PROPOSED)


def _paged(found: sa.Select[Any]) -> sa.Select[Any]:
    return found.limit(_PAGE["limit"]).offset(_PAGE["offset"])


def _counted(*condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(_alerts).where(*condition)


_mine = got_its.alias("mine")
_TO_READ = _paged(
    _LISTED.add_columns(_mine.c.version.label("read_version"))
    .outerjoin(_mine, sa.and_(_mine.c.alert_id == _alerts.c.id, _mine.c.person_id == _PERSON))
    .where(ALERT_IS_TO_COME, _RUNS)
    .order_by(sa.case((_mine.c.version.is_(None), 0), else_=1), _alerts.c.starts_at, _alerts.c.id)
)
_COUNT_RUNNING = _counted(ALERT_IS_TO_COME, _RUNS)
_COUNT_UNREAD = _counted(
    ALERT_IS_TO_COME,
    _RUNS,
    ~sa.exists().where(got_its.c.alert_id == _alerts.c.id, got_its.c.person_id == _PERSON),
)
_WAITS_FIRST = sa.case(
    {
        AlertState.DRAFT.value: 0,
        AlertState.PROPOSED.value: 1,
        AlertState.LIVE.value: 2,
        AlertState.SCHEDULED.value: 3,
    },
    value=sa.cast(_alerts.c.state, sa.Text),
    else_=4,
)
_OF_OWNERS = _paged(
    _LISTED.where(ALERT_IS_TO_COME, _alerts.c.owner_id.in_(_OWNERS)).order_by(
        _WAITS_FIRST, _alerts.c.starts_at, _alerts.c.id
    )
)
_COUNT_OF_OWNERS = _counted(ALERT_IS_TO_COME, _alerts.c.owner_id.in_(_OWNERS))
_OPEN = _paged(_LISTED.where(ALERT_IS_TO_COME).order_by(_WAITS_FIRST, _alerts.c.starts_at, _alerts.c.id))
_COUNT_OPEN = _counted(ALERT_IS_TO_COME)
_PROPOSED = _paged(_LISTED.where(ALERT_IS_TO_COME, _IS_PROPOSED).order_by(_alerts.c.starts_at, _alerts.c.id))
_COUNT_PROPOSED = _counted(ALERT_IS_TO_COME, _IS_PROPOSED)
_TOLD = _alerts.c.told_at.is_not(None)
_ALL_TOLD = _paged(_LISTED.where(_TOLD).order_by(_alerts.c.told_at.desc(), _alerts.c.id.desc()))
_COUNT_TOLD = _counted(_TOLD)
_ALL = _paged(_LISTED.order_by(_alerts.c.id.desc()))
_COUNT_ALL = sa.select(sa.func.count()).select_from(_alerts)
_OF_CAMPAIGN = (
    sa.select(_alerts.c.id)
    .where(_alerts.c.campaign_id == given("the_campaign"), _TOLD)
    .where(is_one_of(_alerts.c.state, (AlertState.SCHEDULED, AlertState.LIVE, AlertState.ENDED)))
    .order_by(_alerts.c.id.desc())
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)

# From the moment sales knew of it, or from its start where that was earlier.
_SINCE = sa.case((_alerts.c.told_at < _alerts.c.starts_at, _alerts.c.told_at), else_=_alerts.c.starts_at)
_OF_THEM = sa.and_(
    _alerts.c.id.in_(_IDS),
    _TOLD,
    handoffs.c.campaign_id == _alerts.c.campaign_id,
    HAS_CAMPAIGN,
    handoffs.c.offered_at >= _SINCE,
    handoffs.c.received_at >= _SINCE,
    IS_REAL,
)
_ACCEPTED = sa.and_(is_word(handoffs.c.status, Status.ACCEPTED), q.NOT_UNDONE)
_REJECTED = sa.and_(is_word(handoffs.c.status, Status.REJECTED), q.STANDS)


def _leads(*columns: Any) -> sa.Select[Any]:
    return sa.select(_alerts.c.id, *columns).select_from(_alerts, handoffs).where(_OF_THEM)


def _distinct(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((condition, handoffs.c.lead_id)).distinct())


_NUMBERS = _leads(
    sa.func.count(handoffs.c.lead_id.distinct()).label("handed_over"),
    _distinct(_ACCEPTED).label("accepted"),
    _distinct(_REJECTED).label("rejected"),
).group_by(_alerts.c.id)
_REASONS = (
    _leads(handoffs.c.reason, sa.func.count(handoffs.c.lead_id.distinct()).label("leads"))
    .where(_REJECTED)
    .group_by(_alerts.c.id, handoffs.c.reason)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertListed:
    """An alert in a list. Name and offer are untrusted. `read_version`: which version the reader said *Got it* to."""

    id: str
    campaign_id: str
    name: str
    owner_id: str
    state: AlertState
    version: int
    starts_at: datetime
    ends_at: datetime | None
    tz: str
    offer: str
    late_s: int | None
    proposed_at: datetime | None
    read_version: int | None = None


@dataclass(slots=True)
class AlertLeads:
    """The leads of an alert's campaign that came in since sales was told of it, or since its start where that was
    earlier: each counted once in each number. `reasons`: how many were rejected so, by the reason's code; a lead
    rejected twice may be in two. A reject that was overturned, an accept that was undone and practice are in none."""

    handed_over: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


class AlertLists(Repository):
    __slots__ = ()

    def to_read(self, person_id: str, limit: int, offset: int = 0) -> list[AlertListed]:
        """What sales was told of and is not over: first what this person has not said *Got it* to, the next to start
        first."""
        return self._listed(_TO_READ, the_person=person_id, at_most=limit, skipped=offset)

    def count_running(self) -> int:
        """How many sales was told of and are not over."""
        return int(self._value(_COUNT_RUNNING))

    def count_unread(self, person_id: str) -> int:
        """How many of these this person has not said *Got it* to."""
        return int(self._value(_COUNT_UNREAD, the_person=person_id))

    def open_of(self, owner_ids: Sequence[str] | None, limit: int, offset: int = 0) -> list[AlertListed]:
        """The alerts of these people, None: of everybody, that are not over: drafts first, then what waits to be
        approved, then what is live, then what is to come."""
        if owner_ids is None:
            return self._listed(_OPEN, at_most=limit, skipped=offset)
        return self._listed(_OF_OWNERS, the_owners=list(owner_ids), at_most=limit, skipped=offset)

    def count_open_of(self, owner_ids: Sequence[str] | None) -> int:
        if owner_ids is None:
            return int(self._value(_COUNT_OPEN))
        return int(self._value(_COUNT_OF_OWNERS, the_owners=list(owner_ids)))

    def proposed(self, limit: int, offset: int = 0) -> list[AlertListed]:
        """What waits to be approved: the next to start first."""
        return self._listed(_PROPOSED, at_most=limit, skipped=offset)

    def count_proposed(self) -> int:
        return int(self._value(_COUNT_PROPOSED))

    def all(self, *, told: bool, limit: int, offset: int = 0) -> list[AlertListed]:
        """Everything there ever was, the latest first; with `told` only what sales was told of."""
        return self._listed(_ALL_TOLD if told else _ALL, at_most=limit, skipped=offset)

    def count_all(self, *, told: bool) -> int:
        return int(self._value(_COUNT_TOLD if told else _COUNT_ALL))

    def told_of_campaign(self, campaign_id: str, limit: int) -> list[str]:
        """The ids of the latest alerts of this campaign that sales was told of and that take or took place."""
        return [row.id for row in self._all(_OF_CAMPAIGN, the_campaign=campaign_id, at_most=limit)]

    def leads(self, alert_ids: Sequence[str]) -> dict[str, AlertLeads]:
        """What became of the leads of each of these alerts' campaigns."""
        found = {alert_id: AlertLeads() for alert_id in alert_ids}
        if not found:
            return found
        ids = {"the_ids": list(found)}
        for row in self._all(_NUMBERS, **ids):
            of_it = found[row.id]
            of_it.handed_over, of_it.accepted, of_it.rejected = row.handed_over, row.accepted, row.rejected
        if any(one.rejected for one in found.values()):
            for row in self._all(_REASONS, **ids):
                found[row.id].reasons[row.reason] = row.leads
        return found

    def _listed(self, statement: sa.Executable, **parameters: Any) -> list[AlertListed]:
        return [AlertListed(**row._asdict()) for row in self._all(statement, **parameters)]
