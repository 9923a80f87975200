"""Field notes as people see them: just saved, one's own, and one whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import budget
from bot.domain.budget import How, Kind
from bot.domain.countdown import CountdownKind, Result
from bot.domain.note import Note, NoteKind, NoteState
from bot.domain.note_answer import is_content
from bot.domain.note_rights import may_change, may_read
from bot.domain.person import Side
from bot.errors import NotFound
from bot.services.answering_notes import answering
from bot.services.due import DueShown, due_of, dues_shown
from bot.services.handoffs import refuse
from bot.services.naming import lead_name
from bot.services.note_readers import sides
from bot.services.note_themes import GONE, Suggestion, similar
from bot.services.people import clicker
from storage.transaction import Transaction

PAGE = 8
"""Notes of a page of one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteShown:
    """A note with the names it takes to read it. Untrusted, but for ids and states. `people` said the same, its author
    among them, in `notes` notes. `told`: the author of the message it was saved from was told. `lead` is for its author
    alone; others read the lead's company as the account: who that is the card says, to those who may know."""

    id: str
    author: str
    kind: NoteKind
    text: str
    account: str | None
    competitor: str | None
    lead: str | None
    campaign: str | None
    managers_only: bool
    state: NoteState
    state_by: str | None
    state_at: datetime | None
    answer: str
    answer_link: str | None
    link: str | None
    quoted: str | None
    told: bool
    notes: int
    people: int
    is_mine: bool
    created_at: datetime
    due: DueShown | None = None
    """Until when it is to be answered, in the list of one's own."""
    missed: bool = False
    """That time ran out before it was answered."""
    exists: bool = False
    """It asked for content, and the answer says where that is."""
    answers_theme: str | None = None
    """The theme its reader may answer, or whose answer they may correct, from here."""

    @property
    def may_change(self) -> bool:
        """Whether its reader may still change it."""
        return self.is_mine and self.state.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSaved:
    """A note just saved, with the themes it may belong to, and what comes next. `read_by`: the sides whose people read
    it, unless it is for managers only. `due`: until when it is to be answered. `told`: how its author hears of that."""

    note: NoteShown
    same: tuple[Suggestion, ...]
    read_by: tuple[Side, ...]
    due: DueShown | None
    told: How


@dataclass(frozen=True, slots=True, kw_only=True)
class MyNotes:
    """One's own notes, the newest first; `page` of them, counted from 0."""

    rows: tuple[NoteShown, ...]
    total: int
    page: int


def saved(tx: Transaction, by: str, note_id: str) -> NoteSaved:
    """Raises NotFound, NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    note = tx.notes.get(note_id)
    if note is None or note.removed_at is not None:
        raise NotFound(GONE)
    refuse(may_change(person, note))
    return NoteSaved(
        note=shown(tx, note, person.id),
        same=similar(tx, note) if note.state.is_open else (),
        read_by=sides(tx),
        due=due_of(tx, CountdownKind.ANSWER_NOTE, note.id, person.tz),
        told=budget.how(Kind.NOTE_ANSWERED, tx.person_settings.of(person.id).kinds),
    )


def mine(tx: Transaction, by: str, page: int = 0) -> MyNotes:
    """Raises NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    total = tx.notes.count_by_author(person.id)
    at = min(page, max(0, (total - 1) // PAGE))
    rows = tx.notes.by_author(person.id, PAGE, at * PAGE)
    windows = tx.countdowns.of_many(CountdownKind.ANSWER_NOTE, [one.id for one in rows if one.state.is_open])
    dues = dues_shown(tx, windows)
    found = [
        replace(
            shown(tx, one, person.id),
            due=dues.get(one.id),
            missed=one.id in windows and windows[one.id].result is Result.MISSED,
        )
        for one in rows
    ]
    return MyNotes(rows=tuple(found), total=total, page=at)


def one(tx: Transaction, by: str, note_id: str) -> NoteShown:
    """One note, whole. Raises NotFound, NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    note = tx.notes.get(note_id)
    if note is None or note.removed_at is not None:
        raise NotFound(GONE)
    who = answering(tx, person)
    refuse(may_read(who.readable, note))
    found = shown(tx, note, person.id)
    return replace(found, answers_theme=note.theme_id) if who.refusal(note) is None else found


def shown(tx: Transaction, note: Note, reader_id: str) -> NoteShown:
    people = tx.people.get_many([note.author_id, *([note.state_by] if note.state_by else [])])
    is_mine = note.author_id == reader_id
    lead = tx.leads.get(note.lead_id) if note.lead_id else None
    campaign = tx.campaigns.get(note.campaign_id) if note.campaign_id else None
    theme = tx.themes.get(note.theme_id)
    author, answered = people.get(note.author_id), people.get(note.state_by or "")
    quoted = note.quoted
    return NoteShown(
        id=note.id,
        author=author.name if author else "",
        kind=note.kind,
        text=note.text,
        account=note.account or (lead.company if lead is not None and not is_mine else None),
        competitor=note.competitor,
        lead=lead_name(lead) if lead is not None and is_mine else None,
        campaign=campaign.name if campaign else None,
        managers_only=note.managers_only,
        state=note.state,
        state_by=answered.name if answered else None,
        state_at=note.state_at,
        answer=note.answer,
        answer_link=note.answer_link,
        link=quoted.link if quoted else None,
        quoted=quoted.name if quoted else None,
        told=bool(quoted and quoted.private and quoted.slack_id and quoted.slack_id != (author and author.slack_id)),
        notes=theme.notes if theme else 1,
        people=theme.people if theme else 1,
        is_mine=is_mine,
        created_at=note.created_at,
        exists=is_content(note),
    )
