"""Which themes a note may belong to: those of notes with the same words, found by the full text, or about the same
competitor."""

from __future__ import annotations

from collections import Counter

from bot.domain import search
from bot.domain.note import SAME_WITHIN, Note, NoteKind, Theme
from bot.domain.note_rights import Readable
from bot.domain.note_words import ALIKE, likeness, telling_words
from bot.domain.search import Circle, Found, Sight
from storage.transaction import Transaction

OFFERED = 3
ASKED = 8
"""Words of a note that are looked for."""
OF_A_WORD = 30
"""The newest notes with one of the words that are looked at."""
COMPARED = 60
"""Those with most of the words in common that are compared as a whole."""


def themes_like(tx: Transaction, note: Note, may_read: Readable) -> list[tuple[Theme, Note]]:
    """At most OFFERED themes of notes of the last SAME_WITHIN that are like this one, the likest first, each with the
    note that is; none for managers only, and none of which `may_read` includes no note."""
    best: dict[str, tuple[float, Note]] = {}
    for other in tx.notes.get_many(_candidates(tx, note, may_read)).values():
        if other.managers_only or other.theme_id == note.theme_id or not may_read.includes(other):
            continue
        if other.removed_at is not None or not _in_time(note, other):
            continue
        score = _score(note, other)
        if score >= ALIKE and (other.theme_id not in best or score > best[other.theme_id][0]):
            best[other.theme_id] = (score, other)
    found = tx.themes.get_many(best)
    ranked = sorted(found.values(), key=lambda one: (-best[one.id][0], -one.people, one.id))
    return [(one, best[one.id][1]) for one in ranked if one.notes and not one.managers_only][:OFFERED]


def _candidates(tx: Transaction, note: Note, may_read: Readable) -> list[str]:
    """Notes that have words of this one, those with most of them first."""
    sight = Sight(
        person_id=may_read.person_id,
        circles=frozenset({Circle.NOTES} if may_read.all else ()),
        campaign_ids=may_read.campaign_ids,
    )
    words = list(telling_words(note.text)[:ASKED])
    if note.competitor:
        words.append(note.competitor)
    found: Counter[str] = Counter()
    for word in words:
        hits = tx.search.find(search.query(word), sight, OF_A_WORD)
        found.update({hit.subject_id for hit in hits if hit.kind is Found.NOTE and hit.subject_id != note.id})
    return [note_id for note_id, _ in found.most_common(COMPARED)]


def _in_time(note: Note, other: Note) -> bool:
    return abs(note.created_at - other.created_at) <= SAME_WITHIN


def _score(note: Note, other: Note) -> float:
    """How alike two notes are; of different kinds they are not, unless one is of no kind or both name a competitor."""
    rival = bool(note.competitor and other.competitor and note.competitor.casefold() == other.competitor.casefold())
    if note.kind is not other.kind and NoteKind.OTHER not in (note.kind, other.kind) and not rival:
        return 0.0
    return likeness(note.text, other.text) + (ALIKE if rival else 0.0)
