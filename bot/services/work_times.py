"""Working hours: what the form shows of a person or a team, and what follows when they are changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.countdown import Running
from bot.domain.countries import country_name
from bot.domain.local_time import local_date, local_time, spoken
from bot.domain.person import Person, Team
from bot.domain.post import TimerKind
from bot.domain.work_times import WorkTimes, Written, read_work_times, spoken_times, stored_hours
from bot.domain.working_hours import week_of
from bot.errors import FormError, NotFound
from bot.services import briefs, countdowns, people, posting, set_up_changes
from bot.services.calendars import calendar_of_pool
from bot.services.editing import refuse_unless_same
from bot.services.people import clicker
from storage.transaction import Transaction

HOLIDAYS_SHOWN = 4


class Whose(StrEnum):
    """Whose hours a form is about."""

    MINE = "mine"
    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursForm:
    """`id` of the person, or the team's key; `name` is untrusted. `tz_now`: the zone in force where none is set.
    `next_holidays`: date and name of the next public holidays."""

    whose: Whose
    id: str
    seen: str
    name: str
    times: WorkTimes
    tz_now: str
    next_holidays: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveHours:
    """`by` is the Slack id from the signed request; `id` and `seen` came back from the client and are not trusted."""

    by: str
    whose: Whose
    id: str
    seen: str
    written: Written


def times_of(person: Person) -> WorkTimes:
    """When a person works, as it is set."""
    return WorkTimes(
        tz=None if person.tz_follows_slack else person.tz,
        week=week_of(person.hours),
        days_off=person.days_off,
        country=person.country,
        subdivision=person.subdivision,
    )


def times_of_team(team: Team) -> WorkTimes:
    """When a team's pool works, as it is set."""
    return WorkTimes(
        tz=team.tz,
        week=week_of(team.hours),
        days_off=team.days_off,
        country=team.country,
        subdivision=team.subdivision,
    )


def spoken_hours(person: Person) -> str:
    """`Mon to Fri 09:00-17:00, Lisbon, holidays of Portugal`."""
    return spoken_times(times_of(person), person.tz, country_name(person.country) if person.country else None)


def my_hours(tx: Transaction, by: str) -> HoursForm:
    """One's own. Raises NotAllowed, PersonUnknown."""
    return _form(tx, Whose.MINE, clicker(tx, by).person)


def hours_of_person(tx: Transaction, person_id: str, by: str) -> HoursForm:
    """Somebody's, for admins. Raises NotAllowed, PersonUnknown, NotFound."""
    set_up_changes.admin(tx, by)
    return _form(tx, Whose.PERSON, _on_roster(tx.people.get(person_id)))


def hours_of_team(tx: Transaction, key: str, by: str) -> HoursForm:
    """A team's, for admins. Raises NotAllowed, PersonUnknown, NotFound."""
    set_up_changes.admin(tx, by)
    team = _present(tx.teams.by_key(key))
    times = times_of_team(team)
    return HoursForm(
        whose=Whose.TEAM,
        id=team.key,
        seen=set_up_changes.seen(times),
        name=team.name,
        times=times,
        tz_now=calendar_of_pool(tx, team).tz,
        next_holidays=_next_holidays(tx, times, calendar_of_pool(tx, team).tz),
    )


def save_hours(tx: Transaction, command: SaveHours) -> str:
    """The hours are as they were written; every window that runs on them is planned anew. A sentence that says so, and
    what moved.

    Raises NotAllowed, PersonUnknown, NotFound, Refused when somebody changed them meanwhile, and FormError by field:
    tz, hours_mon to hours_sun, country, subdivision, days_off.
    """
    if command.whose is Whose.TEAM:
        return _save_team(tx, command)
    if command.whose is Whose.MINE:
        actor = clicker(tx, command.by).person
        before = _on_roster(tx.people.get(actor.id))
    else:
        actor = set_up_changes.change(tx, command.by)
        before = _on_roster(tx.people.get(command.id))
    times = _read(tx, command, times_of(before))
    return _save_person(tx, before, times, actor)


def _save_person(tx: Transaction, before: Person, times: WorkTimes, actor: Person) -> str:
    mine = actor.id == before.id
    whose = "Your hours are" if mine else f"The hours of {before.name} are"
    after = replace(
        before,
        tz=times.tz or before.tz,
        tz_follows_slack=times.tz is None,
        hours=stored_hours(times.week),
        days_off=times.days_off,
        country=times.country,
        subdivision=times.subdivision,
    )
    if after == before:
        return f"{whose} as they were: nothing was changed."
    was = tx.countdowns.lock_of_owner(before.id)
    tx.people.set_roster(after)
    countdowns.replan_person(tx, before, after)
    if times.tz is None and not before.tz_follows_slack and before.slack_id is not None:
        people.queue_refresh(tx, before.slack_id)
    briefs.days_changed(tx, before.id)
    tx.events.add("person.hours", actor=actor.id, origin="slack", data={"person": before.id})
    posting.sync_home(tx, before.id)
    return f"{whose} saved.{moved(tx, was, after.tz)}"


def _save_team(tx: Transaction, command: SaveHours) -> str:
    actor = set_up_changes.change(tx, command.by)
    before = _present(tx.teams.by_key(command.id))
    times = _read(tx, command, times_of_team(before))
    after = replace(
        before,
        tz=times.tz,
        hours=stored_hours(times.week),
        days_off=times.days_off,
        country=times.country,
        subdivision=times.subdivision,
    )
    if after == before:
        return f"The hours of {before.name} are as they were: nothing was changed."
    was = tx.countdowns.lock_of_team(before.id)
    tx.teams.save(after)
    countdowns.replan_team(tx, before, after)
    tx.events.add("team.hours", actor=actor.id, origin="slack", data={"team": before.key})
    return f"The hours of {before.name} are saved.{moved(tx, was, calendar_of_pool(tx, after).tz)}"


def moved(tx: Transaction, was: list[Running], tz: str) -> str:
    """What became of the due times of these countdowns, as further sentences; "" where none of them moved. `was`: as
    they stood before. Field notes, which wait for days, are on Home."""
    passed_on = {one.id for one in was if tx.timers.get(TimerKind.LEFT, one.subject_id) is not None}
    pairs = [(one, now) for one in was if (now := tx.countdowns.get(one.id)) is not None and now.is_running]
    changed = [
        now
        for one, now in pairs
        if one.due_at != now.due_at and one.id not in passed_on and not now.kind.is_told_in_briefs
    ]
    others = f" {_leads(len(passed_on))} now offered to somebody else." if passed_on else ""
    if not changed:
        return others
    soonest = min((one.due_at for one in changed if one.due_at is not None), default=None)
    if soonest is None:
        return f"{others} {_leads(len(changed))} not due any more: there is no working time ahead."
    leads = "1 open lead: its due time" if len(changed) == 1 else f"{len(changed)} open leads: their due times"
    which = "it is" if len(changed) == 1 else "the first is"
    return f"{others} {leads} changed; {which} now due {_spoken(soonest, tz, tx.now)}."


def _leads(count: int) -> str:
    return "1 open lead is" if count == 1 else f"{count} open leads are"


def _read(tx: Transaction, command: SaveHours, before: WorkTimes) -> WorkTimes:
    refuse_unless_same(command.seen, before)
    times, wrong = read_work_times(command.written, tx.holidays.mistake)
    if wrong:
        raise FormError(wrong)
    return times


def _form(tx: Transaction, whose: Whose, person: Person) -> HoursForm:
    times = times_of(person)
    return HoursForm(
        whose=whose,
        id=person.id,
        seen=set_up_changes.seen(times),
        name=person.name,
        times=times,
        tz_now=person.tz,
        next_holidays=_next_holidays(tx, times, person.tz),
    )


def _next_holidays(tx: Transaction, times: WorkTimes, tz: str) -> tuple[tuple[date, str], ...]:
    if times.country is None or tx.holidays.mistake(times.country, times.subdivision) is not None:
        return ()
    today = local_date(tx.now, tz)
    named = [
        (day, name)
        for year in (today.year, today.year + 1)
        for day, name in tx.holidays.names(times.country, times.subdivision, year).items()
        if day >= today
    ]
    return tuple(named[:HOLIDAYS_SHOWN])


def _on_roster(person: Person | None) -> Person:
    if person is None or not person.on_roster:
        raise NotFound("This person is not on the roster any more.")
    return person


def _present(team: Team | None) -> Team:
    if team is None or team.removed_at is not None:
        raise NotFound("This team is not there any more.")
    return team


def _spoken(instant: datetime, tz: str, now: datetime) -> str:
    at, day, today = f"{local_time(instant, tz):%H:%M}", local_date(instant, tz), local_date(now, tz)
    if day == today:
        return f"{at} today"
    return f"{at} tomorrow" if day == today + timedelta(days=1) else f"{at} on {spoken(day)}"
