"""The form to answer a theme of field notes: what it is about, and who hears of the answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.note import NoteKind, NoteState
from bot.domain.note_answer import How, how_of, mark
from bot.errors import NotAllowed, NotFound
from bot.services import note_answers
from bot.services.answering_notes import answering, title_for
from bot.services.note_answers import present
from bot.services.note_theme_shown import ThemeNote, rows
from bot.services.note_themes import GONE
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """The form to answer a theme. Text untrusted. `waiting` notes of `people` have this answer then; none waits: the
    answer that stands is corrected. `how`, `text`, `link`: that answer, by `answered_by`. `note`: the only one its
    reader reads of the theme."""

    theme_id: str
    kind: NoteKind
    title: str
    waiting: int
    people: int
    seen: str
    may_exist: bool
    how: How | None = None
    text: str = ""
    link: str = ""
    answered_by: str | None = None
    note: ThemeNote | None = None


def open_form(tx: Transaction, theme_id: str, by: str) -> AnswerForm:
    """The form, opened: where the theme is one note, it stands in the form, and is seen by that. Raises as
    answer_form."""
    form = answer_form(tx, theme_id, by)
    if form.note is None or form.note.state is not NoteState.NEW:
        return form
    note_answers.mark_seen(tx, by, [form.theme_id])
    return answer_form(tx, theme_id, by)


def answer_form(tx: Transaction, theme_id: str, by: str) -> AnswerForm:
    """The form to answer what waits in the theme, or to correct its answer. Raises NotAllowed, PersonUnknown,
    NotFound."""
    who = answering(tx, clicker(tx, by).person)
    theme = present(tx, theme_id)
    waits = tx.note_lists.waits_in([theme.id]).get(theme.id)
    last = tx.note_lists.answered_last(theme.id)
    example = tx.notes.get(waits.note_id) if waits is not None else last
    if example is None:
        raise NotFound(GONE)
    if (refusal := who.refusal(example)) is not None and not who.answers_any(tx, theme):
        raise NotAllowed(refusal)
    part = who.part_of(tx, theme)
    only = tx.notes.of_theme(theme.id, 1) if part is None and theme.notes == 1 else part or []
    standing = last if waits is None else None
    return AnswerForm(
        theme_id=theme.id,
        kind=theme.kind,
        title=title_for(theme, part),
        waiting=theme.open if part is None else sum(one.state.is_open for one in part),
        people=theme.people if part is None else len({one.author_id for one in part}),
        seen=mark(last),
        may_exist=theme.kind is NoteKind.MISSING_CONTENT,
        how=how_of(standing) if standing is not None else None,
        text=standing.answer if standing is not None else "",
        link=(standing.answer_link or "") if standing is not None else "",
        answered_by=person_name(tx, last.state_by) if last is not None else None,
        note=rows(tx, only)[0] if len(only) == 1 else None,
    )
