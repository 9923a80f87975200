"""What Home lists of field notes: those that wait for marketing's answer, by age or by how many people said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.countdown import CountdownKind, Result
from bot.domain.note import NoteKind, NoteState
from bot.domain.person import Person
from bot.services.answering_notes import answering, fits_form, title_for
from bot.services.due import DueShown, dues_shown
from bot.services.home_rows import PAGE, Paged, within
from storage.note_lists import NoteNumbers as NoteNumbers  # noqa: PLC0414 - views take it from here
from storage.note_lists import Order, WaitsIn
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesRow:
    """A theme that waits. `open` notes without an answer, `new` of them read by nobody; `people` said it, in all:
    `author`, where it is one alone. `due` and `missed` are of the one that has waited longest, since `since`.
    `fits_form`: it is answered without opening the theme. Title and author untrusted."""

    theme_id: str
    kind: NoteKind
    title: str
    managers_only: bool
    open: int
    new: int
    people: int
    author: str | None
    since: datetime
    due: DueShown | None
    missed: bool
    fits_form: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesToAnswer(Paged):
    """`by_people`: what most people said first, else what has waited longest. `total` themes wait, in them `open`
    notes; `requests` of the themes ask for content."""

    rows: tuple[NotesRow, ...]
    by_people: bool
    open: int
    requests: int


def to_answer(tx: Transaction, person: Person, page: int, *, by_people: bool) -> NotesToAnswer | None:
    """What waits for an answer this person may give; None for whoever has nothing to do with it."""
    who = answering(tx, person)
    may = who.to_answer
    if may is None:
        return None
    total = tx.note_lists.count_waiting(may)
    page = within(page, total)
    order = Order.PEOPLE if by_people else Order.AGE
    found = tx.note_lists.waiting(may, order, PAGE, page * PAGE) if total else []
    parts = {one.id: who.part_of(tx, one) for one in found}
    waits = tx.note_lists.waits_in([one.id for one in found])
    for theme_id, part in parts.items():
        if part is not None and (mine := [one for one in part if one.state.is_open]):
            waits[theme_id] = WaitsIn(note_id=mine[0].id, new=sum(one.state is NoteState.NEW for one in mine))
    windows = tx.countdowns.of_many(CountdownKind.ANSWER_NOTE, [one.note_id for one in waits.values()])
    dues = dues_shown(tx, windows, person.tz)
    oldest = tx.notes.get_many(one.note_id for one in waits.values())
    authors = tx.people.get_many({one.author_id for one in oldest.values()})
    rows = []
    for theme in found:
        waiting, part = waits.get(theme.id), parts[theme.id]
        mine = [one for one in part or () if one.state.is_open]
        window = windows.get(waiting.note_id) if waiting is not None else None
        first = oldest.get(waiting.note_id) if waiting is not None else None
        people = theme.people if part is None else len({one.author_id for one in part})
        author = authors.get(first.author_id) if first is not None and people == 1 else None
        rows.append(
            NotesRow(
                theme_id=theme.id,
                kind=theme.kind,
                title=title_for(theme, part),
                managers_only=theme.managers_only,
                open=theme.open if part is None else len(mine),
                new=waiting.new if waiting is not None else 0,
                people=people,
                author=author.name if author is not None else None,
                since=mine[0].created_at if mine else theme.waits_since or theme.first_at,
                due=dues.get(window.subject_id) if window is not None else None,
                missed=window is not None and window.result is Result.MISSED,
                fits_form=fits_form(theme, part, first),
            )
        )
    asked = tx.note_lists.count_waiting(may, requests=True) if total else 0
    waiting_notes = tx.note_lists.count_waiting_notes(may) if total else 0
    return NotesToAnswer(
        rows=tuple(rows), total=total, page=page, by_people=by_people, open=waiting_notes, requests=asked
    )


def numbers(tx: Transaction, person: Person, since: datetime) -> NoteNumbers | None:
    """How marketing answered since the instant; None for whoever answers none."""
    return tx.note_lists.numbers(since) if answering(tx, person).is_marketing else None
