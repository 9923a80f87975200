"""Answers to field notes: the theme in its window, the form to answer it, and what whoever wrote a note reads."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.domain.note import LABELS, NoteKind, NoteState
from bot.domain.note_answer import LONGEST_ANSWER, LONGEST_LINK, How, is_web_address
from bot.ports import Message
from bot.services.note_answer_form import AnswerForm
from bot.services.note_answers import Answered
from bot.services.note_theme_shown import PAGE, ThemeNote, ThemeShown
from bot.services.note_told import AnswerNotice, NoteNotice, QuotedNotice
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    option,
    plain_text_input,
    radio_buttons,
    section,
)
from bot.views.due import REPLY, Shared, due_line, shared, shared_line
from bot.views.ids import ActionId
from bot.views.lead_lines import DOT
from bot.views.links import link, message_link, when
from bot.views.note_answer_ids import (
    AnswerAction,
    AnswerBlock,
    AnswerCallback,
    AnswerRef,
    answer_metadata,
    requests_metadata,
    theme_value,
)
from bot.views.note_ids import NoteAction, note_page_value
from bot.views.note_readers import readers
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, split, trusted

NAME = 80
TITLE = 150
SHOWN = 2500
"""Of a note in a window of several; the rest is one click away."""
ROOM = 2800
QUOTED = 400
WHOLE = 10 * LONGEST_ANSWER
"""As long as an answer can be as sent."""

DID = {
    How.EXISTS: trusted("📎 *Content exists*"),
    How.ACTED: trusted("✅ *Acted on*"),
    How.DECLINED: trusted("✖️ *Declined*"),
}


def theme_button(theme_id: str, *, title: str, fits_form: bool) -> Element:
    """In a list of themes: opens the theme in its window; or the form at once, where all of it stands in that."""
    if fits_form:
        return button("Answer…", AnswerAction.ANSWER, theme_id, accessibility_label=f"Answer {title}".strip())
    return button("Open…", AnswerAction.THEME, theme_value(theme_id), accessibility_label=f"Open {title}".strip())


def answer_button(theme_id: str, *, is_open: bool) -> Element:
    """Opens the form: to answer what is open, else to correct what was said."""
    text = "Answer…" if is_open else "Correct the answer…"
    return button(text, AnswerAction.ANSWER, theme_id, style="primary" if is_open else None)


def web_link(url: str) -> Mrkdwn:
    """A link marketing gave, which says where it leads; its words alone where it cannot be opened."""
    if not is_web_address(url):
        return escape(url, TITLE)
    host = urlsplit(url).hostname or ""
    return link(url, f"Open on {host}", [host])


def theme_view(theme: ThemeShown, *, requests_page: int | None = None) -> View:
    """A page of what was said, and how it stands; with *Answer…* for who may. `requests_page`: of the window of
    requests, where it lies over that."""
    blocks: list[Block] = [section(_head(theme))]
    if theme.may_answer:
        blocks.append(actions(answer_button(theme.theme_id, is_open=theme.open > 0)))
    common = shared([note.due for note in theme.notes if note.state.is_open and note.due is not None])
    agreed = shared_line(common)
    blocks += [context(agreed)] if agreed is not None else []
    for note in theme.notes:
        blocks += [divider(), *_note(note, common, single=theme.total == 1)]
    turn: list[Element] = []
    if theme.page > 0:
        turn.append(button("Previous", AnswerAction.THEME_BACK, theme_value(theme.theme_id, theme.page - 1)))
    if theme.page < theme.pages - 1:
        turn.append(button("Next", AnswerAction.THEME_ON, theme_value(theme.theme_id, theme.page + 1)))
    if turn:
        first = theme.page * PAGE + 1
        said = "{first} to {last} of {total}"
        blocks.append(context(mrkdwn(said, first=first, last=first + len(theme.notes) - 1, total=theme.total)))
        blocks.append(actions(*turn))
    return modal(
        AnswerCallback.THEME_VIEW, "Field notes", blocks, close="Close",
        private_metadata="" if requests_page is None else requests_metadata(requests_page),
    )  # fmt: skip


def answer_form(
    form: AnswerForm, *, chosen: How | None = None, requests_page: int | None = None, waits: bool | None = None
) -> View:
    """What was done about it, or why nothing will be. `chosen` in the form as it stands: what must be filled in hangs
    on it. `requests_page`: of the window of requests, where it was opened from there. `waits`: whether notes waited
    when it was opened, where that was before."""
    blocks = _asked(form)
    if form.waiting:
        said = "{count}. Everybody who wrote one is told once."
        blocks.append(context(mrkdwn(said, count=_waiting(form))))
        if form.answered_by:
            before = "{name} answered earlier notes of this theme; that answer stays as it is."
            blocks.append(context(mrkdwn(before, name=escape(form.answered_by, NAME))))
    elif form.answered_by:
        said = "Answered by {name}. What you change is told again to everybody who was told before."
        blocks.append(context(mrkdwn(said, name=escape(form.answered_by, NAME))))
    blocks.append(input_block(AnswerBlock.HOW, "What becomes of it?", _choices(form), dispatch_action=form.may_exist))
    how = chosen or form.how
    text = plain_text_input(
        ActionId.ANSWER, multiline=True, max_length=LONGEST_ANSWER, initial=form.text or None,
        placeholder="What was done, or why not. Whoever reported it reads this.",
    )  # fmt: skip
    # Before one is chosen neither is marked as needed: the use case says so at the field.
    blocks.append(
        input_block(AnswerBlock.TEXT, "In a sentence", text, optional=form.may_exist and how in (None, How.EXISTS))
    )
    where = plain_text_input(
        ActionId.ANSWER, max_length=LONGEST_LINK, initial=form.link or None, placeholder="https://…"
    )
    blocks.append(input_block(AnswerBlock.LINK, "Link", where, optional=how is not How.EXISTS))
    if form.kind is NoteKind.MISSING_CONTENT:
        blocks.append(context(trusted("With a link, everyone who asks for the same later gets it at once, too.")))
    return modal(
        AnswerCallback.SUBMIT, "Answer" if form.waiting else "Correct the answer", blocks,
        submit="Send" if form.waiting else "Correct",
        private_metadata=answer_metadata(
            AnswerRef(
                theme_id=form.theme_id, seen=form.seen, requests_page=requests_page,
                waits=form.waiting > 0 if waits is None else waits,
            )
        ),
    )  # fmt: skip


def render_note_notice(notice: NoteNotice) -> Message:
    """What somebody is told of their field note, or of a private message of theirs that was saved as one."""
    return _quoted(notice) if isinstance(notice, QuotedNotice) else _answered(notice)


def _answered(notice: AnswerNotice) -> Message:
    by = escape(notice.by, NAME)
    many = "your field note" if notice.notes == 1 else f"{notice.notes} field notes of yours"
    if notice.how is How.EXISTS:
        since = "already" if notice.late else "now"
        said = mrkdwn("📎 Content exists {since}, says {by}", since=since, by=by)
    elif notice.how is How.ACTED:
        said = mrkdwn("✅ {by} acted on {many}", by=by, many=many)
    else:
        said = mrkdwn("✖️ {by} declined {many}", by=by, many=many)
    if notice.again:
        said = mrkdwn("{said}: the answer was corrected", said=said)
    texts = [quote(one, QUOTED) for one in notice.texts]
    blocks: list[Block] = [section(join([mrkdwn("*{said}*", said=said), *texts]))]
    blocks += _whole(notice.answer)
    if notice.link is not None:
        blocks.append(section(web_link(notice.link)))
    blocks.append(actions(button("Open the note…", NoteAction.OPEN, note_page_value(notice.note_id))))
    return Message(text=said, blocks=blocks)


def _quoted(notice: QuotedNotice) -> Message:
    by = escape(notice.saved_by, NAME)
    if notice.taken_back:
        said = mrkdwn("{by} took it back: your message is no field note any more.", by=by)
        return Message(text=said, blocks=[section(said)])
    said = mrkdwn("{by} saved a private message of yours as a field note", by=by)
    who = readers(notice.read_by, managers_only=notice.managers_only)
    line = mrkdwn("It is read by {who}. If that is not right, ask {by} to take it back.", who=who, by=by)
    lines = [mrkdwn("📌 *{said}*, {at}", said=said, at=when(notice.at)), line]
    stands = message_link(notice.link, "Your message")
    if stands is not None:
        lines.append(stands)
    return Message(text=said, blocks=[section(join(lines))])


def _head(theme: ThemeShown) -> Mrkdwn:
    count = "1 note" if theme.total == 1 else f"{theme.total} notes"
    people = "1 person" if theme.people == 1 else f"{theme.people} people"
    facts = [mrkdwn("{count} from {people}", count=count, people=people)]
    if theme.open:
        facts.append(mrkdwn("{count} without an answer", count=theme.open))
    if theme.managers_only:
        facts.append(trusted("🔒 for managers only"))
    title = mrkdwn("*{kind}*: {title}", kind=LABELS[theme.kind], title=escape(theme.title, TITLE))
    return join([title, join(facts, DOT)])


def _asked(form: AnswerForm) -> list[Block]:
    """What is answered: the one note, or what the theme is called."""
    if form.note is None:
        return [section(mrkdwn("*{kind}*\n{title}", kind=LABELS[form.kind], title=quote(form.title, TITLE * 2)))]
    note = form.note
    head = mrkdwn("*{kind}* of {author}, {at}", kind=LABELS[form.kind], author=escape(note.author, NAME),
                  at=when(note.at))  # fmt: skip
    said = quote(note.text, SHOWN) if note.text else trusted("_Erased._")
    return [section(join([head, said])), *map(context, _about(note))]


def _note(note: ThemeNote, common: Shared, *, single: bool) -> list[Block]:
    said = escape(note.text, SHOWN, multiline=True) if note.text else trusted("_Erased._")
    head = mrkdwn("*{author}*, {at}", author=escape(note.author, NAME), at=when(note.at))
    words = quote(note.text, SHOWN) if note.text else said
    whole = None
    if len(words) >= SHOWN or single:
        whole = button("Read it whole…", NoteAction.OPEN, note_page_value(note.id)) if len(words) >= SHOWN else None
    blocks: list[Block] = [section(head, accessory=whole), section(words)]
    blocks += [context(one) for one in _about(note)]
    if note.state.is_open:
        blocks.append(context(_waits(note, common)))
        return blocks
    return [*blocks, *_answer(note)]


def _about(note: ThemeNote) -> list[Mrkdwn]:
    facts = [
        mrkdwn("{label}: {value}", label=label, value=escape(value, NAME))
        for label, value in (
            ("Account", note.account or note.company),
            ("Competitor", note.competitor),
            ("Campaign", note.campaign),
        )
        if value
    ]
    if note.quoted:
        stands = message_link(note.link or "", "the message")
        by = escape(note.quoted, NAME)
        facts.append(mrkdwn("From {link} of {by}", link=stands or trusted("a message"), by=by))
    return [join(facts, DOT)] if facts else []


def _waits(note: ThemeNote, common: Shared) -> Mrkdwn:
    state = trusted("🆕 new")
    if note.state is NoteState.SEEN and note.state_by:
        state = mrkdwn("👀 seen by {by}", by=escape(note.state_by, NAME))
    if note.missed:
        return join([state, trusted("⌛ Not answered in time: it still waits for an answer")], DOT)
    return join([state, due_line(note.due, REPLY, common)], DOT) if note.due is not None else state


def _answer(note: ThemeNote) -> list[Block]:
    by = escape(note.state_by or "somebody", NAME)
    head = mrkdwn("{did} by {by}", did=DID[note.how], by=by)
    if note.how is How.EXISTS:
        head = mrkdwn("{did}, says {by}", did=DID[note.how], by=by)
    if note.state_at is not None:
        head = mrkdwn("{head}, {at}", head=head, at=when(note.state_at))
    blocks: list[Block] = [section(head), *_whole(note.answer)]
    if note.answer_link is not None:
        blocks.append(section(web_link(note.answer_link)))
    return blocks


def _whole(answer: str) -> list[Block]:
    """An answer, whole."""
    return [section(piece) for piece in split(quote(answer, WHOLE), ROOM)] if answer else []


def _choices(form: AnswerForm) -> Element:
    found = []
    if form.may_exist:
        exists = "Everyone who asked gets the link"
        found.append(option("Content exists", How.EXISTS.value, description=exists))
    found.append(option("Acted", How.ACTED.value, description="Something was done about it"))
    found.append(option("Declined", How.DECLINED.value, description="Nothing will be done about it, and why"))
    action = AnswerAction.HOW if form.may_exist else ActionId.ANSWER
    return radio_buttons(action, found, initial=form.how.value if form.how is not None else None)


def _waiting(form: AnswerForm) -> str:
    notes = "1 note waits" if form.waiting == 1 else f"{form.waiting} notes wait"
    return f"{notes} for an answer"


def answered_text(answered: Answered) -> str:
    """What whoever answered reads: how many notes have the answer, and who hears of it."""
    if not answered.notes:
        return "This is the answer it had: nothing was changed, and nobody is told."
    notes = "1 note has" if answered.notes == 1 else f"{answered.notes} notes have"
    people = "Its author is" if answered.people == 1 else f"Their {answered.people} authors are"
    again = " again" if answered.again else ""
    said = f"{notes} this answer now. {people} told{again}, as they chose."
    if answered.theme.open:
        said += f" {answered.theme.open} of this theme still wait: they are not yours to answer."
    return said
