"""What the controls and forms of field notes are called and carry. Whatever comes back is untrusted, as in ids.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.note import NoteKind
from bot.errors import NotFound
from bot.views.ids import ID_MAX, PAGE_MAX, VERSION_MAX

_UNREADABLE = "I cannot read this button any more. My field notes, on my Home tab, lists what you have saved."


class NoteAction(StrEnum):
    NEW = "note.new"
    """Opens the form for a new field note."""
    MINE = "note.mine"
    """My field notes, in a window."""
    MINE_BACK = "note.mine.back"
    MINE_ON = "note.mine.on"
    MORE = "note.more"
    """The overflow of one's own note; its options carry `note_more_value`."""
    OPEN = "note.open"
    """One note, whole; carries `note_page_value`, as the next two."""
    BACK = "note.back"
    ON = "note.on"
    KIND = "note.kind"
    """The menu of kinds of a note just saved; its options carry `kind_value`."""
    JOIN = "note.join"
    """Same as this; carries `join_value`."""
    LEAVE = "note.leave"
    """Not the same after all; this and the next two carry the note's id."""
    DETAILS = "note.details"
    TAKE_BACK = "note.take_back"
    SET_UP = "set_up.notes"
    """For admins: who reads all field notes."""


class NoteCallback(StrEnum):
    SUBMIT = "note.submit"
    SAVED_VIEW = "note.saved.view"
    MINE_VIEW = "note.mine.view"
    NOTE_VIEW = "note.view"
    SET_UP_SUBMIT = "set_up.notes.submit"


class NoteShortcut(StrEnum):
    NEW = "note.new"
    """Global: New field note."""
    SAVE = "note.save"
    """Of a message: Save as field note."""


class NoteBlock(StrEnum):
    """The inputs of the form; the others are BlockId's. The text goes on in `text_2` and so on."""

    TEXT = "text"
    KIND = "kind"
    ACCOUNT = "account"
    COMPETITOR = "competitor"
    LEAD = "lead_id"
    CAMPAIGN = "campaign"
    READ_BY = "read_by"


class NoteMore(StrEnum):
    OPEN = "open"
    CHANGE = "change"
    LEAVE = "leave"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRef:
    """What the form of a note carries. `note_id` None: a new one. `message`: the one it is saved from. `page`: that of
    My field notes, when it was opened from there."""

    note_id: str | None = None
    version: int = 0
    alert_id: str | None = None
    message: str | None = None
    page: int | None = None


def note_metadata(ref: NoteRef) -> str:
    said = {
        "note": ref.note_id, "version": ref.version, "alert": ref.alert_id, "message": ref.message, "page": ref.page,
    }  # fmt: skip
    return json.dumps(said, separators=(",", ":"))


def read_note_metadata(text: str) -> NoteRef:
    """Raises NotFound for anything `note_metadata` never made."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotFound(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise NotFound(_UNREADABLE)
    version = found.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version <= VERSION_MAX:
        raise NotFound(_UNREADABLE)
    return NoteRef(
        note_id=_optional_id(found.get("note")),
        version=version,
        alert_id=_optional_id(found.get("alert")),
        message=_optional_id(found.get("message")),
        page=None if found.get("page") is None else read_page(str(found["page"])),
    )


def read_note_id(text: str) -> str:
    """The id of the note a button is about. Raises NotFound for anything that is none."""
    if not _is_id(text):
        raise NotFound(_UNREADABLE)
    return text


def kind_value(kind: NoteKind, note_id: str) -> str:
    """The value of a kind in the menu of a note: `objection:ID`."""
    return f"{kind}:{note_id}"


def read_kind_value(text: str) -> tuple[NoteKind, str]:
    word, _, note_id = text.partition(":")
    if word not in list(NoteKind):
        raise NotFound(_UNREADABLE)
    return NoteKind(word), read_note_id(note_id)


def join_value(note_id: str, theme_id: str) -> str:
    """The value of *Same as this*: `NOTE.THEME`."""
    return f"{note_id}.{theme_id}"


def read_join_value(text: str) -> tuple[str, str]:
    note_id, _, theme_id = text.partition(".")
    return read_note_id(note_id), read_note_id(theme_id)


def note_more_value(more: NoteMore, note_id: str) -> str:
    return f"{more}:{note_id}"


def read_note_more_value(text: str) -> tuple[NoteMore, str]:
    word, _, note_id = text.partition(":")
    if word not in list(NoteMore):
        raise NotFound(_UNREADABLE)
    return NoteMore(word), read_note_id(note_id)


def note_page_value(note_id: str, page: int = 0) -> str:
    """The value of a button that shows a page of a note, counted from 0: `ID.PAGE`."""
    return f"{note_id}.{page}"


def read_note_page_value(text: str) -> tuple[str, int]:
    note_id, _, page = text.partition(".")
    return read_note_id(note_id), read_page(page)


def read_page(text: str) -> int:
    """A page of a window; the first for anything that is none."""
    return min(int(text), PAGE_MAX) if 0 < len(text) <= 10 and text.isascii() and text.isdigit() else 0


def _optional_id(value: object) -> str | None:
    if value is None:
        return None
    return read_note_id(value) if isinstance(value, str) else read_note_id("")


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_MAX and text.isascii() and text.replace("-", "").replace("_", "").isalnum()
