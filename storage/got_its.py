"""Who has read which campaign alert. Whoever sells is asked to: the reps of the roster whom Slack knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.campaign_alert import GotIt
from bot.domain.person import Role
from storage.dialect import on_both
from storage.repository import Repository
from storage.rows import given, values_of
from storage.tables.campaign_alerts import campaign_alerts, got_its
from storage.tables.roster import ON_ROSTER, people

_ONE = given("the_one")
_IDS = given("the_ids", expanding=True)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_MAY_ACT = sa.and_(
    *(flag.is_(sa.false()) for flag in (people.c.is_bot, people.c.is_guest, people.c.is_stranger, people.c.is_deleted))
)
_IS_ASKED = sa.and_(
    ON_ROSTER,
    people.c.slack_id.is_not(None),
    _MAY_ACT,
    sa.cast(people.c.roles, sa.Text).contains(f'"{Role.REP.value}"', autoescape=True),
)
_PRESS = on_both(
    got_its,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["alert_id", "person_id"],
        set_={"version": insert.excluded.version, "at": insert.excluded.at},
        where=got_its.c.version < insert.excluded.version,
    ),
)
_GET = sa.select(got_its).where(got_its.c.alert_id == _ONE, got_its.c.person_id == given("the_person"))
_OF_PERSON = sa.select(got_its.c.alert_id, got_its.c.version).where(
    got_its.c.alert_id.in_(_IDS), got_its.c.person_id == given("the_person")
)
_COUNT_ASKED = sa.select(sa.func.count()).select_from(people).where(_IS_ASKED)
_COUNTS = (
    sa.select(
        got_its.c.alert_id,
        sa.func.count().label("got_it"),
        sa.func.sum(sa.case((got_its.c.version < campaign_alerts.c.version, 1), else_=0)).label("earlier"),
    )
    .select_from(
        got_its.join(people, people.c.id == got_its.c.person_id).join(
            campaign_alerts, campaign_alerts.c.id == got_its.c.alert_id
        )
    )
    .where(got_its.c.alert_id.in_(_IDS), _IS_ASKED)
    .group_by(got_its.c.alert_id)
)
_BY_NAME = (people.c.name, people.c.id)
_READ = (
    sa.select(people.c.name, (got_its.c.version < campaign_alerts.c.version).label("is_earlier"), got_its.c.at)
    .join(people, people.c.id == got_its.c.person_id)
    .join(campaign_alerts, campaign_alerts.c.id == got_its.c.alert_id)
    .where(got_its.c.alert_id == _ONE)
    .order_by(*_BY_NAME)
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)
_COUNT_READ = sa.select(sa.func.count()).select_from(got_its).where(got_its.c.alert_id == _ONE)
_PRESSED = (
    sa.select(sa.literal(1))
    .select_from(got_its)
    .where(got_its.c.alert_id == _ONE, got_its.c.person_id == people.c.id)
    .exists()
)
_IS_MISSING = sa.and_(_IS_ASKED, sa.not_(_PRESSED))
_MISSING = (
    sa.select(people.c.id, people.c.name)
    .where(_IS_MISSING)
    .order_by(*_BY_NAME)
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)
_COUNT_MISSING = sa.select(sa.func.count()).select_from(people).where(_IS_MISSING)
_MISSING_AFTER = (
    sa.select(people.c.id).where(_IS_MISSING, people.c.id > given("after")).order_by(people.c.id).limit(_PAGE["limit"])
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GotItCounts:
    """Of those who are asked: `got_it` said so, `earlier` of them to an earlier version; `asked`: how many they are."""

    got_it: int = 0
    earlier: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who read it, and when; `is_earlier`: it was changed since. The name is untrusted."""

    name: str
    is_earlier: bool
    at: datetime


class GotIts(Repository):
    __slots__ = ()

    def press(self, got_it: GotIt) -> bool:
        """They have read this version; False when they had said so already."""
        return self._change(_PRESS[self._dialect], values_of(got_it)) == 1

    def get(self, alert_id: str, person_id: str) -> GotIt | None:
        row = self._first(_GET, the_one=alert_id, the_person=person_id)
        return None if row is None else GotIt(**row._asdict())

    def of_person(self, person_id: str, alert_ids: Sequence[str]) -> dict[str, int]:
        """Which version of these alerts the person has read; those they have not are not in it."""
        if not alert_ids:
            return {}
        found = self._all(_OF_PERSON, the_person=person_id, the_ids=list(alert_ids))
        return {row.alert_id: row.version for row in found}

    def counts(self, alert_ids: Sequence[str]) -> dict[str, GotItCounts]:
        """For each of these alerts."""
        if not alert_ids:
            return {}
        asked = int(self._value(_COUNT_ASKED))
        found = {alert_id: GotItCounts(asked=asked) for alert_id in alert_ids}
        for row in self._all(_COUNTS, the_ids=list(found)):
            found[row.alert_id] = GotItCounts(got_it=row.got_it, earlier=int(row.earlier), asked=asked)
        return found

    def read_by(self, alert_id: str, limit: int, offset: int = 0) -> list[Reader]:
        """Everybody who has read it, by name; also who was not asked to, and who has left."""
        rows = self._all(_READ, the_one=alert_id, at_most=limit, skipped=offset)
        return [Reader(name=row.name, is_earlier=bool(row.is_earlier), at=row.at) for row in rows]

    def count_read_by(self, alert_id: str) -> int:
        return int(self._value(_COUNT_READ, the_one=alert_id))

    def missing(self, alert_id: str, limit: int, offset: int = 0) -> list[str]:
        """The names of those who are asked and have not said so, in order."""
        return [row.name for row in self._all(_MISSING, the_one=alert_id, at_most=limit, skipped=offset)]

    def count_missing(self, alert_id: str) -> int:
        return int(self._value(_COUNT_MISSING, the_one=alert_id))

    def missing_after(self, alert_id: str, person_id: str, limit: int) -> list[str]:
        """The ids of those who are asked and have not said so, in order of id, from after `person_id`; "": from the
        first."""
        return [row.id for row in self._all(_MISSING_AFTER, the_one=alert_id, after=person_id, at_most=limit)]
