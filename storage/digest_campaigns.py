"""The campaign alerts of a period, and what sales asked about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.campaign_alert import AlertState
from storage.digest_notes import head_of
from storage.repository import Repository
from storage.rows import Row, given
from storage.tables.campaign_alerts import ALERT_IS_TO_COME, alert_questions, campaign_alerts
from storage.tables.columns import is_one_of, is_word
from storage.tables.configuration import campaigns

_INSTANT = campaign_alerts.c.starts_at.type
_FROM, _UNTIL = sa.bindparam("the_from", type_=_INSTANT), sa.bindparam("the_until", type_=_INSTANT)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_ROW = (
    campaign_alerts.c.id, head_of(campaigns.c.name), campaign_alerts.c.starts_at, campaign_alerts.c.ends_at,
    campaign_alerts.c.ended_at, head_of(campaign_alerts.c.offer), campaign_alerts.c.expected_volume,
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

_ASKED = sa.and_(
    alert_questions.c.answer.is_(None), alert_questions.c.asked_by.is_not(None), alert_questions.c.asked_at < _UNTIL
)
_QUESTIONS = (
    sa.select(
        alert_questions.c.id, alert_questions.c.alert_id, head_of(alert_questions.c.text), alert_questions.c.asked_at,
        head_of(campaigns.c.name),
    )
    .select_from(alert_questions.join(campaign_alerts).join(campaigns))
    .where(_ASKED)
    .order_by(alert_questions.c.asked_at, alert_questions.c.id)
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)  # fmt: skip
_TOLD_BEFORE = (
    sa.select(campaign_alerts.c.id)
    .where(_STANDING, campaign_alerts.c.told_at < sa.bindparam("the_instant", type_=_INSTANT))
    .order_by(campaign_alerts.c.starts_at, campaign_alerts.c.id)
    .limit(_PAGE["limit"])
)
_NAMES = (
    sa.select(campaign_alerts.c.id, head_of(campaigns.c.name))
    .join(campaigns)
    .where(campaign_alerts.c.id.in_(given("the_ids", expanding=True)))
)
_COUNT_QUESTIONS = sa.select(sa.func.count()).select_from(alert_questions).where(_ASKED)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert sales was told of. Text untrusted."""

    id: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    offer: str
    expected_volume: int | None


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

    def told_before(self, instant: datetime, until: datetime, limit: int) -> list[str]:
        """The ids of those that are not over and that sales was told of before the instant, the first to start
        first."""
        rows = self._all(_TOLD_BEFORE, the_instant=instant, the_until=until, at_most=limit)
        return [row.id for row in rows]

    def names(self, alert_ids: Iterable[str]) -> dict[str, str]:
        """What the campaigns of these alerts are called; untrusted."""
        return {row.id: row.name for row in self._all(_NAMES, the_ids=list(set(alert_ids)))}

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
