"""Background tasks are held, counted and drained."""

from __future__ import annotations

import asyncio
import gc

from structlog.testing import capture_logs

from bot.integrations.tasks import Tasks


async def test_a_task_nobody_holds_is_not_lost() -> None:
    tasks, done = Tasks(), []

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append(1)

    tasks.spawn(work(), name="answer")
    gc.collect()
    assert tasks.count == 1
    assert await tasks.idle(timeout_s=5)
    assert done == [1]
    assert tasks.count == 0


async def test_a_handler_at_work_counts() -> None:
    tasks = Tasks()
    with tasks.working():
        assert tasks.count == 1
        assert not await tasks.idle(timeout_s=0.01)
    assert await tasks.idle(timeout_s=5)
    assert tasks.started == 1


async def test_the_end_waits_for_what_is_at_work_and_takes_nothing_new() -> None:
    tasks, done = Tasks(), []

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append(1)

    tasks.spawn(work(), name="answer")
    assert await tasks.drain(timeout_s=5) == 0
    tasks.spawn(work(), name="late")
    assert tasks.count == 0
    assert done == [1]


async def test_what_does_not_end_in_time_is_cancelled() -> None:
    tasks = Tasks()
    tasks.spawn(asyncio.Event().wait(), name="stuck")
    assert await tasks.drain(timeout_s=0.01) == 1
    assert tasks.count == 0


async def test_a_failure_is_logged_by_name_and_without_its_text() -> None:
    tasks = Tasks()

    async def work() -> None:
        raise ValueError("ines@example.com")

    with capture_logs() as logs:
        tasks.spawn(work(), name="answer")
        await tasks.idle(timeout_s=5)
    assert [(line["task"], line["error"]) for line in logs] == [("answer", "ValueError")]
    assert "ines" not in str(logs)
