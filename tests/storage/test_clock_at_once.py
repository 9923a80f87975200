"""Clicks, the clock and changed calendars at the same moment, on PostgreSQL: nobody waits in a circle, and what was
decided is told nothing of any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.countdown import CountdownKind, Result
from bot.domain.handoff import Status
from bot.domain.lead import Priority
from bot.domain.matching import Operator
from bot.domain.person import Role
from bot.domain.routing import Target
from bot.errors import LockstepError
from bot.integrations.holidays import PublicHolidays
from bot.services import handoffs, intake, people
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


def offers(tx: Transaction) -> list[tuple[str, str]]:
    """Hot leads offered to the reps of Europe: (handoff, Slack id of its rep). Their cards stand in Slack."""
    found = []
    for number in range(LEADS):
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
    assert circles == [], "\n".join(circles)
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
async def test_going_away_while_the_ladder_fires(
    two: tuple[Database, Database], moving: StandingClock, circles: list[str]
) -> None:
    here, there = two
    await here.run(company)
    await here.run(offers)
    moving.advance(timedelta(minutes=15))

    async def come_and_go(by: str) -> None:
        for _ in range(4):
            await there.run(people.set_away, by, None)
            await there.run(people.set_back, by)

    async with asyncio.timeout(60):
        await asyncio.gather(Timers(here).sweep(), come_and_go("U1"), come_and_go("U2"))
    assert circles == [], "\n".join(circles)
