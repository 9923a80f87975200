"""The watchdog: what counts as stuck, and what does not."""

from __future__ import annotations

import asyncio
import threading

import pytest

from jobs.watchdog import FAILED, Patience, Watchdog

PATIENCE = Patience(loop_s=60, jobs_s=90, socket_s=120)


class Office:
    """What a watchdog looks at, as a test wants it; time is a number."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.ran = {"outbox": 1000.0, "timers": 1000.0}
        self.socket = True
        self.slack = True
        self.found: list[str] = []
        self.watchdog = Watchdog(
            last_runs=lambda: self.ran,
            connected=self._connected,
            slack_answers=self._answers,
            on_stuck=self.found.append,
            patience=PATIENCE,
            monotonic=lambda: self.now,
        )

    async def _connected(self) -> bool:
        return self.socket

    async def _answers(self) -> bool:
        return self.slack

    async def after(self, seconds: float, *, running: bool = True) -> str | None:
        """What the watchdog sees after so many seconds, during which the jobs ran or not."""
        self.now += seconds
        if running:
            self.ran = dict.fromkeys(self.ran, self.now)
        return await self.watchdog.look()


@pytest.fixture
def office() -> Office:
    return Office()


async def test_a_job_that_does_not_run_is_stuck(office: Office) -> None:
    assert await office.after(90, running=False) is None
    assert "outbox" in str(await office.after(1, running=False))


async def test_a_socket_that_is_gone_while_slack_answers_is_stuck(office: Office) -> None:
    office.socket = False
    assert await office.after(120) is None
    assert "Socket Mode" in str(await office.after(1))


async def test_a_socket_that_came_back_in_between_is_not(office: Office) -> None:
    office.socket = False
    await office.after(100)
    office.socket = True
    await office.after(1)
    office.socket = False
    assert await office.after(100) is None


async def test_while_slack_itself_does_not_answer_a_new_start_would_help_nobody(office: Office) -> None:
    office.socket = office.slack = False
    assert await office.after(10_000) is None


async def test_whoever_is_to_end_the_process_hears_it_once(office: Office) -> None:
    fast = Watchdog(
        last_runs=lambda: {"outbox": 0.0},
        connected=office._connected,
        slack_answers=office._answers,
        on_stuck=office.found.append,
        patience=Patience(look_every_s=0.005),
        monotonic=lambda: 1000.0,
    )
    fast.start()
    await asyncio.sleep(0.05)
    await fast.stop()
    assert len(office.found) == 1
    assert fast.stuck == office.found[0]


async def test_a_blocked_loop_ends_the_process_from_its_thread(office: Office) -> None:
    died, codes = threading.Event(), []

    def die(code: int) -> None:
        codes.append(code)
        died.set()

    fast = Watchdog(
        last_runs=dict,
        connected=office._connected,
        slack_answers=office._answers,
        on_stuck=office.found.append,
        patience=Patience(loop_s=0.05),
        die=die,
    )
    fast.start()
    # The loop is blocked on purpose, until the thread has noticed.
    assert died.wait(10)
    await fast.stop()
    assert codes == [FAILED]
