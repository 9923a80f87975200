"""The contract of storage about people's leads going on, deputies and practice leads, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.handoff import Handoff
from bot.domain.lead import Stage
from bot.errors import LockstepError
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, accepted, handoff, lead, move, person, reassignment


async def test_what_is_stored_comes_back_and_only_progress_changes(db: Database) -> None:
    asked = await db.run(lambda tx: reassignment(tx, person(tx), for_id=person(tx, "Anna").id))
    assert await db.run(lambda tx: tx.reassignments.lock(asked.id)) == asked
    await db.run(lambda tx: tx.reassignments.save_progress(asked.id, 2, None))
    assert await db.read(lambda tx: tx.reassignments.get(asked.id)) == replace(asked, done=2)
    assert await db.read(lambda tx: tx.reassignments.get("nobody's")) is None


async def test_of_a_person_at_most_one_runs(db: Database) -> None:
    of = await db.run(person)
    first = await db.run(lambda tx: reassignment(tx, of))
    with pytest.raises(LockstepError):
        await db.run(lambda tx: reassignment(tx, of))
    assert await db.read(lambda tx: tx.reassignments.running([of.id, "x"])) == {of.id: first}
    await db.run(lambda tx: tx.reassignments.save_progress(first.id, 3, NOON))
    assert await db.read(lambda tx: tx.reassignments.running([of.id])) == {}
    await db.run(lambda tx: reassignment(tx, of))


async def test_what_came_later_and_what_is_won_is_not_among_a_persons_leads(db: Database) -> None:
    def fill(tx: Transaction) -> tuple[str, str]:
        of, newest = person(tx), ""
        for number, (offered_at, state) in enumerate(
            [(0, "offered"), (5, "offered"), (0, "accepted"), (5, "accepted"), (0, "won")]
        ):
            at = tx.now + timedelta(minutes=offered_at)
            of_lead = lead(tx, f"C-{number}", stage=Stage.MQL if state == "offered" else Stage.SAL)
            one = handoff(tx, of_lead, rep_id=of.id, offered_at=at)
            newest = newest if state == "won" else one.id
            if state != "offered":
                tx.handoffs.decide(accepted(one, of.id, at))
            if state == "won":
                won = tx.leads.get(of_lead.id)
                assert won is not None
                move(tx, move(tx, won, Stage.SQL), Stage.WON)
        assert tx.handoffs.newest_of(of.id) == max(newest, one.id)
        # In the same instant, but later.
        later = handoff(tx, lead(tx, "C-8"), rep_id=of.id, offered_at=tx.now)
        tx.handoffs.decide(accepted(later, of.id, tx.now))
        handoff(tx, lead(tx, "C-9"), rep_id=of.id, offered_at=tx.now)
        return of.id, newest

    of, newest = await db.run(fill)

    def ids(rows: list[tuple[Handoff, Any]]) -> int:
        return len(rows)

    assert await db.read(lambda tx: ids(tx.handoffs.had_offered(of, tx.now, newest, 9))) == 1
    assert await db.read(lambda tx: ids(tx.handoffs.had_accepted(of, tx.now, newest, 9))) == 1
    assert await db.read(lambda tx: tx.handoffs.loads([of, "x"])) == {of: (3, 3), "x": (0, 0)}


async def test_who_names_a_person_as_deputy_is_found(db: Database) -> None:
    anna, priya = await db.run(lambda tx: (person(tx, "Anna"), person(tx, "Priya")))
    await db.run(lambda tx: tx.people.set_deputy(anna.id, priya.id))
    assert [one.id for one in await db.read(lambda tx: tx.people.who_name_as_deputy(priya.id))] == [anna.id]
    await db.run(lambda tx: tx.people.set_deputy(anna.id, None))
    assert await db.read(lambda tx: tx.people.who_name_as_deputy(priya.id)) == []


async def test_a_person_is_welcomed_once(db: Database) -> None:
    one = await db.run(person)
    assert await db.run(lambda tx: tx.people.welcome(one.id, NOON))
    assert not await db.run(lambda tx: tx.people.welcome(one.id, NOON))


async def test_practice_is_in_no_list_and_no_number(db: Database) -> None:
    def practise(tx: Transaction) -> tuple[str, str, str]:
        of = person(tx)
        values: dict[str, Any] = {"practice": True, "email_normalised": "a@example.com", "company": "N", "name": "D"}
        waits = lead(tx, "P-1", **values)
        handoff(tx, waits, rep_id=of.id, practice=True)
        owned = handoff(tx, lead(tx, "P-2", **values), rep_id=of.id, practice=True)
        tx.handoffs.decide(accepted(owned, of.id, tx.now))
        real = lead(tx, "C-1", email_normalised="a@example.com", company="N", name="D", stage=Stage.RECYCLED)
        return of.id, waits.id, real.id

    of, waits, real = await db.run(practise)

    def numbers(tx: Transaction) -> list[object]:
        found = tx.leads.get(real)
        assert found is not None
        return [
            tx.handoffs.held_by(of), *tx.handoffs.loads([of])[of], tx.handoffs.count_needs(of, []),
            tx.handoffs.count_waiting(), tx.handoffs.count_owned_by(of), tx.leads.count_worked(),
            tx.handoffs.count_owned_by_absent([of]), len(tx.handoffs.owned_by_others([], 9, 0)),
            tx.handoffs.day_numbers(of, NOON - timedelta(days=1)).offered, len(tx.leads.similar(found)),
            len(tx.handoffs.waiting(9, 0)), tx.leads.count_unrouted(),
        ]  # fmt: skip

    assert await db.read(numbers) == [0] * 13
    assert [one.id for one in await db.read(lambda tx: tx.leads.by_email("a@example.com"))] == [real]
    one = await db.read(lambda tx: tx.handoffs.practised_by(of))
    assert one is not None
    assert one.lead_id == waits
