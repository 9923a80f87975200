"""The numbers of this week on Home: one's own, one's campaigns', one's people's, everybody's, and how Lockstep is."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.local_time import local_date, week_start
from bot.domain.person import Person, Role, Side
from bot.domain.post import OutboxStatus
from bot.domain.rights import leads_sales
from bot.services import home_marketing
from bot.services.home_campaigns import CampaignScope, reason_labels
from bot.services.home_marketing import MarketingNumbers
from bot.services.reporting import Scope
from storage.numbers import Decision
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of offers and decisions since an instant, without what was undone."""

    offered: int = 0
    accepted: int = 0
    rejected: int = 0
    median_seconds_to_accept: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepNumbers:
    """`name` is untrusted."""

    name: str
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCampaigns:
    """In leads. `reasons`: labels and how many leads were rejected so, most first; a lead that two rejected may stand
    in two. Labels are untrusted."""

    handed_over: int
    accepted: int
    rejected: int
    waiting: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local day of the week. `name`: `Mon`."""

    name: str
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    numbers: Numbers
    days: tuple[Day, ...]
    """From Monday to today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How Lockstep itself is. `given_up`: messages that need somebody; `sources`: those that may send leads."""

    given_up: int
    unsent: int
    overdue_s: float
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`since`: the local Monday at midnight. None: not for this person."""

    since: datetime
    own: Numbers | None = None
    campaigns: OfCampaigns | None = None
    answers: MarketingNumbers | None = None
    """How marketing answered rejects, and how disputes came out."""
    reps: tuple[RepNumbers, ...] | None = None
    """All whom a manager manages, by name."""
    everybody: Everybody | None = None
    condition: Condition | None = None


def load_week(
    tx: Transaction, person: Person, *, scope: Scope | None = None, campaigns: CampaignScope | None = None
) -> Week:
    """What this person looks at of the week that began on their local Monday."""
    since = week_start(tx.now, person.tz)
    managed = leads_sales(person) and scope is not None
    return Week(
        since=since,
        own=_own(tx, person, since) if person.has(Role.REP) else None,
        campaigns=None if campaigns is None else _of_campaigns(tx, campaigns, since),
        answers=home_marketing.numbers(tx, person, campaigns, since),
        reps=_reps(tx, scope, since) if managed and scope is not None else None,
        everybody=_everybody(tx, person, since) if _sees_everybody(person) and not managed else None,
        condition=_condition(tx) if person.has(Role.ADMIN) else None,
    )


def _sees_everybody(person: Person) -> bool:
    """Leadership, arbiters, and sales managers without people of their own."""
    return person.side is Side.LEADERSHIP or person.has(Role.ARBITER) or leads_sales(person)


def _own(tx: Transaction, person: Person, since: datetime) -> Numbers:
    found = tx.handoffs.day_numbers(person.id, since)
    return Numbers(
        offered=found.offered,
        accepted=found.accepted,
        rejected=found.rejected,
        median_seconds_to_accept=found.median_seconds_to_accept,
    )


def _of_campaigns(tx: Transaction, scope: CampaignScope, since: datetime) -> OfCampaigns:
    numbers = tx.campaign_numbers.in_all(scope.owner_ids, since)
    reasons: Counter[str] = Counter()
    labels = reason_labels(tx)
    for code, leads in numbers.reasons.items():
        reasons[labels.get(code, code)] += leads
    return OfCampaigns(
        handed_over=numbers.handed_over,
        accepted=numbers.accepted,
        rejected=numbers.rejected,
        waiting=numbers.waiting,
        reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def _reps(tx: Transaction, scope: Scope, since: datetime) -> tuple[RepNumbers, ...]:
    reps = [person for person in scope.people if person.has(Role.REP)]
    ids = [person.id for person in reps]
    offered = tx.numbers.offered_to(ids, since)
    decided: dict[str | None, list[Decision]] = {person_id: [] for person_id in ids}
    for decision in tx.numbers.decided_by(ids, since):
        decided[decision.decided_by].append(decision)
    return tuple(
        RepNumbers(name=person.name, numbers=_numbers(offered.get(person.id, 0), decided[person.id])) for person in reps
    )


def _everybody(tx: Transaction, person: Person, since: datetime) -> Everybody:
    decided = tx.numbers.decided(since)
    monday, today = local_date(since, person.tz), local_date(tx.now, person.tz)
    by_day = Counter((local_date(one.decided_at, person.tz), one.accepted) for one in decided)
    days = [monday + timedelta(days=number) for number in range((today - monday).days + 1)]
    return Everybody(
        numbers=_numbers(tx.numbers.offered(since), decided),
        days=tuple(Day(name=f"{day:%a}", accepted=by_day[day, True], rejected=by_day[day, False]) for day in days),
    )


def _numbers(offered: int, decided: Sequence[Decision]) -> Numbers:
    waits = [(one.decided_at - one.offered_at).total_seconds() for one in decided if one.accepted]
    return Numbers(
        offered=offered,
        accepted=len(waits),
        rejected=len(decided) - len(waits),
        median_seconds_to_accept=statistics.median(waits) if waits else None,
    )


def _condition(tx: Transaction) -> Condition:
    counts = tx.outbox.counts()
    due_at = tx.outbox.next_due()
    return Condition(
        given_up=counts.get(OutboxStatus.PARKED, 0),
        unsent=sum(count for status, count in counts.items() if status is not OutboxStatus.PARKED),
        overdue_s=0.0 if due_at is None else max(0.0, (tx.now - due_at).total_seconds()),
        sources=len(tx.sources.all()),
    )
