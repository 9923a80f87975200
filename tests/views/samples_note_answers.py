"""Values about answers to field notes; hostile ones in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.note import NoteKind, NoteState
from bot.domain.note_answer import How
from bot.domain.person import Side
from bot.services.home_notes import NotesRow, NotesToAnswer
from bot.services.home_rows import PAGE
from bot.services.note_answer_form import AnswerForm
from bot.services.note_theme_shown import ThemeNote, ThemeShown
from bot.services.note_told import AnswerNotice, QuotedNotice
from bot.services.requests import Request, RequestList
from bot.views import blocks
from bot.views.home_notes import notes_to_answer
from bot.views.note_answers import answer_form, render_note_notice, theme_view
from bot.views.requests import requests_view
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_or_none
from tests.views.samples_marketing import DUE, DUES

LINK = "https://content.example.com/one-pager?a=1&b=2"
MESSAGE = "https://brightwater.slack.com/archives/D01/p1700000000000100"
links = st.sampled_from([None, LINK]) | hostile


def make_theme_note(number: int = 1, **changes: Any) -> ThemeNote:
    note = ThemeNote(
        id=f"0199b6a0-0000-7000-c000-{number:012d}",
        author="Jonas Brandt",
        at=NOW - timedelta(days=2),
        kind=NoteKind.MISSING_CONTENT,
        text="They asked for a one-pager for hospitals, and I had none.",
        account="Northwind Freight",
        competitor="Rival",
        company=None,
        campaign="Spring webinar",
        quoted="Dana Whitfield",
        link=MESSAGE,
        state=NoteState.NEW,
        state_by=None,
        state_at=None,
        how=How.ACTED,
        answer="",
        answer_link=None,
        due=DUE,
        missed=False,
    )
    return replace(note, **changes)


def answered_note(number: int = 1, **changes: Any) -> ThemeNote:
    answered: dict[str, Any] = {
        "state": NoteState.ACTED, "state_by": "Sam Patel", "state_at": NOW, "how": How.EXISTS,
        "answer": "On the shelf.",        "answer_link": LINK, "due": None,
    }  # fmt: skip
    return make_theme_note(number, **{**answered, **changes})


def make_theme(*notes: ThemeNote, **changes: Any) -> ThemeShown:
    theme = ThemeShown(
        theme_id=OTHER,
        kind=NoteKind.MISSING_CONTENT,
        title="A one-pager for hospitals",
        managers_only=False,
        notes=notes or (make_theme_note(), answered_note(2)),
        total=12,
        people=7,
        open=3,
        page=1,
        may_answer=True,
    )
    return replace(theme, **changes)


def make_answer_form(**changes: Any) -> AnswerForm:
    form = AnswerForm(
        theme_id=OTHER,
        kind=NoteKind.MISSING_CONTENT,
        title="A one-pager for hospitals",
        waiting=3,
        people=2,
        seen="none",
        may_exist=True,
    )
    return replace(form, **changes)


def make_answer_notice(**changes: Any) -> AnswerNotice:
    notice = AnswerNotice(
        note_id=HANDOFF,
        how=How.EXISTS,
        by="Sam Patel",
        at=NOW,
        texts=("They asked for a one-pager for hospitals.",),
        notes=2,
        answer="It is on the shelf.",
        link=LINK,
        again=False,
    )
    return replace(notice, **changes)


def make_quoted_notice(**changes: Any) -> QuotedNotice:
    notice = QuotedNotice(
        saved_by="Jonas Brandt", link=MESSAGE, at=NOW, taken_back=False, managers_only=False, read_by=tuple(Side)
    )
    return replace(notice, **changes)


def make_notes_row(number: int = 1, **changes: Any) -> NotesRow:
    row = NotesRow(
        theme_id=f"0199b6a0-0000-7000-d000-{number:012d}",
        kind=NoteKind.OBJECTION,
        title="Too expensive for teams of five",
        managers_only=False,
        open=3,
        new=1,
        people=3,
        author=None,
        since=NOW - timedelta(days=3),
        due=DUE,
        missed=False,
        fits_form=False,
    )
    return replace(row, **changes)


def notes_list(*rows: NotesRow, **changes: Any) -> NotesToAnswer:
    waiting = sum(row.open for row in rows)
    found = NotesToAnswer(rows=rows, total=len(rows), page=0, by_people=False, open=waiting, requests=1)
    return replace(found, **changes)


def full_notes() -> NotesToAnswer:
    """What Home has of it at most, in the middle of its pages."""
    return notes_list(*(make_notes_row(number) for number in range(PAGE)), total=3 * PAGE, page=1, by_people=True)


def make_requests(*rows: Request, **changes: Any) -> RequestList:
    row = Request(
        theme_id=OTHER, title="A one-pager for hospitals", people=4, notes=5, since=NOW - timedelta(days=9),
        may_answer=True, fits_form=False,
    )  # fmt: skip
    return replace(RequestList(rows=rows or (row,), total=25, page=1), **changes)


hostile_theme_notes = st.builds(
    make_theme_note,
    author=hostile,
    text=hostile,
    account=hostile_or_none,
    competitor=hostile_or_none,
    company=hostile_or_none,
    campaign=hostile_or_none,
    quoted=hostile_or_none,
    link=hostile_or_none,
    state=st.sampled_from(NoteState),
    state_by=hostile_or_none,
    state_at=st.sampled_from([None, NOW]),
    how=st.sampled_from(How),
    answer=hostile,
    answer_link=links,
    due=DUES,
    missed=st.booleans(),
)
hostile_themes = st.builds(
    make_theme,
    notes=st.lists(hostile_theme_notes, min_size=1, max_size=5).map(tuple),
    title=hostile,
    managers_only=st.booleans(),
    may_answer=st.booleans(),
    open=st.integers(0, 3),
)
hostile_forms = st.builds(
    make_answer_form,
    kind=st.sampled_from(NoteKind),
    title=hostile,
    waiting=st.integers(0, 3),
    may_exist=st.booleans(),
    text=hostile,
    link=hostile,
    answered_by=hostile_or_none,
    how=st.sampled_from([None, How.ACTED, How.DECLINED]),
    note=st.none() | hostile_theme_notes,
)
hostile_notices = st.builds(
    make_answer_notice,
    how=st.sampled_from(How),
    by=hostile,
    texts=st.lists(hostile, max_size=3).map(tuple),
    notes=st.integers(1, 3),
    answer=hostile,
    link=links,
    again=st.booleans(),
    late=st.booleans(),
) | st.builds(make_quoted_notice, saved_by=hostile, link=hostile, taken_back=st.booleans(), managers_only=st.booleans())
hostile_rows = st.builds(
    make_notes_row,
    title=hostile,
    kind=st.sampled_from(NoteKind),
    managers_only=st.booleans(),
    open=st.integers(1, 3),
    new=st.integers(0, 3),
    people=st.integers(1, 3),
    author=hostile_or_none,
    due=DUES,
    missed=st.booleans(),
    fits_form=st.booleans(),
)
hostile_lists = st.lists(hostile_rows, max_size=PAGE).map(lambda rows: notes_list(*rows, total=3 * PAGE))
hostile_requests = st.builds(
    make_requests,
    rows=st.lists(
        st.builds(
            Request,
            theme_id=st.just(OTHER),
            title=hostile,
            people=st.integers(1, 9),
            notes=st.integers(1, 9),
            since=st.just(NOW),
            may_answer=st.booleans(),
            fits_form=st.booleans(),
        ),
        max_size=10,
    ).map(tuple),
)
VIEWS = {
    "theme of notes": (hostile_themes, theme_view),
    "answer to notes": (hostile_forms, answer_form),
    "notice of a note": (hostile_notices, render_note_notice),
    "notes on Home": (hostile_lists, lambda notes: blocks.home([blocks.divider(), *notes_to_answer(notes)])),
    "requested content": (hostile_requests, requests_view),
}
IDS = {"theme_id", "note_id", "seen", "answer_link", "link"}
"""Not text: ids, and addresses, which the form checks."""
