"""Field notes: one just saved, my own ones, and one whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.budget import How
from bot.domain.note import LABELS, NoteKind, NoteState
from bot.ports import Message
from bot.services.note_shown import PAGE, MyNotes, NoteSaved, NoteShown
from bot.services.note_themes import Suggestion
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    modal,
    option,
    overflow,
    section,
    static_select,
)
from bot.views.links import at_time, message_link, when
from bot.views.note_answers import answer_button, web_link
from bot.views.note_ids import (
    NoteAction,
    NoteCallback,
    NoteMore,
    join_value,
    kind_value,
    note_more_value,
    note_page_value,
)
from bot.views.note_readers import readers
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, split, trusted

NAME = 80
SAID = 500
LINE = 300
ANSWER = 500
ROOM = 2800
"""Of a page of a whole note."""

STATES: dict[NoteState, Mrkdwn] = {
    NoteState.NEW: trusted("🆕 new"),
    NoteState.SEEN: trusted("👀 seen"),
    NoteState.ACTED: trusted("✅ acted"),
    NoteState.DECLINED: trusted("✖️ declined"),
}
EXISTS = trusted("📎 content exists")
"""In place of *acted*, where that was the answer."""
TOLD = {
    How.LIVE: trusted("you are told at once"),
    How.BRIEF: trusted("you read it in your brief"),
    How.MUTED: trusted("you find it in _My field notes_"),
}
"""How its author hears of the answer."""
TAKEN_BACK = trusted("Taken back: your field note is gone, and in no list.")


def note_button(text: str = "New field note…") -> Element:
    """Opens the form for a new field note."""
    return button(text, NoteAction.NEW, "note")


def my_notes_button() -> Element:
    return button("My field notes…", NoteAction.MINE, "mine")


def render_saved(saved: NoteSaved, why_not: str | None = None) -> Message:
    """What `/note` answers: it is saved; then its kind, the same of others, details, and Take back. `why_not`: what
    was clicked is not done."""
    return Message(text=_headline(saved.note), blocks=_saved(saved, why_not))


def saved_view(saved: NoteSaved, why_not: str | None = None) -> View:
    """The same in a window, where a form was."""
    return modal(NoteCallback.SAVED_VIEW, "Field note", _saved(saved, why_not), close="Close")


def render_taken_back() -> Message:
    return Message(text=TAKEN_BACK, blocks=[section(TAKEN_BACK)])


def taken_back_view() -> View:
    return modal(NoteCallback.SAVED_VIEW, "Field note", [section(TAKEN_BACK)], close="Close")


def my_notes_view(mine: MyNotes) -> View:
    """My field notes with their states and answers, PAGE a page."""
    blocks: list[Block] = []
    if not mine.rows:
        blocks.append(
            section(
                trusted(
                    "*No field note of yours yet.*\nType `/note` and what you heard, as buyers said it. That is it."
                )
            )
        )
    for row in mine.rows:
        blocks += _mine(row)
    blocks += _turn(mine.page, (mine.total - 1) // PAGE, NoteAction.MINE_BACK, NoteAction.MINE_ON, str)
    blocks += [divider(), actions(note_button())]
    return modal(NoteCallback.MINE_VIEW, "My field notes", blocks, close="Close", private_metadata=str(mine.page))


def note_view(note: NoteShown, page: int = 0) -> View:
    """One note, whole, a page at a time."""
    found = split(quote(note.text, 10 * len(note.text) + 10), ROOM) if note.text else [trusted("_Erased._")]
    page = min(page, len(found) - 1)
    blocks: list[Block] = [section(_title(note)), section(found[page])]
    blocks += _turn(
        page, len(found) - 1, NoteAction.BACK, NoteAction.ON, lambda number: note_page_value(note.id, number)
    )
    blocks += [context(one) for one in _lines(note)]
    if note.answer or note.answer_link:
        blocks += [section(piece) for piece in split(_answer(note, 10 * len(note.answer) + 100), ROOM)[:20]]
    if note.answers_theme is not None:
        blocks.append(actions(answer_button(note.answers_theme, is_open=note.state.is_open)))
    return modal(NoteCallback.NOTE_VIEW, "Field note", blocks, close="Close", private_metadata=note.id)


def state_line(note: NoteShown) -> Mrkdwn:
    """`✅ acted by Ana Marques, 3 Mar at 10:00`."""
    if note.state is NoteState.NEW or note.state_at is None:
        return STATES[note.state]
    state, by = STATES[note.state], trusted("")
    if note.state_by:
        by = mrkdwn(" by {name}", name=escape(note.state_by, NAME))
    if note.exists:
        state = EXISTS
        by = mrkdwn(", says {name}", name=escape(note.state_by, NAME)) if note.state_by else by
    return mrkdwn("{state}{by}, {at}", state=state, by=by, at=when(note.state_at))


def _headline(note: NoteShown) -> Mrkdwn:
    return mrkdwn("Saved as a field note: {kind}", kind=LABELS[note.kind])


def _saved(saved: NoteSaved, why_not: str | None = None) -> list[Block]:
    note = saved.note
    blocks: list[Block] = [section(escape(why_not, LINE))] if why_not else []
    shown, whole = quote(note.text, SAID), quote(note.text, 10 * len(note.text) + 10)
    blocks += [section(join([mrkdwn("✅ *{said}*", said=_headline(note)), shown]))]
    if shown != whole:
        # What is cut here is not cut there.
        read = button("Read it whole…", NoteAction.OPEN, note_page_value(note.id))
        saved_whole = mrkdwn("All {count} characters are saved.", count=f"{len(note.text):,}")
        blocks.append(section(saved_whole, accessory=read))
    blocks += [context(one) for one in _lines(replace(note, managers_only=False))]
    if note.state.is_open:
        blocks.append(context(_next(saved)))
    if note.answer or note.answer_link:
        # It joined those that asked for what exists by now.
        blocks.append(section(join([state_line(note), _answer(note, ANSWER)])))
    blocks.append(actions(*_controls(note)))
    if saved.same:
        blocks.append(section(trusted("*Was the same said in the last 30 days?* Then join it:")))
        blocks += [_same(note.id, one) for one in saved.same]
    return blocks


def _next(saved: NoteSaved) -> Mrkdwn:
    """`Read by sales, and whoever answers it. An answer is due by 14:30 tomorrow; you read it in your brief.`"""
    hidden = saved.note.managers_only
    due = saved.due.due_at if saved.due is not None else None
    return mrkdwn(
        "{lock}Read by {who}. {answer}; {told}.",
        lock=trusted("🔒 ") if hidden else trusted(""),
        who=readers(saved.read_by, managers_only=hidden),
        answer=mrkdwn("An answer is due by {at}", at=at_time(due)) if due else trusted("It waits for an answer"),
        told=TOLD[saved.told],
    )


def _controls(note: NoteShown) -> list[Element]:
    found: list[Element] = []
    if note.may_change:
        kinds = [option(LABELS[kind], kind_value(kind, note.id)) for kind in NoteKind]
        found.append(static_select(NoteAction.KIND, kinds, initial=kind_value(note.kind, note.id)))
        found.append(button("Add details…", NoteAction.DETAILS, note.id))
    if note.is_mine and note.notes > 1:
        found.append(button("Not the same", NoteAction.LEAVE, note.id))
    if note.may_change:
        # The line it stands in may be older than an answer: the question must hold then, too.
        sure = confirm(
            "Take it back, if nobody has answered yet?", trusted("The note is gone then, for everybody."), "Take back",
            "Keep it",
        )  # fmt: skip
        found.append(button("Take back", NoteAction.TAKE_BACK, note.id, confirm=sure))
    return found or [my_notes_button()]


def _same(note_id: str, one: Suggestion) -> Block:
    said = {0: "You said", 1: "1 person said"}.get(one.people, f"{one.people} people said")
    text = mrkdwn("{said} ({kind}):\n{title}", said=said, kind=LABELS[one.kind], title=quote(one.title, LINE))
    return section(text, accessory=button("Same as this", NoteAction.JOIN, join_value(note_id, one.theme_id)))


def _mine(note: NoteShown) -> list[Block]:
    lines = [mrkdwn("*{kind}* · {state}", kind=LABELS[note.kind], state=state_line(note))]
    if note.state.is_open:
        lines.append(_waits(note))
    lines.append(quote(note.text, LINE) if note.text else trusted("_Erased._"))
    if note.answer or note.answer_link:
        lines.append(_answer(note, ANSWER))
    options = [option("Read it whole", note_more_value(NoteMore.OPEN, note.id))]
    if note.may_change:
        options.append(option("Change…", note_more_value(NoteMore.CHANGE, note.id)))
    if note.notes > 1:
        options.append(option("Not the same as others", note_more_value(NoteMore.LEAVE, note.id)))
    if note.may_change:
        options.append(option("Take back", note_more_value(NoteMore.TAKE_BACK, note.id)))
    return [section(join(lines), accessory=overflow(NoteAction.MORE, options)), *map(context, _lines(note)[:1])]


def _waits(note: NoteShown) -> Mrkdwn:
    """`Saved 3 Mar at 10:00 · An answer is due by 14:30 tomorrow`."""
    said = mrkdwn("Saved {at}", at=when(note.created_at))
    if note.missed:
        return join([said, trusted("⌛ Not answered in time: it still waits")], " · ")
    if note.due is None or note.due.due_at is None:
        return said
    return join([said, mrkdwn("An answer is due by {at}", at=at_time(note.due.due_at))], " · ")


def _title(note: NoteShown) -> Mrkdwn:
    return mrkdwn(
        "*{kind}* of {author}, {at}\n{state}",
        kind=LABELS[note.kind],
        author=escape(note.author, NAME),
        at=when(note.created_at),
        state=state_line(note),
    )


def _lines(note: NoteShown) -> list[Mrkdwn]:
    """What it is about, who said the same, where it comes from, and who reads it."""
    about = [
        mrkdwn("{what}: {name}", what=what, name=escape(name, NAME))
        for what, name in (
            ("Account", note.account),
            ("Lead", note.lead),
            ("Campaign", note.campaign),
            ("Competitor", note.competitor),
        )
        if name
    ]
    found = [join(about, " · ")] if about else []
    if note.notes > 1:
        people = "You said this before" if note.people == 1 else f"{note.people} people said the same"
        found.append(mrkdwn("{people}, in {notes} notes.", people=people, notes=note.notes))
    if note.quoted is not None:
        found.append(_source(note))
    if note.managers_only:
        found.append(trusted("🔒 Read by managers, and by whoever answers it."))
    return found


def _source(note: NoteShown) -> Mrkdwn:
    name = escape(note.quoted or "", NAME)
    opened = message_link(note.link or "", "the message")
    said = mrkdwn("From {message} of {name}.", message=opened or trusted("a message"), name=name)
    return mrkdwn("{said} {name} was told.", said=said, name=name) if note.told else said


def _answer(note: NoteShown, limit: int) -> Mrkdwn:
    word = "What was done" if note.state is NoteState.ACTED else "Why not"
    word = "Where it is" if note.exists else word
    lines = [mrkdwn("*{word}:*", word=word), quote(note.answer, limit)] if note.answer else []
    if note.answer_link:
        lines.append(web_link(note.answer_link))
    return join(lines)


def _turn(page: int, last: int, back: NoteAction, on: NoteAction, value: Callable[[int], str]) -> list[Block]:
    """Buttons to the pages before and after, counted from 0, where there are any."""
    if last <= 0:
        return []
    found = [button("Back", back, value(page - 1))] if page > 0 else []
    found += [button("On", on, value(page + 1))] if page < last else []
    return [context(mrkdwn("Page {page} of {pages}", page=page + 1, pages=last + 1)), actions(*found)]
