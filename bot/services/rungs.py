"""Who gets a lead that nobody decided on in time: up the agreement's ladder, to somebody who is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.absence import can_stand_in
from bot.domain.agreement import is_mql
from bot.domain.business_time import is_working
from bot.domain.handoff import End, Handoff, Opened, Status
from bot.domain.ladder import Ladder, Rung, rungs_after
from bot.domain.lead import Lead
from bot.domain.person import Person, Role, Team
from bot.domain.rights import leads_sales
from bot.domain.routing import Unavailable, unavailable
from bot.services import routing
from bot.services.calendars import calendar_of_person
from bot.services.deciders import arbiters
from bot.services.deputies import here_or_deputy
from bot.services.routing import Destination
from bot.services.whereabouts import person_name, pool_name
from storage.transaction import Transaction

ANEW = (Opened.HANDED_OVER, Opened.RECYCLED, Opened.RESENT, Opened.OVERTURNED)
"""With these the ladder begins again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The rung the lead is on now, and where that leads; PARKED: nowhere."""

    rung: Rung
    destination: Destination | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A lead that was left to expire, and what had been tried since it was handed over: the reps who had it, the last
    first, and the pools."""

    lead: Lead
    expired: Handoff
    reps: tuple[str, ...]
    pools: frozenset[str]
    team: Team | None


def next_up(tx: Transaction, lead: Lead, expired: Handoff, ladder: Ladder) -> Next:
    """The first rung after the lead's own at which there is somebody who may have it now. Rows of people and teams are
    locked, and somebody's turn is used, as in routing."""
    case = _case(tx, lead, expired)
    said = _said(tx, expired)
    for rung in rungs_after(ladder, lead.rung):
        found = _FINDERS[rung](tx, case)
        if found is not None:
            return Next(rung=rung, destination=replace(found, because=f"{said} {found.because}"))
    return Next(rung=Rung.PARKED)


def _case(tx: Transaction, lead: Lead, expired: Handoff) -> _Case:
    reps: dict[str, None] = {}
    pools: set[str] = set()
    for handoff in reversed(tx.handoffs.of_lead(lead.id)):
        if handoff.end is not End.UNDONE:
            if handoff.rep_id is not None:
                reps.setdefault(handoff.rep_id)
            if handoff.pool_channel is not None and handoff.status is Status.EXPIRED:
                pools.add(handoff.pool_channel)
        if handoff.opened in ANEW:
            break
    team = tx.teams.get(expired.team_id) if expired.team_id else None
    return _Case(lead=lead, expired=expired, reps=tuple(reps), pools=frozenset(pools), team=team)


def _said(tx: Transaction, expired: Handoff) -> str:
    if expired.is_pool:
        return f"Nobody in {pool_name(tx, expired)} decided in time."
    return f"{person_name(tx, expired.rep_id)} did not decide in time."


def _next_rep(tx: Transaction, case: _Case) -> Destination | None:
    """By the rules, else the one of the team whose turn it is, and nobody who has had it; somebody who works now, if
    there is anybody."""
    had_it = tx.handoffs.held_before(case.lead.id) | set(case.reps)
    if not is_mql(case.expired.terms, case.lead):
        return None
    resting = {one.id for one in tx.people.with_role(Role.REP) if not _works_now(tx, one)}
    for exclude in (had_it | resting, had_it):
        found = routing.next_rep(tx, case.lead, exclude)
        if found is None and case.team is not None and case.expired.is_pool:
            found = routing.to_team(tx, case.team.id, exclude=exclude)
        if found is not None:
            return found
    return None


def _works_now(tx: Transaction, person: Person) -> bool:
    return is_working(calendar_of_person(tx, person), tx.now)


def _first_at_work(tx: Transaction, found: Sequence[tuple[Person, Destination]]) -> Destination | None:
    """The first of them who works now, else the first."""
    at_work = (destination for person, destination in found if _works_now(tx, person))
    return next(at_work, found[0][1] if found else None)


def _pool(tx: Transaction, case: _Case) -> Destination | None:
    """The pool of the team, else the fallback pool, if it was in neither yet and somebody there may take it."""
    team = case.team
    if team is not None and team.pool_channel is not None and team.pool_channel not in case.pools:
        members = [member.person for member in tx.teams.members(team.id)]
        if _anybody_free(tx, members):
            because = "Now whoever accepts first in this pool has it"
            return Destination(team_id=team.id, pool_channel=team.pool_channel, because=because)
    fallback = tx.config.fallback_channel
    if fallback is None or fallback in case.pools:
        return None
    everybody = tx.people.all()
    managers = [one for one in everybody if leads_sales(one) and can_stand_in(one, tx.now)]
    if managers or _anybody_free(tx, [one for one in everybody if one.has(Role.REP)]):
        return Destination(pool_channel=fallback, because="Now whoever accepts first in this pool has it")
    return None


def _anybody_free(tx: Transaction, people: Sequence[Person]) -> bool:
    """Whether one of them is there; a cap that is reached now is room again after the next decision."""
    return any(unavailable(one, 0, tx.now) in (None, Unavailable.OVER_CAP) for one in people)


def _managers_manager(tx: Transaction, case: _Case) -> Destination | None:
    """The manager's manager, else the manager's deputy, or whoever stands in for them."""
    manager = _manager(tx, case)
    if manager is None:
        return None
    above = tx.people.get(manager.manager_id) if manager.manager_id else None
    deputy = tx.people.get(manager.deputy_id) if manager.deputy_id else None
    candidates = []
    for one, what in ((above, "manager"), (deputy, "deputy")):
        found = here_or_deputy(tx, one) if one is not None else None
        if found is not None and found.id not in case.reps and found.id != manager.id:
            candidates.append((found, _escalated(case, found, one, f"You are the {what} of {manager.name}")))
    return _first_at_work(tx, candidates)


def _manager(tx: Transaction, case: _Case) -> Person | None:
    """Of the rep who had it last and has a manager; where only pools had it, of most of the pool's people; of the
    fallback pool the first sales manager by name."""
    for rep_id in case.reps:
        rep = tx.people.get(rep_id)
        manager = tx.people.get(rep.manager_id) if rep is not None and rep.manager_id else None
        if manager is not None:
            return manager
    if case.team is not None:
        of_members = Counter(
            member.person.manager_id for member in tx.teams.members(case.team.id) if member.person.manager_id
        )
        for manager_id, _ in sorted(of_members.items(), key=lambda one: (-one[1], one[0])):
            return tx.people.get(manager_id)
    return next((one for one in tx.people.with_role(Role.MANAGER) if leads_sales(one)), None)


def _arbiter(tx: Transaction, case: _Case) -> Destination | None:
    candidates = []
    for one in arbiters(tx):
        found = here_or_deputy(tx, one)
        if found is not None and found.id not in case.reps:
            candidates.append((found, _escalated(case, found, one, "You are the arbiter")))
    return _first_at_work(tx, candidates)


def _escalated(case: _Case, found: Person, meant: Person | None, why: str) -> Destination:
    if meant is not None and found.id != meant.id:
        why = f"{why.replace('You are', f'{meant.name} is')}, and you stand in for them"
    return Destination(rep_id=found.id, team_id=case.expired.team_id, because=f"{why}: accept it, or give it to a rep")


_FINDERS = {
    Rung.NEXT_REP: _next_rep,
    Rung.POOL: _pool,
    Rung.MANAGERS_MANAGER: _managers_manager,
    Rung.ARBITER: _arbiter,
}
