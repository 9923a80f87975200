"""What only managers' Home lists: leads that nobody could be offered, waiting offers, accepted leads."""

from __future__ import annotations

from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.person import Person
from bot.services.home_rows import PAGE, AcceptedList, HomeList, HomeRow, UnroutedList, UnroutedRow, row_of, within
from bot.services.naming import lead_name
from storage.transaction import Transaction


def unrouted(tx: Transaction, page: int) -> UnroutedList:
    """Leads that nobody could be offered: the oldest first."""
    total = tx.leads.count_unrouted()
    page = within(page, total)
    rows = tuple(
        UnroutedRow(
            lead_id=lead.id,
            name=lead_name(lead),
            title=lead.title,
            company=lead.company,
            priority=lead.priority,
            since=lead.created_at,
        )
        for lead in tx.leads.unrouted(PAGE, page * PAGE)
    )
    return UnroutedList(rows=rows, total=total, page=page)


def waiting(tx: Transaction, page: int) -> HomeList:
    """Open offers: the longest waiting first."""
    total = tx.handoffs.count_waiting()
    page = within(page, total)
    rows = tx.handoffs.waiting(PAGE, page * PAGE)
    return HomeList(
        rows=tuple(row_of(tx, handoff, lead, since=handoff.offered_at, for_manager=True) for handoff, lead in rows),
        total=total,
        page=page,
    )


def accepted(tx: Transaction, page: int) -> AcceptedList:
    """Accepted leads that are still worked: first those of people who are away, deactivated or off the roster, of
    each the last accepted first."""
    absent = {person.id: person for person in tx.people.absent()}
    ids = list(absent)
    left_behind = tx.handoffs.count_owned_by_absent(ids)
    skipped = page * PAGE
    found = tx.handoffs.owned_by_absent(ids, PAGE + 1, skipped) if skipped < left_behind else []
    if len(found) <= PAGE:
        found += tx.handoffs.owned_by_others(ids, PAGE + 1 - len(found), max(0, skipped - left_behind))
    if page and not found:
        return accepted(tx, 0)
    rows = tuple(_accepted(tx, handoff, lead, absent.get(handoff.rep_id or "")) for handoff, lead in found[:PAGE])
    return AcceptedList(rows=rows, page=page, more=len(found) > PAGE, left_behind=left_behind)


def _accepted(tx: Transaction, handoff: Handoff, lead: Lead, absent: Person | None) -> HomeRow:
    absence = None if absent is None else _absence(absent)
    since = handoff.decided_at or handoff.offered_at
    return row_of(tx, handoff, lead, since=since, for_manager=True, absence=absence)


def _absence(person: Person) -> str:
    if not person.on_roster:
        return "not on the roster any more"
    if person.flags.is_deleted:
        return "deactivated in Slack"
    if person.flags.may_never_act:
        return "no member of this Slack any more"
    return "away"
