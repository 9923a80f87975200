"""Who reads all field notes: set by an admin in Slack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.configuration import Configuration
from bot.domain.person import Side
from bot.services.editing import change, refuse_unless_same
from bot.services.set_up_changes import admin, seen
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReadersForm:
    """`read_by`: the sides whose people read all field notes; `seen` marks it."""

    read_by: tuple[Side, ...]
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveNoteReaders:
    """`by`: Slack id. `read_by` came from the form."""

    by: str
    seen: str
    read_by: tuple[str, ...]


def note_readers_form(tx: Transaction, by: str) -> NoteReadersForm:
    """Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    now = _in_order(tx.config.notes_read_by)
    return NoteReadersForm(read_by=now, seen=seen(now))


def save_note_readers(tx: Transaction, command: SaveNoteReaders) -> None:
    """People of these sides read all field notes from now on, others their own. Raises NotAllowed, PersonUnknown, and
    Refused when somebody changed it since the form was opened."""

    def edit(now: Configuration) -> Configuration:
        refuse_unless_same(command.seen, now.notes_read_by)
        return replace(now, notes_read_by=_in_order(command.read_by))

    change(tx, command.by, edit)


def _in_order(named: Collection[str]) -> tuple[Side, ...]:
    return tuple(side for side in Side if side.value in named)
