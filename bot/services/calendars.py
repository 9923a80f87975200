"""When people and teams work, with the public holidays of where they are."""

from __future__ import annotations

from datetime import date

from bot.domain import business_time
from bot.domain.business_time import Calendar
from bot.domain.countdown import CountdownKind, Running
from bot.domain.person import Person, Role, Team
from bot.domain.working_hours import dates_off, week_of
from storage.transaction import Transaction

_WHO_ACTS = {
    CountdownKind.ANSWER_REJECT: Role.MARKETER,
    CountdownKind.ANSWER_NOTE: Role.MARKETER,
    CountdownKind.SETTLE: Role.MANAGER,
}
"""Of the others: reps."""


def calendar_of_person(tx: Transaction, person: Person) -> Calendar:
    """When the person works, as they are given here: the row may have changed since."""
    return business_time.calendar_of(person, _holidays(tx, person.country, person.subdivision))


def holidays_of(tx: Transaction, person: Person) -> frozenset[date]:
    """The public holidays the person has, local dates."""
    return _holidays(tx, person.country, person.subdivision)


def calendar_of_team(tx: Transaction, team_id: str | None) -> Calendar:
    """When the team's pool works; None: the fallback pool, which is everybody's."""
    team = tx.teams.get(team_id) if team_id else None
    return calendar_of_pool(tx, team)


def calendar_of_pool(tx: Transaction, team: Team | None) -> Calendar:
    """As calendar_of_team, of a team as given here. Where no zone is set, it is that of most of its reps."""
    if team is None:
        return _usual(tx, Role.REP)
    tz = team.tz or tx.people.usual_zone(Role.REP, team.id) or "UTC"
    return Calendar(
        tz=tz,
        week=week_of(team.hours),
        holidays=_holidays(tx, team.country, team.subdivision),
        days_off=dates_off(team.days_off),
    )


def calendar_of(tx: Transaction, running: Running) -> Calendar:
    """The calendar a countdown runs on: where it has neither owner nor team, the usual hours in the zone of most of
    those who must act."""
    owner = tx.people.get(running.owner_id) if running.owner_id else None
    if owner is not None:
        return calendar_of_person(tx, owner)
    if running.team_id is None and running.kind in _WHO_ACTS:
        return _usual(tx, _WHO_ACTS[running.kind])
    return calendar_of_team(tx, running.team_id)


def _usual(tx: Transaction, role: Role) -> Calendar:
    return Calendar(tz=tx.people.usual_zone(role, None) or "UTC")


def _holidays(tx: Transaction, country: str | None, subdivision: str | None) -> frozenset[date]:
    """None of a place the holidays' data has dropped since it was written down: nobody's clock stops for that."""
    if country is None or tx.holidays.mistake(country, subdivision) is not None:
        return frozenset()
    return tx.holidays.dates(country, subdivision, tx.now.date())
