"""What a brief says of field notes: those that wait for its reader, and what was answered to theirs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.brief import BriefItem
from bot.domain.countdown import CountdownKind, Result
from bot.domain.local_time import local_date, spoken
from bot.domain.note import LABELS, Note, NoteState
from bot.domain.note_answer import How, how_of, latest_answered
from bot.domain.person import Person
from bot.services import note_told
from bot.services.answering_notes import answering, title_for
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

GONE = "It was taken back, or erased."
DID = {How.EXISTS: "Content exists, says {by}", How.ACTED: "{by} acted on it", How.DECLINED: "{by} declined it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A line of a brief. All text is untrusted, and whole. `link`: a web address marketing gave."""

    title: str
    text: str
    link: str | None = None


def answered_line(tx: Transaction, item: BriefItem) -> NoteLine:
    """What became of its reader's notes of one theme; `item` names the first of them."""
    note = tx.notes.get(item.subject_id)
    found, last = note_told.mine(tx, note) if note is not None else ([], None)
    if note is None or not found:
        return NoteLine(title="A field note of yours", text=GONE)
    title = f"“{next((one.text for one in found if one.lead_id in (None, item.lead_id) and one.text), '')}”"
    if last is None:
        read = [one for one in found if one.state is NoteState.SEEN]
        by = person_name(tx, read[-1].state_by) if read else "Marketing"
        return NoteLine(title=title, text=f"{by} has read {'it' if len(found) == 1 else f'{len(read)} of yours'}")
    count = sum(one.state is last.state and one.answer == last.answer for one in found)
    many = f" ({count} notes of yours)" if count > 1 else ""
    said = f": {last.answer}" if last.answer else ""
    head = DID[how_of(last)].format(by=person_name(tx, last.state_by))
    return NoteLine(title=title, text=f"{head}{many}{said}", link=last.answer_link)


def waiting_line(tx: Transaction, reader: Person | None, item: BriefItem) -> NoteLine:
    """A theme that waits for an answer, as it is now."""
    theme = tx.themes.present(item.subject_id)
    waits = tx.note_lists.waits_in([theme.id]).get(theme.id) if theme is not None else None
    note = tx.notes.get(waits.note_id) if waits is not None else None
    if theme is None or not theme.notes:
        return NoteLine(title="A field note", text=GONE)
    who = answering(tx, reader) if reader is not None else None
    part = who.part_of(tx, theme) if who is not None else []
    if who is None or part == []:
        return NoteLine(title="A field note", text="Not yours to answer any more.")
    title = f"{LABELS[theme.kind]}: “{title_for(theme, part)}”"
    notes, people = theme.open, theme.people
    if part is not None:
        mine = [one for one in part if one.state.is_open]
        note, notes, people = next(iter(mine), None), len(mine), len({one.author_id for one in part})
    if note is None:
        last = latest_answered(part) if part is not None else tx.note_lists.answered_last(theme.id)
        return NoteLine(title=title, text=f"Answered by {person_name(tx, last.state_by if last else None)}")
    return NoteLine(title=title, text=f"{_said_by(notes, people)}{_until(tx, note, who.person)}")


def _said_by(notes: int, people: int) -> str:
    count = "1 note waits" if notes == 1 else f"{notes} notes wait"
    return f"{count}, said by {'1 person' if people == 1 else f'{people} people'}"


def _until(tx: Transaction, note: Note, reader: Person) -> str:
    window = tx.countdowns.of(CountdownKind.ANSWER_NOTE, note.id)
    if window is None:
        return ""
    if window.result is Result.MISSED:
        return ". Not answered in time"
    if window.due_at is None:
        who = person_name(tx, window.owner_id) if window.owner_id else "marketing"
        return f". It waits for {who}, without any working time ahead"
    return f". To be answered by {spoken(local_date(window.due_at, reader.tz))}"
