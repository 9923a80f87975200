"""Which field notes wait for an answer, for whom, and how marketing answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.domain.countdown import CountdownKind, Result
from bot.domain.note import Note, NoteKind, NoteState, Theme
from bot.domain.note_rights import Readable
from storage.notes import note_of
from storage.repository import Repository
from storage.rows import given
from storage.tables.clock import NOTE_WINDOW_MISSED, RUNS, countdowns
from storage.tables.columns import is_one_of, is_word
from storage.tables.notes import NOTE_IS_OPEN, NOTE_STANDS, THEME_IS_OPEN, notes, themes
from storage.themes import theme_of

_ONE = given("the_one")
_AUTHOR = given("the_author")
_IDS = given("the_ids", expanding=True)
_CAMPAIGNS = given("the_campaigns", expanding=True)
_HIDDEN = sa.bindparam("hidden_too", type_=sa.Boolean)
_SINCE = sa.bindparam("the_instant", type_=notes.c.created_at.type)
_PAGE = {"limit": sa.bindparam("at_most", type_=sa.Integer), "offset": sa.bindparam("skipped", type_=sa.Integer)}

_OF_CAMPAIGNS = (
    sa.select(notes.c.id).where(notes.c.theme_id == themes.c.id, NOTE_IS_OPEN, notes.c.campaign_id.in_(_CAMPAIGNS))
).exists()
_OF_ALL = sa.or_(themes.c.managers_only.is_(sa.false()), _HIDDEN.is_(sa.true()), _OF_CAMPAIGNS)
_IS_REQUEST = is_word(themes.c.kind, NoteKind.MISSING_CONTENT)


class Order(StrEnum):
    """In which order what waits is listed."""

    AGE = "age"
    """What has waited longest first."""
    PEOPLE = "people"
    """What most people said first; of those that as many said, the older."""


_ORDERS = {
    Order.AGE: (themes.c.waits_since, themes.c.id),
    Order.PEOPLE: (themes.c.people.desc(), themes.c.id),
}


class _Waiting:
    """Themes with open notes, of those `where` lets through. Where all was erased, nothing is left to answer."""

    def __init__(self, *where: sa.ColumnElement[bool]) -> None:
        where = (themes.c.title != sa.literal_column("''"), *where)
        found = sa.select(themes).where(THEME_IS_OPEN, *where)
        self.pages = {
            order: found.order_by(*columns).limit(_PAGE["limit"]).offset(_PAGE["offset"])
            for order, columns in _ORDERS.items()
        }
        self.count = sa.select(sa.func.count()).select_from(themes).where(THEME_IS_OPEN, *where)


_ALL, _OWN = _Waiting(_OF_ALL), _Waiting(_OF_CAMPAIGNS)
_ALL_REQUESTS, _OWN_REQUESTS = _Waiting(_OF_ALL, _IS_REQUEST), _Waiting(_OF_CAMPAIGNS, _IS_REQUEST)


def _count_notes(which: sa.ColumnElement[bool]) -> sa.Select[int]:
    """Open notes of this kind in the themes that wait: notes of a theme are for managers only all, or none."""
    found = sa.select(sa.func.count()).select_from(themes.join(notes, notes.c.theme_id == themes.c.id))
    return found.where(THEME_IS_OPEN, themes.c.title != sa.literal_column("''"), NOTE_IS_OPEN, which)


_NOTE_OF_CAMPAIGNS = notes.c.campaign_id.in_(_CAMPAIGNS)
_ALL_NOTES = _count_notes(sa.or_(notes.c.managers_only.is_(sa.false()), _HIDDEN.is_(sa.true()), _NOTE_OF_CAMPAIGNS))
_OWN_NOTES = _count_notes(_NOTE_OF_CAMPAIGNS)
_FIRST_OPEN = (
    sa.select(
        notes.c.theme_id,
        sa.func.min(notes.c.id).label("note_id"),
        sa.func.count().filter(is_word(notes.c.state, NoteState.NEW)).label("new"),
    )
    .where(notes.c.theme_id.in_(_IDS), NOTE_IS_OPEN)
    .group_by(notes.c.theme_id)
)
_OF_AUTHOR = (
    sa.select(notes)
    .where(notes.c.theme_id == _ONE, notes.c.author_id == _AUTHOR, NOTE_STANDS)
    .order_by(notes.c.id)
    .limit(_PAGE["limit"])
)
_IS_ANSWERED = is_one_of(notes.c.state, (NoteState.ACTED, NoteState.DECLINED))
_ANSWERED_LAST = (
    sa.select(notes)
    .where(notes.c.theme_id == _ONE, NOTE_STANDS, _IS_ANSWERED, notes.c.text != sa.literal_column("''"))
    .order_by(notes.c.state_at.desc(), notes.c.id.desc())
    .limit(1)
)
_IS_WINDOW = is_word(countdowns.c.kind, CountdownKind.ANSWER_NOTE)
_OF_OWNER = sa.select(countdowns.c.subject_id).where(countdowns.c.owner_id == _ONE, RUNS, _IS_WINDOW)
_OPEN_OF_CAMPAIGN = sa.select(notes.c.id).where(
    notes.c.campaign_id == _ONE, notes.c.campaign_id.is_not(None), NOTE_IS_OPEN
)
_ANSWERED = (
    sa.select(
        sa.func.count().label("answered"),
        sa.func.count().filter(is_word(countdowns.c.result, Result.MET)).label("in_time"),
        sa.func.count().filter(is_word(notes.c.state, NoteState.DECLINED)).label("declined"),
    )
    .select_from(
        notes.join(countdowns, sa.and_(_IS_WINDOW, countdowns.c.subject_id == notes.c.id), isouter=True)
    )
    .where(
        notes.c.state_at >= _SINCE, notes.c.state_at.is_not(None), NOTE_STANDS, _IS_ANSWERED,
        # What was answered in time before, and is corrected now, was answered then.
        sa.or_(
            countdowns.c.result.is_(None), sa.not_(is_word(countdowns.c.result, Result.MET)),
            countdowns.c.ended_at >= _SINCE,
        ),
    )
)  # fmt: skip
_MISSED = sa.select(sa.func.count()).select_from(countdowns).where(NOTE_WINDOW_MISSED, countdowns.c.ended_at >= _SINCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsIn:
    """What waits in a theme: `note_id` of its oldest open note, and how many nobody of marketing has read."""

    note_id: str
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNumbers:
    """Since an instant. `in_time` of `answered` were answered within the window, `declined` of them; `missed`: windows
    that ran out."""

    answered: int = 0
    in_time: int = 0
    declined: int = 0
    missed: int = 0


class NoteLists(Repository):
    __slots__ = ()

    def waiting(
        self, may: Readable, order: Order, limit: int, offset: int = 0, *, requests: bool = False
    ) -> list[Theme]:  # fmt: skip
        """Themes with open notes this person may read; `requests`: of missing content alone."""
        statement = _of(may, requests=requests).pages[order]
        return [theme_of(row) for row in self._all(statement, at_most=limit, skipped=offset, **_asked(may))]

    def count_waiting(self, may: Readable, *, requests: bool = False) -> int:
        return int(self._value(_of(may, requests=requests).count, **_asked(may)))

    def count_waiting_notes(self, may: Readable) -> int:
        """The notes of the themes `waiting` lists, of those this person may read."""
        statement = _ALL_NOTES if may.all else _OWN_NOTES
        return int(self._value(statement, **_asked(may)))

    def waits_in(self, theme_ids: Iterable[str]) -> dict[str, WaitsIn]:
        """By theme; those in which nothing waits are not in it."""
        ids = list(theme_ids)
        rows = self._all(_FIRST_OPEN, the_ids=ids) if ids else []
        return {row.theme_id: WaitsIn(note_id=row.note_id, new=row.new) for row in rows}

    def of_author(self, theme_id: str, author_id: str, limit: int) -> list[Note]:
        """What this person said in the theme, and stands: the oldest first."""
        rows = self._all(_OF_AUTHOR, the_one=theme_id, the_author=author_id, at_most=limit)
        return [note_of(row) for row in rows]

    def answered_last(self, theme_id: str) -> Note | None:
        """Of the theme's notes the one that was answered last, and was not erased since."""
        row = self._first(_ANSWERED_LAST, the_one=theme_id)
        return None if row is None else note_of(row)

    def asked_of(self, person_id: str) -> list[str]:
        """Ids of the notes whose windows run for this person."""
        return [row.subject_id for row in self._all(_OF_OWNER, the_one=person_id)]

    def open_of_campaign(self, campaign_id: str) -> list[str]:
        """Ids of the campaign's notes that wait for an answer."""
        return [row.id for row in self._all(_OPEN_OF_CAMPAIGN, the_one=campaign_id)]

    def numbers(self, since: datetime) -> NoteNumbers:
        """How marketing answered from the instant on."""
        row = self._first(_ANSWERED, the_instant=since)
        missed = int(self._value(_MISSED, the_instant=since))
        if row is None:
            return NoteNumbers(missed=missed)
        return NoteNumbers(answered=row.answered, in_time=row.in_time, declined=row.declined, missed=missed)


def _of(may: Readable, *, requests: bool) -> _Waiting:
    if may.all:
        return _ALL_REQUESTS if requests else _ALL
    return _OWN_REQUESTS if requests else _OWN


def _asked(may: Readable) -> dict[str, Any]:
    campaigns = {"the_campaigns": sorted(may.campaign_ids)}
    return campaigns | {"hidden_too": may.managers_only} if may.all else campaigns
