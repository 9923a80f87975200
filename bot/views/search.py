"""What Find shows: a private answer to what was typed, and a window with pages."""

from __future__ import annotations

from bot.domain.note import LABELS as NOTE_KINDS
from bot.domain.search import LABELS, MOST_WORDS, Found, Piece
from bot.ports import Message
from bot.services.alert_details import Tab
from bot.services.search import FIRST, WORDS_MAX, Beside, FoundLine, Part, Results
from bot.views.alert_talk_ids import TalkAction, details_value
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    input_block,
    modal,
    plain_text_input,
    section,
)
from bot.views.links import host_label, when
from bot.views.note_ids import NoteAction, note_page_value
from bot.views.notes import EXISTS, STATES
from bot.views.search_ids import SearchAction, SearchBlock, SearchCallback, SearchRef, place_value, search_metadata
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME = 80
SAID = 60
PIECE = 700
_EDGE = "\u2060"
"""Invisible, and no letter: bold may begin and end inside a word."""

QUOTED = trusted("&gt; ")
ABOUT = {Part.ACCOUNT: "Account", Part.COMPETITOR: "Competitor", Part.LINK: "Link of the answer"}
WHAT = trusted(
    "Finds field notes with their answers, campaign alerts, questions about them and links: of all you may read, the"
    " newest first. Every word must be in it; accents and capitals do not matter, and *price* finds *prices*, too."
)
NOTHING = trusted("Nothing that you may read has all these words. Try fewer, or shorter ones.")
NO_WORDS = trusted("Write a word or a number to look for: signs and emoji by themselves are not searched.")


def find_button() -> Element:
    """Opens the window; on Home and in the menu."""
    return button("Find…", SearchAction.OPEN)


def render_found(results: Results) -> Message:
    """What `/lockstep find words` answers: the first few, and a button for all."""
    said = _headline(results)
    blocks: list[Block] = [section(said), *_lines(results.lines[:FIRST]), *_notes(results)]
    if results.more:
        blocks.append(actions(button("Show all…", SearchAction.OPEN, results.words[:WORDS_MAX])))
    else:
        blocks.append(actions(find_button()))
    return Message(text=said, blocks=blocks)


def search_view(results: Results | None, ref: SearchRef) -> View:
    """The window: what to look for, what was found of it, and older ones. `results` None: nothing was asked yet."""
    field = plain_text_input(
        SearchBlock.WORDS,
        initial=ref.words or None,
        placeholder="price objections, a competitor, a campaign…",
        max_length=WORDS_MAX,
        focus=True,
    )
    blocks: list[Block] = [input_block(SearchBlock.WORDS, "Words", field)]
    if results is None:
        blocks.append(context(WHAT))
    else:
        blocks += [section(_headline(results)), *_lines(results.lines), *_notes(results), *_turn(results, ref)]
    return modal(
        SearchCallback.SUBMIT, "Find", blocks, submit="Find", close="Close", private_metadata=search_metadata(ref)
    )


def _headline(results: Results) -> Mrkdwn:
    if not results.asked.wanted:
        return NO_WORDS
    if not results.lines:
        return mrkdwn("*{words}*\n{nothing}", words=escape(results.words, SAID), nothing=NOTHING)
    return mrkdwn("Found for *{words}*, the newest first:", words=escape(results.words, SAID))


def _lines(lines: tuple[FoundLine, ...]) -> list[Block]:
    return [
        section(join([_title(line), _said(line.pieces), *map(_beside, line.beside)]), accessory=_open(line))
        for line in lines
    ]


def _title(line: FoundLine) -> Mrkdwn:
    """`Field note · Objection · ✅ acted`, then whose and when."""
    parts = [mrkdwn("*{kind}*", kind=LABELS[line.kind])]
    if line.note_kind is not None and line.note_state is not None:
        parts += [mrkdwn("{kind}", kind=NOTE_KINDS[line.note_kind])]
        parts.append(EXISTS if line.exists else STATES[line.note_state])
    if line.answered is False:
        parts.append(trusted("waits for an answer"))
    if line.campaign:
        parts.append(escape(line.campaign, NAME))
    if line.link is not None:
        parts.append(host_label(line.link))
    return join([*parts, mrkdwn("{by}, {at}", by=escape(line.by, NAME), at=when(line.at))], " · ")


def _beside(one: Beside) -> Mrkdwn:
    """What others said is theirs, under their name; what it is about is in a line of its own."""
    if one.part is Part.ANSWER:
        head = mrkdwn("{by} answered:", by=escape(one.by, NAME)) if one.by else trusted("The answer:")
        return join([head, _said(one.pieces)])
    return _said(one.pieces, mrkdwn("{about}: ", about=ABOUT[one.part]))


def _said(pieces: tuple[Piece, ...], shown: Mrkdwn = QUOTED) -> Mrkdwn:
    """One line, quoted unless `shown` before it is something else, with what was looked for in bold."""
    for place, piece in enumerate(pieces):
        text = escape(piece.text, PIECE, goes_on=place > 0)
        if piece.marked:
            before = pieces[place - 1].text[-1:] if place else ""
            after = pieces[place + 1].text[:1] if place + 1 < len(pieces) else ""
            shown = join([shown, _edge(before), mrkdwn("*{text}*", text=text), _edge(after)], "")
        elif piece.text.isspace():
            shown = join([shown, trusted(" ")], "")
        else:
            left = trusted(" " if piece.text[0].isspace() else "")
            right = trusted(" " if piece.text[-1].isspace() else "")
            shown = join([shown, left, text, right], "")
    return shown


def _edge(beside: str) -> Mrkdwn:
    return Mrkdwn(_EDGE if beside.isalnum() else "")


def _open(line: FoundLine) -> Element:
    if line.kind is Found.NOTE:
        return button("Open…", NoteAction.OPEN, note_page_value(line.opens, 0))
    if line.question is not None:
        return button("Open…", TalkAction.DETAILS, details_value(line.opens, Tab.QUESTIONS, question_id=line.question))
    return button("Open…", TalkAction.DETAILS, details_value(line.opens))


def _notes(results: Results) -> list[Block]:
    if not results.left_out:
        return []
    said = mrkdwn("Only the first {words} words, of {letters} characters, were looked for.",
                  words=MOST_WORDS, letters=WORDS_MAX)  # fmt: skip
    return [context(said)]


def _turn(results: Results, ref: SearchRef) -> list[Block]:
    found = [button("Back", SearchAction.BACK)] if ref.ends else []
    found += [button("On", SearchAction.ON, place_value(results.last))] if results.last is not None else []
    return [actions(*found)] if found else []
