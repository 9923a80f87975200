"""The ladder: what is told as a window runs out, who gets the lead then, and what a standstill changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.budget import Kind
from bot.domain.countdown import Result
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.ladder import Rung
from bot.domain.lead import Priority, Stage
from bot.domain.person import Role, Side, SlackFlags
from bot.domain.post import Subject, TimerKind
from bot.domain.routing import Target
from bot.errors import NotAllowed
from bot.services import assigning, people, standstills
from bot.services.assigning import AssignLead
from bot.services.standstills import Heartbeat
from bot.services.whereabouts import whereabouts
from tests.services.clocked import at, clock_of, current, deliver, down_until, events, sign, steps, told, until
from tests.services.world import FALLBACK, JONAS, MANAGER, START, World, everything_to, person

MINUTE = timedelta(minutes=1)
JUDGE = "U8"


async def company(world: World) -> None:
    """Anna manages the reps; Vera is her manager, Jo the arbiter. Everybody's day is Jonas's."""

    def grow(tx: Any) -> None:
        tx.people.add(person(7, "Vera", Role.MANAGER, Side.LEADERSHIP))
        tx.people.add(person(8, "Jo", Role.ARBITER, Side.OTHER))
        for rep in ("p1", "p2", "p3"):
            tx.people.set_links(rep, "p4", None)
        tx.people.set_links("p4", "p7", None)

    await world.db.run(grow)
    for rep in ("p2", "p3"):
        await world.change(rep, tz="Europe/Berlin")
    await sign(world)


async def hot(world: World, **values: Any) -> str:
    """A hot lead on its way up; its id."""
    done = await world.hand_over(**{"priority": Priority.HOT} | values)
    assert done.lead_id is not None
    return done.lead_id


async def now_with(world: World, lead_id: str) -> Handoff:
    found = await current(world, lead_id)
    assert found is not None
    return found


async def test_half_remind_three_quarters_the_rep_again_and_the_manager_then_it_expires(world: World) -> None:
    await company(world)
    lead_id = await hot(world, priority=Priority.WARM)
    first = await now_with(world, lead_id)
    await until(world, at(2, 13))
    assert await steps(world, lead_id) == [
        ("accept", "remind", at(2, 11)),
        ("accept", "at_risk", at(2, 12)),
        ("accept", "expire", at(2, 13)),
    ]
    reminders = await told(world, Subject.REMINDER, lead_id)
    assert [post.created_at for post in reminders] == [at(2, 11), at(2, 12)]
    assert len(await world.db.read(lambda tx: tx.posts.of_subject(Subject.AT_RISK, "p4"))) == 1
    expired = await world.handoff(first.id)
    assert (expired.status, expired.decided_at, expired.decided_by) == (Status.EXPIRED, at(2, 13), None)
    (event,) = await events(world, lead_id, "handoff.expired")
    assert event.actor == "lockstep"
    assert event.data["waits"]["own_business_s"] == 4 * 3600


async def test_up_the_ladder_each_time_to_the_next_and_at_the_end_it_is_parked(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    seen = [await now_with(world, lead_id)]
    for number in range(1, 5):
        await until(world, at(2, 9) + 15 * number * MINUTE)
        seen.append(await now_with(world, lead_id))
    assert [one.opened for one in seen] == [Opened.HANDED_OVER] + [Opened.EXPIRED] * 4
    places = [one.pool_channel or one.rep_id for one in seen]
    assert set(places[:2]) == {"p1", "p2"}
    assert places[2:] == [FALLBACK, "p7", "p8"]
    names = {"p1": "Jonas", "p2": "Ines"}
    assert seen[1].routed_because.startswith(f"{names[str(places[0])]} did not decide in time.")
    assert "manager of Anna" in seen[3].routed_because
    assert "You are the arbiter" in seen[4].routed_because
    assert (await world.lead(lead_id)).rung is Rung.ARBITER

    await until(world, at(2, 10, 15))
    lead = await world.lead(lead_id)
    assert (lead.stage, lead.rung) == (Stage.MQL, Rung.PARKED)
    assert await current(world, lead_id) is None
    assert [one.id for one in await world.db.read(lambda tx: tx.leads.parked(10, 0))] == [lead_id]
    assert await world.db.read(lambda tx: tx.leads.count_parked()) == 1
    parked = await world.lead(lead_id)
    assert (await world.db.read(lambda tx: whereabouts(tx, parked))).startswith("Parked: nobody on the ladder decided")
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.UNROUTED, lead_id)) is None
    assert len(await events(world, lead_id, "lead.parked")) == 1


async def test_a_parked_lead_is_assigned_by_a_manager_and_begins_at_the_bottom(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    await until(world, at(2, 10, 15))
    command = AssignLead(lead_id=lead_id, by=MANAGER, person_id="p3", note="yours")
    await world.db.run(assigning.assign_lead, command)
    assert (await world.lead(lead_id)).rung is None
    assert (await now_with(world, lead_id)).rep_id == "p3"
    assert await world.db.read(lambda tx: tx.leads.parked(10, 0)) == []
    await until(world, at(2, 10, 30))
    # Jonas and Ines had it before: nobody of the reps is left, so it is in the pool.
    assert (await now_with(world, lead_id)).pool_channel is not None


async def test_whoever_it_goes_up_to_may_decide_without_being_a_rep(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    await until(world, at(2, 10))
    arbiters = await now_with(world, lead_id)
    assert arbiters.rep_id == "p8"
    with pytest.raises(NotAllowed):
        await world.accept(arbiters.id, JONAS)
    with pytest.raises(NotAllowed):
        await world.reassign(arbiters.id, JONAS, "p3")
    done = await world.accept(arbiters.id, JUDGE)
    assert done.handoff.rep_id == "p8"


async def test_whoever_it_goes_up_to_may_give_it_to_a_rep(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    await until(world, at(2, 10))
    await world.reassign((await now_with(world, lead_id)).id, JUDGE, "p3")
    assert (await now_with(world, lead_id)).rep_id == "p3"


async def test_who_is_away_is_stood_in_for_and_an_empty_rung_is_passed_over(world: World) -> None:
    await company(world)
    await world.change("p7", away_since=START)
    await world.db.run(lambda tx: tx.people.set_links("p7", None, "p3"))
    lead_id = await hot(world)
    await until(world, at(2, 9, 45))
    third = await now_with(world, lead_id)
    assert third.rep_id == "p3"
    why = "Vera is the manager of Anna, and you stand in for them: accept it, or give it to a rep"
    assert third.routed_because.endswith(why)

    await world.db.run(lambda tx: tx.people.set_links("p7", None, None))
    await world.change("p8", roles=frozenset({Role.REP}))
    other = await hot(world, external_id="other")
    await until(world, world.clock.now() + 46 * MINUTE)
    lead = await world.lead(other)
    assert lead.rung is Rung.PARKED


async def test_a_pool_that_let_it_expire_gives_it_to_one_of_its_reps(world: World) -> None:
    await company(world)
    await world.rules(everything_to(Target.POOL, "t2"))
    lead_id = await hot(world)
    assert (await now_with(world, lead_id)).is_pool
    await until(world, at(2, 9, 15))
    second = await now_with(world, lead_id)
    assert second.rep_id in ("p1", "p3")
    assert second.routed_because.startswith("Nobody in the pool of Fast lane decided in time.")
    await until(world, at(2, 9, 30))
    # Not back into the pool that passed on it.
    assert (await now_with(world, lead_id)).pool_channel == FALLBACK


async def test_the_ladder_begins_anew_when_the_lead_is_handed_over_anew(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    await until(world, at(2, 9, 20))
    second = await now_with(world, lead_id)
    assert (await world.lead(lead_id)).rung is Rung.NEXT_REP
    await world.reject(second.id, str(second.rep_id).replace("p", "U"), "low_intent")
    await world.hand_over(priority=Priority.HOT, summary="back again", score=99)
    now = await world.lead(lead_id)
    assert (now.rung, (await now_with(world, lead_id)).opened) == (None, Opened.RECYCLED)


async def test_a_parked_lead_that_its_source_repeats_stays_parked(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    await until(world, at(2, 10, 15))
    await world.hand_over(priority=Priority.HOT)
    assert (await world.lead(lead_id)).rung is Rung.PARKED
    await world.hand_over(priority=Priority.HOT, score=99)
    assert (await now_with(world, lead_id)).opened is Opened.HANDED_OVER


async def test_nothing_is_told_at_night(world: World) -> None:
    await company(world)
    lead_id = await hot(world, priority=Priority.COLD)
    await until(world, at(6, 9))
    for _, _, when in await steps(world, lead_id):
        assert 9 <= when.hour + 1 <= 17


async def test_after_a_standstill_one_late_reminder_and_none_of_it_counts(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    first = await now_with(world, lead_id)
    await until(world, at(2, 9, 5))
    await down_until(world, at(2, 12))
    assert await steps(world, lead_id) == [("accept", "at_risk", at(2, 12))]
    (late,) = await events(world, lead_id, "countdown.step")
    assert late.data["late_s"] == int((at(2, 12) - at(2, 9, 11, 15)).total_seconds())
    assert (await clock_of(world, first.id)).due_at == at(2, 12, 10)
    await until(world, at(2, 12, 10))
    assert (await now_with(world, lead_id)).id != first.id
    assert [step for _, step, _ in await steps(world, lead_id)] == ["at_risk", "expire"]


async def test_a_window_found_over_that_nobody_was_told_of_has_its_last_part_anew(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    first = await now_with(world, lead_id)
    await deliver(world)
    # Busy, not stopped: it says all the time that it is at work.
    world.clock.advance(at(2, 12) - world.clock.now())
    await world.sweep()
    assert await steps(world, lead_id) == [("accept", "at_risk", at(2, 12))]
    assert (await clock_of(world, first.id)).due_at == at(2, 12, 3, 45)


async def test_what_came_due_in_a_standstill_that_ends_at_night_is_told_in_the_morning(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    await deliver(world)
    await down_until(world, at(2, 22))
    assert await steps(world, lead_id) == []
    await until(world, at(3, 8, 1))
    assert await steps(world, lead_id) == [("accept", "at_risk", at(3, 8))]


async def test_who_was_told_before_the_standstill_has_the_last_part_after_it(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    first = await now_with(world, lead_id)
    await until(world, at(2, 9, 12))
    await down_until(world, at(2, 11))
    assert (await world.handoff(first.id)).status is Status.OFFERED
    assert (await clock_of(world, first.id)).due_at == at(2, 11, 3, 45)
    assert [step for _, step, _ in await steps(world, lead_id)] == ["remind", "at_risk"]
    (moved,) = await events(world, lead_id, "countdown.replanned")
    assert moved.data["to"] == at(2, 11, 3, 45).isoformat()
    await until(world, at(2, 11, 4))
    gone = await world.handoff(first.id)
    assert gone.status is Status.EXPIRED
    assert (gone.own_s, gone.system_s) == (12 * 60 + 225, 108 * 60)


async def test_what_had_not_come_due_in_a_standstill_moves_by_it(world: World) -> None:
    await company(world)
    lead_id = await hot(world, priority=Priority.COLD)
    first = await now_with(world, lead_id)
    await until(world, at(2, 10))
    due_at = (await clock_of(world, first.id)).due_at
    await down_until(world, at(2, 12))
    moved = (await clock_of(world, first.id)).due_at
    assert due_at is not None
    assert moved == due_at + timedelta(hours=2)
    assert await steps(world, lead_id) == []


async def test_the_first_click_after_a_standstill_is_in_time_as_the_window_stood(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    first = await now_with(world, lead_id)
    await until(world, at(2, 9, 5))
    # Stopped until the next day; the click comes before anything was swept.
    await world.db.run(lambda tx: tx.standstills.alive())
    world.clock.advance(timedelta(days=1))
    await world.db.run(standstills.came_up)
    await world.change(str(first.rep_id), flags=SlackFlags(checked_at=world.clock.now()))
    await world.accept(first.id, str(first.rep_id).replace("p", "U"))
    window, accepted = await clock_of(world, first.id), await world.handoff(first.id)
    assert window.result is Result.MET
    assert (accepted.own_s, accepted.own_business_s) == (300, 300)
    assert (accepted.system_s, accepted.system_business_s) == (24 * 3600, 8 * 3600)


async def test_a_short_stop_or_a_clock_that_jumps_is_no_standstill(world: World) -> None:
    beat = Heartbeat()
    for span in (timedelta(0), timedelta(seconds=10), timedelta(days=1)):
        world.clock.advance(span)
        await world.db.run(beat)
    assert await world.db.read(lambda tx: tx.standstills.alive_at()) == world.clock.now()
    world.clock.advance(timedelta(seconds=119))
    await world.db.run(standstills.came_up)
    assert await world.db.read(lambda tx: tx.standstills.since(START)) == []
    began_at = world.clock.now()
    world.clock.advance(timedelta(minutes=5))
    await world.db.run(standstills.came_up)
    spans = await world.db.read(lambda tx: tx.standstills.since(START))
    assert spans == [(began_at, world.clock.now())]


async def test_after_a_day_down_each_lead_moves_one_rung_at_most(world: World) -> None:
    await company(world)
    leads = [await hot(world, external_id=str(number), priority=Priority.HOT) for number in range(8)]
    await until(world, at(2, 9, 12))
    await down_until(world, at(3, 12))
    assert [(await world.lead(lead_id)).rung for lead_id in leads] == [None] * 8
    await until(world, at(3, 12, 4))
    assert [(await world.lead(lead_id)).rung for lead_id in leads] == [Rung.NEXT_REP] * 8
    assert len(await world.db.read(lambda tx: tx.posts.of_subject(Subject.AT_RISK, "p4"))) <= 2


async def test_after_a_standstill_a_few_late_reminders_and_of_the_others_one_message(world: World) -> None:
    await company(world)
    await world.rules(everything_to(Target.REP, "p1"))
    leads = [await hot(world, external_id=str(number), priority=Priority.WARM) for number in range(12)]
    await deliver(world)
    await down_until(world, at(3, 10))
    late = [post for lead_id in leads for post in await told(world, Subject.REMINDER, lead_id)]
    assert [post.place for post in late] == [JONAS] * 3
    (others,) = await world.db.read(lambda tx: tx.posts.of_subject(Subject.ALERT, JONAS))
    assert str(others.data["text"]).startswith("9 more reminders are late")
    assert others.ts is not None
    assert len(await world.db.read(lambda tx: tx.posts.of_subject(Subject.AT_RISK, "p4"))) == 1
    # Each is at risk once, told or counted.
    assert [[step for _, step, _ in await steps(world, lead_id)] for lead_id in leads] == [["at_risk"]] * 12


async def test_a_few_late_reminders_are_nothing_to_count(world: World) -> None:
    await company(world)
    await world.rules(everything_to(Target.REP, "p1"))
    leads = [await hot(world, external_id=str(number)) for number in range(3)]
    await deliver(world)
    await down_until(world, at(3, 10))
    assert [len(await told(world, Subject.REMINDER, lead_id)) for lead_id in leads] == [1, 1, 1]
    (others,) = await world.db.read(lambda tx: tx.posts.of_subject(Subject.ALERT, JONAS))
    assert others.ts is None


async def test_a_lead_with_somebody_who_has_no_working_time_ahead_is_not_lost(world: World) -> None:
    await company(world)
    lead_id = await hot(world)
    first = await now_with(world, lead_id)
    await world.db.run(people.set_away, str(first.rep_id).replace("p", "U"), None)
    assert (await world.waits_for_brief("p4")).get(Kind.ESCALATION) == 1
