"""People: who clicked, who is away, and when Slack is asked about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.local_time import MORNING, instant_of, local_date, parse_date, spoken
from bot.domain.person import Person, Role
from bot.domain.post import OutboxKind, PostRole, Subject, TimerKind
from bot.domain.rights import Clicker
from bot.errors import FormError, NotAllowed, PersonUnknown
from bot.services import briefs, countdowns, posting, unrouted
from bot.services.deputies import deputies_along, stands_in_for
from storage.transaction import Transaction

REFRESH_EVERY = timedelta(hours=6)
"""How often Slack is asked about the whole roster: four times within the day the flags are believed."""
ROSTER_LANE = "roster"
LONGEST_ABSENCE = timedelta(days=366)


def clicker(tx: Transaction, slack_id: str) -> Clicker:
    """The person behind a click, whose right to act at all is confirmed.

    Raises PersonUnknown when Slack's flags are unknown or stale, NotAllowed for guests, people of other
    organisations, deactivated people, apps and people who are not on the roster.
    """
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.flags.is_known(tx.now):
        raise PersonUnknown(slack_id)
    if person.flags.may_never_act:
        raise NotAllowed("Guests, apps and people outside this workspace cannot use Lockstep.")
    if not person.on_roster:
        raise NotAllowed(f"You are not on Lockstep's roster yet. {ask_whom(tx)}")
    teams = tx.teams.of_person(person.id)
    return Clicker(
        person=person, team_ids=frozenset(team.id for team in teams), stands_in_for=stands_in_for(tx, person)
    )


def ask_whom(tx: Transaction) -> str:
    """A sentence that names an admin who can add them, or says who could become the first one."""
    named = tx.people.get(tx.config.admin_id) if tx.config.admin_id else None
    admins = [one for one in tx.people.with_role(Role.ADMIN) if not one.flags.may_never_act]
    if named is not None and named.on_roster and (named in admins or not admins) and not named.flags.may_never_act:
        return f"Please ask {named.name} to add you."
    if admins:
        return f"Please ask {admins[0].name} to add you."
    return "An owner or admin of this Slack workspace has to set me up first, on my Home tab."


def set_away(tx: Transaction, by: str, back_on: str | None) -> Person:
    """`by` (Slack id) is away from now on; leads pass them over. They are back at 9:00 local on `back_on`
    (ISO date), or when they say so. Raises FormError(back_on) unless it is a date after today, within a year."""
    person = clicker(tx, by).person
    return go_away(tx, person, back_on, actor=person.id)


def set_away_with_deputy(tx: Transaction, by: str, back_on: str | None, deputy_id: str | None) -> Person:
    """As set_away, and `deputy_id` stands in for them, now and later; None: nobody. Raises FormError(deputy), too."""
    person = clicker(tx, by).person
    if deputy_id != person.deputy_id:
        deputy = tx.people.get(deputy_id) if deputy_id else None
        if deputy_id and (deputy is None or not deputy.on_roster or deputy.id == person.id):
            raise FormError({"deputy": "Choose somebody else who is on the roster."})
        tx.people.set_deputy(person.id, deputy_id)
        tx.events.add("person.deputy", actor=person.id, origin="slack", data={"deputy": deputy_id})
        person = replace(person, deputy_id=deputy_id)
    return go_away(tx, person, back_on, actor=person.id)


def go_away(tx: Transaction, person: Person, back_on: str | None, *, actor: str) -> Person:
    """`person` is away from now on, as set_away; `actor` says so. Somebody else who says it makes an absence longer,
    never shorter, and the person is told. Raises FormError(back_on)."""
    until = None
    if back_on:
        day = parse_date(back_on)
        today = local_date(tx.now, person.tz)
        if day is None or not today < day <= today + LONGEST_ABSENCE:
            raise FormError({"back_on": "Choose a day after today and within a year, for example next Monday."})
        until = instant_of(day, MORNING, person.tz)
    if actor != person.id:
        _refuse_sooner(person, until)
    tx.people.set_away(person.id, person.away_since or tx.now, until)
    if until is None:
        tx.timers.cancel(TimerKind.BACK, person.id)
    else:
        tx.timers.set(TimerKind.BACK, person.id, until)
    briefs.days_changed(tx, person.id)
    away = replace(person, away_since=person.away_since or tx.now, away_until=until)
    countdowns.replan_person(tx, person, away)
    tx.events.add("person.away", actor=actor, origin="slack", data={"until": back_on, "person": person.id})
    posting.sync_home(tx, person.id)
    _show_who_stands_in(tx, person)
    if actor != person.id:
        _tell_that_away(tx, person, until, actor)
    return away


def _refuse_sooner(person: Person, until: datetime | None) -> None:
    if not person.is_away or until is None:
        return
    if person.away_until is None:
        raise FormError({"back_on": f"{person.name} is away until they say otherwise. Leave this empty."})
    if until < person.away_until:
        theirs = spoken(local_date(person.away_until, person.tz))
        raise FormError(
            {"back_on": f"{person.name} is away until {theirs} already. Leave this empty, or choose later."}
        )


def _tell_that_away(tx: Transaction, person: Person, until: datetime | None, actor: str) -> None:
    place = posting.reads(person)
    by = tx.people.get(actor)
    if place is None or by is None:
        return
    when = f" until {spoken(local_date(until, person.tz))}" if until else ""
    text = (
        f"{by.name} marked you away{when}, so no leads are offered to you. If you are here, press I am back on Home, "
        "or type /lockstep back."
    )
    data: dict[str, object] = {"title": "You are marked away", "text": text}
    posting.say(tx, Subject.ALERT, tx.new_id(), place, PostRole.NOTICE, None, data)


def set_back(tx: Transaction, by: str) -> Person:
    """`by` (Slack id) is offered leads again."""
    person = clicker(tx, by).person
    come_back(tx, person.id, actor=person.id, origin="slack")
    return replace(person, away_since=None, away_until=None)


def come_back(tx: Transaction, person_id: str, *, actor: str, origin: str) -> None:
    """The person is offered leads again; nothing happens when they were not away."""
    person = tx.people.lock(person_id)
    if person is None or not person.is_away:
        return
    tx.people.set_away(person_id, None, None)
    tx.timers.cancel(TimerKind.BACK, person_id)
    briefs.came_back(tx, person_id)
    countdowns.replan_person(tx, person, replace(person, away_since=None, away_until=None))
    tx.events.add("person.back", actor=actor, origin=origin, data={"person": person_id})
    unrouted.try_soon(tx, unrouted.SOMEBODY_IS_BACK)
    posting.sync_home(tx, person_id)
    _show_who_stands_in(tx, person)


def _show_who_stands_in(tx: Transaction, person: Person) -> None:
    """The Home of whoever stands in, or did, says so, or does no longer."""
    for deputy in deputies_along(tx, person):
        posting.sync_home(tx, deputy.id)


def queue_refresh(tx: Transaction, slack_id: str) -> None:
    """Slack is asked about this account."""
    tx.outbox.add(OutboxKind.REFRESH_PERSON, slack_id, "people")


def queue_refresh_of_all(tx: Transaction) -> None:
    """Slack is asked about everybody on the roster, and again every six hours. In a lane of its own, so that who
    clicks is asked about at once, however long the roster is."""
    tx.outbox.add(OutboxKind.REFRESH_PEOPLE, tx.now.isoformat(), ROSTER_LANE)
    tx.timers.set(TimerKind.REFRESH_PEOPLE, "all", tx.now + REFRESH_EVERY)


def reps(tx: Transaction) -> list[Person]:
    """The reps of the roster by name."""
    return sorted(tx.people.with_role(Role.REP), key=lambda person: person.name.casefold())
