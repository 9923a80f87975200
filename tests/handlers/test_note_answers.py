"""Answers to field notes from Slack: one short note is answered from the list it stands in, and the list follows."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.budget import Kind
from bot.domain.note import Note, NoteKind
from bot.services import erasure, notes
from bot.services.notes import ChangeNote
from bot.views.note_answer_ids import AnswerAction, AnswerCallback, read_answer_metadata
from bot.views.note_ids import NoteAction
from tests.handlers.office import Office
from tests.services.marketing import add_marketing
from tests.services.noting import answer, brief_of, join, read, same, write
from tests.services.world import INES, JONAS, MARKETER

Json = dict[str, Any]
LINK = "https://content.example.com/hospitals"
WINDOW = {"id": "V1", "type": "modal"}


@pytest.fixture
async def asked(office: Office) -> Office:
    await office.world.db.run(add_marketing)
    return office


def needed(view: Json) -> list[str]:
    return [one["block_id"] for one in view["blocks"] if one["type"] == "input" and not one.get("optional")]


async def test_a_request_answered_from_the_list_leaves_the_list_which_stays_open(asked: Office) -> None:
    missing = NoteKind.MISSING_CONTENT
    note = await write(asked.world, "A page for hospitals", by=INES, kind=missing)
    await same(asked.world, JONAS, INES, text="A price list", kind=missing)
    await asked.click(MARKETER, AnswerAction.REQUESTS, "0", view={"id": "VH", "type": "home"})
    listed = asked.wire.called("views.open")[-1]["view"]
    window = WINDOW | {"private_metadata": listed["private_metadata"]}

    await asked.click(MARKETER, AnswerAction.ANSWER, note.theme_id, view=window)
    form = asked.wire.called("views.push")[-1]["view"]
    assert "A page for hospitals" in json.dumps(form)
    assert needed(form) == ["how"]
    over = {"id": "V2", "type": "modal", "private_metadata": form["private_metadata"]}
    await asked.click(MARKETER, AnswerAction.HOW, "exists", view=over)
    update = asked.wire.called("views.update")[-1]
    assert (update["view_id"], needed(update["view"])) == ("V2", ["how", "answer_link"])
    again = update["view"]["private_metadata"]
    assert read_answer_metadata(again) == read_answer_metadata(form["private_metadata"])

    values = {"how": "exists", "answer": "", "answer_link": LINK}
    done = await asked.submit(
        MARKETER, AnswerCallback.SUBMIT, again, view_id="V2", previous_view_id="V1", **values
    )  # fmt: skip
    assert "1 note has this answer now" in done.text
    followed = asked.wire.called("views.update")[-1]
    assert (followed["view_id"], followed["view"]["callback_id"]) == ("V1", AnswerCallback.REQUESTS_VIEW)
    assert "A price list" in json.dumps(followed["view"])
    assert "A page for hospitals" not in json.dumps(followed["view"])


async def test_a_request_answered_from_its_theme_leaves_the_list_under_that_too(asked: Office) -> None:
    missing = NoteKind.MISSING_CONTENT
    first, _ = await same(asked.world, JONAS, INES, text="A page for hospitals", kind=missing)
    await write(asked.world, "A price list", by=INES, kind=missing)
    await asked.click(MARKETER, AnswerAction.REQUESTS, "0", view={"id": "VH", "type": "home"})
    listed = asked.wire.called("views.open")[-1]["view"]
    assert "A page for hospitals" in json.dumps(listed)
    window = WINDOW | {"private_metadata": listed["private_metadata"]}
    await asked.click(MARKETER, AnswerAction.THEME, f"{first.theme_id}.0", view=window)
    theme = asked.wire.called("views.push")[-1]["view"]
    over = {"id": "V2", "type": "modal", "private_metadata": theme["private_metadata"]}
    await asked.click(MARKETER, AnswerAction.THEME_ON, f"{first.theme_id}.0", view=over)
    assert asked.wire.called("views.update")[-1]["view"]["private_metadata"] == theme["private_metadata"]
    await asked.click(MARKETER, AnswerAction.ANSWER, first.theme_id, view=over)
    form = asked.wire.called("views.push")[-1]["view"]

    asked.wire.calls.clear()
    values = {"how": "exists", "answer": "", "answer_link": LINK}
    await asked.submit(
        MARKETER, AnswerCallback.SUBMIT, form["private_metadata"], view_id="V3", previous_view_id="V2",
        root_view_id="V1", **values,
    )  # fmt: skip
    followed = {one["view_id"]: one["view"] for one in asked.wire.called("views.update")}
    assert "Content exists" in json.dumps(followed["V2"])
    assert followed["V1"]["callback_id"] == AnswerCallback.REQUESTS_VIEW
    assert "A price list" in json.dumps(followed["V1"])
    assert "A page for hospitals" not in json.dumps(followed["V1"])


async def test_an_answer_somebody_gave_meanwhile_is_not_overwritten_by_choosing_once_more(asked: Office) -> None:
    note = await write(asked.world, "A page for hospitals", by=INES, kind=NoteKind.MISSING_CONTENT)
    await asked.click(MARKETER, AnswerAction.ANSWER, note.theme_id, view={"id": "VH", "type": "home"})
    form = asked.wire.called("views.open")[-1]["view"]
    values = {"how": "declined", "answer": "No page."}
    await asked.submit(MARKETER, AnswerCallback.SUBMIT, form["private_metadata"], view_id="V8", **values)
    over = {"id": "V2", "type": "modal", "private_metadata": form["private_metadata"]}
    await asked.click(MARKETER, AnswerAction.HOW, "acted", view=over)
    stale = asked.wire.called("views.update")[-1]["view"]["private_metadata"]
    values = {"how": "acted", "answer": "A page."}
    refused = await asked.submit(MARKETER, AnswerCallback.SUBMIT, stale, view_id="V2", **values)
    assert "while you were writing: No page." in refused.text


async def _taken_back(asked: Office, note: Note) -> None:
    await asked.world.db.run(notes.take_back, f"U{note.author_id[1:]}", note.id)


async def _erased(asked: Office, note: Note) -> None:
    await asked.world.db.run(erasure.erase_key, "crm", "7", None, actor="admin")


async def _hidden(asked: Office, note: Note) -> None:
    now = await asked.world.db.read(lambda tx: tx.notes.get(note.id))
    assert now is not None
    change = ChangeNote(
        by=f"U{note.author_id[1:]}", note_id=note.id, version=now.version, text=None, kind=note.kind,
        lead_id=note.lead_id, managers_only=True,
    )  # fmt: skip
    await asked.world.db.run(notes.change_note, change)


@pytest.mark.parametrize(
    ("happens", "said"),
    [(_taken_back, "taken back meanwhile"), (_erased, "erased meanwhile"), (_hidden, "for managers only meanwhile")],
)
async def test_what_was_typed_stays_when_the_note_goes_while_it_is_answered(
    asked: Office, happens: Callable[[Office, Note], Awaitable[None]], said: str
) -> None:
    handed = await asked.world.hand_over("7")
    owner = "U" + ((await asked.world.handoff(handed.handoff_id)).rep_id or "")[1:]
    await asked.world.accept(handed.handoff_id, owner)
    note = await write(
        asked.world, "A page for hospitals", by=owner, lead_id=handed.lead_id, kind=NoteKind.MISSING_CONTENT
    )
    await asked.click(MARKETER, AnswerAction.ANSWER, note.theme_id, view={"id": "VH", "type": "home"})
    form = asked.wire.called("views.open")[-1]["view"]
    await happens(asked, note)

    over = {"id": "V2", "type": "modal", "private_metadata": form["private_metadata"]}
    await asked.click(MARKETER, AnswerAction.HOW, "acted", view=over)
    for update in asked.wire.called("views.update"):
        assert update["view"]["callback_id"] == AnswerCallback.SUBMIT, "the form is still there"
    values = {"how": "acted", "answer": "All that was typed."}
    kept = (
        await asked.submit(MARKETER, AnswerCallback.SUBMIT, form["private_metadata"], view_id="V2", **values)
    ).json()
    assert kept["response_action"] == "errors"
    (sentence,) = kept["errors"].values()
    assert said in sentence
    assert "what you typed stays here" in sentence


async def test_an_older_answer_is_not_changed_when_the_note_that_waited_goes(asked: Office) -> None:
    first = await write(asked.world, "SSO is missing", by=INES)
    await answer(asked.world, first, text="It comes in May.")
    late = await join(asked.world, await write(asked.world, "SSO is missing", by=JONAS), first, JONAS)
    await asked.click(MARKETER, AnswerAction.ANSWER, first.theme_id, view={"id": "VH", "type": "home"})
    form = asked.wire.called("views.open")[-1]["view"]
    await asked.world.db.run(notes.take_back, JONAS, late.id)
    values = {"how": "acted", "answer": "Something else, for Jonas."}
    kept = await asked.submit(MARKETER, AnswerCallback.SUBMIT, form["private_metadata"], view_id="V2", **values)
    assert "taken back meanwhile" in kept.text
    assert (await read(asked.world, first.id)).answer == "It comes in May."


async def test_content_that_exists_is_called_so_wherever_the_answer_is_read(asked: Office) -> None:
    note = await write(asked.world, "A page for hospitals", by=JONAS, kind=NoteKind.MISSING_CONTENT)
    await answer(asked.world, note, "exists", "On the shelf.", link=LINK)
    for action, value in (
        (NoteAction.MINE, "mine"),
        (NoteAction.OPEN, f"{note.id}.0"),
        (AnswerAction.THEME, f"{note.theme_id}.0"),
    ):
        await asked.click(JONAS, action, value, view={"id": "VH", "type": "home"})
        shown = json.dumps(asked.wire.called("views.open")[-1]["view"], ensure_ascii=False)
        assert "content exists" in shown.replace("*", "").casefold(), action
        assert ", says Sam" in shown, action
        assert "acted" not in shown.casefold(), action
        assert "What was done" not in shown, action
    (line,) = await brief_of(asked.world, "p1", Kind.NOTE_ANSWERED)
    assert line.text == "Content exists, says Sam: On the shelf."


async def test_who_wrote_a_note_reads_in_their_list_until_when_it_is_answered(asked: Office) -> None:
    await write(asked.world, "A page for hospitals", by=JONAS)
    await asked.click(JONAS, NoteAction.MINE, "mine", view={"id": "VH", "type": "home"})
    assert "An answer is due by <!date" in json.dumps(asked.wire.called("views.open")[-1]["view"])
