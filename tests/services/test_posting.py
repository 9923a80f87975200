"""What a change costs: as much in a house of three hundred as of ten, after years as on the first day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.person import Role, Side, SlackFlags
from bot.domain.post import OutboxKind, OutboxStatus, Subject
from bot.domain.routing import Target
from bot.services import handoffs, posting, waiting
from storage.transaction import Transaction
from tests.services.world import (
    FALLBACK,
    JONAS,
    MARKETING,
    POOL,
    PRIYA,
    START,
    World,
    everything_to,
    person,
)  # fmt: skip


def grow(tx: Transaction, first: int, count: int) -> None:
    """So many more reps, all of team Fast lane, who all look at their Home."""
    for number in range(first, first + count):
        opened = START + timedelta(seconds=number)
        tx.people.add(person(number, f"Rep{number}", Role.REP, Side.SALES, home_opened_at=opened))
    everybody = [member.person.id for member in tx.teams.members("t2")]
    tx.teams.set_members("t2", [(each, 1) for each in everybody] + [(f"p{n}", 1) for n in range(first, first + count)])


def counted(tx: Transaction, work: Any, *arguments: Any) -> int:
    """How many statements `work` and what it says take."""
    sent: list[int] = []

    def count(*_: Any) -> None:
        sent.append(1)

    connection = tx.outbox._connection
    sa.event.listen(connection, "before_cursor_execute", count)
    work(tx, *arguments)
    tx.flush()
    sa.event.remove(connection, "before_cursor_execute", count)
    return len(sent)


async def open_home(world: World, person_id: str) -> None:
    await world.db.run(lambda tx: tx.people.mark_home_opened(person_id, START))


async def homes(world: World) -> list[str]:
    """Whose Homes are to be published."""
    rows = await world.outbox()
    return [row.subject_id for row in rows if row.kind is OutboxKind.SYNC_HOME]


@pytest.mark.parametrize("rules", [[], [everything_to(Target.POOL, "t2")]], ids=["fallback", "pool"])
async def test_accepting_takes_no_more_statements_in_a_larger_house(world: World, rules: list[Any]) -> None:
    await world.rules(*rules)
    took = []
    for number, (first, count) in enumerate(((100, 30), (200, 270))):
        await world.db.run(grow, first, count)
        offered = await world.hand_over(str(number), name="Jane Miller", email=f"jane{number}@example.com")
        assert (await world.handoff(offered.handoff_id)).pool_channel == (POOL if rules else FALLBACK)
        await world.db.run(everything_is_said)
        command = handoffs.AcceptHandoff(handoff_id=offered.handoff_id or "", by="U100")
        took.append(await world.db.run(counted, handoffs.accept_handoff, command))
        assert len(await homes(world)) <= posting.HOMES_AT_ONCE
    assert took[1] <= took[0]
    assert took[0] < 40


async def test_the_homes_that_follow_are_those_that_show_the_handoff(world: World) -> None:
    for each in ("p1", "p2", "p4", "p5", "p6"):
        await open_home(world, each)
    await world.change("p2", away_since=START)
    await world.hand_over("1", name="Jane Miller", email="a@example.com")
    assert sorted(await homes(world)) == ["p1", "p4", "p6"]  # the admin's shows that the first lead has come

    await world.rules(everything_to(Target.POOL, "t2"))
    await world.hand_over("2", name="Joe Miller", email="b@example.com")
    assert sorted(await homes(world)) == []  # still being published
    world.clock.advance(timedelta(minutes=1))
    await world.hand_over("3", name="Jim Miller", email="c@example.com")
    assert {"p1", "p4"} <= set(await homes(world)) <= {"p1", "p3", "p4", "p6"}


async def test_somebody_deactivated_has_no_home(world: World) -> None:
    await open_home(world, "p1")
    await open_home(world, "p2")

    def ask(tx: Transaction) -> list[str]:
        return tx.people.with_home(rep_id=None, team_id="t1", in_pool=True, limit=25)

    assert sorted(await world.db.read(ask)) == ["p1", "p2"]
    await world.db.run(lambda tx: tx.people.set_flags("p1", SlackFlags(is_deleted=True)))
    assert await world.db.read(ask) == ["p2"]


async def test_the_rep_comes_first_then_whoever_opened_home_last(world: World) -> None:
    await world.db.run(grow, 100, 40)
    await open_home(world, "p1")

    def ask(tx: Transaction) -> list[str]:
        return tx.people.with_home(rep_id="p1", team_id="t2", in_pool=True, limit=3)

    assert await world.db.read(ask) == ["p1", "p139", "p138"]


async def test_a_lead_that_came_back_often_costs_no_more_than_a_new_one(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    offered = await world.hand_over("1", name="Jane", email="jane@example.com")
    waits = []
    for round_ in range(12):
        await world.reject(offered.handoff_id, JONAS, "low_intent")
        offered = await world.hand_over("1", name=f"Jane {round_}", email="jane@example.com")
        await world.db.run(everything_is_said)
        await world.hand_over("1", name=f"Jane Miller {round_}", email="jane@example.com")
        pending = await world.db.read(lambda tx: tx.outbox.counts()[OutboxStatus.PENDING])
        waits.append(pending)
        await world.db.run(everything_is_said)
    assert waits[-1] == waits[2]
    assert waits[-1] <= 10


def everything_is_said(tx: Transaction) -> None:
    connection = tx.outbox._connection
    connection.exec_driver_sql("UPDATE posts SET channel = place, ts = id WHERE ts IS NULL")
    connection.exec_driver_sql("UPDATE outbox SET status = 'sent'")


async def test_the_present_card_and_the_reject_before_follow_the_lead(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    first = await world.hand_over("1", name="Jane", email="jane@example.com")
    await world.reject(first.handoff_id, JONAS, "low_intent")
    second = await world.hand_over("1", name="Jane Miller", email="jane@example.com")
    present = second.handoff_id
    for _ in range(4):  # what was undone leaves its cards to its successor
        await world.accept(present, PRIYA)
        undone = await world.undo(present, PRIYA)
        assert undone.successor is not None
        present = undone.successor.id
    follow = await world.db.read(lambda tx: tx.posts.following(first.lead_id))
    assert {(post.subject, post.place) for post in follow} == {
        (Subject.HANDOFF, POOL), (Subject.REJECT_NOTICE, MARKETING),
    }  # fmt: skip
    assert {post.subject_id for post in follow} == {first.handoff_id, present}


async def test_the_card_of_a_decided_handoff_is_not_brought_back(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    open_, decided, owned = [
        await world.hand_over(str(n), name=f"Jane {n}", email=f"jane{n}@example.com") for n in range(3)
    ]

    def refuse(tx: Transaction) -> None:
        for post in [post for each in (open_, decided, owned) for post in tx.posts.of_lead(each.lead_id)]:
            tx.posts.gone(post.id, "not_in_channel", waits=True)

    await world.db.run(refuse)
    await world.reject(decided.handoff_id, JONAS, "low_intent")
    await world.accept(owned.handoff_id, JONAS)
    assert await world.db.read(lambda tx: tx.posts.count_waiting_at(POOL)) == 3
    await world.db.run(waiting.try_again)
    assert await world.db.read(lambda tx: tx.posts.count_waiting_at(POOL)) == 2
    await world.db.run(waiting.arrived, POOL)
    gone = {each: (await world.posts(each.lead_id))[0].gone for each in (open_, decided, owned)}
    assert list(gone.values()) == [None, "not_in_channel", None]
    assert await world.db.read(lambda tx: tx.posts.places_waiting()) == []
