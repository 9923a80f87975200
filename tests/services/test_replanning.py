"""Working time changes while windows run: what has passed stays passed, the rest runs on the new calendar, visibly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.countdown import CountdownKind
from bot.domain.lead import Priority
from bot.domain.post import OutboxKind, TimerKind
from bot.domain.routing import Target
from bot.domain.signing import State
from bot.services import countdowns, people, replanning
from storage import tables
from storage.transaction import Transaction
from tests.services.clocked import at, clock_of, deliver, events, sign, steps, until
from tests.services.world import JONAS, START, World, everything_to

HOUR = timedelta(hours=1)


async def warm_offer(world: World, to: str = "p1") -> str:
    await world.rules(everything_to(Target.REP, to))
    done = await world.hand_over(f"for {to}", priority=Priority.WARM)
    assert done.handoff_id is not None
    return done.handoff_id


async def edit(world: World, person_id: str, **values: Any) -> None:
    """As the roster is edited: stored, and what runs is planned anew."""

    def save(tx: Transaction) -> None:
        before = tx.people.get(person_id)
        assert before is not None
        after = replace(before, **values)
        tx.people.set_roster(after)
        countdowns.replan_person(tx, before, after)

    await world.db.run(save)


async def move(world: World, to: datetime) -> None:
    world.clock.advance(to - world.clock.now())


async def test_going_away_stops_the_clock_until_the_day_they_are_back(world: World) -> None:
    await sign(world)
    handoff_id = await warm_offer(world)
    await deliver(world)
    await move(world, at(2, 10))
    await world.db.run(people.set_away, JONAS, "2026-03-05")
    running = await clock_of(world, handoff_id)
    # An hour has passed; three are left from Thursday, 9:00 in Berlin.
    assert (running.counted, running.due_at) == (HOUR, at(5, 11))


async def test_coming_back_early_lets_it_run_on_at_once(world: World) -> None:
    await sign(world)
    handoff_id = await warm_offer(world)
    await deliver(world)
    await move(world, at(2, 10))
    await world.db.run(people.set_away, JONAS, "2026-03-05")
    await move(world, at(3, 10))
    await world.db.run(people.come_back, "p1", actor="p1", origin="slack")
    running = await clock_of(world, handoff_id)
    assert (running.counted, running.due_at) == (HOUR, at(3, 13))


async def test_away_without_a_date_there_is_no_clock_and_then_there_is(world: World) -> None:
    await sign(world)
    handoff_id = await warm_offer(world)
    await deliver(world)
    await move(world, at(2, 10))
    await world.db.run(people.set_away, JONAS, None)
    running = await clock_of(world, handoff_id)
    assert running.due_at is None
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.COUNTDOWN, running.id)) is None
    await move(world, at(4, 10))
    await world.db.run(people.come_back, "p1", actor="p1", origin="slack")
    assert (await clock_of(world, handoff_id)).due_at == at(4, 13)


async def test_a_new_zone_keeps_what_has_passed(world: World) -> None:
    await sign(world)
    handoff_id = await warm_offer(world)
    await deliver(world)
    await move(world, at(2, 10))
    await edit(world, "p1", tz="America/New_York")
    running = await clock_of(world, handoff_id)
    # 5:00 in New York: three hours are left from 9:00 there.
    assert (running.counted, running.due_at) == (HOUR, at(2, 17))


async def test_new_hours_and_holidays_move_the_end(world: World) -> None:
    handoff_id = await warm_offer(world)
    await edit(world, "p1", hours={"mon": [["09:00", "11:00"]], "tue": [["09:00", "17:00"]]})
    assert (await clock_of(world, handoff_id)).due_at == at(3, 11)
    await edit(world, "p1", hours=None, days_off=("2026-03-02",))
    assert (await clock_of(world, handoff_id)).due_at == at(3, 12)


async def test_a_step_that_was_told_is_not_told_again_on_the_new_calendar(world: World) -> None:
    await sign(world)
    handoff_id = await warm_offer(world)
    handoff = await world.handoff(handoff_id)
    await until(world, at(2, 11, 30))
    await edit(world, "p1", tz="America/New_York")
    await until(world, at(2, 15))
    # Two and a half hours had passed; at risk is after three, half an hour after 9:00 in New York.
    assert await steps(world, handoff.lead_id) == [
        ("accept", "remind", at(2, 11)),
        ("accept", "at_risk", at(2, 14, 30)),
    ]


async def test_it_is_visible_and_recorded(world: World) -> None:
    handoff = await world.handoff(await warm_offer(world))
    await deliver(world)
    await edit(world, "p1", tz="America/New_York")
    (event,) = await events(world, handoff.lead_id, "countdown.replanned")
    assert (event.data["from"], event.data["to"]) == (at(2, 13).isoformat(), at(2, 18).isoformat())
    cards = {post.id for post in await world.posts(handoff.lead_id)}
    assert {row.subject_id for row in await world.outbox() if row.kind is OutboxKind.SYNC_POST} <= cards


async def test_what_does_not_move_is_not_touched(world: World) -> None:
    handoff = await world.handoff(await warm_offer(world))
    await edit(world, "p1", cap=9)
    assert await events(world, handoff.lead_id, "countdown.replanned") == []


async def test_a_teams_new_calendar_moves_its_pool(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over(priority=Priority.WARM)
    assert (await clock_of(world, done.handoff_id)).due_at == at(2, 18)  # the zone of most: two of them, by name

    def save(tx: Transaction) -> None:
        before = tx.teams.get("t2")
        assert before is not None
        after = replace(before, tz="Europe/Lisbon")
        tx.teams.save(after)
        countdowns.replan_team(tx, before, after)

    await world.db.run(save)
    assert (await clock_of(world, done.handoff_id)).due_at == at(2, 13)


async def test_an_agreement_that_is_suspended_stops_its_ladder(world: World) -> None:
    await sign(world)
    handoff = await world.handoff(await warm_offer(world))
    await deliver(world)

    def suspend(tx: Transaction) -> None:

        agreement = tx.agreements.in_force()
        assert agreement.signing is not None
        tx.agreements.save_signing(replace(agreement, signing=replace(agreement.signing, state=State.SUSPENDED)))
        countdowns.replan_agreement(tx, agreement.id)

    await world.db.run(suspend)
    await until(world, at(9, 9))
    assert await steps(world, handoff.lead_id) == []
    assert (await clock_of(world, handoff.id)).due_at == at(2, 13)


async def test_offers_from_before_the_clock_have_their_window_from_now_on(world: World) -> None:
    leads = [await world.hand_over(str(number), priority=Priority.HOT) for number in range(5)]

    def as_before(tx: Transaction) -> None:
        tx.countdowns._change(tables.clock.countdowns.delete(), {})
        tx.timers.set(TimerKind.REPLAN, replanning.OFFERS, tx.now)

    await world.db.run(as_before)
    await world.accept(leads[0].handoff_id, await _rep_of(world, leads[0].handoff_id))
    await until(world, at(2, 9, 1))
    assert await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.ACCEPT, leads[0].handoff_id or "")) is None
    for one in leads[1:]:
        assert (await clock_of(world, one.handoff_id)).due_at == at(2, 9, 15)
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.REPLAN, replanning.OFFERS)) is None


async def test_new_data_of_holidays_plans_everything_anew_once(world: World) -> None:
    handoff_id = await warm_offer(world)
    await world.db.run(replanning.note_calendar_data, "holidays 1")
    await until(world, START)

    def holiday_found(tx: Transaction) -> None:
        before = tx.people.get("p1")
        assert before is not None
        tx.people.set_roster(replace(before, days_off=("2026-03-02",)))

    await world.db.run(holiday_found)
    await world.db.run(replanning.note_calendar_data, "holidays 1")
    await until(world, START)
    assert (await clock_of(world, handoff_id)).due_at == at(2, 13)
    await world.db.run(replanning.note_calendar_data, "holidays 2")
    await until(world, START)
    assert (await clock_of(world, handoff_id)).due_at == at(3, 12)


async def _rep_of(world: World, handoff_id: str | None) -> str:
    return str((await world.handoff(handoff_id)).rep_id).replace("p", "U")
