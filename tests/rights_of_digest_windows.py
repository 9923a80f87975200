"""The part of the rights' table that is about what is in digests: everybody on the roster opens all of it, and reads no
more of it than they may read anywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.domain.digest import DigestKind
from bot.domain.note import NoteKind
from bot.services import notes
from bot.services.digest_window import Part, WindowRef
from bot.services.notes import SaveNote
from bot.views.digest_window_ids import WindowAction, WindowCallback, window_value
from tests.handlers.office import Office
from tests.services.world import START

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]
ROSTER = {"rep", "mate", "other", "manager", "cmo", "marketer", "admin"}
READERS = {"rep", "manager", "cmo"}
"""Of a note of the rep's that is for managers only."""
SAID = "a delicate zebra"
WINDOW = {"id": "V1", "type": "modal", "private_metadata": ""}
DAY = timedelta(days=1)
REF = WindowRef(kind=DigestKind.FIELD_NOTES, from_at=START - DAY, until_at=START + DAY, part=Part.NOTES)


def _press(action: WindowAction, **at: Any) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, where: dict[str, Any]) -> object:
        return await office.click(by, action, window_value(REF), **(at or where))

    return act


async def _view(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.submit(by, WindowCallback.ALL_VIEW, "")


EVERYTHING: dict[str, Act] = {
    "digest.all": _press(WindowAction.ALL),
    "digest.all.back": _press(WindowAction.BACK, view=WINDOW),
    "digest.all.on": _press(WindowAction.ON, view=WINDOW),
    "digest.all.part": _press(WindowAction.PART, view=WINDOW),
}
WINDOWS: dict[str, Act] = {"digest.all.view": _view}
"""Nothing can be sent off in it."""
IDS = {*WindowAction, *WindowCallback}


async def in_state(office: Office) -> None:
    """A note of the rep's for managers only."""
    command = SaveNote(by="U0REP", text=SAID, sent="digests", kind=NoteKind.IDEA, managers_only=True)
    await office.world.db.run(notes.save_note, command)
