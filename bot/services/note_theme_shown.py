"""A theme in its window: what was said, by whom, how it was answered, and until when it is to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.countdown import CountdownKind, Result
from bot.domain.note import Note, NoteKind, NoteState, Theme
from bot.domain.note_answer import How, how_of
from bot.errors import NotAllowed
from bot.services import note_answers, note_window
from bot.services.answering_notes import Answering, answering, title_for
from bot.services.due import DueShown, dues_shown
from bot.services.note_answers import present
from bot.services.people import clicker
from storage.transaction import Transaction

PAGE = 5
"""Notes of a page: each is a few blocks, and Slack shows a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeNote:
    """One note of a theme. Text untrusted; `text` is whole, and cut where it is shown. `missed`: its window ran out
    before it was answered."""

    id: str
    author: str
    at: datetime
    kind: NoteKind
    text: str
    account: str | None
    competitor: str | None
    company: str | None
    """Of the lead it is about: who that is the lead's card says, to those who may know."""
    campaign: str | None
    quoted: str | None
    """Who wrote the message it was saved from, and where that stands."""
    link: str | None
    state: NoteState
    state_by: str | None
    state_at: datetime | None
    how: How
    answer: str
    answer_link: str | None
    due: DueShown | None
    missed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeShown:
    """A page of a theme, from 0. `total` notes its reader may read, of `people`. Text untrusted."""

    theme_id: str
    kind: NoteKind
    title: str
    managers_only: bool
    notes: tuple[ThemeNote, ...]
    total: int
    people: int
    open: int
    page: int
    may_answer: bool

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def open_theme(tx: Transaction, theme_id: str, by: str, page: int = 0) -> ThemeShown:
    """The theme, opened: if somebody of marketing opens it who may answer its notes, they are seen by that.

    Raises NotFound, PersonUnknown, and NotAllowed for who may read none of it.
    """
    who = answering(tx, clicker(tx, by).person)
    theme = present(tx, theme_id)
    tx.themes.lock(theme.id)
    new = [one for one in tx.notes.lock_of_theme(theme.id) if one.state is NoteState.NEW and who.refusal(one) is None]
    if new:
        note_answers.see(tx, who.person, new)
        note_window.sync_homes(tx)
    return _shown(tx, present(tx, theme.id), who, page)


def _shown(tx: Transaction, theme: Theme, who: Answering, page: int) -> ThemeShown:
    mine = who.part_of(tx, theme)
    people, total, waiting = theme.people, theme.notes, theme.open
    if mine is None:
        page = max(0, min(page, -(-total // PAGE) - 1))
        found = tx.notes.of_theme(theme.id, PAGE, page * PAGE)
    else:
        if not mine:
            raise NotAllowed("This field note is not for you to read.")
        people, total = len({one.author_id for one in mine}), len(mine)
        waiting = sum(one.state.is_open for one in mine)
        page = max(0, min(page, -(-total // PAGE) - 1))
        found = mine[page * PAGE : (page + 1) * PAGE]
    return ThemeShown(
        theme_id=theme.id,
        kind=theme.kind,
        title=title_for(theme, mine),
        managers_only=theme.managers_only,
        notes=rows(tx, found),
        total=total,
        people=people,
        open=waiting,
        page=page,
        may_answer=who.answers_any(tx, theme, found),
    )


def rows(tx: Transaction, found: Iterable[Note]) -> tuple[ThemeNote, ...]:
    """The notes, with the names it takes to read them."""
    notes = list(found)
    people = tx.people.get_many({one for note in notes for one in (note.author_id, note.state_by) if one})
    campaigns = tx.campaigns.get_many(one.campaign_id for one in notes if one.campaign_id)
    windows = tx.countdowns.of_many(CountdownKind.ANSWER_NOTE, [one.id for one in notes])
    leads = {one.lead_id: tx.leads.get(one.lead_id) for one in notes if one.lead_id}

    def name(person_id: str | None) -> str | None:
        person = people.get(person_id or "")
        return person.name if person is not None else None

    dues = dues_shown(tx, windows)
    found_rows = []
    for note in notes:
        lead = leads.get(note.lead_id or "")
        campaign = campaigns.get(note.campaign_id or "")
        window = windows.get(note.id)
        found_rows.append(
            ThemeNote(
                id=note.id,
                author=name(note.author_id) or "",
                at=note.created_at,
                kind=note.kind,
                text=note.text,
                account=note.account,
                competitor=note.competitor,
                company=lead.company if lead is not None else None,
                campaign=campaign.name if campaign is not None else None,
                quoted=note.quoted.name if note.quoted is not None else None,
                link=note.quoted.link if note.quoted is not None else None,
                state=note.state,
                state_by=name(note.state_by),
                state_at=note.state_at,
                how=how_of(note),
                answer=note.answer,
                answer_link=note.answer_link,
                due=dues.get(note.id) if note.state.is_open else None,
                missed=note.state.is_open and window is not None and window.result is Result.MISSED,
            )
        )
    return tuple(found_rows)
