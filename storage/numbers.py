"""Numbers of a span of time: what was offered, accepted and rejected since an instant. Practice is in none of them.

Every statement reads by an index that begins with, or ends in, the instant: what came before it costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.lead import Lead
from storage import handoff_queries as q
from storage.handoffs import handoff_of
from storage.leads import LEAD_COLUMNS, lead_of
from storage.repository import Repository
from storage.rows import Row, given
from storage.tables import HAS_CAMPAIGN, IS_DECIDED, IS_OFFERED, IS_REAL, handoffs, is_one_of, is_word, leads

_IDS = given("the_ids", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=handoffs.c.offered_at.type)
_COUNTS = sa.and_(IS_REAL, q.NOT_UNDONE)
_DECISION = is_one_of(handoffs.c.status, (Status.ACCEPTED, Status.REJECTED))

_OFFERED = sa.select(sa.func.count()).where(handoffs.c.offered_at >= _SINCE, _COUNTS)
_DECIDED = sa.select(handoffs.c.decided_by, handoffs.c.status, handoffs.c.offered_at, handoffs.c.decided_at).where(
    IS_DECIDED, handoffs.c.decided_at >= _SINCE, _DECISION, _COUNTS
)
_OFFERED_TO = (
    sa.select(handoffs.c.rep_id, sa.func.count().label("offered"))
    .where(handoffs.c.rep_id.in_(_IDS), handoffs.c.offered_at >= _SINCE, _COUNTS)
    .group_by(handoffs.c.rep_id)
)
_DECIDED_BY = sa.select(handoffs.c.decided_by, handoffs.c.status, handoffs.c.offered_at, handoffs.c.decided_at).where(
    handoffs.c.decided_by.in_(_IDS), handoffs.c.decided_at >= _SINCE, _DECISION, _COUNTS
)

_OF_CAMPAIGNS = sa.and_(HAS_CAMPAIGN, handoffs.c.campaign_id.in_(_IDS))
# An accept that was undone was of a lead that was handed over all the same.
_HANDED_OVER = (
    sa.select(handoffs.c.campaign_id, sa.func.count(handoffs.c.lead_id.distinct()).label("leads"))
    .where(_OF_CAMPAIGNS, handoffs.c.offered_at >= _SINCE, is_word(handoffs.c.opened, Opened.HANDED_OVER), IS_REAL)
    .group_by(handoffs.c.campaign_id)
)
_ANSWERED = (
    sa.select(
        handoffs.c.campaign_id,
        handoffs.c.status,
        handoffs.c.reason,
        sa.func.count(handoffs.c.lead_id.distinct()).label("leads"),
    )
    .where(_OF_CAMPAIGNS, handoffs.c.decided_at >= _SINCE, _DECISION, _COUNTS)
    .group_by(handoffs.c.campaign_id, handoffs.c.status, handoffs.c.reason)
)
_WAITING = (
    sa.select(handoffs.c.campaign_id, sa.func.count().label("leads"))
    .where(_OF_CAMPAIGNS, IS_OFFERED, IS_REAL)
    .group_by(handoffs.c.campaign_id)
)
_IS_REJECT = sa.and_(
    _OF_CAMPAIGNS, handoffs.c.decided_at >= _SINCE, is_word(handoffs.c.status, Status.REJECTED), IS_REAL
)
_REJECTS = (
    sa.select(*q.COLUMNS, *LEAD_COLUMNS)
    .join(leads, leads.c.id == handoffs.c.lead_id)
    .where(_IS_REJECT)
    .order_by(handoffs.c.decided_at.desc(), handoffs.c.id.desc())
    .limit(sa.bindparam("at_most", type_=sa.Integer))
    .offset(sa.bindparam("skipped", type_=sa.Integer))
)
_COUNT_REJECTS = sa.select(sa.func.count()).select_from(handoffs).where(_IS_REJECT)


@dataclass(frozen=True, slots=True)
class Decision:
    """An accept or a reject, and by whom; the CRM's has no person."""

    decided_by: str | None
    accepted: bool
    offered_at: datetime
    decided_at: datetime


@dataclass(slots=True)
class CampaignNumbers:
    """In leads. `rejected` by the reason's code; `waiting` is of now, whenever they were offered."""

    handed_over: int = 0
    accepted: int = 0
    rejected: dict[str, int] | None = None
    waiting: int = 0

    @property
    def rejected_in_all(self) -> int:
        return sum((self.rejected or {}).values())


class Numbers(Repository):
    __slots__ = ()

    def offered(self, since: datetime) -> int:
        """How many offers were made to anybody."""
        return int(self._value(_OFFERED, the_instant=since))

    def decided(self, since: datetime) -> list[Decision]:
        """Every accept and reject."""
        return [_decision(row) for row in self._all(_DECIDED, the_instant=since)]

    def offered_to(self, person_ids: Sequence[str], since: datetime) -> dict[str, int]:
        """How many offers were made to each of these people; who had none is not in it."""
        rows = self._all(_OFFERED_TO, the_ids=list(person_ids), the_instant=since)
        return {row.rep_id: row.offered for row in rows}

    def decided_by(self, person_ids: Sequence[str], since: datetime) -> list[Decision]:
        """Every accept and reject of these people."""
        return [_decision(row) for row in self._all(_DECIDED_BY, the_ids=list(person_ids), the_instant=since)]

    def of_campaigns(self, campaign_ids: Sequence[str], since: datetime) -> dict[str, CampaignNumbers]:
        """What became of the leads of these campaigns; each of them has numbers."""
        found = {campaign_id: CampaignNumbers(rejected={}) for campaign_id in campaign_ids}
        if not found:
            return found
        for row in self._all(_HANDED_OVER, the_ids=list(found), the_instant=since):
            found[row.campaign_id].handed_over = row.leads
        for row in self._all(_ANSWERED, the_ids=list(found), the_instant=since):
            numbers = found[row.campaign_id]
            if row.status is Status.ACCEPTED:
                numbers.accepted += row.leads
            elif numbers.rejected is not None:
                numbers.rejected[row.reason] = row.leads
        for row in self._all(_WAITING, the_ids=list(found)):
            found[row.campaign_id].waiting = row.leads
        return found

    def rejects(
        self, campaign_ids: Sequence[str], since: datetime, limit: int, offset: int
    ) -> list[tuple[Handoff, Lead]]:
        """Rejects of these campaigns' leads: the latest first."""
        rows = self._all(_REJECTS, the_ids=list(campaign_ids), the_instant=since, at_most=limit, skipped=offset)
        return [(handoff_of(row[: q.WIDTH]), lead_of(row[q.WIDTH :])) for row in rows]

    def count_rejects(self, campaign_ids: Sequence[str], since: datetime) -> int:
        return int(self._value(_COUNT_REJECTS, the_ids=list(campaign_ids), the_instant=since))


def _decision(row: Row) -> Decision:
    accepted = row.status is Status.ACCEPTED
    return Decision(row.decided_by, accepted, row.offered_at, row.decided_at)
