"""The window to accept: started, counted on the right calendar, and ended by whatever is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.countdown import CountdownKind, Result
from bot.domain.handoff import Status
from bot.domain.lead import Priority
from bot.domain.post import Subject, TimerKind
from bot.domain.routing import Target
from bot.services import practice
from storage.transaction import Transaction
from tests.services.clocked import at, clock_of, current, deliver, sign, steps, told, until
from tests.services.world import INES, JONAS, MANAGER, START, World, everything_to

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def offered_to(world: World, person_id: str, **lead: Any) -> str:
    """A lead offered to this rep of team Europe."""
    await world.rules(everything_to(Target.REP, person_id))
    handoff = await world.handoff((await world.hand_over(f"for {person_id}", **lead)).handoff_id)
    assert handoff.rep_id == person_id
    return handoff.id


async def move(world: World, to: datetime) -> None:
    world.clock.advance(to - world.clock.now())


async def test_an_offer_runs_from_the_minute_it_was_made_on_its_reps_calendar(world: World) -> None:
    handoff = await world.handoff(await offered_to(world, "p1", priority=Priority.WARM))
    running = await clock_of(world, handoff.id)
    assert (running.owner_id, running.window, running.started_at) == ("p1", 4 * HOUR, START)
    # 10:00 in Berlin: four hours of work are over at 14:00 there.
    assert running.due_at == at(2, 13)


async def test_a_hot_lead_is_told_at_half_and_its_manager_at_three_quarters_of_its_window(world: World) -> None:
    await sign(world)
    handoff = await world.handoff(await offered_to(world, "p1", priority=Priority.HOT))
    await until(world, at(2, 9, 12))
    assert await steps(world, handoff.lead_id) == [
        ("accept", "remind", at(2, 9, 7, 30)),
        ("accept", "at_risk", at(2, 9, 11, 15)),
    ]
    # A window under half an hour reminds its rep once.
    assert [post.place for post in await told(world, Subject.REMINDER, handoff.lead_id)] == [JONAS]


async def test_in_trial_the_clock_shows_and_nothing_is_told(world: World) -> None:
    handoff = await world.handoff(await offered_to(world, "p1", priority=Priority.HOT))
    await until(world, at(20, 9))
    assert (await clock_of(world, handoff.id)).due_at == at(2, 9, 15)
    assert await steps(world, handoff.lead_id) == []
    assert (await world.handoff(handoff.id)).status is Status.OFFERED


async def test_accepting_in_time_meets_the_window_and_nothing_is_told_after_it(world: World) -> None:
    await sign(world)
    handoff = await world.handoff(await offered_to(world, "p1", priority=Priority.HOT))
    await until(world, at(2, 9, 5))
    await world.accept(handoff.id, JONAS)
    running = await clock_of(world, handoff.id)
    assert (running.result, running.counted, running.ended_at) == (Result.MET, 5 * MINUTE, at(2, 9, 5))
    await until(world, at(2, 9, 45))
    assert [one for one in await steps(world, handoff.lead_id) if one[0] == "accept"] == []
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.COUNTDOWN, running.id)) is None


async def test_a_decision_at_the_last_instant_is_in_time_and_a_moment_later_is_late(world: World) -> None:
    one = await offered_to(world, "p1", priority=Priority.HOT)
    other = await offered_to(world, "p2", priority=Priority.HOT)
    await move(world, at(2, 9, 15))
    await world.accept(one, JONAS)
    world.clock.advance(timedelta(microseconds=1))
    await world.accept(other, INES)
    assert (await clock_of(world, one)).result is Result.MET
    assert (await clock_of(world, other)).result is Result.MISSED


async def test_a_withdrawn_offer_was_nobodys_to_decide(world: World) -> None:
    handoff_id = await offered_to(world, "p1")
    await world.withdraw(handoff_id, MANAGER)
    assert (await clock_of(world, handoff_id)).result is Result.VOID


async def test_an_undone_accept_goes_on_with_the_same_window(world: World) -> None:
    await sign(world)
    handoff_id = await offered_to(world, "p1", priority=Priority.HOT)
    await until(world, at(2, 9, 6))
    await world.accept(handoff_id, JONAS)
    await move(world, at(2, 9, 10))
    done = await world.undo(handoff_id, JONAS)
    assert done.successor is not None
    again = await clock_of(world, done.successor.id)
    # Six of fifteen minutes had passed; the four it was accepted count against nobody.
    assert (again.counted, again.since, again.due_at) == (6 * MINUTE, at(2, 9, 10), at(2, 9, 19))
    assert (await clock_of(world, handoff_id)).result is Result.VOID
    await until(world, at(2, 9, 12))
    assert [one for one in await steps(world, done.lead.id) if one[0] == "accept"] == [
        ("accept", "remind", at(2, 9, 11, 30))
    ]
    decided = (await world.accept(done.successor.id, JONAS)).handoff
    assert (decided.own_s, decided.own_business_s) == (8 * 60, 8 * 60)


async def test_a_step_told_before_an_undo_is_not_told_again(world: World) -> None:
    await sign(world)
    handoff_id = await offered_to(world, "p1", priority=Priority.HOT)
    await until(world, at(2, 9, 8))
    await world.accept(handoff_id, JONAS)
    done = await world.undo(handoff_id, JONAS)
    await until(world, at(2, 9, 12))
    assert [one[1] for one in await steps(world, done.lead.id) if one[0] == "accept"] == ["remind", "at_risk"]


async def test_an_owner_changed_in_the_middle_has_a_fresh_window_of_their_own(world: World) -> None:
    handoff = await world.handoff(await offered_to(world, "p1", priority=Priority.WARM))
    await move(world, at(2, 11))
    await world.reassign(handoff.id, MANAGER, "p3")
    now = await current(world, handoff.lead_id)
    assert now is not None
    running = await clock_of(world, now.id)
    # 6:00 in New York: Priya's day begins at 9:00 there, which is 14:00 UTC.
    assert (running.owner_id, running.counted, running.due_at) == ("p3", timedelta(0), at(2, 18))
    assert (await clock_of(world, handoff.id)).result is Result.VOID


async def test_an_owner_in_another_zone_has_their_own_hours(world: World) -> None:
    await world.change("p2", tz="Asia/Tokyo")
    handoff_id = await offered_to(world, "p2", priority=Priority.WARM)
    # 18:00 in Tokyo: it begins the next morning at nine.
    assert (await clock_of(world, handoff_id)).due_at == at(3, 4)


async def test_an_offer_made_on_a_holiday_waits_for_the_working_day(world: World) -> None:
    await world.change("p1", country="DE")
    await move(world, at(2, 9) + timedelta(days=32))  # Good Friday, 3 April 2026
    handoff_id = await offered_to(world, "p1", priority=Priority.WARM)
    due = (await clock_of(world, handoff_id)).due_at
    # Easter Monday is a holiday too: four hours from Tuesday, 9:00 in Berlin (summer time).
    assert due == at(2, 11) + timedelta(days=36)


async def test_an_offer_made_at_lunch_waits_for_its_end(world: World) -> None:
    await world.change("p1", hours={"mon": [["09:00", "10:00"], ["11:30", "17:00"]]})
    handoff_id = await offered_to(world, "p1", priority=Priority.HOT)
    assert (await clock_of(world, handoff_id)).due_at == at(2, 10, 45)


async def test_a_pool_runs_on_the_calendar_of_its_team(world: World) -> None:
    def lead_to_pool(tx: Transaction) -> None:
        team = tx.teams.get("t2")
        assert team is not None
        tx.teams.save(replace(team, tz="America/New_York", country="US"))

    await world.db.run(lead_to_pool)
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over(priority=Priority.HOT)
    running = await clock_of(world, done.handoff_id)
    assert (running.owner_id, running.team_id) == (None, "t2")
    assert running.due_at == at(2, 14, 15)


async def test_a_pool_without_a_zone_of_its_own_has_that_of_most_of_its_reps(world: World) -> None:
    await world.db.run(lambda tx: tx.teams.set_members("t2", [("p2", 1), ("p3", 1)]))
    await world.change("p2", tz="America/New_York")
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over(priority=Priority.HOT)
    assert (await clock_of(world, done.handoff_id)).due_at == at(2, 14, 15)


async def test_a_hotter_touch_shortens_the_window_from_now_on(world: World) -> None:
    handoff_id = await offered_to(world, "p1", priority=Priority.WARM, email="ada@example.com")
    handoff = await world.handoff(handoff_id)
    await move(world, at(2, 11))
    await world.hand_over("another", email="ada@example.com", priority=Priority.HOT)
    running = await clock_of(world, handoff.id)
    assert (running.window, running.due_at) == (15 * MINUTE, at(2, 11, 15))


async def test_a_hotter_touch_never_makes_a_window_end_later(world: World) -> None:
    handoff_id = await offered_to(world, "p1", priority=Priority.WARM, email="ada@example.com")
    await move(world, at(2, 12, 50))
    await world.hand_over("another", email="ada@example.com", priority=Priority.HOT)
    assert (await clock_of(world, handoff_id)).due_at == at(2, 13)


async def test_a_card_that_came_late_costs_its_rep_nothing(world: World) -> None:
    await sign(world)
    handoff = await world.handoff(await offered_to(world, "p1", priority=Priority.HOT))
    await until(world, at(2, 9, 30), delivered=False)
    assert await steps(world, handoff.lead_id) == []
    await deliver(world)
    await until(world, at(2, 9, 44))
    taken = await steps(world, handoff.lead_id)
    assert taken[0] == ("accept", "remind", at(2, 9, 37, 30))
    decided = (await world.accept(handoff.id, JONAS)).handoff
    assert (await clock_of(world, handoff.id)).result is Result.MET
    assert (decided.system_s, decided.own_s) == (30 * 60, 14 * 60)


async def test_waits_are_kept_apart_by_the_wall_clock_and_in_working_time(world: World) -> None:
    handoff_id = await offered_to(world, "p1", engaged_at=START - HOUR)
    await deliver(world)
    await move(world, at(3, 9))
    decided = (await world.accept(handoff_id, JONAS)).handoff
    # Engaged at 9:00 in Berlin, offered at 10:00, accepted the next day at 10:00: eight hours of work later.
    assert (decided.system_s, decided.system_business_s) == (3600, 3600)
    assert (decided.own_s, decided.own_business_s) == (24 * 3600, 8 * 3600)
    events = await world.db.read(lambda tx: tx.events.of_lead(decided.lead_id, 50))
    accepted = next(event for event in events if event.kind == "handoff.accepted")
    assert accepted.data["waits"] == {
        "system_s": 3600, "system_business_s": 3600, "own_s": 24 * 3600, "own_business_s": 8 * 3600,
    }  # fmt: skip


async def test_a_practice_lead_has_no_clock(world: World) -> None:
    handoff = await world.db.run(practice.start_practice, JONAS)
    assert await world.db.read(lambda tx: tx.countdowns.of(CountdownKind.ACCEPT, handoff.id)) is None
