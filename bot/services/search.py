"""Find: what somebody looks for among what they may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.campaign_alert import CampaignAlert
from bot.domain.note import Note, NoteKind, NoteState
from bot.domain.rights import Clicker, manages_marketing
from bot.domain.search import Circle, Found, Hit, Piece, Query, Sight, excerpt, query
from bot.domain.search_texts import link_of
from bot.services.alert_rights import why_not_read
from bot.services.deputies import in_place_of
from bot.services.note_readers import readable
from bot.services.people import clicker
from storage.transaction import Transaction

FIRST = 5
"""Of a private answer to what was typed."""
PAGE = 10
WORDS_MAX = 200
"""Characters of what is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """Something found, as people see it. `pieces` are untrusted, as are the names. `opens`: the id of the note or the
    campaign alert that shows it whole; `link`: where one of an alert's links leads."""

    kind: Found
    opens: str
    pieces: tuple[Piece, ...]
    at: datetime
    by: str
    campaign: str | None = None
    note_kind: NoteKind | None = None
    note_state: NoteState | None = None
    answered: bool | None = None
    """Of a question."""
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What was found of `words`, the newest first. `left_out`: more words were given than are
    looked for. `asked` has no words where there was nothing to look for."""

    words: str
    asked: Query
    left_out: bool
    lines: tuple[FoundLine, ...] = ()
    last: int | None = None
    """The place of the last that was looked at, where there is older."""

    @property
    def more(self) -> bool:
        return self.last is not None


def find(tx: Transaction, by: str, words: str, most: int = PAGE, before: int | None = None) -> Results:
    """What this person may read of it, up to `most`, older than `before`. Nothing tells of what they may not read.

    Raises NotAllowed, PersonUnknown.
    """
    who = clicker(tx, by)
    said = " ".join(words.split())
    asked = query(said[:WORDS_MAX])
    hits = tx.search.find(asked, _sight(tx, who), most + 1, before)
    lines = _Lines(tx, who, asked).of(hits[:most])
    return Results(
        words=said[:WORDS_MAX],
        asked=asked,
        left_out=asked.left_out or len(said) > WORDS_MAX,
        lines=tuple(lines),
        last=hits[most - 1].place if len(hits) > most else None,
    )


def _sight(tx: Transaction, who: Clicker) -> Sight:
    notes = readable(tx, who.person)
    circles: set[Circle] = set()
    if who.person.on_roster:
        circles.add(Circle.TOLD)
    if notes.all:
        circles.add(Circle.NOTES)
    if notes.managers_only:
        circles |= {Circle.MANAGERS_NOTES}
    if manages_marketing(who.person) or in_place_of(tx, who.person, manages_marketing):
        circles.add(Circle.DRAFTS)
    return Sight(person_id=who.person.id, circles=frozenset(circles), campaign_ids=notes.campaign_ids)


class _Lines:
    """Looks up what was found, and looks once more whether this person may read it: the index only finds."""

    def __init__(self, tx: Transaction, who: Clicker, asked: Query) -> None:
        self._tx = tx
        self._who = who
        self._asked = asked

    def of(self, hits: list[Hit]) -> list[FoundLine]:
        notes = self._notes([hit.subject_id for hit in hits if hit.kind is Found.NOTE])
        lines = []
        for hit in hits:
            if hit.kind is Found.NOTE:
                note = notes.get(hit.subject_id)
                line = self._note(hit, note) if note is not None else None
            else:
                line = self._of_alert(hit)
            if line is not None:
                lines.append(line)
        return lines

    def _notes(self, ids: list[str]) -> dict[str, Note]:
        found = self._tx.notes.get_many(ids) if ids else {}
        may = readable(self._tx, self._who.person)
        return {note.id: note for note in found.values() if may.includes(note)}

    def _note(self, hit: Hit, note: Note) -> FoundLine:
        return FoundLine(
            kind=hit.kind,
            opens=note.id,
            pieces=excerpt(hit.text, self._asked),
            at=note.created_at,
            by=self._name(note.author_id),
            campaign=self._campaign(note.campaign_id),
            note_kind=note.kind,
            note_state=note.state,
        )

    def _of_alert(self, hit: Hit) -> FoundLine | None:
        alert_id, link, answered = hit.subject_id, None, None
        if hit.kind is Found.QUESTION:
            question = self._tx.alert_questions.get(hit.subject_id)
            if question is None:
                return None
            alert_id, answered = question.alert_id, question.answer is not None
        elif hit.kind is Found.LINK:
            alert_id, _ = link_of(hit.subject_id)
        alert = self._tx.campaign_alerts.get(alert_id)
        if alert is None or why_not_read(self._tx, self._who, alert) is not None:
            return None
        if hit.kind is Found.LINK:
            link = _link(alert, hit.subject_id)
        return FoundLine(
            kind=hit.kind,
            opens=alert.id,
            pieces=excerpt(hit.text, self._asked),
            at=hit.at,
            by=self._name(alert.owner_id),
            campaign=self._campaign(alert.campaign_id),
            answered=answered,
            link=link,
        )

    def _name(self, person_id: str) -> str:
        person = self._tx.people.get(person_id)
        return person.name if person is not None else ""

    def _campaign(self, campaign_id: str | None) -> str | None:
        campaign = self._tx.campaigns.get(campaign_id) if campaign_id is not None else None
        return campaign.name if campaign is not None else None


def _link(alert: CampaignAlert, subject_id: str) -> str | None:
    _, place = link_of(subject_id)
    return alert.assets[place].url if place < len(alert.assets) else None
