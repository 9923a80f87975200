"""Stories: the two teams agree. Proposed from Slack, the difference shown, signed by both, in force at its instant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sandbox.slack_driver import Json
from tests.stories.brightwater import Brightwater, Person, labels, words
from tests.stories.test_set_up_lists import presses_in_form

pytestmark = pytest.mark.story
WINDOWS = "hot = 10 min\nwarm = 4 h\ncold = 24 h"


async def turns_to(person: Person, section: str) -> Json:
    """The section chosen in the window of the agreement."""
    form = await person.form()
    assert form is not None
    menu = next(
        (block, element)
        for block in form["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == "agreement.section"
    )
    value = next(one["value"] for one in menu[1]["options"] if one["value"].endswith(f".{section}"))
    where = {"in": "form", "action_id": "agreement.section", "block_id": menu[0]["block_id"]}
    await person._act("select", **where, value=value)
    return await person.form() or {}


async def closes(person: Person) -> None:
    while await person.form() is not None:
        await person._act("close", all=True)


async def test_two_teams_agree_and_it_is_in_force_at_its_instant(office: Brightwater) -> None:
    anna, helen, jonas = office.anna, office.helen, office.jonas
    running = await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")

    # Proposed from Slack by a sales manager, section by section.
    await anna.types("/lockstep", "agreement")
    opened = words(await anna.form())
    assert "Trial:" in opened
    assert "⚑  How long an answer may take" in opened
    page = await turns_to(anna, "windows")
    assert "hot 15 min · warm 4 h · cold 24 h" in words(page)
    await presses_in_form(anna, "Propose a change…")
    left = await anna.submits(accept="hot = soon")
    assert "“soon” is no window" in str(left["errors"]["accept"])
    left = await anna.submits(accept=WINDOWS)
    assert "Your draft: 1 change" in words(left)
    assert "accept, hot: 15 min  →  *10 min*" in words(left)
    await presses_in_form(anna, "Back to the agreement")
    await turns_to(anna, "mql")
    await presses_in_form(anna, "Propose a change…")
    await anna.submits(minimum_score="website = 40", excluded_countries="Atlantis")
    await presses_in_form(anna, "Propose…")
    start = (await office.now()).astimezone(anna.tz) + timedelta(days=2)
    left = await anna.submits(**{"from": start.date().isoformat(), "at": "10:00"})
    assert "Version 1" in words(left)

    # The other side sees the difference line by line, answers, and signs.
    message = await helen.sees("messages", "Version 1 of the agreement: proposed")
    assert "accept, hot: 15 min  →  *10 min*" in words(message)
    assert "minimum score, website: 40" in words(message)
    await jonas.sees_none("messages", "Version 1 of the agreement")
    await helen.presses("Answer…", message, "messages")
    await helen.submits(text="Fine with us; who covers lunch?")
    await anna.sees("messages", "Helen Whitcombe answered version 1", "who covers lunch?")
    await helen.presses("Sign…", message, "messages")
    await helen.submits()
    message = await helen.sees("messages", "Version 1 of the agreement: proposed")
    assert "✓  Marketing: Helen Whitcombe" in words(message)
    assert "Sign…" not in labels(message)
    await closes(anna)
    mine = await anna.sees("messages", "Version 1 of the agreement: proposed")
    await anna.presses("Sign…", mine, "messages")
    await anna.submits()
    await anna.sees("messages", "Version 1 of the agreement: signed by both sides")
    home = words(await anna.opens_home())
    assert "Trial: version 0 is not signed yet" in home

    # At its instant it is in force, and not before; what runs keeps its terms.
    at = start.replace(hour=10, minute=0, second=0, microsecond=0)
    await office.until(at - timedelta(seconds=1))
    status, before = await office.sends(external_id="before", email="b@example.com", score=5, name="Bea Early")
    assert (status, before["status"]) == (202, "offered")
    await office.until(at)
    status, below = await office.sends(external_id="below", email="c@example.com", score=5, name="Cleo Late")
    assert (status, below["status"], below["handoff_id"]) == (202, "below_definition", None)
    assert below["below"] == [
        {
            "criterion": "minimum_score.website",
            "detail": "It has a score of 5; the agreement asks for at least 40 for the source website.",
        }
    ]
    await office.settled()
    for reader in (anna, helen):
        await reader.sees("messages", "Version 1 of the agreement: in force")
        await reader.sees("messages", "Version 1 of the agreement is in force")
    assert "Version 1, signed, in force since" in words(await anna.opens_home())
    status, lifted = await office.sends(external_id="below", email="c@example.com", score=60, name="Cleo Late")
    assert (status, lifted["status"], lifted["lead_id"]) == (202, "offered", below["lead_id"])
    await office.settled()

    # One tap from the card to the terms it was offered under.
    await rep.chooses("What was agreed", card, "messages")
    assert "hot 15 min · warm 4 h" in words(await rep.form())
    assert running["handoff_id"]


async def test_it_is_suspended_by_both_and_a_proposal_is_withdrawn(office: Brightwater) -> None:
    anna, helen = office.anna, office.helen
    await anna.types("/lockstep", "agreement")
    await turns_to(anna, "follow_up")
    await presses_in_form(anna, "Propose a change…")
    await anna.submits(attempts="5")
    await presses_in_form(anna, "Propose…")
    await anna.submits()
    await closes(anna)
    for reader in (anna, helen):
        message = await reader.sees("messages", "Version 1 of the agreement")
        await reader.presses("Sign…", message, "messages")
        await reader.submits()
    holds = await anna.sees("messages", "Version 1 of the agreement is in force")
    await anna.presses("Suspend or end…", holds, "messages")
    await anna.submits(wish="Suspend it: nothing escalates until it is resumed")
    asked = await helen.sees("messages", "Anna Keller wants to suspend version 1")
    await helen.presses("Suspend or end…", asked, "messages")
    await helen.submits(wish="Suspend it: nothing escalates until it is resumed")
    assert "Version 1 is suspended" in words(await helen.opens_home())
