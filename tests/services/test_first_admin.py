"""The first admin: who may be it, when, and what is kept of their place in Slack."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import OutboxKind
from bot.errors import NotAllowed, PersonUnknown, Refused
from bot.ports import Account
from bot.services import accounts, first_admin, home
from storage.transaction import Transaction
from tests.services.everything import everything
from tests.services.world import ADMIN, JONAS, START, World

OLGA, OTTO = "U70", "U71"


def account(slack_id: str = OLGA, name: str = "Olga Owner", **flags: bool) -> Account:
    known = SlackFlags(**{"runs_workspace": True, **flags})
    email = f"{name.split(maxsplit=1)[0].lower()}@example.com"
    return Account(slack_id=slack_id, name=name, email=email, title="Head of it", tz="Europe/Rome", flags=known)


def nobody_is_admin(tx: Transaction) -> None:
    tx.people.leave_roster("p6")


@pytest.fixture
async def without_admin(world: World) -> World:
    """The world as usual, but for its admin: they left, and Olga, who owns the workspace, was seen on Home."""
    await world.db.run(nobody_is_admin)
    await world.db.run(accounts.record_clicker, account())
    return world


async def person(world: World, slack_id: str) -> Person:
    found = await world.db.read(lambda tx: tx.people.by_slack_id(slack_id))
    assert found is not None
    return found


async def test_the_owner_becomes_admin_with_what_slack_says_of_them(without_admin: World) -> None:
    world = without_admin
    before = await person(world, OLGA)
    await world.db.run(first_admin.become_first_admin, account())
    olga = await person(world, OLGA)
    assert (olga.id, olga.home_opened_at) == (before.id, before.home_opened_at)
    assert (olga.name, olga.email, olga.tz, olga.title) == (
        "Olga Owner",
        "olga@example.com",
        "Europe/Rome",
        "Head of it",
    )
    assert olga.has(Role.ADMIN)
    assert olga.side is Side.OTHER
    assert (await world.db.read(lambda tx: tx.config)).admin_id == olga.id, "somebody must hear of trouble"


async def test_a_rep_who_owns_the_workspace_stays_a_rep(without_admin: World) -> None:
    jonas = account(JONAS, "Jonas")
    await without_admin.db.run(first_admin.become_first_admin, jonas)
    found = await person(without_admin, JONAS)
    assert found.roles == {Role.REP, Role.ADMIN}
    assert found.side is Side.SALES


async def test_of_two_who_press_at_once_one_becomes_admin_and_the_other_reads_who(without_admin: World) -> None:
    world, otto = without_admin, account(OTTO, "Otto Other")
    await world.db.run(accounts.record_clicker, otto)
    await world.db.run(first_admin.become_first_admin, account())
    with pytest.raises(NotAllowed, match="Olga Owner"):
        await world.db.run(first_admin.become_first_admin, otto)
    assert not (await person(world, OTTO)).on_roster


@pytest.mark.parametrize("flag", ["is_bot", "is_guest", "is_stranger", "is_deleted"])
async def test_whoever_may_never_act_is_never_admin_whatever_slack_says_of_their_place(
    without_admin: World, flag: str
) -> None:
    with pytest.raises(NotAllowed):
        await without_admin.db.run(first_admin.become_first_admin, account(**{flag: True}))


async def test_who_does_not_look_after_the_workspace_any_more_is_refused_at_the_click(without_admin: World) -> None:
    with pytest.raises(NotAllowed):
        await without_admin.db.run(first_admin.become_first_admin, account(runs_workspace=False))


async def test_whom_slack_never_confirmed_is_nobody(without_admin: World) -> None:
    with pytest.raises(PersonUnknown):
        await without_admin.db.read(first_admin.may_ask, OTTO)
    with pytest.raises(PersonUnknown):
        await without_admin.db.run(first_admin.become_first_admin, account(OTTO, "Otto Other"))


async def test_without_an_address_nobody_is_on_the_roster(without_admin: World) -> None:
    with pytest.raises(Refused, match=r"users:read\.email"):
        await without_admin.db.run(first_admin.become_first_admin, replace(account(), email=None))


async def test_nobody_becomes_admin_while_there_is_one(world: World) -> None:
    await world.db.run(accounts.record_clicker, account())
    assert not (await person(world, OLGA)).flags.runs_workspace, "what nobody needs is not kept"
    with pytest.raises(NotAllowed, match="Noor"):
        await world.db.run(first_admin.become_first_admin, account())


async def test_an_admin_whom_slack_was_not_asked_about_yet_is_an_admin(world: World) -> None:
    await world.change("p6", flags=SlackFlags())
    with pytest.raises(PersonUnknown):
        await world.db.run(first_admin.become_first_admin, account())
    await world.db.run(accounts.record_clicker, account())
    with pytest.raises(NotAllowed, match="Noor"):
        await world.db.run(first_admin.become_first_admin, account())


@pytest.mark.parametrize("flag", ["is_deleted", "is_guest", "is_stranger"])
async def test_an_admin_who_may_never_act_any_more_keeps_nobody_out(world: World, flag: str) -> None:
    """The last admin left the company: the keys do not leave with them."""
    await world.change("p6", flags=SlackFlags(checked_at=START, **{flag: True}))
    await world.db.run(accounts.record_clicker, account())
    await world.db.run(first_admin.become_first_admin, account())
    assert (await person(world, OLGA)).has(Role.ADMIN)
    assert (await person(world, ADMIN)).has(Role.ADMIN), "whoever comes back is admin again"


async def test_once_there_is_an_admin_nobodys_place_in_slack_is_kept(without_admin: World) -> None:
    world = without_admin
    await world.db.run(accounts.record_clicker, account(OTTO, "Otto Other"))
    assert (await person(world, OTTO)).flags.runs_workspace
    await world.db.run(first_admin.become_first_admin, account())
    everybody = await world.db.read(lambda tx: tx.people.all(on_roster=False))
    assert not [one.name for one in everybody if one.flags.runs_workspace]


async def test_who_opens_home_after_the_last_admin_left_is_asked_about_again(world: World) -> None:
    """While there was an admin, nobody's place was kept: Slack must say it anew."""
    await world.db.run(accounts.record_clicker, account())
    await world.db.run(home.home_opened, OLGA)
    await world.outbox()
    await world.db.run(nobody_is_admin)
    world.clock.advance(timedelta(minutes=2))
    await world.db.run(home.home_opened, OLGA)
    asked = [row.subject_id for row in await world.outbox() if row.kind is OutboxKind.REFRESH_PERSON]
    assert asked == [OLGA]


async def test_it_is_remembered_who_it_was(without_admin: World, tmp_path: Path) -> None:
    await without_admin.db.run(first_admin.become_first_admin, account())
    olga = await person(without_admin, OLGA)
    with sqlite3.connect(tmp_path / "lockstep.db") as connection:
        told = connection.execute("SELECT kind, actor, origin FROM events WHERE actor = ? ORDER BY id", [olga.id])
        assert [tuple(row) for row in told] == [
            ("configuration.applied", olga.id, "slack"),
            ("admin.first", olga.id, "slack"),
        ]
    connection.close()


async def test_whose_address_in_slack_is_another_one_now_stays_who_they_are_on_the_roster(without_admin: World) -> None:
    """A second row under the new address would be an admin nobody can act as, and keep everybody out."""
    world = without_admin
    jonas = replace(account(JONAS, "Jonas"), email="jonas.new@example.com")
    await world.db.run(first_admin.become_first_admin, jonas)
    found = await person(world, JONAS)
    assert (found.id, found.email, found.roles) == ("p1", "jonas@example.com", {Role.REP, Role.ADMIN})
    assert await world.db.read(lambda tx: tx.people.by_email("jonas.new@example.com")) is None
    assert (await world.db.read(lambda tx: tx.config)).admin_id == "p1"


async def test_who_would_give_the_role_to_somebody_elses_account_is_refused(without_admin: World) -> None:
    """Olga's profile shows the address by which the roster knows Jonas, who has another active account."""
    world = without_admin
    before = await everything(world)
    with pytest.raises(Refused, match="another Slack account"):
        await world.db.run(first_admin.become_first_admin, replace(account(), email="jonas@example.com"))
    assert await everything(world) == before


async def test_an_admin_whom_slack_does_not_find_keeps_nobody_out(world: World) -> None:
    """A mistyped address in a file: the person was looked up, and there is no such account."""
    await world.change("p6", slack_id=None, flags=SlackFlags(checked_at=START))
    await world.db.run(accounts.record_clicker, account())
    assert (await person(world, OLGA)).flags.runs_workspace
    await world.db.run(first_admin.become_first_admin, account())
    assert (await person(world, OLGA)).has(Role.ADMIN)
