"""What only managers' Home lists: waiting offers and accepted leads, of their people or of all teams."""

from __future__ import annotations

from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.person import Person
from bot.services.due import dues_of
from bot.services.home_rows import PAGE, AcceptedList, HomeList, HomeRow, row_of, within
from bot.services.reporting import Scope
from storage.transaction import Transaction


def waiting(tx: Transaction, page: int, scope: Scope | None) -> HomeList:
    """Open offers, of the people in `scope` and in their teams' pools: the longest waiting first."""
    if scope is None:
        total = tx.handoffs.count_waiting()
    else:
        total = tx.handoffs.count_waiting_with(scope.person_ids, scope.team_ids)
    page = within(page, total)
    if scope is None:
        rows = tx.handoffs.waiting(PAGE, page * PAGE)
    else:
        rows = tx.handoffs.waiting_with(scope.person_ids, scope.team_ids, PAGE, page * PAGE)
    dues = dues_of(tx, CountdownKind.ACCEPT, [handoff.id for handoff, _ in rows], "UTC")
    return HomeList(
        rows=tuple(
            row_of(tx, handoff, lead, since=handoff.offered_at, for_manager=True, due=dues.get(handoff.id))
            for handoff, lead in rows
        ),
        total=total,
        page=page,
    )


def accepted(tx: Transaction, page: int, scope: Scope | None) -> AcceptedList:
    """Accepted leads that are still worked: first those of people who are away, deactivated or off the roster, of
    each the last accepted first."""
    absent = {person.id: person for person in tx.people.absent()}
    if scope is not None:
        absent = {person.id: absent[person.id] for person in scope.people if person.id in absent}
    ids = list(absent)
    left_behind = tx.handoffs.count_owned_by_absent(ids)
    skipped = page * PAGE
    found = tx.handoffs.owned_by_absent(ids, PAGE + 1, skipped) if skipped < left_behind else []
    if len(found) <= PAGE:
        found += _others(tx, ids, scope, PAGE + 1 - len(found), max(0, skipped - left_behind))
    if page and not found:
        return accepted(tx, 0, scope)
    rows = tuple(_accepted(tx, handoff, lead, absent.get(handoff.rep_id or "")) for handoff, lead in found[:PAGE])
    return AcceptedList(rows=rows, page=page, more=len(found) > PAGE, left_behind=left_behind)


def _others(
    tx: Transaction, absent: list[str], scope: Scope | None, limit: int, skipped: int
) -> list[tuple[Handoff, Lead]]:
    if scope is None:
        return tx.handoffs.owned_by_others(absent, limit, skipped)
    there = [person_id for person_id in scope.person_ids if person_id not in absent]
    return tx.handoffs.owned_by_absent(there, limit, skipped)


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
