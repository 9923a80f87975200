"""Themes: which notes say the same, notes joined into one, and what is counted of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.note import Note, NoteKind, Theme
from bot.domain.note_rights import may_change
from bot.domain.note_words import title_of
from bot.errors import NotFound, Refused, Stale
from bot.services import digest_again, note_alike, note_window, requests
from bot.services.handoffs import refuse
from bot.services.note_readers import readable
from bot.services.people import clicker
from storage.transaction import Transaction

GONE = "I do not know this field note any more."
TAKEN_BACK = "This field note was taken back meanwhile: there is nothing to answer any more."
NOT_JOINED = "A field note for managers only stays by itself."
LOOKED_AT = 20
"""The oldest notes of a theme, which give it its title and kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A theme a note may belong to. `title` is untrusted; `people` said it, besides its reader."""

    theme_id: str
    kind: NoteKind
    title: str
    people: int


def similar(tx: Transaction, note: Note) -> tuple[Suggestion, ...]:
    """Themes of the last SAME_WITHIN that may say the same, the likest first; only what the author may read. None for
    a note for managers only."""
    author = tx.people.get(note.author_id)
    if author is None or note.managers_only:
        return ()
    may_read = readable(tx, author)
    # Who does not read all of a theme reads what they may of it, not its title.
    return tuple(
        Suggestion(
            theme_id=theme.id,
            kind=theme.kind,
            title=theme.title if may_read.all else title_of(like.text),
            people=theme.people - len(tx.note_lists.of_author(theme.id, author.id, 1)),
        )
        for theme, like in note_alike.themes_like(tx, note, may_read)
    )


def join(tx: Transaction, by: str, note_id: str, theme_id: str) -> Note:
    """The note says the same as those of the theme: its theme and that one are one from now on, the older one's id.
    Notes of no kind of their own take that of the theme.

    Raises NotFound, NotAllowed, PersonUnknown, and Refused for notes for managers only and for a theme whose notes
    were all taken back.
    """
    person = clicker(tx, by).person
    note = _own(tx, note_id)
    refuse(may_change(person, note))
    target = tx.themes.present(theme_id)
    if target is None:
        raise NotFound(GONE)
    if target.id == note.theme_id:
        return note
    locked = tx.themes.lock(note.theme_id, target.id)
    note = _own(tx, note_id)
    if note.theme_id not in locked or any(one.merged_into is not None for one in locked.values()):
        raise Stale("The theme was joined with another one at the same moment.")
    own, target = locked[note.theme_id], locked[target.id]
    if own.managers_only or target.managers_only:
        raise Refused(NOT_JOINED)
    if not target.notes:
        raise Refused("The notes that said the same were taken back.")
    if not _may_read(tx, person.id, target):
        raise NotFound(GONE)
    kept, gone = sorted((own, target), key=lambda one: (one.first_at, one.id))
    tx.notes.move(gone.id, kept.id)
    tx.digest_themes.follow(gone.id, kept.id)
    # Its title is what somebody wrote: with their note it may be erased, and this theme is not looked at any more.
    tx.themes.save(replace(gone, title="", notes=0, people=0, open=0, waits_since=None, merged_into=kept.id))
    note_window.joined(tx, gone.id, kept.id)
    recount(tx, kept.id)
    if requests.joined(tx, kept.id):
        recount(tx, kept.id)
    tx.events.add(
        "note.joined", actor=person.id, origin="slack", data={"note": note.id, "theme": kept.id, "merged": gone.id}
    )
    return _own(tx, note_id)


def leave(tx: Transaction, by: str, note_id: str) -> Note:
    """The note does not say the same after all: it is alone in a theme of its own. Raises as join."""
    person = clicker(tx, by).person
    note = _own(tx, note_id)
    refuse(may_change(person, note))
    note = alone(tx, lock_note(tx, note_id))
    tx.events.add("note.left", actor=person.id, origin="slack", data={"note": note.id, "theme": note.theme_id})
    return note


def alone(tx: Transaction, note: Note, *, managers_only: bool | None = None) -> Note:
    """The note in a theme without others; as it is, where it has one. The caller holds the locks of its theme and its
    own, and `managers_only` is what it is from now on."""
    hidden = note.managers_only if managers_only is None else managers_only
    if tx.notes.counts(note.theme_id).notes <= 1:
        if hidden != note.managers_only:
            theme = tx.themes.lock(note.theme_id)[note.theme_id]
            tx.themes.save(replace(theme, managers_only=hidden))
        return note
    theme = theme_for(note, theme_id=tx.new_id(), managers_only=hidden)
    tx.themes.add(theme)
    moved = replace(note, theme_id=theme.id)
    tx.notes.save(moved)
    recount(tx, note.theme_id)
    digest_again.theme_changed(tx, note.theme_id)
    return moved


def theme_for(note: Note, *, theme_id: str, managers_only: bool) -> Theme:
    """The theme of one note alone."""
    return Theme(
        id=theme_id,
        kind=note.kind,
        title=title_of(note.text),
        managers_only=managers_only,
        notes=1,
        people=1,
        open=int(note.state.is_open),
        first_at=note.created_at,
        last_at=note.created_at,
        waits_since=note.created_at if note.state.is_open else None,
    )


def recount(tx: Transaction, theme_id: str) -> Theme:
    """The counts, the title and the kind of the theme are those of its notes now; its notes of no kind of their own
    take that kind. Locks it."""
    theme = tx.themes.lock(theme_id).get(theme_id)
    if theme is None:
        raise NotFound(GONE)
    counted = tx.notes.counts(theme_id)
    first = tx.notes.of_theme(theme_id, LOOKED_AT)
    kinds = [one.kind for one in first if one.kind is not NoteKind.OTHER]
    kind = kinds[0] if kinds else NoteKind.OTHER
    if kinds and counted.notes > 1:
        tx.notes.take_kind(theme_id, kind)
    changed = replace(
        theme,
        kind=kind,
        title=next((title_of(one.text) for one in first if one.text), ""),
        notes=counted.notes,
        people=counted.people,
        open=counted.open,
        first_at=counted.first_at or theme.first_at,
        last_at=counted.last_at or theme.last_at,
        waits_since=counted.waits_since,
    )
    if changed != theme:
        tx.themes.save(changed)
    return changed


def lock_note(tx: Transaction, note_id: str, *, taken_back_too: bool = False) -> Note:
    """The note, with its theme locked before it. Raises NotFound, and Stale when it changed its theme meanwhile."""
    note = tx.notes.get(note_id) if taken_back_too else _own(tx, note_id)
    if note is None:
        raise NotFound(GONE)
    tx.themes.lock(note.theme_id)
    locked = tx.notes.lock(note_id)
    if locked is None or locked.theme_id != note.theme_id:
        raise Stale("The field note changed its theme at the same moment.")
    return locked


def _own(tx: Transaction, note_id: str) -> Note:
    note = tx.notes.get(note_id)
    if note is None or note.removed_at is not None:
        raise NotFound(GONE)
    return note


def _may_read(tx: Transaction, person_id: str, theme: Theme) -> bool:
    person = tx.people.get(person_id)
    if person is None:
        return False
    may = readable(tx, person)
    return any(may.includes(one) for one in tx.notes.of_theme(theme.id, LOOKED_AT))
