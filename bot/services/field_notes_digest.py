"""What the digest of field notes says: how many came, what was said most, what marketing did, and what waits.

All of it as it stood at the period's end, and only what the reader may read; in a channel nothing that is for managers
only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.note import NoteKind, NoteState
from bot.domain.note_rights import Readable
from bot.domain.note_words import title_of
from bot.domain.usual import BEFORE, Usual, share_of, usual
from bot.services.digest_frame import Frame
from bot.services.note_readers import readable
from storage.digest_notes import HEAD, Answer, KindCount, Stood, ThemeCount
from storage.note_lists import Order
from storage.transaction import Transaction

REPEATED, ANSWERS, REQUESTS, WAITING = 3, 2, 2, 1
"""Lines of each list: with head, kinds and foot a phone's screen or two."""
CANDIDATES = 8
"""Themes looked at for the lists of what is open: those that are in another list already are left out."""
THANKED = 3
IN_CHANNEL = Readable(person_id="", all=True)
"""Nobody in particular: everything that is not for managers only."""
NOTHING = Readable(person_id="")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLine:
    """Notes of one kind in the period. `usual` None: too little is known."""

    kind: NoteKind
    count: int
    usual: Usual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeLine:
    """A theme. `notes` came in the period from `people`; of `waits` there was no answer at its end, the oldest since
    `since`. `state`: NEW when any waits, else how the last were answered. `is_new`: nobody had said it before. Title
    and link are untrusted; `link`: a message the reader may see."""

    id: str
    kind: NoteKind
    title: str
    link: str | None
    notes: int
    people: int
    usual: Usual | None = None
    is_new: bool = False
    state: NoteState = NoteState.NEW
    waits: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """What marketing did about a theme, or why nothing. `thanked`: who said it, the first few of `people`. Text
    untrusted."""

    id: str
    kind: NoteKind
    title: str
    link: str | None
    acted: bool
    answer: str
    notes: int
    people: int
    thanked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A theme without an answer at the period's end: `people` wrote `notes`, the first at `since`. For a request the
    people who asked for it. Title and link untrusted."""

    id: str
    kind: NoteKind
    title: str
    link: str | None
    notes: int
    people: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNotesDigest:
    """`notes` that came in the period from `people`; of them the kinds, most first, and the `themes` most people said.
    `acted`, `declined`: notes marketing answered. `own`: the reader reads but their own notes and those of their
    campaigns."""

    frame: Frame
    notes: int = 0
    people: int = 0
    usual: Usual | None = None
    kinds: tuple[KindLine, ...] = ()
    themes: tuple[ThemeLine, ...] = ()
    themes_total: int = 0
    acted: int = 0
    declined: int = 0
    answers: tuple[AnswerLine, ...] = ()
    answers_total: int = 0
    requests: tuple[OpenLine, ...] = ()
    waiting: tuple[OpenLine, ...] = ()
    own: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.notes and not self.acted and not self.declined

    @property
    def shown(self) -> frozenset[str]:
        """The ids of all themes in it."""
        lists: tuple[Sequence[ThemeLine | AnswerLine | OpenLine], ...] = (
            self.themes, self.answers, self.requests, self.waiting
        )  # fmt: skip
        return frozenset(one.id for lines in lists for one in lines)

    def only(self, theme_ids: Collection[str]) -> FieldNotesDigest:
        """Without the lines of other themes."""
        return replace(
            self,
            themes=tuple(one for one in self.themes if one.id in theme_ids),
            answers=tuple(one for one in self.answers if one.id in theme_ids),
            requests=tuple(one for one in self.requests if one.id in theme_ids),
            waiting=tuple(one for one in self.waiting if one.id in theme_ids),
        )


def reads_at(tx: Transaction, place: str) -> Readable:
    """What whoever reads at `place` may read: a channel, or the direct message of a person."""
    if not place.startswith(("U", "W")):
        return IN_CHANNEL
    person = tx.people.by_slack_id(place)
    return NOTHING if person is None else readable(tx, person)


def load_field_notes(tx: Transaction, frame: Frame, reads: Readable) -> FieldNotesDigest:
    """What whoever reads so much may read of the period."""
    since, until = frame.from_at, frame.until_at
    found = tx.digest_notes
    counted = found.by_kind(reads, since, until)
    before = found.kinds(reads, since - BEFORE, since)
    share = share_of(found.first_at(since), since, until)
    top, themes_total = found.themes(reads, since, until, REPEATED) if counted else ([], 0)
    # Beside what was said often, what was said once is not worth a line.
    top = [one for one in top if one.notes > 1] or top
    answered = found.answered(reads, since, until)
    answers, answers_total = found.answers(reads, since, until, ANSWERS) if answered else ([], 0)
    said = {one.theme_id for one in top}
    # What most people ask for is first among the requests, also where it was said most often this time.
    asked_for = _open(tx, reads, until, requests=True)
    waiting = [one for one in _open(tx, reads, until, requests=False) if one not in said]
    known = Known.of(tx, reads, [*said, *(one.theme_id for one in answers), *asked_for, *waiting], until)
    requests = most_asked(known, asked_for)[:REQUESTS]
    asked = {one.id for one in requests}
    return FieldNotesDigest(
        frame=frame,
        notes=sum(one.count for one in counted),
        people=len({one.author_id for one in counted}),
        usual=usual(sum(before.values()), share),
        kinds=_kinds(counted, before, share),
        themes=theme_lines(tx, reads, known, top, since, share),
        themes_total=themes_total,
        acted=answered.get(NoteState.ACTED, 0),
        declined=answered.get(NoteState.DECLINED, 0),
        answers=answer_lines(tx, reads, known, answers, since, until),
        answers_total=answers_total,
        requests=requests,
        waiting=waits_longest(known, [one for one in waiting if one not in asked])[:WAITING],
        own=not reads.all,
    )


def _open(tx: Transaction, reads: Readable, until: datetime, *, requests: bool) -> list[str]:
    """The themes that may have been open at the period's end, in their order; `Known` says which of them were."""
    order = Order.PEOPLE if requests else Order.AGE
    now = tx.note_lists.waiting(reads, order, CANDIDATES, requests=requests)
    return list(dict.fromkeys([*(one.id for one in now), *tx.digest_notes.answered_later(reads, until)]))


@dataclass(frozen=True, slots=True)
class Known:
    """What is shown of some themes: kind and title, a link, and how their notes stood at the period's end."""

    titles: dict[str, tuple[NoteKind, str]]
    links: dict[str, str]
    stood: dict[str, dict[NoteState, Stood]]

    @classmethod
    def of(cls, tx: Transaction, reads: Readable, theme_ids: Sequence[str], until: datetime) -> Known:
        ids = sorted(set(theme_ids))
        found = tx.digest_notes
        titles = found.titles(ids)
        if not reads.all:
            # A title is what somebody said: who reads but their own reads nothing else as one.
            said = found.said_first(reads, ids, until)
            titles = {one: (kind, title_of(said.get(one, ""))) for one, (kind, _) in titles.items()}
        return cls(titles, found.links(reads, ids, until), found.stood(reads, ids, until))


def _kinds(counted: Sequence[KindCount], before: dict[NoteKind, int], share: float | None) -> tuple[KindLine, ...]:
    counts: dict[NoteKind, int] = {}
    for one in counted:
        counts[one.kind] = counts.get(one.kind, 0) + one.count
    lines = [
        KindLine(kind=kind, count=count, usual=usual(before.get(kind, 0), share)) for kind, count in counts.items()
    ]
    order = list(NoteKind)
    return tuple(sorted(lines, key=lambda one: (-one.count, order.index(one.kind))))


def theme_lines(
    tx: Transaction, reads: Readable, known: Known, themes: Sequence[ThemeCount], since: datetime, share: float | None
) -> tuple[ThemeLine, ...]:
    """Each of these themes, in their order."""
    before = tx.digest_notes.of_themes(reads, [one.theme_id for one in themes], since - BEFORE, since)
    lines = []
    for one in themes:
        kind, title = known.titles[one.theme_id]
        states = known.stood[one.theme_id]
        waits = states.get(NoteState.NEW)
        answered = [state for state in states.values() if state.state is not NoteState.NEW]
        lines.append(
            ThemeLine(
                id=one.theme_id,
                kind=kind,
                title=title,
                link=known.links.get(one.theme_id),
                notes=one.notes,
                people=one.people,
                usual=usual(before.get(one.theme_id, 0), share),
                is_new=min(state.first_at for state in states.values()) >= since,
                state=NoteState.NEW if waits else max(answered, key=lambda state: state.notes).state,
                waits=waits.notes if waits else 0,
                since=waits.first_at if waits else None,
            )
        )
    return tuple(lines)


def answer_lines(
    tx: Transaction, reads: Readable, known: Known, answers: Sequence[Answer], since: datetime, until: datetime
) -> tuple[AnswerLine, ...]:
    """Each of these answers, in their order, with whom to thank."""
    thanked = tx.digest_notes.thanked(reads, answers, since, until)
    first = {key: sorted(authors)[:THANKED] for key, authors in thanked.items()}
    people = tx.people.get_many({author for authors in first.values() for author in authors})
    lines = []
    for one in answers:
        kind, title = known.titles[one.theme_id]
        key = (one.theme_id, one.state_at)
        lines.append(
            AnswerLine(
                id=one.theme_id,
                kind=kind,
                title=title,
                link=known.links.get(one.theme_id),
                acted=one.state is NoteState.ACTED,
                answer=one.answer,
                notes=one.notes,
                people=len(thanked.get(key, ())),
                thanked=tuple(people[author].name[:HEAD] for author in first.get(key, ()) if author in people),
            )
        )
    return tuple(lines)


def most_asked(known: Known, theme_ids: Sequence[str]) -> tuple[OpenLine, ...]:
    """Those of these themes that are requests without an answer, what most people asked for first."""
    lines = [one for one in open_lines(known, theme_ids) if one.kind is NoteKind.MISSING_CONTENT]
    return tuple(sorted(lines, key=lambda one: (-one.people, -one.notes, one.since, one.id)))


def waits_longest(known: Known, theme_ids: Sequence[str]) -> tuple[OpenLine, ...]:
    """Those of these themes that have no answer, what waits longest first."""
    return tuple(sorted(open_lines(known, theme_ids), key=lambda one: (one.since, one.id)))


def open_lines(known: Known, theme_ids: Sequence[str]) -> list[OpenLine]:
    """Those of these themes of which something had no answer at the period's end, in the order given."""
    lines = []
    for theme_id in theme_ids:
        waits = known.stood.get(theme_id, {}).get(NoteState.NEW)
        if waits is not None and theme_id in known.titles:
            kind, title = known.titles[theme_id]
            lines.append(
                OpenLine(
                    id=theme_id,
                    kind=kind,
                    title=title,
                    link=known.links.get(theme_id),
                    notes=waits.notes,
                    people=waits.people,
                    since=waits.first_at,
                )
            )
    return lines
