"""Marketing's answers to field notes: seen, acted, declined. A theme is answered as a whole: all its open notes at
once, each of their authors told once. An answer can be corrected, and is told again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain import note_answer as rules
from bot.domain.note import Note, NoteKind, NoteState, Theme
from bot.domain.note_answer import How, latest_answered
from bot.domain.person import Person
from bot.errors import FormError, NotAllowed, NotFound
from bot.services import note_told, note_window
from bot.services.answering_notes import answering
from bot.services.note_themes import GONE, TAKEN_BACK, recount
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

MOST = 50
"""Themes marked as seen at once."""
ERASED = "What this field note said was erased meanwhile: there is nothing to answer any more."
HIDDEN = "This field note was made for managers only meanwhile: marketing's managers answer it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTheme:
    """`by` is the Slack id of the one who clicked; the rest came back from the client and is not trusted. `seen` marks
    the answer the form showed (bot/domain/note_answer.py mark). `waits`: it was opened to answer notes that waited."""

    by: str
    theme_id: str
    seen: str
    how: str
    text: str
    link: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of a theme: `notes` of so many `people` have this answer now. `again`: in place of another one."""

    theme: Theme
    how: How
    notes: int
    people: int
    again: bool


def mark_seen(tx: Transaction, by: str, theme_ids: Sequence[str]) -> int:
    """The new notes of these themes are seen, as far as this person may answer them; how many were new. Their authors
    read it in their brief. Raises PersonUnknown, NotFound, and NotAllowed for who may answer none of them."""
    who = answering(tx, clicker(tx, by).person)
    present_ids = [present(tx, theme_id).id for theme_id in theme_ids[:MOST]]
    locked = tx.themes.lock(*present_ids)
    count, refusal = 0, None
    answerable = 0
    for theme_id in sorted(locked):
        found = tx.notes.lock_of_theme(theme_id)
        mine = [one for one in found if who.refusal(one) is None]
        answerable += len(mine)
        refusal = refusal or next((said for one in found if (said := who.refusal(one)) is not None), None)
        count += len(see(tx, who.person, [one for one in mine if one.state is NoteState.NEW]))
    if not answerable and refusal is not None:
        raise NotAllowed(refusal)
    if count:
        note_window.sync_homes(tx)
    return count


def see(tx: Transaction, person: Person, new: Iterable[Note]) -> list[Note]:
    """These notes, of one theme and locked by the caller, are seen."""
    done = [rules.seen(one, person.id, tx.now) for one in new]
    for one in done:
        tx.notes.save(one)
        tx.events.add("note.seen", actor=person.id, origin="slack", data={"note": one.id, "theme": one.theme_id})
    note_told.seen(tx, done, person)
    return done


def answer(tx: Transaction, command: AnswerTheme) -> Answered:
    """All open notes of the theme that this person may answer have this answer: those that joined while it was being
    written, too, for they say the same. Where none is open, the answer that stands is corrected, and told again. The
    link to content that exists goes to everyone who asked for it, whatever they were answered before. Each author is
    told once.

    Raises NotAllowed, PersonUnknown, NotFound, FormError (how, answer, answer_link); on `answer` also when somebody
    else answered since the form was opened. NotFound and NotAllowed also when what waited then was taken back, erased
    or made for managers only since.
    """
    who = answering(tx, clicker(tx, command.by).person)
    theme = tx.themes.lock(present(tx, command.theme_id).id).popitem()[1]
    found = tx.notes.lock_of_theme(theme.id)
    mine = [one for one in found if who.refusal(one) is None]
    if not found:
        raise NotFound(TAKEN_BACK)
    if not mine:
        hidden = who.is_marketing and all(one.managers_only for one in found)
        raise NotAllowed(HIDDEN if hidden else who.refusal(found[0]) or GONE)
    if not any(one.text for one in mine):
        raise NotFound(ERASED)
    last = latest_answered(found)
    if rules.mark(last) != command.seen:
        raise FormError({"answer": _meanwhile(tx, last, some_wait=any(one.state.is_open for one in mine))})
    read = rules.read_answer(
        command.how, command.text, command.link, may_exist=theme.kind is NoteKind.MISSING_CONTENT
    )  # fmt: skip
    open_ones = [one for one in mine if one.state.is_open]
    if command.waits and not any(one.text for one in open_ones):
        # Else the answer that others of the theme have would be corrected, which nobody meant.
        raise NotFound(ERASED if open_ones else TAKEN_BACK)
    again = not open_ones
    changed = open_ones or [one for one in mine if last is not None and rules.same_answer(one, last)]
    if command.how == How.EXISTS:
        # Whoever asked before, and was answered without it, asked for the same.
        known = {one.id for one in changed}
        changed += [one for one in mine if one.id not in known and rules.lacks_content(one)]
    changed = [one for one in changed if not rules.says(one, read) and (one.text or one.state.is_open)]
    done = [rules.answered(one, read, who.person.id, tx.now) for one in changed]
    for one in done:
        tx.notes.save(one)
        tx.events.add(
            f"note.{one.state.value}", actor=who.person.id, origin="slack",
            data={"note": one.id, "theme": theme.id} | ({"again": True} if again else {}),
        )  # fmt: skip
    note_window.stop(tx, open_ones)
    theme = recount(tx, theme.id)
    if not theme.open:
        note_window.forget_lines(tx, theme.id)
    were_open = {one.id for one in open_ones}
    first_told = {one.author_id for one in done if one.id in were_open}
    note_told.answered(tx, [one for one in done if one.author_id in first_told], who.person.id)
    note_told.answered(tx, [one for one in done if one.author_id not in first_told], who.person.id, again=True)
    note_window.sync_homes(tx)
    told = [one for one in done if one.text]
    return Answered(
        theme=theme, how=How(command.how), notes=len(told), people=len({one.author_id for one in told}), again=again
    )


def present(tx: Transaction, theme_id: str) -> Theme:
    """The theme, by its name now. Raises NotFound where nothing is left of it."""
    theme = tx.themes.present(theme_id)
    if theme is None or not theme.notes:
        raise NotFound(GONE if theme is None else TAKEN_BACK)
    return theme


def _meanwhile(tx: Transaction, last: Note | None, *, some_wait: bool) -> str:
    """Who answered since the form was opened, what they said, and where that can be changed: Home lists what waits."""
    where = "To change that answer: Find… on Home, then Open… the note."
    if some_wait:
        where = "Others of this theme still wait: open it again from Home."
    where = f"Nothing was sent; what you typed stays here. {where}"
    if last is None:
        return f"The answer that stood here was erased meanwhile. {where}"
    done = "declined it" if last.state is NoteState.DECLINED else "answered it"
    said = f": {_short(last.answer)}" if last.answer else "."
    return f"{person_name(tx, last.state_by)} {done} while you were writing{said} {where}"


def _short(answer: str) -> str:
    """The beginning of an answer, as a sentence."""
    line = " ".join(answer.split())
    line = line if len(line) <= 200 else f"{line[:199].rstrip()}…"
    return line if line[-1] in ".!?…" else f"{line}."
