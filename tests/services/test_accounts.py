"""Whose a Slack account is: whoever the roster names gets in, whatever was known of the account before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.budget import Kind
from bot.domain.configuration import Configuration, PersonEntry, difference
from bot.domain.person import Person, SlackFlags
from bot.ports import Account
from bot.services import accounts, configuration, people
from bot.services.accounts import Answer
from tests.services.world import INES, JONAS, World

KIM = PersonEntry(email="kim@example.com", name="Kim")


def account(slack_id: str, email: str | None, *, tz: str = "Europe/Madrid", **flags: Any) -> Account:
    return Account(slack_id=slack_id, name="X", email=email, title="", tz=tz, flags=SlackFlags(**flags))


async def apply(world: World, **changes: Any) -> None:
    new = replace(await world.db.read(configuration.current), **changes)
    await world.db.run(configuration.apply, new)


async def hire(world: World, entry: PersonEntry = KIM) -> None:
    """Somebody more is on the roster."""
    current = await world.db.read(configuration.current)
    await apply(world, people=(*current.people, entry))


async def rename(world: World, old: str, new: str) -> None:
    """The roster has another address for somebody."""
    current: Configuration = await world.db.read(configuration.current)
    entries = tuple(replace(entry, email=new) if entry.email == old else entry for entry in current.people)
    teams = tuple(
        replace(team, members=tuple((new if email == old else email, weight) for email, weight in team.members))
        for team in current.teams
    )
    await apply(world, people=entries, teams=teams)


async def by_email(world: World, email: str) -> Person:
    person = await world.db.read(lambda tx: tx.people.by_email(email))
    assert person is not None
    return person


async def asked(world: World, email: str, found: Account | None) -> Person:
    """Slack was asked about somebody of the roster; as they are then."""
    await world.db.run(accounts.record_answers, [Answer(person=await by_email(world, email), account=found)])
    return await by_email(world, email)


async def test_somebody_who_clicked_before_being_hired_gets_in(world: World) -> None:
    await world.db.run(accounts.record_clicker, account("U77", "kim@example.com"))
    await hire(world)
    assert (await asked(world, "kim@example.com", account("U77", "kim@example.com"))).slack_id == "U77"
    assert (await world.db.read(people.clicker, "U77")).person.name == "Kim"


async def test_an_event_of_slacks_lets_a_new_hire_in_as_well(world: World) -> None:
    await world.db.run(accounts.record_clicker, account("U77", "kim@example.com"))
    await hire(world)
    await world.db.run(accounts.record_account, account("U77", "Kim@Example.com"))
    assert (await world.db.read(people.clicker, "U77")).person.name == "Kim"


async def test_somebody_whose_address_changes_in_the_roster_keeps_their_account(world: World) -> None:
    await rename(world, "ines@example.com", "ines.new@example.com")
    await asked(world, "ines.new@example.com", account(INES, "ines.new@example.com"))
    assert (await world.db.read(people.clicker, INES)).person.email == "ines.new@example.com"


async def test_somebody_with_a_new_account_gets_in_with_it(world: World) -> None:
    await world.db.run(accounts.record_account, account(INES, "ines@example.com", is_deleted=True))
    await world.db.run(accounts.record_account, account("U222", "ines@example.com"))
    assert (await world.db.read(people.clicker, "U222")).person.id == "p2"


async def test_a_new_account_is_not_believed_while_the_old_one_is_active(world: World) -> None:
    assert await world.db.run(accounts.record_account, account("U222", "ines@example.com")) is None
    assert (await by_email(world, "ines@example.com")).slack_id == INES
    assert INES in [row.subject_id for row in await world.outbox()], "Slack is asked about the old one"


async def test_an_account_of_another_organisation_takes_nobodys_place(world: World) -> None:
    await hire(world)
    await world.db.run(accounts.record_account, account("U666", "kim@example.com", is_stranger=True))
    assert (await by_email(world, "kim@example.com")).slack_id is None


async def test_two_of_the_roster_never_share_an_account(world: World) -> None:
    await hire(world)
    assert (await asked(world, "kim@example.com", account(JONAS, "kim@example.com"))).slack_id is None
    assert (await world.db.read(people.clicker, JONAS)).person.id == "p1"
    assert await world.waits_for_brief("p6") == {Kind.UPKEEP: 1}


async def test_an_answer_that_is_out_of_date_changes_nothing(world: World) -> None:
    before = await by_email(world, "ines@example.com")
    await world.db.run(accounts.record_account, account(INES, None, is_deleted=True))
    await world.db.run(accounts.record_account, account("U222", "ines@example.com"))
    await world.db.run(accounts.record_answers, [Answer(person=before, account=None)])
    assert (await world.db.read(people.clicker, "U222")).person.id == "p2"


async def test_an_answer_of_slacks_does_not_undo_a_click_on_away(world: World) -> None:
    before = await by_email(world, "ines@example.com")
    await world.db.run(people.set_away, INES, None)
    answer = Answer(person=before, account=account(INES, "ines@example.com"))
    await world.db.run(accounts.record_answers, [answer])
    assert (await by_email(world, "ines@example.com")).is_away


async def test_accounts_of_nobody_we_know_are_not_kept(world: World) -> None:
    assert await world.db.run(accounts.record_account, account("U888", "somebody@example.com")) is None
    assert len(await world.db.read(lambda tx: tx.people.all(on_roster=False))) == 6


async def test_without_a_zone_in_the_roster_slacks_is_followed(world: World) -> None:
    await hire(world)
    assert (await asked(world, "kim@example.com", account("U77", "kim@example.com"))).tz == "Europe/Madrid"
    await world.db.run(accounts.record_account, account("U77", None, tz="Asia/Tokyo"))
    assert (await by_email(world, "kim@example.com")).tz == "Asia/Tokyo"
    for unknown in ("", "Mars/Olympus", "../etc/passwd"):
        await world.db.run(accounts.record_account, account("U77", None, tz=unknown))
    assert (await by_email(world, "kim@example.com")).tz == "Asia/Tokyo"
    await world.db.run(accounts.record_account, account(JONAS, None, tz="Asia/Tokyo"))
    assert (await by_email(world, "jonas@example.com")).tz == "Europe/Berlin", "the roster names it"


async def test_a_zone_of_slacks_is_not_exported_as_the_rosters(world: World) -> None:
    await hire(world)
    before = await world.db.read(configuration.current)
    await asked(world, "kim@example.com", account("U77", "kim@example.com"))
    now = await world.db.read(configuration.current)
    assert {entry.email: entry.tz for entry in now.people}["kim@example.com"] is None
    assert difference(before, now) == []
