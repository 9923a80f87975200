"""Many people talk about the same campaign alert at the same moment, on both databases: each counts once."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.person import Role, Side, SlackFlags
from bot.domain.post import TimerKind
from bot.errors import Refused
from bot.integrations.holidays import PublicHolidays
from bot.services import alert_counts, alert_questions, campaign_alerts, got_its, timers
from bot.services.alert_questions import AnswerQuestion, AskQuestion
from bot.services.got_its import PressGotIt
from storage.database import Database, run_now
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


async def test_a_count_that_changes_while_the_message_is_brought_up_to_date_is_shown_next_time(
    db: Database, url: str, clock: StandingClock
) -> None:
    await db.run(populate)
    await db.run(lambda tx: alert_counts.changed(tx, "a1"))
    fired = threading.Event()

    def fires(tx: Transaction) -> None:
        assert timers.sweep_one(tx)
        tx.flush()
        fired.set()
        time.sleep(0.3)  # it has not committed yet when somebody presses

    sweep = asyncio.create_task(asyncio.to_thread(run_now, url, clock, fires))
    await asyncio.to_thread(fired.wait, 10)
    await db.run(got_its.got_it, PressGotIt(alert_id="a1", version=1, by="U100"))
    await sweep
    again = await db.read(lambda tx: tx.timers.get(TimerKind.CAMPAIGN_COUNTS, "a1"))
    assert again is not None
    assert again.due_at == NOON + alert_counts.EVERY


@pytest.mark.postgres
async def test_a_message_is_not_brought_up_to_date_while_what_it_counts_changes(
    postgres_url_migrated: str, clock: StandingClock
) -> None:
    db = Database.open(postgres_url_migrated, clock=clock, holidays=PublicHolidays())
    await db.run(populate)
    await db.run(lambda tx: alert_counts.changed(tx, "a1"))
    pressed, may_commit = threading.Event(), threading.Event()

    def press(tx: Transaction) -> None:
        got_its.got_it(tx, PressGotIt(alert_id="a1", version=1, by="U100"))
        tx.flush()
        pressed.set()
        may_commit.wait(10)

    click = asyncio.create_task(asyncio.to_thread(run_now, postgres_url_migrated, clock, press))
    await asyncio.to_thread(pressed.wait, 10)
    await db.run(got_its.got_it, PressGotIt(alert_id="a1", version=1, by="U101"))  # others press meanwhile
    fired = [await db.run(timers.sweep_one)]
    may_commit.set()
    await click
    fired.append(await db.run(timers.sweep_one))
    await db.close()
    assert fired == [False, True]


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
