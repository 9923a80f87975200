"""What marketing answers to field notes: what may be said, and what a note becomes by it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from bot.domain.note import Note, NoteKind, NoteState
from bot.errors import FormError

LONGEST_ANSWER = 3000
"""Characters: what a field of a form takes."""
LONGEST_LINK = 2000
NO_SITE = "This address names no site that can be opened, such as https://example.com/one-pager."
_NOT_IN_ADDRESSES = frozenset('<>|"\\^`{}')
NOT_A_LINK = "This is no web address that can be opened: it begins with https://, like https://example.com/one-pager."


class How(StrEnum):
    """What an answer says, as the form offers it."""

    EXISTS = "exists"
    """Of missing content: there is something to show, and where. Stored as acted, with its link."""
    ACTED = "acted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`text`: what was done, or why not. `link`: where it can be seen; https."""

    state: NoteState
    text: str
    link: str | None = None


def read_answer(how: str, text: str, link: str, *, may_exist: bool) -> Answer:
    """The answer as it was typed. Raises FormError by field (how, answer, answer_link)."""
    text, link = text.strip(), link.strip()
    errors: dict[str, str] = {}
    if how not in list(How) or (how == How.EXISTS and not may_exist):
        errors["how"] = "Choose one of the answers."
    if len(text) > LONGEST_ANSWER:
        errors["answer"] = f"This has {len(text):,} characters; an answer takes {LONGEST_ANSWER:,}."
    elif not text and how == How.DECLINED:
        errors["answer"] = "Say why not, in a sentence: whoever reported it reads this."
    elif not text and how == How.ACTED:
        errors["answer"] = "Say what was done, in a sentence: whoever reported it reads this."
    if link and (wrong := wrong_address(link)) is not None:
        errors["answer_link"] = wrong
    elif not link and how == How.EXISTS:
        errors["answer_link"] = "Give the link to it: everyone who asked gets it."
    if errors:
        raise FormError(errors)
    state = NoteState.DECLINED if how == How.DECLINED else NoteState.ACTED
    return Answer(state=state, text=text, link=link or None)


def is_web_address(text: str) -> bool:
    """Whether it is https, names a host, no user, and holds nothing that is not printable ASCII."""
    return wrong_address(text) is None


def wrong_address(text: str) -> str | None:
    """Why this is no web address that can be opened; None when it is one."""
    if not text.lower().startswith("https://"):
        return NOT_A_LINK
    if len(text) > LONGEST_LINK:
        return f"This address has {len(text):,} characters; {LONGEST_LINK:,} fit."
    wrong = next((one for one in text if not "!" <= one <= "~" or one in _NOT_IN_ADDRESSES), None)
    if wrong is not None:
        what = f"“{wrong}”" if wrong.isprintable() and wrong != " " else "a blank, or a sign nobody sees"
        return f"This address has {what}, which no address may have. Copy it from the browser, where the page is open."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return NO_SITE
    if parts.username is not None or parts.password is not None or port not in (None, 443):
        return "This address has a name, a password or a port before its first “/”. Give one without, for all to open."
    return None if "." in (parts.hostname or "") else NO_SITE


def how_of(note: Note) -> How:
    """What its answer says, as the form offers it."""
    if note.state is NoteState.DECLINED:
        return How.DECLINED
    return How.EXISTS if is_content(note) else How.ACTED


def is_content(note: Note) -> bool:
    """Whether it asked for content, and the answer says where that is: whoever asks later gets it, too."""
    return note.kind is NoteKind.MISSING_CONTENT and note.state is NoteState.ACTED and note.answer_link is not None


def lacks_content(note: Note) -> bool:
    """Whether it asked for content, and was answered without any."""
    return note.kind is NoteKind.MISSING_CONTENT and not note.state.is_open and note.answer_link is None


def answered(note: Note, answer: Answer, by: str, now: datetime) -> Note:
    """The note with this answer, whatever it had before. One that was erased only waits no longer: an answer may say
    what it was about."""
    return replace(
        note,
        state=answer.state,
        state_by=by,
        state_at=now,
        answer=answer.text if note.text else "",
        answer_link=answer.link if note.text else None,
        version=note.version + 1,
    )


def with_answer_of(note: Note, other: Note, now: datetime) -> Note:
    """The note with the answer another one has."""
    answer = Answer(state=other.state, text=other.answer, link=other.answer_link)
    return answered(note, answer, other.state_by or "", now)


def seen(note: Note, by: str, now: datetime) -> Note:
    """Somebody of marketing has read it."""
    return replace(note, state=NoteState.SEEN, state_by=by, state_at=now, version=note.version + 1)


def latest_answered(notes: Iterable[Note]) -> Note | None:
    """Of these the one that was answered last, and was not erased since; None while none was."""
    closed = [one for one in notes if not one.state.is_open and one.text]
    return max(closed, key=lambda one: (one.state_at or one.created_at, one.id), default=None)


def same_answer(one: Note, other: Note) -> bool:
    """Whether both were answered, with the same words."""
    return _said(one) == _said(other) and not one.state.is_open


def says(note: Note, answer: Answer) -> bool:
    """Whether the note has this answer already."""
    return (note.state, note.answer, note.answer_link) == (answer.state, answer.text, answer.link)


def mark(last: Note | None) -> str:
    """A short mark of the answer somebody sees: another one as soon as there is another answer."""
    return "none" if last is None else sha256(repr(_said(last)).encode()).hexdigest()[:16]


def _said(note: Note) -> tuple[str, str, str | None, str | None]:
    return note.state.value, note.answer, note.answer_link, note.state_by
