"""The field notes of a period in numbers and by theme, for digests.

Everything is told as it stood at the period's end: a note counts as open then when it had no answer yet. So a digest
that is brought up to date later says the same, but for what was taken back or erased. Every statement reads by an index
from the period's first instant to its last, or no more than a page of what is open; what came before costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.note import NoteKind, NoteState
from bot.domain.note_rights import Readable
from storage.repository import Repository
from storage.rows import given
from storage.tables.columns import is_one_of
from storage.tables.notes import NOTE_STANDS, notes, themes

LATER_MAX = 500
"""Notes that were answered after the period's end and were open in it: read so that lists of what waited stay as they
were sent."""

HEAD = 600
"""Characters of a text that are read: more than is shown."""


def head_of(column: sa.Column[str]) -> sa.Label[str]:
    """The beginning of a text, of its own name."""
    return sa.func.substr(column, 1, HEAD).label(column.name)


_INSTANT = notes.c.created_at.type
_FROM, _UNTIL = sa.bindparam("the_from", type_=_INSTANT), sa.bindparam("the_until", type_=_INSTANT)
_IDS = given("the_ids", expanding=True)
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_SKIPPED = sa.bindparam("skipped", type_=sa.Integer)
_MANAGERS = sa.bindparam("with_managers", type_=sa.Boolean)

# What a reader may read; a channel reads all that is not for managers only.
_ALL = sa.bindparam("with_all", type_=sa.Boolean)
_OWN = sa.or_(
    notes.c.author_id == sa.bindparam("the_reader"),
    sa.and_(notes.c.campaign_id.is_not(None), notes.c.campaign_id.in_(given("the_campaigns", expanding=True))),
)
_READS = sa.or_(sa.and_(_ALL, sa.or_(_MANAGERS, notes.c.managers_only.is_(sa.false()))), _OWN)
_CAME = sa.and_(NOTE_STANDS, notes.c.created_at >= _FROM, notes.c.created_at < _UNTIL, _READS)
_IS_ANSWERED = is_one_of(notes.c.state, (NoteState.ACTED, NoteState.DECLINED))
_ANSWERED = sa.and_(
    NOTE_STANDS, notes.c.state_at.is_not(None), notes.c.state_at >= _FROM, notes.c.state_at < _UNTIL, _IS_ANSWERED,
    _READS,
)  # fmt: skip
# Open at the period's end, though it may have been answered since.
_WAS_OPEN = sa.or_(is_one_of(notes.c.state, (NoteState.NEW, NoteState.SEEN)), notes.c.state_at >= _UNTIL)
_COUNT = sa.func.count().label("how_many")
_PEOPLE = sa.func.count(notes.c.author_id.distinct()).label("people")

_BY_KIND = sa.select(notes.c.kind, notes.c.author_id, _COUNT).where(_CAME).group_by(notes.c.kind, notes.c.author_id)
_KINDS = sa.select(notes.c.kind, _COUNT).where(_CAME).group_by(notes.c.kind)
_FIRST = (
    sa.select(notes.c.created_at)
    .where(NOTE_STANDS, notes.c.created_at < _UNTIL)
    .order_by(notes.c.created_at, notes.c.id)
    .limit(_AT_MOST)
)


def _of_kind(*condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The themes of what came, those most people said first; each beside how many there are."""
    return (
        sa.select(notes.c.theme_id, _COUNT, _PEOPLE, sa.func.count().over().label("total"))
        .where(_CAME, *condition)
        .group_by(notes.c.theme_id)
        .order_by(_PEOPLE.desc(), _COUNT.desc(), notes.c.theme_id.desc())
        .limit(_AT_MOST)
        .offset(_SKIPPED)
    )


_THEMES = _of_kind()
_THEMES_OF_KIND = _of_kind(notes.c.kind == sa.bindparam("the_kind", type_=notes.c.kind.type))
_OF_THEMES = (
    sa.select(notes.c.theme_id, _COUNT).where(_CAME, notes.c.theme_id.in_(_IDS)).group_by(notes.c.theme_id)
)  # fmt: skip
# Who answers a theme answers all its open notes in one instant. Each answer stands beside how many there are.
_ANSWERS = (
    sa.select(
        notes.c.theme_id, notes.c.state, notes.c.state_at, _COUNT, sa.func.count().over().label("total"),
    )
    .where(_ANSWERED)
    .group_by(notes.c.theme_id, notes.c.state, notes.c.state_at)
    .order_by(sa.literal_column("how_many").desc(), notes.c.state_at.desc(), notes.c.theme_id.desc())
    .limit(_AT_MOST)
    .offset(_SKIPPED)
)  # fmt: skip
_BY_STATE = sa.select(notes.c.state, _COUNT).where(_ANSWERED).group_by(notes.c.state)
# Of a note that was erased the answer is, too.
_SAID = (
    sa.select(notes.c.theme_id, notes.c.state_at, sa.func.max(head_of(notes.c.answer).element).label("answer"))
    .where(_ANSWERED, notes.c.theme_id.in_(_IDS), notes.c.state_at.in_(given("the_instants", expanding=True)))
    .group_by(notes.c.theme_id, notes.c.state_at)
)
_THANKED = (
    sa.select(notes.c.theme_id, notes.c.state_at, notes.c.author_id)
    .where(_ANSWERED, notes.c.theme_id.in_(_IDS))
    .group_by(notes.c.theme_id, notes.c.state_at, notes.c.author_id)
)
_THEN = sa.case((_WAS_OPEN, sa.literal_column("'new'")), else_=notes.c.state)
_STATES = (
    sa.select(
        notes.c.theme_id, sa.type_coerce(_THEN, notes.c.state.type).label("state"), _COUNT, _PEOPLE,
        sa.func.min(notes.c.created_at, type_=_INSTANT).label("first_at"),
    )
    .where(NOTE_STANDS, notes.c.theme_id.in_(_IDS), notes.c.created_at < _UNTIL, _READS)
    .group_by(notes.c.theme_id, _THEN)
)  # fmt: skip
_LINKS = (
    sa.select(notes.c.theme_id, sa.func.max(notes.c.quoted_link).label("link"))
    .where(
        NOTE_STANDS, notes.c.theme_id.in_(_IDS), notes.c.quoted_link.is_not(None), notes.c.created_at < _UNTIL, _READS,
        sa.or_(notes.c.quoted_private.is_(sa.false()), notes.c.author_id == sa.bindparam("the_reader")),
    )
    .group_by(notes.c.theme_id)
)  # fmt: skip
_TITLES = sa.select(themes.c.id, themes.c.kind, sa.func.substr(themes.c.title, 1, HEAD).label("title")).where(
    themes.c.id.in_(_IDS)
)
_FIRST_SAID = (
    sa.select(sa.func.min(notes.c.id))
    .where(NOTE_STANDS, notes.c.theme_id.in_(_IDS), notes.c.created_at < _UNTIL, notes.c.text != "", _READS)
    .group_by(notes.c.theme_id)
)
_SAID_FIRST = sa.select(notes.c.theme_id, head_of(notes.c.text)).where(notes.c.id.in_(_FIRST_SAID))

# Answered since: what was open at the period's end, and is not any more.
_LATER = (
    sa.select(notes.c.theme_id)
    .where(NOTE_STANDS, notes.c.state_at.is_not(None), notes.c.state_at >= _UNTIL, notes.c.created_at < _UNTIL, _READS)
    .order_by(notes.c.state_at, notes.c.id)
    .limit(_AT_MOST)
)


@dataclass(frozen=True, slots=True)
class KindCount:
    """Notes of one kind by one author."""

    kind: NoteKind
    author_id: str
    count: int


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme's notes in the period, and their different authors."""

    theme_id: str
    notes: int
    people: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Notes of a theme that marketing answered in one instant. Text untrusted."""

    theme_id: str
    state: NoteState
    state_at: datetime
    notes: int
    answer: str


@dataclass(frozen=True, slots=True)
class Stood:
    """Notes of a theme that stood alike at the period's end: open (NEW), ACTED or DECLINED; `people` wrote them, the
    first at `first_at`."""

    theme_id: str
    state: NoteState
    notes: int
    people: int
    first_at: datetime


class NotesOfPeriod(Repository):
    """`reads`: whose digest it is. `since`, `until`: the period, without its last instant."""

    __slots__ = ()

    def by_kind(self, reads: Readable, since: datetime, until: datetime) -> list[KindCount]:
        rows = self._all(_BY_KIND, **_period(since, until), **_reader(reads))
        return [KindCount(row.kind, row.author_id, row.how_many) for row in rows]

    def kinds(self, reads: Readable, since: datetime, until: datetime) -> dict[NoteKind, int]:
        """How many notes of each kind came; those that did not are not in it."""
        return {row.kind: row.how_many for row in self._all(_KINDS, **_period(since, until), **_reader(reads))}

    def first_at(self, until: datetime) -> datetime | None:
        """When the first note of all was saved; None where none was before."""
        found: datetime | None = self._value(_FIRST, the_until=until, at_most=1)
        return found

    def themes(
        self, reads: Readable, since: datetime, until: datetime, limit: int, offset: int = 0,
        kind: NoteKind | None = None,
    ) -> tuple[list[ThemeCount], int]:  # fmt: skip
        """The themes of what came, those that most people said first; and how many there are in all."""
        statement, given_kind = (_THEMES, {}) if kind is None else (_THEMES_OF_KIND, {"the_kind": kind})
        rows = self._all(
            statement, at_most=limit, skipped=offset, **given_kind, **_period(since, until), **_reader(reads)
        )
        return [ThemeCount(row.theme_id, row.how_many, row.people) for row in rows], rows[0].total if rows else 0

    def of_themes(
        self, reads: Readable, theme_ids: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, int]:  # fmt: skip
        """How many notes of each of these themes came; of whom none did is not in it."""
        if not theme_ids:
            return {}
        rows = self._all(_OF_THEMES, the_ids=list(theme_ids), **_period(since, until), **_reader(reads))
        return {row.theme_id: row.how_many for row in rows}

    def answers(
        self, reads: Readable, since: datetime, until: datetime, limit: int, offset: int = 0
    ) -> tuple[list[Answer], int]:
        """What marketing did or declined, what answers most notes first; and how many there are in all."""
        given_period = _period(since, until) | _reader(reads)
        rows = self._all(_ANSWERS, at_most=limit, skipped=offset, **given_period)
        if not rows:
            return [], 0
        ids, instants = sorted({row.theme_id for row in rows}), sorted({row.state_at for row in rows})
        said = {
            (row.theme_id, row.state_at): row.answer
            for row in self._all(_SAID, the_ids=ids, the_instants=instants, **given_period)
        }
        answers = [
            Answer(row.theme_id, row.state, row.state_at, row.how_many, said[row.theme_id, row.state_at])
            for row in rows
        ]
        return answers, rows[0].total

    def answered(self, reads: Readable, since: datetime, until: datetime) -> dict[NoteState, int]:
        """How many notes were acted on, and how many declined."""
        return {row.state: row.how_many for row in self._all(_BY_STATE, **_period(since, until), **_reader(reads))}

    def thanked(
        self, reads: Readable, answers: Sequence[Answer], since: datetime, until: datetime
    ) -> dict[tuple[str, datetime], list[str]]:
        """The authors of the notes of each answer, by its theme and instant."""
        found: dict[tuple[str, datetime], list[str]] = {}
        if answers:
            ids = sorted({one.theme_id for one in answers})
            for row in self._all(_THANKED, the_ids=ids, **_period(since, until), **_reader(reads)):
                found.setdefault((row.theme_id, row.state_at), []).append(row.author_id)
        return found

    def stood(self, reads: Readable, theme_ids: Sequence[str], until: datetime) -> dict[str, dict[NoteState, Stood]]:
        """How the notes of each of these themes stood at the period's end."""
        found: dict[str, dict[NoteState, Stood]] = {}
        if theme_ids:
            for row in self._all(_STATES, the_ids=list(theme_ids), the_until=until, **_reader(reads)):
                stood = Stood(row.theme_id, row.state, row.how_many, row.people, row.first_at)
                found.setdefault(row.theme_id, {})[row.state] = stood
        return found

    def links(self, reads: Readable, theme_ids: Sequence[str], until: datetime) -> dict[str, str]:
        """Of each of these themes a message in Slack that the reader may see and from which a note was saved."""
        if not theme_ids:
            return {}
        rows = self._all(_LINKS, the_ids=list(theme_ids), the_until=until, **_reader(reads))
        return {row.theme_id: row.link for row in rows}

    def titles(self, theme_ids: Sequence[str]) -> dict[str, tuple[NoteKind, str]]:
        """Kind and title of each of these themes."""
        rows = self._all(_TITLES, the_ids=list(theme_ids)) if theme_ids else []
        return {row.id: (row.kind, row.title) for row in rows}

    def said_first(self, reads: Readable, theme_ids: Sequence[str], until: datetime) -> dict[str, str]:
        """Of each of these themes what was said first of what may be read; untrusted."""
        rows = (
            self._all(_SAID_FIRST, the_ids=list(theme_ids), the_until=until, **_reader(reads)) if theme_ids else []
        )  # fmt: skip
        return {row.theme_id: row.text for row in rows}

    def answered_later(self, reads: Readable, until: datetime) -> list[str]:
        """The themes of notes that were there at the period's end and were answered since, the first LATER_MAX."""
        rows = self._all(_LATER, the_until=until, at_most=LATER_MAX, **_reader(reads))
        return list(dict.fromkeys(row.theme_id for row in rows))


def _period(since: datetime, until: datetime) -> dict[str, datetime]:
    return {"the_from": since, "the_until": until}


def _reader(reads: Readable) -> dict[str, Any]:
    return {
        "the_reader": reads.person_id,
        "the_campaigns": sorted(reads.campaign_ids),
        "with_all": reads.all,
        "with_managers": reads.managers_only,
    }
