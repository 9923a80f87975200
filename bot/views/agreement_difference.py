"""What one version of the agreement changes in another, line by line: short, at what differs, or whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from bot.domain.agreement_changes import Change
from bot.domain.agreement_data import SECTIONS
from bot.views.agreement_sections import WHOLE
from bot.views.untrusted import ELLIPSIS, Mrkdwn, clean, escape, join, mrkdwn, trusted

TEXT = 400
"""Characters of a text in a short line."""
LONGEST = 100_000
"""Characters of any value: a list of a hundred entries on one line."""
BEFORE = 40
"""Characters shown before what differs, so that one sees where it is; as sent six times as many at most."""
_NOTHING = trusted("_nothing_")
_UNSEEN = trusted("_(they differ in blanks, line ends or marks that look alike)_")
_Say = Callable[[str | None], Mrkdwn]


def change_lines(changes: Sequence[Change]) -> list[Mrkdwn]:
    """The difference, each section's title before its lines. Long texts are cut to where they differ."""
    return _lines(changes, short=True)


def all_change_lines(changes: Sequence[Change]) -> list[Mrkdwn]:
    """The same with every text whole."""
    return _lines(changes, short=False)


def is_cut(changes: Sequence[Change]) -> bool:
    """Whether `change_lines` leaves something out."""
    texts = [text for change in changes for text in (change.before, change.after) if text]
    return any(len(escape(text, LONGEST)) > TEXT for text in texts)


def _lines(changes: Sequence[Change], *, short: bool) -> list[Mrkdwn]:
    lines: list[Mrkdwn] = []
    for section, of_section in groupby(changes, key=lambda change: change.section):
        lines.append(mrkdwn("*{title}*", title=SECTIONS[section]))
        for _, of_field in groupby(of_section, key=lambda change: change.field):
            found = list(of_field)
            say = _at_differences(found) if short else _whole
            lines += _told_apart([_line(change, say, TEXT if short else WHOLE) for change in found])
    return lines


def _line(change: Change, say: _Say, room: int) -> Mrkdwn:
    """`windows.accept.hot` as `accept, hot: 15 min → 10 min`; what is new or gone is marked."""
    path = change.field.split(".")[1:]
    term = escape(", ".join(part.replace("_", " ") for part in path) or SECTIONS[change.section], room)
    before, after = say(change.before), say(change.after)
    if change.before is None:
        return mrkdwn("+  {term}: {after}", term=term, after=after)
    if change.after is None:
        return mrkdwn("−  {term}: {before}", term=term, before=before)
    if len(before) + len(after) <= TEXT:
        line = mrkdwn("~  {term}: {before}  →  *{after}*", term=term, before=before, after=after)
    else:
        line = mrkdwn("~  {term}:\n_before_  {before}\n_now_  {after}", term=term, before=before, after=after)
    return join([line, _UNSEEN]) if before == after else line


def _told_apart(lines: list[Mrkdwn]) -> list[Mrkdwn]:
    """What goes and what comes in its place may look the same."""
    bodies = [line[1:] for line in lines]
    return [join([line, _UNSEEN]) if bodies.count(body) > 1 else line for line, body in zip(lines, bodies, strict=True)]


def _whole(text: str | None) -> Mrkdwn:
    return escape(text, LONGEST) if text and text.strip() else _NOTHING


def _at_differences(changes: Sequence[Change]) -> _Say:
    """Long texts begin shortly before they become another than the one that is most like them: of the same term, what
    it was, or an entry of the same list. So no two lines say the same because both are cut."""
    texts = sorted({clean(text, LONGEST) for one in changes for text in (one.before, one.after) if text})
    starts: dict[str, int] = dict.fromkeys(texts, 0)
    for first, second in pairwise(texts):
        same = _common(first, second)
        starts[first], starts[second] = max(starts[first], same), max(starts[second], same)

    def say(text: str | None) -> Mrkdwn:
        if not text or not text.strip():
            return _NOTHING
        cleaned = clean(text, LONGEST)
        whole = escape(text, LONGEST)
        start = starts[cleaned] - BEFORE
        if len(whole) <= TEXT or start <= 0:
            return escape(text, TEXT)
        return escape(f"{ELLIPSIS} {cleaned[start:]}", TEXT)

    return say


def _common(first: str, second: str) -> int:
    """How many characters both begin with."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return number
    return min(len(first), len(second))
