"""Working hours as people and admins set them: what is refused, what moves, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.lead import Priority
from bot.domain.person import Person
from bot.domain.routing import Target
from bot.domain.work_times import Written, spoken_days_off, written_days
from bot.domain.working_hours import week_of
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import away, configuration, work_times
from bot.services.home import load_home
from bot.services.work_times import HoursForm, SaveHours, Whose
from tests.services.clocked import at, clock_of, sign
from tests.services.test_reminders import card, offered
from tests.services.world import ADMIN, INES, JONAS, World

EARLY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-12:00")


def written(form: HoursForm, **changes: Any) -> Written:
    """What the form says as it was opened, with changes."""
    times = form.times
    shown = Written(
        tz=times.tz or "",
        days=written_days(times.week),
        days_off=spoken_days_off(times.days_off),
        country=times.country or "",
        subdivision=times.subdivision or "",
    )
    return replace(shown, **changes)


async def save_mine(world: World, by: str = JONAS, **changes: Any) -> str:
    form = await world.db.read(work_times.my_hours, by)
    command = SaveHours(by=by, whose=Whose.MINE, id=form.id, seen=form.seen, written=written(form, **changes))
    return await world.db.run(work_times.save_hours, command)


async def person(world: World, person_id: str) -> Person:
    found = await world.db.read(lambda tx: tx.people.get(person_id))
    assert found is not None
    return found


async def test_hours_changed_move_the_due_time_of_what_runs_and_say_so(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)  # 10:00 in Berlin, four hours: due at 14:00
    said = await save_mine(world, days=EARLY)
    # Two hours are left today; the other two pass tomorrow from 8 to 10.
    assert (await clock_of(world, handoff_id)).due_at == at(3, 9)
    assert said == "Your hours are saved. 1 open lead: its due time changed; it is now due 10:00 tomorrow."
    due = (await card(world, handoff_id)).due
    assert due is not None
    assert due.due_at == at(3, 9)
    assert await world.said(), "the card follows"


async def test_several_leads_are_counted_and_the_first_is_named(world: World) -> None:
    await sign(world)
    for number in (1, 2, 3):
        await offered(world, number=number, priority=Priority.WARM if number == 1 else Priority.COLD)
    said = await save_mine(world, days_off="2026-03-02")
    assert said == ("Your hours are saved. 3 open leads: their due times changed; the first is now due 13:00 tomorrow.")


async def test_whoever_has_no_working_time_left_reads_that_nothing_is_due_any_more(world: World) -> None:
    await offered(world)
    assert (await save_mine(world, days={})).endswith(
        "1 open lead is not due any more: there is no working time ahead."
    )


async def test_what_did_not_change_is_said_too(world: World) -> None:
    assert await save_mine(world) == "Your hours are as they were: nothing was changed."
    assert await save_mine(world, days=EARLY) == "Your hours are saved."


async def test_everything_is_stored_as_it_was_written_and_shown_so_again(world: World) -> None:
    await save_mine(
        world, tz="Europe/Lisbon", days=EARLY, country="Germany", subdivision="by", days_off="2026-03-09 to 2026-03-11"
    )
    stored = await person(world, "p1")
    assert (stored.tz, stored.tz_follows_slack) == ("Europe/Lisbon", False)
    assert stored.hours == {day: [["08:00", "12:00"]] for day in EARLY}
    assert (stored.country, stored.subdivision) == ("DE", "BY")
    assert stored.days_off == ("2026-03-09/2026-03-11",)
    form = await world.db.read(work_times.my_hours, JONAS)
    assert form.times == work_times.times_of(stored)
    assert form.next_holidays[0] == (date(2026, 4, 3), "Good Friday")


async def test_every_mistake_is_told_at_its_field_and_nothing_changes(world: World) -> None:
    before = await person(world, "p1")
    with pytest.raises(FormError) as error:
        await save_mine(world, tz="x", days={"mon": "18-9"}, country="Narnia", days_off="x")
    assert set(error.value.fields) == {"tz", "hours_mon", "country", "days_off"}
    assert await person(world, "p1") == before


async def test_home_says_in_one_line_when_one_works(world: World) -> None:
    home = await world.db.read(load_home, INES)
    assert home.hours == "Mon to Fri 09:00-17:00, Lisbon"
    await save_mine(world, INES, country="PT")
    assert (await world.db.read(load_home, INES)).hours.endswith("Lisbon, holidays of Portugal")


async def test_who_changed_them_meanwhile_is_not_overwritten(world: World) -> None:
    form = await world.db.read(work_times.my_hours, JONAS)
    await save_mine(world, days=EARLY)
    command = SaveHours(
        by=JONAS, whose=Whose.MINE, id=form.id, seen=form.seen, written=written(form, days_off="2026-03-09")
    )
    with pytest.raises(Refused):
        await world.db.run(work_times.save_hours, command)


# -- admins -----------------------------------------------------------------------------------------------------------
async def test_an_admin_sets_somebody_s_hours_and_nobody_else_does(world: World) -> None:
    form = await world.db.read(work_times.hours_of_person, "p1", ADMIN)
    command = SaveHours(by=ADMIN, whose=Whose.PERSON, id="p1", seen=form.seen, written=written(form, days=EARLY))
    assert await world.db.run(work_times.save_hours, command) == "The hours of Jonas are saved."
    with pytest.raises(NotAllowed):
        await world.db.read(work_times.hours_of_person, "p1", JONAS)
    with pytest.raises(NotAllowed):
        await world.db.run(work_times.save_hours, replace(command, by=JONAS))
    with pytest.raises(NotFound):
        await world.db.run(work_times.save_hours, replace(command, id="nobody"))


async def test_the_id_of_somebody_else_in_one_s_own_form_changes_nobody_else(world: World) -> None:
    form = await world.db.read(work_times.my_hours, JONAS)
    command = SaveHours(by=JONAS, whose=Whose.MINE, id="p2", seen=form.seen, written=written(form, days=EARLY))
    await world.db.run(work_times.save_hours, command)
    assert (await person(world, "p2")).hours is None
    assert (await person(world, "p1")).hours is not None


async def test_a_team_s_hours_move_what_waits_in_its_pool(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world, Target.POOL, "t2")
    form = await world.db.read(work_times.hours_of_team, "fast", ADMIN)
    assert (form.times.tz, form.tz_now) == (None, "America/New_York")
    changed = written(form, tz="Europe/Berlin", country="DE")
    command = SaveHours(by=ADMIN, whose=Whose.TEAM, id="fast", seen=form.seen, written=changed)
    said = await world.db.run(work_times.save_hours, command)
    assert said == ("The hours of Fast lane are saved. 1 open lead: its due time changed; it is now due 14:00 today.")
    assert (await clock_of(world, handoff_id)).due_at == at(2, 13)
    with pytest.raises(NotFound):
        await world.db.read(work_times.hours_of_team, "no-such", ADMIN)
    with pytest.raises(NotAllowed):
        await world.db.read(work_times.hours_of_team, "fast", JONAS)


# -- away and back ----------------------------------------------------------------------------------------------------
async def test_away_and_back_say_what_moved(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    person_, said = await world.db.run(away.set_away, JONAS, "2026-03-03")
    assert person_.is_away
    assert said == " 1 open lead: its due time changed; it is now due 13:00 tomorrow."
    _, said = await world.db.run(away.set_back, JONAS)
    assert said == " 1 open lead: its due time changed; it is now due 14:00 today."
    assert (await clock_of(world, handoff_id)).due_at == at(2, 13)


async def test_away_for_good_stops_the_clock_and_says_so(world: World) -> None:
    await offered(world)
    _, said = await world.db.run(away.set_away, JONAS, None)
    assert said == " 1 open lead is not due any more: there is no working time ahead."
    _, said = await world.db.run(away.set_away_with_deputy, INES, None, "p1")
    assert said == "", "nothing of hers runs"


async def test_who_is_away_for_long_reads_that_others_are_offered_what_they_did_not_decide_on(world: World) -> None:
    await sign(world)
    for number in (1, 2):
        await offered(world, number=number)
    _, said = await world.db.run(away.set_away, JONAS, "2026-03-04")
    assert said == " 2 open leads are now offered to somebody else."


# -- the configuration ------------------------------------------------------------------------------------------------
async def test_a_file_that_says_nothing_of_hours_leaves_them_as_people_set_them(world: World) -> None:
    await save_mine(world, days=EARLY, country="DE")
    now = await world.db.read(configuration.current)
    silent = tuple(
        replace(entry, hours=None, days_off=None, country=None, subdivision=None, title="Changed")
        for entry in now.people
    )
    await world.db.run(configuration.apply, replace(now, people=silent))
    stored = await person(world, "p1")
    assert (stored.title, stored.country) == ("Changed", "DE")
    assert stored.hours is not None
    assert (await world.db.read(configuration.current)).people == tuple(
        replace(entry, title="Changed") for entry in now.people
    )


async def test_hours_of_a_file_are_in_force_and_move_what_runs(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    now = await world.db.read(configuration.current)
    early = week_of({day: [["08:00", "12:00"]] for day in EARLY})
    people = tuple(replace(entry, hours=early) if entry.name == "Jonas" else entry for entry in now.people)
    await world.db.run(configuration.apply, replace(now, people=people))
    assert (await clock_of(world, handoff_id)).due_at == at(3, 9)
    jonas = next(one for one in (await world.db.read(configuration.current)).people if one.name == "Jonas")
    assert jonas.hours == early


async def test_a_team_s_times_are_in_the_configuration_too(world: World) -> None:
    now = await world.db.read(configuration.current)
    teams = tuple(replace(team, tz="Europe/Berlin", country="DE", days_off=("2026-03-09",)) for team in now.teams)
    await world.db.run(configuration.apply, replace(now, teams=teams))
    again = await world.db.read(configuration.current)
    assert {(team.tz, team.country, team.days_off) for team in again.teams} == {
        ("Europe/Berlin", "DE", ("2026-03-09",))
    }
    assert (await world.db.run(configuration.apply, again)).changes == []
