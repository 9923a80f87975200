"""Got it: a count for all, names for few, one reminder, and no flood of updates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.brief import Brief, Why
from bot.domain.budget import Kind
from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.person import Role, Side
from bot.domain.post import OutboxKind, Post, Subject, TimerKind
from bot.errors import NotAllowed, Refused
from bot.services import alert_counts, alert_details, alert_talk, briefs, got_its, timers
from bot.services.alert_details import Tab
from bot.services.brief_content import load_brief
from storage.transaction import Transaction
from tests.services.alert_world import STARTS, press, tell
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, PRIYA, START, World, person

REPS = {"p1", "p2", "p3"}


async def counts(world: World, alert_id: str = "a1") -> tuple[int, int, int]:
    """Of those who are asked: how many got it, how many of them an earlier version, and how many they are."""
    found = (await world.db.read(lambda tx: tx.got_its.counts([alert_id])))[alert_id]
    return found.got_it, found.earlier, found.asked


async def test_got_it_counts_of_all_reps_and_once_each(world: World) -> None:
    await world.db.run(tell)
    assert not (await press(world, JONAS)).again
    assert (await press(world, JONAS)).again
    assert await counts(world) == (1, 0, 3)
    assert (await press(world, INES)).counts.got_it == 2


async def test_a_manager_may_say_so_and_does_not_count(world: World) -> None:
    await world.db.run(tell)
    await press(world, MANAGER)
    assert await counts(world) == (0, 0, 3)


@pytest.mark.parametrize("by", [MARKETER, ADMIN])
async def test_got_it_is_for_sales(world: World, by: str) -> None:
    await world.db.run(tell)
    with pytest.raises(NotAllowed, match="for sales"):
        await press(world, by)
    assert await counts(world) == (0, 0, 3)


async def test_nobody_gets_what_was_withdrawn_or_not_told(world: World) -> None:
    await world.db.run(tell, state=AlertState.WITHDRAWN)
    with pytest.raises(Refused, match="withdrawn"):
        await press(world, JONAS)
    await world.db.run(tell, "a2", state=AlertState.DRAFT, told_at=None)
    with pytest.raises(Refused, match="not told"):
        await press(world, JONAS, alert_id="a2")


async def test_what_was_got_before_a_change_is_counted_as_that(world: World) -> None:
    await world.db.run(tell)
    await press(world, JONAS)
    await world.db.run(lambda tx: tx.campaign_alerts.save(replace(told(tx), version=2)))
    assert await counts(world) == (1, 1, 3)
    pressed = await press(world, INES, version=1)
    assert pressed.earlier
    assert await counts(world) == (2, 2, 3)
    await press(world, JONAS, version=2)
    assert await counts(world) == (2, 1, 3)


async def test_nobody_gets_a_version_that_is_not_there_yet(world: World) -> None:
    await world.db.run(tell)
    await press(world, JONAS, version=99)
    await world.db.run(lambda tx: tx.campaign_alerts.save(replace(told(tx), version=2)))
    assert await counts(world) == (1, 1, 3)


async def test_who_left_or_may_not_act_is_asked_no_more(world: World) -> None:
    await world.db.run(tell)
    await press(world, JONAS)
    await world.change("p1", on_roster=False)
    assert await counts(world) == (0, 0, 2)


def told(tx: Transaction, alert_id: str = "a1") -> CampaignAlert:
    found = tx.campaign_alerts.get(alert_id)
    assert found is not None
    return found


# ------------------------------------------------------------------------------------------------ names
@pytest.mark.parametrize(("by", "sees"), [(MARKETER, True), (MANAGER, True), (JONAS, False), (ADMIN, False)])
async def test_names_are_for_owner_and_managers_only(world: World, by: str, sees: bool) -> None:
    await world.db.run(tell)
    await press(world, JONAS)
    if not sees:
        with pytest.raises(NotAllowed, match="managers"):
            await world.db.read(alert_details.load_details, "a1", by, Tab.READERS)
        assert not (await world.db.read(alert_details.load_details, "a1", by)).may_see_names
        return
    readers = (await world.db.read(alert_details.load_details, "a1", by, Tab.READERS)).readers
    assert readers is not None
    assert [one.name for one in readers.read] == ["Jonas"]
    assert readers.missing == ("Ines", "Priya")


async def test_a_marketer_who_is_not_its_owner_sees_no_names(world: World) -> None:
    other = person(7, "Mia", Role.MARKETER, Side.MARKETING)
    await world.db.run(lambda tx: tx.people.add(other))
    await world.db.run(tell)
    with pytest.raises(NotAllowed):
        await world.db.read(alert_details.load_details, "a1", "U7", Tab.READERS)


# ------------------------------------------------------------------------------------------------ no flood
async def updates(world: World) -> int:
    """How many messages of the alert are to be brought up to date."""
    rows = [row for row in await world.outbox() if row.kind is OutboxKind.SYNC_POST]

    def done(tx: Transaction) -> int:
        count = 0
        for row in rows:
            post = tx.posts.get(row.subject_id)
            assert post is not None
            count += post.subject is Subject.CAMPAIGN_ALERT
            tx.posts.shown(post.id, post.place, post.ts or "1.0", post.shown_version + 1)
            tx.outbox.done(row, tx.now)
        return count

    return await world.db.run(done)


async def test_a_first_click_shows_at_once_and_the_next_together(world: World) -> None:
    await world.db.run(tell)
    await world.sweep()
    await updates(world)
    await press(world, JONAS)
    await world.sweep()
    assert await updates(world) == 2
    for by in (INES, PRIYA, MANAGER):
        await press(world, by)
        await world.sweep()
        assert await updates(world) == 0
    world.clock.advance(alert_counts.EVERY)
    await world.sweep()
    assert await updates(world) == 2
    world.clock.advance(alert_counts.EVERY)
    await world.sweep()
    assert await updates(world) == 0


async def test_hundreds_of_changes_in_an_hour_are_thirty_updates_of_a_message(world: World) -> None:
    """Each lead of a campaign says that the counts have changed."""
    await world.db.run(tell)
    await world.sweep()
    await updates(world)
    sent = 0
    for _ in range(300):
        await world.db.run(alert_counts.leads_changed, "c1")
        if await world.db.run(timers.sweep_one):
            sent += await updates(world)
        world.clock.advance(timedelta(seconds=12))
    world.clock.advance(alert_counts.EVERY)
    await world.sweep()
    sent += await updates(world)
    # Two channels, an update of each every two minutes, and one at the end.
    assert sent <= 2 * (60 // 2 + 2)
    assert sent >= 2 * 20


# ------------------------------------------------------------------------------------------------ one reminder
async def test_whoever_has_not_got_it_is_reminded_a_day_before_the_start_once(world: World) -> None:
    await world.db.run(tell)
    await press(world, JONAS)
    world.clock.advance(STARTS - START - timedelta(days=1, seconds=1))
    await world.sweep()
    assert await reminded(world) == set()
    world.clock.advance(timedelta(seconds=1))
    await world.sweep()
    assert await reminded(world) == REPS - {"p1"}
    await world.db.run(lambda tx: [tx.briefs.forget(one, [Kind.CAMPAIGN_NEWS]) for one in REPS])
    moved = STARTS + timedelta(days=5)

    def move(tx: Transaction) -> None:
        later = replace(told(tx), starts_at=moved, ends_at=None, version=2)
        tx.campaign_alerts.save(later)
        got_its.plan(tx, later)

    await world.db.run(move)
    world.clock.advance(timedelta(days=10))
    await world.sweep()
    assert await reminded(world) == set()


async def reminded(world: World) -> set[str]:
    """Whose brief says that they have not said Got it."""
    return {one for one in REPS if (await world.waits_for_brief(one)).get(Kind.CAMPAIGN_NEWS)}


async def test_nobody_is_reminded_within_a_day_of_being_told(world: World) -> None:
    await world.db.run(tell, starts_at=START + timedelta(hours=2))
    timer = await world.db.read(lambda tx: tx.timers.get(TimerKind.GOT_IT, "a1"))
    assert timer is not None
    assert timer.due_at == START + timedelta(days=1)
    world.clock.advance(timedelta(hours=23))
    await world.sweep()
    assert await reminded(world) == set()


async def test_nobody_is_reminded_of_what_does_not_take_place(world: World) -> None:
    await world.db.run(tell)
    gone = await world.db.read(lambda tx: replace(told(tx), state=AlertState.WITHDRAWN))

    def withdraw(tx: Transaction) -> None:
        tx.campaign_alerts.save(gone)
        got_its.plan(tx, gone)

    await world.db.run(withdraw)
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.GOT_IT, "a1")) is None


async def test_a_reminder_says_what_holds_when_it_is_read(world: World) -> None:
    await world.db.run(tell, starts_at=START + timedelta(hours=20))
    world.clock.advance(timedelta(days=1))
    await world.sweep()
    assert {"p1", "p3"} <= await reminded(world)
    await press(world, JONAS)
    assert "p1" not in await reminded(world)
    post = await world.db.run(brief_of_priya)
    shown = await world.db.read(load_brief, post)
    assert shown is not None
    line = shown.sections[0].lines[0]
    assert line.title == "Spring webinar"
    assert "you have not said Got it yet" in (line.text or "")


def brief_of_priya(tx: Transaction) -> Post:

    priya = tx.people.get("p3")
    assert priya is not None
    made = Brief(id=tx.new_id(), person_id="p3", why=Why.REQUESTED, day=tx.now.date(), created_at=tx.now)
    post = briefs.say(tx, priya, made)
    assert post is not None
    return post


async def test_hundreds_of_reps_are_reminded_in_several_transactions(world: World) -> None:
    many = 2 * got_its.AT_ONCE + 5

    def grow(tx: Transaction) -> None:
        for number in range(100, 100 + many):
            tx.people.add(person(number, f"Rep {number}", Role.REP, Side.SALES))

    await world.db.run(grow)
    await world.db.run(tell)
    world.clock.advance(timedelta(days=2, hours=4))
    await world.sweep()
    waiting = [await world.waits_for_brief(f"p{number}") for number in range(100, 100 + many)]
    assert [one.get(Kind.CAMPAIGN_NEWS) for one in waiting] == [1] * many


async def test_the_alert_itself_shows_its_counts(world: World) -> None:
    await world.db.run(tell)
    await press(world, JONAS)
    talk = await world.db.read(lambda tx: alert_talk.load_talk(tx, told(tx)))
    assert (talk.got_it.got_it, talk.waiting, talk.leads.handed_over) == (1, 0, 0)
