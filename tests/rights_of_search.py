"""The part of the rights' table that is about Find: everybody on the roster looks for words, and reads no more so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.note import NoteKind
from bot.services import notes
from bot.services.notes import SaveNote
from bot.views.search_ids import SearchAction, SearchCallback, SearchRef, place_value, search_metadata
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]
ROSTER = {"rep", "mate", "other", "manager", "cmo", "marketer", "admin"}
READERS = {"rep", "manager", "cmo"}
"""Of a note of the rep's that is for managers only."""
SAID = "a delicate zebra"
WINDOW = {"id": "V1", "type": "modal", "private_metadata": search_metadata(SearchRef("zebra", (10**9,)))}


def _press(action: SearchAction, value: str, **at: Any) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, where: dict[str, Any]) -> object:
        return await office.click(by, action, value, **(at or where))

    return act


async def _submit(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.submit(by, SearchCallback.SUBMIT, search_metadata(SearchRef("")), words="zebra")


async def _find(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.command(by, "find zebra")


EVERYTHING: dict[str, Act] = {
    "search.open": _press(SearchAction.OPEN, "zebra"),
    "search.back": _press(SearchAction.BACK, "", view=WINDOW),
    "search.on": _press(SearchAction.ON, place_value(10**9), view=WINDOW),
    "search.submit": _submit,
}
WORDS: dict[str, Act] = {"/lockstep find": _find}
"""Answered privately: no window opens."""
IDS = {*SearchAction, *SearchCallback}


async def in_state(office: Office) -> None:
    """A note of the rep's for managers only."""
    command = SaveNote(by="U0REP", text=SAID, sent="rights", kind=NoteKind.IDEA, managers_only=True)
    await office.world.db.run(notes.save_note, command)
