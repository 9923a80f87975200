"""The full text of what people may find: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Who may find an entry is among its words, as words nobody can type: what somebody may not read is not found, and
costs nothing, however much of it there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.domain.search import Circle, Found, Hit, Query, Sight, words_of
from storage.repository import Repository
from storage.rows import given
from storage.tables import search_entries as entries

if TYPE_CHECKING:
    from storage.transaction import Transaction

LATEST = 2_000
"""PostgreSQL: so many of the newest entries are read one by one before its index is asked for all there ever were: an
index of words knows no order, and of a common word everything would be fetched to find the newest."""
_NO_END = 2**62

_THIS = (entries.c.kind == given("the_kind")) & (entries.c.subject_id == given("the_subject"))
_FIND = sa.select(entries.c.place, entries.c.at).where(_THIS)
_ADD = entries.insert()
_SAVED = ("text", "words", "author_id", "lead_id")
_SAVE = (
    entries.update()
    .where(_THIS)
    .values({name: sa.bindparam(f"new_{name}", type_=entries.c[name].type) for name in _SAVED})
)
_REMOVE = entries.delete().where(_THIS)
_FORGET = entries.delete().where(entries.c.lead_id == given("the_lead"))
_REWRITE = sa.text("INSERT INTO search_words (search_words) VALUES ('optimize')")

_SHOWN = [entries.c[name] for name in ("place", "kind", "subject_id", "text", "at", "author_id", "lead_id")]
_MOST = sa.bindparam("the_most", type_=sa.Integer)
_BEFORE = sa.bindparam("the_end", type_=sa.BigInteger)

_FULL_TEXT = sa.table("search_words", sa.column("rowid", sa.Integer), sa.column("search_words", sa.Text))
_ON_SQLITE = (
    sa.select(*_SHOWN)
    .select_from(_FULL_TEXT.join(entries, entries.c.place == _FULL_TEXT.c.rowid))
    .where(_FULL_TEXT.c.search_words.op("MATCH")(given("the_words")), _FULL_TEXT.c.rowid < _BEFORE)
    .order_by(_FULL_TEXT.c.rowid.desc())
    .limit(_MOST)
)

_WORDS = sa.cast(given("the_words"), TSQUERY)
_NEWEST = (
    sa.select(*_SHOWN, entries.c.words)
    .where(entries.c.place < _BEFORE)
    .order_by(entries.c.place.desc())
    .limit(sa.literal_column(str(LATEST)))
    .subquery("newest")
)
_AMONG_NEWEST = (
    sa.select(*(_NEWEST.c[column.name] for column in _SHOWN))
    .where(_NEWEST.c.words.op("@@")(_WORDS))
    .order_by(_NEWEST.c.place.desc())
    .limit(_MOST)
)
# The order is asked for afterwards: else one by one would be read here, too, and all of them for a rare word.
_MATCHING = (
    sa.select(entries.c.place)
    .where(entries.c.words.op("@@")(_WORDS), entries.c.place < _BEFORE)
    .cte("matching")
    .prefix_with("MATERIALIZED")
)
_FOUND = sa.select(_MATCHING.c.place).order_by(_MATCHING.c.place.desc()).limit(_MOST).subquery("found")
_AMONG_ALL = (
    sa.select(*_SHOWN).join(_FOUND, _FOUND.c.place == entries.c.place).order_by(entries.c.place.desc())
)  # fmt: skip


class Search(Repository):
    __slots__ = ("_forgot",)

    def __init__(self, tx: Transaction, connection: sa.Connection) -> None:
        super().__init__(tx, connection)
        self._forgot = False

    def put(
        self,
        kind: Found,
        subject_id: str,
        text: str,
        *,
        at: datetime,
        author_id: str | None = None,
        lead_id: str | None = None,
        managers_only: bool = False,
        circle: Circle | None = None,
        also: Iterable[str] = (),
    ) -> None:
        """From now on the words of `text` find it, and none it had before; with another `at` it is among the newest.

        It is found by its author, by the people `also` names, and by `circle`: unless given, by whoever may read
        notes, or those for managers only, and what is no note by all of the roster.
        """
        if circle is None:
            circle = Circle.TOLD
            if kind is Found.NOTE:
                circle = Circle.MANAGERS_NOTES if managers_only else Circle.NOTES
        named = sorted({person_id for person_id in (author_id, *also) if person_id is not None})
        words = (_of_circle(circle), *map(_of_person, named), *words_of(text))
        this = {"the_kind": kind, "the_subject": subject_id}
        row = {"text": text, "words": words, "author_id": author_id, "lead_id": lead_id}
        known = self._first(_FIND, **this)
        if known is not None and known.at == at:
            self._change(_SAVE, this | {f"new_{name}": row[name] for name in _SAVED})
            return
        if known is not None:
            self._change(_REMOVE, this)
        self._change(_ADD, row | {"kind": kind, "subject_id": subject_id, "at": at})

    def remove(self, kind: Found, subject_id: str) -> None:
        """It is found no more."""
        self._change(_REMOVE, {"the_kind": kind, "the_subject": subject_id})

    def forget_lead(self, lead_id: str) -> None:
        """Nothing said of the lead is found any more, and no word of it is left in the file."""
        self._change(_FORGET, {"the_lead": lead_id})
        self._tx.scrub = True
        self._forgot = True

    def flush(self) -> None:
        """What was forgotten leaves the index, too: SQLite only notes that an entry is gone until it merges its parts,
        and here they are merged (about half a second among 100,000 notes)."""
        if self._forgot and self._dialect == "sqlite":
            self._change(_REWRITE, {})
        self._forgot = False

    def find(self, query: Query, sight: Sight, limit: int, before: int | None = None) -> list[Hit]:
        """What `sight` lets a person find that has every word of `query`, the newest first; with `before` only what is
        older than the hit of that place. Without words nothing is found."""
        if not query.wanted:
            return []
        end = _NO_END if before is None else before
        if self._dialect == "sqlite":
            words = _for_sqlite(query, sight)
            found = self._all(_ON_SQLITE, the_words=words, the_end=end, the_most=limit)
        else:
            words = _for_postgresql(query, sight)
            found = self._all(_AMONG_NEWEST, the_words=words, the_end=end, the_most=limit)
            if len(found) < limit:
                found = self._all(_AMONG_ALL, the_words=words, the_end=end, the_most=limit)
        return [Hit(**row._asdict()) for row in found]


def _for_sqlite(query: Query, sight: Sight) -> str:
    wanted = [f'"{one.word}"{" *" if one.begins else ""}' for one in query.wanted]
    seen = " OR ".join(f'"{word}"' for word in _seen_by(sight))
    return " AND ".join([*wanted, f"({seen})"])


def _for_postgresql(query: Query, sight: Sight) -> str:
    wanted = [f"'{one.word}'{':*' if one.begins else ''}" for one in query.wanted]
    seen = " | ".join(f"'{word}'" for word in _seen_by(sight))
    return " & ".join([*wanted, f"({seen})"])


def _seen_by(sight: Sight) -> list[str]:
    return [_of_person(sight.person_id), *(_of_circle(circle) for circle in sorted(sight.circles))]


def _of_circle(circle: Circle) -> str:
    return f"/{circle.value}"


def _of_person(person_id: str) -> str:
    """Of letters and figures of ASCII, and "/", which is in no word of a text."""
    return "/p" + "".join(one if one in _AS_IT_IS else f"/{ord(one):x}/" for one in person_id)


_AS_IT_IS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
