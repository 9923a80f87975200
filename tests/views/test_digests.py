"""Digests: one thing to know first, short whatever there is, honest when there is nothing, late or skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digest import DigestKind
from bot.domain.note import NoteKind, NoteState
from bot.domain.usual import Usual
from bot.errors import NotFound
from bot.ports import Message
from bot.services.campaign_digest import CampaignDigest
from bot.services.digest_window import PAGE, Part, WindowRef
from bot.services.field_notes_digest import FieldNotesDigest, KindLine
from bot.views.digest_campaigns import render_campaigns
from bot.views.digest_field_notes import render_field_notes
from bot.views.digest_frame import CLOSING, days
from bot.views.digest_window import digest_window
from bot.views.digest_window_ids import WindowAction, read_window_value, window_value
from bot.views.pictures import plainer_message
from tests.views.oracle import action_ids, assert_slack_takes, blocks_of, options_of, words
from tests.views.samples import NOW
from tests.views.samples_digests import (
    FRAME,
    campaign_digests,
    make_answer_line,
    make_campaign_digest,
    make_campaign_line,
    make_notes_digest,
    make_open_line,
    make_theme_line,
    make_window,
    notes_digests,
    windows,
)

LONGEST = 13_200
"""Characters of a message from which on Slack has been seen to refuse it."""


def sizes(message: Message) -> int:
    return len(words(message))


# -- field notes ------------------------------------------------------------------------------------------------------
def test_the_first_sentence_says_the_one_thing_to_know() -> None:
    said = words(render_field_notes(make_notes_digest()))
    assert "*14 notes from 6 people*; “Too expensive for teams of five” came 5 times, twice as often as usual." in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"themes": (make_theme_line(is_new=True),)}, "came 5 times, for the first time."),
        (
            {"themes": (make_theme_line(usual=Usual(before=20, expected=5)),)},
            "“objection” came 8 times, three times as",
        ),
        ({"themes": (make_theme_line(notes=2),)}, "“objection” came 8 times, three times as often as usual."),
        (
            {"themes": (make_theme_line(usual=None),), "kinds": (KindLine(kind=NoteKind.IDEA, count=5),)},
            "; most often “Too expensive for teams of five”, 5 times.",
        ),
        ({"themes": (), "kinds": ()}, "*14 notes from 6 people*, about as usual."),
        ({"notes": 1, "people": 1, "themes": (), "kinds": (), "usual": None}, "*1 note*."),
        ({"own": True, "themes": (), "kinds": ()}, "*14 notes of yours*, about as usual."),
    ],
)
def test_what_stands_out_is_said_in_words_that_fit_its_size(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in words(render_field_notes(make_notes_digest(**changes)))


def test_kinds_say_what_is_usual_where_it_is_not_as_usual() -> None:
    said = words(render_field_notes(make_notes_digest()))
    assert "Objection *8* (usually about 3)" in said
    assert "Competitor *4*\xa0" in said
    assert "Idea *2* (usually none)" in said
    assert "the rest about as usual" in said
    eight = tuple(KindLine(kind=kind, count=8, usual=Usual(before=20, expected=5)) for kind in list(NoteKind)[:2])
    said = words(render_field_notes(make_notes_digest(kinds=eight)))
    assert "Objection *8*\xa0\xa0·  Competitor *8*\xa0\xa0·  none clearly more or less than usual" in said


def test_marketing_says_what_it_did_and_thanks() -> None:
    said = words(render_field_notes(make_notes_digest()))
    assert "*What marketing did*\xa0\xa0·  4 notes acted on, 1 declined" in said
    assert "✅ *Acted*: There is a battle card now\xa0\xa0·  thanks to" in said
    assert "thanks to Ana Reis, Ben Vogel, Cleo Marsh and 2 more" in said
    declined = make_answer_line(acted=False, answer="We do not sell there", people=1, thanked=("Ana Reis",))
    said = words(render_field_notes(make_notes_digest(answers=(declined,))))
    assert "↩️ *Declined*: We do not sell there\xa0\xa0·  thanks to Ana Reis" in said


def test_requests_and_what_waits_say_how_many_and_how_long() -> None:
    said = words(render_field_notes(make_notes_digest()))
    assert "asked for by 3 people\xa0\xa0·  first on 24 September" in said
    assert "Idea\xa0\xa0·  1 note\xa0\xa0·  waits for 12 days" in said


def test_each_line_opens_its_notes_and_links_the_message_it_is_from() -> None:
    link = "https://brightwater.slack.com/archives/C0SALES01/p1700000000000100"
    message = render_field_notes(make_notes_digest(themes=(make_theme_line(link=link),)))
    assert f"<{link}|Too expensive for teams of five>" in words(message)
    assert action_ids(message).count("theme.open") == 4
    assert WindowAction.ALL in action_ids(message)


def test_a_period_without_notes_says_so_plainly() -> None:
    message = render_field_notes(FieldNotesDigest(frame=FRAME))
    assert "No field notes since 29 September." in words(message)
    assert action_ids(message) == []
    said = words(render_field_notes(FieldNotesDigest(frame=FRAME, acted=2, answers=(make_answer_line(),))))
    assert "No field notes since 29 September. Marketing answered 2 notes." in said


def test_late_skipped_and_the_closing_line_are_said_where_they_are_so() -> None:
    frame = replace(FRAME, late_s=3 * 3600 + 20, skipped=(date(2026, 11, 3), date(2026, 11, 10)))
    said = words(render_field_notes(make_notes_digest(frame=frame)))
    assert "Late by 3 h: Lockstep stood still." in said
    assert "The digests of 3 November 2026 and 10 November 2026 were not sent: Lockstep stood still." in said
    assert CLOSING[3] in said
    said = words(render_field_notes(make_notes_digest(frame=replace(FRAME, closing=None))))
    assert not any(line in said for line in CLOSING)
    assert "stood still" not in said
    many = tuple(date(2026, 1, 1) + timedelta(weeks=number) for number in range(30))
    said = words(render_field_notes(make_notes_digest(frame=replace(FRAME, skipped=many))))
    assert "30 digests, from 1 January 2026 to 23 July 2026, were not sent" in said


def test_the_picture_says_nothing_that_the_line_above_it_does_not() -> None:
    kinds = tuple(KindLine(kind=kind, count=4, usual=Usual(before=8, expected=2)) for kind in list(NoteKind)[:3])
    message = render_field_notes(make_notes_digest(kinds=kinds, notes=12))
    [chart] = [block for block in message.blocks if block["type"] == "data_visualization"]
    assert [one["name"] for one in chart["chart"]["series"]] == ["This time", "Usually"]
    every = tuple(KindLine(kind=kind, count=4) for kind in NoteKind)
    [of_all] = [
        block
        for block in render_field_notes(make_notes_digest(kinds=every, notes=28)).blocks
        if block["type"] == "data_visualization"
    ]
    assert max(map(len, of_all["chart"]["axis_config"]["categories"])) <= 15, "a phone shows no longer ones"
    plain = plainer_message(message, "invalid_blocks")
    assert plain is not None
    assert [block for block in message.blocks if block is not chart] == list(plain.blocks)
    assert plainer_message(plain, "invalid_blocks") is None
    assert plainer_message(message, "channel_not_found") is None
    few = render_field_notes(make_notes_digest(kinds=kinds[:2], notes=12))
    assert not [block for block in few.blocks if block["type"] == "data_visualization"]


# -- campaigns --------------------------------------------------------------------------------------------------------
def test_a_campaign_says_when_it_is_what_it_offers_and_what_came_of_it() -> None:
    said = words(render_campaigns(make_campaign_digest()))
    assert "*Webinar: ports without paper*\xa0\xa0·  3 to 26 October" in said
    assert "A free audit of one port" in said
    assert "9 leads: 5 accepted (71 % of 7), 2 rejected\xa0\xa0·  mostly “Not ready to talk to sales”" in said
    assert "*Trade fair Rotterdam*\xa0\xa0·  8 to 26 October" in said
    assert "40 leads expected" in said
    assert "*Spring offer*\xa0\xa0·  ended on 5 October" in said
    assert "Is it for renewals?" in said
    assert "*Most reps have not said “Got it” yet*\xa0\xa0·  Trade fair Rotterdam (2 of 9)" in said


def test_a_share_in_per_cent_is_only_of_enough_leads() -> None:
    line = make_campaign_line(leads=4, accepted=2, rejected=1, reason=("No budget", 1))
    said = words(render_campaigns(make_campaign_digest(running=(line,), ended=())))
    assert "4 leads: 2 accepted, 1 rejected\xa0\xa0·  “No budget”" in said
    assert "%" not in said


def test_the_first_sentence_names_the_campaign_to_look_at() -> None:
    bad = make_campaign_line(accepted=2, rejected=7)
    assert (
        "*1 starting, 1 running, 1 ended*; sales rejected 7 of 9 leads of “Webinar: ports without paper”, mostly "
        "“Not ready to talk to sales”."
    ) in words(render_campaigns(make_campaign_digest(running=(bad,))))
    said = words(render_campaigns(make_campaign_digest()))
    assert "; next: “Trade fair Rotterdam” on 8 October." in said
    said = words(render_campaigns(make_campaign_digest(starting=(), starting_total=0)))
    assert "; 2 questions wait for an answer." in said


def test_no_campaigns_and_no_questions_are_said_plainly() -> None:
    message = render_campaigns(CampaignDigest(frame=FRAME))
    assert "No campaign starts, runs or has ended since 29 September, and nobody asked anything." in words(message)
    assert action_ids(message) == []


def test_a_digest_has_no_button_that_does_what_another_message_asks_for() -> None:
    ids = {
        *action_ids(render_campaigns(make_campaign_digest())),
        *action_ids(render_field_notes(make_notes_digest())),
    }
    assert ids == {"campaign.details", "theme.open", WindowAction.ALL}


# -- size -------------------------------------------------------------------------------------------------------------
@settings(max_examples=60)
@given(notes_digests(9) | campaign_digests(9))
def test_whatever_the_numbers_and_texts_are_a_digest_is_short(digest: Any) -> None:
    render = render_field_notes if isinstance(digest, FieldNotesDigest) else render_campaigns
    message = render(digest)
    assert_slack_takes(message)
    assert len(message.blocks) <= 30
    assert sizes(message) < LONGEST
    assert len(message.text) <= 600
    assert sum(block["type"] == "data_visualization" for block in message.blocks) <= 1


@settings(max_examples=30)
@given(windows(PAGE))
def test_whatever_is_in_a_window_slack_takes_it(window: Any) -> None:
    view = digest_window(window)
    assert_slack_takes(view)
    assert len(view["blocks"]) <= 20
    assert not [block for block in view["blocks"] if block["type"] == "data_visualization"]


# -- the window -------------------------------------------------------------------------------------------------------
def test_the_window_lists_its_parts_with_how_much_there_is() -> None:
    view = digest_window(make_window(Part.OBJECTION, (make_theme_line(),)))
    options = options_of(view, WindowAction.PART)
    assert options[:2] == ["All field notes: 7", "Objection: 7"]
    assert "Without an answer now: 7" in options
    assert "theme.open" in action_ids(view)
    empty = digest_window(make_window(Part.ENDED, (), counts={}))
    assert "There is nothing here." in words(empty)
    assert options_of(empty, WindowAction.PART) == ["Starting: 0", "Ended: 0"]


def test_the_window_turns_its_pages() -> None:
    lines = tuple(make_theme_line() for _ in range(15))
    window = make_window(Part.NOTES, lines, total=40)
    view = digest_window(replace(window, ref=replace(window.ref, page=1)))
    assert "16 to 30 of 40" in words(view)
    values = [
        element["value"] for block in blocks_of(view) for element in block.get("elements", []) if "value" in element
    ]
    assert [read_window_value(value).page for value in values] == [0, 2]


@given(
    st.builds(
        WindowRef,
        kind=st.sampled_from(DigestKind),
        from_at=st.just(datetime.fromisoformat("2026-11-16T08:00:00.123+00:00")),
        until_at=st.just(datetime.fromisoformat("2026-11-23T08:00:00.456+00:00")),
        part=st.sampled_from(Part),
        page=st.integers(0, 10_000),
    )
)
def test_what_a_control_carries_comes_back(ref: WindowRef) -> None:
    assert len(window_value(ref)) <= 150
    assert read_window_value(window_value(ref)) == ref


@pytest.mark.parametrize(
    "value",
    ["", "n", "n.1.2.notes", "x.1600000000000.1700000000000.notes.0", "n.1700000000000.1600000000000.notes.0",
     "n.1600000000000.1700000000000.secrets.0", "n.1.999999999999999.notes.0", "n.١٦00000000000.1700000000000.notes.0",
     "n.1600000000000.1700000000000.notes.99999999"],
)  # fmt: skip
def test_what_no_control_carries_is_refused(value: str) -> None:
    with pytest.raises(NotFound):
        read_window_value(value)


# -- days -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-16T08:00+00:00", "2026-11-23T08:00+00:00", "16 to 23 November 2026"),
        ("2026-11-22T23:00+00:00", "2026-11-23T23:00+00:00", "23 November 2026"),  # a whole day in Berlin
        ("2026-10-28T08:00+00:00", "2026-11-04T08:00+00:00", "28 October to 4 November 2026"),
        ("2026-12-28T08:00+00:00", "2027-01-04T08:00+00:00", "28 December 2026 to 4 January 2027"),
    ],
)
def test_a_period_is_said_in_its_local_days(since: str, until: str, said: str) -> None:
    frame = replace(FRAME, from_at=datetime.fromisoformat(since), until_at=datetime.fromisoformat(until))
    assert days(frame) == said


def test_a_state_is_said_beside_its_theme() -> None:
    for state, said in (
        (NoteState.NEW, "no answer yet"),
        (NoteState.ACTED, "acted on"),
        (NoteState.DECLINED, "declined"),
    ):
        assert said in words(render_field_notes(make_notes_digest(themes=(make_theme_line(state=state),))))


def test_a_request_of_one_says_one_person() -> None:
    digest = make_notes_digest(requests=(make_open_line(people=1, since=NOW - timedelta(days=1)),))
    assert "asked for by one person" in words(render_field_notes(digest))
