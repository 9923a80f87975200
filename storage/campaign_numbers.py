"""What became of the leads of campaigns since an instant, in leads: one whom two reps rejected is one. Practice is in
none of it.

Sources make campaigns up without end, so no statement names them one by one, but those of a page: what is read is what
happened since the instant, and what waits now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.config import Campaign
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.lead import Lead
from storage import handoff_queries as q
from storage.handoffs import handoff_of
from storage.leads import IS_WITHOUT, LEAD_COLUMNS, lead_of
from storage.repository import Repository
from storage.rows import given
from storage.tables.clock import timers
from storage.tables.columns import is_one_of, is_word
from storage.tables.configuration import campaigns
from storage.tables.handoffs import HAS_CAMPAIGN, IS_OFFERED, IS_REAL, handoffs
from storage.tables.leads import IS_PARKED_LEAD, IS_REAL_LEAD, leads

_IDS = given("the_ids", expanding=True)
_OWNERS = given("the_owners", expanding=True)
_SINCE = sa.bindparam("the_instant", type_=handoffs.c.offered_at.type)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_COUNTS = sa.and_(IS_REAL, q.NOT_UNDONE)
_DECISION = is_one_of(handoffs.c.status, (Status.ACCEPTED, Status.REJECTED))
# Also when nobody could be offered it until a manager assigned it. An accept that was undone was of a lead that was
# handed over all the same.
_IS_FIRST_OFFER = sa.or_(
    is_word(handoffs.c.opened, Opened.HANDED_OVER),
    sa.and_(is_word(handoffs.c.opened, Opened.REASSIGNED), handoffs.c.predecessor_id.is_(None)),
)
_OWNED = sa.and_(campaigns.c.owner_id.is_not(None), campaigns.c.owner_id.in_(_OWNERS))
_Within = Callable[[sa.Column[Any]], sa.ColumnElement[bool]]


@dataclass(slots=True)
class CampaignNumbers:
    """In leads. `reasons`: how many were rejected so, by the reason's code; a lead rejected twice may be in two.
    `waiting` is of now, whenever they came: offered, parked, or nobody could be offered them."""

    handed_over: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    waiting: int = 0


class _Statements:
    """About the campaigns whose id is `within`."""

    def __init__(self, within: _Within, *, each: bool = False) -> None:
        of_them = sa.and_(HAS_CAMPAIGN, within(handoffs.c.campaign_id))
        of_lead = (handoffs.c.campaign_id, handoffs.c.lead_id)
        nobody = (
            sa.select(leads.c.campaign_id, leads.c.id)
            .select_from(timers.join(leads, timers.c.subject_id == leads.c.id))
            .where(IS_WITHOUT, leads.c.campaign_id.is_not(None), within(leads.c.campaign_id))
        )
        offered = sa.select(*of_lead).where(of_them, handoffs.c.offered_at >= _SINCE, IS_REAL)
        answered = sa.and_(of_them, handoffs.c.decided_at >= _SINCE, _DECISION, _COUNTS, q.STANDS)
        waiting = sa.select(*of_lead).where(of_them, IS_OFFERED, IS_REAL)
        parked = sa.select(leads.c.campaign_id, leads.c.id).where(
            IS_PARKED_LEAD, IS_REAL_LEAD, leads.c.campaign_id.is_not(None), within(leads.c.campaign_id)
        )
        by = (handoffs.c.campaign_id,) if each else ()
        count = sa.func.count(handoffs.c.lead_id.distinct()).label("leads")
        self.handed_over = _counted(
            offered.where(handoffs.c.received_at >= _SINCE, _IS_FIRST_OFFER).union(
                nobody.where(leads.c.created_at >= _SINCE)
            ),
            each=each,
        )
        self.answered = (
            sa.select(*by, handoffs.c.status, count).where(answered).group_by(*by, handoffs.c.status)
        )  # fmt: skip
        self.reasons = (
            sa.select(*by, handoffs.c.reason, count)
            .where(answered, is_word(handoffs.c.status, Status.REJECTED))
            .group_by(*by, handoffs.c.reason)
        )
        self.waiting = _counted(waiting.union(nobody, parked), each=each)
        moved = offered.union(sa.select(*of_lead).where(answered), waiting, nobody, parked).subquery()
        busy = sa.select(moved.c.campaign_id, sa.func.count().label("leads")).group_by(moved.c.campaign_id).subquery()
        self.page = (
            sa.select(campaigns)
            .outerjoin(busy, busy.c.campaign_id == campaigns.c.id)
            .where(within(campaigns.c.id))
            .order_by(sa.func.coalesce(busy.c.leads, 0).desc(), campaigns.c.key)
            .limit(_PAGE["limit"])
            .offset(_PAGE["offset"])
        )
        is_reject = sa.and_(
            of_them, handoffs.c.decided_at >= _SINCE, is_word(handoffs.c.status, Status.REJECTED), IS_REAL
        )
        self.rejects = (
            sa.select(*q.COLUMNS, *LEAD_COLUMNS)
            .join(leads, leads.c.id == handoffs.c.lead_id)
            .where(is_reject)
            .order_by(handoffs.c.decided_at.desc(), handoffs.c.id.desc())
            .limit(_PAGE["limit"])
            .offset(_PAGE["offset"])
        )
        self.count_rejects = sa.select(sa.func.count()).select_from(handoffs).where(is_reject)


def _counted(found: sa.CompoundSelect[Any], *, each: bool) -> sa.Select[Any]:
    rows = found.subquery()
    if each:
        return sa.select(rows.c.campaign_id, sa.func.count().label("leads")).group_by(rows.c.campaign_id)
    return sa.select(sa.func.count(rows.c.lead_id.distinct()).label("leads"))


_THESE = _Statements(lambda column: column.in_(_IDS), each=True)
_OF_OWNERS = _Statements(lambda column: column.in_(sa.select(campaigns.c.id).where(_OWNED)))
_OF_EVERYBODY = _Statements(lambda column: column.is_not(None))
_COUNT_OWNED = sa.select(sa.func.count()).select_from(campaigns).where(_OWNED)
_COUNT_ALL = sa.select(sa.func.count()).select_from(campaigns)


class NumbersOfCampaigns(Repository):
    """`owners`: of the campaigns of these people; None: of all campaigns, also of those that nobody owns."""

    __slots__ = ()

    def of_each(self, campaign_ids: Sequence[str], since: datetime) -> dict[str, CampaignNumbers]:
        """What became of the leads of these campaigns; each of them has numbers."""
        found = {campaign_id: CampaignNumbers() for campaign_id in campaign_ids}
        if not found:
            return found
        ids = {"the_ids": list(found)}
        for row in self._all(_THESE.handed_over, the_instant=since, **ids):
            found[row.campaign_id].handed_over = row.leads
        for row in self._all(_THESE.answered, the_instant=since, **ids):
            _note_answered(found[row.campaign_id], row.status, row.leads)
        for row in self._all(_THESE.reasons, the_instant=since, **ids):
            found[row.campaign_id].reasons[row.reason] = row.leads
        for row in self._all(_THESE.waiting, **ids):
            found[row.campaign_id].waiting = row.leads
        return found

    def in_all(self, owners: Sequence[str] | None, since: datetime) -> CampaignNumbers:
        """What became of the leads of these campaigns together."""
        statements, given_owners = _of(owners)
        numbers = CampaignNumbers(
            handed_over=int(self._value(statements.handed_over, the_instant=since, **given_owners)),
            waiting=int(self._value(statements.waiting, **given_owners)),
        )
        for row in self._all(statements.answered, the_instant=since, **given_owners):
            _note_answered(numbers, row.status, row.leads)
        for row in self._all(statements.reasons, the_instant=since, **given_owners):
            numbers.reasons[row.reason] = row.leads
        return numbers

    def campaigns(self, owners: Sequence[str] | None, since: datetime, limit: int, offset: int) -> list[Campaign]:
        """First those of which most leads moved since the instant or wait now, then by key."""
        statements, given_owners = _of(owners)
        rows = self._all(statements.page, the_instant=since, at_most=limit, skipped=offset, **given_owners)
        return [Campaign(**row._asdict()) for row in rows]

    def count_campaigns(self, owners: Sequence[str] | None) -> int:
        if owners is None:
            return int(self._value(_COUNT_ALL))
        return int(self._value(_COUNT_OWNED, the_owners=list(owners)))

    def rejects(
        self, owners: Sequence[str] | None, since: datetime, limit: int, offset: int
    ) -> list[tuple[Handoff, Lead]]:
        """Rejects of these campaigns' leads: the latest first."""
        statements, given_owners = _of(owners)
        rows = self._all(statements.rejects, the_instant=since, at_most=limit, skipped=offset, **given_owners)
        terms_of = self._tx.agreements.terms_of
        return [(handoff_of(row[: q.WIDTH], terms_of), lead_of(row[q.WIDTH :])) for row in rows]

    def count_rejects(self, owners: Sequence[str] | None, since: datetime) -> int:
        statements, given_owners = _of(owners)
        return int(self._value(statements.count_rejects, the_instant=since, **given_owners))


def _of(owners: Sequence[str] | None) -> tuple[_Statements, dict[str, list[str]]]:
    return (_OF_EVERYBODY, {}) if owners is None else (_OF_OWNERS, {"the_owners": list(owners)})


def _note_answered(numbers: CampaignNumbers, status: Status, count: int) -> None:
    if status is Status.ACCEPTED:
        numbers.accepted = count
    else:
        numbers.rejected = count
