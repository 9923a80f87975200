"""Slack waits for three seconds, whatever we wait for: a form, Home, the database, or all of them."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from bot.integrations.tasks import Tasks
from bot.views import ids
from bot.views.ids import ActionId
from handlers import answer_time
from handlers.answer_time import ANSWER_WITHIN_S, SHORTEST_S, answering, left_s
from handlers.replies import begin
from storage.database import Database
from tests.handlers.office import FORM, Office, form_of
from tests.services.world import JONAS, START, StandingClock


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the budget's clock says: its one entry."""
    now = [1000.0]
    monkeypatch.setattr(answer_time.time, "monotonic", lambda: now[0])
    return now


def test_there_is_one_budget_for_everything(seconds: list[float]) -> None:
    assert ANSWER_WITHIN_S <= 2
    with answering():
        assert left_s() == ANSWER_WITHIN_S
        seconds[0] += 1.5
        assert left_s() == pytest.approx(ANSWER_WITHIN_S - 1.5)
        seconds[0] += 5
        assert left_s() == SHORTEST_S
    assert left_s() == ANSWER_WITHIN_S


async def test_what_goes_on_after_the_answer_has_time_of_its_own() -> None:
    tasks, left = Tasks(), []
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        left.append(left_s())

    with answering(within_s=0):
        await begin(tasks, work(), name="form")
        await begin(tasks, work(), name="Home")
    assert left == []
    go_on.set()
    assert await tasks.idle(timeout_s=5)
    assert left == [ANSWER_WITHIN_S] * 2


async def test_a_form_opened_from_home_is_answered_while_slack_hangs(office: Office) -> None:
    """Opening the form and publishing Home share the budget; both are done after the answer."""
    offered = await office.world.hand_over(name="Maria Lopez")
    handoff = await office.world.handoff(offered.handoff_id)
    office.wire.answers.clear()
    home = {"id": "V1", "type": "home", "private_metadata": ""}
    payload = office.click_payload(
        f"U{handoff.rep_id[1:]}" if handoff.rep_id else JONAS,
        ActionId.HANDOFF_REJECT,
        ids.handoff_value(handoff.id, 1),
        view=home,
    )
    answer = await office.deliver(form_of(payload), FORM)
    assert answer.status_code == 200
    office.wire.answers.set()
    assert await office.tasks.idle(timeout_s=10)
    assert len(office.wire.called("views.open")) == len(office.wire.called("views.publish")) == 1


async def test_a_caller_waits_for_the_database_as_long_as_it_says(migrated_copy: str) -> None:
    db = Database.open(f"sqlite:///{migrated_copy}", clock=StandingClock())
    patience = [0.01]
    waiting = db.patient(lambda: patience[0])
    try:
        await waiting.run(lambda tx: tx.people.mark_home_opened("x", START))
        other = sqlite3.connect(migrated_copy, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        first = asyncio.create_task(db.run(lambda tx: tx.seen.first_time("a", "1")))  # waits for the lock
        await asyncio.sleep(0.05)
        with pytest.raises(Exception, match="too busy"):
            await waiting.run(lambda tx: tx.seen.first_time("a", "2"))
        patience[0] = 30
        second = asyncio.create_task(waiting.run(lambda tx: tx.seen.first_time("a", "2")))
        other.rollback()
        other.close()
        assert await first
        assert await second
    finally:
        await db.close()
