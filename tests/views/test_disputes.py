"""What people see of answers and disputes: who may press what, and never more than Slack takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.dispute import About, DisputeState, Ruling
from bot.domain.reject_answer import AnswerState
from bot.services.dispute_forms import Deciding
from bot.services.dispute_messages import ReadAs
from bot.services.home_rows import PAGE
from bot.views.answer_several import several_form
from bot.views.disputes import decide_form, render_case
from bot.views.home import render_home
from bot.views.ids import ActionId
from bot.views.marketing_reminders import render_settle_reminder
from bot.views.notices import render_reject_notice
from tests.views import samples, samples_marketing
from tests.views.oracle import action_ids, assert_slack_takes, words
from tests.views.samples_marketing import make_answer, make_case, make_dispute, make_several, ruled

ANSWERS = [ActionId.REJECT_FIX, ActionId.REJECT_AGREE, ActionId.REJECT_DISPUTE]


def test_a_reject_that_waits_has_the_three_answers_and_one_that_is_answered_none() -> None:
    waits = render_reject_notice(samples.make_reject_notice(answer=make_answer()))
    assert [one for one in action_ids(waits) if one in ANSWERS] == ANSWERS
    for state in (AnswerState.FIXED, AnswerState.ACCEPTED, AnswerState.VOID):
        done = render_reject_notice(samples.make_reject_notice(answer=make_answer(state=state, answered_by="Sam")))
        assert not set(ANSWERS) & set(action_ids(done))
    none = render_reject_notice(samples.make_reject_notice(answer=None))
    assert not set(ANSWERS) & set(action_ids(none))


def test_what_marketing_cannot_do_any_more_is_not_offered() -> None:
    notice = samples.make_reject_notice(answer=make_answer(can_fix=False, can_dispute=False))
    assert [one for one in action_ids(render_reject_notice(notice)) if one in ANSWERS] == [ActionId.REJECT_AGREE]


@pytest.mark.parametrize(
    ("read_as", "state", "expected"),
    [
        (
            ReadAs.MANAGER,
            DisputeState.WITH_MANAGERS,
            [ActionId.DISPUTE_OPINION, ActionId.DISPUTE_TO_ARBITER, ActionId.AGREEMENT_TERM],
        ),
        (ReadAs.MANAGER, DisputeState.WITH_ARBITER, []),
        (ReadAs.ARBITER, DisputeState.WITH_ARBITER, [ActionId.DISPUTE_RULE, ActionId.AGREEMENT_TERM]),
        (ReadAs.ARBITER, DisputeState.RULED, []),
        (ReadAs.PARTY, DisputeState.RULED, []),
        (ReadAs.MANAGER, DisputeState.TAKEN_BACK, []),
    ],
)
def test_buttons_stand_where_it_waits_and_nowhere_else(
    read_as: ReadAs, state: DisputeState, expected: list[ActionId]
) -> None:
    one = ruled() if state is DisputeState.RULED else make_dispute(state=state)
    assert action_ids(render_case(make_case(read_as=read_as, disputes=(one,)))) == expected


def test_words_fit_what_it_is_about() -> None:
    assert "overturned" in words(render_case(make_case(disputes=(ruled(),))))
    definition = ruled(about=About.DEFINITION, name="The definition of an MQL", what_next=None)
    said = words(render_case(make_case(disputes=(definition,))))
    assert "it changes" in said
    assert "overturned" not in said
    stands = words(render_case(make_case(disputes=(replace(definition, ruling=Ruling.UPHELD),))))
    assert "it stands" in stands


def test_a_case_of_fifty_and_a_form_of_fifty_fit() -> None:
    many = tuple(make_dispute(id=f"d-{number}", why="x" * 1000, comment="y" * 1000) for number in range(50))
    for shown in (
        render_case(make_case(disputes=many)),
        decide_form(samples_marketing.make_decide(disputes=many)),
        decide_form(samples_marketing.make_decide(disputes=many, deciding=Deciding.RULING, asks_side=True)),
        several_form(make_several(50)),
        render_settle_reminder(samples_marketing.make_settle_reminder(disputes=many)),
        render_home(samples.make_home(**samples_marketing.full_lists())),
    ):
        assert_slack_takes(shown)
    assert "and 40 more" in words(render_case(make_case(disputes=many)))


def test_full_lists_turn_their_pages() -> None:
    view = render_home(samples.make_home(**samples_marketing.full_lists()))
    said = words(view)
    for name in ("Rejects to answer", "Disputes to settle", "Raised by me"):
        assert f"{name} · {PAGE + 1} to {2 * PAGE} of {3 * PAGE}" in said
    assert "15 rejects wait for an answer. 15 disputes wait for you." in said


def test_in_a_trial_the_managers_read_that_time_alone_hands_nothing_on() -> None:
    signed, trial = (replace(samples_marketing.DUE, trial=trial) for trial in (False, True))
    assert "the arbiter rules" in words(render_case(make_case(due=signed)))
    said = words(render_case(make_case(due=trial)))
    assert "by time alone" in said
    assert "After that" not in said


def test_nobody_decides_unread_on_more_than_the_form_shows() -> None:
    few, many = (tuple(make_dispute(id=f"d-{number}") for number in range(count)) for count in (3, 11))
    menus = [
        block["element"]
        for shown in (few, many)
        for block in decide_form(samples_marketing.make_decide(disputes=shown))["blocks"]
        if block.get("element", {}).get("type") == "static_select"
    ]
    assert [menu.get("initial_option", {}).get("value") for menu in menus] == ["all", None]
