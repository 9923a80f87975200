"""The part of the rights' table that is about answers to field notes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.note import NoteKind
from bot.services import notes
from bot.services.notes import SaveNote
from bot.views.note_answer_ids import AnswerAction, AnswerCallback, AnswerRef, answer_metadata, theme_value
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]
ROSTER = {"rep", "mate", "other", "manager", "cmo", "marketer", "admin"}
READ = ROSTER - {"admin"}
"""Both sides, as it is unless a side is left out; the admin here is of neither."""
ANSWER = {"marketer", "cmo"}
WINDOW = {"id": "V1", "type": "modal", "private_metadata": ""}


def _press(action: AnswerAction, value: Callable[[str], str], **at: Any) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, where: dict[str, Any]) -> object:
        return await office.click(by, action, value(thing), **(at or where))

    return act


async def _submit(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    answers = {"how": "acted", "answer": f"A page for {by}."}
    ref = AnswerRef(theme_id=thing, seen="none")
    return await office.submit(by, AnswerCallback.SUBMIT, answer_metadata(ref), **answers)


async def _how(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    form = {"id": "V1", "type": "modal", "private_metadata": answer_metadata(AnswerRef(theme_id=thing, seen="none"))}
    return await office.click(by, AnswerAction.HOW, "exists", view=form)


def _view(callback: AnswerCallback) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, thing)

    return act


ON_NOTE: dict[str, tuple[Act, set[str]]] = {
    "theme.open": (_press(AnswerAction.THEME, theme_value), READ),
    "theme.back": (_press(AnswerAction.THEME_BACK, theme_value, view=WINDOW), READ),
    "theme.on": (_press(AnswerAction.THEME_ON, theme_value, view=WINDOW), READ),
    "theme.seen": (_press(AnswerAction.SEEN, str), ANSWER),
    "theme.answer": (_press(AnswerAction.ANSWER, str), ANSWER),
    "theme.answer.how": (_how, ANSWER),
    "theme.answer.submit": (_submit, ANSWER),
    "requests.open": (_press(AnswerAction.REQUESTS, lambda _: "0"), ROSTER),
    "requests.back": (_press(AnswerAction.REQUESTS_BACK, lambda _: "0", view=WINDOW), ROSTER),
    "requests.on": (_press(AnswerAction.REQUESTS_ON, lambda _: "1", view=WINDOW), ROSTER),
}
"""On a note of the rep's. Who reads none of the requests is shown that there are none."""
WINDOWS: dict[str, Act] = {
    "theme.view": _view(AnswerCallback.THEME_VIEW),
    "requests.view": _view(AnswerCallback.REQUESTS_VIEW),
}
"""Windows that are not sent off."""
IDS = {*AnswerAction, *AnswerCallback}


async def in_state(office: Office, key: str = "") -> tuple[str, int]:
    """The theme of a new note of the rep's."""
    command = SaveNote(by="U0REP", text=f"A price list {key}", sent=f"rights:{key}", kind=NoteKind.MISSING_CONTENT)
    note = await office.world.db.run(notes.save_note, command)
    return note.theme_id, 0


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    people = [one.id for one in tx.people.all(on_roster=False)]
    return [tx.notes.by_author(one, 50) for one in people]
