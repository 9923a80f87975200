"""Values of Find, with any text in every field that holds one."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.domain.note import NoteKind, NoteState
from bot.domain.search import Found, Piece, Query, Wanted, excerpt, query
from bot.services.search import Beside, FoundLine, Part, Results
from bot.views.search import render_found, search_view
from bot.views.search_ids import SearchRef
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_or_none

_hostile_pieces = st.lists(st.builds(Piece, hostile.filter(bool), marked=st.booleans()), max_size=6).map(tuple)
_hostile_excerpts = st.builds(lambda text, words: excerpt(text, query(words)), hostile, hostile)
hostile_lines = st.builds(
    FoundLine,
    kind=st.sampled_from(Found),
    opens=st.just(HANDOFF),
    pieces=_hostile_pieces | _hostile_excerpts,
    at=st.just(NOW),
    by=hostile,
    beside=st.lists(
        st.builds(Beside, part=st.sampled_from(Part), pieces=_hostile_pieces | _hostile_excerpts, by=hostile),
        max_size=4,
    ).map(tuple),
    campaign=hostile_or_none,
    note_kind=st.none() | st.sampled_from(NoteKind),
    note_state=st.none() | st.sampled_from(NoteState),
    exists=st.booleans(),
    question=st.none() | st.just(OTHER),
    answered=st.none() | st.booleans(),
    link=st.sampled_from((None, "https://files.example.com/a.pdf", "not an address")),
)
hostile_results = st.builds(
    Results,
    words=hostile.map(lambda text: text[:200]),
    asked=st.sampled_from((Query(()), Query((Wanted("price", begins=True),)))),
    left_out=st.booleans(),
    lines=st.lists(hostile_lines, max_size=10).map(tuple),
    last=st.none() | st.integers(0, 10**9),
)
_hostile_windows = st.tuples(st.none() | hostile_results, hostile.map(lambda text: SearchRef(text[:200], (7, 3))))


def make_line(text: str = "They say the price is too high", words: str = "price", **changes: Any) -> FoundLine:
    line: dict[str, Any] = {
        "kind": Found.NOTE, "opens": HANDOFF, "pieces": excerpt(text, query(words)), "at": NOW, "by": "Jonas",
        "note_kind": NoteKind.OBJECTION, "note_state": NoteState.NEW,
    }  # fmt: skip
    return FoundLine(**(line | changes))


def make_results(*lines: FoundLine, words: str = "price", **changes: Any) -> Results:
    found: dict[str, Any] = {"words": words, "asked": query(words), "left_out": False, "lines": lines}
    return Results(**(found | changes))


VIEWS: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "found": (hostile_results, render_found),
    "find": (_hostile_windows, lambda values: search_view(*values)),
}
IDS = {"opens", "link", "question"}
"""Of what is found no stranger writes the id; of the link the host is shown, as code (test_untrusted)."""
