"""Due times, as people read them: on cards, in reminders, in a manager's list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.countdown import CountdownKind
from bot.domain.ladder import Step
from bot.services.at_risk_list import LISTED
from bot.services.cards import CardState
from bot.services.due import Urgency
from bot.views.at_risk import render_at_risk
from bot.views.details import details_view
from bot.views.due import NOTHING, due_line, shared, shared_line
from bot.views.handoff_card import render_card
from bot.views.ids import ActionId
from bot.views.lead_lines import DOT
from bot.views.reminder import render_accept_reminder
from tests.views.oracle import action_ids, blocks_of, options_of, words
from tests.views.samples import NOW, accepted_card, ended_card, make_card, make_details
from tests.views.samples_clock import (
    CARD_LINK,
    make_at_risk,
    make_at_risk_row,
    make_due,
    make_reminder,
    make_took,
)

DUE = f"<!date^{int((NOW + timedelta(hours=4)).timestamp())}^{{time}} {{date_short_pretty}}|Tue 6 Oct 15:30 CEST>"


# -- cards ------------------------------------------------------------------------------------------------------------
def test_a_card_says_until_when_to_decide_and_what_was_agreed() -> None:
    card = render_card(make_card(due=make_due()))
    assert f"⏳ *Decide by {DUE}*" in words(card)
    assert "4 h of working time" in words(card)
    assert f"New hot lead, decide by {DUE}" in card.text, "notifications say it, too"


@pytest.mark.parametrize(
    ("urgency", "headline", "line"),
    [
        (Urgency.CALM, "🔴 Hot · Dana", "⏳ *Decide by"),
        (Urgency.REMINDED, "⏰ 🔴 Hot · Dana", "(reminded)"),
        (Urgency.AT_RISK, "⚠️ At risk · 🔴 Hot · Dana", "⚠️ *At risk: decide by"),
        (Urgency.OVERDUE, "⌛ Overdue · 🔴 Hot · Dana", "⌛ *Overdue: was due"),
    ],
)
@pytest.mark.parametrize("pool", [False, True])
def test_a_card_turns_more_urgent_at_each_step(urgency: Urgency, headline: str, line: str, pool: bool) -> None:
    card = render_card(make_card(due=make_due(urgency=urgency), is_pool=pool))
    assert blocks_of(card)[0]["text"]["text"].startswith(headline)
    assert line in words(card)


def test_in_trial_a_card_says_that_nothing_escalates() -> None:
    assert "Trial: nothing escalates" in words(render_card(make_card(due=make_due(trial=True))))
    assert "Trial" not in words(render_card(make_card(due=make_due())))


# -- lists ------------------------------------------------------------------------------------------------------------
def test_what_all_due_times_of_a_list_have_in_common_is_said_once() -> None:
    dues = [make_due(trial=True), make_due(trial=True, urgency=Urgency.OVERDUE)]
    common = shared(dues)
    assert shared_line(common) == f"4 h of working time each{DOT}_Trial: nothing escalates_"
    assert [str(due_line(due, said=common)) for due in dues] == [
        f"⏳ *Decide by {DUE}*",
        f"⌛ *Overdue: was due {DUE}*",
    ]


def test_where_due_times_differ_each_says_its_own() -> None:
    dues = [make_due(trial=True), make_due(window=timedelta(hours=1))]
    assert shared(dues) == NOTHING
    assert "4 h of working time in all" in due_line(dues[0], said=shared(dues))
    assert "Trial" in due_line(dues[0], said=shared(dues))
    assert "1 h of working time in all" in due_line(dues[1], said=shared(dues))


def test_one_due_time_alone_says_all_of_it() -> None:
    assert shared([make_due(trial=True)]) == shared([]) == NOTHING
    assert shared_line(NOTHING) is None


def test_who_has_no_working_time_ahead_has_no_due_time() -> None:
    assert "No due time: there is no working time ahead" in words(render_card(make_card(due=make_due(due_at=None))))


def test_a_copy_shows_the_due_time_and_nothing_to_press() -> None:
    card = render_card(make_card(due=make_due(), is_mirror=True))
    assert "Decide by" in words(card)
    assert not action_ids(card)


def test_only_a_rep_who_can_still_wait_may_snooze() -> None:
    card = make_card(due=make_due(), can_snooze=True)
    assert "Snooze…" in options_of(render_card(card), ActionId.HANDOFF_MORE)
    assert "Snooze…" not in options_of(render_card(replace(card, can_snooze=False)), ActionId.HANDOFF_MORE)
    assert "Snooze…" not in options_of(render_card(replace(card, is_pool=True)), ActionId.HANDOFF_MORE)


def test_what_was_agreed_is_one_tap_away_and_a_practice_lead_has_no_terms() -> None:
    assert "What was agreed" in options_of(render_card(make_card()), ActionId.HANDOFF_MORE)
    assert "What was agreed" not in options_of(render_card(make_card(practice=True)), ActionId.HANDOFF_MORE)


def test_a_night_is_not_held_against_whoever_decides_in_the_morning() -> None:
    took = make_took(own=timedelta(hours=16), own_business=timedelta(minutes=12))
    assert "Accepted by Jonas Brandt after 12 min of working time" in words(render_card(accepted_card(took=took)))
    at_once = accepted_card(took=make_took(own=timedelta(minutes=2), own_business=timedelta(minutes=2)))
    assert "after 2 min" in words(render_card(at_once))
    assert "working time" not in words(render_card(at_once))


def test_an_expired_card_says_where_the_lead_is_now() -> None:
    card = render_card(ended_card(CardState.EXPIRED, decided_by=None))
    assert "Not decided in time" in words(card)
    assert "Offered to Inês Carvalho." in words(card)
    assert not action_ids(card)


def test_details_keep_the_system_s_time_and_the_rep_s_apart() -> None:
    details = make_details(card=accepted_card(took=make_took()))
    assert "Accepted after 12 min of working time; 40 s until the card was there" in words(details_view(details))
    took = make_took(own=timedelta(hours=16), system=timedelta(hours=2), system_business=timedelta(0))
    said = words(details_view(make_details(card=accepted_card(took=took))))
    assert "12 min of working time (16 h by the wall clock)" in said
    assert "2 h until the card was there (less than 1 s of it working time)" in said


# -- reminders --------------------------------------------------------------------------------------------------------
def test_a_reminder_names_the_lead_and_the_due_time_and_has_everything_to_act_on() -> None:
    said = render_accept_reminder(make_reminder())
    assert "Dana Whitfield" in words(said)
    assert "2 h of working time left" in words(said)
    assert "Decide by <!date^" in words(said)
    assert CARD_LINK in words(said)
    assert action_ids(said) == [
        ActionId.HANDOFF_ACCEPT, ActionId.HANDOFF_REJECT, ActionId.REMINDER_SNOOZE, ActionId.HANDOFF_MORE,
    ]  # fmt: skip
    assert said.text.startswith("Waits for a decision: Dana Whitfield")


def test_a_reminder_without_a_rest_to_wait_for_cannot_be_snoozed() -> None:
    said = render_accept_reminder(make_reminder(step=Step.AT_RISK, can_snooze=False))
    assert "At risk" in words(said)
    assert ActionId.REMINDER_SNOOZE not in action_ids(said)


def test_a_late_reminder_says_by_how_much() -> None:
    assert "17 min late" in words(render_accept_reminder(make_reminder(late_by=timedelta(minutes=17))))


def test_only_the_last_reminder_has_buttons_and_a_decided_one_has_none() -> None:
    first = render_accept_reminder(make_reminder(is_last=False))
    assert not action_ids(first)
    assert "A newer reminder has the buttons." in words(first)
    over = render_accept_reminder(make_reminder(over="Accepted by you."))
    assert not action_ids(over)
    assert "Accepted by you." in words(over)


def test_a_reminder_in_a_pool_says_that_the_first_to_accept_gets_it() -> None:
    said = words(render_accept_reminder(make_reminder(pool_name="the pool of Europe", can_snooze=False)))
    assert "In the pool of Europe: the first to accept gets it." in said


def test_a_link_elsewhere_is_no_link() -> None:
    said = render_accept_reminder(make_reminder(card_link="http://evil.example.com/x"))
    assert "evil" not in words(said)


# -- what is at risk --------------------------------------------------------------------------------------------------
def test_a_manager_reads_who_has_what_until_when_and_can_reassign() -> None:
    said = render_at_risk(make_at_risk())
    assert "At risk: 1 lead is nearly out of time" in words(said)
    late = replace(make_at_risk(), rows=(replace(make_at_risk().rows[0], urgency=Urgency.OVERDUE),))
    assert "At risk: 1 lead is out of time, or nearly" in words(render_at_risk(late))
    assert "With *Jonas Brandt*, to decide on" in words(said)
    assert "Reassign" in options_of(said, ActionId.HANDOFF_MORE)


def test_a_long_list_is_cut_and_counted() -> None:
    rows = [make_at_risk_row(number) for number in range(LISTED)]
    said = render_at_risk(make_at_risk(*rows, total=LISTED + 12))
    assert "and 12 more" in words(said)
    assert len(blocks_of(said)) <= 50


def test_an_empty_list_says_so_and_an_old_one_that_it_moved() -> None:
    assert "Nothing is at risk here any more. 3 that stood here were decided, ran out" in words(
        render_at_risk(make_at_risk(total=0, rows=(), ended=3))
    )
    to = render_at_risk(make_at_risk(total=0, rows=(), moved=True, moved_to="Marcus Reed"))
    assert "Marcus Reed reads now what is at risk." in words(to)
    moved = render_at_risk(make_at_risk(total=0, rows=(), moved=True))
    assert "newer message" in words(moved)
    assert not action_ids(moved)


def test_what_cannot_be_reassigned_has_no_menu() -> None:
    said = render_at_risk(make_at_risk(make_at_risk_row(kind=CountdownKind.SETTLE, handoff_id=None)))
    assert not action_ids(said)
    assert "a dispute to settle" in words(said)


def test_a_deputy_reads_in_whose_place() -> None:
    assert "in place of Anna Keller" in words(render_at_risk(make_at_risk(for_name="Anna Keller")))
