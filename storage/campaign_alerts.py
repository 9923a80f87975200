"""Campaign alerts: what buyers are about to see, by state, by owner, by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.campaign_alert import AlertState, Asset, CampaignAlert
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.campaign_alerts import ALERT_IS_TO_COME, campaign_alerts
from storage.tables.columns import is_one_of, is_word

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=campaign_alerts.c.created_at.type)
_BY_START = (campaign_alerts.c.starts_at, campaign_alerts.c.id)

_GET = sa.select(campaign_alerts).where(campaign_alerts.c.id == _ONE)
_LOCK = _GET.with_for_update()
_TRY_LOCK = _GET.with_for_update(skip_locked=True)
_OF_CAMPAIGN = sa.select(campaign_alerts).where(campaign_alerts.c.campaign_id == _ONE).order_by(campaign_alerts.c.id)
_PROPOSED = (
    sa.select(campaign_alerts)
    .where(ALERT_IS_TO_COME, is_word(campaign_alerts.c.state, AlertState.PROPOSED))
    .order_by(*_BY_START)
)
_UNTOLD = (
    sa.select(campaign_alerts)
    .where(ALERT_IS_TO_COME, is_one_of(campaign_alerts.c.state, (AlertState.DRAFT, AlertState.PROPOSED)))
    .order_by(*_BY_START)
)
_RUNNING = (AlertState.SCHEDULED, AlertState.LIVE)
_TO_COME = (
    sa.select(campaign_alerts)
    .where(ALERT_IS_TO_COME, is_one_of(campaign_alerts.c.state, _RUNNING))
    .order_by(*_BY_START)
)
_OF_OWNERS = campaign_alerts.c.owner_id.in_(_IDS)
_OPEN_OWNED_BY = sa.select(campaign_alerts).where(ALERT_IS_TO_COME, _OF_OWNERS).order_by(*_BY_START)
_IS_TOLD = campaign_alerts.c.told_at.is_not(None)
_TOLD = sa.select(campaign_alerts.c.late_s).where(_IS_TOLD, campaign_alerts.c.told_at >= _SINCE)
_TOLD_OF = _TOLD.where(_OF_OWNERS)
_ADD = campaign_alerts.insert()
_SAVE = update_of(campaign_alerts, without=("made_by", "created_at")).where(campaign_alerts.c.id == _ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNumbers:
    """Campaign alerts that sales was first told of since an instant, and how many of them as early as agreed."""

    told: int = 0
    in_time: int = 0


class CampaignAlerts(Repository):
    __slots__ = ()

    def get(self, alert_id: str) -> CampaignAlert | None:
        row = self._first(_GET, the_one=alert_id)
        return None if row is None else _alert(row)

    def lock(self, alert_id: str) -> CampaignAlert | None:
        """Nobody else changes it before this transaction ends."""
        row = self._first(_LOCK, the_one=alert_id)
        return None if row is None else _alert(row)

    def try_lock(self, alert_id: str) -> CampaignAlert | None:
        """As lock; None also where somebody changes it at this moment."""
        row = self._first(_TRY_LOCK, the_one=alert_id)
        return None if row is None else _alert(row)

    def add(self, alert: CampaignAlert) -> None:
        self._change(_ADD, _values(alert))
        self._tx.search.keep_alert(alert)

    def save(self, alert: CampaignAlert) -> None:
        """The caller holds its lock."""
        values = _values(alert)
        self._change(_SAVE, {"the_one": alert.id, **changes({key: values[key] for key in values if key != "id"})})
        self._tx.search.keep_alert(alert)

    def of_campaign(self, campaign_id: str) -> list[CampaignAlert]:
        """In the order in which they were made."""
        return [_alert(row) for row in self._all(_OF_CAMPAIGN, the_one=campaign_id)]

    def proposed(self) -> list[CampaignAlert]:
        """Those that wait for approval, the next to start first."""
        return [_alert(row) for row in self._all(_PROPOSED)]

    def untold(self) -> list[CampaignAlert]:
        """Drafts, and those that wait for approval, the next to start first."""
        return [_alert(row) for row in self._all(_UNTOLD)]

    def told_and_open(self) -> list[CampaignAlert]:
        """Those sales knows of that are scheduled or live, the first to start first."""
        return [_alert(row) for row in self._all(_TO_COME)]

    def open_owned_by(self, person_ids: Sequence[str]) -> list[CampaignAlert]:
        """Theirs that are drafts, proposed, scheduled or live, the first to start first."""
        return [_alert(row) for row in self._all(_OPEN_OWNED_BY, the_ids=list(person_ids))]

    def numbers(self, since: datetime, owner_ids: Sequence[str] | None = None) -> AlertNumbers:
        """Of the alerts of these people; None: of everybody's."""
        if owner_ids is None:
            rows = self._all(_TOLD, the_instant=since)
        else:
            rows = self._all(_TOLD_OF, the_instant=since, the_ids=list(owner_ids))
        return AlertNumbers(told=len(rows), in_time=sum(row.late_s is None for row in rows))


def _values(alert: CampaignAlert) -> dict[str, Any]:
    return values_of(alert) | {
        "channels": list(alert.channels),
        "assets": [asdict(one) for one in alert.assets],
        "changed": list(alert.changed),
    }


def _alert(row: Row) -> CampaignAlert:
    values = row._asdict()
    read = {
        "channels": tuple(values["channels"]),
        "assets": tuple(Asset(**one) for one in values["assets"]),
        "changed": tuple(values["changed"]),
    }
    return CampaignAlert(**values | read)
