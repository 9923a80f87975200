"""What waits for briefs, what was said in them, and what each person decided: on both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.brief import Brief, PersonSettings, Why
from bot.domain.budget import How, Kind
from bot.domain.person import SlackFlags
from bot.domain.post import Subject, TimerKind
from bot.errors import StorageError
from bot.services import briefs, people, person_settings, timers
from bot.services.person_settings import SaveSettings
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, accepted, handoff, lead, person

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
NINE = NOON + timedelta(hours=21)
"""9:00 UTC on Tuesday."""


def brief_of(tx: Transaction, person_id: str, day: date = MONDAY, why: Why = Why.MORNING) -> Brief:
    made = Brief(id=tx.new_id(), person_id=person_id, why=why, day=day, created_at=tx.now)
    tx.briefs.add(made)
    return made


def reader(tx: Transaction, slack_id: str = "U1") -> str:
    found = person(tx, slack_id=slack_id, flags=SlackFlags(checked_at=tx.now)).id
    tx.settings.save(replace(tx.config, admin_id=found))
    return found


def tell(tx: Transaction, who: str, number: int) -> None:
    found = tx.people.get(who)
    assert found is not None
    briefs.tell(tx, found, Kind.UPKEEP, str(number), None, {"title": "t"})


async def test_what_waits_is_said_in_the_next_brief_by_kind_and_waits_no_longer(db: Database) -> None:
    who, other = await db.run(reader), await db.run(reader, "U2")

    def keep(tx: Transaction) -> None:
        for number in range(5):
            tx.briefs.keep(who, Kind.CAME_BACK, f"l{number}", None, {"origin": str(number)})
        tx.briefs.keep(who, Kind.UPKEEP, "u", None, {"title": "t"})
        tx.briefs.keep(other, Kind.UPKEEP, "u", None, {})

    await db.run(keep)
    assert await db.read(lambda tx: tx.briefs.waiting(who)) == {Kind.CAME_BACK: 5, Kind.UPKEEP: 1}
    made = await db.run(brief_of, who)
    assert not await db.read(lambda tx: tx.briefs.waits(who))
    assert await db.read(lambda tx: tx.briefs.waits(other))
    assert await db.read(lambda tx: tx.briefs.get(made.id)) == made
    assert await db.read(lambda tx: tx.briefs.counts(made.id)) == {Kind.CAME_BACK: 5, Kind.UPKEEP: 1}
    items = await db.read(lambda tx: tx.briefs.items(made.id, Kind.CAME_BACK, 2, 1))
    assert [item.data["origin"] for item in items] == ["1", "2"]
    assert {item.brief_id for item in items} == {made.id}


async def test_what_happens_again_while_it_waits_is_counted_and_says_the_latest(db: Database) -> None:
    who = await db.run(reader)
    for origin in "abc":
        await db.run(lambda tx, said=origin: tx.briefs.keep(who, Kind.CAME_BACK, "l", None, {"origin": said}))
    made = await db.run(brief_of, who)
    (item,) = await db.read(lambda tx: tx.briefs.items(made.id, Kind.CAME_BACK, 9))
    assert (item.times, item.data) == (3, {"origin": "c"})
    await db.run(lambda tx: tx.briefs.keep(who, Kind.CAME_BACK, "l", None, {}))
    assert await db.read(lambda tx: tx.briefs.waiting(who)) == {Kind.CAME_BACK: 1}, "what was said is said"


async def test_a_person_has_one_brief_a_morning_and_as_many_as_they_ask_for(db: Database) -> None:
    who = await db.run(reader)
    await db.run(brief_of, who)
    assert await db.read(lambda tx: tx.briefs.last_day(who)) == MONDAY
    with pytest.raises(StorageError):
        await db.run(brief_of, who)
    for _ in range(2):
        await db.run(brief_of, who, TUESDAY, Why.REQUESTED)
    assert await db.read(lambda tx: tx.briefs.last_day(who)) == MONDAY
    await db.run(brief_of, who, TUESDAY)
    assert await db.read(lambda tx: tx.briefs.last_day(who)) == TUESDAY


async def test_kinds_that_are_muted_and_leads_of_others_are_left_out(db: Database) -> None:
    who, other = await db.run(reader), await db.run(reader, "U2")

    def keep(tx: Transaction) -> None:
        mine, offered, theirs = (lead(tx, name) for name in ("mine", "offered", "theirs"))
        one, two = handoff(tx, mine, rep_id=who), handoff(tx, theirs, rep_id=other)
        handoff(tx, offered, rep_id=who)
        tx.handoffs.decide(accepted(one, who, tx.now))
        tx.handoffs.decide(accepted(two, other, tx.now))
        for found in (mine, offered, theirs):
            tx.briefs.keep(who, Kind.CAME_BACK, found.id, found.id, {})
        tx.briefs.keep(who, Kind.UPKEEP, "u", None, {})

    await db.run(keep)
    await db.run(lambda tx: tx.briefs.forget_others(who, (Kind.CAME_BACK, Kind.MERGED)))
    assert await db.read(lambda tx: tx.briefs.waiting(who)) == {Kind.CAME_BACK: 2, Kind.UPKEEP: 1}
    await db.run(lambda tx: tx.briefs.forget(who, (Kind.CAME_BACK,)))
    await db.run(lambda tx: tx.briefs.forget(who, ()))
    assert await db.read(lambda tx: tx.briefs.waiting(who)) == {Kind.UPKEEP: 1}


async def test_a_lead_that_is_forgotten_is_in_no_brief(db: Database) -> None:
    who = await db.run(reader)

    def keep(tx: Transaction) -> str:
        found = lead(tx)
        tx.briefs.keep(who, Kind.CAME_BACK, found.id, found.id, {})
        return found.id

    lead_id = await db.run(keep)
    made = await db.run(brief_of, who)
    await db.run(lambda tx: tx.briefs.keep(who, Kind.MERGED, "x", lead_id, {}))
    assert await db.read(lambda tx: tx.briefs.of_lead(lead_id)) == [made.id]
    await db.run(lambda tx: tx.briefs.forget_lead(lead_id))
    assert await db.read(lambda tx: (tx.briefs.of_lead(lead_id), tx.briefs.counts(made.id))) == ([], {})
    assert not await db.read(lambda tx: tx.briefs.waits(who))


async def test_old_briefs_go_the_oldest_first_and_what_waits_stays(db: Database, clock: StandingClock) -> None:
    who = await db.run(reader)
    for number in range(3):
        await db.run(lambda tx: tx.briefs.keep(who, Kind.UPKEEP, "u", None, {}))
        await db.run(brief_of, who, MONDAY + timedelta(days=number))
        clock.advance(days=1)
    await db.run(lambda tx: tx.briefs.keep(who, Kind.UPKEEP, "u", None, {}))
    assert await db.run(lambda tx: tx.briefs.prune(NOON + timedelta(days=2), 1)) == 1
    assert await db.run(lambda tx: tx.briefs.prune(NOON + timedelta(days=2))) == 1
    assert await db.run(lambda tx: tx.briefs.prune(NOON + timedelta(days=2))) == 0
    assert await db.read(lambda tx: tx.briefs.last_day(who)) == MONDAY + timedelta(days=2)
    assert await db.read(lambda tx: tx.briefs.waits(who))


async def test_two_replicas_make_one_brief(db: Database, other_db: Database, clock: StandingClock) -> None:
    who = await db.run(reader)

    def wait(tx: Transaction) -> None:
        found = tx.people.get(who)
        assert found is not None
        for number in range(10):
            briefs.tell(tx, found, Kind.UPKEEP, str(number), None, {"title": "t"})

    await db.run(wait)
    timer = await db.read(lambda tx: tx.timers.get(TimerKind.BRIEF, who))
    assert timer is not None
    assert timer.due_at == NINE
    clock.at = NINE
    await asyncio.gather(*((db, other_db)[n % 2].run(timers.sweep_one) for n in range(8)))
    rows = await db.run(lambda tx: tx.outbox.lease_lanes(9, timedelta(seconds=30)))
    assert len(rows) == 1
    post = await db.read(lambda tx: tx.posts.get(rows[0].subject_id))
    assert post is not None
    assert post.subject is Subject.BRIEF
    assert await db.read(lambda tx: tx.briefs.counts(post.subject_id)) == {Kind.UPKEEP: 10}


async def test_what_comes_in_while_the_brief_is_made_is_in_it_or_in_the_next(
    db: Database, other_db: Database, clock: StandingClock
) -> None:
    who = await db.run(reader)

    def one_more(tx: Transaction, number: int) -> None:
        found = tx.people.get(who)
        assert found is not None
        briefs.tell(tx, found, Kind.UPKEEP, str(number), None, {"title": "t"})

    await db.run(one_more, 0)
    clock.at = NINE
    await asyncio.gather(
        *((db, other_db)[n % 2].run(one_more, n) for n in range(1, 20)),
        *((db, other_db)[n % 2].run(timers.sweep_one) for n in range(4)),
    )
    while await db.run(timers.sweep_one):
        pass
    timer = await db.read(lambda tx: tx.timers.get(TimerKind.BRIEF, who))
    waits = sum((await db.read(lambda tx: tx.briefs.waiting(who))).values())
    assert (timer is not None) == bool(waits), "what waits has a timer"
    rows = await db.run(lambda tx: tx.outbox.lease_lanes(9, timedelta(seconds=30)))
    posts = [await db.read(lambda tx, found=row: tx.posts.get(found.subject_id)) for row in rows]
    (said,) = [sum((await db.read(lambda tx, of=p: tx.briefs.counts(of.subject_id))).values()) for p in posts if p]
    assert said + waits == 20


async def test_who_asks_for_it_at_the_moment_it_is_due_gets_it_once(
    db: Database, other_db: Database, clock: StandingClock
) -> None:
    who = await db.run(reader)

    def wait(tx: Transaction) -> None:
        found = tx.people.get(who)
        assert found is not None
        briefs.tell(tx, found, Kind.UPKEEP, "u", None, {"title": "t"})

    await db.run(wait)
    clock.at = NINE
    asked = [(db, other_db)[n % 2].run(person_settings.send_now, "U1") for n in range(4)]
    swept = [(db, other_db)[n % 2].run(timers.sweep_one) for n in range(4)]
    await asyncio.gather(*asked, *swept)
    rows = await db.run(lambda tx: tx.outbox.lease_lanes(9, timedelta(seconds=30)))
    assert len(rows) == 1
    assert await db.read(lambda tx: tx.timers.get(TimerKind.BRIEF, who)) is None


async def test_settings_come_back_as_they_were_saved(db: Database) -> None:
    who = await db.run(reader)
    assert await db.read(lambda tx: tx.person_settings.of(who)) == PersonSettings(person_id=who)
    chosen = PersonSettings(
        person_id=who, kinds={Kind.REJECT: How.MUTED, Kind.HOTTER: How.BRIEF}, brief_at=time(7, 30), channel="C1"
    )
    for settings in (chosen, replace(chosen, brief_at=None, channel=None, kinds={})):
        await db.run(lambda tx, saved=settings: tx.person_settings.save(saved))
        assert await db.read(lambda tx: tx.person_settings.of(who)) == settings


async def overlapping(
    url: str, clock: StandingClock, first: Callable[[Transaction], object], then: Callable[[Transaction], object]
) -> None:
    """`then` begins after `first` has written and before it has committed, as in two processes."""
    wrote, told = threading.Event(), threading.Event()

    def slowly(tx: Transaction) -> None:
        first(tx)
        wrote.set()
        told.wait(1)  # `then` is at work, or waits for this transaction; a row cannot tell which

    async def in_process(case: Callable[[Transaction], object], done: threading.Event) -> None:
        one = Database.open(url, clock=clock)
        try:
            await one.run(case)
        finally:
            done.set()
            await one.close()

    writing = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(in_process(slowly, wrote))))
    await asyncio.to_thread(wrote.wait)
    await asyncio.gather(writing, asyncio.to_thread(lambda: asyncio.run(in_process(then, told))))


def send_now(tx: Transaction) -> object:
    return person_settings.send_now(tx, "U1")


def come_back(tx: Transaction) -> object:
    return people.set_back(tx, "U1")


def save_settings(tx: Transaction) -> object:
    return person_settings.save_settings(
        tx,
        SaveSettings(by="U1", brief_at=time(7), channel=None, told={}, in_brief=frozenset(Kind), asked=frozenset(Kind)),
    )


@pytest.mark.postgres
@pytest.mark.parametrize("then", [send_now, come_back, save_settings])
async def test_what_is_told_while_its_reader_asks_comes_back_or_saves_has_a_timer_or_is_said(
    postgres_url_migrated: str, clock: StandingClock, then: Callable[[Transaction], object]
) -> None:
    db = Database.open(postgres_url_migrated, clock=clock)
    who = await db.run(reader)
    await db.run(tell, who, 0)
    if then is come_back:
        await db.run(lambda tx: people.set_away(tx, "U1", None))
        await db.run(lambda tx: tx.briefs.forget(who, list(Kind)))
    await overlapping(postgres_url_migrated, clock, lambda tx: tell(tx, who, 1), then)
    waits = await db.read(lambda tx: tx.briefs.waits(who))
    timer = await db.read(lambda tx: tx.timers.get(TimerKind.BRIEF, who))
    await db.close()
    assert (timer is not None) == waits
    if then is save_settings:
        assert timer is not None
        assert timer.due_at == NINE - timedelta(hours=2)


@pytest.mark.postgres
async def test_what_was_asked_for_while_something_came_in_does_not_take_its_timer(
    postgres_url_migrated: str, clock: StandingClock
) -> None:
    db = Database.open(postgres_url_migrated, clock=clock)
    who = await db.run(reader)
    await db.run(tell, who, 0)
    await overlapping(postgres_url_migrated, clock, send_now, lambda tx: tell(tx, who, 1))
    assert await db.read(lambda tx: tx.briefs.waits(who))
    assert await db.read(lambda tx: tx.timers.get(TimerKind.BRIEF, who)) is not None
    await db.close()


async def test_channels_of_briefs_are_those_of_the_roster(db: Database) -> None:
    who, gone = await db.run(reader), await db.run(reader, "U2")
    for one in (who, gone):
        await db.run(lambda tx, of=one: tx.person_settings.save(PersonSettings(person_id=of, channel="C1")))
    await db.run(lambda tx: tx.people.leave_roster(gone))
    assert [channel for _, channel in await db.read(lambda tx: tx.person_settings.channels())] == ["C1"]
