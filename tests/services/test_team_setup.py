"""Teams and channels, set by an admin in Slack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.configuration import Configuration, TeamEntry
from bot.domain.routing import Target
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.integrations.holidays import PublicHolidays
from bot.services import channel_setup, configuration, team_setup
from bot.services.channel_setup import SaveChannels
from bot.services.forms import Choice
from bot.services.team_setup import SaveTeam
from handlers.config_export import write_config_file
from handlers.config_file import read_config_file
from tests.services.world import ADMIN, FALLBACK, INES, JONAS, MARKETING, POOL, PRIYA, World, everything_to


async def save(world: World, key: str | None = "europe", by: str = ADMIN, **changes: Any) -> str:
    form = await world.db.read(team_setup.team_form, key, by)
    values: dict[str, Any] = {
        "by": by,
        "key": key,
        "seen": form.seen,
        "name": form.name,
        "side": form.side.value,
        "members": form.members,
        "pool_channel": form.pool_channel,
        "mirror_channel": form.mirror_channel,
    }
    return await world.db.run(team_setup.save_team, SaveTeam(**{**values, **changes}))


async def channels(world: World, by: str = ADMIN, **changes: Any) -> None:
    form = await world.db.read(channel_setup.channels_form, by)
    values: dict[str, Any] = {
        "by": by,
        "seen": form.seen,
        "fallback_channel": form.fallback_channel,
        "marketing_channel": form.marketing_channel,
        "crm_hosts": form.crm_hosts,
        "admin": form.admin,
    }
    await world.db.run(channel_setup.save_channels, SaveChannels(**{**values, **changes}))


async def in_force(world: World) -> Configuration:
    return await world.db.read(configuration.current)


async def team(world: World, key: str) -> TeamEntry:
    return next(one for one in (await in_force(world)).teams if one.key == key)


async def test_a_new_team_has_a_key_made_of_its_name(world: World) -> None:
    assert await save(world, None, name="Europe", members=(PRIYA,)) == "europe-2"
    assert await save(world, None, name="Ämter & Städte!", new_key=None) == "mter-st-dte"
    assert (await team(world, "europe-2")).members == (("priya@example.com", 1),)


async def test_a_team_of_nobody_stays_a_team(world: World) -> None:
    """It is empty, not gone: its admin is about to fill it."""
    await save(world, None, name="Asia", new_key="asia")
    await save(world, "europe", members=())
    assert {one.key for one in (await in_force(world)).teams} == {"asia", "europe", "fast"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Asia", "new_key": "a b"}, "key"),
        ({"name": "Asia", "new_key": "europe"}, "key"),
        ({"name": "Asia", "members": ("U0NOBODY",)}, "members"),
        ({"name": "Asia", "side": "left"}, "side"),
        ({"name": "x" * 201}, "name"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    before = await in_force(world)
    with pytest.raises(FormError) as caught:
        await save(world, None, **changes)
    assert set(caught.value.fields) == {field}
    assert await in_force(world) == before


async def test_who_stays_in_a_team_keeps_their_share_and_their_turn(world: World) -> None:
    await world.db.run(lambda tx: tx.teams.save_credits("t1", {"p1": 5}))
    form = await world.db.read(team_setup.shares_form, "europe", ADMIN)
    await world.db.run(team_setup.save_shares, "europe", form.seen, {"p1": 3}, ADMIN)
    await save(world, members=(JONAS, PRIYA))
    assert dict((await team(world, "europe")).members) == {"jonas@example.com": 3, "priya@example.com": 1}
    members = await world.db.read(lambda tx: tx.teams.members("t1"))
    assert {one.person.id: one.credit for one in members} == {"p1": 5, "p3": 0}


async def test_a_member_whom_slacks_menu_cannot_show_is_not_lost(world: World) -> None:
    await world.change("p2", slack_id=None)
    form = await world.db.read(team_setup.team_form, "europe", ADMIN)
    assert (form.members, form.hidden) == ((JONAS,), (Choice(value="p2", label="Ines"),))
    await save(world, members=())
    assert dict((await team(world, "europe")).members) == {"ines@example.com": 1}


async def test_a_member_whom_slacks_menu_cannot_show_can_be_taken_out(world: World) -> None:
    await world.change("p2", slack_id=None)
    await save(world, take_out=("p2",))
    assert dict((await team(world, "europe")).members) == {"jonas@example.com": 1}


async def test_who_heard_of_trouble_and_is_not_in_slack_can_be_taken_out(world: World) -> None:
    await world.change("p5", slack_id=None)
    await world.configure(admin_id="p5")
    await channels(world)
    assert (await in_force(world)).admin == "sam@example.com"
    await channels(world, take_out=True)
    assert (await in_force(world)).admin is None


async def test_a_team_changed_since_the_form_was_opened_is_not_deleted(world: World) -> None:
    await world.rules()
    form = await world.db.read(team_setup.team_form, "europe", ADMIN)
    await save(world, name="Europe and Africa")
    with pytest.raises(Refused, match="Somebody changed this"):
        await world.db.run(team_setup.delete_team, "europe", ADMIN, form.seen)
    assert (await team(world, "europe")).name == "Europe and Africa"


async def test_a_share_beyond_bounds_is_refused(world: World) -> None:
    form = await world.db.read(team_setup.shares_form, "europe", ADMIN)
    with pytest.raises(FormError) as caught:
        await world.db.run(team_setup.save_shares, "europe", form.seen, {"p2": 5000}, ADMIN)
    assert set(caught.value.fields) == {"p2"}, "at the field of whose share it is"


async def test_a_team_that_a_rule_names_cannot_be_deleted(world: World) -> None:
    with pytest.raises(Refused, match="The rule “All” sends leads to Europe: change the rule first"):
        await world.db.run(team_setup.delete_team, "europe", ADMIN)
    await world.rules(everything_to(Target.POOL, "t2"))
    with pytest.raises(Refused, match="needs the pool channel of Fast lane"):
        await save(world, "fast", pool_channel=None)
    assert await world.db.run(team_setup.delete_team, "europe", ADMIN) == "Europe"


async def test_a_deleted_team_is_in_no_list_and_a_new_one_may_have_its_key(world: World) -> None:
    await world.rules()
    await world.db.run(team_setup.delete_team, "europe", ADMIN)
    assert [one.key for one in (await world.db.read(team_setup.team_list, ADMIN)).teams] == ["fast"]
    with pytest.raises(NotFound):
        await world.db.read(team_setup.team_form, "europe", ADMIN)
    await save(world, None, name="Europe again", new_key="europe", members=(INES,))
    assert (await team(world, "europe")).members == (("ines@example.com", 1),)
    assert {one.id for one in await world.db.read(lambda tx: tx.teams.of_person("p2"))} == {"t1"}


async def test_of_two_admins_the_second_is_told_and_nothing_is_lost(world: World) -> None:
    form = await world.db.read(team_setup.team_form, "europe", ADMIN)
    shares = await world.db.read(team_setup.shares_form, "europe", ADMIN)
    await save(world, name="Europa")
    with pytest.raises(Refused, match="Somebody changed this"):
        await save(world, seen=form.seen, name="EMEA")
    with pytest.raises(Refused, match="Somebody changed this"):
        await world.db.run(team_setup.save_shares, "europe", shares.seen, {"p1": 3}, ADMIN)
    assert (await team(world, "europe")).name == "Europa"


async def test_channels_hosts_and_who_hears_of_trouble_are_as_the_form_says(world: World) -> None:
    await channels(
        world, fallback_channel="C0NEW", marketing_channel=None, crm_hosts=("CRM.example.com", ""), admin=JONAS
    )
    now = await in_force(world)
    assert (now.fallback_channel, now.marketing_channel) == ("C0NEW", None)
    assert now.crm_hosts == ("crm.example.com",)
    assert now.admin == "jonas@example.com"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"crm_hosts": ("https://crm.example.com",)}, "crm_hosts"), ({"admin": "U0NOBODY"}, "admin")],
)
async def test_a_wrong_host_or_person_stands_at_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FormError) as caught:
        await channels(world, **changes)
    assert set(caught.value.fields) == {field}


async def test_two_admins_with_the_channels_open_do_not_undo_each_other(world: World) -> None:
    form = await world.db.read(channel_setup.channels_form, ADMIN)
    await channels(world, marketing_channel="C0NEW")
    with pytest.raises(Refused, match="Somebody changed this"):
        await channels(world, seen=form.seen, fallback_channel="C0OTHER")
    now = await in_force(world)
    assert (now.fallback_channel, now.marketing_channel) == (FALLBACK, "C0NEW")


async def test_only_admins_may(world: World) -> None:
    with pytest.raises(NotAllowed):
        await save(world, by=JONAS)
    with pytest.raises(NotAllowed):
        await channels(world, by=JONAS)
    with pytest.raises(NotAllowed):
        await world.db.run(team_setup.delete_team, "fast", JONAS)


async def test_what_was_set_in_slack_is_the_file_that_would_set_it(world: World) -> None:
    await save(world, None, name="Asia", new_key="asia", members=(PRIYA, INES), pool_channel=POOL)
    form = await world.db.read(team_setup.shares_form, "asia", ADMIN)
    await world.db.run(team_setup.save_shares, "asia", form.seen, {"p3": 0, "p2": 9}, ADMIN)
    await channels(world, crm_hosts=("crm.example.com",), marketing_channel=MARKETING)
    again = read_config_file(
        write_config_file(await in_force(world)), lambda channel: channel, PublicHolidays().mistake
    )
    assert await world.db.read(configuration.preview, again) == []
    assert (await world.db.run(configuration.apply, again)).changes == []
