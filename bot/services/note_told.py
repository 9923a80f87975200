"""What whoever wrote a field note hears of it, as they chose; and that a private message was saved as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.budget import Kind
from bot.domain.note import Note
from bot.domain.note_answer import How, how_of
from bot.domain.person import Person, Side
from bot.domain.post import Post, PostRole, Subject
from bot.services import briefs, digest_again, note_readers, posting
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

ANSWERED, QUOTED = "answered", "quoted"
SHOWN = 3
"""Of one's notes in a theme so many are quoted in a message."""
COUNTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNotice:
    """What marketing answered to somebody's notes of one theme. Text untrusted. `texts`: the first of the `notes` it
    is about; `answer` is whole."""

    note_id: str
    how: How
    by: str
    at: datetime
    texts: tuple[str, ...]
    notes: int
    answer: str
    link: str | None
    again: bool
    """It was answered otherwise before, and whoever reads this was told so."""
    late: bool = False
    """It existed when they asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedNotice:
    """Somebody saved a private message of the reader's. Names are untrusted. `link`: where the message stands.
    `read_by`: the sides whose people read the note, unless it is for managers only."""

    saved_by: str
    link: str
    at: datetime
    taken_back: bool
    managers_only: bool
    read_by: tuple[Side, ...]


NoteNotice = AnswerNotice | QuotedNotice


def seen(tx: Transaction, changed: Iterable[Note], by: Person) -> None:
    """Whoever wrote these notes reads in their brief that marketing has read them."""
    _tell(tx, changed, by.id, live=False)


def answered(tx: Transaction, changed: Iterable[Note], by_id: str, *, again: bool = False, late: bool = False) -> None:
    """Whoever wrote these notes, of one theme, hears what marketing answered: each once, however many are theirs."""
    _tell(tx, changed, by_id, live=True, again=again, late=late)


def quoted(tx: Transaction, note: Note) -> None:
    """The author of a private message hears at once that it was saved, and by whom; not of one of their own."""
    said = note.quoted
    author = tx.people.get(note.author_id)
    if said is None or not said.private or said.slack_id is None or author is None:
        return
    if said.slack_id == author.slack_id:
        return
    writer = tx.people.by_slack_id(said.slack_id)
    if writer is not None and posting.direct_message_of(writer) is None:
        return
    posting.say(tx, Subject.NOTE_NOTICE, note.id, said.slack_id, PostRole.NOTICE, note.lead_id, {"what": QUOTED})


def show_again(tx: Transaction, note: Note) -> None:
    """What was told of the note says how it stands now, and so do the digests that showed its theme."""
    for post in tx.posts.of_subject(Subject.NOTE_NOTICE, note.id):
        posting.sync(tx, post)
    digest_again.theme_changed(tx, note.theme_id)


def load_note_notice(tx: Transaction, post: Post) -> NoteNotice | None:
    """What the message says now; None when there is nothing to say (any more)."""
    note = tx.notes.get(post.subject_id)
    if note is None:
        return None
    if post.data.get("what") == QUOTED:
        if note.quoted is None and post.ts is None:
            return None
        return QuotedNotice(
            saved_by=person_name(tx, note.author_id),
            link=note.quoted.link if note.quoted is not None else "",
            at=note.created_at,
            taken_back=note.removed_at is not None,
            managers_only=note.managers_only,
            read_by=note_readers.sides(tx),
        )
    return _answer(tx, note, post)


def mine(tx: Transaction, note: Note) -> tuple[list[Note], Note | None]:
    """What its author said in the note's theme, as it stands; and of that what was answered last."""
    found = tx.note_lists.of_author(note.theme_id, note.author_id, COUNTED)
    closed = [one for one in found if not one.state.is_open]
    return found, max(closed, key=lambda one: (one.text != "", one.state_at or one.created_at, one.id), default=None)


def _answer(tx: Transaction, note: Note, post: Post) -> AnswerNotice | None:
    found, last = mine(tx, note)
    if last is None:
        return None
    about = [one for one in found if one.state is last.state and one.answer == last.answer]
    # What is about another lead is erased with that one, and this message is not.
    shown = [one.text for one in about if one.text and one.lead_id in (None, post.lead_id)]
    return AnswerNotice(
        note_id=note.id,
        how=how_of(last),
        by=person_name(tx, last.state_by),
        at=last.state_at or last.created_at,
        texts=tuple(shown[:SHOWN]),
        notes=len(about),
        answer=last.answer,
        link=last.answer_link,
        again=bool(post.data.get("again")),
        late=bool(post.data.get("late")),
    )


def _tell(
    tx: Transaction, changed: Iterable[Note], by_id: str, *, live: bool, again: bool = False, late: bool = False
) -> None:
    """Nobody of what was erased. In the order of their ids, so that two who answer do not wait for each other."""
    of_author: dict[str, list[Note]] = {}
    for note in changed:
        if note.author_id != by_id and note.text:
            of_author.setdefault(note.author_id, []).append(note)
    people = tx.people.get_many(of_author)
    for person_id in sorted(people):
        person = people[person_id]
        if posting.reads(person) is not None:
            _tell_one(tx, person, of_author[person_id], live=live, again=again, late=late)


def _tell_one(tx: Transaction, person: Person, notes: Sequence[Note], *, live: bool, again: bool, late: bool) -> None:
    # What waits for the brief of one theme is one line; it stands under the first note of theirs.
    first = tx.note_lists.of_author(notes[0].theme_id, person.id, 1)[0]
    for one in notes:
        if one.id != first.id:  # it was the first of a theme that was joined with this one
            tx.briefs.forget_one([person.id], Kind.NOTE_ANSWERED, one.id)

    def say() -> None:
        tx.briefs.forget_one([person.id], Kind.NOTE_ANSWERED, first.id)
        data: dict[str, object] = {"what": ANSWERED} | ({"again": True} if again else {})
        if late:
            data["late"] = True
        posting.say(tx, Subject.NOTE_NOTICE, first.id, person.slack_id or "", PostRole.NOTICE, first.lead_id, data)

    briefs.tell(tx, person, Kind.NOTE_ANSWERED, first.id, first.lead_id, {}, say if live else None)
