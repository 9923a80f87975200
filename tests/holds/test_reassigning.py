"""Killed in the middle of giving hundreds of leads to others; started again, each has gone on exactly once."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime

import pytest

from bench import mortal
from bench.mortal import Mortal
from bot.crash_points import KILLED, CrashPoint
from bot.domain.handoff import Opened, Status
from bot.domain.matching import Condition, Operator
from bot.domain.post import PostRole, Subject, TimerKind
from bot.domain.reassignment import Reassignment, Which
from bot.domain.routing import Rule, Target
from bot.services import intake, reassigning_all
from bot.services.lead_records import HandOver
from bot.services.reassigning_all import AT_ONCE
from storage.database import run_now
from storage.transaction import Transaction

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]

LEADS = AT_ONCE * 2 + 5


class At:
    """The sandbox's time, standing still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def fill(tx: Transaction) -> str:
    """The first rep has LEADS offers; they are on their way to the second, and the first AT_ONCE have arrived."""
    sick, heir = (tx.people.by_email(mortal.email(number)) for number in (0, 1))
    assert sick is not None
    assert heir is not None
    anything = Condition(field="", operator=Operator.ANY)
    tx.rules.replace([Rule(id="r1", position=1, name="All", condition=anything, target=Target.REP, target_id=sick.id)])
    for number in range(LEADS):
        name = f"Lead {number}"
        command = HandOver(source="website", external_id=name, name=name, given=frozenset({"name"}))
        assert intake.hand_over(tx, command).handoff_id
    asked = Reassignment(
        id="r-1", person_id=sick.id, by_id=heir.id, which=Which.BOTH, to_rep_id=heir.id, note="ill", total=LEADS,
        newest_id=tx.new_id(), started_at=tx.now,
    )  # fmt: skip
    tx.reassignments.add(asked)
    reassigning_all.go_on(tx, asked.id)
    return sick.id


def look(tx: Transaction) -> tuple[Counter[tuple[Status, ...]], int, int, Reassignment | None]:
    """The handoffs of the leads, cards of those that wait, timers left, and how far it says it is."""
    ways: Counter[tuple[Status, ...]] = Counter()
    cards = 0
    for number in range(LEADS):
        lead = tx.leads.by_key("website", f"Lead {number}")
        assert lead is not None
        found = tx.handoffs.of_lead(lead.id)
        assert [one.opened for one in found[1:]] == [Opened.REASSIGNED] * (len(found) - 1)
        ways[tuple(one.status for one in found)] += 1
        posts = tx.posts.of_subject(Subject.HANDOFF, found[-1].id)
        cards += sum(one.role is PostRole.PRIMARY and one.ts is not None for one in posts)
    left = int(tx.timers.get(TimerKind.REASSIGN, "r-1") is not None)
    return ways, cards, left, tx.reassignments.get("r-1")


async def killed_in_the_middle(bot: Mortal) -> None:
    clock = At(await bot.slack.now())
    await asyncio.to_thread(run_now, bot.database_url, clock, fill)
    await bot.start(crash_at=CrashPoint.CLICK_IN_TRANSACTION, ready=False)
    assert await bot.died() == KILLED
    ways, _, left, asked = await asyncio.to_thread(run_now, bot.database_url, clock, look)
    went, waits = (Status.WITHDRAWN, Status.OFFERED), (Status.OFFERED,)
    assert (ways, left) == ({went: AT_ONCE, waits: LEADS - AT_ONCE}, 1)
    assert asked is not None
    assert (asked.done, asked.finished_at) == (AT_ONCE, None)
    await bot.start()
    await bot.settled()
    ways, cards, left, asked = await asyncio.to_thread(run_now, bot.database_url, clock, look)
    assert (ways, cards, left) == ({went: LEADS}, LEADS, 0)
    assert asked is not None
    assert (asked.done, asked.finished_at is not None) == (LEADS, True)


async def test_every_lead_has_gone_on_exactly_once_after_a_death_in_the_middle(bot: Mortal) -> None:
    await killed_in_the_middle(bot)


@pytest.mark.postgres
async def test_every_lead_has_gone_on_exactly_once_after_a_death_in_the_middle_on_postgresql(
    postgres_bot: Mortal,
) -> None:
    await killed_in_the_middle(postgres_bot)
