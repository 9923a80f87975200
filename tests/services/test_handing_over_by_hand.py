"""Whoever hands a lead over in Slack is its marketer: they hear what becomes of it, and their Home counts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.config import Source
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.services import configuration, forms, home, lead_form
from bot.services.cards import card_of
from bot.services.lead_form import HandOverLead
from bot.services.lead_records import HandOver
from storage.transaction import Transaction
from tests.services.world import JONAS, MARKETER, START, World, everything_to

PETRA = HandOver(source="slack", external_id="form-1", name="Petra Lang", summary="Asked for a demo")


@pytest.fixture
async def to_jonas(world: World) -> World:
    await world.rules(everything_to(Target.REP, "p1"))
    return world


async def hand_over(world: World, lead: HandOver = PETRA, by: str = MARKETER) -> str:
    """The id of the lead's handoff."""
    await world.db.run(lead_form.hand_over_lead, HandOverLead(by=by, lead=lead))

    def find(tx: Transaction) -> str:
        known = tx.leads.by_key(lead.source, lead.external_id)
        assert known is not None
        handoff = tx.handoffs.latest_of(known.id)
        assert handoff is not None
        return handoff.id

    return await world.db.read(find)


async def rejected(world: World, handoff_id: str) -> list[str]:
    """The places where the reject is told."""
    await world.reject(handoff_id, JONAS, "not_icp", criterion="Size", comment="Six people")
    posts = await world.posts((await world.handoff(handoff_id)).lead_id)
    return [post.place for post in posts if post.subject is Subject.REJECT_NOTICE]


async def test_a_marketer_hears_that_the_lead_they_handed_over_was_rejected(to_jonas: World) -> None:
    assert await rejected(to_jonas, await hand_over(to_jonas)) == [MARKETER]


async def test_their_home_counts_it_as_handed_over_and_rejected(to_jonas: World) -> None:
    await rejected(to_jonas, await hand_over(to_jonas))
    mine = await to_jonas.db.read(lambda tx: home.load_home(tx, MARKETER, home.FIRST_PAGES))
    assert mine.campaigns is not None
    assert mine.rejects is not None
    [row] = mine.campaigns.rows
    assert (row.name, row.handed_over, row.rejected, row.waiting) == ("Handed over by Sam", 1, 1, 0)
    assert [one.name for one in mine.rejects.rows] == ["Petra Lang"]


async def test_they_hear_of_a_lead_of_a_campaign_that_nobody_owns(to_jonas: World) -> None:
    await to_jonas.db.run(lambda tx: tx.campaigns.ensure("fair"))
    lead = HandOver(source="slack", external_id="form-2", name="Petra Lang", summary="Met at the fair", campaign="fair")
    handoff_id = await hand_over(to_jonas, lead)
    assert await rejected(to_jonas, handoff_id) == [MARKETER]
    details = await to_jonas.db.read(forms.details, handoff_id, MARKETER)
    assert details.card.lead.name == "Petra Lang"


async def test_the_card_says_who_handed_it_over_and_no_campaign(to_jonas: World) -> None:
    handoff = await to_jonas.handoff(await hand_over(to_jonas))
    card = await to_jonas.db.read(lambda tx: card_of(tx, handoff, masked=False))
    assert card is not None
    assert (card.lead.handed_over_by, card.lead.campaign) == ("Sam", None)


async def test_the_card_names_a_source_as_people_call_it(to_jonas: World) -> None:
    source = Source(key="crm", name="Website forms", secrets=(), created_at=START)
    await to_jonas.db.run(lambda tx: tx.sources.add(source))
    done = await to_jonas.hand_over("7", name="Ada Lovelace")
    handoff = await to_jonas.handoff(done.handoff_id)
    card = await to_jonas.db.read(lambda tx: card_of(tx, handoff, masked=False))
    assert card is not None
    assert card.lead.source == "Website forms"


async def test_an_admin_may_give_it_to_another_marketer_and_it_stays_theirs(to_jonas: World) -> None:
    await hand_over(to_jonas)

    def give(tx: Transaction) -> None:
        [own] = tx.campaigns.owned()
        tx.campaigns.save(replace(own, owner_id="p1"))

    await to_jonas.db.run(give)
    lead = HandOver(source="slack", external_id="form-3", name="Karl Lang", summary="Asked for a demo")
    assert await rejected(to_jonas, await hand_over(to_jonas, lead)) == [JONAS]


async def test_routing_sees_no_campaign_and_the_form_lists_none(to_jonas: World) -> None:
    await hand_over(to_jonas)
    form = await to_jonas.db.read(lead_form.lead_form, MARKETER)
    assert form.campaigns == ()
    exported = await to_jonas.db.read(configuration.current)
    assert [campaign.name for campaign in exported.campaigns] == ["Handed over by Sam"]
