"""What is at risk for whom, and what is due first on Home: the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.countdown import Result
from bot.domain.post import PostRole, Subject
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, handoff, lead, person
from tests.storage.test_countdowns import ACCEPT, HOUR, running


async def test_a_lead_stands_once_in_each_manager_s_list_until_it_leaves_all(db: Database) -> None:
    def store(tx: Transaction) -> tuple[list[str], list[str]]:
        managers = [person(tx, name).id for name in ("Anna", "Greg")]
        later, first = (running(tx, name, due_at=NOON + hours * HOUR) for name, hours in (("a", 2), ("b", 1)))
        ended = running(tx, "c", due_at=NOON)
        assert all(tx.at_risk.join(managers[0], one.id) for one in (later, first, ended))
        assert tx.at_risk.join(managers[1], first.id)
        assert not tx.at_risk.join(managers[0], first.id), "it stands there already"
        tx.countdowns.save(replace(ended, ended_at=NOON, result=Result.MET))
        return managers, [first.id, later.id]

    managers, ids = await db.run(store)
    listed = await db.read(lambda tx: tx.at_risk.of(managers, 10))
    assert [one.id for one in listed] == ids, "each once, what is due first before the rest, none that has ended"
    assert [one.id for one in await db.read(lambda tx: tx.at_risk.of(managers, 1, 1))] == ids[1:]
    assert await db.read(lambda tx: tx.at_risk.count(managers)) == 2
    assert await db.read(lambda tx: tx.at_risk.count(managers[1:])) == 1
    assert await db.read(lambda tx: tx.at_risk.managers_of(ids[0])) == sorted(managers)
    assert await db.run(lambda tx: tx.at_risk.leave(ids[0])) == sorted(managers)
    assert await db.run(lambda tx: tx.at_risk.leave(ids[0])) == []
    assert await db.read(lambda tx: tx.at_risk.count(managers)) == 1


async def test_home_s_offers_come_by_due_time_and_those_without_one_last(db: Database) -> None:
    def store(tx: Transaction) -> tuple[str, list[str]]:
        rep = person(tx)
        made = []
        for number, due_at in enumerate((None, NOON + 3 * HOUR, NOON + HOUR)):
            offered = handoff(tx, lead(tx, f"C-{number}"), rep_id=rep.id)
            running(tx, offered.id, owner_id=rep.id, due_at=due_at)
            made.append(offered.id)
        made.append(handoff(tx, lead(tx, "C-9"), rep_id=rep.id).id)
        return rep.id, made

    rep_id, (endless, later, first, unclocked) = await db.run(store)
    found = await db.read(lambda tx: tx.handoffs.needs(rep_id, [], 10, 0))
    assert [one.id for one, _ in found] == [first, later, endless, unclocked]
    assert [one.id for one, _ in await db.read(lambda tx: tx.handoffs.needs(rep_id, [], 2, 1))] == [later, endless]
    assert await db.read(lambda tx: tx.handoffs.count_needs(rep_id, [])) == 4
    assert await db.read(lambda tx: len(tx.countdowns.of_many(ACCEPT, [first, later, endless, unclocked]))) == 3


async def test_the_newest_message_about_something_is_found(db: Database) -> None:
    def store(tx: Transaction) -> list[str]:
        return [tx.posts.add(Subject.AT_RISK, "m", "U1", PostRole.NOTICE, None, {}).id for _ in range(3)]

    posts = await db.run(store)
    newest = await db.read(lambda tx: tx.posts.latest(Subject.AT_RISK, "m"))
    assert newest is not None
    assert newest.id == posts[-1]
    assert newest.created_at - NOON < timedelta(seconds=1)
    assert await db.read(lambda tx: tx.posts.latest(Subject.AT_RISK, "x")) is None
