"""The part of the rights' table that is about writing field notes, and about who reads them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from bot.domain.note import NoteKind
from bot.domain.person import Side
from bot.services import note_themes, notes
from bot.services.notes import SaveNote
from bot.services.set_up_changes import seen
from bot.views.note_ids import (
    NoteAction,
    NoteCallback,
    NoteMore,
    NoteRef,
    NoteShortcut,
    join_value,
    kind_value,
    note_metadata,
    note_more_value,
    note_page_value,
)
from bot.views.set_up_ids import seen_metadata
from tests.handlers.office import FORM, TEAM, Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]
ROSTER = {"rep", "mate", "other", "manager", "cmo", "marketer", "admin"}
READ = ROSTER - {"admin"}
"""Both sides, as it is unless a side is left out; the admin here is of neither."""
AUTHOR = {"rep"}
WINDOW = {"id": "V1", "type": "modal", "private_metadata": "0"}
OTHER = SaveNote(by="U0MATE", text="Another price list", sent="other")


def _press(action: NoteAction, value: Callable[[str], str], **at: Any) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, where: dict[str, Any]) -> object:
        return await office.click(by, action, value(thing), **(at or where))

    return act


async def _typed(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    fields = {"command": "/note", "text": f"Of {by}", "user_id": by, "team_id": TEAM, "trigger_id": f"1.{by}"}
    return await office.post_slack(urlencode(fields).encode(), FORM)


async def _word(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.command(by, "notes")


async def _message(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    payload = {
        "type": "message_action", "callback_id": NoteShortcut.SAVE.value, "user": {"id": by},
        "team": {"id": TEAM, "domain": "brightwater"}, "channel": {"id": "C0DEALS", "name": "deals"},
        "message_ts": "1772442000.000100", "trigger_id": "1.2.abc",
        "message": {"type": "message", "ts": "1772442000.000100", "user": "U0MATE", "text": "Too dear"},
    }  # fmt: skip
    return await office.interact(payload)


async def _submit(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    answers = {"text": f"Of {by}", "kind": "idea", "read_by": "all"}
    return await office.submit(by, NoteCallback.SUBMIT, note_metadata(NoteRef()), view_id=f"V{by}", **answers)


async def _change(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    answers = {"text": f"Changed by {by}", "kind": "idea", "read_by": "all"}
    ref = NoteRef(note_id=thing, version=version)
    return await office.submit(by, NoteCallback.SUBMIT, note_metadata(ref), view_id=f"V{by}", **answers)


async def _join(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    other = await office.world.db.run(notes.save_note, OTHER)  # it is there already
    return await office.click(by, NoteAction.JOIN, join_value(thing, other.theme_id), **at)


async def _readers(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    now = (Side.SALES, Side.MARKETING, Side.LEADERSHIP)
    return await office.submit(by, NoteCallback.SET_UP_SUBMIT, seen_metadata("", seen(now)), read_by=["marketing"])


def _view(callback: NoteCallback) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, thing)

    return act


EVERYTHING: dict[str, tuple[Act, set[str]]] = {
    "/note": (_typed, ROSTER),
    "/lockstep notes": (_word, ROSTER),
    "note.new": (_press(NoteAction.NEW, lambda _: "note"), ROSTER),
    "note.save": (_message, ROSTER),
    "note.submit": (_submit, ROSTER),
    "note.mine": (_press(NoteAction.MINE, lambda _: "mine"), ROSTER),
    "note.mine.back": (_press(NoteAction.MINE_BACK, lambda _: "0", view=WINDOW), ROSTER),
    "note.mine.on": (_press(NoteAction.MINE_ON, lambda _: "1", view=WINDOW), ROSTER),
    "note.open": (_press(NoteAction.OPEN, note_page_value), READ),
    "note.back": (_press(NoteAction.BACK, note_page_value, view=WINDOW), READ),
    "note.on": (_press(NoteAction.ON, note_page_value, view=WINDOW), READ),
    "note.kind": (_press(NoteAction.KIND, lambda note: kind_value(NoteKind.IDEA, note)), AUTHOR),
    "note.join": (_join, AUTHOR),
    "note.leave": (_press(NoteAction.LEAVE, str), AUTHOR),
    "note.details": (_press(NoteAction.DETAILS, str), AUTHOR),
    "note.submit of a change": (_change, AUTHOR),
    "note.take_back": (_press(NoteAction.TAKE_BACK, str), AUTHOR),
    **{
        f"note.more {what}": (
            _press(NoteAction.MORE, lambda note, what=what: note_more_value(what, note), view=WINDOW),  # type: ignore[misc]
            READ if what is NoteMore.OPEN else AUTHOR,
        )
        for what in NoteMore
    },
    "set_up.notes": (_press(NoteAction.SET_UP, lambda _: "notes"), {"admin"}),
    "set_up.notes.submit": (_readers, {"admin"}),
}
"""On a note of the rep's that a mate has said the same as."""
WINDOWS: dict[str, Act] = {
    "note.saved.view": _view(NoteCallback.SAVED_VIEW),
    "note.mine.view": _view(NoteCallback.MINE_VIEW),
    "note.view": _view(NoteCallback.NOTE_VIEW),
}
"""Windows that are not sent off."""
IDS = {*(set(NoteAction) - {NoteAction.MORE}), *NoteCallback, *(f"note.more {what}" for what in NoteMore)}


async def in_state(office: Office, key: str = "") -> tuple[str, int]:
    """A new note of the rep's, in one theme with one of a mate's."""
    await office.world.db.run(notes.save_note, OTHER)
    sent = [SaveNote(by=by, text=f"A price list {key}", sent=f"{by}:{key}") for by in ("U0MATE", "U0REP")]
    first, note = [await office.world.db.run(notes.save_note, one) for one in sent]
    note = await office.world.db.run(note_themes.join, "U0REP", note.id, first.theme_id)
    return note.id, note.version
