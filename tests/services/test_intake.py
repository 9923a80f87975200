import asyncio
from datetime import timedelta

import pytest

from bot.domain.budget import Kind
from bot.domain.handoff import Opened, Status
from bot.domain.lead import Priority, Stage
from bot.domain.person import SlackFlags
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.services import people
from bot.services.answers import Answer
from tests.services.world import FALLBACK, INES, JONAS, POOL, START, World, everything_to


async def notices(world: World, lead_id: str, subject: Subject) -> list[str]:
    return [post.place for post in await world.posts(lead_id) if post.subject is subject]


async def test_a_delivery_seen_before_changes_nothing_and_is_answered_the_same(world: World) -> None:
    first = await world.hand_over("1", delivery_id="d1", name="Maria")
    again = await world.hand_over("1", delivery_id="d1", name="Somebody else")
    assert (again.lead_id, again.handoff_id, again.status, again.seen) == (
        first.lead_id, first.handoff_id, Answer.OFFERED, True,
    )  # fmt: skip
    assert (await world.lead(first.lead_id)).name == "Maria"


async def test_changed_data_updates_the_lead_and_only_what_was_given(world: World) -> None:
    first = await world.hand_over("1", name="Maria", company="Nordlicht", score=60)
    changed = await world.hand_over("1", score=75)
    assert (changed.status, changed.handoff_id) == (Answer.UPDATED, first.handoff_id)
    lead = await world.lead(first.lead_id)
    assert (lead.name, lead.company, lead.score) == ("Maria", "Nordlicht", 75)


async def test_the_same_person_with_an_open_lead_is_a_touch_and_the_card_follows(world: World) -> None:
    first = await world.hand_over("1", email="Maria@Example.com")
    again = await world.hand_over("2", email=" maria@example.com ")
    assert (again.status, again.lead_id, again.handoff_id) == (Answer.TOUCH, first.lead_id, first.handoff_id)
    assert len(await world.of_lead(first.lead_id)) == 1


async def test_the_owner_is_told_when_their_lead_comes_back_hotter(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", email="maria@example.com")
    await world.accept(first.handoff_id, JONAS)
    await world.hand_over("2", email="maria@example.com", priority=Priority.HOT, summary="Asked for a demo")
    assert await notices(world, first.lead_id, Subject.TOUCH_NOTICE) == [JONAS]
    assert (await world.lead(first.lead_id)).priority is Priority.HOT
    assert (await world.handoff(first.handoff_id)).priority is Priority.HOT


async def test_a_cooler_touch_does_not_lower_the_priority(world: World) -> None:
    first = await world.hand_over("1", email="maria@example.com", priority=Priority.HOT)
    await world.hand_over("2", email="maria@example.com", priority=Priority.COLD)
    assert (await world.lead(first.lead_id)).priority is Priority.HOT


async def test_the_second_id_of_a_person_is_known_from_then_on(world: World) -> None:
    first = await world.hand_over("1", email="maria@example.com")
    await world.hand_over("2", email="maria@example.com")
    update = await world.hand_over("2", company="Nordlicht")
    assert (update.status, update.lead_id) == (Answer.UPDATED, first.lead_id)


async def test_a_recycled_person_is_handed_over_again(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", email="maria@example.com")
    await world.reject(first.handoff_id, JONAS, "low_intent")
    assert (await world.lead(first.lead_id)).stage is Stage.RECYCLED
    again = await world.hand_over("2", email="maria@example.com")
    assert (again.status, again.lead_id) == (Answer.OFFERED, first.lead_id)
    assert (await world.handoff(again.handoff_id)).opened is Opened.RECYCLED


async def test_a_recycled_lead_is_handed_over_again_under_its_own_id_when_something_is_new(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", touches=3)
    await world.reject(first.handoff_id, JONAS, "low_intent")
    assert (await world.hand_over("1", touches=4)).status is Answer.OFFERED


async def test_an_export_that_repeats_itself_does_not_undo_a_reject(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", touches=3)
    await world.reject(first.handoff_id, JONAS, "bad_timing", recycle_on="2026-04-06")
    again = await world.hand_over("1", touches=3)
    assert (again.status, again.handoff_id) == (Answer.UPDATED, None)
    assert (await world.lead(first.lead_id)).stage is Stage.RECYCLED


async def test_another_record_of_the_person_fills_gaps_and_overwrites_nothing(world: World) -> None:
    first = await world.hand_over("1", email="maria@example.com", name="Maria Lopez", fields={"plan": "pro"})
    await world.hand_over("2", email="maria@example.com")
    await world.hand_over("2", name="M", company="Nordlicht", fields={"plan": "free", "seats": "9"})
    lead = await world.lead(first.lead_id)
    assert (lead.name, lead.company, lead.fields) == ("Maria Lopez", "Nordlicht", {"plan": "pro", "seats": "9"})


async def test_a_record_that_names_no_priority_does_not_warm_a_cold_lead(world: World) -> None:
    first = await world.hand_over("1", email="maria@example.com", priority=Priority.COLD)
    await world.hand_over("2", email="maria@example.com")
    assert (await world.lead(first.lead_id)).priority is Priority.COLD


async def test_the_owner_hears_when_their_lead_comes_back_hotter_under_its_own_id(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", priority=Priority.COLD)
    await world.accept(first.handoff_id, JONAS)
    await world.hand_over("1", priority=Priority.HOT)
    assert await notices(world, first.lead_id, Subject.TOUCH_NOTICE) == [JONAS]


async def test_many_touches_are_one_line_of_the_brief_and_a_hotter_one_is_said_at_once(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", email="maria@example.com", priority=Priority.COLD)
    await world.hand_over("x", email="maria@example.com")
    assert await world.waits_for_brief("p1") == {}, "while it is offered, its card says it"
    await world.accept(first.handoff_id, JONAS)
    for number in range(5):
        await world.hand_over(f"x{number}", email="maria@example.com")
    assert await notices(world, first.lead_id, Subject.TOUCH_NOTICE) == []
    assert await world.waits_for_brief("p1") == {Kind.CAME_BACK: 1}
    await world.hand_over("hot", email="maria@example.com", priority=Priority.HOT)
    assert await notices(world, first.lead_id, Subject.TOUCH_NOTICE) == [JONAS]


async def test_a_closed_lead_is_heard_again_only_with_something_new(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    first = await world.hand_over("1", name="Bot")
    await world.reject(first.handoff_id, JONAS, "ineligible")
    assert (await world.hand_over("1", name="Bot")).status is Answer.UPDATED
    assert (await world.hand_over("1", name="Maria")).status is Answer.OFFERED


async def test_without_a_fallback_a_lead_nobody_can_take_is_stored_and_goes_out_later(world: World) -> None:
    await world.rules()
    await world.configure(fallback_channel=None)
    done = await world.hand_over("1")
    assert (done.status, done.handoff_id) == (Answer.UNROUTED, None)
    assert (await world.lead(done.lead_id)).stage is Stage.MQL
    await world.configure(fallback_channel=FALLBACK)
    assert (await world.hand_over("1")).status is Answer.OFFERED


async def test_nobody_free_means_the_fallback_with_the_reason_said(world: World) -> None:
    await world.change("p1", away_since=START)
    await world.change("p2", cap=0)
    done = await world.hand_over()
    handoff = await world.handoff(done.handoff_id)
    assert handoff.pool_channel == FALLBACK
    assert handoff.routed_because == "Nobody was free: Ines is at their cap; Jonas is away"


@pytest.mark.parametrize(
    "values",
    [
        {"away_since": START},
        {"cap": 0},
        {"flags": SlackFlags(is_deleted=True, checked_at=START)},
        {"flags": SlackFlags(is_guest=True, checked_at=START)},
        {"flags": SlackFlags()},
        {"slack_id": None},
    ],
)
async def test_who_cannot_take_a_lead_is_passed_over(world: World, values: dict[str, object]) -> None:
    await world.change("p1", **values)
    for number in range(4):
        done = await world.hand_over(str(number))
        assert (await world.handoff(done.handoff_id)).rep_id == "p2"


async def test_a_team_takes_turns(world: World) -> None:
    reps = [(await world.handoff((await world.hand_over(str(number))).handoff_id)).rep_id for number in range(6)]
    assert sorted(map(str, reps)) == ["p1"] * 3 + ["p2"] * 3


async def test_fifty_leads_at_once_never_push_a_rep_over_the_cap(world: World) -> None:
    await world.change("p1", cap=7)
    await world.change("p2", cap=9)
    done = await asyncio.gather(*(world.hand_over(str(number)) for number in range(50)))
    handoffs = [await world.handoff(each.handoff_id) for each in done]
    held = [handoff.rep_id for handoff in handoffs]
    assert (held.count("p1"), held.count("p2"), held.count(None)) == (7, 9, 34)
    assert {handoff.pool_channel for handoff in handoffs if handoff.rep_id is None} == {FALLBACK}


async def test_two_deliveries_about_one_person_at_once_make_one_lead(world: World) -> None:
    done = await asyncio.gather(*(world.hand_over(str(number), email="maria@example.com") for number in range(10)))
    assert len({each.lead_id for each in done}) == 1
    assert [each.status for each in done].count(Answer.OFFERED) == 1
    assert len([handoff for handoff in await world.of_lead(done[0].lead_id) if handoff.is_open]) == 1


async def test_a_campaign_is_made_when_a_lead_first_names_it(world: World) -> None:
    done = await world.hand_over("1", campaign="webinar")
    lead = await world.lead(done.lead_id)
    campaign = await world.db.read(lambda tx: tx.campaigns.by_key("webinar"))
    assert campaign is not None
    assert (lead.campaign_id, lead.campaign_key, campaign.owner_id) == (campaign.id, "webinar", None)


async def test_terms_in_force_are_copied_into_the_handoff(world: World) -> None:
    handoff = await world.handoff((await world.hand_over()).handoff_id)
    agreement = await world.db.read(lambda tx: tx.agreements.in_force())
    assert (agreement.version, agreement.signing) == (0, None)
    assert (handoff.agreement_id, handoff.terms) == (agreement.id, agreement.terms)


async def test_in_a_pool_nobody_is_told_privately_but_the_card_counts(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    first = await world.hand_over("1", email="maria@example.com")
    await world.hand_over("2", email="maria@example.com")
    assert await notices(world, first.lead_id, Subject.TOUCH_NOTICE) == []
    handoff = await world.handoff(first.handoff_id)
    assert (handoff.pool_channel, handoff.status) == (POOL, Status.OFFERED)


async def test_a_rep_back_from_away_is_offered_leads_again_at_the_instant(world: World) -> None:
    await world.db.run(people.set_away, INES, "2026-03-04")
    world.clock.advance(timedelta(days=2) - timedelta(seconds=1))
    assert await world.sweep() == 0
    world.clock.advance(timedelta(seconds=1))
    assert await world.sweep() == 1
    back = await world.db.read(lambda tx: tx.people.get("p2"))
    assert back is not None
    assert not back.is_away
