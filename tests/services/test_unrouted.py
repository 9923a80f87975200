"""Leads that nobody could be offered: they go out by themselves as soon as somebody can have them, or by a manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.handoff import Opened, Status
from bot.domain.lead import Stage
from bot.domain.post import TimerKind
from bot.domain.routing import Target
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import assigning, people
from bot.services.answers import Answer
from bot.services.assigning import AssignLead
from bot.services.cards import card_of
from bot.services.configuration import apply, current
from storage.transaction import Transaction
from tests.services.world import INES, JONAS, MANAGER, MARKETER, START, World, everything_to


@pytest.fixture
async def closed(world: World) -> World:
    """Everything goes to Jonas, who is away, and there is no fallback channel."""
    await world.configure(fallback_channel=None)
    await world.rules(everything_to(Target.REP, "p1"))
    await world.db.run(people.set_away, JONAS, None)
    return world


async def lost(world: World, external_id: str = "1", **values: object) -> str:
    done = await world.hand_over(external_id, **values)
    assert done.status is Answer.UNROUTED
    return done.lead_id


async def has(world: World, lead_id: str) -> str | None:
    """Whom the lead is offered to."""
    offered = await world.db.read(lambda tx: tx.handoffs.offered_of(lead_id))
    return offered.rep_id if offered else None


async def assign(world: World, lead_id: str, by: str = MANAGER, to: str = "p2", note: str = "Knows them") -> None:
    await world.db.run(assigning.assign_lead, AssignLead(lead_id=lead_id, by=by, person_id=to, note=note))


async def test_when_somebody_is_back_the_leads_that_waited_go_out(closed: World) -> None:
    leads = [await lost(closed, str(number)) for number in range(3)]
    closed.clock.advance(timedelta(minutes=20))
    await closed.db.run(people.set_back, JONAS)
    await closed.sweep()
    assert [await has(closed, lead_id) for lead_id in leads] == ["p1"] * 3
    assert await closed.db.read(lambda tx: tx.leads.count_unrouted()) == 0


async def test_a_lead_that_waited_keeps_when_it_came(closed: World) -> None:
    lead_id = await lost(closed)
    closed.clock.advance(timedelta(minutes=20))
    await closed.db.run(people.set_back, JONAS)
    await closed.sweep()
    [handoff] = await closed.of_lead(lead_id)
    assert (handoff.received_at, handoff.offered_at) == (START, closed.clock.now())
    assert handoff.opened is Opened.HANDED_OVER


async def test_more_than_are_tried_at_once_go_out_one_after_the_other(
    closed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.unrouted.SOMEBODY_IS_BACK", 2)
    leads = [await lost(closed, str(number)) for number in range(5)]
    await closed.db.run(people.set_back, JONAS)
    await closed.sweep()
    assert [await has(closed, lead_id) for lead_id in leads] == ["p1"] * 5


async def test_a_lead_that_still_has_nowhere_to_go_is_tried_every_hour(closed: World) -> None:
    lead_id = await lost(closed)
    for hour in range(1, 4):
        closed.clock.advance(timedelta(hours=1))
        assert await closed.sweep() == 1
        timer = await closed.db.read(lambda tx: tx.timers.get(TimerKind.UNROUTED, lead_id))
        assert timer is not None
        assert timer.due_at == START + timedelta(hours=hour + 1)
    await closed.configure(fallback_channel="C0NEW")
    closed.clock.advance(timedelta(hours=1))
    await closed.sweep()
    assert [handoff.pool_channel for handoff in await closed.of_lead(lead_id)] == ["C0NEW"]
    assert await closed.db.read(lambda tx: tx.timers.get(TimerKind.UNROUTED, lead_id)) is None
    assert (await closed.events(lead_id)).count("lead.unrouted") == 1


async def test_a_new_configuration_is_tried_at_once(closed: World) -> None:
    lead_id = await lost(closed)

    def name_a_fallback(tx: Transaction) -> None:
        apply(tx, replace(current(tx), fallback_channel="C0NEW"))

    await closed.db.run(name_a_fallback)
    await closed.sweep()
    assert [handoff.pool_channel for handoff in await closed.of_lead(lead_id)] == ["C0NEW"]


async def test_room_under_a_cap_is_filled_at_once(world: World) -> None:
    await world.configure(fallback_channel=None)
    await world.rules(everything_to(Target.REP, "p1"))
    await world.change("p1", cap=1)
    held = await world.hand_over("held")
    waiting = await lost(world, "waiting")
    await world.reject(held.handoff_id, JONAS, "not_icp", criterion="Industry")
    await world.sweep()
    assert await has(world, waiting) == "p1"


async def test_a_decision_of_somebody_else_tries_a_few_only(closed: World) -> None:
    for number in range(8):
        await lost(closed, str(number))
    await closed.rules(everything_to(Target.REP, "p2"))
    handed = await closed.hand_over("handed")
    await closed.rules(everything_to(Target.REP, "p1"))
    await closed.reject(handed.handoff_id, INES, "not_icp", criterion="Industry")
    assert await closed.sweep() == 3


async def test_who_passed_on_it_does_not_get_it_again(world: World) -> None:
    await world.configure(fallback_channel=None)
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over()
    await world.reject(done.handoff_id, JONAS, "misrouted")
    world.clock.advance(timedelta(hours=1))
    await world.sweep()
    assert await has(world, done.lead_id) is None
    await world.rules(everything_to(Target.REP, "p2"))
    world.clock.advance(timedelta(hours=1))
    await world.sweep()
    assert await has(world, done.lead_id) == "p2"
    first, second = await world.of_lead(done.lead_id)
    assert (second.opened, second.predecessor_id, second.received_at) == (Opened.REROUTED, first.id, START)


async def test_a_manager_assigns_it_with_a_reason_the_rep_reads(closed: World) -> None:
    lead_id = await lost(closed)
    closed.clock.advance(timedelta(minutes=20))
    await assign(closed, lead_id)
    [handoff] = await closed.of_lead(lead_id)
    assert (handoff.rep_id, handoff.status, handoff.received_at) == ("p2", Status.OFFERED, START)
    assert handoff.routed_because == "Assigned by Anna: Knows them"
    assert INES in {post.place for post in await closed.posts(lead_id)}
    assert "lead.assigned" in await closed.events(lead_id)
    assert await closed.db.read(lambda tx: tx.timers.get(TimerKind.UNROUTED, lead_id)) is None


async def test_assigning_twice_offers_it_once(closed: World) -> None:
    lead_id = await lost(closed)
    await assign(closed, lead_id)
    with pytest.raises(Refused, match="does not wait for anybody any more"):
        await assign(closed, lead_id, to="p3")
    assert len(await closed.of_lead(lead_id)) == 1


@pytest.mark.parametrize("by", [INES, MARKETER])
async def test_only_sales_managers_assign(closed: World, by: str) -> None:
    lead_id = await lost(closed)
    with pytest.raises(NotAllowed, match="Only sales managers"):
        await assign(closed, lead_id, by=by)
    assert await has(closed, lead_id) is None


async def test_assigning_says_what_is_missing_and_changes_nothing(closed: World) -> None:
    lead_id = await lost(closed)
    with pytest.raises(FormError, match="Jonas is away"):
        await assign(closed, lead_id, to="p1")
    with pytest.raises(FormError, match="Say why"):
        await assign(closed, lead_id, note=" ")
    with pytest.raises(NotFound):
        await assign(closed, "made-up")
    assert (await closed.lead(lead_id)).stage is Stage.MQL
    assert await closed.of_lead(lead_id) == []


async def test_the_reason_of_a_manager_stands_on_the_reps_card(closed: World) -> None:
    lead_id = await lost(closed)
    await assign(closed, lead_id)
    [handoff] = await closed.of_lead(lead_id)
    card = await closed.db.read(lambda tx: card_of(tx, handoff, masked=False))
    assert card is not None
    assert card.passed_on == "Assigned by Anna: Knows them"
