"""Where a lead goes that nobody decided on: to somebody who works now, and where nobody does, quietly until they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Priority
from bot.domain.person import Role, Side
from bot.domain.post import Post, PostRole, Subject, TimerKind
from bot.domain.routing import Target
from bot.services import offers, people
from tests.services.clocked import at, clock_of, current, sign, steps, told, until
from tests.services.world import INES, MANAGER, PRIYA, START, World, everything_to, person

SYDNEY, BERLIN = "Australia/Sydney", "Europe/Berlin"
EXPIRES = at(2, 13)
"""A warm offer of 10:00 in Berlin, at 14:00 there: midnight in Sydney, whose next day begins at 9:00, 22:00 UTC."""
MORNING = at(2, 22)


async def company(world: World, **zones: str) -> None:
    """Jonas in Berlin has the lead first; Ines and Priya where it is said. Anna manages them, Vera her, Jo arbiter."""

    def grow(tx: Any) -> None:
        tx.people.add(person(7, "Vera", Role.MANAGER, Side.LEADERSHIP, tz=zones.get("vera", BERLIN)))
        tx.people.add(person(8, "Jo", Role.ARBITER, Side.OTHER, tz=zones.get("jo", BERLIN)))
        for rep in ("p1", "p2", "p3"):
            tx.people.set_links(rep, "p4", None)
        tx.people.set_links("p4", "p7", None)
        tx.teams.set_members("t1", [("p1", 9), ("p2", 2), ("p3", 1)])

    await world.db.run(grow)
    await world.change("p2", tz=zones.get("ines", BERLIN))
    await world.change("p3", tz=zones.get("priya", BERLIN))
    await sign(world)


async def warm(world: World, **values: Any) -> str:
    done = await world.hand_over(**{"priority": Priority.WARM} | values)
    assert done.lead_id is not None
    first = await current(world, done.lead_id)
    assert first is not None
    assert first.rep_id == "p1"
    return done.lead_id


async def now_with(world: World, lead_id: str) -> Handoff:
    found = await current(world, lead_id)
    assert found is not None
    return found


async def cards(world: World, handoff: Handoff) -> list[Post]:
    found = await told(world, Subject.HANDOFF, handoff.lead_id)
    return [one for one in found if one.subject_id == handoff.id and one.role is PostRole.PRIMARY]


async def test_the_next_rep_is_one_who_works_now(world: World) -> None:
    await company(world, ines=SYDNEY)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    assert second.rep_id == "p3", "it would be the turn of Ines, where it is midnight"
    assert [post.created_at for post in await cards(world, second)] == [EXPIRES]


async def test_where_no_rep_works_the_card_stands_when_their_day_begins_and_not_before(world: World) -> None:
    await company(world, ines=SYDNEY, priya=SYDNEY)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    assert (second.rep_id, second.opened, second.offered_at) == ("p2", Opened.EXPIRED, EXPIRES)
    await until(world, MORNING - timedelta(seconds=1))
    assert await cards(world, second) == []
    await until(world, MORNING + timedelta(hours=1))
    assert [post.created_at for post in await cards(world, second)] == [MORNING]
    # The window counts from then: four hours from nine.
    assert (await clock_of(world, second.id)).due_at == at(3, 2)
    await until(world, at(3, 2))
    assert [when for _, step, when in await steps(world, lead_id) if step == "expire"] == [EXPIRES, at(3, 2)]


async def test_the_end_of_a_day_is_no_time_for_a_card(world: World) -> None:
    await company(world)
    world.clock.advance(at(2, 12) - START)
    lead_id = await warm(world)
    # At 17:00 in Berlin it expires, and everybody goes home.
    await until(world, at(2, 18))
    second = await now_with(world, lead_id)
    assert second.offered_at == at(2, 16)
    assert await cards(world, second) == []
    await until(world, at(3, 8))
    assert [post.created_at for post in await cards(world, second)] == [at(3, 8)]


async def test_a_pool_a_manager_and_an_arbiter_read_it_in_their_day(world: World) -> None:
    await company(world, vera=SYDNEY, jo="America/New_York", ines=SYDNEY, priya=SYDNEY)
    await world.db.run(people.set_away, INES, None)
    await world.db.run(people.set_away, PRIYA, "2026-03-20")
    await world.configure(fallback_channel=None)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    third = await now_with(world, lead_id)
    assert third.rep_id == "p7"
    assert await cards(world, third) == []
    await until(world, MORNING)
    assert [post.created_at for post in await cards(world, third)] == [MORNING]
    # Out at 13:00 in Sydney, 21:00 in New York.
    await until(world, at(3, 2))
    fourth = await now_with(world, lead_id)
    assert (fourth.rep_id, await cards(world, fourth)) == ("p8", [])
    await until(world, at(3, 14))
    assert [post.created_at for post in await cards(world, fourth)] == [at(3, 14)]


async def test_a_pool_has_its_card_by_the_hours_of_its_team(world: World) -> None:
    await company(world)

    def in_sydney(tx: Any) -> None:
        tx.teams.save(replace(tx.teams.get("t1"), pool_channel="C0EUROPE", tz=SYDNEY))

    await world.db.run(in_sydney)
    await world.change("p2", roles=frozenset())
    await world.change("p3", cap=0)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    assert (second.pool_channel, await cards(world, second)) == ("C0EUROPE", [])
    await until(world, MORNING)
    assert [post.created_at for post in await cards(world, second)] == [MORNING]


async def test_one_card_whatever_happens_meanwhile(world: World) -> None:
    await company(world, ines=SYDNEY, priya=SYDNEY)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    await world.accept(second.id, INES)
    await world.undo(second.id, INES)
    again = await now_with(world, lead_id)
    await until(world, MORNING)
    assert [post.created_at for post in await cards(world, again)] == [MORNING]
    await world.db.run(lambda tx: offers.card_is_due(tx, lead_id))
    assert len(await cards(world, again)) == 1


async def test_reassigned_at_night_it_is_with_the_other_at_once_and_nobody_has_a_second_card(world: World) -> None:
    await company(world, ines=SYDNEY, priya=SYDNEY)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    await world.reassign(second.id, MANAGER, "p3")
    third = await now_with(world, lead_id)
    await until(world, MORNING + timedelta(minutes=5))
    assert await cards(world, second) == []
    assert [post.created_at for post in await cards(world, third)] == [EXPIRES]


async def test_after_a_standstill_that_ends_at_night_the_card_waits_for_the_next_day(world: World) -> None:
    await company(world, ines=SYDNEY, priya=SYDNEY)
    lead_id = await warm(world)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    world.clock.advance(at(3, 13) - world.clock.now())
    await world.sweep()
    assert await cards(world, second) == []
    await until(world, at(3, 22))
    assert [post.created_at for post in await cards(world, second)] == [at(3, 22)]


async def test_who_has_no_working_time_ahead_has_it_at_once(world: World) -> None:
    await company(world, ines=SYDNEY, priya=SYDNEY)
    lead_id = await warm(world)
    nobody: dict[str, list[list[str]]] = {day: [] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    for rep in ("p2", "p3"):
        await world.change(rep, hours=nobody)
    await until(world, EXPIRES)
    second = await now_with(world, lead_id)
    assert [post.created_at for post in await cards(world, second)] == [EXPIRES]
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.CARD, lead_id)) is None


async def test_a_new_lead_has_its_card_at_once_whatever_the_hour(world: World) -> None:
    await company(world)
    await world.rules(everything_to(Target.REP, "p3"))
    await world.change("p3", tz=SYDNEY)
    world.clock.advance(EXPIRES - START)
    done = await world.hand_over(priority=Priority.HOT)
    assert done.lead_id is not None
    handoff = await now_with(world, done.lead_id)
    assert [post.created_at for post in await cards(world, handoff)] == [EXPIRES]
