"""Stories: a lead reaches a rep as one card and is accepted."""

from __future__ import annotations

import pytest

from tests.stories.brightwater import HOT, Brightwater, labels, words

pytestmark = pytest.mark.story


async def _from_webhook_to_late_click(office: Brightwater) -> None:
    await office.hands_over(HOT)
    offered = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    assert "Marchand," not in words(offered).replace("Ateliers Marchand", "")
    assert "e.marchand@example.com" not in words(offered)
    assert "É. M." in words(offered)
    assert labels(offered)[:2] == ["Accept", "Reject"]

    answer = await office.jonas.presses("Accept", offered, "#lead-pool")
    assert answer["acked"]
    for person in (office.jonas, office.priya, office.anna, office.leo):
        accepted = await person.sees("#lead-pool", "Accepted by Jonas Brandt")
        assert accepted["ts"] == offered["ts"]
    assert "tel:+33199001234" in words(accepted)
    assert "mailto:e.marchand@example.com" in words(accepted)
    assert "Accept" not in labels(accepted)

    await office.priya.presses("Accept", offered, "#lead-pool")
    told = await office.priya.told("#lead-pool", "Jonas Brandt accepted this lead")
    assert "ago" in words(told)
    await office.jonas.sees_none("#lead-pool", "accepted this lead")
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_a_hot_lead_is_masked_in_the_pool_until_the_first_accepts_it_and_the_late_one_is_told(
    office: Brightwater,
) -> None:
    await _from_webhook_to_late_click(office)


async def test_the_same_story_holds_over_signed_http(http_office: Brightwater) -> None:
    await _from_webhook_to_late_click(http_office)


async def test_a_lead_for_one_rep_is_in_their_messages_and_mirrored_with_nothing_to_press(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    assert labels(card)[:2] == ["Accept", "Reject"]
    mirror = await office.anna.sees("#sales-europe", "Ateliers Marchand")
    assert labels(mirror) == []
    assert "Étienne" not in words(mirror)
    await rep.presses("Accept", card, "messages")
    mirror = await office.anna.sees("#sales-europe", "Accepted by")
    assert labels(mirror) == []
    assert "mailto:" not in words(mirror)


async def test_undo_within_five_minutes_brings_the_same_message_back(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.passes(minutes=4)
    accepted = await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")
    assert "Undo" in labels(accepted)
    await office.jonas.presses("Undo", accepted, "#lead-pool")
    again = await office.priya.sees("#lead-pool", "Ateliers Marchand")
    assert again["ts"] == card["ts"]
    assert labels(again)[:2] == ["Accept", "Reject"]
    assert "É. M." in words(again)
    await office.priya.presses("Accept", again, "#lead-pool")
    await office.jonas.sees("#lead-pool", "Accepted by Priya Raman")


async def test_undo_after_five_minutes_is_refused_and_nothing_changes(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.passes(minutes=5)
    accepted = await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")
    assert "Undo" not in labels(accepted)
    await office.jonas.presses("Undo", accepted, "#lead-pool")
    await office.jonas.told("#lead-pool", "Undo ends five minutes after the accept")
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_somebody_else_cannot_undo_an_accept(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.priya.presses("Undo", card, "#lead-pool")
    await office.priya.told("#lead-pool", "Only the person who accepted this lead can do that.")
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_a_guest_who_presses_accept_is_refused_in_private(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.leo.sees("#lead-pool", "Ateliers Marchand")
    await office.leo.presses("Accept", card, "#lead-pool")
    await office.leo.told("#lead-pool", "I do not know your Slack account yet")
    await office.settled()
    await office.leo.presses("Accept", card, "#lead-pool")
    await office.leo.told("#lead-pool", "Guests", "cannot use Lockstep")
    still = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    assert "Accept" in labels(still)


async def test_a_second_press_of_accept_changes_nothing_and_says_so(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.jonas.told("#lead-pool", "You have accepted this lead already")


async def test_a_released_lead_is_offered_to_a_colleague(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Accept", card, "messages")
    await rep.chooses("Release", await rep.sees("messages", "Accepted by"), "messages")
    assert not await rep.submits(note="On leave from tomorrow.")
    await rep.sees("messages", "given back")
    others = [person for person in office.reps if person is not rep]
    colleague, offered = await office.rep_with("Étienne Marchand", among=others)
    assert labels(offered)[:2] == ["Accept", "Reject"]
    await colleague.presses("Accept", offered, "messages")
    await colleague.sees("messages", "Accepted by")
