"""What the words of a field note tell: its kind, where they name one; its title; and how alike two notes are."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.note import NoteKind

TITLE = 150
"""Characters of a theme's title."""
MOST_WORDS = 24
"""Words of a text by which it is compared; further ones hardly tell more."""
ALIKE = 0.34
"""From this share of words in common on, two notes may say the same."""

_NAMED: dict[str, NoteKind] = {
    "objection": NoteKind.OBJECTION,
    "competitor": NoteKind.COMPETITOR,
    "competition": NoteKind.COMPETITOR,
    "quote": NoteKind.BUYERS_WORDS,
    "buyer": NoteKind.BUYERS_WORDS,
    "buyer's words": NoteKind.BUYERS_WORDS,
    "buyer's own words": NoteKind.BUYERS_WORDS,
    "missing": NoteKind.MISSING_CONTENT,
    "missing content": NoteKind.MISSING_CONTENT,
    "request": NoteKind.MISSING_CONTENT,
    "win": NoteKind.WIN_LOSS,
    "won": NoteKind.WIN_LOSS,
    "win reason": NoteKind.WIN_LOSS,
    "loss": NoteKind.WIN_LOSS,
    "lost": NoteKind.WIN_LOSS,
    "loss reason": NoteKind.WIN_LOSS,
    "idea": NoteKind.IDEA,
}
_LONGEST_NAME = max(len(name) for name in _NAMED)
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«"}
_WORD = re.compile(r"[^\W_]+")
_NOT_TELLING = frozenset(
    """
    a about all also am an and any are as at be because been but by can could did do does for from get got had has have
    he her him his how i if in into is it its just like me more my no not of on one or our out said say says she so some
    than that the their them then there they this to told too up us very want wants was we were what when which who why
    will with would you your
    aber als am an auf aus bei das dass dem den der des die ein eine einen er es für hat haben hatte ich ihr im in ist
    kein mit nach nicht noch nur oder sagt sagte sehr sich sie sind so und uns von war was wenn wer wie wir zu zum zur
    """.split()  # noqa: SIM905 - as a list it would be three pages long
)


def guess_kind(text: str) -> NoteKind:
    """The kind a text names before a colon (`Objection: too dear`); what stands in quotation marks as a whole is the
    buyer's own words; else OTHER: nothing is read into it."""
    said = text.strip()
    if (kind := _named(said)) is not None:
        return kind
    if len(said) > 2 and _QUOTES.get(said[0]) == said[-1] and said[-1] not in said[1:-1]:
        return NoteKind.BUYERS_WORDS
    return NoteKind.OTHER


def without_name(text: str, kind: NoteKind) -> str:
    """The text without the name of its own kind before a colon, which whoever reads it reads as its kind. All of it
    where nothing follows, and of a win or a loss: the kind does not say which."""
    said = text.strip()
    rest = said.partition(":")[2].strip()
    return rest if rest and kind is not NoteKind.WIN_LOSS and _named(said) is kind else said


def says_something(text: str) -> bool:
    """Whether there is a letter, a figure or an emoji in it, besides the name of a kind before a colon."""
    said = text.strip()
    said = said if _named(said) is None else said.partition(":")[2]
    return any(one.isalnum() or unicodedata.category(one) == "So" for one in said)


def title_of(text: str) -> str:
    """What a theme is called by one of its notes: the first line, at most TITLE characters."""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return line if len(line) <= TITLE else f"{line[: TITLE - 1].rstrip()}…"


def telling_words(text: str) -> tuple[str, ...]:
    """The words by which a text is compared, in their order: without accents, case, and words that are everywhere."""
    found: dict[str, None] = {}
    for word in _WORD.findall(_plain(text[:4000])):
        if (len(word) > 2 or word.isdigit()) and word not in _NOT_TELLING:
            found.setdefault(word)
            if len(found) == MOST_WORDS:
                break
    return tuple(found)


def likeness(one: str, other: str) -> float:
    """From 0 to 1: the share of telling words two texts have in common, of the shorter one; a word counts as the same
    with another ending (`integration`, `integrations`). 0 where one of them has fewer than two words in common, unless
    it has no more."""
    mine, theirs = ({_stem(word) for word in telling_words(text)} for text in (one, other))
    fewest = min(len(mine), len(theirs))
    both = len(mine & theirs)
    if fewest == 0 or both < min(2, fewest):
        return 0.0
    return both / fewest if fewest > 2 else both / max(fewest, max(len(mine), len(theirs)) / 2)


def _named(said: str) -> NoteKind | None:
    """The kind that stands before a colon."""
    name, colon, _ = said[: _LONGEST_NAME + 1].partition(":")
    return _NAMED.get(" ".join(name.casefold().replace("’", "'").split())) if colon else None


def _stem(word: str) -> str:
    """Endings differ more than beginnings: enough to see `prices` in `pricing`, and no linguistics."""
    return word if len(word) <= 4 or word.isdigit() else word[: max(4, len(word) - 3)]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in decomposed if not unicodedata.combining(one))
