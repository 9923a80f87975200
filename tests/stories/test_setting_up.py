"""Stories: from an empty roster to a team that gets leads, from the page alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.configuration import apply_file, export
from bot.demo import programs
from sandbox.ids import stable_id
from storage.schema import migrate
from tests.sandbox.slack_driver import Json
from tests.stories import brightwater
from tests.stories.brightwater import Brightwater, Person, on_home, option_labelled, words

pytestmark = pytest.mark.story

HELEN = stable_id("U", "helen.whitcombe@example.com")
SALES_EUROPE = stable_id("S", "sales-europe")


@pytest.fixture
async def empty_office(tmp_path: Path) -> AsyncIterator[Brightwater]:
    """Brightwater on the day Lockstep was installed: nobody is on the roster."""
    database_url = f"sqlite:///{tmp_path / 'lockstep.db'}"
    await asyncio.to_thread(migrate, database_url, lambda _: None)
    async with brightwater.office(database_url, tmp_path) as office, office.lockstep():
        yield office


async def presses(person: Person, label: str, *, about: str | None = None) -> Json:
    """A button or an option behind three dots of the window that is open; the window that is open then."""
    form = await person.form()
    assert form is not None
    block, element = on_home(form, label, about)
    where = {"in": "form", "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "overflow":
        where["value"] = option_labelled([block], element["action_id"], label)
    await person._act("click", **where)
    return await person.form() or {}


async def chooses(person: Person, block_id: str, value: object) -> None:
    where = {"in": "form", "block_id": block_id, "action_id": "answer"}
    await person._act("select", **where, value=value)


async def picks_person(person: Person, name: str) -> Json:
    """Somebody of the menu over the list of people; their form."""
    form = await person.form()
    assert form is not None
    block = next(one for one in form["blocks"] if one.get("accessory", {}).get("action_id") == "person.edit")
    where = {"in": "form", "block_id": block["block_id"], "action_id": "person.edit"}
    await person._act("select", **where, value=option_labelled([block], "person.edit", name))
    return await person.form() or {}


async def becomes_admin(noor: Person) -> None:
    await noor.opens_home()
    assert "Lockstep has no admin yet" in words(await noor.home())
    await noor.presses_on_home("Set up Lockstep")


async def test_the_owner_of_the_workspace_sets_lockstep_up_from_nothing(empty_office: Brightwater) -> None:
    noor = empty_office.noor
    await becomes_admin(noor)
    home = words(await noor.home())
    assert "0 of 6 steps done" in home
    assert "1 person, no rep yet" in home

    await noor.presses_on_home("People…")
    await presses(noor, "Add people…")
    await chooses(noor, "people", [empty_office.priya.id])
    await chooses(noor, "group", SALES_EUROPE)
    left = words(await noor.submits(side="Sales"))
    assert "Anna Keller*, *Inês Carvalho*, *Jonas Brandt*, *Priya Raman*, *Tomasz Wójcik* are on the roster now" in left
    assert "Leo Marchetti is a guest in Slack." in left
    await noor._act("close")
    assert "6 people, 5 reps" in words(await noor.form())
    home = words(await noor.home())
    assert "1 of 6 steps done" in home
    assert "6 people, 5 reps" in home
    await noor._act("close")

    await noor.presses_on_home("Teams…")
    await presses(noor, "Add a team…")
    await chooses(noor, "members", [person.id for person in empty_office.reps])
    await chooses(noor, "pool_channel", await noor.place("#lead-pool"))
    left = words(await noor.submits(name="Europe"))
    assert "*Europe* · Sales · key europe\nInês Carvalho, Jonas Brandt, Tomasz Wójcik" in left
    await noor._act("close")

    await noor.presses_on_home("Channels…")
    await chooses(noor, "fallback_channel", await noor.place("#general"))
    left = words(await noor.submits())
    assert "Fallback channel" in left
    form = await noor.form()
    assert form is not None
    assert form["errors"] == {
        "fallback_channel": "I am not in this channel. Type /invite @Lockstep there, then save again."
    }
    await chooses(noor, "fallback_channel", await noor.place("#lead-fallback"))
    await chooses(noor, "marketing_channel", await noor.place("#marketing"))
    left = await noor.submits(crm_hosts="crm.example.com, https://crm.example.org/")
    assert "“https://crm.example.org/” is no host name" in left["errors"]["crm_hosts"]
    assert not await noor.submits(crm_hosts="crm.example.com")

    await noor.presses_on_home("Routing…")
    await presses(noor, "Add a rule…")
    await noor.submits(name="Everything", operator="whatever it says (every lead)", to="Team Europe, in turn")
    await noor._act("close")
    await noor.presses_on_home("Sources…")
    await presses(noor, "Add a source…")
    await noor.submits(name="CRM", key="crm")
    await noor._act("close")
    await noor._act("close")
    home = words(await noor.home())
    assert "5 of 6 steps done" in home, home

    await noor.presses_on_home("First lead…")
    await presses(noor, "Hand over a lead…")
    await noor.submits(name="Ada Lovelace", country="DE", summary="Asked for a demo")
    await empty_office.rep_with("Ada Lovelace")
    await noor.opens_home()
    home = words(await noor.home())
    assert "Lockstep is set up." in home
    assert "steps done" not in home
    await noor._act("close")
    await noor._act("close")
    await noor.presses_on_home("Set-up…")
    assert "People…" in words(await noor.form())


async def test_the_checklist_under_the_forms_follows_what_they_change(office: Brightwater) -> None:
    """Set-up, People, a person: three windows, as many as Slack stacks."""
    noor = office.noor
    await office.hands_over()
    await noor.opens_home()
    await noor.presses_on_home("Set-up…")
    before = words(await noor.form())
    await presses(noor, "People…")
    form = await picks_person(noor, "Inês Carvalho")
    assert "Inês Carvalho" in words(form)
    await chooses(noor, "roles", [])
    left = words(await noor.submits(cap="4", tz="Europe/Lisbon"))
    assert "*Inês Carvalho* · Sales · no role" in left
    await noor._act("close")
    after = words(await noor.form())
    assert ("14 people, 7 reps" in before, "14 people, 6 reps" in after) == (True, True), (before, after)


async def test_two_admins_at_once_lose_nothing(office: Brightwater) -> None:
    """Whoever sends off second reads that somebody was first, and nothing of theirs is saved."""
    noor, anna = office.noor, office.anna
    await office.hands_over()
    await noor.opens_home()
    await noor.presses_on_home("Set-up…")
    await presses(noor, "People…")
    await picks_person(noor, "Anna Keller")
    await chooses(noor, "roles", ["manager", "admin"])
    await noor.submits()
    await anna.opens_home()
    await anna.presses_on_home("Set-up…")
    await presses(anna, "People…")
    await picks_person(anna, "Jonas Brandt")
    await picks_person(noor, "Jonas Brandt")
    await noor.submits(cap="7")
    await chooses(anna, "roles", ["manager"])
    left = words(await anna.submits(cap="3"))
    assert "Somebody changed this while you had the form open" in left
    await anna._act("close")
    assert "*Jonas Brandt* · Sales · rep" in words(await anna.form())
    form = await picks_person(anna, "Jonas Brandt")
    cap = next(block for block in form["blocks"] if block.get("block_id") == "cap")
    assert cap["element"]["initial_value"] == "7"


async def test_a_person_taken_off_the_roster_hands_their_offers_on(office: Brightwater) -> None:
    """Inês cannot go as long as a rule names her."""
    for number, name in enumerate(("Adam One", "Berta Two"), 1):
        await office.hands_over(name=name, external_id=str(number), email=f"{number}@example.com", phone=None)
    found = [await office.rep_with(name) for name in ("Adam One", "Berta Two")]
    rep = next(one for one, _ in found if one is not office.ines)
    lead = "Adam One" if rep is found[0][0] else "Berta Two"
    noor = office.noor
    await noor.opens_home()
    await noor.presses_on_home("Set-up…")
    await presses(noor, "People…")
    await picks_person(noor, "Inês Carvalho")
    left = words(await presses(noor, "Take off the roster"))
    assert "The rule “Large accounts in Europe” sends leads to Inês Carvalho: change the rule first." in left
    await noor._act("close")
    name = await office.name_of(rep)
    await picks_person(noor, name)
    left = words(await presses(noor, "Take off the roster"))
    assert f"{name} is off the roster." in left
    await noor._act("close")
    left = words(await noor.form())
    assert name not in left
    assert "Inês Carvalho" in left
    await office.rep_with(lead, among=[one for one in office.reps if one is not rep])
    home = words(await rep.opens_home())
    assert "You are not on my roster yet" in home


async def test_what_the_forms_put_in_force_is_what_the_file_says(office: Brightwater, tmp_path: Path) -> None:
    noor = office.noor
    await office.hands_over()
    await noor.opens_home()
    await noor.presses_on_home("Set-up…")
    await presses(noor, "Teams…")
    await presses(noor, "Shares…", about="*Europe*")
    form = await noor.form()
    assert form is not None
    jonas = next(one["block_id"] for one in form["blocks"] if one.get("label", {}).get("text") == "Jonas Brandt")
    left = words(await noor.submits(**{jonas: "3"}))
    assert "Jonas Brandt ×3" in left
    await presses(noor, "Add a team…")
    await chooses(noor, "members", [office.priya.id])
    await noor.submits(name="Fast lane", key="fast")
    await presses(noor, "Delete…", about="*Europe*")
    left = words(await noor.submits())
    assert "sends leads to Europe: change the rule first" in left
    environment = programs.bot_environment(
        office.slack.url, database_url=office.database_url, port=0, socket_mode=True, name="file"
    )
    written = await export(environment)
    assert 'key = "fast"' in written
    assert "weight = 3" in written
    file = tmp_path / "exported.toml"
    file.write_text(written, encoding="utf-8")
    assert (await apply_file(file, environment, dry_run=True)).changes == []
    assert (await apply_file(file, environment)).changes == []
    assert await export(environment) == written


async def test_without_the_scope_people_are_added_one_by_one(office: Brightwater) -> None:
    """The app was installed before it asked for user groups."""
    manifest = office.slack.workspace.manifest
    scopes = frozenset(manifest.scopes or ()) - {"usergroups:read"}
    office.slack.workspace.manifest = replace(manifest, scopes=scopes)
    noor = office.noor
    await office.hands_over()
    await noor.opens_home()
    await noor.presses_on_home("Set-up…")
    await presses(noor, "People…")
    form = await presses(noor, "Add people…")
    assert "the app lacks the scope usergroups:read" in words(form)
    await chooses(noor, "people", [HELEN, office.jonas.id])
    left = words(await noor.submits(side="Marketing"))
    assert "*Helen Whitcombe*, *Jonas Brandt* were there already and stay as before." in left
