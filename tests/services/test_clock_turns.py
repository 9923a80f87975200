"""What turns in the middle of a window: a hotter lead, an undone accept, a pause; what was told stays true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.agreement_document import Agreement
from bot.domain.lead import Priority
from bot.domain.signing import State
from bot.services import countdowns, people, snoozing
from bot.services.snoozing import For
from tests.services.clocked import at, clock_of, deliver, events, sign, until
from tests.services.outcome_world import correct, log
from tests.services.signed import put_in_force
from tests.services.test_reminders import (
    HALF,
    THREE_QUARTERS,
    at_risk,
    at_risk_posts,
    manages,
    offered,
    reminder,
    reminders,
    snooze,
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


# -- quiet ------------------------------------------------------------------------------------------------------------


async def reminded(world: World, handoff_id: str) -> list[tuple[Any, ...]]:
    """What was told to its owner: the step, when, and how many seconds late."""
    told = await events(world, (await world.handoff(handoff_id)).lead_id, "countdown.step")
    return [(one.data["step"], one.recorded_at, one.data["late_s"]) for one in told if "owner" in str(one.data["told"])]


async def test_a_snooze_that_ends_at_night_ends_when_work_begins(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world, priority=Priority.COLD)
    # Twenty-four hours of work from Monday, 10:00 in Berlin: half is over on Tuesday at 14:00.
    await until(world, at(3, 13, 30))
    await awake(world)
    running = await clock_of(world, handoff_id)
    form = await world.db.read(lambda tx: snoozing.snooze_form(tx, running.id, JONAS))
    assert [how_long for how_long, _ in form.choices] == [For.QUARTER, For.HOUR, For.TOMORROW, For.LATEST]
    said = await snooze(world, handoff_id, For.THREE_HOURS)
    assert "09:00" in said
    await until(world, at(4, 9))
    assert await reminded(world, handoff_id) == [("remind", at(3, 13), 0), ("remind", at(4, 8), 0)]


async def test_who_went_away_is_not_reminded_of_what_they_snoozed_before_they_are_back(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, HALF)
    await snooze(world, handoff_id, For.QUARTER)
    await until(world, HALF + 5 * MINUTE)
    await world.db.run(people.set_away, JONAS, "2026-03-03")
    await until(world, at(3, 8, 1))
    assert await reminded(world, handoff_id) == [("remind", HALF, 0), ("remind", at(3, 8), 0)]


async def test_a_reminder_snoozed_before_it_was_due_is_not_late(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, HALF - 10 * MINUTE)
    await snooze(world, handoff_id, For.HOUR)
    await until(world, HALF + 55 * MINUTE)
    assert await reminded(world, handoff_id) == [("remind", HALF + 50 * MINUTE, 0)]


async def test_what_is_logged_days_later_is_not_called_lockstep_s_delay(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world, priority=Priority.HOT)
    await until(world, at(2, 9, 5))
    await world.accept(handoff_id, JONAS)
    await until(world, at(2, 9, 20))
    await log(world, handoff_id, "attempt", attempt="no_answer")
    await until(world, at(4, 10))
    await awake(world)
    await correct(world, handoff_id, 0)
    await until(world, at(4, 10, 1))
    assert (await reminded(world, handoff_id))[-1][1:] == (at(4, 10), 0)


async def awake(world: World) -> None:
    """Slack was asked about Jonas just now: the roster's refresh does not run here."""

    def refresh(tx: Any) -> None:
        tx.people.set_flags("p1", replace(tx.people.get("p1").flags, checked_at=tx.now))

    await world.db.run(refresh)


async def test_time_before_the_card_stood_counts_against_nobody_whatever_the_calendar_does(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    world.clock.advance(timedelta(minutes=60))
    await world.db.run(people.set_away, JONAS, None)
    world.clock.advance(MINUTE)
    await world.db.run(people.set_back, JONAS)
    world.clock.advance(timedelta(minutes=30))
    await deliver(world)
    world.clock.advance(timedelta(minutes=10))
    await world.accept(handoff_id, JONAS)
    accepted = await world.handoff(handoff_id)
    assert (accepted.own_s, accepted.own_business_s) == (600, 600)


# -- suspended --------------------------------------------------------------------------------------------------------


async def set_state(world: World, agreement: Agreement, state: State) -> None:
    def save(tx: Any) -> None:
        signing = agreement.signing
        assert signing is not None
        tx.agreements.save_signing(replace(agreement, signing=replace(signing, state=state)))
        countdowns.replan_agreement(tx, agreement.id)

    await world.db.run(save)
    await world.sweep()


async def test_while_the_agreement_is_suspended_no_time_runs_against_anybody(world: World) -> None:
    agreement = await world.db.run(put_in_force)
    await manages(world)
    told_at_risk = await offered(world)
    await until(world, THREE_QUARTERS + MINUTE)
    unreminded = await offered(world, number=2)
    await deliver(world)
    await set_state(world, agreement, State.SUSPENDED)
    assert await listed(world, told_at_risk) == []
    await until(world, at(4, 10))
    await set_state(world, agreement, State.IN_FORCE)
    assert await listed(world, told_at_risk) == ["p4"]
    assert (await clock_of(world, told_at_risk)).due_at == at(4, 10, 59)
    assert (await clock_of(world, unreminded)).due_at == at(4, 14)
    await until(world, at(4, 10, 30))
    assert (await world.handoff(told_at_risk)).is_open
    assert await reminded(world, unreminded) == []
    await until(world, at(4, 12))
    assert await reminded(world, unreminded) == [("remind", at(4, 12), 0)]
