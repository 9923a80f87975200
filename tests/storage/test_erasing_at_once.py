"""Somebody is erased while something is said of them, on both databases: they are not back afterwards."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.lead import Lead
from bot.services import crm, intake
from bot.services.answers import Answer
from bot.services.crm import LeadErased
from bot.services.crm_news import LeadUpdated
from bot.services.lead_records import HandOver
from storage.database import Database, run_now
from storage.transaction import Transaction
from tests.services.world import populate
from tests.storage.samples import NOON, StandingClock

EMAIL = "maria@example.com"


def hand_over(source: str, external_id: str, **values: Any) -> HandOver:
    values = {"name": "Maria Lopez", "sent_at": NOON - timedelta(hours=1), **values}
    return HandOver(source=source, external_id=external_id, given=frozenset(values), **values)


def leads(tx: Transaction) -> list[Lead]:
    found = [tx.leads.by_key(source, key) for source, key in (("crm", "1"), ("web", "2"), ("crm", "3"))]
    return [lead for lead in found if lead is not None]


def is_there(tx: Transaction) -> bool:
    return any(lead.name or lead.email for lead in leads(tx)) or tx.handoffs.count_waiting() > 0


Use = Callable[[Transaction], Any]
AtOnce = Callable[[Use, Use], Awaitable[Any]]


@pytest.fixture
def at_once(db: Database, url: str, clock: StandingClock) -> AtOnce:
    """What the second returned, which began when the first had done everything but its commit."""

    async def run(first: Use, second: Use) -> Any:
        done = threading.Event()

        def slowly(tx: Transaction) -> None:
            first(tx)
            tx.flush()
            done.set()
            time.sleep(0.5)  # PostgreSQL: the other waits for our locks meanwhile; SQLite: for our transaction

        # In a thread, as a process of its own: on PostgreSQL transactions of one loop take turns.
        one = asyncio.create_task(asyncio.to_thread(run_now, url, clock, slowly))
        await asyncio.to_thread(done.wait, 10)
        other = await db.run(second)
        await one
        return other

    return run


def erasure(external_id: str, email: str | None) -> Callable[[Transaction], Any]:
    news = LeadErased(source="crm", external_id=external_id, at=NOON, email=email)
    return lambda tx: crm.hear(tx, news)


@pytest.mark.parametrize("email", [EMAIL, None], ids=["with the address", "by its key alone"])
async def test_a_hand_over_of_another_source_meanwhile(db: Database, at_once: AtOnce, email: str | None) -> None:
    await db.run(populate)
    await db.run(intake.hand_over, hand_over("crm", "1", email=EMAIL))
    answer = await at_once(erasure("1", email), lambda tx: intake.hand_over(tx, hand_over("web", "2", email=EMAIL)))
    assert answer.status is Answer.ERASED
    assert not await db.read(is_there)


async def test_a_hand_over_by_another_key_of_the_lead_meanwhile(db: Database, at_once: AtOnce) -> None:
    await db.run(populate)
    await db.run(intake.hand_over, hand_over("crm", "1", email=EMAIL))
    await db.run(intake.hand_over, hand_over("web", "2", email=EMAIL))
    answer = await at_once(erasure("1", None), lambda tx: intake.hand_over(tx, hand_over("web", "2", company="Nord")))
    assert answer.status is Answer.ERASED
    assert not await db.read(is_there)


async def test_news_by_another_key_of_the_lead_meanwhile(db: Database, at_once: AtOnce) -> None:
    await db.run(populate)
    await db.run(intake.hand_over, hand_over("crm", "1", email=EMAIL))
    await db.run(intake.hand_over, hand_over("crm", "3", email=EMAIL))
    news = LeadUpdated(source="crm", external_id="3", at=NOON, values={"company": "Nord", "name": "Maria"})
    answer = await at_once(erasure("1", None), lambda tx: crm.hear(tx, news))
    assert answer.status is Answer.ERASED
    assert not await db.read(is_there)


async def test_an_erasure_that_comes_while_a_lead_of_the_address_is_handed_over(db: Database, at_once: AtOnce) -> None:
    await db.run(populate)
    handed = hand_over("web", "2", email=EMAIL)
    await at_once(lambda tx: intake.hand_over(tx, handed), erasure("1", EMAIL))
    assert not await db.read(is_there)
