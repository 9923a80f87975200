"""What stands on campaign alerts: counts in words, nothing lost however long, and within Slack's limits."""

from __future__ import annotations

import pytest

from bot.domain.campaign_alert import AlertState
from bot.errors import NotFound
from bot.services.alert_details import Tab
from bot.services.alert_question_messages import To
from bot.services.alert_talk import GotItCounts, LeadsSoFar
from bot.services.alert_window import Which
from bot.views.alert_details import alert_details_view
from bot.views.alert_lists import alert_window_view
from bot.views.alert_questions import render_question
from bot.views.alert_talk import counts
from bot.views.alert_talk_ids import (
    TalkAction,
    answer_metadata,
    details_value,
    list_value,
    read_answer_metadata,
    read_details_value,
    read_id,
    read_list_value,
)
from bot.views.campaign_alert import render_campaign_alert
from bot.views.home import render_home
from bot.views.lead_lines import DOT
from sandbox.blockkit import validate_view
from tests.views.oracle import action_ids, assert_slack_takes, blocks_of, words
from tests.views.samples import HANDOFF, make_home
from tests.views.samples_alert_talk import (
    NOTED,
    full_lists,
    make_alert,
    make_details,
    make_line,
    make_question,
    make_readers,
    make_talk,
    make_window,
)

FULL = "".join(chr(0x1F600 + number % 60) for number in range(3000))
"""3,000 characters of four bytes each: as many as Slack's fields take, as large as they get."""


def test_the_counts_read_as_words() -> None:
    assert counts(make_talk()).split("\n") == [
        f"*12 of 20* got it (3 before it was changed){DOT}2 questions wait for an answer",
        f"Leads so far: 14 handed over{DOT}9 accepted{DOT}3 rejected: Not a fit (2), Student (1)",
    ]
    calm = make_talk(got_it=GotItCounts(got_it=0, earlier=0, asked=4), waiting=0, leads=LeadsSoFar())
    assert counts(calm) == "*0 of 4* got it"


@pytest.mark.parametrize(
    ("state", "offers"),
    [
        (AlertState.SCHEDULED, {TalkAction.GOT_IT, TalkAction.ASK, TalkAction.FEEDBACK, TalkAction.DETAILS}),
        (AlertState.LIVE, {TalkAction.GOT_IT, TalkAction.ASK, TalkAction.FEEDBACK, TalkAction.DETAILS}),
        (AlertState.ENDED, {TalkAction.ASK, TalkAction.FEEDBACK, TalkAction.DETAILS}),
        (AlertState.WITHDRAWN, {TalkAction.DETAILS}),
    ],
)
def test_an_alert_offers_what_can_still_be_done(state: AlertState, offers: set[TalkAction]) -> None:
    assert set(action_ids(render_campaign_alert(make_alert(state=state)))) == offers


def test_a_question_offers_its_answer_to_all_but_whoever_asked() -> None:
    for to, offered in ((To.THREAD, True), (To.OWNER, True), (To.ASKER, False)):
        assert (TalkAction.ANSWER in action_ids(render_question(make_question(to=to)))) == offered
    assert TalkAction.ANSWER not in action_ids(render_question(make_question(answer="Yes.", answered_by="Sam")))


def test_long_words_are_cut_in_the_thread_and_whole_in_the_details() -> None:
    text, answer = "ask " * 700 + "the end of it", "say " * 700 + "and that is all"
    shown = render_question(make_question(text=text, answer=answer, answered_by="Sam"))
    assert "the end of it" not in words(shown)
    assert TalkAction.TAB_QUESTIONS in action_ids(shown)
    assert_slack_takes(shown)
    view = alert_details_view(make_details(tab=Tab.QUESTIONS, questions=(make_line(text=text, answer=answer),)))
    assert "the end of it" in words(view)
    assert "and that is all" in words(view)
    assert words(view).count("ask") >= 700


def test_everything_is_reached_page_by_page_however_much_there_is() -> None:
    lines = tuple(make_line(text=FULL[:2990], answer=FULL, asked_by=f"Rep {number}") for number in range(6))
    found, page = "", 0
    while True:
        view = alert_details_view(make_details(tab=Tab.QUESTIONS, questions=lines, questions_total=6, page=page))
        assert validate_view(view) == []
        found += words(view)
        if TalkAction.DETAILS_ON not in action_ids(view):
            break
        page += 1
    assert 1 <= page <= 6
    for number in range(6):
        assert f"Rep {number} asked" in found


def test_the_alert_itself_is_whole_however_long() -> None:
    full = make_alert(
        buyer_sees=FULL, audience=FULL, segment=FULL, lead_looks_like=FULL, offer=FULL, owner="Sam " * 100
    )
    found, page = "", 0
    while True:
        view = alert_details_view(make_details(alert=full, page=page))
        assert validate_view(view) == []
        found += words(view)
        if TalkAction.DETAILS_ON not in action_ids(view):
            break
        page += 1
    assert found.count(FULL[0]) >= 5 * FULL.count(FULL[0])


def test_who_got_it_is_listed_by_name_and_as_many_as_there_are() -> None:
    names = tuple(f"Rep {number}" for number in range(50))
    view = alert_details_view(
        make_details(tab=Tab.READERS, readers=make_readers(missing=names, missing_total=120), reader_pages=3)
    )
    assert validate_view(view) == []
    assert "*Not yet* · 120" in words(view)
    assert "Rep 49" in words(view)
    assert TalkAction.DETAILS_ON in action_ids(view)


def test_names_are_no_part_of_the_window_for_who_may_not_see_them() -> None:
    view = alert_details_view(make_details(may_see_names=False))
    assert TalkAction.TAB_READERS not in action_ids(view)


def test_whoever_got_this_version_is_not_asked_again() -> None:
    assert TalkAction.GOT_IT in action_ids(alert_details_view(make_details(read_version=1)))
    assert TalkAction.GOT_IT not in action_ids(alert_details_view(make_details(read_version=2)))


def test_a_home_and_a_window_full_of_alerts_are_within_slacks_limits() -> None:
    home = render_home(make_home(**full_lists()))
    assert validate_view(home) == []
    assert len(blocks_of(home)) < 100
    assert validate_view(alert_window_view(make_window())) == []
    empty = alert_window_view(make_window(rows=(), total=0, pages=1, which=Which.EVER))
    assert "no campaign alert here" in words(empty)


def test_private_answers_say_what_was_noted() -> None:
    for said in NOTED:
        assert_slack_takes(said)
    assert "Noted" in NOTED[0].text
    assert "look again" in NOTED[1].text
    assert "already" in NOTED[2].text


def test_the_window_opens_on_the_page_on_which_a_question_stands() -> None:
    lines = tuple(make_line(question_id=f"q{number}", text=f"Question {number}?") for number in range(100))
    details = make_details(tab=Tab.QUESTIONS, questions=lines, questions_total=100)
    for number in (0, 57, 99):
        ref = read_details_value(details_value(HANDOFF, Tab.QUESTIONS, question_id=f"q{number}"))
        assert f"Question {number}?" in words(alert_details_view(details, question_id=ref.question_id))
    assert "Question 0?" in words(alert_details_view(details, question_id="gone"))


def test_what_buttons_carry_is_read_back() -> None:
    found = read_details_value(details_value(HANDOFF, Tab.QUESTIONS, 3))
    assert (found.alert_id, found.tab, found.page) == (HANDOFF, Tab.QUESTIONS, 3)
    assert read_list_value(list_value(Which.EVER, 2)) == (Which.EVER, 2)
    assert read_answer_metadata(answer_metadata(HANDOFF, 1790000000)).seen == 1790000000


@pytest.mark.parametrize(
    "text", ["", ".", "a.b", f"{HANDOFF}.campaign", f"{HANDOFF}.nonsense.0", f"{HANDOFF}.campaign.-1", "é.campaign.0"]
)
def test_anything_else_is_refused(text: str) -> None:
    for read in (read_details_value, read_list_value, read_answer_metadata):
        with pytest.raises(NotFound):
            read(text)
    with pytest.raises(NotFound):
        read_id("no id of ours!")
