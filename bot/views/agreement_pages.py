"""Long texts on pages of a window: everything can be reached, and no page is more than Slack takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.views.blocks import Block, section
from bot.views.untrusted import Mrkdwn, join, split, trusted

SEEN_WHOLE = 600
"""Characters of a section that Slack shows without *See more*, on a phone too."""
LONGEST_PIECE = 2_800
"""Characters of a section where there are too many for that; Slack takes 3,000."""
MOST = 40
"""Blocks of a page."""
MOST_BYTES = 120_000
"""Of a page, as JSON in which each letter outside ASCII is six bytes or more: Slack takes windows of 250 kB."""
BLANK = trusted(" ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`number` counts from 0."""

    blocks: tuple[Block, ...]
    number: int
    count: int


def paragraphs(lines: Sequence[Mrkdwn]) -> list[Block]:
    """The lines in sections: a new one after a blank line, and before Slack would hide the end of one behind *See
    more*; where there are too many lines for that, in as few as hold them. A line that is longer than a section goes
    on in the next."""
    short = _filled(lines, SEEN_WHOLE)
    return short if len(short) <= MOST else _filled(lines, LONGEST_PIECE)


def page_of(blocks: Sequence[Block], number: int) -> Page:
    """The page `number` of the blocks, or the last one where there are not as many."""
    pages: list[list[Block]] = [[]]
    used = 0
    for block in blocks:
        size = len(json.dumps(block))
        if pages[-1] and (len(pages[-1]) == MOST or used + size > MOST_BYTES):
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += size
    number = min(max(number, 0), len(pages) - 1)
    return Page(blocks=tuple(pages[number]), number=number, count=len(pages))


def _filled(lines: Sequence[Mrkdwn], room: int) -> list[Block]:
    blocks: list[Block] = []
    held: list[Mrkdwn] = []
    pieces = [piece for line in lines for piece in split(line, LONGEST_PIECE)]
    for line in [*pieces, BLANK]:
        is_full = sum(len(one) + 1 for one in held) + len(line) > room
        if held and (is_full or line == BLANK):
            blocks.append(section(join(held)))
            held = []
        if line != BLANK:
            held.append(line)
    return blocks
