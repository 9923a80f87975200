"""Stories: after Accept. A lead's whole life from the page, what reminds of it, and what is corrected."""

from __future__ import annotations

import pytest

from bot.integrations.clock import SystemClock
from bot.integrations.holidays import PublicHolidays
from storage.database import Database
from tests.services.signed import put_in_force
from tests.stories.brightwater import Brightwater, Person, labels, questions, words

pytestmark = pytest.mark.story

CARD = "Accepted by"


async def signed(office: Brightwater) -> None:
    """Both sides have signed: reminders are said."""
    db = Database.open(office.database_url, clock=SystemClock(), holidays=PublicHolidays())
    try:
        await db.run(put_in_force)
    finally:
        await db.close()


async def log(rep: Person, what: str, **answers: str) -> None:
    """The form on the card: opened, what happened chosen, filled and sent off."""
    card = await rep.sees("messages", "Étienne Marchand", CARD)
    await rep.presses("Log outcome", card, "messages")
    await rep.fills("what", what)
    left = await rep.submits(**answers)
    assert not left, f"the form stayed open: {left.get('errors')}"


async def test_a_leads_whole_life_from_accept_to_won_and_both_sides_hear_of_the_first(
    closed_office: Brightwater,
) -> None:
    office = closed_office
    await signed(office)
    async with office.lockstep():
        await office.hands_over()
        rep, card = await office.rep_with("Étienne Marchand")
        await rep.presses("Accept", card, "messages")
        accepted = await rep.sees("messages", CARD, "No attempt to reach them yet", "Try to reach them by")
        assert labels(accepted)[:2] == ["Undo", "Log outcome"]

        await rep.presses("Log outcome", accepted, "messages")
        form = await rep.form()
        assert form is not None
        assert "Log the contact first: a lead is qualified in conversation." in words(form)
        await rep.fills("what", "Attempt")
        form = await rep.form()
        assert form is not None
        assert questions(form) == ["what", "attempt", "when", "note"]
        await rep.fills("when", "Yesterday")
        form = await rep.form()
        assert form is not None
        assert "at" in questions(form)
        await rep.fills("when", "Just now")
        await rep.submits(attempt="Call")
        card = await rep.sees("messages", CARD, "*1 of 3 attempts*", "call")
        assert "Undo" not in labels(card)

        # When the agreed time since is half over: asked, and answered with one click.
        await office.passes(hours=5)
        asked = await rep.sees("messages", "Reached them?")
        assert labels(asked)[:3] == ["Reached", "No answer", "Give back…"]
        await rep.presses("No answer", asked, "messages")
        await rep.sees("messages", "✓ Logged: no answer, attempt 2 of 3.")
        await rep.sees("messages", CARD, "*2 of 3 attempts*", "no answer")

        await log(rep, "Attempt", attempt="Mail")
        await log(rep, "Contacted", note="Wants a pilot with the Lyon team")
        await rep.sees("messages", CARD, "*Contacted*", "*3 of 3 attempts*")
        await log(rep, "Qualified")
        await rep.sees("messages", CARD, "Qualified (SQL)")
        name = await office.name_of(rep)
        for person, place in ((rep, "messages"), (office.sam, "messages"), (office.anna, "messages")):
            await person.sees(place, "First SQL of", f"Brought by Sam Patel, worked by {name}", "Étienne Marchand")
        public = await office.anna.sees("#sales-europe", "First SQL of")
        assert "Étienne" not in words(public)

        await log(rep, "Opportunity", amount="12,000", currency="EUR", expected_close="2027-11-30")
        await rep.sees("messages", CARD, "*Opportunity EUR 12,000*, expected 30 November 2027")
        await log(rep, "Won", reason="Best fit for the need")
        card = await rep.sees("messages", CARD, "*Won*", "Best fit for the need, EUR 12,000")
        await office.sam.sees("messages", "First win of", "EUR 12,000")
        assert "Correct…" in labels(card)
        assert "Log outcome" not in labels(card)

        # A mistake: it was not won after all.
        await rep.presses("Correct…", card, "messages")
        listed = await rep.form()
        assert listed is not None
        assert "Wants a pilot with the Lyon team" in words(listed)
        await rep.presses_in_form("Correct…")
        await rep.fills("what", "It did not happen")
        listed = await rep.submits()
        assert "~Won~" in words(listed)
        await rep.sees("messages", CARD, "*Opportunity EUR 12,000*")
        await office.sam.sees("messages", "Corrected: it was logged by mistake.")


async def test_my_leads_are_found_by_a_word_and_logged_from_there_and_from_home(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Accept", card, "messages")
    await rep.types("/lockstep", "lead marchand")
    mine = await rep.told("messages", "One lead found for “marchand”", "No attempt to reach them yet")
    assert labels(mine) == ["Log outcome", "Hand over a lead…"]
    await rep.presses("Log outcome", mine, "messages")
    await rep.fills("what", "Contacted")
    await rep.submits()
    assert "*Contacted*" in words(await rep.opens_home())
    await rep.presses_on_home("Log outcome", about="Étienne Marchand")
    await rep.fills("what", "Disqualified")
    await rep.submits(reason="No budget")
    assert "Étienne Marchand" not in words(await rep.home())
    await rep.sees("messages", "disqualified", "No budget", "Back with marketing")
    await office.sam.sees("messages", "was disqualified by", "No budget")


async def test_what_is_given_back_is_offered_to_a_colleague_with_the_reason(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Accept", card, "messages")
    card = await rep.sees("messages", CARD, "Étienne Marchand")
    await rep.presses("Log outcome", card, "messages")
    await rep.fills("what", "Given back")
    left = await rep.submits(note="He wants to speak Portuguese")
    assert not left, left.get("errors")
    others = [one for one in office.reps if one is not rep]
    await office.rep_with("He wants to speak Portuguese", "Released by", among=others)
