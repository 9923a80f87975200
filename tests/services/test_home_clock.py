"""Home, by the clock: what is due first, how urgent it is, what is at risk, and what nobody decided on."""

from __future__ import annotations

from bot.domain.ladder import Ladder, Rung
from bot.domain.lead import Priority
from bot.domain.person import SlackFlags
from bot.domain.routing import Target
from bot.services.due import Urgency
from bot.services.home import Home, load_home
from bot.services.home_rows import HomeRow
from tests.services.clocked import at, sign, until
from tests.services.test_reminders import manages, offered
from tests.services.test_work_times import save_mine
from tests.services.world import INES, JONAS, MANAGER, World


async def seen(world: World, by: str) -> Home:
    return await world.db.read(load_home, by)


def rows(home: Home) -> list[HomeRow]:
    return [row for row in home.needs_you.rows if isinstance(row, HomeRow)]


async def test_what_is_due_first_stands_first_whenever_it_was_offered(world: World) -> None:
    await sign(world)
    cold = await offered(world, number=1, priority=Priority.COLD)
    warm = await offered(world, number=2, priority=Priority.WARM)
    pool = await offered(world, Target.POOL, "t2", number=3, priority=Priority.HOT)
    hot = await offered(world, number=4, priority=Priority.HOT)
    home = await seen(world, JONAS)
    # The pool works in New York: nothing in it is due before 14:15 UTC.
    assert [row.handoff_id for row in rows(home)] == [hot, warm, pool, cold]
    dues = [row.due.due_at for row in rows(home) if row.due]
    assert dues == sorted(due for due in dues if due is not None)


async def test_who_has_no_working_time_ahead_reads_their_leads_last(world: World) -> None:
    first = await offered(world)
    second = await offered(world, Target.POOL, "t2", number=2)
    await save_mine(world, days={})
    assert [row.handoff_id for row in rows(await seen(world, JONAS))] == [second, first]


async def test_a_row_turns_as_urgent_as_its_card(world: World) -> None:
    await sign(world)
    await offered(world)
    await until(world, at(2, 12))
    (row,) = rows(await seen(world, JONAS))
    assert row.due is not None
    assert row.due.urgency is Urgency.AT_RISK


async def test_a_manager_reads_how_many_are_at_risk_and_until_when_what_waits(world: World) -> None:
    await manages(world)
    await sign(world)
    handoff_id = await offered(world)
    await until(world, at(2, 12))
    home = await seen(world, MANAGER)
    assert home.at_risk == 1
    assert home.team is not None
    assert home.team.rows[0].due is not None
    assert (await seen(world, INES)).at_risk == 0
    await world.accept(handoff_id, JONAS)
    assert (await seen(world, MANAGER)).at_risk == 0


async def test_what_nobody_decided_on_is_listed_for_managers_until_it_is_assigned(world: World) -> None:
    await sign(world, ladder=Ladder(rungs=(Rung.NEXT_REP,)))
    await offered(world)
    await until(world, at(10, 9))
    for person_id in ("p1", "p4"):
        await world.change(person_id, flags=SlackFlags(checked_at=world.clock.now()))
    parked = (await seen(world, MANAGER)).parked
    assert parked is not None
    assert [(row.name, row.priority) for row in parked.rows] == [("Dana 1", Priority.WARM)]
    assert (await seen(world, JONAS)).parked is None
