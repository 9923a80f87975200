"""Stories: Home, being away, and what managers do from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.person import Person, Role, Side
from bot.integrations.clock import SystemClock
from storage.database import run_now
from storage.transaction import Transaction
from tests.stories.brightwater import HOT, Brightwater, labels, words

pytestmark = pytest.mark.story


async def test_home_follows_what_happens_elsewhere(office: Brightwater) -> None:
    home = await office.jonas.opens_home()
    assert "nothing waits for you" in words(home)
    await office.hands_over(HOT)
    home = await office.jonas.home()
    assert "1 lead waits for you" in words(home)
    assert "É. M." in words(home)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.presses("Accept", card, "#lead-pool")
    home = await office.jonas.home()
    assert "nothing waits for you" in words(home)
    assert "My leads · 1" in words(home)
    assert "Étienne Marchand" in words(home)
    assert "mailto:e.marchand@example.com" in words(home)


async def test_a_lead_is_accepted_and_undone_from_home(office: Brightwater) -> None:
    await office.hands_over(HOT)
    await office.jonas.opens_home()
    await office.jonas.presses_on_home("Accept", about="É. M.")
    await office.priya.sees("#lead-pool", "Accepted by Jonas Brandt")
    assert "My leads · 1" in words(await office.jonas.home())
    await office.jonas.presses_on_home("Undo")
    assert "1 lead waits for you" in words(await office.jonas.home())
    assert "Accept" in labels(await office.priya.sees("#lead-pool", "Ateliers Marchand"))


async def test_the_home_of_somebody_else_is_told_when_a_pools_lead_is_gone(office: Brightwater) -> None:
    await office.hands_over(HOT)
    assert "1 lead waits" in words(await office.priya.opens_home())
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.presses("Accept", card, "#lead-pool")
    assert "nothing waits for you" in words(await office.priya.home())


async def test_thirty_leads_are_paged_within_slacks_limits(office: Brightwater) -> None:
    await office.jonas.opens_home()
    await office.anna.opens_home()
    for number in range(30):
        status, _ = await office.sends(HOT, external_id=f"P-{number}", email=f"p{number}@example.com")
        assert status == 202
    await office.passes(seconds=60)
    seen = 0
    home = await office.jonas.home()
    assert "Needs you · 1 to 5 of 30" in words(home)
    for _ in range(5):
        seen += labels(home).count("Accept")
        assert len(home["blocks"]) <= 100
        await office.jonas.presses_on_home("Next")
        home = await office.jonas.home()
    assert "Needs you · 26 to 30 of 30" in words(home)
    assert seen + labels(home).count("Accept") == 30
    await office.jonas.presses_on_home("Previous")
    assert "Needs you · 21 to 25 of 30" in words(await office.jonas.home())
    assert "Waiting with my people · 1 to 5 of 30" in words(await office.anna.home())


async def test_leads_pass_over_who_is_away_until_they_are_back(office: Brightwater) -> None:
    for rep in (office.jonas, office.ines):
        await rep.opens_home()
        await rep.presses_on_home("I am away…")
        assert not await rep.submits()
        assert "you are away" in words(await rep.home())
    for number in range(4):
        await office.hands_over(external_id=f"A-{number}", email=f"a{number}@example.com", name=f"Lead {number}")
        await office.tomasz.sees("messages", f"Lead {number}")
    await office.jonas.presses_on_home("I am back")
    assert "nothing waits for you" in words(await office.jonas.home())
    for number in range(4, 8):
        await office.hands_over(external_id=f"A-{number}", email=f"a{number}@example.com", name=f"Lead {number}")
    assert [message for message in await office.jonas.messages("messages") if "Accept" in labels(message)]
    assert not [message for message in await office.ines.messages("messages") if "Accept" in labels(message)]


async def test_who_named_a_day_is_back_at_nine_that_morning(office: Brightwater) -> None:
    await office.ines.opens_home()
    await office.ines.presses_on_home("I am away…")
    day = (await office.now()).astimezone(office.ines.tz).date() + timedelta(days=2)
    assert not await office.ines.submits(back_on=day.isoformat())
    assert "you are away" in words(await office.ines.home())
    await office.passes(days=2)
    assert "nothing waits for you" in words(await office.ines.home())


async def test_a_day_of_return_that_has_passed_is_refused_under_its_field(office: Brightwater) -> None:
    await office.ines.opens_home()
    await office.ines.presses_on_home("I am away…")
    form = await office.ines.submits(back_on=(await office.now()).date().isoformat())
    assert "Choose a day after today" in form["errors"]["back_on"]


async def test_when_all_are_away_the_fallback_channel_gets_the_lead_with_the_reason(office: Brightwater) -> None:
    for rep in office.reps:
        await rep.types("/lockstep", "away")
    await office.hands_over()
    card = await office.anna.sees("#lead-fallback", "Ateliers Marchand", "Nobody was free", "Jonas Brandt is away")
    assert "Étienne" not in words(card)
    await office.anna.presses("Accept", card, "#lead-fallback")
    await office.diego.sees("#lead-fallback", "Accepted by Anna Keller")


async def test_a_manager_reassigns_a_waiting_lead_from_home(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await office.anna.opens_home()
    await office.anna.presses_on_home("Reassign", about="Étienne Marchand")
    form = await office.anna.submits(person_id="Priya Raman")
    assert set(form["errors"]) == {"note"}
    assert not await office.anna.submits(note="Priya knows them.")
    over = await rep.sees("messages", "Reassigned by Anna Keller to Priya Raman", "Priya knows them.")
    assert labels(over) == []
    offered = await office.priya.sees("messages", "Étienne Marchand")
    assert labels(offered)[:2] == ["Accept", "Reject"]
    await rep.presses("Accept", card, "messages")
    await rep.told("messages", "Reassigned by Anna Keller to Priya Raman", "That was")


async def test_a_manager_finds_anybody_among_more_reps_than_one_list_of_slacks_holds(
    closed_office: Brightwater,
) -> None:
    office = closed_office

    def hire(tx: Transaction) -> None:
        for number in range(120):
            person = Person(
                id=tx.new_id(), name=f"Aaron {number}", email=f"aaron{number}@example.com", side=Side.SALES,
                roles=frozenset({Role.REP}),
            )  # fmt: skip
            tx.people.add(person)

    run_now(office.database_url, SystemClock(), hire)
    async with office.lockstep():
        await office.hands_over()
        await office.anna.opens_home()
        await office.anna.presses_on_home("Reassign", about="Étienne Marchand")
        assert not await office.anna.submits(person_id="Priya Raman", note="Priya knows them.")
        card = await office.priya.sees("messages", "Étienne Marchand", "Reassigned by Anna Keller: Priya knows them.")
        assert labels(card)[:2] == ["Accept", "Reject"]


async def test_a_lead_with_nowhere_to_go_stands_on_managers_homes_until_somebody_is_back(
    closed_office: Brightwater,
) -> None:
    office = closed_office

    def close_the_fallback(tx: Transaction) -> None:
        tx.settings.save(replace(tx.config, fallback_channel=None))

    run_now(office.database_url, SystemClock(), close_the_fallback)
    async with office.lockstep():
        for rep in office.reps:
            await rep.types("/lockstep", "away")
        await office.anna.opens_home()
        status, answer = await office.sends()
        assert (status, answer["status"]) == (202, "unrouted")
        await office.sends(external_id="WEB-2", email="second@example.com", name="Second Lead")
        await office.settled()
        assert "Needs you · 2" in words(await office.anna.home())
        await office.anna.presses_on_home("Assign", about="Second Lead")
        assert not await office.anna.submits(person_id="Priya Raman", note="You know the industry.")
        await office.priya.sees("messages", "Second Lead", "Assigned by Anna Keller: You know the industry.")
        assert "Needs you · 1" in words(await office.anna.home())
        await office.jonas.types("/lockstep", "back")
        await office.settled()
        card = await office.jonas.sees("messages", "Étienne Marchand")
        assert labels(card)[:2] == ["Accept", "Reject"]
        assert "Nowhere to go" not in words(await office.anna.home())


async def test_a_manager_reassigns_what_somebody_who_is_away_has_accepted(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Accept", card, "messages")
    await rep.types("/lockstep", "away")
    home = await office.anna.opens_home()
    assert "Accepted with my people" in words(home)
    assert "*Étienne Marchand*" in words(home)
    assert "*away*" in words(home)
    await office.anna.presses_on_home("Reassign", about="*away*")
    assert not await office.anna.submits(person_id="Priya Raman", note="Away until Monday.")
    await office.priya.sees("messages", "Étienne Marchand", "Reassigned by Anna Keller: Away until Monday.")


async def test_a_manager_withdraws_a_waiting_lead_from_home(office: Brightwater) -> None:
    await office.hands_over(HOT)
    await office.anna.opens_home()
    await office.anna.presses_on_home("Withdraw", about="Ateliers Marchand")
    assert not await office.anna.submits(note="A test of our own form.")
    over = await office.jonas.sees("#lead-pool", "Withdrawn by Anna Keller")
    assert labels(over) == []
    assert "Every lead has been decided on" in words(await office.anna.home())


async def test_who_is_no_manager_cannot_withdraw(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.chooses("Withdraw", card, "#lead-pool")
    await office.jonas.told("#lead-pool", "Only sales managers can reassign or withdraw a lead.")
    assert await office.jonas.form() is None


async def test_the_command_answers_a_menu_and_help_in_private(office: Brightwater) -> None:
    await office.hands_over(HOT)
    await office.jonas.types("/lockstep")
    await office.jonas.told("messages", "1 lead waits for you.")
    await office.jonas.types("/lockstep", "help")
    await office.jonas.told("messages", "*Accept* makes it yours")
    await office.leo.types("/lockstep", "back")
    await office.leo.told("messages", "I do not know your Slack account yet")
    await office.settled()
    await office.leo.types("/lockstep", "back")
    await office.leo.told("messages", "Guests")
    await office.anna.types("/lockstep", "nonsense")
    await office.anna.told("messages", "I do not know “nonsense”")
