"""Values of field notes as people see them; hostile ones in every text field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.budget import How
from bot.domain.note import NoteKind, NoteState
from bot.domain.person import Side
from bot.services.forms import Choice
from bot.services.note_form import NoteForm
from bot.services.note_messages import Captured
from bot.services.note_shown import MyNotes, NoteSaved, NoteShown
from bot.services.note_themes import Suggestion
from bot.views.note_form import note_form
from bot.views.notes import my_notes_view, note_view, render_saved
from tests.views.oracle import Shown
from tests.views.samples import NOW, hostile, hostile_or_none
from tests.views.samples_marketing import DUE, DUES

NOTE = "0199b6a0-0000-7000-e000-000000000001"
IDS = {"seen", "note_id", "theme_id", "alert_id", "lead_id", "campaign_id", "id"}
"""What no stranger writes."""
THEME = "0199b6a0-0000-7000-e000-000000000002"
MESSAGE = "https://brightwater.slack.com/archives/D01/p1700000000000100"


def make_note(**changes: Any) -> NoteShown:
    note = NoteShown(
        id=NOTE,
        author="Jonas Brandt",
        kind=NoteKind.OBJECTION,
        text="Too expensive for teams of five",
        account="Alpine",
        competitor="Globex",
        lead="Étienne Marchand",
        campaign="Forecast webinar",
        managers_only=True,
        state=NoteState.NEW,
        state_by=None,
        state_at=None,
        answer="",
        answer_link=None,
        link=MESSAGE,
        quoted="Inês Carvalho",
        told=True,
        notes=3,
        people=2,
        is_mine=True,
        created_at=NOW - timedelta(days=1),
    )
    return replace(note, **changes)


def make_saved(**changes: Any) -> NoteSaved:
    """`changes` are of the note, but `same` and what comes next."""
    own = {one: changes.pop(one) for one in ("same", "read_by", "due", "told") if one in changes}
    saved = NoteSaved(note=make_note(**changes), same=(), read_by=(Side.SALES, Side.MARKETING), due=DUE, told=How.BRIEF)
    return replace(saved, **own)


def make_form(**changes: Any) -> NoteForm:
    form = NoteForm(
        read_by=(Side.SALES, Side.MARKETING, Side.LEADERSHIP),
        leads=(Choice(value=NOTE, label="Étienne Marchand", description="Ateliers Marchand"),),
        campaigns=(Choice(value=THEME, label="Forecast webinar"),),
    )
    return replace(form, **changes)


def fullest() -> NoteForm:
    """As many fields and options as a form of a note ever has."""
    choices = tuple(Choice(value=f"{NOTE[:-3]}{number:03}", label="x" * 80) for number in range(100))
    captured = Captured(id="0" * 32, author="x" * 200, text="", is_private=True, is_own=False, tells=True)
    return make_form(text="x" * 40_000, leads=choices, campaigns=choices, message=captured)


notes = st.builds(
    make_note,
    author=hostile,
    kind=st.sampled_from(NoteKind),
    text=hostile,
    account=hostile_or_none,
    competitor=hostile_or_none,
    lead=hostile_or_none,
    campaign=hostile_or_none,
    managers_only=st.booleans(),
    state=st.sampled_from(NoteState),
    state_by=hostile_or_none,
    state_at=st.sampled_from([None, NOW]),
    answer=hostile,
    answer_link=hostile_or_none,
    link=st.sampled_from([None, MESSAGE]) | hostile,
    quoted=hostile_or_none,
    told=st.booleans(),
    notes=st.integers(1, 3),
    people=st.integers(1, 3),
    is_mine=st.booleans(),
    due=DUES,
    missed=st.booleans(),
    exists=st.booleans(),
)
suggestions = st.lists(
    st.builds(
        Suggestion, theme_id=st.just(THEME), kind=st.sampled_from(NoteKind), title=hostile, people=st.integers(1, 9)
    ),
    max_size=3,
).map(tuple)
saved_notes = st.builds(
    NoteSaved,
    note=notes,
    same=suggestions,
    read_by=st.sampled_from([(), (Side.SALES, Side.MARKETING), tuple(Side)]),
    due=DUES,
    told=st.sampled_from(How),
)
mine = st.builds(MyNotes, rows=st.lists(notes, max_size=2).map(tuple), total=st.just(24), page=st.integers(0, 2))
choices = st.lists(st.builds(Choice, value=st.just(NOTE), label=hostile, description=hostile_or_none), max_size=2).map(
    tuple
)
messages = st.builds(
    Captured,
    id=st.just("0" * 32),
    author=hostile,
    text=hostile,
    is_private=st.booleans(),
    is_own=st.booleans(),
    tells=st.booleans(),
)
forms = st.builds(
    make_form,
    note_id=st.sampled_from([None, NOTE]),
    kind=st.sampled_from(NoteKind),
    text=hostile,
    account=hostile,
    competitor=hostile,
    leads=choices,
    campaigns=choices,
    managers_only=st.booleans(),
    about_alert=hostile_or_none,
    message=st.none() | messages,
)
VIEWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Shown]]] = {
    "note saved": (saved_notes, render_saved),
    "my field notes": (mine, my_notes_view),
    "a field note": (notes, note_view),
    "form of a field note": (forms, note_form),
}
