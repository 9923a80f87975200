"""Find as people see it: what was looked for in bold, and nothing of anybody's text formatted."""

from __future__ import annotations

import pytest

from bot.domain.note import NoteState
from bot.domain.search import Found, excerpt, query
from bot.errors import NotFound
from bot.services.search import Beside, Part
from bot.views.alert_talk_ids import read_details_value
from bot.views.search import render_found, search_view
from bot.views.search_ids import SearchRef, place_value, read_place_value, read_search_metadata, search_metadata
from tests.views.oracle import assert_harmless, assert_slack_takes, blocks_of, words
from tests.views.samples import OTHER
from tests.views.samples_search import make_line, make_results


def test_what_was_looked_for_is_bold() -> None:
    shown = words(render_found(make_results(make_line())))
    assert "&gt; They say the *price* is too high" in shown
    assert "*Field note* · Objection · 🆕 new · Jonas, " in shown


def test_what_others_said_stands_under_their_name_and_what_it_is_about_in_a_line_of_its_own() -> None:
    beside = (
        Beside(part=Part.COMPETITOR, pieces=excerpt("Price Ltd", query("price"))),
        Beside(part=Part.ANSWER, pieces=excerpt("A page on price", query("price")), by="Sam Patel"),
    )
    shown = words(render_found(make_results(make_line("They laughed", beside=beside))))
    assert "&gt; They laughed\nCompetitor: *Price* Ltd\nSam Patel answered:\n&gt; A page on *price*" in shown


def test_signs_around_what_was_looked_for_stay_as_they_are() -> None:
    shown = words(render_found(make_results(make_line("Say <!channel> and price>cost", "channel price"))))
    assert "&lt;!*channel*&gt; and *price*&gt;cost" in shown


def test_bold_may_begin_inside_a_run_where_words_have_no_blanks() -> None:
    shown = words(render_found(make_results(make_line("価格が高い", "高い"))))
    assert "価格が\u2060*高い*" in shown


@pytest.mark.parametrize(
    "text", ["price*bold* _price_ <!channel> https://price.example", "@price #price :price: `price`"]
)
def test_a_text_that_has_the_word_formats_nothing_and_pings_nobody(text: str) -> None:
    shown = render_found(make_results(make_line(text)))
    assert_slack_takes(shown)
    assert_harmless(shown)
    assert "*price*" in words(shown)


def test_the_first_five_are_answered_and_the_rest_is_one_click_away() -> None:
    lines = [make_line(f"price {number}") for number in range(5)]
    shown = render_found(make_results(*lines, last=3))
    (button,) = blocks_of(shown)[-1]["elements"]
    assert (button["text"]["text"], button["value"]) == ("Show all…", "price")
    (button,) = blocks_of(render_found(make_results(*lines)))[-1]["elements"]
    assert button["text"]["text"] == "Find…"


def test_nothing_found_says_what_may_help_and_nothing_of_what_others_read() -> None:
    assert "Nothing that you may read has all these words" in words(render_found(make_results()))
    assert "signs and emoji" in words(render_found(make_results(words="🎉")))


def test_each_opens_what_it_is() -> None:
    question = make_line(
        kind=Found.QUESTION, note_kind=None, note_state=None, answered=False, campaign="Spring", question=OTHER
    )
    link = make_line(kind=Found.LINK, note_kind=None, note_state=None, link="https://files.example.com/a.pdf")
    view = search_view(make_results(make_line(note_state=NoteState.ACTED), question, link), SearchRef("price"))
    opens = [block["accessory"]["action_id"] for block in blocks_of(view) if "accessory" in block]
    assert read_details_value(blocks_of(view)[3]["accessory"]["value"]).question_id == OTHER
    assert opens == ["note.open", "campaign.details", "campaign.details"]
    assert "waits for an answer · Spring" in words(view)
    assert "`files.example.com`" in words(view)


def test_the_window_goes_on_and_back() -> None:
    ref = SearchRef("price").on(40).on(30)
    view = search_view(make_results(make_line(), last=20), ref)
    back, on = blocks_of(view)[-1]["elements"]
    assert (back["action_id"], on["action_id"], on["value"]) == ("search.back", "search.on", "20")
    assert read_search_metadata(view["private_metadata"]) == ref
    assert ref.back() == SearchRef("price", (40,))
    assert ref.back().before == 40
    assert SearchRef("price").before is None


def test_however_many_pages_the_window_remembers_what_fits() -> None:
    ref = SearchRef("漢" * 200)
    for place in range(10**12, 10**12 - 500, -1):
        ref = ref.on(place)
    assert len(search_metadata(ref).encode()) < 3000
    assert read_search_metadata(search_metadata(ref)) == ref


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"w":1,"e":[]}',
        '{"w":"a","e":[-1]}',
        '{"w":"a","e":["1"]}',
        '{"w":"a","e":[true]}',
        "[" * 5000,
    ],
)
def test_a_window_that_we_never_made_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        read_search_metadata(text)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "9" * 30])
def test_a_place_that_we_never_named_is_refused(text: str) -> None:
    assert read_place_value(place_value(7)) == 7
    with pytest.raises(NotFound):
        read_place_value(text)
