"""A lead handed over by hand goes the way of every other lead; what is wrong stands at its field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from bot.domain.handoff import Status
from bot.domain.lead import Priority
from bot.domain.person import Role, SlackFlags
from bot.domain.routing import Target
from tests.handlers.office import Office
from tests.handlers.wire import TEAM
from tests.services.world import ADMIN, JONAS, MANAGER, MARKETER, START, everything_to

LEAD = {
    "name": "Ada Lovelace", "company": "Analytical Engines", "email": "ada@example.com", "phone": "020 7946 0958",
    "country": "GB", "priority": "hot", "campaign": None, "summary": "Asked for a demo",
}  # fmt: skip


async def shortcut(office: Office, by: str, callback_id: str = "lead.new") -> None:
    answer = await office.interact(
        {
            "type": "shortcut",
            "callback_id": callback_id,
            "user": {"id": by},
            "team": {"id": TEAM},
            "trigger_id": "1.2.a",
        }
    )
    assert answer.status_code == 200


async def leads(office: Office) -> list[Any]:
    return await office.world.db.read(lambda tx: tx.leads.by_email("ada@example.com"))


@pytest.mark.parametrize(("by", "takes_leads"), [(JONAS, True), (MANAGER, True), (MARKETER, False), (ADMIN, False)])
async def test_the_shortcut_the_command_and_the_button_open_one_form(
    office: Office, by: str, takes_leads: bool
) -> None:  # fmt: skip
    """Typed by somebody who takes leads, the command shows theirs, with that button."""
    await shortcut(office, by)
    fields = {"command": "/lockstep", "text": "lead", "user_id": by, "team_id": TEAM, "trigger_id": "1.2.abc"}
    typed = await office.post_slack(urlencode(fields).encode(), "application/x-www-form-urlencoded")
    assert typed.status_code == 200
    assert ("lead.new" in typed.text) is takes_leads
    await office.click(by, "lead.new", "lead")
    forms = [call["view"] for call in office.wire.called("views.open")]
    assert [form["callback_id"] for form in forms] == ["lead.submit"] * (2 if takes_leads else 3)
    assert all(form["blocks"] == forms[0]["blocks"] for form in forms)


async def test_it_is_handed_over_and_says_to_whom(office: Office) -> None:
    await office.world.rules(everything_to(Target.REP, "p2"))
    answer = await office.submit(MARKETER, "lead.submit", "", **LEAD)
    assert answer.json()["response_action"] == "update"
    assert "Offered to Ines" in answer.text
    [lead] = await leads(office)
    assert (lead.name, lead.source, lead.priority, lead.phone_e164) == (
        "Ada Lovelace", "slack", Priority.HOT, "+442079460958",
    )  # fmt: skip
    [handoff] = await office.world.of_lead(lead.id)
    assert (handoff.status, handoff.rep_id) == (Status.OFFERED, "p2")
    events = await office.world.db.read(lambda tx: tx.events.of_lead(lead.id))
    assert {(event.actor, event.origin) for event in events} == {("p5", "slack")}


async def test_sent_twice_it_is_one_lead(office: Office) -> None:
    await office.submit(MARKETER, "lead.submit", "", **LEAD)
    again = await office.submit(MARKETER, "lead.submit", "", **LEAD)
    assert again.status_code == 200
    assert len(await leads(office)) == 1


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"email": "nobody"}, "email", "not an e-mail address"),
        ({"priority": "boiling"}, "priority", "hot, warm or cold"),
        ({"name": "x" * 201}, "name", "at most 200 fit"),
        ({"summary": " "}, "summary", "Say why"),
        ({"name": None, "email": None, "phone": None}, "name", "Say who it is"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(office: Office, change: Any, field: str, said: str) -> None:
    answer = await office.submit(MARKETER, "lead.submit", "", **{**LEAD, **change})
    assert answer.json()["response_action"] == "errors"
    assert list(answer.json()["errors"]) == [field]
    assert said in answer.json()["errors"][field]
    assert not await leads(office)


async def test_who_has_no_part_in_leads_hands_none_over(office: Office) -> None:
    await office.world.change("p5", roles=frozenset({Role.ARBITER}))
    await shortcut(office, MARKETER)
    assert "Only marketers, reps" in office.wire.said()
    answer = await office.submit(MARKETER, "lead.submit", "", **LEAD)
    assert "Only marketers, reps" in answer.text
    await office.world.change("p1", flags=SlackFlags(is_guest=True, checked_at=START))
    await office.submit(JONAS, "lead.submit", "", **LEAD)
    assert not await leads(office)


async def test_an_unknown_shortcut_is_told_so(office: Office) -> None:
    await shortcut(office, JONAS, "nobody.knows")
    assert "I do not know this button" in office.wire.said()
