"""Everything of a digest's period, page by page, for whoever opens it: what they may read, whoever's digest it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.digest import DigestKind
from bot.domain.note import NoteKind
from bot.domain.note_rights import Readable
from bot.domain.usual import share_of
from bot.services.campaign_digest import (
    CampaignLine,
    QuestionLine,
    UnreadLine,
    campaign_lines,
    question_lines,
    unread_lines,
)
from bot.services.digest_frame import Frame
from bot.services.field_notes_digest import (
    AnswerLine,
    Known,
    OpenLine,
    ThemeLine,
    answer_lines,
    open_lines,
    theme_lines,
)
from bot.services.note_readers import readable
from bot.services.people import clicker
from storage.note_lists import Order
from storage.transaction import Transaction

PAGE = 15
"""Lines of a page: with a button each, and what is around them, far from the 100 blocks of a window."""


class Part(StrEnum):
    """What a window lists. The kinds of notes are named as in NoteKind."""

    NOTES = "notes"
    """All themes of the period."""
    OBJECTION = "objection"
    COMPETITOR = "competitor"
    BUYERS_WORDS = "buyers_words"
    MISSING_CONTENT = "missing_content"
    WIN_LOSS = "win_loss"
    IDEA = "idea"
    OTHER = "other"
    ANSWERS = "answers"
    """What marketing did, and declined."""
    REQUESTS = "requests"
    """Content that is asked for now, whenever it was."""
    WAITING = "waiting"
    """What has no answer now, whenever it came."""
    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    QUESTIONS = "questions"
    """Without an answer."""
    UNREAD = "unread"
    """Most of those asked have not said *Got it*."""


OF_NOTES = (Part.NOTES, *(Part(kind.value) for kind in NoteKind), Part.ANSWERS, Part.REQUESTS, Part.WAITING)
OF_CAMPAIGNS = (Part.STARTING, Part.RUNNING, Part.ENDED, Part.QUESTIONS, Part.UNREAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRef:
    """A page, from 0, of a part of a period."""

    kind: DigestKind
    from_at: datetime
    until_at: datetime
    part: Part
    page: int = 0


Line = ThemeLine | AnswerLine | OpenLine | CampaignLine | QuestionLine | UnreadLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWindow:
    """A page of everything. `total`: lines of its part on all pages. `counts`: by part, where it is counted; those of
    kinds are in notes. `own`: the reader reads but their own notes and those of their campaigns."""

    ref: WindowRef
    frame: Frame
    lines: tuple[Line, ...]
    total: int
    counts: dict[Part, int]
    own: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def load_window(tx: Transaction, by: str, ref: WindowRef) -> DigestWindow:
    """The page, or the last there is. Raises PersonUnknown, NotAllowed."""
    person = clicker(tx, by).person
    known = OF_NOTES if ref.kind is DigestKind.FIELD_NOTES else OF_CAMPAIGNS
    if ref.part not in known:
        ref = replace(ref, part=known[0], page=0)
    frame = Frame(from_at=ref.from_at, until_at=ref.until_at, tz=person.tz, shared=False)
    if ref.kind is DigestKind.CAMPAIGNS:
        return _campaigns(tx, ref, frame)
    return _notes(tx, ref, frame, readable(tx, person))


def _notes(tx: Transaction, ref: WindowRef, frame: Frame, reads: Readable) -> DigestWindow:
    found, since, until = tx.digest_notes, ref.from_at, ref.until_at
    kinds = found.kinds(reads, since, until)
    counts = {Part(kind.value): count for kind, count in kinds.items()}
    counts |= {Part.NOTES: sum(kinds.values()), Part.ANSWERS: sum(found.answered(reads, since, until).values())}
    counts |= {Part.REQUESTS: tx.note_lists.count_waiting(reads, requests=True)}
    counts |= {Part.WAITING: tx.note_lists.count_waiting(reads)}
    window = DigestWindow(ref=ref, frame=frame, lines=(), total=0, counts=counts, own=not reads.all)
    lines, total = _page(tx, ref, reads)
    if not lines and ref.page and (total := _total(tx, ref, reads)):
        ref = replace(ref, page=(total - 1) // PAGE)
        lines, total = _page(tx, ref, reads)
    return replace(window, ref=ref, lines=lines, total=total)


def _total(tx: Transaction, ref: WindowRef, reads: Readable) -> int:
    return _page(tx, replace(ref, page=0), reads)[1]


def _page(tx: Transaction, ref: WindowRef, reads: Readable) -> tuple[tuple[Line, ...], int]:
    found, since, until, skipped = tx.digest_notes, ref.from_at, ref.until_at, ref.page * PAGE
    match ref.part:
        case Part.ANSWERS:
            answers, total = found.answers(reads, since, until, PAGE, skipped)
            known = Known.of(tx, reads, [one.theme_id for one in answers], until)
            return answer_lines(tx, reads, known, answers, since, until), total
        case Part.REQUESTS | Part.WAITING:
            requests = ref.part is Part.REQUESTS
            order = Order.PEOPLE if requests else Order.AGE
            ids = [one.id for one in tx.note_lists.waiting(reads, order, PAGE, skipped, requests=requests)]
            # As it is now: whoever opens the window wants to know what is left to do.
            return tuple(open_lines(Known.of(tx, reads, ids, tx.now), ids)), tx.note_lists.count_waiting(
                reads, requests=requests
            )
        case _:
            kind = None if ref.part is Part.NOTES else NoteKind(ref.part.value)
            themes, total = found.themes(reads, since, until, PAGE, skipped, kind)
            known = Known.of(tx, reads, [one.theme_id for one in themes], until)
            share = share_of(found.first_at(since), since, until)
            return theme_lines(tx, reads, known, themes, since, share), total


def _campaigns(tx: Transaction, ref: WindowRef, frame: Frame) -> DigestWindow:
    found, since, until = tx.digest_campaigns, ref.from_at, ref.until_at
    unread = unread_lines(tx, until)
    counts = {
        Part.STARTING: found.count_starting(since, until),
        Part.RUNNING: found.count_running(since, until),
        Part.ENDED: found.count_ended(since, until),
        Part.QUESTIONS: found.count_questions(until),
        Part.UNREAD: len(unread),
    }
    total = counts[ref.part]
    ref = replace(ref, page=min(ref.page, max(0, total - 1) // PAGE))
    first = ref.page * PAGE
    lines: tuple[Line, ...]
    match ref.part:
        case Part.RUNNING:
            lines = campaign_lines(tx, found.running(since, until, PAGE, first))
        case Part.ENDED:
            lines = campaign_lines(tx, found.ended(since, until, PAGE, first))
        case Part.QUESTIONS:
            lines = question_lines(found.questions(until, PAGE, first))
        case Part.UNREAD:
            lines = unread[first : first + PAGE]
        case _:
            lines = campaign_lines(tx, found.starting(since, until, PAGE, first))
    return DigestWindow(ref=ref, frame=frame, lines=lines, total=total, counts=counts)
