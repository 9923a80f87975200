"""Every call of the repositories of field notes and themes, for the test of their plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.domain.note import Note, NoteKind, NoteState, Quoted, Theme
from storage.transaction import Transaction
from tests.storage.samples import NOON

FILL = (
    "INSERT INTO themes SELECT 'copy-' || n, 'idea', 't', false, 1, 1, mod(n, 2), now(), now(), "
    "CASE mod(n, 2) WHEN 1 THEN now() END FROM rows",
    "INSERT INTO notes (id, theme_id, author_id, kind, text, lead_id, campaign_id, managers_only, state, answer, "
    "version, created_at, state_at) SELECT 'copy-' || n, 'copy-' || n, 'copy-' || mod(n, 500) + 1, 'idea', 't', "
    "'copy-' || n, 'copy-' || mod(n, 50) + 1, false, CASE mod(n, 10) WHEN 1 THEN 'new' ELSE 'acted' END, '', 1, "
    "now() - n * interval '1 hour', now() FROM rows",
)
"""Some thousand notes and themes; `rows` counts from 1 to as many."""


def fill(connection: sa.Connection) -> None:
    for statement in FILL:
        connection.exec_driver_sql(f"WITH rows AS (SELECT generate_series(1, 3000) AS n) {statement}")


def note(world: Any, tx: Transaction, **changes: Any) -> Note:
    note_id = tx.new_id()
    made = Note(
        id=note_id, theme_id=note_id, author_id=world.person.id, kind=NoteKind.OBJECTION, text="Too dear",
        quoted=Quoted(link="https://x.slack.com/archives/C1/p1", slack_id="U2", name="Ines", private=True),
        created_at=NOON,
    )  # fmt: skip
    return replace(made, **changes)


def theme(note: Note) -> Theme:
    return Theme(
        id=note.theme_id, kind=note.kind, title=note.text, managers_only=False, notes=1, people=1, open=1,
        first_at=NOON, last_at=NOON, waits_since=NOON,
    )  # fmt: skip


def saved(world: Any, tx: Transaction, **changes: Any) -> Note:
    """A note in a theme of its own."""
    made = note(world, tx, **changes)
    tx.themes.add(theme(made))
    tx.notes.add(made)
    return made


def _save(world: Any, tx: Transaction) -> None:
    made = saved(world, tx)
    tx.notes.save(replace(made, state=NoteState.SEEN, state_at=NOON))
    tx.themes.save(replace(theme(made), title="Other"))


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "notes.get": lambda w, tx: tx.notes.get("n-1"),
    "notes.get_many": lambda w, tx: tx.notes.get_many(["n-1", "n-2"]),
    "notes.lock": lambda w, tx: tx.notes.lock("n-1"),
    "notes.add": saved,
    "themes.add": saved,
    "notes.save": _save,
    "themes.save": _save,
    "notes.of_theme": lambda w, tx: tx.notes.of_theme("n-1", 5, 5),
    "notes.lock_of_theme": lambda w, tx: tx.notes.lock_of_theme("n-1"),
    "notes.counts": lambda w, tx: tx.notes.counts("n-1"),
    "notes.move": lambda w, tx: tx.notes.move("n-1", "n-2"),
    "notes.take_kind": lambda w, tx: tx.notes.take_kind("n-1", NoteKind.IDEA),
    "notes.by_author": lambda w, tx: tx.notes.by_author(w.person.id, 8, 8),
    "notes.count_by_author": lambda w, tx: tx.notes.count_by_author(w.person.id),
    "notes.of_lead": lambda w, tx: tx.notes.of_lead(w.lead.id),
    "themes.get": lambda w, tx: tx.themes.get("n-1"),
    "themes.get_many": lambda w, tx: tx.themes.get_many(["n-1", "n-2"]),
    "themes.present": lambda w, tx: tx.themes.present("n-1"),
    "themes.lock": lambda w, tx: tx.themes.lock("n-2", "n-1"),
}
