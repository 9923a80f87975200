"""Many people talk about the same campaign alert at the same moment, on both databases: each counts once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.person import Role, Side, SlackFlags
from bot.errors import Refused
from bot.services import alert_questions, campaign_alerts, got_its, timers
from bot.services.alert_questions import AnswerQuestion, AskQuestion
from bot.services.got_its import PressGotIt
from storage.database import Database
from storage.transaction import Transaction
from tests.services import alert_world, world
from tests.services.world import JONAS, MARKETER
from tests.storage.samples import NOON, StandingClock

REPS = 12


def populate(tx: Transaction) -> None:
    world.populate(tx)
    for number in range(100, 100 + REPS):
        tx.people.add(world.person(number, f"Rep {number}", Role.REP, Side.SALES))
    for person in tx.people.all():
        tx.people.set_flags(person.id, SlackFlags(checked_at=NOON))
    alert_world.tell(
        tx, starts_at=NOON + timedelta(days=3), ends_at=None, told_at=NOON, created_at=NOON, updated_at=NOON
    )  # fmt: skip


async def at_once(*work: Any) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


async def test_everybody_presses_twice_and_counts_once(db: Database, other_db: Database) -> None:
    await db.run(populate)
    presses = [PressGotIt(alert_id="a1", version=1, by=f"U{number}") for number in range(100, 100 + REPS)]
    done = await at_once(*(one.run(got_its.got_it, press) for press in presses for one in (db, other_db)))
    assert not [one for one in done if isinstance(one, BaseException)]
    counts = (await db.read(lambda tx: tx.got_its.counts(["a1"])))["a1"]
    assert (counts.got_it, counts.asked) == (REPS, REPS + 3)


async def test_many_ask_at_once_and_each_question_has_its_place(db: Database, other_db: Database) -> None:
    await db.run(populate)
    asks = [AskQuestion(alert_id="a1", by=f"U{number}", text=f"{number}?") for number in range(100, 100 + REPS)]
    done = await at_once(
        *((db, other_db)[number % 2].run(alert_questions.ask, one) for number, one in enumerate(asks))
    )  # fmt: skip
    assert not [one for one in done if isinstance(one, BaseException)]
    found = await db.read(lambda tx: tx.alert_questions.of_alert("a1"))
    assert [one.place for one in found] == list(range(1, REPS + 1))


async def test_of_two_answers_at_once_one_stands(db: Database, other_db: Database) -> None:
    await db.run(populate)
    asked = await db.run(alert_questions.ask, AskQuestion(alert_id="a1", by=JONAS, text="When?"))
    answers = [
        AnswerQuestion(question_id=asked.id, by=MARKETER, text=text, expected=False) for text in ("Soon.", "Later.")
    ]
    done = await at_once(db.run(alert_questions.answer, answers[0]), other_db.run(alert_questions.answer, answers[1]))
    assert sum(isinstance(one, Refused) for one in done) == 1
    found = await db.read(lambda tx: tx.alert_questions.of_alert("a1"))
    assert found[0].answer in ("Soon.", "Later.")


async def test_a_reminder_that_is_due_and_an_edit_at_once_remind_once(
    db: Database, other_db: Database, clock: StandingClock
) -> None:
    await db.run(populate)
    clock.advance(days=2)

    async def sweep(one: Database) -> None:
        while await one.run(timers.sweep_one):
            pass

    def edit(tx: Transaction) -> None:
        alert = tx.campaign_alerts.lock("a1")
        assert alert is not None
        moved = replace(alert, starts_at=NOON + timedelta(days=9), version=alert.version + 1)
        tx.campaign_alerts.save(moved)
        campaign_alerts.changed(tx, moved)

    done = await at_once(sweep(db), other_db.run(edit), sweep(other_db))
    assert not [one for one in done if isinstance(one, BaseException)]
    clock.advance(days=8)
    await sweep(db)
    reminded = await db.read(lambda tx: tx.campaign_alerts.get("a1"))
    assert reminded is not None
    assert reminded.reminded_at is not None
    times = await db.read(_times)
    assert len(times) == REPS + 3
    assert set(times.values()) == {1}


def _times(tx: Transaction) -> dict[str, int]:
    """How often each rep was told, in briefs that were made and in what waits."""
    found: dict[str, int] = {}
    rows = tx.briefs._connection.exec_driver_sql(
        "SELECT person_id, sum(times) FROM brief_items WHERE kind = 'campaign_news' AND subject_id = 'got_it:a1' "
        "GROUP BY person_id"
    )
    for person_id, times in rows:
        found[person_id] = int(times)
    return found
