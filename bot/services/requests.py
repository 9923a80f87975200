"""Missing content as requests: ranked by how many people asked; and when there is something to show, the link goes to
everyone who asked, also to those who ask later."""

from __future__ import annotations

from bot.domain.note import Note, NoteKind
from bot.domain.note_answer import is_content, latest_answered, with_answer_of
from bot.services import note_told, note_window
from storage.transaction import Transaction


def joined(tx: Transaction, theme_id: str) -> list[Note]:
    """Notes have joined the theme: if somebody asked for the same before and it exists by now, who asked since has its
    link at once, and their note is answered. The notes this answered. The caller holds the theme's lock and recounts.
    """
    found = tx.notes.lock_of_theme(theme_id)
    there = latest_answered(one for one in found if is_content(one))
    asked = [one for one in found if one.state.is_open and one.kind is NoteKind.MISSING_CONTENT]
    if there is None or not asked:
        return []
    done = [with_answer_of(one, there, tx.now) for one in asked]
    for one in done:
        tx.notes.save(one)
        tx.events.add("note.acted", data={"note": one.id, "theme": theme_id, "as": there.id})
    note_window.stop(tx, done)
    note_told.answered(tx, done, there.state_by or "", late=True)
    note_window.sync_homes(tx)
    return done
