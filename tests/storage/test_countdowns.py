"""Countdowns: one a kind and subject, those that run found by whose calendar they run on; what a click does at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.countdown import CountdownKind, Result, Running
from bot.domain.ladder import Rung, Step
from bot.domain.person import Role, Team
from bot.domain.post import PostRole, Subject, TimerKind
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import AGREEMENT, NOON, StandingClock, accepted, handoff, lead, person

ACCEPT = CountdownKind.ACCEPT
HOUR = timedelta(hours=1)


def running(tx: Transaction, subject_id: str = "h", **given: object) -> Running:
    """A countdown, stored."""
    values: dict[str, object] = {"kind": ACCEPT, "agreement_id": AGREEMENT, "window": HOUR, "since": tx.now} | given
    made = Running(id=tx.new_id(), subject_id=subject_id, started_at=tx.now, **values)  # type: ignore[arg-type]
    return tx.countdowns.start(made)


async def test_what_is_stored_comes_back_to_the_microsecond(db: Database) -> None:
    def store(tx: Transaction) -> Running:
        rep, of = person(tx), lead(tx)
        return running(
            tx, lead_id=of.id, owner_id=rep.id, due_at=NOON + HOUR, counted=timedelta(microseconds=1234567),
            step=Step.REMIND, snoozed_until=NOON + timedelta(minutes=5),
        )  # fmt: skip

    made = await db.run(store)
    assert await db.read(lambda tx: tx.countdowns.get(made.id)) == made
    assert await db.read(lambda tx: tx.countdowns.of(ACCEPT, "h")) == made
    assert await db.read(lambda tx: tx.countdowns.of_many(ACCEPT, ["h", "x"])) == {"h": made}
    assert await db.read(lambda tx: tx.countdowns.of(CountdownKind.SETTLE, "h")) is None


async def test_one_of_the_same_kind_and_subject_takes_the_place_of_the_other_and_keeps_its_id(db: Database) -> None:
    first = await db.run(running)
    ended = replace(first, ended_at=NOON, result=Result.MET, step=Step.REMIND)
    await db.run(lambda tx: tx.countdowns.save(ended))
    assert await db.read(lambda tx: tx.countdowns.get(first.id)) == ended
    second = await db.run(lambda tx: running(tx, window=2 * HOUR))
    assert (second.id, second.window, second.ended_at, second.step) == (first.id, 2 * HOUR, None, None)
    assert await db.read(lambda tx: tx.countdowns.get(first.id)) == second


async def test_those_that_run_are_found_by_their_calendar_and_by_their_agreement(db: Database) -> None:
    def store(tx: Transaction) -> tuple[str, list[str]]:
        rep = person(tx)
        tx.teams.add(Team(id="t1", key="europe", name="Europe"))
        own = running(tx, "own", owner_id=rep.id, team_id="t1")
        pool = running(tx, "pool", team_id="t1")
        over = running(tx, "over", owner_id=rep.id)
        tx.countdowns.save(replace(over, ended_at=NOON, result=Result.VOID))
        return rep.id, [own.id, pool.id]

    rep_id, (own, pool) = await db.run(store)

    def find(tx: Transaction) -> list[list[str]]:
        found = (
            tx.countdowns.lock_of_owner(rep_id),
            tx.countdowns.lock_of_team("t1"),
            tx.countdowns.lock_of_agreement(AGREEMENT, "", 10),
            tx.countdowns.lock_of_agreement(AGREEMENT, own, 10),
            tx.countdowns.lock_of_agreement(AGREEMENT, "", 1),
        )
        return [[one.id for one in each] for each in found]

    assert await db.run(find) == [[own], [pool], [own, pool], [pool], [own]]


async def test_with_the_card_it_says_when_it_stood_in_slack(db: Database, clock: StandingClock) -> None:
    def store(tx: Transaction) -> tuple[str, str, str]:
        rep = person(tx)
        of = handoff(tx, lead(tx), rep_id=rep.id)
        running(tx, of.id, owner_id=rep.id)
        card = tx.posts.add(Subject.HANDOFF, of.id, "U1", PostRole.PRIMARY, of.lead_id, {})
        return of.id, rep.id, card.id

    handoff_id, rep_id, post_id = await db.run(store)

    def look(tx: Transaction) -> tuple[object, ...]:
        found = tx.countdowns.lock_with_card(ACCEPT, handoff_id)
        assert found is not None
        _, owner, card = found
        return owner.id if owner else None, card.shown_at, card.is_to_come

    assert await db.run(look) == (rep_id, None, True)
    clock.advance(minutes=3)
    await db.run(lambda tx: tx.posts.shown(post_id, "D1", "1.0", 1))
    assert await db.run(look) == (rep_id, NOON + timedelta(minutes=3), False)
    await db.run(lambda tx: tx.posts.gone(post_id, "channel_not_found"))
    assert await db.run(look) == (rep_id, None, False)


async def test_a_card_that_stands_in_a_summary_was_shown_with_it(db: Database, clock: StandingClock) -> None:
    def store(tx: Transaction) -> tuple[str, str]:
        of = handoff(tx, lead(tx), pool_channel="C1")
        running(tx, of.id)
        summary = tx.posts.add(Subject.SUMMARY, "s", "C1", PostRole.NOTICE, None, {})
        tx.posts.add(Subject.HANDOFF, of.id, "C1", PostRole.PRIMARY, of.lead_id, {}, listed_in=summary.id)
        return of.id, summary.id

    handoff_id, summary_id = await db.run(store)
    clock.advance(minutes=1)
    await db.run(lambda tx: tx.posts.shown(summary_id, "C1", "1.0", 1))
    found = await db.run(lambda tx: tx.countdowns.lock_with_card(ACCEPT, handoff_id))
    assert found is not None
    assert (found[1], found[2].shown_at) == (None, NOON + timedelta(minutes=1))


async def test_offers_without_a_window_are_found_and_practice_leads_are_not(db: Database) -> None:
    def store(tx: Transaction) -> tuple[str, str]:
        rep = person(tx)
        first, second = (handoff(tx, lead(tx, f"C-{n}"), rep_id=rep.id) for n in range(2))
        running(tx, second.id)
        handoff(tx, lead(tx, "C-3", practice=True), rep_id=rep.id, practice=True)
        third = handoff(tx, lead(tx, "C-4"), rep_id=rep.id)
        tx.handoffs.decide(accepted(third, rep.id, NOON))
        return first.id, first.lead_id

    assert await db.run(store) in await db.read(lambda tx: tx.countdowns.offers_without(10))
    assert len(await db.read(lambda tx: tx.countdowns.offers_without(10))) == 1


async def test_parked_leads_are_listed_until_somebody_has_them(db: Database, clock: StandingClock) -> None:
    def store(tx: Transaction) -> list[str]:
        return [lead(tx, f"C-{n}", rung=Rung.PARKED if n else Rung.ARBITER).id for n in range(3)]

    _, second, third = await db.run(store)
    assert [one.id for one in await db.read(lambda tx: tx.leads.parked(10, 0))] == [second, third]
    assert await db.read(lambda tx: tx.leads.count_parked()) == 2
    assert [one.id for one in await db.read(lambda tx: tx.leads.parked(1, 1))] == [third]


async def test_the_zone_of_most_reps_of_a_team_or_of_all(db: Database) -> None:
    def store(tx: Transaction) -> None:
        reps = [person(tx, f"P{n}", tz=tz).id for n, tz in enumerate(("Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"))]
        tx.teams.add(Team(id="t1", key="europe", name="Europe"))
        tx.teams.set_members("t1", [(reps[1], 1)])

    assert await db.read(lambda tx: tx.people.usual_zone(Role.REP, None)) is None
    await db.run(store)
    assert await db.read(lambda tx: tx.people.usual_zone(Role.REP, None)) == "Asia/Tokyo"
    assert await db.read(lambda tx: tx.people.usual_zone(Role.REP, "t1")) == "Europe/Berlin"


async def test_a_team_keeps_its_calendar(db: Database) -> None:
    made = Team(
        id="t1", key="europe", name="Europe", tz="Europe/Berlin", hours={"mon": [["09:00", "12:00"]]},
        days_off=("2026-12-24",), country="DE", subdivision="BY",
    )  # fmt: skip
    await db.run(lambda tx: tx.teams.add(made))
    assert await db.read(lambda tx: tx.teams.get("t1")) == made


async def test_the_clock_and_a_click_at_once_do_not_wait_for_each_other(db: Database, other_db: Database) -> None:
    """A click holds the lead and wants the timer; the clock has taken the timer and wants the lead. Neither is refused,
    nor waits for the database to find out; and what is told is told before the decision, or not at all."""

    def store(tx: Transaction, number: int) -> tuple[str, str]:
        of = lead(tx, f"C-{number}")
        one = running(tx, f"h-{number}", lead_id=of.id)
        tx.timers.set(TimerKind.COUNTDOWN, one.id, NOON)
        return of.id, one.id

    def click(tx: Transaction, lead_id: str, countdown_id: str) -> None:
        assert tx.leads.lock(lead_id) is not None
        one = tx.countdowns.lock(countdown_id)
        assert one is not None
        tx.countdowns.save(replace(one, ended_at=tx.now, result=Result.MET))
        tx.timers.cancel_all(one.subject_id, countdown_id)

    told: list[str] = []

    def fire(tx: Transaction, timer_id: str, countdown_id: str, lead_id: str) -> str:
        timer = tx.timers.take(timer_id)
        if timer is None:
            return "taken"
        if tx.leads.try_lock(lead_id) is None:
            tx.timers.set(TimerKind.COUNTDOWN, countdown_id, tx.now + timedelta(seconds=1))
            return "again"
        one = tx.countdowns.lock(countdown_id)
        return "told" if one is not None and one.is_running else "over"

    for number in range(20):
        lead_id, countdown_id = await db.run(store, number)
        timer = await db.read(lambda tx, of=countdown_id: tx.timers.get(TimerKind.COUNTDOWN, of))
        assert timer is not None
        async with asyncio.timeout(5):
            _, what = await asyncio.gather(
                db.run(click, lead_id, countdown_id), other_db.run(fire, timer.id, countdown_id, lead_id)
            )
        told.append(what)
        left = await db.read(lambda tx, of=countdown_id: tx.countdowns.get(of))
        assert left is not None
        assert left.result is Result.MET
    assert set(told) <= {"told", "again", "taken", "over"}
