"""Campaigns: made when a lead first names one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from bot.domain.config import Campaign
from bot.errors import Stale
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import changes, given, update_of, values_of
from storage.tables.configuration import campaigns

_ONE = given("the_one")
_GET = sa.select(campaigns).where(campaigns.c.id == _ONE)
_GET_MANY = sa.select(campaigns).where(campaigns.c.id.in_(given("the_ids", expanding=True)))
_BY_KEY = sa.select(campaigns).where(campaigns.c.key == _ONE)
_ALL = sa.select(campaigns).order_by(campaigns.c.key)
# Ids are in the order in which campaigns were made.
_NEWEST = sa.select(campaigns).order_by(campaigns.c.id.desc()).limit(sa.bindparam("at_most", type_=sa.Integer))
_NEWEST_UNOWNED = _NEWEST.where(campaigns.c.owner_id.is_(None))
_OWNED = sa.select(campaigns).where(campaigns.c.owner_id.is_not(None)).order_by(campaigns.c.key)
_OWNED_BY = (
    sa.select(campaigns)
    .where(campaigns.c.owner_id.is_not(None), campaigns.c.owner_id.in_(given("the_ids", expanding=True)))
    .order_by(campaigns.c.key)
)
_ADD = campaigns.insert()
_SAVE = update_of(campaigns).where(campaigns.c.id == _ONE)
_ENSURE = on_both(campaigns, lambda insert: insert.on_conflict_do_nothing(index_elements=["key"]))


class Campaigns(Repository):
    __slots__ = ()

    def get(self, campaign_id: str) -> Campaign | None:
        row = self._first(_GET, the_one=campaign_id)
        return None if row is None else Campaign(**row._asdict())

    def get_many(self, campaign_ids: Iterable[str]) -> dict[str, Campaign]:
        """By id; those that are not there are not in it."""
        rows = self._all(_GET_MANY, the_ids=list(set(campaign_ids)))
        return {row.id: Campaign(**row._asdict()) for row in rows}

    def by_key(self, key: str) -> Campaign | None:
        row = self._first(_BY_KEY, the_one=key)
        return None if row is None else Campaign(**row._asdict())

    def all(self) -> list[Campaign]:
        """By key."""
        return [Campaign(**row._asdict()) for row in self._all(_ALL)]

    def newest(self, limit: int) -> list[Campaign]:
        """Those made last, the newest first."""
        return [Campaign(**row._asdict()) for row in self._all(_NEWEST, at_most=limit)]

    def owned(self) -> list[Campaign]:
        """Those that have an owner, by key: as many as somebody named one for, however many sources made up."""
        return [Campaign(**row._asdict()) for row in self._all(_OWNED)]

    def newest_unowned(self, limit: int) -> list[Campaign]:
        """Those made last that have no owner, the newest first."""
        return [Campaign(**row._asdict()) for row in self._all(_NEWEST_UNOWNED, at_most=limit)]

    def owned_by(self, person_ids: Sequence[str]) -> list[Campaign]:
        """The campaigns of these people, by key."""
        return [Campaign(**row._asdict()) for row in self._all(_OWNED_BY, the_ids=list(person_ids))]

    def add(self, campaign: Campaign) -> None:
        self._change(_ADD, values_of(campaign))

    def save(self, campaign: Campaign) -> None:
        self._change(_SAVE, {"the_one": campaign.id, **changes(values_of(campaign))})
        for alert in self._tx.campaign_alerts.of_campaign(campaign.id):
            self._tx.search.keep_alert(alert)  # found by the name of its campaign

    def ensure(self, key: str) -> Campaign:
        """The campaign of this key, made if there was none: named by its key, without an owner."""
        known = self.by_key(key)
        if known is not None:
            return known
        made = Campaign(id=self._tx.new_id(), key=key, name=key, owner_id=None, created_at=self._tx.now)
        self._change(_ENSURE[self._dialect], values_of(made))
        found = self.by_key(key)
        if found is None:
            raise Stale("The campaign was made and removed at the same moment.")
        return found
