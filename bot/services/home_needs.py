"""What waits for a decision of one person, across kinds: what is due first."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.person import Person, Role
from bot.domain.rights import leads_sales
from bot.services.due import dues_of
from bot.services.home_rows import PAGE, HomeRow, NeedsList, ParkedList, ParkedRow, UnroutedRow, row_of, within
from bot.services.naming import lead_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of what can wait: how many do, and at most so many of them after the first so many, in order."""

    count: int
    rows: Callable[[int, int], list[HomeRow | UnroutedRow]]


def load_needs(tx: Transaction, person: Person, page: int, *, manages: bool) -> NeedsList:
    """Leads offered to this person or in a pool of theirs; with `manages` also leads that nobody could be offered.

    Costs what is shown, and with several kinds at once what stands before it: never what was.
    """
    kinds = [kind for kind in (_offers(tx, person, manages=manages), _unrouted(tx, manages=manages)) if kind.count]
    total = sum(kind.count for kind in kinds)
    page = within(page, total)
    first = page * PAGE
    if len(kinds) == 1:
        rows = kinds[0].rows(PAGE, first)
    else:
        every = heapq.merge(*(kind.rows(first + PAGE, 0) for kind in kinds), key=lambda row: row.orders_by)
        rows = list(islice(every, first, first + PAGE))
    return NeedsList(rows=tuple(rows), total=total, page=page)


def pools_of(tx: Transaction, person: Person) -> list[str]:
    """The pool channels from which this person may take leads."""
    channels: list[str] = []
    if person.has(Role.REP):
        channels += [team.pool_channel for team in tx.teams.of_person(person.id) if team.pool_channel]
    if tx.config.fallback_channel and (person.has(Role.REP) or leads_sales(person)):
        channels.append(tx.config.fallback_channel)
    return channels


def _offers(tx: Transaction, person: Person, *, manages: bool) -> _Kind:
    channels = pools_of(tx, person)

    def rows(limit: int, skipped: int) -> list[HomeRow | UnroutedRow]:
        found: list[tuple[Handoff, Lead]] = tx.handoffs.needs(person.id, channels, limit, skipped)
        dues = dues_of(tx, CountdownKind.ACCEPT, [handoff.id for handoff, _ in found], person.tz)
        return [
            row_of(tx, handoff, lead, since=handoff.offered_at, unmasked=manages, due=dues.get(handoff.id))
            for handoff, lead in found
        ]

    return _Kind(tx.handoffs.count_needs(person.id, channels), rows)


def _unrouted(tx: Transaction, *, manages: bool) -> _Kind:
    def rows(limit: int, skipped: int) -> list[HomeRow | UnroutedRow]:
        return [
            UnroutedRow(
                lead_id=lead.id,
                name=lead_name(lead),
                title=lead.title,
                company=lead.company,
                priority=lead.priority,
                since=lead.created_at,
            )
            for lead in tx.leads.unrouted(limit, skipped)
        ]

    return _Kind(tx.leads.count_unrouted() if manages else 0, rows)


def load_parked(tx: Transaction, page: int) -> ParkedList:
    """Leads at the end of the ladder, for a manager to assign: the longest parked first."""
    total = tx.leads.count_parked()
    page = within(page, total)
    return ParkedList(
        rows=tuple(
            ParkedRow(
                lead_id=lead.id,
                name=lead_name(lead),
                title=lead.title,
                company=lead.company,
                priority=lead.priority,
                since=lead.updated_at,
            )
            for lead in tx.leads.parked(PAGE, page * PAGE)
        ),
        total=total,
        page=page,
    )
