"""Stories: marketing answers what reps heard. Three ask for the same, one answer reaches all three; who asks later has
the link at once; and what nobody answers is counted, and read by marketing's manager."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.stories.brightwater import Brightwater, Person, words
from tests.stories.test_brief import briefs_of
from tests.stories.test_disputes import sign

pytestmark = pytest.mark.story
ASKED = "Missing: a one-pager for hospitals about data residency"
LINK = "https://content.example.com/hospitals"


async def asks(person: Person, *, join: bool) -> None:
    """They type what is missing, and press *Same as this* where others asked before."""
    await person.types("/note", ASKED)
    saved = await person.told("messages", "Saved as a field note: Missing content")
    if join:
        await person.presses("Same as this", saved, "messages")


async def next_morning(office: Brightwater) -> None:
    """The next working day, late in the morning, of Europe."""
    day = (await office.now()).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    await office.until(datetime.combine(day, time(10), UTC))


async def test_three_ask_for_the_same_marketing_answers_once_all_read_it_and_a_fourth_has_it_at_once(
    office: Brightwater,
) -> None:
    sam = office.sam
    await asks(office.ines, join=False)
    await asks(office.jonas, join=True)
    await asks(office.tomasz, join=True)

    home = words(await sam.opens_home())
    assert "3 field notes wait for an answer." in home
    assert "said by *3 people*" in home
    await sam.presses_on_home("Requested content · 1 request…")
    assert "Asked for by *3 people*" in words(await sam.form())
    await sam.presses_in_form("Open…")
    assert "3 notes from 3 people" in words(await sam.form())
    await sam.presses_in_form("Answer…")
    refused = await sam.submits(how="Content exists", answer="It is on the shelf.")
    assert list(refused["errors"]) == ["answer_link"], "the form asks for it now"
    done = await sam.submits(answer_link=LINK)
    assert "3 notes have this answer now. Their 3 authors are told" in words(done)
    assert "wait for an answer" not in words(await sam.opens_home())

    await next_morning(office)
    for rep in office.reps:
        (brief,) = await briefs_of(rep)
        assert "Content exists, says Sam Patel: It is on the shelf." in words(brief)
        assert LINK in str(brief["blocks"])

    await asks(office.diego, join=True)
    joined = await office.diego.told("messages", "4 people said the same")
    assert LINK in str(joined["blocks"]), "who asks later has the link at once"
    assert "field note waits" not in words(await sam.opens_home()), "nobody is asked a second time"


async def test_seen_declined_corrected_and_read_by_whoever_wrote_it(office: Brightwater) -> None:
    jonas, sam, helen = office.jonas, office.sam, office.helen
    await jonas.types("/note", "Objection: no discount for three years")
    assert "Objection*: no discount for three years\nsaid by Jonas Brandt" in words(await sam.opens_home())
    await sam.presses_on_home("Answer…", about="no discount for three years")
    assert "of Jonas Brandt" in words(await sam.form() or {})
    await jonas.types("/lockstep", "notes")
    assert "seen by Sam Patel" in words(await jonas.form() or {}).replace("*", ""), "opened, it is seen"
    done = await sam.submits(how="Declined", answer="Prices stay as they are.")
    assert "1 note has this answer now" in words(done)
    await next_morning(office)
    (brief,) = await briefs_of(jonas)
    assert "Sam Patel declined it: Prices stay as they are." in words(brief)

    # Marketing's manager finds it, though nothing waits, and corrects it; Jonas chose to hear of that at once.
    await jonas.opens_home()
    await jonas.presses_on_home("Settings…")
    await jonas.submits(told_note_answered="At once")
    assert "no discount" not in words(await helen.opens_home()), "nothing waits"
    await helen.types("/lockstep", "find discount")
    found = await helen.told("messages", "Found for", "for three years")
    await helen.presses("Open…", found, "messages")
    await helen.presses_in_form("Correct the answer…")
    form = await helen.form()
    assert "Answered by Sam Patel" in words(form)
    done = await helen.submits(how="Acted", answer="A discount from the third year on.")
    assert "told again" in words(done)
    told = await jonas.sees("messages", "Helen Whitcombe acted on your field note: the answer was corrected")
    assert "A discount from the third year on." in words(told)


async def test_what_nobody_answers_is_missed_and_marketings_manager_reads_it_without_any_message(
    closed_office: Brightwater,
) -> None:
    office = closed_office
    await sign(office)
    async with office.lockstep():
        await office.jonas.types("/note", "Objection: no discount for three years")
        await office.passes(days=12)
        said = "\n".join(words(one) for one in await briefs_of(office.helen))
        assert "Not answered in time" in said
        asked = "\n".join(words(one) for one in await briefs_of(office.sam))
        assert "no discount for three years" in asked
        for person in (office.sam, office.helen):
            assert not [one for one in await person.messages("messages") if "At risk" in words(one)]
        home = words(await office.helen.opens_home())
        assert "Not answered in time: it still waits for an answer" in home
