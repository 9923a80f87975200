"""Home: field notes that wait for marketing's answer, and this week's counts."""

from __future__ import annotations

from bot.domain.note import LABELS
from bot.services.home_notes import NoteNumbers, NotesRow, NotesToAnswer
from bot.services.home_rows import HomeLists
from bot.views.blocks import Block, Element, actions, button, context, section
from bot.views.due import REPLY, Shared, due_line, shared, shared_line
from bot.views.home_rows import title, turn_list
from bot.views.ids import ActionId, page_value
from bot.views.lead_lines import DOT
from bot.views.links import when
from bot.views.note_answer_ids import AnswerAction, themes_value
from bot.views.note_answers import theme_button
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

TITLE = 120
NAME = 60


def notes_to_answer(notes: NotesToAnswer | None) -> list[Block]:
    """What waits, each theme with one button; nothing while nothing does."""
    if notes is None or not notes.rows:
        return []
    built = [title("Field notes to answer", notes, len(notes.rows))]
    common = shared([row.due for row in notes.rows if row.due is not None])
    said = shared_line(common)
    facts = [said] if said is not None else []
    if notes.open > notes.total:
        themes = "1 theme" if notes.total == 1 else f"{notes.total} themes"
        facts.insert(0, mrkdwn("{notes} notes, in {themes}: what several said is listed once.",
                               notes=notes.open, themes=themes))  # fmt: skip
    built += [context(*facts)] if facts else []
    built += [section(_row(row, common), accessory=_open(row)) for row in notes.rows]
    other = "Oldest first" if notes.by_people else "Said by most first"
    buttons: list[Element] = []
    if notes.total > 1:
        value = page_value(HomeLists.NOTES_BY_PEOPLE, 0 if notes.by_people else 1)
        buttons.append(button(other, ActionId.HOME_PAGE_ON, value))
    new = [row.theme_id for row in notes.rows if row.new]
    if new:
        buttons.append(button("Mark these as seen", AnswerAction.SEEN, themes_value(new)))
    if notes.requests:
        count = "1 request" if notes.requests == 1 else f"{notes.requests} requests"
        buttons.append(button(f"Requested content · {count}…", AnswerAction.REQUESTS, "0"))
    return [*built, *([actions(*buttons)] if buttons else []), *turn_list(HomeLists.NOTES, notes)]


def waiting_notes(notes: NotesToAnswer | None) -> list[str]:
    """`3 field notes wait for an answer.`, if any do."""
    if notes is None or not notes.open:
        return []
    return ["1 field note waits for an answer." if notes.open == 1 else f"{notes.open} field notes wait for an answer."]


def note_fields(numbers: NoteNumbers | None) -> list[Mrkdwn]:
    """Answered, in time, and not in time; nothing while nothing happened."""
    if numbers is None or not (numbers.answered or numbers.missed):
        return []
    answered = mrkdwn(
        "Field notes answered\n*{count}*, {in_time} in time", count=numbers.answered, in_time=numbers.in_time
    )
    return [answered, mrkdwn("Notes not answered in time\n*{count}*", count=numbers.missed)]


def _open(row: NotesRow) -> Element:
    return theme_button(row.theme_id, title=row.title, fits_form=row.fits_form)


def _row(row: NotesRow, common: Shared) -> Mrkdwn:
    lock = trusted("🔒 ") if row.managers_only else trusted("")
    first = mrkdwn("{lock}*{kind}*: {title}", lock=lock, kind=LABELS[row.kind], title=escape(row.title, TITLE))
    facts = []
    if row.people > 1:
        facts.append(mrkdwn("said by *{people} people*", people=row.people))
    elif row.author:
        facts.append(mrkdwn("said by {author}", author=escape(row.author, NAME)))
    if row.people > 1 or row.open > 1:
        facts.append(mrkdwn("{count} without an answer", count=row.open))
    if row.new:
        facts.append(trusted("🆕 new") if row.new == row.open else mrkdwn("{count} new", count=row.new))
    facts.append(mrkdwn("waits since {at}", at=when(row.since)))
    lines = [first, join(facts, DOT)]
    if row.missed:
        lines.append(trusted("⌛ Not answered in time: it still waits for an answer"))
    elif row.due is not None:
        lines.append(due_line(row.due, REPLY, common))
    return join(lines)
