"""What turns in the middle of a window: a hotter lead, an undone accept, a pause; what was told stays true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.lead import Priority
from tests.services.clocked import at, clock_of, deliver, events, sign, until
from tests.services.test_reminders import (
    THREE_QUARTERS,
    at_risk,
    at_risk_posts,
    manages,
    offered,
    reminder,
    reminders,
)
from tests.services.world import JONAS, World

MINUTE = timedelta(minutes=1)


async def listed(world: World, handoff_id: str) -> list[str]:
    """In whose lists of what is at risk the offer stands."""
    running = await clock_of(world, handoff_id)
    return await world.db.read(lambda tx: tx.at_risk.managers_of(running.id))


async def hotter(world: World, **lead: Any) -> str:
    handoff_id = await offered(world, email="dana@example.com", **lead)
    await until(world, THREE_QUARTERS + MINUTE)
    await world.hand_over("again", email="dana@example.com", priority=Priority.HOT)
    return handoff_id


async def test_a_hotter_lead_is_at_risk_no_more_until_its_new_window_nearly_is_over(world: World) -> None:
    await sign(world)
    await manages(world)
    handoff_id = await hotter(world)
    assert await listed(world, handoff_id) == []
    await deliver(world)
    running = await clock_of(world, handoff_id)
    for post in await reminders(world, handoff_id):
        assert (await reminder(world, post)).due_at == running.due_at
    await until(world, THREE_QUARTERS + 13 * MINUTE)
    assert await listed(world, handoff_id) == ["p4"]
    first, second = await at_risk_posts(world)
    assert (await at_risk(world, second)).total == 1
    assert (await at_risk(world, first)).total == 0


async def test_what_was_told_before_a_lead_turned_hotter_is_over_once_it_is_decided(world: World) -> None:
    await sign(world)
    await manages(world)
    handoff_id = await hotter(world)
    await deliver(world)
    told = {post.id: post.shown_version for post in await reminders(world, handoff_id)}
    await world.accept(handoff_id, JONAS)
    await deliver(world)
    after = await reminders(world, handoff_id)
    assert len(after) == 2
    for post in after:
        assert post.shown_version > told[post.id]
        assert (await reminder(world, post)).over == "Accepted by you."


async def test_an_undone_accept_is_at_risk_as_before(world: World) -> None:
    await sign(world)
    await manages(world)
    handoff_id = await offered(world)
    await until(world, THREE_QUARTERS + MINUTE)
    await world.accept(handoff_id, JONAS)
    assert await listed(world, handoff_id) == []
    undone = await world.undo(handoff_id, JONAS)
    assert undone.successor is not None
    assert await listed(world, undone.successor.id) == ["p4"]
    assert (await at_risk(world, (await at_risk_posts(world))[-1])).total == 1
    await until(world, at(2, 20))
    assert [event.data["step"] for event in await events(world, undone.lead.id, "countdown.step")][-1] == "expire"
