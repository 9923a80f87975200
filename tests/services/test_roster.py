"""People added, changed and taken off by an admin in Slack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.configuration import Configuration
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import TimerKind
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.integrations.holidays import PublicHolidays
from bot.ports import Account
from bot.services import configuration, roster, roster_person
from bot.services.editing import CHANGED_MEANWHILE, NO_ADMIN_LEFT
from bot.services.forms import Choice
from bot.services.roster import Added, AddPeople
from bot.services.roster_person import EditPerson
from handlers.config_export import write_config_file
from handlers.config_file import read_config_file
from storage.transaction import Transaction
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, PRIYA, START, World

KIM = "U80"


def account(
    slack_id: str = KIM, email: str | None = "kim@example.com", name: str = "Kim Lee", **flags: bool
) -> Account:
    return Account(slack_id=slack_id, name=name, email=email, title="AE", tz="Asia/Seoul", flags=SlackFlags(**flags))


async def add(world: World, *accounts: Account, by: str = ADMIN, **changes: Any) -> Added:
    values: dict[str, Any] = {
        "by": by,
        "picked": tuple(one.slack_id for one in accounts),
        "accounts": accounts,
        "side": "sales",
        "roles": ("rep",),
    }
    return await world.db.run(roster.add_people, AddPeople(**{**values, **changes}))


async def edit(world: World, person_id: str = "p1", by: str = ADMIN, **changes: Any) -> None:
    form = await world.db.read(roster_person.person_form, person_id, by)
    values: dict[str, Any] = {
        "by": by,
        "person_id": person_id,
        "seen": form.seen,
        "side": form.side.value,
        "roles": tuple(role.value for role in form.roles),
        "manager": form.manager,
        "deputy": form.deputy,
        "tz": form.tz,
        "cap": form.cap,
        "weight": None,
        "teams": form.in_teams,
        "teams_shown": tuple(team.value for team in form.teams),
    }
    await world.db.run(roster_person.edit_person, EditPerson(**{**values, **changes}))


async def person(world: World, slack_id: str) -> Person:
    found = await world.db.read(lambda tx: tx.people.by_slack_id(slack_id))
    assert found is not None
    return found


async def in_force(world: World) -> Configuration:
    return await world.db.read(configuration.current)


async def members(world: World, team_id: str) -> dict[str, int]:
    def read(tx: Transaction) -> dict[str, int]:
        return {member.person.name: member.weight for member in tx.teams.members(team_id)}

    return await world.db.read(read)


async def test_several_are_added_at_once_and_can_be_offered_leads_right_away(world: World) -> None:
    other = account("U81", "lou@example.com", "Lou Ray")
    added = await add(world, account(), other, team="europe")
    assert added.added == ("Kim Lee", "Lou Ray")
    assert added.total == 8
    kim = await person(world, KIM)
    assert (kim.name, kim.email, kim.tz, kim.title) == ("Kim Lee", "kim@example.com", "Asia/Seoul", "AE")
    assert kim.has(Role.REP)
    assert kim.flags.checked_at is not None
    assert await members(world, "t1") == {"Ines": 1, "Jonas": 1, "Kim Lee": 1, "Lou Ray": 1}


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ({"is_guest": True}, "is a guest in Slack"),
        ({"is_bot": True}, "is an app"),
        ({"is_deleted": True}, "is deactivated in Slack"),
        ({"is_stranger": True}, "belongs to another organisation"),
    ],
)
async def test_whoever_may_never_act_is_named_and_stays_out(world: World, flags: dict[str, bool], why: str) -> None:
    added = await add(world, account(**flags), account("U81", "lou@example.com", "Lou Ray"))
    assert added.added == ("Lou Ray",)
    assert added.refused == (f"Kim Lee {why}.",)
    assert KIM not in {one.slack_id for one in await world.db.read(lambda tx: tx.people.all())}


async def test_without_an_address_nobody_is_added(world: World) -> None:
    added = await add(world, account(email=None))
    assert added.refused == ("Kim Lee has no e-mail address that Slack shows me.",)


async def test_whoever_is_there_already_stays_as_they_are(world: World) -> None:
    before = await person(world, JONAS)
    added = await add(world, account(), picked=(JONAS, KIM, JONAS), roles=("marketer",))
    assert added.there_already == ("Jonas",)
    assert await person(world, JONAS) == before


async def test_an_account_with_the_address_of_somebody_on_the_roster_is_theirs(world: World) -> None:
    await world.change("p2", slack_id=None)
    added = await add(world, account("U99", "INES@example.com", "Inês Carvalho"))
    assert (added.added, added.there_already) == ((), ("Inês Carvalho",))
    assert (await person(world, "U99")).id == "p2"


async def test_whoever_left_comes_back_as_the_same_person(world: World) -> None:
    await world.db.run(roster_person.remove_person, "p3", ADMIN)
    await add(world, account(PRIYA, "priya@example.com", "Priya"), roles=("marketer",))
    assert (await person(world, PRIYA)).id == "p3"


async def test_nobody_chosen_is_said_at_the_field(world: World) -> None:
    with pytest.raises(FormError) as caught:
        await add(world)
    assert set(caught.value.fields) == {"people"}


async def test_a_team_that_is_gone_is_said_and_nobody_is_added(world: World) -> None:
    with pytest.raises(FormError) as caught:
        await add(world, account(), team="asia")
    assert set(caught.value.fields) == {"team"}
    assert await world.db.read(lambda tx: tx.people.by_email("kim@example.com")) is None


@pytest.mark.parametrize("by", [JONAS, MANAGER, MARKETER])
async def test_only_admins_add_and_change_people(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        await add(world, account(), by=by)
    with pytest.raises(NotAllowed):
        await edit(world, by=by)
    with pytest.raises(NotAllowed):
        await world.db.run(roster_person.remove_person, "p2", by)


async def test_a_person_is_as_the_form_says(world: World) -> None:
    await edit(
        world, side="leadership", roles=("rep", "manager"), manager=MANAGER, deputy=INES, tz="europe/vienna", cap=5,
        weight=3, teams=("europe",),
    )  # fmt: skip
    jonas = await person(world, JONAS)
    assert (jonas.side, jonas.roles, jonas.cap) == (Side.LEADERSHIP, {Role.REP, Role.MANAGER}, 5)
    assert (jonas.manager_id, jonas.deputy_id, jonas.tz) == ("p4", "p2", "Europe/Vienna")
    assert await members(world, "t1") == {"Ines": 1, "Jonas": 3}
    assert await members(world, "t2") == {"Priya": 1}


async def test_a_form_sent_off_untouched_changes_nothing(world: World) -> None:
    await edit(world, roles=("rep", "marketer"), deputy=INES, cap=2, weight=4)
    before = await in_force(world)
    await edit(world)
    assert await in_force(world) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tz": "Mars/Base"}, "tz"),
        ({"manager": "U0NOBODY"}, "manager"),
        ({"deputy": JONAS}, "deputy"),
        ({"teams": ("asia",)}, "teams"),
        ({"side": "middle"}, "side"),
        ({"weight": 5000}, "weight"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_changes(
    world: World, changes: dict[str, Any], field: str
) -> None:
    before = await in_force(world)
    with pytest.raises(FormError) as caught:
        await edit(world, **changes)
    assert set(caught.value.fields) == {field}
    assert await in_force(world) == before


async def test_a_manager_whom_slacks_menu_cannot_show_is_not_lost(world: World) -> None:
    await edit(world, manager=MANAGER)
    await world.change("p4", slack_id=None)
    form = await world.db.read(roster_person.person_form, "p1", ADMIN)
    assert form.hidden == (Choice(value="manager", label="Anna"),)
    await edit(world, cap=9)
    assert (await person(world, JONAS)).manager_id == "p4"


async def test_a_manager_whom_slacks_menu_cannot_show_can_be_taken_out(world: World) -> None:
    await edit(world, manager=MANAGER, deputy=INES)
    await world.change("p4", slack_id=None)
    await edit(world, take_out=("manager",))
    jonas = await person(world, JONAS)
    assert (jonas.manager_id, jonas.deputy_id) == (None, "p2")


async def test_teams_that_the_form_did_not_show_stay_as_they_are(world: World) -> None:
    """More teams than a menu holds: nobody leaves a team, with their share and turn, because it was not listed."""
    await edit(world, teams=("europe", "fast"), weight=3)
    await edit(world, teams=(), teams_shown=("europe",), cap=2)
    assert (await members(world, "t1"), (await members(world, "t2"))["Jonas"]) == ({"Ines": 1}, 3)


async def test_who_was_changed_since_the_form_was_opened_is_not_taken_off(world: World) -> None:
    form = await world.db.read(roster_person.person_form, "p1", ADMIN)
    await edit(world, cap=7)
    with pytest.raises(Refused, match="Somebody changed this"):
        await world.db.run(roster_person.remove_person, "p1", ADMIN, form.seen)
    assert (await person(world, JONAS)).on_roster


async def test_of_two_admins_the_second_is_told_and_nothing_is_lost(world: World) -> None:
    form = await world.db.read(roster_person.person_form, "p1", ADMIN)
    await edit(world, cap=7)
    with pytest.raises(Refused, match="Somebody changed this") as caught:
        await edit(world, cap=3, seen=form.seen)
    assert str(caught.value) == CHANGED_MEANWHILE
    assert (await person(world, JONAS)).cap == 7


async def test_changes_of_different_people_do_not_stand_in_each_others_way(world: World) -> None:
    form = await world.db.read(roster_person.person_form, "p1", ADMIN)
    await edit(world, "p2", cap=7)
    await edit(world, cap=3, seen=form.seen)
    assert ((await person(world, JONAS)).cap, (await person(world, INES)).cap) == (3, 7)


async def test_the_last_admin_cannot_stop_being_one(world: World) -> None:
    with pytest.raises(Refused, match="Lockstep needs an admin") as caught:
        await edit(world, "p6", roles=("rep",))
    assert str(caught.value) == NO_ADMIN_LEFT
    with pytest.raises(Refused, match="Lockstep needs an admin"):
        await world.db.run(roster_person.remove_person, "p6", ADMIN)
    await edit(world, "p4", roles=("manager", "admin"))
    await edit(world, "p6", roles=("rep",))
    assert not (await person(world, ADMIN)).has(Role.ADMIN)


async def test_an_admin_who_left_slack_does_not_count_as_one_left(world: World) -> None:
    await edit(world, "p4", roles=("manager", "admin"))
    anna = await person(world, MANAGER)
    await world.change("p4", flags=replace(anna.flags, is_deleted=True))
    with pytest.raises(Refused, match="Lockstep needs an admin"):
        await edit(world, "p6", roles=())


async def test_taken_off_a_person_is_nobodys_manager_and_in_no_team_and_their_leads_go_on(world: World) -> None:
    await edit(world, "p2", manager=JONAS, deputy=JONAS)
    await world.rules()
    assert await world.db.run(roster_person.remove_person, "p1", ADMIN) == "Jonas"
    ines = await person(world, INES)
    assert (ines.manager_id, ines.deputy_id) == (None, None)
    assert await members(world, "t1") == {"Ines": 1}
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.LEFT, "p1")) is not None
    with pytest.raises(NotFound):
        await edit(world)


async def test_who_hears_of_trouble_is_never_nobody_because_they_were_taken_off(world: World) -> None:
    await edit(world, "p4", roles=("manager", "admin"))
    await world.db.run(roster_person.remove_person, "p6", MANAGER)
    assert (await in_force(world)).admin == "anna@example.com"


async def test_whom_slack_does_not_know_does_not_hear_of_trouble_instead(world: World) -> None:
    await edit(world, "p4", roles=("manager", "admin"))
    await edit(world, "p2", roles=("rep", "admin"))
    await world.change("p4", slack_id=None, name="Aaa", flags=SlackFlags(checked_at=START))
    await world.db.run(roster_person.remove_person, "p6", INES)
    assert (await in_force(world)).admin == "ines@example.com"


async def test_what_was_set_in_slack_is_the_file_that_would_set_it(world: World) -> None:
    await add(world, account(), team="fast")
    await edit(world, "p2", roles=("rep", "manager"), deputy=PRIYA, tz="Europe/Madrid", cap=4, weight=2)
    await world.db.run(roster_person.remove_person, "p5", ADMIN)
    now = await in_force(world)
    again = read_config_file(write_config_file(now), lambda channel: channel, PublicHolidays().mistake)
    assert await world.db.read(configuration.preview, again) == []
    assert (await world.db.run(configuration.apply, again)).changes == []
    assert replace(await in_force(world), sources=()) == replace(now, sources=())


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("is_bot", "an app"),
        ("is_stranger", "of another organisation"),
        ("is_guest", "a guest in Slack"),
        ("is_deleted", "deactivated in Slack"),
    ],
)
async def test_the_list_says_why_somebody_may_never_act(world: World, flag: str, said: str) -> None:
    await world.change("p1", flags=SlackFlags(checked_at=START, **{flag: True}))
    people = (await world.db.read(roster.people_list, ADMIN)).people
    assert [one.trouble for one in people if one.id == "p1"] == [said]
