"""The clock of the agreement in the small world: time passes from one due instant to the next, and messages arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.config import Event
from bot.domain.countdown import CountdownKind, Running
from bot.domain.handoff import Handoff
from bot.domain.post import Post, Subject
from bot.services import standstills
from tests.services.signed import put_in_force
from tests.services.world import World


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """In March 2026, of which the 2nd is a Monday; UTC."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


async def sign(world: World, **terms: Any) -> None:
    """Both sides have signed, and what is offered from now on is held to it."""
    await world.db.run(put_in_force, **terms)


async def deliver(world: World) -> None:
    """Everything that is to be said stands in Slack."""
    while await world.said():
        pass


async def until(world: World, instant: datetime, *, delivered: bool = True) -> None:
    """Time passes to `instant`, each timer firing at its own."""
    if delivered:
        await deliver(world)
    while True:
        due = await world.db.read(lambda tx: tx.timers.next_due())
        if due is None or due > instant:
            break
        world.clock.advance(max(due - world.clock.now(), timedelta(0)))
        await world.sweep()
        if delivered:
            await deliver(world)
    world.clock.advance(max(instant - world.clock.now(), timedelta(0)))


async def down_until(world: World, instant: datetime) -> None:
    """The bot is down until `instant`, and back then."""
    await world.db.run(lambda tx: tx.standstills.alive())
    world.clock.advance(instant - world.clock.now())
    await world.db.run(standstills.came_up)
    await world.sweep()
    await deliver(world)


async def clock_of(world: World, handoff_id: str | None) -> Running:
    """The window of an offer."""
    found = await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.ACCEPT, handoff_id or ""))
    assert found is not None
    return found


async def current(world: World, lead_id: str | None) -> Handoff | None:
    return await world.db.read(lambda tx: tx.handoffs.offered_of(lead_id or "") or tx.handoffs.owned_of(lead_id or ""))


async def steps(world: World, lead_id: str | None) -> list[tuple[str, str, datetime]]:
    """The steps told of a lead's windows: kind of window, step, when."""
    return [
        (one.data["of"], one.data["step"], one.recorded_at) for one in await events(world, lead_id, "countdown.step")
    ]


async def events(world: World, lead_id: str | None, kind: str) -> list[Event]:
    """A lead's events of one kind, in order."""
    found = await world.db.read(lambda tx: tx.events.of_lead(lead_id or "", 200))
    return [one for one in reversed(found) if one.kind == kind]


async def told(world: World, subject: Subject, lead_id: str | None) -> list[Post]:
    """Messages of one kind about a lead."""
    return [post for post in await world.posts(lead_id or "") if post.subject is subject]
