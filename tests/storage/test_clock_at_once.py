"""Clicks, the clock and changed calendars at the same moment, on PostgreSQL: nobody waits in a circle, and what was
decided is told nothing of any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from bot.domain.countdown import CountdownKind, Result
from bot.domain.handoff import Status
from bot.domain.lead import Priority
from bot.domain.matching import Operator
from bot.domain.person import Role
from bot.domain.post import Timer
from bot.domain.routing import Target
from bot.errors import LockstepError
from bot.integrations.holidays import PublicHolidays
from bot.services import handoffs, intake, people, timers
from bot.services.handoffs import AcceptHandoff
from bot.services.lead_records import HandOver
from jobs.sweep_timers import Timers
from storage import postgres
from storage.database import Database
from storage.failures import is_worth_repeating
from storage.transaction import Transaction
from tests.services.signed import put_in_force
from tests.services.world import StandingClock, everything_to, populate

LEADS = 12
STEP = "countdown.step"


@pytest.fixture
def moving() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def two(postgres_url_migrated: str, moving: StandingClock) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes, as far as the database can tell."""
    made = [Database.open(postgres_url_migrated, clock=moving, holidays=PublicHolidays()) for _ in range(2)]
    yield made[0], made[1]
    for db in made:
        await db.close()


@pytest.fixture
def circles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Deadlocks the database had to end."""
    seen: list[str] = []

    def noted(error: Exception) -> bool:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == "40P01":
            seen.append(str(error))
        return is_worth_repeating(error)

    monkeypatch.setattr(postgres, "is_worth_repeating", noted)
    return seen


def company(tx: Transaction) -> None:
    populate(tx)
    put_in_force(tx)
    tx.rules.replace([everything_to(Target.TEAM, "t1", operator=Operator.ANY)])
    for one in tx.people.with_role(Role.REP):
        tx.people.set_links(one.id, "p4", None)


def offers(tx: Transaction, count: int = LEADS) -> list[tuple[str, str]]:
    """Hot leads offered to the reps of Europe: (handoff, Slack id of its rep). Their cards stand in Slack."""
    found = []
    for number in range(count):
        command = HandOver(source="crm", external_id=str(number), priority=Priority.HOT, given=frozenset({"priority"}))
        done = intake.hand_over(tx, command)
        handoff = tx.handoffs.get(done.handoff_id or "")
        assert handoff is not None
        assert handoff.rep_id is not None
        found.append((handoff.id, handoff.rep_id.replace("p", "U")))
        for post in tx.posts.of_lead(handoff.lead_id):
            tx.posts.shown(post.id, post.place, "1.0", 1)
    return found


async def accept(db: Database, handoff_id: str, by: str) -> bool:
    try:
        await db.run(handoffs.accept_handoff, AcceptHandoff(handoff_id=handoff_id, by=by))
    except LockstepError:
        return False
    return True


@pytest.mark.postgres
@pytest.mark.parametrize("minutes", [8, 15])
async def test_clicks_and_steps_of_the_ladder_at_once(
    two: tuple[Database, Database], moving: StandingClock, circles: list[str], minutes: int
) -> None:
    here, there = two
    await here.run(company)
    found = await here.run(offers)
    moving.advance(timedelta(minutes=minutes))
    sweeps = [Timers(here).sweep(), Timers(there).sweep()]
    clicks = [accept(two[number % 2], handoff_id, by) for number, (handoff_id, by) in enumerate(found)]
    async with asyncio.timeout(60):
        won, *_ = await asyncio.gather(asyncio.gather(*clicks), *sweeps)
    assert circles == []
    for (handoff_id, _), is_won in zip(found, won, strict=True):
        handoff = await here.read(lambda tx, of=handoff_id: tx.handoffs.get(of))
        clock = await here.read(lambda tx, of=handoff_id: tx.countdowns.of(CountdownKind.ACCEPT, of))
        assert handoff is not None
        assert clock is not None
        assert handoff.status is (Status.ACCEPTED if is_won else Status.EXPIRED)
        assert clock.result is (Result.MET if is_won else Result.MISSED)
    if minutes < 15:
        assert all(won)


@pytest.mark.postgres
@pytest.mark.parametrize("what", ["accept", "away"])
async def test_whoever_holds_what_the_ladder_needs_gets_its_timer_at_once(
    postgres_url_migrated: str, moving: StandingClock, circles: list[str], what: str
) -> None:
    """A click holds the lead, or a changed calendar the countdown, when the clock has taken the timer and wants it."""
    db = Database.open(postgres_url_migrated, clock=moving, holidays=PublicHolidays())
    await db.run(company)
    ((handoff_id, by), *_) = await db.run(offers, 1)
    moving.advance(timedelta(minutes=8))
    holding, took = threading.Event(), threading.Event()

    def click(tx: Transaction) -> None:
        handoff = tx.handoffs.get(handoff_id)
        assert handoff is not None
        if what == "accept":
            tx.leads.lock(handoff.lead_id)
        else:
            tx.countdowns.lock_of_owner(handoff.rep_id or "")
        holding.set()
        took.wait(5)
        if what == "accept":
            handoffs.accept_handoff(tx, AcceptHandoff(handoff_id=handoff_id, by=by))
        else:
            people.set_away(tx, by, "2026-03-05")

    def fire(tx: Transaction, timer: Timer) -> None:
        took.set()
        timers.fire(tx, timer)

    async def in_process(work: Callable[[Database], Awaitable[object]]) -> None:
        one = Database.open(postgres_url_migrated, clock=moving, holidays=PublicHolidays())
        try:
            await work(one)
        finally:
            await one.close()

    clicking = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(in_process(lambda one: one.run(click)))))
    await asyncio.to_thread(holding.wait)
    await asyncio.to_thread(lambda: asyncio.run(in_process(lambda one: Timers(one, fire=fire).sweep())))
    await clicking
    assert circles == []
    clock = await db.read(lambda tx: tx.countdowns.of(CountdownKind.ACCEPT, handoff_id))
    assert clock is not None
    assert clock.step is None
    moving.advance(timedelta(minutes=30))
    await Timers(db).sweep()
    handoff = await db.read(lambda tx: tx.handoffs.get(handoff_id))
    assert handoff is not None
    told = await db.read(lambda tx: [one for one in tx.events.of_lead(handoff.lead_id, 50) if one.kind == STEP])
    assert [one for one in told if one.data["of"] == CountdownKind.ACCEPT] == []
    await db.close()
