"""Answers to field notes as people see them: whole, with honest links, within Slack's limits however much there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.note import NoteKind, NoteState
from bot.domain.note_answer import How
from bot.services.due import Urgency
from bot.services.note_theme_shown import PAGE
from bot.views.home import render_home
from bot.views.home_notes import notes_to_answer, waiting_notes
from bot.views.note_answer_ids import (
    AnswerAction,
    AnswerRef,
    answer_metadata,
    read_answer_metadata,
    read_requests_metadata,
    read_themes_value,
    requests_metadata,
)
from bot.views.note_answers import answer_form, render_note_notice, theme_view, web_link
from tests.views.oracle import assert_slack_takes, words
from tests.views.samples import HANDOFF, make_home
from tests.views.samples_marketing import DUE, full_lists
from tests.views.samples_note_answers import (
    LINK,
    answered_note,
    full_notes,
    make_answer_form,
    make_answer_notice,
    make_notes_row,
    make_quoted_notice,
    make_theme,
    make_theme_note,
    notes_list,
)


def test_a_page_of_the_longest_notes_and_answers_is_within_slacks_limits_and_the_answer_is_whole() -> None:
    answer = "&<>" * 1000
    notes = [answered_note(number, text="&" * 40_000, answer=answer) for number in range(PAGE)]
    view = theme_view(make_theme(*notes))
    assert_slack_takes(view)
    assert words(view).count("&amp;") >= PAGE * 1000, "nothing of an answer is cut"
    assert "note.open" in str(view), "a note that does not fit is one click away, whole"


def test_the_longest_answer_reaches_its_author_whole() -> None:
    shown = render_note_notice(make_answer_notice(answer="&\n" * 1500, texts=("<" * 40_000,) * 3))
    assert_slack_takes(shown)
    assert words(shown).count("&amp;") >= 1500


def test_a_link_says_where_it_leads() -> None:
    assert "content.⁠example.⁠com" in web_link(LINK)
    for hostile in (
        "https://a.example.com|<!channel>",
        "https://[::1",
        "javascript:alert(1)",
        "https://a@b.example.com",
    ):
        assert not web_link(hostile).startswith("<")


def test_what_nobody_may_answer_has_no_button_and_what_is_answered_is_corrected() -> None:
    assert "theme.answer" not in str(theme_view(make_theme(may_answer=False)))
    shown = str(theme_view(make_theme(answered_note(), open=0)))
    assert "Correct the answer" in shown


def test_only_missing_content_can_be_said_to_exist() -> None:
    assert "Content exists" in str(answer_form(make_answer_form()))
    assert "Content exists" not in str(answer_form(make_answer_form(kind=NoteKind.IDEA, may_exist=False)))


def test_the_form_asks_for_what_the_chosen_answer_needs_and_marks_nothing_else_as_optional() -> None:
    needed = {}
    for how in (None, *How):
        blocks = answer_form(make_answer_form(), chosen=how)["blocks"]
        needed[how] = [one["block_id"] for one in blocks if one["type"] == "input" and not one.get("optional")]
    assert needed == {
        None: ["how"],
        How.EXISTS: ["how", "answer_link"],
        How.ACTED: ["how", "answer"],
        How.DECLINED: ["how", "answer"],
    }
    (choice,) = [one for one in blocks if one.get("block_id") == "how"]
    assert choice["dispatch_action"], "the form follows what is chosen"
    plain = answer_form(make_answer_form(kind=NoteKind.IDEA, may_exist=False))["blocks"]
    assert [one.get("optional") for one in plain if one.get("block_id") in ("answer", "answer_link")] == [None, True]
    assert "dispatch_action" not in str(plain)


def test_one_note_stands_whole_in_its_form_with_whose_it_is() -> None:
    form = answer_form(make_answer_form(waiting=1, people=1, note=make_theme_note(text="x " * 499 + "end")))
    assert_slack_takes(form)
    for said in ("*Missing content* of Jonas Brandt", "end", "Competitor: Rival", "Dana Whitfield"):
        assert said in words(form)
    assert (form["title"]["text"], form["submit"]["text"]) == ("Answer", "Send")


def test_a_theme_is_opened_or_answered_at_once_and_each_button_says_which() -> None:
    rows = make_notes_row(1, people=1, open=1, author="Jonas <Brandt>", fits_form=True), make_notes_row(2)
    found = [one["accessory"] for one in notes_to_answer(notes_list(*rows)) if "accessory" in one]
    assert [(one["text"]["text"], one["action_id"]) for one in found] == [
        ("Answer…", AnswerAction.ANSWER), ("Open…", AnswerAction.THEME),
    ]  # fmt: skip
    assert "said by Jonas &lt;Brandt&gt;" in words({"blocks": notes_to_answer(notes_list(*rows))})


@pytest.mark.parametrize("page", [None, 0, 7])
def test_the_form_knows_where_it_was_opened_from(page: int | None) -> None:
    ref = AnswerRef(theme_id=HANDOFF, seen="0123456789abcdef", requests_page=page)
    assert read_answer_metadata(answer_metadata(ref)) == ref
    assert read_requests_metadata(requests_metadata(3)) == 3
    assert read_requests_metadata(f"{HANDOFF}.3") is None


def test_the_form_to_correct_holds_what_was_said() -> None:
    form = make_answer_form(waiting=0, how=How.EXISTS, text="On the shelf.", link=LINK, answered_by="Sam")
    shown = str(answer_form(form))
    for said in ("On the shelf.", LINK, "Correct the answer", "Answered by Sam"):
        assert said in shown


def test_home_says_how_long_how_many_and_what_is_missed() -> None:
    due, late = make_notes_row(1), make_notes_row(2, missed=True, due=None, managers_only=True)
    shown = words({"blocks": notes_to_answer(notes_list(due, late))})
    for said in ("said by *3 people*", "3 without an answer", "Answer by", "Not answered in time", "🔒"):
        assert said in shown
    urgent = make_notes_row(1, due=replace(DUE, urgency=Urgency.AT_RISK))
    assert "At risk: answer by" in words({"blocks": notes_to_answer(notes_list(urgent))})
    assert notes_to_answer(notes_list()) == []
    assert waiting_notes(notes_list(due, late)) == ["6 field notes wait for an answer."], "notes, not themes"
    assert "6 notes, in 2 themes" in shown


def test_a_full_page_on_home_names_every_new_theme_on_its_button() -> None:
    blocks = notes_to_answer(full_notes())
    (value,) = [
        one["value"]
        for block in blocks
        for one in block.get("elements", ())
        if one.get("action_id") == AnswerAction.SEEN
    ]
    assert len(read_themes_value(value)) == 5
    assert len(blocks) <= 9


def test_home_with_every_list_full_still_fits_and_turns_the_pages_of_notes() -> None:
    view = render_home(make_home(**full_lists(), notes=full_notes()))
    assert_slack_takes(view)
    said = words(view)
    assert "There is more than fits here" not in said
    assert "Field notes to answer · 6 to 10 of 15" in said
    assert "notes_by_people:1" in view["private_metadata"]
    assert "notes:0" in str(view)


def test_a_note_just_read_says_by_whom_and_a_message_saved_says_how_to_object() -> None:
    seen = make_theme_note(state=NoteState.SEEN, state_by="Sam Patel")
    assert "seen by Sam Patel" in words(theme_view(make_theme(seen)))
    assert "ask Jonas Brandt to take it back" in words(render_note_notice(make_quoted_notice()))
    assert "no field note any more" in words(render_note_notice(make_quoted_notice(taken_back=True)))
