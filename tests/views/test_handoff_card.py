"""What a card promises to whoever looks at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.agreement import Met
from bot.domain.lead import CRM_STAGES, Priority, Stage
from bot.services.cards import Card, CardState
from bot.views.handoff_card import render_card
from bot.views.ids import ActionId, read_handoff_value
from sandbox.blockkit import interactive_elements
from tests.views.oracle import action_ids, assert_harmless, assert_slack_takes, blocks_of, options_of, words
from tests.views.samples import (
    CRM_URL,
    HANDOFF,
    NOW,
    accepted_card,
    ended_card,
    make_card,
    make_lead,
    masked_lead,
)
from tests.views.samples_outcomes import make_standing

OVER = [state for state in CardState if state not in (CardState.OFFERED, CardState.ACCEPTED)]
DECISIONS = {ActionId.HANDOFF_ACCEPT, ActionId.HANDOFF_REJECT}


def test_an_offered_card_reads_name_title_company_and_priority_first() -> None:
    first = blocks_of(render_card(make_card()))[0]
    assert first["text"]["text"] == "🔴 Hot · Dana Whitfield, VP Operations, Northwind Freight"


def test_an_offered_card_says_why_from_where_and_when() -> None:
    shown = words(render_card(make_card()))
    assert "Lead score *82*" in shown
    assert "Touches *5*" in shown
    assert "Webinar" in shown
    assert "Campaign Spring webinar" in shown
    assert f"<!date^{int((NOW - timedelta(minutes=8)).timestamp())}^" in shown


def test_an_offered_card_has_two_buttons_and_a_menu() -> None:
    card = render_card(make_card())
    assert action_ids(card) == [ActionId.HANDOFF_ACCEPT, ActionId.HANDOFF_REJECT, ActionId.HANDOFF_MORE]
    accept, reject = [element for _, element in interactive_elements(blocks_of(card))][:2]
    assert (accept["text"]["text"], accept["style"]) == ("Accept", "primary")
    assert reject["text"]["text"] == "Reject"
    for button in (accept, reject):
        ref = read_handoff_value(button["value"])
        assert (ref.handoff_id, ref.version) == (HANDOFF, 3)


def test_a_card_in_a_direct_message_offers_nothing_that_only_managers_may() -> None:
    offered = options_of(render_card(make_card()), ActionId.HANDOFF_MORE)
    assert offered == ["Details", "Open in CRM", "What was agreed"]


def test_a_card_in_a_pool_offers_managers_reassign_and_withdraw() -> None:
    card = render_card(make_card(is_pool=True, pool_name="the pool of Europe"))
    assert options_of(card, ActionId.HANDOFF_MORE) == [
        "Details", "Open in CRM", "Reassign", "Withdraw", "What was agreed",
    ]  # fmt: skip


@pytest.mark.parametrize("url", [None, "", "https://crm.example.com/" + "x" * 3000])
def test_a_lead_without_a_usable_crm_record_has_no_link(url: str | None) -> None:
    card = render_card(make_card(crm_url=url))
    assert options_of(card, ActionId.HANDOFF_MORE) == ["Details", "What was agreed"]
    assert CRM_URL not in words(card)


@pytest.mark.parametrize("state", list(CardState))
def test_a_mirror_has_no_interactive_element(state: CardState) -> None:
    for card in (make_card(), accepted_card(), ended_card(CardState.REJECTED)):
        assert action_ids(render_card(replace(card, is_mirror=True, state=state))) == []


def test_a_mirror_says_to_whom_it_is_offered() -> None:
    assert "Offered to *Jonas Brandt*" in words(render_card(make_card(is_mirror=True)))


def test_a_mirror_never_shows_the_contact() -> None:
    shown = words(render_card(accepted_card(is_mirror=True)))
    assert "tel:" not in shown
    assert "dana@" not in shown


def test_a_masked_card_shows_no_more_than_it_was_given() -> None:
    shown = words(render_card(make_card(masked=True, is_pool=True, lead=masked_lead(), crm_url=None)))
    assert "D. W." in shown
    for personal in ("Dana", "Whitfield", "dana@", "901820", "Asked for a demo"):
        assert personal not in shown


@pytest.mark.parametrize("state", [CardState.ACCEPTED, *OVER])
def test_a_decided_card_has_no_decision_button(state: CardState) -> None:
    card = accepted_card() if state is CardState.ACCEPTED else ended_card(state)
    assert not DECISIONS & set(action_ids(render_card(card)))


@pytest.mark.parametrize("state", OVER)
def test_a_card_that_is_over_has_nothing_to_press_and_is_compact(state: CardState) -> None:
    # What was logged by mistake can be corrected where it stands.
    pressed = [ActionId.OUTCOME_HISTORY, ActionId.HANDOFF_MORE] if state is CardState.DISQUALIFIED else []
    for can_undo in (True, False):
        card = render_card(ended_card(state, can_undo=can_undo, is_pool=True))
        assert action_ids(card) == pressed
        assert len(card.blocks) <= 2 + bool(pressed)


def test_an_accepted_card_says_who_and_after_how_long() -> None:
    card = render_card(accepted_card())
    assert "Accepted by Jonas Brandt after 2 min" in card.text
    assert "*Accepted by Jonas Brandt after 2 min*" in words(card)


def test_an_accepted_card_can_be_called_and_mailed() -> None:
    shown = words(render_card(accepted_card()))
    assert "<tel:+4930901820|+4930901820>" in shown
    assert "<mailto:dana@northwind.example|dana@northwind.example>" in shown


def test_a_number_that_cannot_be_checked_is_shown_and_not_linked() -> None:
    shown = words(render_card(accepted_card(lead=make_lead(phone_e164=None, phone="ext. 12"))))
    assert "ext. 12" in shown
    assert "tel:" not in shown


def test_an_offered_card_shows_no_contact_yet() -> None:
    shown = words(render_card(make_card()))
    assert "tel:" not in shown
    assert "dana@" not in shown


def test_a_masked_card_shows_no_contact_even_when_it_was_given_one() -> None:
    shown = words(render_card(accepted_card(masked=True)))
    assert "tel:" not in shown
    assert "dana@" not in shown


def test_undo_stands_only_while_it_is_possible() -> None:
    further = [ActionId.OUTCOME_LOG, ActionId.HANDOFF_MORE]
    assert action_ids(render_card(accepted_card())) == [ActionId.HANDOFF_UNDO, *further]
    assert action_ids(render_card(accepted_card(can_undo=False))) == further


def test_an_accepted_card_offers_release() -> None:
    options = options_of(render_card(accepted_card()), ActionId.HANDOFF_MORE)
    assert options == ["Details", "Open in CRM", "Release", "What was agreed"]
    pool = options_of(render_card(accepted_card(is_pool=True)), ActionId.HANDOFF_MORE)
    assert pool == ["Details", "Open in CRM", "Release", "Reassign", "What was agreed"]


@pytest.mark.parametrize("stage", sorted(CRM_STAGES))
def test_a_lead_that_is_qualified_won_or_lost_offers_no_release(stage: Stage) -> None:
    card = accepted_card(standing=make_standing(stage=stage))
    assert "Release" not in options_of(render_card(card), ActionId.HANDOFF_MORE)


def test_a_pool_card_says_that_the_first_to_accept_gets_it_and_why_it_is_here() -> None:
    because = "Nobody was free: Jonas Brandt is away"
    shown = words(render_card(make_card(is_pool=True, pool_name="the fallback pool", routed_because=because)))
    assert "the fallback pool" in shown
    assert "the first to accept gets it" in shown
    assert because in shown


def test_a_rejected_card_says_the_reason_its_answer_the_comment_and_what_follows() -> None:
    shown = words(render_card(ended_card(CardState.REJECTED)))
    for part in (
        "Rejected by Jonas Brandt after 2 min: Real, but later (15 January 2027)",
        "After their budget",
        "Offered to Inês Carvalho.",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (CardState.WITHDRAWN, "Withdrawn by Jonas Brandt after 2 min"),
        (CardState.EXPIRED, "Not decided in time"),
        (CardState.RELEASED, "Accepted by Jonas Brandt after 2 min, given back 6 min later"),
        (CardState.TRANSFERRED, "Accepted by Jonas Brandt after 2 min, handed to somebody else 6 min later"),
    ],
)
def test_every_end_has_its_own_sentence(state: CardState, said: str) -> None:
    card = render_card(ended_card(state))
    assert card.text.startswith(said)
    assert f"*{said}*" in words(card)
    assert "Offered to Inês Carvalho." in words(card)


def test_a_lead_that_came_back_says_so() -> None:
    assert "Came back twice since" in words(render_card(make_card(came_back=2)))
    assert "Came back" not in words(render_card(make_card()))


def test_a_lead_offered_later_than_it_came_says_both() -> None:
    assert "Offered <!date" in words(render_card(make_card(came_at=NOW - timedelta(days=40))))
    assert "Offered <!date" not in words(render_card(make_card()))


def test_a_lead_that_meets_no_criterion_says_whose_word_it_stands_on() -> None:
    assert "On marketing's word" in words(render_card(make_card(met=())))


def test_many_criteria_are_counted_instead_of_listed() -> None:
    met = tuple(Met(label=f"Criterion {number}", value="yes") for number in range(11))
    shown = words(render_card(make_card(met=met)))
    assert "Criterion 7 *yes*" in shown
    assert "Criterion 8" not in shown
    assert "and 3 more" in shown


@pytest.mark.parametrize("priority", list(Priority))
def test_priority_is_a_word_and_not_only_a_colour(priority: Priority) -> None:
    card = render_card(make_card(lead=make_lead(priority=priority)))
    assert priority.value.capitalize() in words(card)
    assert priority.value in card.text


def test_the_notification_names_the_lead_and_carries_no_formatting() -> None:
    for card in (make_card(), accepted_card(), *(ended_card(state) for state in OVER)):
        text = render_card(card).text
        assert "Dana Whitfield, VP Operations, Northwind Freight" in text
        assert "*" not in text


def test_every_card_fits_a_phone() -> None:
    for card in (make_card(is_pool=True), accepted_card(is_pool=True), *(ended_card(state) for state in OVER)):
        shown = render_card(card)
        assert len(shown.blocks) <= 8
        assert_slack_takes(shown)
        assert_harmless(shown)


PASSED_ON = "Released by Inês Carvalho: prefers French"


@pytest.mark.parametrize("card", [make_card(passed_on=PASSED_ON), accepted_card(passed_on=PASSED_ON)])
def test_whoever_gets_a_lead_reads_what_its_last_owner_said(card: Card) -> None:
    assert "Released by Inês Carvalho: prefers French" in words(render_card(card))


@pytest.mark.parametrize("card", [make_card(passed_on=PASSED_ON), accepted_card(passed_on=PASSED_ON)])
@pytest.mark.parametrize("hidden", [{"masked": True}, {"is_mirror": True}])
def test_what_is_said_of_a_lead_stays_out_of_shared_places(card: Card, hidden: dict[str, bool]) -> None:
    assert "French" not in words(render_card(replace(card, **hidden)))


def test_a_card_in_a_direct_message_says_why_it_is_there() -> None:
    assert "Why you: Rule “Germany” chose team Europe." in words(render_card(make_card()))
    assert "Why you" not in words(render_card(make_card(is_mirror=True)))
    assert "Why you" not in words(render_card(make_card(routed_because="")))


def test_a_card_says_once_who_reassigned_it() -> None:
    card = make_card(routed_because="Reassigned by Anna", passed_on="Reassigned by Anna: closer to them")
    shown = words(render_card(card))
    assert shown.count("Reassigned by Anna") == 1
    assert "closer to them" in shown


def test_the_longest_note_fits_on_a_card() -> None:
    note = f"Released by {'n' * 75}: {'&' * 1000}"
    for card in (make_card(passed_on=note), accepted_card(passed_on=note)):
        assert_slack_takes(render_card(card))
