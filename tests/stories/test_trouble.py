"""Stories: Slack and the network have a bad day. What people see is one card, one effect, and somebody is told."""

from __future__ import annotations

import pytest

from tests.sandbox.slack_driver import eventually
from tests.stories.brightwater import HOT, Brightwater, labels, words

pytestmark = pytest.mark.story


async def test_a_channel_that_refuses_for_good_is_reported_to_the_admin(office: Brightwater) -> None:
    pool = await office.jonas.place("#lead-pool")
    await office.fault("error", method="chat.postMessage", channel=pool, error="not_in_channel", times=None)
    await office.hands_over(HOT)
    told = await office.noor.sees("messages", "Slack refuses a message")
    assert "a manager can reassign it from Home" in words(told)
    assert "Étienne Marchand" not in words(told)  # an alert outlives an erasure
    await office.hands_over(HOT, external_id="WEB-2", email="other@example.com")
    await office.noor.sees("messages", "Slack refuses a message")


async def test_a_channel_from_which_lockstep_was_removed_is_reported_to_the_admin(office: Brightwater) -> None:
    pool = await office.jonas.place("#lead-pool")
    await office.slack.post("places", {"place": pool, "is_archived": True})
    await office.hands_over(HOT)
    await office.noor.sees("messages", "Slack refuses a message")


async def test_a_limited_channel_gets_its_card_when_the_time_is_up_and_others_do_not_wait(office: Brightwater) -> None:
    pool = await office.jonas.place("#lead-pool")
    began = await office.now()
    await office.fault("rate_limit", method="chat.postMessage", channel=pool, retry_after=60)
    await office.hands_over(HOT)
    await office.hands_over(external_id="WEB-2", name="Rui Nogueira", email="r.nogueira@example.com")
    await office.rep_with("Rui Nogueira")
    await office.jonas.sees_none("#lead-pool", "Ateliers Marchand")
    await office.passes(seconds=70)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    assert float(card["ts"]) - began.timestamp() >= 60


@pytest.mark.parametrize("kind", ["cut_after_accept", "cut_before", "http_500", "hang"])
async def test_a_connection_lost_while_posting_leaves_exactly_one_card(office: Brightwater, kind: str) -> None:
    await office.fault(kind, method="chat.postMessage", **({"seconds": 0.2, "effect": True} if kind == "hang" else {}))
    await office.hands_over(HOT)
    await office.passes(minutes=2)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    assert len(await office.record(await office.jonas.place("#lead-pool"))) == 1
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_a_connection_lost_while_updating_still_ends_in_the_right_card(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.fault("cut_before", method="chat.update")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.passes(minutes=2)
    accepted = await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")
    assert accepted["ts"] == card["ts"]


async def test_a_click_delivered_twice_has_one_effect(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.fault("deliver_twice", type="block_actions")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")
    assert "My leads · 1" in words(await office.jonas.opens_home())


async def test_a_form_delivered_twice_has_one_effect(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await office.fault("deliver_twice", type="view_submission")
    await rep.rejects(card, "messages", "Not ready to talk to sales")
    await rep.sees("messages", "Rejected by")
    await office.sam.sees("messages", "Not ready to talk to sales")


async def test_an_event_delivered_twice_has_one_effect(office: Brightwater) -> None:
    await office.fault("deliver_twice", type="events_api")
    await office.hands_over(HOT)
    assert "1 lead waits" in words(await office.jonas.opens_home())


async def test_an_ack_that_is_lost_does_not_lose_the_accept(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.fault("lose_ack", type="block_actions")
    await office.slack.ask(
        "POST",
        "act",
        {
            "user": office.jonas.id,
            "place": await office.jonas.place("#lead-pool"),
            "action": "click",
            "message_ts": card["ts"],
            "action_id": "handoff.accept",
        },
    )
    await office.settled()
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_a_restart_between_webhook_and_delivery_loses_nothing(closed_office: Brightwater) -> None:
    office = closed_office
    async with office.lockstep():
        await office.fault("rate_limit", method="chat.postMessage", retry_after=30)
        status, _ = await office.sends(HOT)
        assert status == 202
        await office.jonas.sees_none("#lead-pool", "Ateliers Marchand")
    async with office.lockstep():
        await office.passes(minutes=2)
        card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
        await office.jonas.presses("Accept", card, "#lead-pool")
        await office.priya.sees("#lead-pool", "Accepted by Jonas Brandt")
    assert len(await office.record(await office.jonas.place("#lead-pool"))) == 1


async def test_an_undo_that_ended_during_a_restart_is_taken_off_the_card(closed_office: Brightwater) -> None:
    office = closed_office
    async with office.lockstep():
        await office.hands_over(HOT)
        card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
        await office.jonas.presses("Accept", card, "#lead-pool")
    await office.passes(minutes=10)
    assert "Undo" in labels(await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt"))
    async with office.lockstep():
        assert "Undo" not in labels(await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt"))


async def test_a_socket_that_is_dropped_is_opened_again(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.fault("drop_socket")
    await eventually(lambda: office.slack.workspace.socket.connection_count > 0)
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.priya.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_a_rep_who_becomes_a_guest_can_take_no_more_leads(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.slack.post("people", {"id": office.jonas.id, "is_restricted": True})
    await office.settled()
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.jonas.told("#lead-pool", "Guests")
    assert "Accept" in labels(await office.priya.sees("#lead-pool", "Ateliers Marchand"))
