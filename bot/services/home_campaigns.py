"""What marketers' Home lists: their campaigns with what became of the leads, and what sales rejected lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.config import Campaign
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead, Priority
from bot.domain.person import Person, Role
from bot.domain.rights import manages_marketing
from bot.services.cards import crm_url, follow_up
from bot.services.home_rows import PAGE, Paged, within
from bot.services.naming import lead_name
from bot.services.reporting import people_of
from bot.services.whereabouts import person_name, whereabouts
from storage.campaign_numbers import CampaignNumbers
from storage.transaction import Transaction

SPAN = timedelta(days=30)
"""How far back the lists look: longer than a lead waits, short enough to be remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """One campaign, in leads of the last 30 days; `waiting` is of now. Names and labels are untrusted."""

    id: str = ""
    name: str
    owner: str | None
    """Set where the reader also sees campaigns of others; empty for one that nobody owns."""
    handed_over: int
    accepted: int
    rejected: int
    top_reason: str | None
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignList(Paged):
    rows: tuple[CampaignRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRow:
    """One reject of a campaign's lead. All text is untrusted. `where`: what became of the lead since."""

    handoff_id: str
    name: str
    title: str | None
    company: str | None
    priority: Priority
    campaign: str
    reason: str
    follow_up: str | None
    comment: str | None
    rejected_by: str
    rejected_at: datetime
    where: str
    crm_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectList(Paged):
    rows: tuple[RejectRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignScope:
    """The campaigns somebody looks after: those of these people; `owner_ids` None: all there are."""

    owner_ids: tuple[str, ...] | None


def campaigns_of(tx: Transaction, person: Person) -> CampaignScope | None:
    """The campaigns this person looks after: a marketer's own; a marketing manager's own and those of their people, of
    everybody where they have none. None for whoever has nothing to do with campaigns."""
    if not manages_marketing(person):
        has_own = person.has(Role.MARKETER) or tx.campaign_numbers.count_campaigns([person.id]) > 0
        return CampaignScope(owner_ids=(person.id,)) if has_own else None
    people = people_of(tx, person.id)
    return CampaignScope(owner_ids=(person.id, *(one.id for one in people)) if people else None)


def list_campaigns(tx: Transaction, person: Person, scope: CampaignScope, page: int) -> CampaignList:
    """First those with most leads in the last 30 days."""
    since, counted = tx.now - SPAN, tx.campaign_numbers
    total = counted.count_campaigns(scope.owner_ids)
    page = within(page, total)
    shown = counted.campaigns(scope.owner_ids, since, PAGE, page * PAGE)
    numbers = counted.of_each([campaign.id for campaign in shown], since)
    labels = reason_labels(tx)
    others = counted.count_campaigns([person.id]) != total
    return CampaignList(
        rows=tuple(_row(tx, campaign, numbers[campaign.id], labels, others=others) for campaign in shown),
        total=total,
        page=page,
    )


def list_rejects(tx: Transaction, scope: CampaignScope, page: int) -> RejectList:
    """What sales rejected of these campaigns' leads in the last 30 days: the latest first."""
    since = tx.now - SPAN
    total = tx.campaign_numbers.count_rejects(scope.owner_ids, since)
    page = within(page, total)
    found = tx.campaign_numbers.rejects(scope.owner_ids, since, PAGE, page * PAGE)
    known = tx.campaigns.get_many(handoff.campaign_id for handoff, _ in found if handoff.campaign_id)
    names = {campaign.id: campaign.name for campaign in known.values()}
    rows = tuple(_reject(tx, handoff, lead, names.get(handoff.campaign_id or "", "")) for handoff, lead in found)
    return RejectList(rows=rows, total=total, page=page)


def reason_labels(tx: Transaction) -> dict[str, str]:
    """How the agreement in force calls its reasons, by code."""
    return {reason.code: reason.label for reason in tx.agreements.in_force().terms.reasons}


def _row(
    tx: Transaction, campaign: Campaign, numbers: CampaignNumbers, labels: dict[str, str], *, others: bool
) -> CampaignRow:
    reasons = numbers.reasons
    top = max(reasons, key=lambda code: (reasons[code], code), default=None)
    owner = None
    if others:
        owner = person_name(tx, campaign.owner_id) if campaign.owner_id else ""
    return CampaignRow(
        id=campaign.id,
        name=campaign.name,
        owner=owner,
        handed_over=numbers.handed_over,
        accepted=numbers.accepted,
        rejected=numbers.rejected,
        top_reason=None if top is None else labels.get(top, top),
        waiting=numbers.waiting,
    )


def _reject(tx: Transaction, handoff: Handoff, lead: Lead, campaign: str) -> RejectRow:
    rejection = handoff.rejection
    reason = handoff.terms.reason(rejection.reason) if rejection else None
    return RejectRow(
        handoff_id=handoff.id,
        name=lead_name(lead),
        title=lead.title,
        company=lead.company,
        priority=handoff.priority,
        campaign=campaign,
        reason=reason.label if reason else rejection.reason if rejection else "",
        follow_up=follow_up(tx, handoff, masked=False),
        comment=rejection.comment if rejection else None,
        rejected_by=person_name(tx, handoff.decided_by),
        rejected_at=handoff.decided_at or handoff.offered_at,
        where=whereabouts(tx, lead),
        crm_url=crm_url(tx, lead),
    )
