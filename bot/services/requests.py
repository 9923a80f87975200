"""Missing content as requests: ranked by how many people asked; and when there is something to show, the link goes to
everyone who asked, also to those who ask later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.note import Note, NoteKind
from bot.domain.note_answer import is_content, latest_answered, with_answer_of
from bot.services import note_told, note_window
from bot.services.answering_notes import answering, fits_form, title_for
from bot.services.people import clicker
from storage.note_lists import Order
from storage.transaction import Transaction

PAGE = 10
"""Requests of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something sales could show and has not. `people` asked in `notes`, the first at `since`. `fits_form`: it is
    answered without opening the theme. Title untrusted."""

    theme_id: str
    title: str
    people: int
    notes: int
    since: datetime
    may_answer: bool
    fits_form: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestList:
    """A page of requests, from 0."""

    rows: tuple[Request, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


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


def ranked(tx: Transaction, by: str, page: int = 0) -> RequestList:
    """What is asked for and not there yet, as far as this person may read it: what most people asked for first, of the
    same count the older. Raises PersonUnknown, NotAllowed."""
    may = answering(tx, clicker(tx, by).person)
    total = tx.note_lists.count_waiting(may.readable, requests=True)
    page = max(0, min(page, -(-total // PAGE) - 1))
    found = tx.note_lists.waiting(may.readable, Order.PEOPLE, PAGE, page * PAGE, requests=True) if total else []
    waits = tx.note_lists.waits_in([one.id for one in found])
    oldest = tx.notes.get_many([one.note_id for one in waits.values()])
    rows = []
    for one in found:
        part = may.part_of(tx, one)
        answers = [oldest[waits[one.id].note_id]] if part is None and one.id in waits else part or []
        may_answer = any(may.refusal(note) is None for note in answers)
        rows.append(
            Request(
                theme_id=one.id,
                title=title_for(one, part),
                people=one.people if part is None else len({note.author_id for note in part}),
                notes=one.notes if part is None else len(part),
                since=part[0].created_at if part else one.first_at,
                may_answer=may_answer,
                fits_form=may_answer and fits_form(one, part, answers[0]),
            )
        )
    return RequestList(rows=tuple(rows), total=total, page=page)
