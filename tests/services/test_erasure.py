"""Who asked to be erased is gone: from the tables, from the file, from Slack, and from what is still to be told."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.crm import ActivityKind
from bot.domain.lead import Stage
from bot.domain.target import Target
from bot.services import crm, delivery
from bot.services.answers import Answer
from bot.services.crm import LeadErased
from bot.services.crm_news import LeadActivity, LeadStage, LeadUpdated
from bot.services.notices import Erased
from storage.tables import metadata
from storage.transaction import Transaction
from tests.services.world import JONAS, START, World

PERSONAL = ("Wittgenstein", "ludwig", "Trinity", "99001234", "Tractatus", "W-1889", "poker")


@pytest.fixture
async def lead_id(world: World) -> str:
    """A lead with something personal wherever there can be: rejected once, handed over again, accepted."""
    await world.db.run(_target)
    await world.change("p2", cap=0)
    first = await world.hand_over(
        "W-1889", name="Ludwig Wittgenstein", email="ludwig@example.com", company="Trinity", phone="+44 99001234",
        phone_e164="+4499001234", summary="Asked about the Tractatus", fields={"thesis": "Tractatus"},
        url="https://crm.example.com/W-1889", title="Author of the Tractatus",
    )  # fmt: skip
    await world.reject(first.handoff_id, JONAS, "low_intent", comment="Wittgenstein waves a poker")
    again = await world.hand_over("W-1889", summary="Tractatus again")
    await world.accept(again.handoff_id, JONAS)
    await world.hand_over("W-1890", email="Ludwig@example.com", summary="Tractatus, third time")
    common = {"source": "crm", "external_id": "W-1889", "at": START}
    await world.db.run(crm.hear, LeadActivity(kind=ActivityKind.CALL, by="Wittgenstein's aunt", **common))
    await world.db.run(crm.hear, LeadStage(stage=Stage.LOST, reason="poker put down", **common))
    assert first.lead_id is not None
    return first.lead_id


def _target(tx: Transaction) -> None:
    tx.targets.add(Target(key="crm", url="https://crm.example.com/hook", secrets=("whsec_x",), created_at=START))


async def erase(world: World, external_id: str = "W-1889") -> Answer:
    command = LeadErased(source="crm", external_id=external_id, at=world.clock.now())
    return (await world.db.run(crm.hear, command)).status


def everything(tx: Transaction) -> str:
    """Every value of every table."""
    connection = tx.leads._connection
    return "\n".join(repr(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table)))


async def test_no_table_knows_any_more_who_it_was(world: World, lead_id: str) -> None:
    before = await world.db.read(everything)
    assert all(word in before for word in PERSONAL)
    assert await erase(world) is Answer.ERASED
    left = await world.db.read(everything)
    assert [word for word in PERSONAL if word.casefold() in left.casefold()] == []


async def test_nor_does_the_file(world: World, lead_id: str, tmp_path: Path) -> None:
    """Nor what SQLite keeps beside it, while the bot runs: it is cleared within moments, between two clicks."""
    assert PERSONAL[0].lower().encode() in _bytes(tmp_path).lower()
    await erase(world)
    for _ in range(400):
        if PERSONAL[0].lower().encode() not in _bytes(tmp_path).lower():
            break
        await asyncio.sleep(0.05)
    # Somebody works on: what comes later does not bring it back.
    await world.hand_over("later", name="Somebody else")
    assert [word for word in PERSONAL if word.lower().encode() in _bytes(tmp_path).lower()] == []


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("lockstep.db*"))


async def test_cards_say_so_and_what_was_never_shown_is_not_shown(world: World, lead_id: str) -> None:
    card, *others = await world.posts(lead_id)
    await world.db.run(lambda tx: tx.posts.shown(card.id, "D1", "1.1", 1))
    await erase(world)
    said = await world.db.read(delivery.what_to_say, card.id)
    assert said is not None
    assert said[1] == Erased(erased_at=START)
    assert others
    assert [await world.db.read(delivery.what_to_say, post.id) for post in others] == [None] * len(others)


async def test_nobody_has_the_lead_any_more_and_nothing_is_due(world: World, lead_id: str) -> None:
    await erase(world)
    assert not [one for one in await world.of_lead(lead_id) if one.is_open or one.is_owned]
    world.clock.advance(timedelta(days=400))
    await world.sweep()
    assert not [one for one in await world.of_lead(lead_id) if one.is_open or one.is_owned]


async def test_what_is_told_to_others_names_no_person(world: World, lead_id: str) -> None:
    await erase(world)
    rows = await world.db.read(lambda tx: tx.erasures.told(lead_id))
    leads = [json.loads(body)["data"]["lead"] for _, body in rows]
    assert leads
    assert all(lead == {"id": lead_id, "source": "crm", "erased": True} for lead in leads)


@pytest.mark.parametrize("external_id", ["W-1889", "W-1890"])
async def test_no_key_of_theirs_brings_them_back(world: World, lead_id: str, external_id: str) -> None:
    await erase(world)
    later = await world.hand_over(external_id, name="Ludwig Wittgenstein", email="ludwig@example.com")
    assert (later.status, later.lead_id) == (Answer.ERASED, None)
    news = LeadUpdated(source="crm", external_id=external_id, at=START, values={"name": "Ludwig"})
    assert (await world.db.run(crm.hear, news)).status is Answer.ERASED


async def test_who_was_never_here_is_kept_out_all_the_same(world: World) -> None:
    assert await erase(world, "nobody") is Answer.ERASED
    assert (await world.hand_over("nobody", name="Somebody")).status is Answer.ERASED


async def test_leads_merged_into_it_are_erased_with_it(world: World) -> None:
    await world.change("p2", cap=0)
    first = await world.hand_over("1", name="Ludwig Wittgenstein", company="Trinity")
    second = await world.hand_over("2", name="Ludwig Wittgenstein", company="Trinity")
    await world.reject(second.handoff_id, JONAS, "duplicate", lead_id=first.lead_id)
    await erase(world, "2")
    left = await world.db.read(everything)
    assert "Wittgenstein" not in left
    assert "Trinity" not in left
