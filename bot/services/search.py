"""Find: what somebody looks for among what they may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.campaign_alert import CampaignAlert, Question
from bot.domain.note import Note, NoteKind, NoteState
from bot.domain.note_answer import is_content
from bot.domain.note_rights import Readable
from bot.domain.rights import Clicker, manages_marketing
from bot.domain.search import Circle, Found, Hit, Piece, Query, Sight, excerpt, query
from bot.domain.search_texts import address, link_of
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


SHORT = 120
"""Characters of somebody's words beside what was looked for."""


class Part(StrEnum):
    """What of a note or a question is not what its author said."""

    ACCOUNT = "account"
    COMPETITOR = "competitor"
    ANSWER = "answer"
    LINK = "link"
    """Of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A part that has words that were looked for. `pieces` and `by`, who gave an answer, are untrusted."""

    part: Part
    pieces: tuple[Piece, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """Something found, as people see it. `pieces`: the words of `by`; they are untrusted, as are the names. `beside`:
    what others said, or it is about, where that has what was looked for. `opens`: the id of the note or the campaign
    alert that shows it whole; `question`: that of the question about it; `link`: where one of an alert's links leads.
    """

    kind: Found
    opens: str
    pieces: tuple[Piece, ...]
    at: datetime
    by: str
    beside: tuple[Beside, ...] = ()
    campaign: str | None = None
    note_kind: NoteKind | None = None
    note_state: NoteState | None = None
    exists: bool = False
    """Of a note: it asked for content, and the answer says where that is."""
    question: str | None = None
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
    notes = readable(tx, who.person)
    hits = tx.search.find(asked, _sight(tx, who, notes), most + 1, before)
    lines = _lines(tx, who, notes, asked, hits[:most])
    return Results(
        words=said[:WORDS_MAX],
        asked=asked,
        left_out=asked.left_out or len(said) > WORDS_MAX,
        lines=tuple(lines),
        last=hits[most - 1].place if len(hits) > most else None,
    )


def _sight(tx: Transaction, who: Clicker, notes: Readable) -> Sight:
    circles: set[Circle] = set()
    if who.person.on_roster:
        circles.add(Circle.TOLD)
    if notes.all:
        circles.add(Circle.NOTES)
    if notes.managers_only:
        circles.add(Circle.MANAGERS_NOTES)
    if manages_marketing(who.person) or in_place_of(tx, who.person, manages_marketing):
        circles.add(Circle.DRAFTS)
    return Sight(person_id=who.person.id, circles=frozenset(circles), campaign_ids=notes.campaign_ids)


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a hit is about: a note; or a campaign alert, itself, a question about it, or a link on it."""

    hit: Hit
    note: Note | None = None
    alert: CampaignAlert | None = None
    question: Question | None = None

    @property
    def by(self) -> str:
        if self.question is not None and self.question.asked_by is not None:
            return self.question.asked_by
        return self.note.author_id if self.note is not None else self.alert.owner_id if self.alert is not None else ""

    @property
    def answered_by(self) -> str:
        found = self.note.state_by if self.note is not None else self.question.answered_by if self.question else None
        return found or ""

    @property
    def said(self) -> str:
        """The words of whoever it is by."""
        if self.note is not None:
            return self.note.text
        return self.question.text if self.question is not None else self.hit.text

    @property
    def parts(self) -> list[tuple[Part, str]]:
        note, question = self.note, self.question
        if note is not None:
            found = [(Part.ACCOUNT, note.account), (Part.COMPETITOR, note.competitor), (Part.ANSWER, note.answer)]
            found.append((Part.LINK, address(note.answer_link or "")))
        else:
            found = [(Part.ANSWER, question.answer)] if question is not None else []
        return [(part, text) for part, text in found if text]

    @property
    def campaign_id(self) -> str | None:
        of = self.note or self.alert
        return of.campaign_id if of is not None else None


def _lines(tx: Transaction, who: Clicker, notes: Readable, asked: Query, hits: list[Hit]) -> Iterator[FoundLine]:
    """What was found, without what this person may not read after all: the index only finds."""
    things = [one for one in _looked_up(tx, hits) if _may_read(tx, who, notes, one)]
    people = (
        tx.people.get_many({each for one in things for each in (one.by, one.answered_by) if each}) if things else {}
    )
    ids = [one.campaign_id for one in things if one.campaign_id is not None]
    campaigns = tx.campaigns.get_many(ids) if ids else {}
    for one in things:
        hit, author, campaign = one.hit, people.get(one.by), campaigns.get(one.campaign_id or "")
        answered = people.get(one.answered_by)
        beside = _beside(one, asked, answered.name if answered is not None else "")
        said = excerpt(one.said, asked)
        if beside and not any(piece.marked for piece in said):
            said = excerpt(one.said, asked, SHORT)
        yield FoundLine(
            kind=hit.kind,
            opens=one.note.id if one.note is not None else one.alert.id if one.alert is not None else "",
            pieces=said,
            beside=beside,
            at=one.question.asked_at if one.question is not None else hit.at,
            by=author.name if author is not None else "",
            campaign=campaign.name if campaign is not None else None,
            note_kind=one.note.kind if one.note is not None else None,
            note_state=one.note.state if one.note is not None else None,
            exists=one.note is not None and is_content(one.note),
            question=one.question.id if one.question is not None else None,
            answered=one.question.answer is not None if one.question is not None else None,
            link=_link(one.alert, hit.subject_id) if one.alert is not None and hit.kind is Found.LINK else None,
        )


def _beside(one: _Thing, asked: Query, answered_by: str) -> tuple[Beside, ...]:
    found = []
    for part, text in one.parts:
        pieces = excerpt(text, asked, SHORT)
        if any(piece.marked for piece in pieces):
            found.append(Beside(part=part, pieces=pieces, by=answered_by if part is Part.ANSWER else ""))
    return tuple(found)


def _looked_up(tx: Transaction, hits: list[Hit]) -> Iterator[_Thing]:
    ids = [hit.subject_id for hit in hits if hit.kind is Found.NOTE]
    notes = tx.notes.get_many(ids) if ids else {}
    alerts: dict[str, CampaignAlert | None] = {}
    for hit in hits:
        if hit.kind is Found.NOTE:
            yield _Thing(hit, note=notes.get(hit.subject_id))
            continue
        question = tx.alert_questions.get(hit.subject_id) if hit.kind is Found.QUESTION else None
        alert_id = link_of(hit.subject_id)[0] if hit.kind is Found.LINK else hit.subject_id
        alert_id = question.alert_id if question is not None else alert_id
        if alert_id not in alerts:
            alerts[alert_id] = tx.campaign_alerts.get(alert_id)
        yield _Thing(hit, alert=alerts[alert_id], question=question)


def _may_read(tx: Transaction, who: Clicker, notes: Readable, one: _Thing) -> bool:
    if one.note is not None:
        return notes.includes(one.note)
    return one.alert is not None and why_not_read(tx, who, one.alert) is None


def _link(alert: CampaignAlert, subject_id: str) -> str | None:
    _, place = link_of(subject_id)
    return alert.assets[place].url if place < len(alert.assets) else None
