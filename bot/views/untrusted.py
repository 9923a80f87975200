"""The one way by which text that is not ours reaches Slack.

Every field of a lead may come from a public web form, so every `str` counts as untrusted. It reaches Slack
either as plain text, through `clean`, or as mrkdwn, through `escape`; `mrkdwn` escapes whatever is put into
its template. Block Kit builders take mrkdwn only as `Mrkdwn`, so mypy refuses a `str` or an f-string there.

Slack documents an escape for `&`, `<` and `>` only. For the rest:

- `*`, `_`, `~` and the backtick become look-alikes (U+2217, U+02CD, U+223C, U+02CB). An invisible character
  beside them would not do: to Slack it is a word boundary, which *allows* formatting there.
- `>` and bullets that begin a line would make a quote or a list like ours; they become look-alikes too.
- Addresses and names that clients link on their own (`https://`, `host.tld`, `@name`, `#name`) and `:emoji:`
  are broken by U+2060 WORD JOINER, which is invisible, keeps the text readable and belongs to no URL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import LiteralString

ELLIPSIS = "…"
EMPTY = "–"
"""What stands for a value that is empty: Slack refuses empty text, and `**` is not bold."""

VALUE_LIMIT = 200
"""Longest value put into a template, in characters as sent, unless it was escaped with a limit of its own."""

_JOINER = "\u2060"
_MARKS_PER_LETTER = 3  # Vietnamese needs two, pointed Hebrew three; towers of marks cover the lines above

# Control, format (bidi, zero width, soft hyphen), surrogate and private-use characters go by their category.
# These are invisible too and have other categories: grapheme joiner, Hangul and Khmer fillers, Mongolian and
# other variation selectors (FE0F, which asks for a coloured emoji, may stay), non-characters.
_INVISIBLE = frozenset(
    {
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFDD0, 0xFDF0),
        *range(0xFE00, 0xFE0F),
        *range(0xFFF0, 0xFFF9),
    }
)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})
_NEWLINES = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""Of ASCII, besides blanks and line ends."""
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")

_LOOK_ALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
_ENTITY = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LINE_START = re.compile(r"^[>•◦▪‣\s]+", re.MULTILINE)
_LINE_START_LOOK_ALIKE = str.maketrans({">": "\u203a", "•": "·", "◦": "·", "▪": "·", "‣": "·"})
# Where a joiner goes: behind ":" of "://" and ":emoji:", "." of "host.tld", "@" and "#" of names.
# Figures keep their points: no top-level domain begins with a digit.
_LINKED = re.compile(r":(?=//)|(?<=\w)[.\u3002\uff0e\uff61](?=[^\W\d_])|[@#](?=\w)|:(?=[\w+'\-]+:)")


class Mrkdwn(str):
    """Text that may be sent as mrkdwn: everything untrusted in it has been escaped.

    Made only by the functions of this module and of `bot.views.links`. Adding a `str` to it gives a `str`.
    """

    __slots__ = ()


def clean(text: str, limit: int, *, multiline: bool = False) -> str:
    """The text as it may stand in a plain_text object, at most `limit` characters long.

    Control, bidirectional, zero-width, tag and private-use characters are gone; white space is folded to
    single spaces (with `multiline`, line ends stay, at most one empty line in a row); the rest is in NFC. Too
    long a text ends in "…", never inside a letter with its accents. Cleaning twice changes nothing more.
    """
    return _cut(_visible(text, multiline), limit, {})


def escape(text: str, limit: int, *, multiline: bool = False, goes_on: bool = False) -> Mrkdwn:
    """The text cleaned and made powerless in mrkdwn, at most `limit` characters as sent.

    It cannot ping, link, format, quote or draw an emoji; an entity such as `&amp;` is never split. An empty
    text becomes "–". `goes_on`: it is put behind other text of its line, so its first sign begins no quote or list.
    """
    unformatted = _visible(text, multiline).translate(_LOOK_ALIKE)
    started = unformatted
    if multiline or not goes_on:
        started = _LINE_START.sub(lambda found: found[0].translate(_LINE_START_LOOK_ALIKE), unformatted)
    unlinked = _LINKED.sub(lambda found: found[0] + _JOINER, started)
    return Mrkdwn(_cut(unlinked, limit, _ENTITY) or EMPTY)


def mrkdwn(template: LiteralString, /, **values: str | Mrkdwn | int | float) -> Mrkdwn:
    """Our own mrkdwn with values put into its `{places}`, each of them escaped unless it is `Mrkdwn`.

    The template is a literal of ours; nothing that comes from outside may be part of it. Values are cut to
    `VALUE_LIMIT`; give `escape(text, limit)` for a longer one. Raises KeyError for a place without a value.
    """
    safe = {name: one if isinstance(one, Mrkdwn) else escape(str(one), VALUE_LIMIT) for name, one in values.items()}
    return Mrkdwn(template.format_map(safe))


def trusted(text: LiteralString) -> Mrkdwn:
    """Mrkdwn written by us, word for word. Only ever called with a literal."""
    return Mrkdwn(text)


def join(pieces: Iterator[Mrkdwn] | list[Mrkdwn] | tuple[Mrkdwn, ...], separator: LiteralString = "\n") -> Mrkdwn:
    """The pieces with a separator of ours between them."""
    return Mrkdwn(separator.join(pieces))


def quote(text: str, limit: int) -> Mrkdwn:
    """Somebody's words as a block quote, line for line, so that no line of theirs looks like one of ours."""
    return Mrkdwn("\n".join(f"&gt; {line}" for line in escape(text, limit, multiline=True).split("\n")))


def clip(text: Mrkdwn, limit: int) -> Mrkdwn:
    """The mrkdwn cut to `limit` characters, ending in "…"; never inside an entity or a `<link|label>`."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    return Mrkdwn(re.sub(r"&[a-z]{0,3}$", "", kept).rstrip() + ELLIPSIS)


def split(text: Mrkdwn, room: int) -> list[Mrkdwn]:
    """The whole mrkdwn in pieces of at most `room` characters, cut at blanks where there are any, never inside an
    entity or a `<link|label>`. What goes on begins with "…": no piece of somebody's words looks like a line of ours."""
    pieces: list[Mrkdwn] = []
    rest: str = text
    while len(rest) > room:
        kept = rest[:room]
        blank = max(kept.rfind(" "), kept.rfind("\n"))
        cut = blank if blank > room // 2 else len(re.sub(r"&[a-z]{0,3}$", "", kept))
        if kept[:cut].rfind("<") > kept[:cut].rfind(">"):
            cut = kept.rfind("<") or cut
        pieces.append(Mrkdwn(rest[:cut].rstrip()))
        rest = f"{ELLIPSIS} {rest[cut:].lstrip()}"
    return [*pieces, Mrkdwn(rest)]


def _visible(text: str, multiline: bool) -> str:
    """Without what nobody can see, in NFC, with folded white space."""
    normal = _CONTROLS.sub("", _NEWLINES.sub("\n", text))
    if not normal.isascii():
        normal = _without_towers(unicodedata.normalize("NFC", "".join(map(_seen, normal))))
    lines = [_BLANKS.sub(" ", line).strip() for line in normal.split("\n")]
    if multiline:
        return _BLANK_LINES.sub("\n\n", "\n".join(lines).strip("\n"))
    return " ".join(line for line in lines if line)


@lru_cache(maxsize=16_384)
def _seen(one: str) -> str:
    """What people see of the character: itself, a blank, or nothing."""
    code = ord(one)
    if code in _INVISIBLE or 0xE0000 <= code <= 0xE0FFF or code & 0xFFFE == 0xFFFE:
        return ""
    # U+2800 is a Braille cell without dots: a blank that counts as a symbol.
    category = unicodedata.category(one)
    if category in _DROPPED:
        return one if one in "\n\t" else ""
    return " " if category == "Zs" or code == 0x2800 else one


@lru_cache(maxsize=16_384)
def _is_mark(one: str) -> bool:
    return unicodedata.category(one) in ("Mn", "Me")


def _without_towers(text: str) -> str:
    """At most three combining marks a letter, and none without a letter before it."""
    if not any(map(_is_mark, text)):
        return text
    kept: list[str] = []
    marks = _MARKS_PER_LETTER
    for one in text:
        if _is_mark(one):
            marks += 1
            if marks > _MARKS_PER_LETTER:
                continue
        else:
            marks = _MARKS_PER_LETTER if one.isspace() else 0
        kept.append(one)
    return "".join(kept)


def _clusters(text: str) -> Iterator[str]:
    """What people take for one character, nearly: a letter with its marks, an emoji with its skin, a flag."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _continues(text, start, end):
            yield text[start:end]
            start = end


def _continues(text: str, start: int, at: int) -> bool:
    one = text[at]
    if one.isascii():
        return False
    code = ord(one)
    if 0x1F1E6 <= code <= 0x1F1FF:  # regional indicators: two make a flag
        return at - start == 1 and 0x1F1E6 <= ord(text[start]) <= 0x1F1FF
    return 0x1F3FB <= code <= 0x1F3FF or one == _JOINER or unicodedata.category(one).startswith("M")


def _cut(text: str, limit: int, sent_as: Mapping[int, str]) -> str:
    """The text, its characters `sent_as` what stands for them: as many clusters as fit into `limit` characters, with
    "…" for those that do not."""
    if limit < 1:
        raise ValueError(f"A text needs room for at least one character, not {limit}.")
    whole = text.translate(sent_as)
    if len(whole) <= limit:
        return whole
    kept: list[str] = []
    length = 0
    for piece in (cluster.translate(sent_as) for cluster in _clusters(text)):
        if length + len(piece) > limit:
            while kept and length > limit - len(ELLIPSIS):
                length -= len(kept.pop())
            return "".join(kept).rstrip() + ELLIPSIS
        kept.append(piece)
        length += len(piece)
    return "".join(kept)
