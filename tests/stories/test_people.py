"""Stories: a manager is away and somebody stands in; all of a person's leads go to others; a new rep tries a card."""

from __future__ import annotations

import pytest

from tests.stories.brightwater import HOT, Brightwater, Person, labels, words

pytestmark = pytest.mark.story


async def goes_away(person: Person, **answers: str) -> None:
    await person.opens_home()
    await person.presses_on_home("I am away…")
    assert not await person.submits(**answers)


async def test_while_anna_is_away_marcus_gives_all_of_jonas_leads_to_tomasz(office: Brightwater) -> None:
    for rep in (office.ines, office.tomasz):
        await rep.types("/lockstep", "away")
    await office.hands_over()
    await office.hands_over(external_id="WEB-2", email="second@example.com", name="Second Lead", company="Second AG")
    first = await office.jonas.sees("messages", "Étienne Marchand")
    await office.jonas.presses("Accept", first, "messages")
    await office.tomasz.types("/lockstep", "back")
    await goes_away(office.anna, back_on="2026-11-30", deputy="Marcus Reed")

    assert "Standing in for *Anna Keller*" in words(await office.marcus.opens_home())
    await office.marcus.presses_on_home("Reassign all…", about="*Jonas Brandt*")
    await office.marcus.fills("to", "Tomasz Wójcik")
    form = await office.marcus.form()
    assert "2 leads are offered to Tomasz Wójcik." in words(form)
    answer = await office.marcus.submits(note="Jonas is ill.", back_on="2026-11-25")
    assert "2 leads of Jonas Brandt went on. Tomasz Wójcik gets a card for each." in words(answer)
    await office.settled()

    said = "Reassigned by Marcus Reed for Anna Keller to Tomasz Wójcik"
    for name in ("Étienne Marchand", "Second Lead"):
        over = await office.jonas.sees("messages", name, said, "Jonas is ill.")
        assert labels(over) == []
        card = await office.tomasz.sees("messages", name, "Reassigned by Marcus Reed for Anna Keller: Jonas is ill.")
        assert labels(card)[:2] == ["Accept", "Reject"]
    assert "you are away" in words(await office.jonas.opens_home())

    await office.anna.types("/lockstep", "back")
    assert "Standing in" not in words(await office.marcus.home())


async def test_a_late_click_on_a_reassigned_card_is_told_who_has_it(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await office.anna.opens_home()
    await office.anna.presses_on_home("Reassign", about="Étienne Marchand")
    assert not await office.anna.submits(person_id="Priya Raman", note="Priya knows them.")
    await rep.presses("Accept", card, "messages")
    await rep.told("messages", "Reassigned by Anna Keller to Priya Raman", "ago.")


async def test_a_new_rep_is_welcomed_and_tries_a_card_that_nobody_else_hears_of(office: Brightwater) -> None:
    hello = await office.jonas.sees("messages", "Welcome, Jonas.", "/note")
    await office.jonas.presses("Try a practice lead", hello, "messages")
    card = await office.jonas.sees("messages", "🎓 Practice", "Nobody real.")
    assert labels(card)[:2] == ["Accept", "Reject"]
    await office.jonas.presses("Accept", card, "messages")
    mine = await office.jonas.sees("messages", "🎓 Practice", "That is all there is to it.")
    await office.jonas.presses("Undo", mine, "messages")
    again = await office.jonas.sees("messages", "🎓 Practice", "Nobody real.")
    await office.jonas.rejects(again, "messages", "Good lead, wrong owner", person_id="Priya Raman")
    over = await office.jonas.sees("messages", "🎓 Practice", "Rejected by Jonas Brandt", "That is all there is to it.")
    await office.jonas.presses("Another practice lead", over, "messages")
    assert len([one for one in await office.jonas.messages("messages") if "🎓 Practice" in words(one)]) == 2

    home = words(await office.jonas.opens_home())
    assert "nothing waits for you" in home
    assert "Offered to you\n*0*" in home
    assert "Dana Example" not in words(await office.anna.opens_home())
    for other in (office.priya, office.sam):
        await other.sees_none("messages", "Dana Example")
    await office.jonas.sees_none("#lead-pool", "D. E.")


async def test_practice_is_on_home_for_who_takes_leads(office: Brightwater) -> None:
    await office.hands_over(HOT)
    await office.priya.opens_home()
    await office.priya.presses_on_home("Practice lead")
    assert "in your messages with me" in words(await office.priya.form())
    await office.priya.sees("messages", "🎓 Practice")
    assert "Practice lead" not in words(await office.sam.opens_home())
