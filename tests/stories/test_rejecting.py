"""Stories: a lead is refused with a reason, and the reason does what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.brightwater import HOT, LEAD, Brightwater, labels, questions, words

pytestmark = pytest.mark.story


async def test_the_form_asks_only_what_belongs_to_the_chosen_reason(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Reject", card, "messages")
    form = await rep.form()
    assert form is not None
    assert questions(form) == ["reason"]
    for reason, asked in (
        ("Company not a fit", ["reason", "criterion", "again", "comment"]),
        ("Real, but later", ["reason", "recycle_on", "again", "comment"]),
        ("Good lead, wrong owner", ["reason", "person_id", "comment"]),
        ("Not ready to talk to sales", ["reason", "again", "comment"]),
        ("Other", ["reason", "text", "again", "comment"]),
    ):
        await rep.fills("reason", reason)
        form = await rep.form()
        assert form is not None
        assert questions(form) == asked


async def test_no_lead_is_rejected_without_a_reason_and_its_answer(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.presses("Reject", card, "messages")
    form = await rep.submits()
    assert set(form["errors"]) == {"reason"}
    await rep.fills("reason", "Company not a fit")
    form = await rep.submits()
    assert set(form["errors"]) == {"criterion"}
    await rep.fills("reason", "Other")
    form = await rep.submits(text="   ")
    assert set(form["errors"]) == {"text"}
    await rep.fills("reason", "Real, but later")
    form = await rep.submits(recycle_on=(await office.now()).date().isoformat())
    assert "Choose a day after today" in form["errors"]["recycle_on"]
    still = await rep.sees("messages", "Étienne Marchand")
    assert labels(still)[:2] == ["Accept", "Reject"]
    await office.sam.sees_none("messages", "Étienne Marchand")


async def test_the_campaigns_owner_hears_the_reason_and_the_message_follows_the_lead(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Company not a fit", criterion="Size", comment="Two people and a dog.")
    over = await rep.sees("messages", "Rejected by", "Company not a fit", "Size")
    assert labels(over) == []
    heard = await office.sam.sees("messages", "Étienne Marchand", "Company not a fit", "Size", "Two people and a dog.")
    assert "Back with marketing" in words(heard)

    _, answer = await office.sends(HOT, summary="Now with a team of forty.")
    assert answer["status"] == "offered"
    await office.settled()
    await office.sam.sees("messages", "Waiting in the pool of Fast lane")
    again = await office.priya.sees("#lead-pool", "Ateliers Marchand")
    await office.priya.presses("Accept", again, "#lead-pool")
    followed = await office.sam.sees("messages", "Accepted by Priya Raman")
    assert followed["ts"] == heard["ts"]


async def test_without_an_owner_of_the_campaign_the_marketing_channel_hears_it(office: Brightwater) -> None:
    await office.hands_over(campaign="autumn-search")
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Not ready to talk to sales")
    heard = await office.amara.sees("#marketing", "Ateliers Marchand", "Not ready to talk to sales")
    assert "Étienne" not in words(heard)


async def test_a_lead_for_later_comes_back_on_its_morning_to_who_asked_for_it(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    day = (await office.now()).astimezone(rep.tz).date() + timedelta(days=3)
    again = ["Offer it to me again"]
    await rep.rejects(card, "messages", "Real, but later", recycle_on=day.isoformat(), again=again)
    await office.sam.sees("messages", "Real, but later", "Back with marketing until")
    await office.passes(days=4)
    back = [message for message in await rep.messages("messages") if "Accept" in labels(message)]
    assert len(back) == 1
    assert back[0]["ts"] != card["ts"]
    await office.sam.sees(
        "messages", "Real, but later", f"Offered to {rep.first}" if rep.first != "Ines" else "Offered"
    )


async def test_a_misrouted_lead_goes_to_the_colleague_named(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Good lead, wrong owner", person_id="Grace Okafor")
    offered = await office.grace.sees("messages", "Étienne Marchand")
    assert labels(offered)[:2] == ["Accept", "Reject"]
    await office.sam.sees_none("messages", "Good lead, wrong owner")
    await office.passes(days=1)
    heard = await office.sam.sees("messages", "Good lead, wrong owner", "Offered to Grace Okafor")
    assert "Other rejects" in words(heard), "it does not count, so it had time until the morning"


async def test_a_misrouted_lead_without_a_name_is_routed_again_to_somebody_else(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Good lead, wrong owner")
    others = [person for person in office.reps if person is not rep]
    _, offered = await office.rep_with("Étienne Marchand", among=others)
    assert "Accept" in labels(offered)


async def test_a_duplicate_is_merged_and_the_other_leads_owner_reads_so_in_the_morning(office: Brightwater) -> None:
    await office.hands_over()
    owner, card = await office.rep_with("Étienne Marchand")
    await owner.presses("Accept", card, "messages")
    await office.hands_over(external_id="WEB-2", email="etienne@example.com", title="Gérant")
    rep, twin = await office.rep_with("Gérant")
    await rep.presses("Reject", twin, "messages")
    await rep.fills("reason", "Duplicate, already being worked")
    assert not await rep.submits(lead_id="Étienne Marchand, Ateliers Marchand")
    await rep.sees("messages", "Merged with Étienne Marchand")
    assert rep is not owner
    await owner.sees_none("messages", "was merged with it")
    await office.passes(days=1)
    await owner.sees("messages", "Leads that were merged", "Étienne Marchand was merged with it")
    _, answer = await office.sends(external_id="WEB-2", email="etienne@example.com", score=90)
    assert answer["status"] == "updated"


async def test_anybody_of_the_pool_may_reject_for_all(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.diego.sees("#lead-pool", "Ateliers Marchand")
    await office.diego.rejects(card, "#lead-pool", "Competitor, partner, student, spam")
    over = await office.jonas.sees("#lead-pool", "Rejected by Diego Fuentes")
    assert labels(over) == []
    assert "Étienne" not in words(over)
    await office.jonas.presses("Accept", card, "#lead-pool")
    await office.jonas.told("#lead-pool", "Diego Fuentes rejected this lead")


async def test_a_form_that_comes_too_late_says_who_was_faster(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.diego.sees("#lead-pool", "Ateliers Marchand")
    await office.diego.presses("Reject", card, "#lead-pool")
    await office.diego.fills("reason", "Not ready to talk to sales")
    await office.jonas.presses("Accept", card, "#lead-pool")
    answer = await office.diego.submits()
    assert "Jonas Brandt accepted this lead" in words(answer)
    await office.jonas.sees("#lead-pool", "Accepted by Jonas Brandt")


async def test_a_lead_rejected_for_good_is_not_offered_again_by_a_repeated_record(office: Brightwater) -> None:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Competitor, partner, student, spam")
    status, answer = await office.sends(LEAD)
    assert (status, answer["status"]) == (202, "updated")
    await office.settled()
    assert not [message for message in await rep.messages("messages") if "Accept" in labels(message)]
