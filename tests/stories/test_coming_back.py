"""Stories: the same person, or the same delivery, comes again."""

from __future__ import annotations

import pytest

from tests.stories.brightwater import HOT, LEAD, Brightwater, labels, words

pytestmark = pytest.mark.story


async def test_the_same_delivery_twice_gets_the_same_answer_and_changes_nothing(office: Brightwater) -> None:
    first = await office.sends(HOT, delivery="once")
    again = await office.sends(HOT, delivery="once")
    assert (first[0], again[0]) == (202, 200)
    assert again[1] == first[1]
    await office.settled()
    await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    assert len(await office.record(await office.jonas.place("#lead-pool"))) == 1


async def test_the_owner_is_told_when_their_lead_comes_back_hotter(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Accept", card, "messages")
    status, answer = await office.sends(
        HOT, external_id="FORM-77", summary="Asked for a demo.", origin="Demo form", email="E.Marchand@Example.com"
    )
    assert (status, answer["status"]) == (202, "touch")
    await office.settled()
    notice = await rep.sees("messages", "came back", "Asked for a demo.")
    assert "It was warm and is now" in words(notice)
    assert "Hot" in words(notice)
    card = await rep.sees("messages", "Accepted by", "Came back once since")
    assert "🔴 Hot" in words(card)
    await office.jonas.sees_none("#lead-pool", "Ateliers Marchand")


async def test_who_comes_back_to_a_pool_is_one_card_that_says_so(office: Brightwater) -> None:
    await office.hands_over(HOT)
    _, answer = await office.sends(HOT, external_id="FORM-77")
    assert answer["status"] == "touch"
    await office.settled()
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand", "Came back once since")
    assert labels(card)[:2] == ["Accept", "Reject"]


async def test_changed_data_of_a_known_lead_changes_its_card(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    status, answer = await office.sends(LEAD, title="Chief Revenue Officer")
    assert (status, answer["status"]) == (202, "updated")
    await office.settled()
    changed = await rep.sees("messages", "Chief Revenue Officer")
    assert changed["ts"] == card["ts"]


async def test_a_recycled_person_is_handed_over_again(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Not ready to talk to sales")
    _, answer = await office.sends(HOT, external_id="FORM-78", summary="Asked for a demo.")
    assert answer["status"] == "offered"
    await office.settled()
    await office.priya.sees("#lead-pool", "Ateliers Marchand")


async def test_a_lead_that_breaks_the_rules_is_refused_by_field_and_reaches_nobody(office: Brightwater) -> None:
    status, problem = await office.sends(LEAD, email="not an address", touches="many")
    assert status == 422
    assert {error["field"] for error in problem["errors"]} == {"data.email", "data.touches"}
    await office.settled()
    for rep in office.reps:
        assert [one for one in await rep.messages("messages") if "Welcome" not in words(one)] == []


async def test_no_text_of_a_lead_pings_links_or_imitates_a_card(office: Brightwater) -> None:
    await office.hands_over(
        name="<!channel> *Accepted by Anna*", summary="<https://evil.example.com|your CRM> @here <@U0EVIL1234>"
    )
    _, card = await office.rep_with("Ateliers Marchand")
    assert "Accept" in labels(card)
    # Plain text, as in the headline, is shown as it is and does nothing.
    formatted = card["text"] + "".join(block["text"]["text"] for block in card["blocks"] if block["type"] == "section")
    for dangerous in ("<!channel>", "<https://", "<@U0EVIL", "*Accepted by Anna*", "@here"):
        assert dangerous not in formatted
