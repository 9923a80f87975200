"""Reminders, the manager's list of what is at risk, and Snooze: who reads what, when, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.countdown import CountdownKind, Running
from bot.domain.lead import Priority
from bot.domain.person import Role, Side
from bot.domain.post import Post, Subject, TimerKind
from bot.domain.routing import Target
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import at_risk as at_risk_service
from bot.services import configuration, delivery, erasure, snoozing, workspace
from bot.services.at_risk_list import AtRiskList
from bot.services.cards import Card
from bot.services.due import Urgency
from bot.services.notices import Erased
from bot.services.reminder_content import AcceptReminder
from bot.services.snoozing import For, SnoozeReminders
from bot.views.reminder import render_accept_reminder
from tests.services.clocked import at, clock_of, deliver, sign, until
from tests.services.outcome_world import log
from tests.services.world import ADMIN, INES, JONAS, MANAGER, POOL, World, everything_to, person

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Jonas is in Berlin; an offer at 10:00 there with four hours of work is due at 14:00, 13:00 UTC.
HALF, THREE_QUARTERS, DUE = at(2, 11), at(2, 12), at(2, 13)


async def offered(world: World, to: Target = Target.REP, to_id: str = "p1", number: int = 1, **lead: Any) -> str:
    """A warm lead of Jonas's: its handoff."""
    await world.rules(everything_to(to, to_id))
    values = {"name": f"Dana {number}", "company": "Northwind", "priority": Priority.WARM, **lead}
    handed = await world.hand_over(f"lead {number}", **values)
    assert handed.handoff_id is not None
    return handed.handoff_id


async def manages(world: World, manager_id: str | None = "p4", deputy_id: str | None = None) -> None:
    """Anna is the manager of Jonas and Ines."""

    def link(tx: Any) -> None:
        tx.people.set_links("p1", manager_id, None)
        tx.people.set_links("p2", manager_id, None)
        tx.people.set_links("p4", None, deputy_id)

    await world.db.run(link)


async def reminders(world: World, handoff_id: str) -> list[Post]:
    running = await clock_of(world, handoff_id)
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.REMINDER, running.id))


async def at_risk_posts(world: World, manager_id: str = "p4") -> list[Post]:
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.AT_RISK, manager_id))


async def shows(world: World, post: Post) -> Any:
    said = await world.db.read(lambda tx: delivery.what_to_say(tx, post.id))
    assert said is not None
    return said[1]


async def reminder(world: World, post: Post) -> AcceptReminder:
    found = await shows(world, post)
    assert isinstance(found, AcceptReminder)
    return found


async def at_risk(world: World, post: Post) -> AtRiskList:
    found = await shows(world, post)
    assert isinstance(found, AtRiskList)
    return found


async def card(world: World, handoff_id: str) -> Card:
    post = await world.db.read(lambda tx: tx.posts.primary(handoff_id))
    assert post is not None
    found = await shows(world, post)
    assert isinstance(found, Card)
    return found


# -- reminders --------------------------------------------------------------------------------------------------------
async def test_at_half_of_the_window_the_rep_is_reminded_in_a_message_with_the_buttons(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, HALF)
    (post,) = await reminders(world, handoff_id)
    said = await reminder(world, post)
    assert post.place == JONAS
    assert (said.due_at, said.left, said.late_by) == (DUE, 2 * HOUR, None)
    assert (said.name, said.handoff_id) == ("Dana 1", handoff_id)
    assert said.has_buttons
    assert said.can_snooze


async def test_at_three_quarters_the_second_reminder_has_the_buttons_and_the_first_has_none(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, THREE_QUARTERS)
    first, second = await reminders(world, handoff_id)
    assert not (await reminder(world, first)).has_buttons
    assert (await reminder(world, second)).has_buttons
    assert not (await reminder(world, second)).can_snooze, "what is at risk cannot wait"


async def test_a_card_turns_more_urgent_with_each_step(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    seen = []
    for instant in (at(2, 10), HALF, THREE_QUARTERS):
        await until(world, instant)
        due = (await card(world, handoff_id)).due
        assert due is not None
        seen.append(due.urgency)
    assert seen == [Urgency.CALM, Urgency.REMINDED, Urgency.AT_RISK]


async def test_after_the_decision_every_reminder_says_so_and_there_is_nothing_to_press(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, THREE_QUARTERS)
    before = {post.id: post.shown_version for post in await reminders(world, handoff_id)}
    await world.accept(handoff_id, JONAS)
    await deliver(world)
    for post in await reminders(world, handoff_id):
        assert post.shown_version == before[post.id] + 1, "both messages are brought to it, once"
        said = await reminder(world, post)
        assert said.over == "Accepted by you."
        assert not said.has_buttons


async def test_a_reminder_of_an_offer_that_expired_says_where_the_lead_went(world: World) -> None:
    await sign(world)
    await world.rules(everything_to(Target.TEAM, "t1"))
    handed = await world.hand_over("1", name="Dana", priority=Priority.WARM)
    first = await world.handoff(handed.handoff_id)
    await until(world, at(2, 15))
    for post in await reminders(world, first.id):
        over = (await reminder(world, post)).over
        assert over is not None
        assert over.startswith("Not decided in time. It went on to ")
        shown = render_accept_reminder(await reminder(world, post)).blocks
        assert "⌛ Not decided" in str(shown), "a failure has no tick"
        assert "✓" not in str(shown)
    then = [(await reminder(world, post)).over for post in await reminders(world, first.id)]
    await until(world, at(20, 15))
    later = [(await reminder(world, post)).over for post in await reminders(world, first.id)]
    assert later == then, "what was closed stays true, however far the lead goes after that"


async def test_a_pool_is_reminded_in_its_channel_without_the_name(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world, Target.POOL, "t2")
    await until(world, at(2, 16))  # the pool works in New York, from 14:00 on
    post = (await reminders(world, handoff_id))[0]
    said = await reminder(world, post)
    assert post.place == POOL
    assert said.name != "Dana 1"
    assert said.pool_name == "the pool of Fast lane"
    assert not said.can_snooze


async def test_somebody_else_who_accepts_in_a_pool_is_named_in_the_reminder(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world, Target.POOL, "t2")
    await until(world, at(2, 16))  # the pool works in New York, from 14:00 on
    await world.accept(handoff_id, JONAS)
    assert (await reminder(world, (await reminders(world, handoff_id))[0])).over == "Accepted by Jonas."


async def test_in_trial_the_card_shows_its_due_time_and_nobody_is_reminded(world: World) -> None:
    handoff_id = await offered(world)
    await until(world, at(2, 14))
    assert not await reminders(world, handoff_id)
    due = (await card(world, handoff_id)).due
    assert due is not None
    assert (due.trial, due.due_at, due.urgency) == (True, DUE, Urgency.OVERDUE)


# -- what is at risk --------------------------------------------------------------------------------------------------
async def test_a_manager_reads_what_is_at_risk_in_one_message_that_is_edited(world: World) -> None:
    await manages(world)
    await sign(world)
    first = await offered(world)
    await until(world, at(2, 9, 30))
    second = await offered(world, number=2)
    await until(world, at(2, 12, 30))
    (post,) = await at_risk_posts(world)
    assert post.place == MANAGER
    shown = await at_risk(world, post)
    assert [(row.handoff_id, row.owner, row.due_at) for row in shown.rows] == [
        (first, "Jonas", DUE),
        (second, "Jonas", DUE + 30 * MINUTE),
    ]
    await world.accept(first, JONAS)
    shown = await at_risk(world, post)
    assert [row.handoff_id for row in shown.rows] == [second]
    assert shown.ended == 1
    await world.accept(second, JONAS)
    assert (await at_risk(world, post)).total == 0
    assert len(await at_risk_posts(world)) == 1


async def test_what_joins_after_the_list_was_empty_makes_a_new_message(world: World) -> None:
    await manages(world)
    await sign(world)
    first = await offered(world)
    await until(world, THREE_QUARTERS)
    await world.accept(first, JONAS)
    await offered(world, number=2)
    await until(world, at(2, 15, 30))
    before, after = await at_risk_posts(world)
    assert (await at_risk(world, before)).total == 0
    assert not (await at_risk(world, before)).moved, "it says that everything on it is done"
    assert (await at_risk(world, after)).total == 1


async def test_what_joins_on_a_later_day_makes_a_new_message_and_the_old_one_says_so(world: World) -> None:
    await manages(world)
    await sign(world)
    await offered(world, priority=Priority.COLD)  # 24 hours of work: at risk on Wednesday after 18 of them
    await until(world, at(4, 15, 59))
    (before,) = await at_risk_posts(world)
    assert (await at_risk(world, before)).total == 1
    await until(world, at(5, 8))
    await offered(world, number=2, priority=Priority.HOT)
    await until(world, at(5, 8, 12))
    _, after = await at_risk_posts(world)
    assert (await at_risk(world, before)).moved
    assert (await at_risk(world, after)).total == 2


async def test_at_night_the_manager_is_not_told_before_their_day_begins(world: World) -> None:
    await manages(world)
    await world.change("p4", tz="America/New_York")
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    assert not await at_risk_posts(world)
    timer = await world.db.read(lambda tx: tx.timers.get(TimerKind.AT_RISK, "p4"))
    assert timer is not None
    assert timer.due_at == at(2, 14), "9:00 in New York"


async def test_what_is_decided_before_the_manager_s_day_is_not_told_at_all(world: World) -> None:
    await manages(world)
    await world.change("p4", tz="America/New_York")
    await sign(world)
    handoff_id = await offered(world)
    await until(world, THREE_QUARTERS)
    await world.accept(handoff_id, JONAS)
    await until(world, at(3, 9))
    assert not await at_risk_posts(world)


async def test_a_deputy_reads_it_in_the_manager_s_place(world: World) -> None:
    await manages(world, deputy_id="p2")
    await world.change("p4", away_since=at(2, 8))
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    (post,) = await at_risk_posts(world)
    assert post.place == INES
    assert (await at_risk(world, post)).for_name == "Anna"


async def test_a_manager_who_goes_away_reads_who_has_the_list_now(world: World) -> None:
    await manages(world, deputy_id="p2")
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    await world.change("p4", away_since=at(2, 12))
    await offered(world, number=2, priority=Priority.HOT)
    await until(world, at(2, 12, 12))
    before, after = await at_risk_posts(world)
    assert (before.place, after.place) == (MANAGER, INES)
    assert (await at_risk(world, before)).moved_to == "Ines"
    assert (await at_risk(world, after)).total == 2


async def test_at_night_no_deputy_reads_it_in_the_place_of_a_manager_who_is_not_away(world: World) -> None:
    await manages(world, deputy_id="p2")
    await world.change("p4", tz="America/New_York")
    await sign(world)
    await offered(world)
    await until(world, at(2, 12, 30))
    assert not await at_risk_posts(world)


async def test_without_a_manager_of_their_own_the_sales_managers_read_it(world: World) -> None:
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    (post,) = await at_risk_posts(world)
    assert post.place == MANAGER


async def test_an_absent_manager_without_a_deputy_is_read_by_another_manager_and_not_by_the_admin(world: World) -> None:
    await manages(world)
    await world.change("p4", away_since=at(2, 8))
    await world.db.run(lambda tx: tx.people.add(person(7, "Vera", Role.MANAGER, Side.LEADERSHIP)))
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    (post,) = await at_risk_posts(world)
    assert post.place == "U7"
    assert (await at_risk(world, post)).rows[0].name == "Dana 1"


async def test_the_admin_reads_no_names_and_has_no_buttons(world: World) -> None:
    await manages(world)
    await world.change("p4", away_since=at(2, 8))
    await sign(world)
    await offered(world, name="Dana Secret")
    await until(world, THREE_QUARTERS)
    (post,) = await at_risk_posts(world)
    (row,) = (await at_risk(world, post)).rows
    assert post.place == ADMIN
    assert "Secret" not in row.name
    assert (row.handoff_id, row.crm_url) == (None, None)


async def test_another_manager_has_it_in_their_list_in_the_middle_of_a_window(world: World) -> None:
    await manages(world)
    await world.db.run(lambda tx: tx.people.add(person(7, "Vera", Role.MANAGER, Side.SALES)))
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    now = await world.db.read(configuration.current)
    led = tuple(
        replace(one, manager="vera@example.com") if one.email == "jonas@example.com" else one for one in now.people
    )
    await world.db.run(configuration.apply, replace(now, people=led))
    assert len(await at_risk_posts(world, "p7")) == 1
    assert (await at_risk(world, (await at_risk_posts(world))[0])).total == 0

    left = tuple(replace(one, manager=None) for one in led if one.email != "vera@example.com")
    await world.db.run(configuration.apply, replace(now, people=left))
    assert await world.db.read(lambda tx: tx.at_risk.count(["p7"])) == 0
    assert (await at_risk(world, (await at_risk_posts(world))[-1])).total == 1


async def test_a_dispute_stands_in_the_list_of_the_side_that_must_act(world: World) -> None:
    await world.change("p5", roles=frozenset({Role.MANAGER, Role.MARKETER}))
    await world.db.run(lambda tx: tx.people.add(person(7, "Mia", Role.MANAGER, Side.MARKETING)))
    running = Running(
        id="x", kind=CountdownKind.SETTLE, subject_id="d", agreement_id="a", owner_id="p5", window=HOUR,
        since=at(2, 9), started_at=at(2, 9),
    )  # fmt: skip
    found = await world.db.read(lambda tx: at_risk_service.managers_of(tx, running))
    assert {one.side for one in found} == {Side.MARKETING}


async def test_an_attempt_edits_the_reminders_of_its_own_window_and_not_those_before(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world, priority=Priority.HOT)
    await until(world, at(2, 9, 5))
    await world.accept(handoff_id, JONAS)
    edited = []
    for day in (3, 4, 5, 6):
        await until(world, at(day, 15))
        reps = await world.db.read(lambda tx: tx.people.get("p1"))
        assert reps is not None
        await world.change("p1", flags=replace(reps.flags, checked_at=world.clock.now()))
        await deliver(world)
        await log(world, handoff_id, "attempt", attempt="no_answer")
        said = 0
        while told := await world.said():
            said += told
        edited.append(said)
    assert edited[-1] == edited[-2] <= edited[0] + 1, "each attempt costs as much as the one before"


async def test_without_any_manager_the_admin_reads_it(world: World) -> None:
    await world.change("p4", on_roster=False)
    await sign(world)
    await offered(world)
    await until(world, THREE_QUARTERS)
    (post,) = await at_risk_posts(world, "p6")
    assert post.place == ADMIN


# -- snooze -----------------------------------------------------------------------------------------------------------
async def snooze(world: World, handoff_id: str, how_long: str, by: str = JONAS) -> str:
    running = await clock_of(world, handoff_id)
    return await world.db.run(snoozing.snooze, SnoozeReminders(countdown_id=running.id, by=by, how_long=how_long))


async def test_a_snoozed_reminder_comes_again_when_it_was_to(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, HALF)
    assert await snooze(world, handoff_id, For.QUARTER) == "No reminder before 12:15 today."
    (post,) = await reminders(world, handoff_id)
    assert (await reminder(world, post)).snoozed_until == HALF + 15 * MINUTE
    await until(world, HALF + 14 * MINUTE)
    assert len(await reminders(world, handoff_id)) == 1
    await until(world, HALF + 15 * MINUTE)
    assert len(await reminders(world, handoff_id)) == 2


async def test_it_is_never_snoozed_past_the_moment_at_which_it_is_at_risk_and_says_so(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, HALF + 30 * MINUTE)
    said = await snooze(world, handoff_id, For.THREE_HOURS)
    assert said.startswith("No reminder before 13:00 today. That is sooner than you asked for")
    await until(world, THREE_QUARTERS)
    assert len(await reminders(world, handoff_id)) == 2


async def test_only_what_is_possible_can_be_chosen(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    await until(world, HALF)
    form = await world.db.read(snoozing.snooze_form_of_handoff, handoff_id, JONAS)
    assert [choice for choice, _ in form.choices] == [For.QUARTER, For.LATEST]
    long = await offered(world, number=2, priority=Priority.COLD)
    form = await world.db.read(snoozing.snooze_form_of_handoff, long, JONAS)
    assert form.choices[:4] == (
        (For.QUARTER, HALF + 15 * MINUTE), (For.HOUR, HALF + HOUR), (For.THREE_HOURS, HALF + 3 * HOUR),
        (For.TOMORROW, at(3, 8)),
    )  # fmt: skip


async def test_nobody_snoozes_what_waits_for_somebody_else_what_is_done_or_at_risk(world: World) -> None:
    await sign(world)
    handoff_id = await offered(world)
    with pytest.raises(NotAllowed):
        await snooze(world, handoff_id, For.QUARTER, by=INES)
    with pytest.raises(FormError):
        await snooze(world, handoff_id, "a year")
    with pytest.raises(NotFound):
        await world.db.read(snoozing.snooze_form, "no-such", JONAS)
    await until(world, THREE_QUARTERS)
    with pytest.raises(Refused, match="at risk"):
        await snooze(world, handoff_id, For.QUARTER)
    await world.accept(handoff_id, JONAS)
    with pytest.raises(Refused, match="it is done"):
        await snooze(world, handoff_id, For.QUARTER)


async def test_in_trial_there_is_nothing_to_snooze(world: World) -> None:
    handoff_id = await offered(world)
    with pytest.raises(Refused, match="not signed"):
        await snooze(world, handoff_id, For.QUARTER)


# -- the way to the card ----------------------------------------------------------------------------------------------
async def test_a_reminder_links_to_the_card_in_the_workspace(world: World) -> None:
    await sign(world)
    await world.db.run(workspace.remember, "https://brightwater.slack.com/")
    handoff_id = await offered(world)
    await until(world, HALF)
    (post,) = await reminders(world, handoff_id)
    assert (await reminder(world, post)).card_link == "https://brightwater.slack.com/archives/U1/p10"
    await world.db.run(workspace.remember, None)
    assert (await reminder(world, post)).card_link is None


async def test_who_is_erased_is_in_no_reminder_and_in_no_list(world: World) -> None:
    await manages(world)
    await sign(world)
    handoff_id = await offered(world)
    await until(world, THREE_QUARTERS)
    lead_id = (await world.handoff(handoff_id)).lead_id
    await world.db.run(erasure.erase_lead, lead_id, actor="test")
    for post in await reminders(world, handoff_id):
        assert isinstance(await shows(world, post), Erased)
    (listed,) = await at_risk_posts(world)
    assert (await at_risk(world, listed)).total == 0
    places = {row.subject_id for row in await world.outbox()}
    assert places & {post.id for post in (listed, *await reminders(world, handoff_id))}, "the messages follow"
