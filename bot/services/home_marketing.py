"""What Home lists of marketing's answers and of disputes: what waits for one, what one raised, this week's counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.countdown import CountdownKind
from bot.domain.dispute import Dispute, DisputeState
from bot.domain.person import Person, Role
from bot.domain.rights import manages_marketing
from bot.services import deciders, home_campaigns, home_notes
from bot.services.answering_several import WaitingReject, waiting_row
from bot.services.deputies import in_place_of
from bot.services.dispute_messages import DisputeShown, shown
from bot.services.due import DueShown, due_of
from bot.services.home_campaigns import CampaignScope
from bot.services.home_rows import PAGE, Paged, within
from storage.campaign_alerts import AlertNumbers
from storage.disputes import DisputeNumbers
from storage.note_lists import NoteNumbers
from storage.reject_answers import AnswerNumbers
from storage.transaction import Transaction

SPAN = timedelta(days=30)
"""How far back what one raised is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerList(Paged):
    """Rejects that wait for an answer of marketing, the longest waiting first."""

    rows: tuple[WaitingReject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRow:
    """One dispute. `due`: until when the managers have to settle it."""

    case_id: str
    dispute: DisputeShown
    due: DueShown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeList(Paged):
    """`rows`: what waits for this person's opinion or ruling, or what they raised."""

    rows: tuple[DisputeRow, ...]


NO_DISPUTES = DisputeList(rows=(), total=0, page=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingNumbers:
    """Since Monday. `disputes`, `notes` None: not for this person."""

    answers: AnswerNumbers
    disputes: DisputeNumbers | None
    alerts: AlertNumbers
    """Campaign alerts sales was told of, and how many as early as agreed."""
    notes: NoteNumbers | None = None


def list_answers(tx: Transaction, person: Person, scope: CampaignScope | None, page: int) -> AnswerList | None:
    """What waits for an answer: a marketer's own, a manager's people's, of whoever they stand in for. None for whoever
    has nothing to do with campaigns."""
    scope = _scope(tx, person, scope)
    if scope is None:
        return None
    total = tx.reject_answers.count_waiting(scope.owner_ids)
    page = within(page, total)
    found = tx.reject_answers.waiting(scope.owner_ids, PAGE, page * PAGE) if total else []
    rows = tuple(row for one in found if (row := waiting_row(tx, one)) is not None)
    return AnswerList(rows=rows, total=total, page=page)


def list_waiting(tx: Transaction, person: Person, page: int) -> DisputeList:
    """What waits for this person to say what they think of it, or to rule, in their own name or for an absent one."""
    names = deciders.acting_for(tx, person)
    rules = any(one.id in names for one in deciders.arbiters(tx))
    total = tx.disputes.count_waiting_for(names, rules=rules)
    page = within(page, total)
    found = tx.disputes.waiting_for(names, PAGE, page * PAGE, rules=rules) if total else []
    return DisputeList(rows=_rows(tx, found), total=total, page=page)


def list_raised(tx: Transaction, person: Person, page: int) -> DisputeList:
    """What this person raised lately, and where it stands: the latest first."""
    since = tx.now - SPAN
    total = tx.disputes.count_raised_by(person.id, since)
    page = within(page, total)
    found = tx.disputes.raised_by(person.id, since, PAGE, page * PAGE) if total else []
    return DisputeList(rows=_rows(tx, found), total=total, page=page)


def numbers(
    tx: Transaction, person: Person, scope: CampaignScope | None, since: datetime
) -> MarketingNumbers | None:  # fmt: skip
    """How marketing answered, and for managers how disputes came out; None for whoever neither answers nor settles."""
    sees_disputes = person.has(Role.MANAGER) or person.has(Role.ARBITER)
    if scope is None and not sees_disputes:
        return None
    return MarketingNumbers(
        answers=tx.reject_answers.numbers(scope.owner_ids if scope is not None else None, since),
        disputes=tx.disputes.numbers(since) if sees_disputes else None,
        alerts=tx.campaign_alerts.numbers(since, scope.owner_ids if scope is not None else None),
        notes=home_notes.numbers(tx, person, since),
    )


def _scope(tx: Transaction, person: Person, own: CampaignScope | None) -> CampaignScope | None:
    """Theirs, and that of the absent ones of marketing whose place they take."""
    absent = in_place_of(tx, person, lambda one: manages_marketing(one) or one.has(Role.MARKETER))
    scopes = [one for one in (own, *(home_campaigns.campaigns_of(tx, each) for each in absent)) if one is not None]
    if not scopes:
        return None
    owners: set[str] = set()
    for one in scopes:
        if one.owner_ids is None:
            return one
        owners |= set(one.owner_ids)
    return CampaignScope(owner_ids=tuple(sorted(owners)))


def _rows(tx: Transaction, found: list[Dispute]) -> tuple[DisputeRow, ...]:
    return tuple(
        DisputeRow(
            case_id=one.case_id,
            dispute=shown(tx, one),
            due=due_of(tx, CountdownKind.SETTLE, one.case_id) if one.state is DisputeState.WITH_MANAGERS else None,
        )
        for one in found
    )
