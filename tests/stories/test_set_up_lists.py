"""Stories: an admin sets up routing, sources and reasons from the page alone, and asks who would get a lead."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bot.configuration import apply_file, export
from bot.demo import programs
from tests.sandbox.slack_driver import Json
from tests.stories.brightwater import Brightwater, Person, on_home, option_labelled, words

pytestmark = pytest.mark.story


async def presses_in_form(person: Person, label: str, *, about: str | None = None) -> Json:
    """A button or an option behind three dots of the window that is open; the window that is open then."""
    form = await person.form()
    assert form is not None
    block, element = on_home(form, label, about)
    where = {"in": "form", "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "overflow":
        where["value"] = option_labelled([block], element["action_id"], label)
    await person._act("click", **where)
    return await person.form() or {}


async def test_a_rule_added_from_the_page_decides_as_the_try_foretold(office: Brightwater) -> None:
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("Routing…")
    listed = await noor.form()
    assert "4. Americas" in words(listed)
    assert "Country is one of US, CA" in words(listed)
    form = await presses_in_form(noor, "Add a rule…")
    assert form["title"]["text"] == "Add a rule"
    left = await noor.submits(
        name="Analytical", field="Company", operator="contains", value="Ateliers", to="Priya Raman"
    )
    assert "5. Analytical" in words(left), left
    assert "Company contains Ateliers" in words(left)
    for place in (5, 4, 3, 2):
        left = await presses_in_form(noor, "Move up", about=f"{place}. Analytical")
    assert "1. Analytical" in words(left)
    await presses_in_form(noor, "Who would get this lead?")
    tried = await noor.submits(company="Ateliers Marchand", country="DE")
    assert "*Priya Raman* would get it" in words(tried)
    assert "*1. Analytical*" in words(tried)
    assert "4 rules after it were not tried" in words(tried)
    await office.hands_over()
    await office.priya.sees("messages", "Étienne Marchand")


async def test_a_mistake_in_a_rule_stands_at_its_field_and_nothing_changes(office: Brightwater) -> None:
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("Routing…")
    await presses_in_form(noor, "Change…", about="4. Americas")
    left = await noor.submits(operator="is at least", value="many")
    assert left["errors"] == {
        "value": "Many is no number, and “is at least” and “is at most” (in a file: at_least, at_most) compare numbers;"
        " write for example 50."
    }
    left = await noor.submits(operator="is", value="US")
    assert "Country is US" in words(left)
    await presses_in_form(noor, "Delete…", about="4. Americas")
    left = await noor.submits()
    assert "Americas" not in words(left)
    assert "1. Demo requests" in words(left)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")
async def test_a_new_source_shows_its_secret_once_with_an_example_that_works(office: Brightwater) -> None:
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("Sources…")
    await presses_in_form(noor, "Add a source…")
    left = await noor.submits(name="CRM", key="c r m")
    assert "use letters, digits" in left["errors"]["key"].lower()
    shown = words(await noor.submits(key="crm"))
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)
    assert secret is not None
    assert f"{office.bot_url}/webhooks/leads/crm" in shown
    assert "202 Accepted" in await pasted(shown[shown.index("SECRET=") :])
    await closes(noor)
    listed = words(await noor.form())
    assert "*CRM*" in listed
    assert "whsec_" not in listed
    await presses_in_form(noor, "New secret…", about="*CRM*")
    renewed = words(await noor.submits())
    assert secret[0] not in renewed
    for text in (shown, renewed):
        assert "202 Accepted" in await pasted(text[text.index("SECRET=") :])
    await closes(noor)
    await presses_in_form(noor, "End the old secret…", about="*CRM*")
    assert "one secret" in words(await noor.submits())
    assert "401 Unauthorized" in await pasted(shown[shown.index("SECRET=") :])
    assert "202 Accepted" in await pasted(renewed[renewed.index("SECRET=") :])
    for place in ("messages", "#marketing", "#lead-fallback"):
        assert "whsec_" not in str(await office.record(await noor.place(place)))


async def test_a_reason_of_ones_own_is_offered_with_the_next_lead_and_not_with_the_last(office: Brightwater) -> None:
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("Reasons…")
    await office.hands_over(name="Before")
    await presses_in_form(noor, "Add a reason…")
    left = await noor.submits(label="Too small for us", ask="A sentence or two")
    assert left["errors"] == {"question": "Is missing: what does the rep read above the text."}
    left = await noor.submits(question="How many are they?")
    assert "*Too small for us*\n“How many are they?” (in a sentence or two; may stay empty)" in words(left)
    await presses_in_form(noor, "Move up", about="Too small for us")
    await presses_in_form(noor, "Retire…", about="*Other*")
    left = await noor.submits()
    assert "*Other*" not in words(left)
    await office.hands_over(name="After", external_id="2", email="after@example.com")
    rep, card = await office.rep_with("After")
    await rep.rejects(card, "messages", "Too small for us", text="Three people")
    await office.sam.sees("messages", "After", "Too small for us", "Three people")
    rep, card = await office.rep_with("Before")
    await rep.presses("Reject", card, "messages")
    form = words(await rep.form())
    assert "Other" in form
    assert "Too small for us" not in form


async def test_the_first_lead_is_handed_over_by_hand_or_from_a_source(office: Brightwater) -> None:
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("First lead…")
    assert "*From Website*" in words(await noor.form()) or "website" in words(await noor.form()).lower()
    form = await presses_in_form(noor, "Example")
    assert "SECRET='whsec_PUT-THE-SECRET-HERE'" in words(form)
    await closes(noor)
    await presses_in_form(noor, "Hand over a lead…")
    left = await noor.submits(name="Ada Lovelace", country="DE", summary="Asked for a demo")
    assert "Handed over." in words(left)
    await office.rep_with("Ada Lovelace")


async def test_what_the_forms_put_in_force_is_what_the_file_says(office: Brightwater, tmp_path: Path) -> None:
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("Routing…")
    await presses_in_form(noor, "Add a rule…")
    await noor.submits(
        name="Big", field="Another value of the lead…", further="employees", operator="is at least", value="250",
        to="Team Americas, in turn",
    )  # fmt: skip
    await closes(noor)
    await noor.presses_on_home("Reasons…")
    await presses_in_form(noor, "Change…", about="*Not ready to talk to sales*")
    assert "*Not ready yet*" in words(await noor.submits(label="Not ready yet"))
    await closes(noor)
    await noor.presses_on_home("Sources…")
    await presses_in_form(noor, "Add a source…")
    await noor.submits(name="CRM", key="crm")
    environment = programs.bot_environment(
        office.slack.url, database_url=office.database_url, port=0, socket_mode=True, name="file"
    )
    clock = StandingAt(await office.now())
    written = await export(environment, clock=clock)
    assert 'field = "fields.employees"' in written
    assert 'label = "Not ready yet"' in written
    assert 'key = "crm"' in written
    assert "whsec_" not in written
    file = tmp_path / "exported.toml"
    file.write_text(written, encoding="utf-8")
    assert (await apply_file(file, environment, dry_run=True, clock=clock)).changes == []
    outcome = await apply_file(file, environment, clock=clock)
    assert (outcome.changes, outcome.new_secrets) == ([], {})
    assert await export(environment, clock=clock) == written


class StandingAt:
    """The clock of the sandbox, for a command that is over before it moves."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


async def closes(person: Person) -> None:
    """The window on top is closed."""
    await person._act("close")


async def pasted(text: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", text, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, failed = await process.communicate()
    assert process.returncode == 0, failed.decode()
    return said.decode()
