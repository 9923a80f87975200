"""The full text of what people may find: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Who may find an entry is among its words, as words nobody can type: what somebody may not read is not found, and
costs nothing, however much of it there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.domain.campaign_alert import CampaignAlert, Question
from bot.domain.search import Entry, Found, Hit, Query, Sight, words_of
from bot.domain.search_texts import of_alert, of_links, of_question
from storage.repository import Repository
from storage.rows import given
from storage.tables.columns import is_word
from storage.tables.configuration import installation
from storage.tables.search import search_entries as entries

if TYPE_CHECKING:
    from storage.transaction import Transaction

LATEST = 2_000
"""PostgreSQL: so many of the newest entries are read one by one before its index is asked for all there ever were: an
index of words knows no order, and of a common word everything would be fetched to find the newest."""
_NO_END = 2**62
TO_MERGE = "search_to_merge"
"""SQLite: stands in `installation` while there may be words in the full text that are to be forgotten."""

_THIS = (entries.c.kind == given("the_kind")) & (entries.c.subject_id == given("the_subject"))
_FIND = sa.select(entries.c.text, entries.c.seen_by, entries.c.at).where(_THIS)
_ADD = entries.insert()
_SAVED = ("text", "seen_by", "words", "author_id")
_SAVE = (
    entries.update()
    .where(_THIS)
    .values({name: sa.bindparam(f"new_{name}", type_=entries.c[name].type) for name in _SAVED})
)
_REMOVE = entries.delete().where(_THIS)
_REMOVE_LINKS = entries.delete().where(
    entries.c.alert_id == given("the_alert"),
    is_word(entries.c.kind, Found.LINK),
    entries.c.subject_id.not_in(given("the_ids", expanding=True)),
)
_TO_MERGE = sqlite.insert(installation).on_conflict_do_nothing(index_elements=["name"])

_SHOWN = [entries.c[name] for name in ("place", "kind", "subject_id", "text", "at", "author_id")]
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
    __slots__ = ("_changed",)

    def __init__(self, tx: Transaction, connection: sa.Connection) -> None:
        super().__init__(tx, connection)
        self._changed = 0

    def keep(self, entry: Entry) -> None:
        """From now on the words of its text find it, and none it had before. Without words it is found no more."""
        row = row_of(entry)
        if row is None:
            self.remove(entry.kind, entry.subject_id)
            return
        this = {"the_kind": entry.kind, "the_subject": entry.subject_id}
        known = self._first(_FIND, **this)
        if known is not None and known.at == entry.at:
            if any(getattr(known, name) != row[name] for name in ("text", "seen_by")):
                self._changed += self._change(_SAVE, this | {f"new_{name}": row[name] for name in _SAVED})
            return
        if known is not None:
            self.remove(entry.kind, entry.subject_id)
        self._change(_ADD, row)

    def remove(self, kind: Found, subject_id: str) -> None:
        """It is found no more."""
        self._changed += self._change(_REMOVE, {"the_kind": kind, "the_subject": subject_id})

    def keep_alert(self, alert: CampaignAlert) -> None:
        """As keep, with its links and questions."""
        campaign = self._tx.campaigns.get(alert.campaign_id)
        self.keep(of_alert(alert, campaign.name if campaign is not None else ""))
        links = of_links(alert)
        left = {"the_alert": alert.id, "the_ids": [one.subject_id for one in links]}
        self._changed += self._change(_REMOVE_LINKS, left)
        for entry in (*links, *(of_question(one, alert) for one in self._tx.alert_questions.of_alert(alert.id))):
            self.keep(entry)

    def keep_question(self, question: Question) -> None:
        """As keep."""
        alert = self._tx.campaign_alerts.get(question.alert_id)
        if alert is not None:
            self.keep(of_question(question, alert))

    def flush(self) -> None:
        """What was said of somebody who is forgotten is to leave the index, too: SQLite only notes that words are gone,
        until it merges the parts of its full text. The engine does, after the commit and between clicks."""
        if self._changed and self._tx.scrub and self._dialect == "sqlite":
            self._change(_TO_MERGE, {"name": TO_MERGE, "value": "words that are gone"})
        self._changed = 0

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


def row_of(entry: Entry) -> dict[str, Any] | None:
    """The columns of what can be found; None where there is no word to find it by."""
    text = entry.text.replace("\x00", " ")  # PostgreSQL takes none
    words = words_of(text)
    if not words:
        return None
    seen_by = _may_see(entry)
    own = {name: getattr(entry, name) for name in ("kind", "subject_id", "at", "author_id", "alert_id")}
    return own | {"text": text, "seen_by": " ".join(seen_by), "words": (*seen_by, *words)}


def _for_sqlite(query: Query, sight: Sight) -> str:
    wanted = [f'"{one.word}"{" *" if one.begins else ""}' for one in query.wanted]
    seen = " OR ".join(f'"{word}"' for word in _seen_by(sight))
    return " AND ".join([*wanted, f"({seen})"])


def _for_postgresql(query: Query, sight: Sight) -> str:
    wanted = [f"'{one.word}'{':*' if one.begins else ''}" for one in query.wanted]
    seen = " | ".join(f"'{word}'" for word in _seen_by(sight))
    return " & ".join([*wanted, f"({seen})"])


def _may_see(entry: Entry) -> list[str]:
    people = sorted(entry.also | {entry.author_id} if entry.author_id is not None else entry.also)
    campaign = [] if entry.campaign_id is None else [_of("c", entry.campaign_id)]
    return [_of("of", entry.circle.value), *(_of("p", one) for one in people), *campaign]


def _seen_by(sight: Sight) -> list[str]:
    circles = [_of("of", one.value) for one in sorted(sight.circles)]
    return [_of("p", sight.person_id), *circles, *(_of("c", one) for one in sorted(sight.campaign_ids))]


def _of(what: str, one: str) -> str:
    """Of letters and figures of ASCII, and "/", which is in no word of a text."""
    return f"/{what}/" + "".join(each if each in _AS_IT_IS else f"/{ord(each):x}/" for each in one)


_AS_IT_IS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
