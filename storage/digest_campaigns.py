"""The campaign alerts of a period, what came of their leads until its end, and what sales asked about them.

Practice is in none of the numbers. Each number is in leads: one whom two reps rejected is one.
"""

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
from storage.rows import Row, given
from storage.tables import (
    ALERT_IS_TO_COME,
    HAS_CAMPAIGN,
    IS_REAL,
    alert_questions,
    campaign_alerts,
    campaigns,
    got_its,
    handoffs,
    is_one_of,
    is_word,
)  # fmt: skip

_INSTANT = campaign_alerts.c.starts_at.type
_FROM, _UNTIL = sa.bindparam("the_from", type_=_INSTANT), sa.bindparam("the_until", type_=_INSTANT)
_IDS = given("the_ids", expanding=True)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_COUNT = sa.func.count().label("how_many")
_LEADS = sa.func.count(handoffs.c.lead_id.distinct()).label("leads")
_ROW = (
    campaign_alerts.c.id, campaign_alerts.c.campaign_id, campaigns.c.name, campaign_alerts.c.starts_at,
    campaign_alerts.c.ends_at, campaign_alerts.c.ended_at, campaign_alerts.c.tz, campaign_alerts.c.offer,
    campaign_alerts.c.offer_is_new, campaign_alerts.c.expected_volume, campaign_alerts.c.told_at,
    campaign_alerts.c.version,
)  # fmt: skip

# Not over at the period's end: as it is now, or ended since.
_IS_TOLD = sa.and_(campaign_alerts.c.told_at.is_not(None), campaign_alerts.c.told_at < _UNTIL)
_IS_ENDED = sa.and_(campaign_alerts.c.ended_at.is_not(None), is_word(campaign_alerts.c.state, AlertState.ENDED))
_STANDING = sa.and_(
    ALERT_IS_TO_COME, is_one_of(campaign_alerts.c.state, (AlertState.SCHEDULED, AlertState.LIVE)), _IS_TOLD
)
_ENDED_SINCE = sa.and_(_IS_ENDED, campaign_alerts.c.ended_at >= _UNTIL, _IS_TOLD)
_STARTED_BEFORE = campaign_alerts.c.starts_at < _FROM
_STARTS = campaign_alerts.c.starts_at >= _FROM
_ENDED = sa.and_(_IS_ENDED, campaign_alerts.c.ended_at >= _FROM, campaign_alerts.c.ended_at < _UNTIL, _IS_TOLD)


def _found(*either: sa.ColumnElement[bool]) -> sa.Subquery:
    return sa.union_all(*(sa.select(*_ROW).join(campaigns).where(one) for one in either)).subquery()


class _List:
    """Alerts of which one of these holds, in an order: a page of them, and how many there are."""

    def __init__(self, *either: sa.ColumnElement[bool], by: str, descending: bool = False) -> None:
        found = _found(*either)
        column = found.c[by]
        order = (column.desc(), found.c.id.desc()) if descending else (column, found.c.id)
        self.page = sa.select(found).order_by(*order).limit(_PAGE["limit"]).offset(_PAGE["offset"])
        self.count = sa.select(sa.func.count()).select_from(found)


_STARTING = _List(sa.and_(_STANDING, _STARTS), sa.and_(_ENDED_SINCE, _STARTS), by="starts_at")
_RUNNING = _List(
    sa.and_(_STANDING, _STARTED_BEFORE), sa.and_(_ENDED_SINCE, _STARTED_BEFORE), by="starts_at", descending=True
)
_OVER = _List(_ENDED, by="ended_at", descending=True)

# The leads of an alert's campaign from when sales was told of it on.
_OF_ALERT = (
    campaign_alerts.join(
        handoffs,
        sa.and_(
            HAS_CAMPAIGN, handoffs.c.campaign_id == campaign_alerts.c.campaign_id,
            handoffs.c.offered_at >= campaign_alerts.c.told_at, handoffs.c.offered_at < _UNTIL, IS_REAL, q.NOT_UNDONE,
        ),
    )
)  # fmt: skip
_OFFERED = (
    sa.select(campaign_alerts.c.id, _LEADS)
    .select_from(_OF_ALERT)
    .where(campaign_alerts.c.id.in_(_IDS))
    .group_by(campaign_alerts.c.id)
)
_DECIDED = (
    sa.select(campaign_alerts.c.id, handoffs.c.status, handoffs.c.reason, _LEADS)
    .select_from(_OF_ALERT)
    .where(
        campaign_alerts.c.id.in_(_IDS), handoffs.c.decided_at.is_not(None), handoffs.c.decided_at < _UNTIL,
        is_one_of(handoffs.c.status, (Status.ACCEPTED, Status.REJECTED)), q.STANDS,
    )
)  # fmt: skip
_BY_STATUS = _DECIDED.with_only_columns(campaign_alerts.c.id, handoffs.c.status, _LEADS).group_by(
    campaign_alerts.c.id, handoffs.c.status
)
_BY_REASON = _DECIDED.where(is_word(handoffs.c.status, Status.REJECTED)).group_by(
    campaign_alerts.c.id, handoffs.c.status, handoffs.c.reason
)
_GOT_IT = (
    sa.select(got_its.c.alert_id, _COUNT)
    .where(got_its.c.alert_id.in_(_IDS), got_its.c.at < _UNTIL)
    .group_by(got_its.c.alert_id)
)

_ASKED = sa.and_(
    alert_questions.c.answer.is_(None), alert_questions.c.asked_by.is_not(None), alert_questions.c.asked_at < _UNTIL
)
_QUESTIONS = (
    sa.select(alert_questions.c.id, alert_questions.c.alert_id, alert_questions.c.text, alert_questions.c.asked_at,
              campaigns.c.name)
    .select_from(alert_questions.join(campaign_alerts).join(campaigns))
    .where(_ASKED)
    .order_by(alert_questions.c.asked_at, alert_questions.c.id)
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)  # fmt: skip
_COUNT_QUESTIONS = sa.select(sa.func.count()).select_from(alert_questions).where(_ASKED)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert sales was told of. Text untrusted."""

    id: str
    campaign_id: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    tz: str
    offer: str
    offer_is_new: bool
    expected_volume: int | None
    told_at: datetime
    version: int


@dataclass(slots=True)
class AlertLeads:
    """In leads, from when sales was told of the campaign until the period's end. `reasons`: by the reason's code."""

    leads: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Text and name are untrusted."""

    id: str
    alert_id: str
    text: str
    asked_at: datetime
    name: str


class CampaignsOfPeriod(Repository):
    """`since`, `until`: the period, without its last instant."""

    __slots__ = ()

    def starting(self, since: datetime, until: datetime, limit: int, offset: int = 0) -> list[AlertRow]:
        """Those that started in the period or are still to start, the earliest first."""
        return self._page(_STARTING, since, until, limit, offset)

    def count_starting(self, since: datetime, until: datetime) -> int:
        return self._count(_STARTING, since, until)

    def running(self, since: datetime, until: datetime, limit: int, offset: int = 0) -> list[AlertRow]:
        """Those that started before the period and were not over at its end, the latest first."""
        return self._page(_RUNNING, since, until, limit, offset)

    def count_running(self, since: datetime, until: datetime) -> int:
        return self._count(_RUNNING, since, until)

    def ended(self, since: datetime, until: datetime, limit: int, offset: int = 0) -> list[AlertRow]:
        """Those that ended in the period, the latest first."""
        return self._page(_OVER, since, until, limit, offset)

    def count_ended(self, since: datetime, until: datetime) -> int:
        return self._count(_OVER, since, until)

    def leads(self, alert_ids: Sequence[str], until: datetime) -> dict[str, AlertLeads]:
        """What came of the leads of each of these alerts' campaigns; each of them has numbers."""
        found = {alert_id: AlertLeads() for alert_id in alert_ids}
        if not found:
            return found
        ids = {"the_ids": list(found), "the_until": until}
        for row in self._all(_OFFERED, **ids):
            found[row.id].leads = row.leads
        for row in self._all(_BY_STATUS, **ids):
            if row.status is Status.ACCEPTED:
                found[row.id].accepted = row.leads
            else:
                found[row.id].rejected = row.leads
        for row in self._all(_BY_REASON, **ids):
            found[row.id].reasons[row.reason] = row.leads
        return found

    def got_it(self, alert_ids: Sequence[str], until: datetime) -> dict[str, int]:
        """How many have got each of these alerts; one that nobody has is not in it."""
        rows = self._all(_GOT_IT, the_ids=list(alert_ids), the_until=until) if alert_ids else []
        return {row.alert_id: row.how_many for row in rows}

    def questions(self, until: datetime, limit: int, offset: int = 0) -> list[OpenQuestion]:
        """Questions without an answer, those that wait longest first."""
        rows = self._all(_QUESTIONS, the_until=until, at_most=limit, skipped=offset)
        return [OpenQuestion(**row._asdict()) for row in rows]

    def count_questions(self, until: datetime) -> int:
        return int(self._value(_COUNT_QUESTIONS, the_until=until))

    def _page(self, which: _List, since: datetime, until: datetime, limit: int, offset: int) -> list[AlertRow]:
        rows = self._all(which.page, the_from=since, the_until=until, at_most=limit, skipped=offset)
        return [_alert(row) for row in rows]

    def _count(self, which: _List, since: datetime, until: datetime) -> int:
        return int(self._value(which.count, the_from=since, the_until=until))


def _alert(row: Row) -> AlertRow:
    values: dict[str, Any] = row._asdict()
    return AlertRow(**values)
