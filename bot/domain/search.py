"""What can be found: its kinds, who may find it, and the words of a text by which it is found.

Both databases are handed words, never text: they are folded here, so that the same words find the same things on
either, in every language, and nothing anybody types has a meaning to a database. See docs/decisions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import count, groupby, islice

LONGEST_TEXT = 50_000
"""Characters of a text by which it is found; a message in Slack has at most 40,000."""
LONGEST_WORD = 64
"""Characters of a word that count."""
MOST_MARKS = 200
"""Places in a text that are looked at to choose the part that is shown."""
BEFORE = 60
"""Characters shown before the first word that was looked for."""
MOST_WORDS = 12
"""Words of a query that are looked for; more make nothing easier to find, and cost."""
BEGINNING = 4
"""A word of so many characters finds words that begin with it: "price" finds "prices"."""
MOST_BEGINNINGS = 4
"""Of more words only the last finds longer ones: beginnings cost more than words, and a sentence is exact as it is."""


class Found(StrEnum):
    NOTE = "note"
    """A field note, with what was answered."""
    ALERT = "alert"
    """A campaign alert."""
    QUESTION = "question"
    """A question about a campaign, with its answer."""
    LINK = "link"
    """A link or asset of a campaign alert; `subject_id` is that of the alert and its place."""


LABELS: dict[Found, str] = {
    Found.NOTE: "Field note",
    Found.ALERT: "Campaign alert",
    Found.QUESTION: "Question and answer",
    Found.LINK: "Link",
}


class Circle(StrEnum):
    """Who may find something, beside the people named with it."""

    NOTES = "n"
    """Whoever may read all notes."""
    MANAGERS_NOTES = "m"
    """Whoever may read notes that are for managers only."""
    TOLD = "t"
    """Whoever is on the roster: sales has been told."""
    DRAFTS = "d"
    """Whoever may see campaign alerts that are being written."""
    NOBODY = "x"
    """Only the people named with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a person may find: what belongs to `circles`, what is about `campaign_ids`, and what they are named with."""

    person_id: str
    circles: frozenset[Circle] = frozenset()
    campaign_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that can be found, by the words of `text`, which is untrusted: by `circle`, by its author, by the
    people `also` names, and by whoever owns its campaign. With another `at` than before it is among the newest."""

    kind: Found
    subject_id: str
    text: str
    at: datetime
    circle: Circle
    author_id: str | None = None
    also: frozenset[str] = frozenset()
    campaign_id: str | None = None
    alert_id: str | None = None
    """The campaign alert it stands on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found. `text` is untrusted, and whole. `place` orders what was found: the newest has the
    greatest."""

    place: int
    kind: Found
    subject_id: str
    text: str
    at: datetime
    author_id: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a query; `begins`: words that begin with it count too."""

    word: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for. Nothing is found that lacks one of `wanted`; without any, nothing is. `left_out`:
    more words were given than are looked for."""

    wanted: tuple[Wanted, ...]
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A run of letters and figures in a text, from `start` until before `end`, and the words it is found by."""

    start: int
    end: int
    words: tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words by which `text` is found, each once. They hold letters, figures and marks only."""
    return tuple(dict.fromkeys(word for span in spans(text[:LONGEST_TEXT]) for word in span.words))


def spans(text: str) -> Iterator[Span]:
    """The runs of letters and figures of `text` that have words, in order."""
    for run in _RUNS.finditer(text):
        if run[0].isascii():
            yield Span(run.start(), run.end(), (run[0].lower()[:LONGEST_WORD],))
            continue
        start = run.start()
        for is_letters, group in groupby(run[0], _is_letter):
            end = start + len(list(group))
            if is_letters:
                yield from _span(text, start, end)
            start = end


def query(text: str) -> Query:
    """What is looked for by whoever writes `text`. Signs have no meaning; there is nothing that cannot be asked."""
    every: list[str] = []
    begin: set[str] = set()
    unspaced = False
    parts = (part for run in _runs(text[:LONGEST_TEXT]) for part in _fold(run).split())
    for piece, unspaced in (found for part in parts for found in _pieces(part)):
        if not unspaced or len(piece) == 1:
            every.append(piece[:LONGEST_WORD])
        else:
            every += _pairs(piece)
        if unspaced and len(piece) == 1:
            begin.add(piece)
    words = list(dict.fromkeys(every))[:MOST_WORDS]
    if len(words) <= MOST_BEGINNINGS:
        begin |= {word for word in words if len(word) >= BEGINNING}
    if every and not unspaced:
        begin.add(every[-1])
    return Query(tuple(Wanted(word, word in begin) for word in words), left_out=len(set(every)) > MOST_WORDS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as it is shown; `marked`: it is what was looked for. Untrusted."""

    text: str
    marked: bool


def excerpt(text: str, asked: Query, room: int = 240) -> tuple[Piece, ...]:
    """The part of `text` that has most of the words looked for, at most `room` characters, in one line; without any of
    them its beginning. "…" stands for what is left out before and after."""
    line = _BLANKS.sub(" ", text[:LONGEST_TEXT]).strip()
    looked_for = _Asked(asked)
    marks = list(islice((mark for span in spans(line) for mark in _marks(line, span, looked_for)), MOST_MARKS))
    start = end = 0
    if marks:
        first = _best(marks, room)
        start, end = max(0, first.start - BEFORE), min(first.end, first.start + room - BEFORE)
    if start:
        start = line.find(" ", start, end) + 1 or start
    if len(line) - start <= room:
        end = len(line)
    else:
        blank = line.rfind(" ", max(end, start + room // 2), start + room)
        end = start + room if blank == -1 else blank
    pieces = [Piece("…" if start else "", marked=False)]
    at = start
    for mark in marks:
        if at <= mark.start < mark.end <= end:
            pieces += [Piece(line[at : mark.start], marked=False), Piece(line[mark.start : mark.end], marked=True)]
            at = mark.end
    pieces += [Piece(line[at:end], marked=False), Piece("…" if end < len(line) else "", marked=False)]
    return tuple(piece for piece in pieces if piece.text)


def _marks(line: str, span: Span, asked: _Asked) -> Iterator[Span]:
    """What is looked for of a run: words as a whole, of a script without blanks the characters themselves."""
    if not any(map(asked.is_one, span.words)):
        return
    for piece in _UNSPACED.finditer(line, span.start, span.end):
        if piece.lastgroup != "unspaced":
            words = tuple(one for part in _fold(piece[0]).split() for one in _words(part) if asked.is_one(one))
            if words:
                yield Span(piece.start(), piece.end(), words)
            continue
        hit: set[int] = set()
        for at in range(piece.start(), piece.end()):
            if _fold(line[at]) in asked.words:
                hit.add(at)
            if _fold(line[at : at + 2]) in asked.words:
                hit |= {at, at + 1}
        for at in sorted(hit):
            if at - 1 not in hit:
                end = next(after for after in count(at) if after not in hit)
                yield Span(at, end, (line[at:end],))


class _Asked:
    """What is looked for, made ready to be compared with many words."""

    def __init__(self, query: Query) -> None:
        self.words = frozenset(one.word for one in query.wanted)
        self._beginnings = tuple(one.word for one in query.wanted if one.begins)

    def is_one(self, word: str) -> bool:
        return word in self.words or word.startswith(self._beginnings)


def _best(marks: Sequence[Span], room: int) -> Span:
    """The first of the marks that have most different words within `room`."""
    best, most = marks[0], 0
    for place, mark in enumerate(marks):
        words: set[str] = set()
        for one in marks[place:]:
            if one.end > mark.start + room - BEFORE:
                break
            words.update(one.words)
        if len(words) > most:
            best, most = mark, len(words)
    return best


def _span(text: str, start: int, end: int) -> Iterator[Span]:
    words = tuple(word for part in _fold(text[start:end]).split() for word in _words(part))
    if words:
        yield Span(start, end, words)


def _runs(text: str) -> Iterator[str]:
    return (text[span.start : span.end] for span in spans(text))


def _words(part: str) -> Iterator[str]:
    for piece, unspaced in _pieces(part):
        if unspaced:
            # Pairs stand for words, and the last character alone for a query of one character.
            yield from _pairs(piece)
            yield piece[-1]
        else:
            yield piece[:LONGEST_WORD]


def _pairs(piece: str) -> list[str]:
    return [piece[at : at + 2] for at in range(len(piece) - 1)]


def _pieces(part: str) -> Iterator[tuple[str, bool]]:
    """The part cut where writing with and without blanks between words meet."""
    for found in _UNSPACED.finditer(part):
        yield found[0], found.lastgroup == "unspaced"


# Scripts that put no blanks between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese; and Korean, which does, and
# writes particles with them.
_WITHOUT_BLANKS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"(?P<unspaced>[{_WITHOUT_BLANKS}]+)|[^{_WITHOUT_BLANKS}]+")
_RUNS = re.compile(r"[^\x00-/:-@\[-`{-\x7f]+")
"""What is between blanks and signs of ASCII; what else is no letter is told apart one by one."""
_BLANKS = re.compile(r"[\s\x00]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take apart, as people without them on their keyboard write them."""


def _fold(run: str) -> str:
    """The run in small letters without accents, in one form of several that look alike."""
    if run.isascii():
        return run.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", run).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(_PLAIN)
    return "".join(one if _is_letter(one) else " " for one in plain)


@lru_cache(maxsize=65_536)
def _is_letter(one: str) -> bool:
    """Letters, figures, and the marks that belong to them."""
    return unicodedata.category(one)[0] in "LNM"
