"""Leads, their keys, who they may be the same as; and the events they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lead import Lead, Priority, Stage
from bot.errors import Stale
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, lead, move

EVERYTHING = Lead(
    id="l-1",
    source="crm",
    external_id="C-1",
    email="Léa@Example.com",
    email_normalised="léa@example.com",
    name="Léa <!channel> “Martin” 🚀",
    company="Nord & Co",
    title="CTO",
    phone="+33 1 23 45 67 89",
    phone_e164="+33123456789",
    country="FR",
    origin="webinar",
    campaign_key="autumn",
    score=50,
    touches=3,
    engaged_at=NOON,
    priority=Priority.HOT,
    summary="Asked for a demo\nand more",
    url="https://crm.example.com/1",
    fields={"z": "last", "a": "first", "é": "ü"},
    stage=Stage.RECYCLED,
    recycle_at=NOON + timedelta(days=30),
    version=1,
    created_at=NOON,
    updated_at=NOON,
)


async def test_a_lead_comes_back_as_stored(db: Database) -> None:
    await db.run(lambda tx: tx.leads.add(EVERYTHING))
    found = await db.read(lambda tx: tx.leads.get("l-1"))
    assert found == EVERYTHING
    assert list(found.fields) == ["z", "a", "é"]
    assert await db.run(lambda tx: tx.leads.lock("l-1")) == EVERYTHING
    assert await db.read(lambda tx: tx.leads.by_key("crm", "C-1")) == EVERYTHING
    assert await db.run(lambda tx: tx.leads.lock("none")) is None


@pytest.mark.parametrize("score", [None, 0, 50, 12.5, -3])
async def test_a_score_stays_the_number_it_was(db: Database, score: float | None) -> None:
    await db.run(lambda tx: tx.leads.add(replace(EVERYTHING, score=score)))
    found = await db.read(lambda tx: tx.leads.get("l-1"))
    assert found is not None
    assert repr(found.score) == repr(score)


async def test_saving_wants_the_next_version(db: Database) -> None:
    await db.run(lambda tx: tx.leads.add(EVERYTHING))
    changed = replace(EVERYTHING, name=None, fields={}, version=2)
    await db.run(lambda tx: tx.leads.save(changed))
    assert await db.read(lambda tx: tx.leads.get("l-1")) == changed
    with pytest.raises(Stale):
        await db.run(lambda tx: tx.leads.save(changed))
    with pytest.raises(Stale):
        await db.run(lambda tx: tx.leads.save(replace(changed, version=4)))


async def test_after_a_merge_the_old_keys_find_the_survivor(db: Database) -> None:
    def merge(tx: Transaction) -> Lead:
        gone, survivor = lead(tx, "C-1"), lead(tx, "C-2")
        tx.leads.move_keys(gone.id, survivor.id)
        tx.leads.save(replace(gone, stage=Stage.MERGED, merged_into=survivor.id, version=2))
        return survivor

    survivor = await db.run(merge)
    assert await db.read(lambda tx: tx.leads.by_key("crm", "C-1")) == survivor
    assert await db.read(lambda tx: tx.leads.by_key("crm", "C-2")) == survivor


async def test_a_further_key_finds_the_lead_and_a_taken_key_stays(db: Database) -> None:
    def three(tx: Transaction) -> list[Lead]:
        one, other = lead(tx, "C-1"), lead(tx, "C-2")
        tx.leads.add_key(one.id, "form", "7")
        tx.leads.add_key(other.id, "form", "7")
        return [one, other]

    one, _ = await db.run(three)
    assert await db.read(lambda tx: tx.leads.by_key("form", "7")) == one


async def test_leads_of_an_address_come_newest_first_without_merged_ones(db: Database, clock: StandingClock) -> None:
    made = []
    for n in range(3):
        clock.advance(seconds=1)
        made.append(await db.run(lambda tx, n=n: lead(tx, f"C-{n}", email_normalised="a@example.com")))
    await db.run(lambda tx: tx.leads.save(replace(made[1], stage=Stage.MERGED, merged_into=made[0].id, version=2)))
    assert await db.read(lambda tx: tx.leads.by_email("a@example.com")) == [made[2], made[0]]
    assert await db.read(lambda tx: tx.leads.by_email("b@example.com")) == []


async def test_similar_leads_are_those_of_the_address_or_of_the_name_and_worked_ones_come_first(
    db: Database, clock: StandingClock
) -> None:
    def many(tx: Transaction) -> dict[str, Lead]:
        here = {"email_normalised": "a@example.com", "company": "Nord & Co", "name": "Léa  Martin"}
        return {
            "itself": lead(tx, "C-0", **here),
            "same address, closed": lead(tx, "C-1", email_normalised="a@example.com", stage=Stage.CLOSED),
            "same name, open": lead(tx, "C-2", company="NORD & CO", name="léa martin", stage=Stage.MQL),
            "same name, closed": lead(tx, "C-3", company="nord & co ", name="Léa Martin", stage=Stage.CLOSED),
            "same address, owned": lead(tx, "C-4", email_normalised="a@example.com", stage=Stage.SAL),
            "same company only": lead(tx, "C-5", company="Nord & Co", name="Somebody Else"),
        }

    made = await db.run(many)
    names = {one.id: name for name, one in made.items()}
    found = await db.read(lambda tx: tx.leads.similar(made["itself"]))
    assert [names[one.id] for one in found] == [
        "same address, owned", "same name, open", "same address, closed", "same name, closed",
    ]  # fmt: skip
    assert len(await db.read(lambda tx: tx.leads.similar(made["itself"], 2))) == 2


async def test_a_lead_without_address_and_name_is_similar_to_nobody(db: Database) -> None:
    one = await db.run(lead, "C-1")
    await db.run(lead, "C-2")
    assert await db.read(lambda tx: tx.leads.similar(one)) == []


async def test_events_of_a_lead_come_newest_first_by_when_they_happened(db: Database) -> None:
    def three(tx: Transaction) -> str:
        one = lead(tx)
        tx.events.add("first", lead_id=one.id, data={"n": 1, "stage": Stage.MQL})
        tx.events.add("imported", lead_id=one.id, happened_at=tx.now - timedelta(days=9), origin="import")
        tx.events.add("last", lead_id=one.id, actor="p-1")
        tx.events.add("of nobody")
        return one.id

    lead_id = await db.run(three)
    found = await db.read(lambda tx: tx.events.of_lead(lead_id))
    assert [event.kind for event in found] == ["last", "first", "imported"]
    assert found[1].data == {"n": 1, "stage": "mql"}
    assert (found[2].happened_at, found[2].recorded_at, found[2].origin) == (NOON - timedelta(days=9), NOON, "import")
    assert [event.kind for event in await db.read(lambda tx: tx.events.of_lead(lead_id, 1))] == ["last"]


async def test_moving_a_stage_is_stored(db: Database) -> None:
    one = await db.run(lead)
    await db.run(move, one, Stage.SAL)
    found = await db.read(lambda tx: tx.leads.get(one.id))
    assert found is not None
    assert found.stage is Stage.SAL
