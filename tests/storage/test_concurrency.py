"""Many callers at once, from two processes as far as the database can tell, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

from bot.domain.handoff import End, Handoff
from bot.domain.lead import Stage
from bot.domain.person import Role, Team
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import accepted, handoff, lead, move, person

MANY = 50


def people_and_pool(tx: Transaction) -> tuple[list[str], Handoff]:
    people = [person(tx, f"Person {n:02}").id for n in range(MANY)]
    return people, handoff(tx, lead(tx), pool_channel="C1")


def accept(tx: Transaction, handoff_id: str, by: str) -> bool:
    """As the use case does it: lock the lead, then decide on what is read under the lock."""
    found = tx.handoffs.get(handoff_id)
    assert found is not None
    of = tx.leads.lock(found.lead_id)
    locked = tx.handoffs.lock(handoff_id)
    assert of is not None
    assert locked is not None
    if not tx.handoffs.decide(accepted(locked, by, tx.now)):
        return False
    move(tx, of, Stage.SAL)
    return True


async def test_of_fifty_who_accept_at_once_one_owns_the_lead(db: Database, other_db: Database) -> None:
    people, offered = await db.run(people_and_pool)
    won = await asyncio.gather(*((db, other_db)[n % 2].run(accept, offered.id, by) for n, by in enumerate(people)))
    assert sum(won) == 1
    found = await db.read(lambda tx: tx.handoffs.owned_of(offered.lead_id))
    assert found is not None
    assert found.rep_id == people[won.index(True)]


async def test_of_fifty_who_decide_without_a_lock_one_decides(db: Database, other_db: Database) -> None:
    """The conditional update alone is enough: locks only spare the others the work."""
    people, offered = await db.run(people_and_pool)
    won = await asyncio.gather(
        *(
            (db, other_db)[n % 2].run(lambda tx, by=by: tx.handoffs.decide(accepted(offered, by, tx.now)))
            for n, by in enumerate(people)
        )
    )
    assert sum(won) == 1


async def test_of_ten_who_end_it_at_once_one_ends_it(db: Database, other_db: Database) -> None:
    people, offered = await db.run(people_and_pool)
    await db.run(accept, offered.id, people[0])
    owned = await db.read(lambda tx: tx.handoffs.owned_of(offered.lead_id))
    assert owned is not None

    def release(tx: Transaction) -> bool:
        return tx.handoffs.finish(replace(owned, end=End.RELEASED, ended_at=tx.now, version=owned.version + 1))

    ended = await asyncio.gather(*((db, other_db)[n % 2].run(release) for n in range(10)))
    assert sum(ended) == 1


async def test_fifty_leads_at_once_never_push_anybody_over_the_cap(db: Database, other_db: Database) -> None:
    cap = 5

    def prepare(tx: Transaction) -> list[str]:
        people = [person(tx, name, cap=cap).id for name in ("Ada", "Ben", "Cy")]
        tx.teams.add(Team(id="t-1", key="europe", name="Europe"))
        tx.teams.set_members("t-1", [(one, 1) for one in people])
        return people

    people = await db.run(prepare)

    def assign(tx: Transaction, number: int) -> str | None:
        one = lead(tx, f"C-{number}")
        # Some take their turn in the team, others name the same people one by one.
        if number % 2:
            tx.teams.lock("t-1")
        for member in tx.teams.members("t-1"):
            rep = tx.people.lock(member.person.id)
            assert rep is not None
            if tx.handoffs.held_by(rep.id) < cap:
                handoff(tx, one, rep_id=rep.id)
                return rep.id
        return None

    given = await asyncio.gather(*((db, other_db)[n % 2].run(assign, n) for n in range(MANY)))
    assert Counter(rep for rep in given if rep is not None) == dict.fromkeys(people, cap)
    assert await db.read(lambda tx: tx.handoffs.held_by_many(people)) == dict.fromkeys(people, cap)


async def test_one_address_that_arrives_twenty_times_at_once_is_one_lead(db: Database, other_db: Database) -> None:
    def intake(tx: Transaction, number: int) -> str:
        tx.leads.lock_key("crm", f"C-{number}")
        tx.leads.lock_email("a@example.com")
        known = tx.leads.by_email("a@example.com")
        return known[0].id if known else lead(tx, f"C-{number}", email_normalised="a@example.com").id

    found = await asyncio.gather(*((db, other_db)[n % 2].run(intake, n) for n in range(20)))
    assert len(set(found)) == 1


async def test_one_campaign_named_first_by_many_at_once_is_made_once(db: Database, other_db: Database) -> None:
    made = await asyncio.gather(
        *((db, other_db)[n % 2].run(lambda tx: tx.campaigns.ensure("autumn").id) for n in range(20))
    )
    assert len(set(made)) == 1


async def test_of_ten_who_find_no_admin_and_become_it_one_does(db: Database, other_db: Database) -> None:
    """Nothing but the lock on what the teams decide holds the others up: there is no row to lock yet."""

    def become(tx: Transaction, name: str) -> bool:
        tx.settings.lock()
        if tx.people.with_role(Role.ADMIN):
            return False
        person(tx, name, roles=frozenset({Role.ADMIN}))
        return True

    won = await asyncio.gather(*((db, other_db)[n % 2].run(become, f"Owner {n}") for n in range(10)))
    assert sum(won) == 1
    assert len(await db.read(lambda tx: tx.people.with_role(Role.ADMIN))) == 1
