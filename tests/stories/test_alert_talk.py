"""Story: sales gets a campaign alert, asks about it in its thread, is answered for all, says what a buyer said of it,
and its leads are counted on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sandbox.slack_driver import Json
from tests.stories.brightwater import HOT, Brightwater, Person, words

pytestmark = pytest.mark.story

SALES, POOL = "#campaigns", "#lead-pool"
ALERT = "Campaign alert: Webinar"


async def told(office: Brightwater) -> None:
    """Sam's campaign is approved by Anna, and sales is told; it starts in two days."""
    sam, anna = office.sam, office.anna
    starts = (await office.now()).date() + timedelta(days=2)
    await sam.types("/lockstep", "campaign")
    await sam.fills("campaign", "Webinar: forecasting without spreadsheets")
    for block_id, value in {
        "start_date": starts.isoformat(),
        "start_time": "10:00",
        "buyer_sees": "Join our webinar on forecasts.",
        "audience": "Heads of finance",
        "new_offer": "A free forecast check",
        "channels": [await sam.place(SALES)],
    }.items():
        await sam.fills(block_id, value)
    await sam.submits()
    await sam.submits()
    await sam._act("close")
    asked = await anna.sees("messages", "waits for your approval")
    await anna.presses("Approve", asked, "messages")


async def in_thread(person: Person, parent: Json) -> list[Json]:
    """What this person reads in the thread of a message in the sales channel."""
    found = await person.messages(SALES)
    return [one for one in found if one.get("thread_ts") == parent["ts"] and one["ts"] != parent["ts"]]


async def test_got_it_asked_answered_for_all_fed_back_and_counted(office: Brightwater) -> None:
    sam, jonas, ines = office.sam, office.jonas, office.ines
    await told(office)
    alert = await jonas.sees(SALES, ALERT, "*0 of ")

    # Got it: a count for all, and nobody is named.
    await jonas.presses("Got it", alert, SALES)
    await jonas.told(SALES, "Noted: *1 of ")
    assert "Jonas" not in words(await ines.sees(SALES, ALERT, "*1 of "))
    await jonas.presses("Got it", alert, SALES)
    await jonas.told(SALES, "You had said so already")

    # A question stands in the thread, and its owner has it before him.
    await ines.presses("Ask a question…", alert, SALES)
    assert "Asked" in words(await ines.submits(question="Is it <!channel> recorded?"))
    await ines._act("close")
    (question,) = await in_thread(jonas, alert)
    assert "Inês Carvalho asks about Webinar" in words(question)
    assert "recorded?" in words(question)
    mine = await sam.sees("messages", "Inês Carvalho asks about Webinar")
    await office.passes(minutes=3)
    await jonas.sees(SALES, ALERT, "1 question waits for an answer")

    # Only marketing answers; the answer is for all.
    await jonas.presses("Answer…", question, SALES)
    await jonas.told(SALES, "Only the campaign's owner and marketing can answer")
    await sam.presses("Answer…", mine, "messages")
    left = await sam.submits(
        answer="Yes, we send the recording the day after.", expected=["Add to the expected questions"]
    )
    assert "on the alert" in words(left)
    await sam._act("close")
    (question,) = await in_thread(jonas, alert)
    assert "we send the recording" in words(question)
    await jonas.sees(SALES, ALERT, "we send the recording")
    await ines.sees("messages", "Sam Patel answered your question", "we send the recording")

    # What a buyer said of it is a field note on that campaign.
    await jonas.presses("Feedback on the message…", alert, SALES)
    form = await jonas.form()
    assert form is not None
    assert "forecasting without spreadsheets" in words(form)
    await jonas.submits(text="Buyers take it for a sales pitch.")
    await jonas._act("close")

    # Its leads are counted on it.
    await office.passes(days=3)
    await office.sends(HOT)
    await office.passes(minutes=3)
    await jonas.sees(SALES, ALERT, "*Live* since", "1 handed over", "0 accepted")
    await jonas.presses("Accept", await jonas.sees(POOL, "Accept"), POOL)
    await office.passes(minutes=3)
    shown = await jonas.sees(SALES, ALERT, "1 accepted")

    # All of it is in a window; who got it is for owner and managers.
    await jonas.presses("Details", shown, SALES)
    details = await jonas.form()
    assert details is not None
    assert "1 accepted" in words(details)
    assert "Who got it" not in words(details)
    await office.anna.presses("Details", await office.anna.sees(SALES, ALERT), SALES)
    await office.anna.presses_in_form("Who got it")
    names = await office.anna.form()
    assert names is not None
    assert "Jonas Brandt" in words(names)
    assert "Inês Carvalho" in words(names)

    # Home: for sales what is to be read, for its owner where it stands.
    assert "You have not said ∗Got it∗" not in words(await ines.opens_home())
    assert "not yet Got it" in words(await ines.home())
    assert "not yet Got it" not in words(await jonas.opens_home())
    assert "1 of " in words(await sam.opens_home())
