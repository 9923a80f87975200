"""Stories: what a rep hears is saved in ten seconds, joined with what others said, answered, and told."""

from __future__ import annotations

import pytest

from tests.sandbox.slack_driver import Json
from tests.stories.brightwater import Brightwater, Person, labels, option_labelled, words

pytestmark = pytest.mark.story


async def save_message(office: Brightwater, person: Person, place: str, ts: str) -> Json:
    """The message shortcut; gives the form it opens."""
    await person._act("shortcut", callback_id="note.save", place=place, message_ts=ts)
    return await person.form() or {}


async def test_a_note_takes_three_actions_and_its_author_hears_what_was_done(office: Brightwater) -> None:
    ines, jonas, sam = office.ines, office.jonas, office.sam
    await ines.types("/note", "Objection: too expensive for small teams")
    await jonas.types("/note", "they say it is too expensive for a small team")
    saved = await jonas.told("messages", "Saved as a field note: Other")
    assert "1 person said (Objection):" in words(saved)

    # The second action: it is an objection. The third: the same as what Ines heard.
    place = await jonas.place("messages")
    kind = option_labelled(saved["blocks"], "note.kind", "Objection")
    await jonas._act("select", place=place, message_ts=saved["ts"], action_id="note.kind", value=kind)
    saved = await jonas.told("messages", "Saved as a field note: Objection")
    await jonas.presses("Same as this", saved, "messages")
    joined = await jonas.told("messages", "2 people said the same, in 2 notes.")
    assert labels(joined) == ["Add details…", "Not the same", "Take back"]

    # Marketing finds them on Home as one theme; both authors are told.
    home = words(await sam.opens_home())
    assert "too expensive for small teams" in home
    mine = words(await jonas.opens_home())
    assert "New field note…" in mine
    await jonas.presses_on_home("My field notes…")
    window = await jonas.form()
    assert "🆕 new" in words(window)
    assert "too expensive for a small team" in words(window)


async def test_a_private_message_is_saved_after_a_warning_and_its_author_is_told(office: Brightwater) -> None:
    jonas, ines = office.jonas, office.ines
    between = (await office.slack.post("places", {"user": ines.id, "with": jonas.id}))["id"]
    said = "Alpine will not renew: Globex offers the same for less"
    await office.slack.act(ines.id, "message", place=between, text=said)
    (message,) = (await office.slack.screen(jonas.id, between))["messages"]
    form = await save_message(office, jonas, between, message["ts"])
    assert "Inês Carvalho is told that you did" in words(form)
    assert form["submit"]["text"] == "Save and tell them"
    assert not [one for one in await ines.messages("messages") if "field note" in words(one)]
    done = await jonas.submits(kind="Competitor", competitor="Globex")
    assert "Saved as a field note: Competitor" in words(done)
    assert "Inês Carvalho was told" in words(done)
    told = await ines.sees("messages", "Jonas Brandt", "field note")
    assert between in str(told["blocks"])  # a link to it

    # One's own needs no warning, and tells nobody.
    await office.slack.act(jonas.id, "message", place=between, text="Their words: cheaper")
    own = (await office.slack.screen(jonas.id, between))["messages"][-1]
    form = await save_message(office, jonas, between, own["ts"])
    assert "Your own message" in words(form)
    await jonas.submits()
    await ines.sees("messages", "Jonas Brandt", "field note")


async def test_a_reply_in_a_channel_is_saved_with_one_submit_and_taken_back(office: Brightwater) -> None:
    jonas, ines = office.jonas, office.ines
    channel = (await office.slack.post("places", {"user": ines.id, "name": "won-lost", "members": [jonas.id]}))["id"]
    await office.slack.act(ines.id, "message", place=channel, text="Lost Alpine")
    (first,) = [one for one in (await office.slack.screen(ines.id, channel))["messages"] if "Alpine" in words(one)]
    form = await save_message(office, jonas, channel, first["ts"])
    assert "in a public channel" in words(form)
    done = await jonas.submits()
    assert "Lost Alpine" in words(done)
    await ines.sees_none("messages", "field note")
    await jonas.presses_in_form("Take back")
    assert "Taken back" in words(await jonas.form())


async def test_a_message_of_lockstep_is_no_field_note(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    form = await save_message(office, rep, await rep.place("messages"), card["ts"])
    assert "one of my own messages" in words(form)


async def test_an_admin_says_who_reads_field_notes(office: Brightwater) -> None:
    await office.noor.opens_home()
    await office.noor.presses_on_home("Field notes…")
    assert await office.noor.submits(read_by=["Marketing"]) == {}
    await office.ines.types("/note", "Too expensive for small teams")
    await office.jonas.types("/note", "Too expensive for a small team")
    saved = await office.jonas.told("messages", "Saved as a field note")
    assert "said" not in words(saved)  # sales no longer reads what others wrote
