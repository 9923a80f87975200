"""Field notes in Slack: within its limits whatever they say, and nothing that is said is lost on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.budget import How
from bot.domain.note import NoteKind, NoteState
from bot.domain.person import Side
from bot.services.note_messages import Captured
from bot.services.note_set_up import NoteReadersForm
from bot.services.note_shown import PAGE, MyNotes
from bot.services.note_themes import Suggestion
from bot.views.note_answers import render_note_notice
from bot.views.note_form import note_form, pieces
from bot.views.note_set_up import note_readers_form
from bot.views.notes import (
    my_notes_view,
    note_view,
    render_saved,
    render_taken_back,
    saved_view,
    taken_back_view,
)
from bot.views.untrusted import clean
from tests.views.oracle import assert_slack_takes, words
from tests.views.samples import NOW
from tests.views.samples_marketing import DUE
from tests.views.samples_note_answers import make_quoted_notice
from tests.views.samples_notes import THEME, fullest, make_form, make_note, make_saved

Json = dict[str, Any]


def labels(blocks: list[Json]) -> list[str]:
    found = [one for block in blocks for one in [*block.get("elements", []), block.get("accessory") or {}]]
    return [one["text"]["text"] for one in found if one.get("type") == "button"]


def test_a_note_just_saved_takes_at_most_two_more_actions() -> None:
    saved = make_saved(
        kind=NoteKind.OTHER,
        notes=1,
        same=(Suggestion(theme_id=THEME, kind=NoteKind.OBJECTION, title="Too dear", people=3),),
    )
    blocks = list(render_saved(saved).blocks)
    assert labels(blocks) == ["Add details…", "Take back", "Same as this"]
    controls = {one.get("action_id"): one for block in blocks for one in block.get("elements", [])}
    assert len(controls["note.kind"]["options"]) == len(NoteKind)
    back = controls["note.take_back"]
    assert back["confirm"]["title"]["text"] == "Take it back, if nobody has answered yet?", "the line may be old"
    assert "3 people said (Objection):" in words(render_saved(saved))
    own = replace(saved, same=(replace(saved.same[0], people=0),))
    assert "You said (Objection):" in words(render_saved(own))


@pytest.mark.parametrize("state", [NoteState.ACTED, NoteState.DECLINED])
def test_an_answered_note_offers_no_change_and_says_what_was_answered(state: NoteState) -> None:
    note = make_note(state=state, answer="We wrote a page on price", state_by="Sam Patel", notes=1)
    window = my_notes_view(MyNotes(rows=(note,), total=1, page=0))
    (menu,) = [one["accessory"] for one in window["blocks"] if one.get("accessory")]
    assert [one["text"]["text"] for one in menu["options"]] == ["Read it whole"]
    assert "We wrote a page on price" in words(window)


def test_a_long_note_just_saved_says_that_all_of_it_is_and_where_it_is_read() -> None:
    for shown in (render_saved(make_saved(text="long " * 3600)), saved_view(make_saved(text="long " * 3600))):
        assert "All 18,000 characters are saved." in words(shown)
        assert_slack_takes(shown)
    assert "Read it whole…" in labels(list(render_saved(make_saved(text="long " * 3600)).blocks))
    assert "characters are saved" not in words(render_saved(make_saved(text="short")))


def test_an_open_note_of_mine_says_when_it_was_saved_and_until_when_it_is_answered() -> None:
    def mine(**changes: Any) -> str:
        return words(my_notes_view(MyNotes(rows=(make_note(**changes),), total=1, page=0)))

    assert re.search(r"Saved <!date.* · An answer is due by <!date", mine(due=DUE))
    assert "⌛ Not answered in time: it still waits" in mine(missed=True)
    assert "due by" not in mine()
    assert "Saved" not in mine(state=NoteState.ACTED, state_at=NOW, due=DUE)


def test_the_fullest_form_is_one_slack_takes() -> None:
    assert_slack_takes(note_form(fullest()))


def test_the_fullest_window_of_mine_is_one_slack_takes() -> None:
    long = make_note(text="& " * 20_000, answer="x" * 3000, account="x" * 200, competitor="x" * 200)
    assert_slack_takes(my_notes_view(MyNotes(rows=(long,) * PAGE, total=3 * PAGE, page=1)))
    for page in (0, 1, 99):
        assert_slack_takes(note_view(long, page))


def test_the_windows_without_words_of_people_are_ones_slack_takes() -> None:
    for read_by in ((), tuple(Side)):
        assert_slack_takes(note_readers_form(NoteReadersForm(read_by=read_by, seen="0" * 16)))
    assert_slack_takes(render_taken_back())
    assert_slack_takes(taken_back_view())
    assert_slack_takes(saved_view(make_saved()))


def test_every_page_of_a_long_note_shows_a_part_and_all_show_the_whole() -> None:
    text = "\n".join(f"line{number} & <b>" for number in range(1000))
    note = make_note(text=text)
    shown, page = "", 0
    while True:
        view = note_view(note, page)
        shown, page = shown + words(view), page + 1
        if "On" not in labels(view["blocks"]):
            break
    assert page > 2
    assert set(re.findall(r"line\d+", shown)) == {f"line{number}" for number in range(1000)}


@settings(max_examples=15)
@given(st.text(alphabet="ab \n\u200b&é", max_size=300).map(lambda text: text * 30))
def test_a_form_holds_the_whole_text_in_pieces(text: str) -> None:
    found = pieces(text)
    assert all(len(piece) <= 3000 for piece in found)
    assert "".join("".join(found).split()) == "".join(clean(text, 10**6, multiline=True).split())


@pytest.mark.parametrize(
    ("message", "says", "submit"),
    [
        ({"is_private": False, "is_own": False, "tells": False}, "in a public channel", "Save"),
        ({"is_private": True, "is_own": False, "tells": True}, "is told that you did", "Save and tell them"),
        ({"is_private": True, "is_own": False, "tells": False}, "so nobody is told", "Save"),
        ({"is_private": True, "is_own": True, "tells": False}, "Your own message", "Save"),
    ],
)
def test_the_form_says_plainly_who_is_told(message: Json, says: str, submit: str) -> None:
    form = note_form(make_form(message=Captured(id="0" * 32, author="Inês", text="x", **message)))
    assert says in words(form)
    assert form["submit"]["text"] == submit


@pytest.mark.parametrize(
    ("read_by", "managers_only", "said"),
    [
        ((Side.SALES, Side.MARKETING, Side.LEADERSHIP), False, "sales, marketing, leadership, and whoever answers it"),
        ((Side.SALES,), False, "sales, and whoever answers it"),
        ((Side.SALES, Side.OTHER), False, "sales, people of other teams, and whoever answers it"),
        (tuple(Side), False, "everybody on the roster"),
        ((), False, "whoever answers it"),
        (tuple(Side), True, "managers, and whoever answers it"),
    ],
)
def test_the_form_and_the_author_of_a_private_message_read_who_reads_it(
    read_by: tuple[Side, ...], managers_only: bool, said: str
) -> None:
    told = render_note_notice(make_quoted_notice(read_by=read_by, managers_only=managers_only))
    assert f"It is read by {said}." in words(told)
    form = note_form(make_form(read_by=read_by, managers_only=managers_only))
    assert_slack_takes(form)
    (menu,) = [one["element"] for one in form["blocks"] if one.get("block_id") == "read_by"]
    assert menu["initial_option"]["text"]["text"].casefold() == said
    assert len(menu["options"]) == 2


def test_the_warning_before_a_private_message_holds_whoever_is_chosen_to_read_it() -> None:
    captured = Captured(id="0" * 32, author="Inês", text="x", is_private=True, is_own=False, tells=True)
    said = [words(note_form(make_form(message=captured, managers_only=hidden))) for hidden in (False, True)]
    assert all("read by those you choose under *Who may read it?*" in one for one in said)
    assert not any("field notes will read" in one for one in said)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (How.BRIEF, "; you read it in your brief."),
        (How.LIVE, "; you are told at once."),
        (How.MUTED, "; you find it in _My field notes_."),
    ],
)
def test_what_is_saved_says_in_one_line_who_reads_it_and_when_the_answer_comes(told: How, said: str) -> None:
    shown = words(render_saved(make_saved(managers_only=False, told=told)))
    assert "Read by sales, marketing, and whoever answers it. An answer is due by <!date" in shown
    assert said in shown
    hidden = words(render_saved(make_saved(managers_only=True, due=None)))
    assert "🔒 Read by managers, and whoever answers it. It waits for an answer" in hidden
    assert hidden.count("Read by") == 1
    assert "Read by" not in words(render_saved(make_saved(state=NoteState.ACTED, managers_only=False)))


def test_a_rep_without_a_lead_of_their_own_reads_which_leads_are_offered() -> None:
    said = "The leads you accept are offered here."
    assert said in words(note_form(make_form(leads=(), takes_leads=True)))
    assert said not in words(note_form(make_form(takes_leads=True)))
    assert said not in words(note_form(make_form(leads=())))
