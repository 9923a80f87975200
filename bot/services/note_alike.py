"""Which themes a note may belong to."""

from __future__ import annotations

from bot.domain.note import SAME_WITHIN, Note, NoteKind, Theme
from bot.domain.note_rights import Readable
from bot.domain.note_words import ALIKE, likeness
from storage.transaction import Transaction

OFFERED = 3
LOOKED_AT = 200


def themes_like(tx: Transaction, note: Note, may_read: Readable) -> list[Theme]:
    """At most OFFERED themes of notes of the last SAME_WITHIN that are like this one, the likest first."""
    since = tx.now - SAME_WITHIN
    best: dict[str, float] = {}
    for other in tx.notes.recent(since, LOOKED_AT):
        if other.managers_only or other.theme_id == note.theme_id or not may_read.includes(other):
            continue
        score = _score(note, other)
        if score >= ALIKE:
            best[other.theme_id] = max(score, best.get(other.theme_id, 0.0))
    found = tx.themes.get_many(best)
    ranked = sorted(found.values(), key=lambda one: (-best[one.id], -one.people, one.id))
    return [one for one in ranked if one.notes and not one.managers_only][:OFFERED]


def _score(note: Note, other: Note) -> float:
    """How alike two notes are; of different kinds they are not, unless one is of no kind or both name a competitor."""
    rival = bool(note.competitor and other.competitor and note.competitor.casefold() == other.competitor.casefold())
    if note.kind is not other.kind and NoteKind.OTHER not in (note.kind, other.kind) and not rival:
        return 0.0
    return likeness(note.text, other.text) + (ALIKE if rival else 0.0)
