"""Field notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.note import Note, NoteKind, Quoted
from bot.domain.search_texts import of_note
from storage.repository import Repository
from storage.rows import Row, changes, given, update_of, values_of
from storage.tables.columns import is_word
from storage.tables.notes import NOTE_IS_OPEN, NOTE_STANDS, notes

_ONE = given("the_one")
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}
_QUOTED = ("quoted_link", "quoted_slack_id", "quoted_name", "quoted_private")

_GET = sa.select(notes).where(notes.c.id == _ONE)
_GET_MANY = sa.select(notes).where(notes.c.id.in_(given("the_ids", expanding=True)))
_LOCK = _GET.with_for_update()
_ADD = notes.insert()
_SAVE = update_of(notes, without=("author_id", "created_at")).where(notes.c.id == _ONE)
_OF_THEME = sa.select(notes).where(notes.c.theme_id == _ONE, NOTE_STANDS).order_by(notes.c.id)
_PAGE_OF_THEME = _OF_THEME.limit(_PAGE["limit"]).offset(_PAGE["offset"])
_LOCK_OF_THEME = _OF_THEME.with_for_update()
_MOVE = notes.update().where(notes.c.theme_id == _ONE).values(theme_id=sa.bindparam("new_theme_id"))
_TAKE_KIND = (
    notes.update()
    .where(notes.c.theme_id == _ONE, NOTE_STANDS, is_word(notes.c.kind, NoteKind.OTHER))
    .values(kind=sa.bindparam("the_kind", type_=notes.c.kind.type), version=notes.c.version + 1)
)
_COUNTS = sa.select(
    sa.func.count().label("notes"),
    sa.func.count(notes.c.author_id.distinct()).label("people"),
    sa.func.count().filter(NOTE_IS_OPEN).label("open"),
    sa.func.min(notes.c.created_at).label("first_at"),
    sa.func.max(notes.c.created_at).label("last_at"),
    sa.func.min(notes.c.created_at).filter(NOTE_IS_OPEN).label("waits_since"),
).where(notes.c.theme_id == _ONE, NOTE_STANDS)
_BY_AUTHOR = (
    sa.select(notes)
    .where(notes.c.author_id == _ONE, NOTE_STANDS)
    .order_by(notes.c.created_at.desc(), notes.c.id.desc())
    .limit(_PAGE["limit"])
    .offset(_PAGE["offset"])
)
_COUNT_BY_AUTHOR = sa.select(sa.func.count()).select_from(notes).where(notes.c.author_id == _ONE, NOTE_STANDS)
_OF_LEAD = sa.select(notes).where(notes.c.lead_id == _ONE, notes.c.lead_id.is_not(None)).order_by(notes.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCounts:
    """Of the notes of one theme that stand; the instants are None where there are none."""

    notes: int
    people: int
    open: int
    first_at: datetime | None
    last_at: datetime | None
    waits_since: datetime | None


class Notes(Repository):
    __slots__ = ()

    def get(self, note_id: str) -> Note | None:
        row = self._first(_GET, the_one=note_id)
        return None if row is None else note_of(row)

    def get_many(self, note_ids: Iterable[str]) -> dict[str, Note]:
        """By id; those that are not there are not in it."""
        return {row.id: note_of(row) for row in self._all(_GET_MANY, the_ids=list(set(note_ids)))}

    def lock(self, note_id: str) -> Note | None:
        """As get; nobody else changes it before this transaction ends. The lock of its theme comes first."""
        row = self._first(_LOCK, the_one=note_id)
        return None if row is None else note_of(row)

    def of_theme(self, theme_id: str, limit: int, offset: int = 0) -> list[Note]:
        """Those that stand, the oldest first."""
        return [note_of(row) for row in self._all(_PAGE_OF_THEME, the_one=theme_id, at_most=limit, skipped=offset)]

    def lock_of_theme(self, theme_id: str) -> list[Note]:
        """All that stand, the oldest first, locked. The caller holds the lock of the theme."""
        return [note_of(row) for row in self._all(_LOCK_OF_THEME, the_one=theme_id)]

    def counts(self, theme_id: str) -> NoteCounts:
        row = self._first(_COUNTS, the_one=theme_id)
        if row is None:
            raise LookupError(theme_id)  # an aggregate always has its row
        return NoteCounts(**row._asdict())

    def move(self, from_theme: str, to_theme: str) -> None:
        """All notes of one theme, those taken back too, are of the other. The caller holds both locks."""
        self._change(_MOVE, {"the_one": from_theme, "new_theme_id": to_theme})

    def take_kind(self, theme_id: str, kind: NoteKind) -> None:
        """Those of kind OTHER that stand are of this kind. The caller holds the lock of the theme."""
        self._change(_TAKE_KIND, {"the_one": theme_id, "the_kind": kind})

    def by_author(self, person_id: str, limit: int, offset: int = 0) -> list[Note]:
        """Those that stand, the newest first."""
        return [note_of(row) for row in self._all(_BY_AUTHOR, the_one=person_id, at_most=limit, skipped=offset)]

    def count_by_author(self, person_id: str) -> int:
        return int(self._value(_COUNT_BY_AUTHOR, the_one=person_id))

    def of_lead(self, lead_id: str) -> list[Note]:
        """All about the lead, those taken back too."""
        return [note_of(row) for row in self._all(_OF_LEAD, the_one=lead_id)]

    def add(self, note: Note) -> None:
        self._change(_ADD, _values(note))
        self._tx.search.keep(of_note(note))

    def save(self, note: Note) -> None:
        """The caller holds its lock, or that of its theme."""
        self._change(_SAVE, {"the_one": note.id, **changes(_values(note))})
        self._tx.search.keep(of_note(note))


def _values(note: Note) -> dict[str, Any]:
    said = note.quoted
    return values_of(note, without=("quoted",)) | {
        "quoted_link": said.link if said else None,
        "quoted_slack_id": said.slack_id if said else None,
        "quoted_name": said.name if said else None,
        "quoted_private": said.private if said else None,
    }


def note_of(row: Row) -> Note:
    """The note of a row that has every column of the table."""
    values = {column.name: row._mapping[column.name] for column in notes.c if column.name not in _QUOTED}
    said = row._mapping
    quoted = None
    if said["quoted_link"] is not None:
        quoted = Quoted(
            link=said["quoted_link"],
            slack_id=said["quoted_slack_id"],
            name=said["quoted_name"],
            private=said["quoted_private"],
        )
    return Note(quoted=quoted, **values)
