"""Delivery and timers against the sandbox, by its clock: what people see there is what counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.post import Post, PostRole, Subject, Timer, TimerKind
from bot.integrations.clock import SandboxClock
from bot.integrations.slack import SlackChat, web_client, web_session
from bot.integrations.tasks import Tasks
from bot.services import posting
from jobs.deliver_outbox import Outbox
from jobs.runner import Runner
from jobs.sweep_timers import Timers
from sandbox.server import running
from storage.database import Database
from storage.transaction import Transaction
from tests.jobs.conftest import load, say
from tests.sandbox.slack_driver import ADA, POOL, SETTINGS, Slack

DAYS = 14


class Bot:
    """One process of Lockstep, as far as jobs go."""

    def __init__(self, db: Database, clock: SandboxClock, runner: Runner) -> None:
        self.db = db
        self.clock = clock
        self.runner = runner

    async def say(self, place: str, text: str) -> Post:
        return await self.db.run(say, place, text)


def daily(tx: Transaction, timer: Timer) -> None:
    """Says the day, and is due again a day later."""
    day = int(timer.subject_id) + 1
    say(tx, POOL, f"day {day}")
    if day < DAYS:
        tx.timers.set(TimerKind.RECYCLE, str(day), tx.now + timedelta(days=1))


Start = Callable[[str], Awaitable[Bot]]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with running(SETTINGS()) as sandbox, Slack(sandbox) as driver:
        yield driver


@pytest.fixture
async def start(slack: Slack) -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:
        count = 0

        async def starting(url: str) -> Bot:
            nonlocal count
            count += 1
            address = slack.url.replace("http://", "ws://") + "/_sandbox/clock/follow"
            clock = SandboxClock(address, name=f"bot-{count}")
            await clock.start()
            stack.push_async_callback(clock.stop)
            db = Database.open(url, clock=clock)
            stack.push_async_callback(db.close)
            session = await stack.enter_async_context(web_session())
            chat = SlackChat(web_client("xoxb-sandbox-bot", f"{slack.url}/api/", session), clock)
            runner = Runner(db, Outbox(db, chat, load=load), Timers(db, fire=daily), Tasks())
            runner.start()
            stack.push_async_callback(runner.stop, timeout_s=5)
            clock.serve(runner)
            return Bot(db, clock, runner)

        yield starting


async def seen(slack: Slack, place: str) -> list[dict[str, Any]]:
    record = await slack.get(f"record?place={place}")
    return [message["message"] for message in record["messages"] if not message["deleted"]]


async def words(slack: Slack, place: str) -> list[str]:
    return [message["text"].removeprefix("Lockstep needs you: ") for message in await seen(slack, place)]


async def two_weeks(slack: Slack, bots: list[Bot]) -> None:
    """A timer that fires daily for two weeks fires once each day, to the second, whoever of the bots it is."""
    await slack.post("clock", {"running": False})
    now = datetime.fromisoformat((await slack.get("clock"))["now"]).astimezone(UTC)
    first = now + timedelta(hours=1)
    await bots[0].db.run(lambda tx: tx.timers.set(TimerKind.RECYCLE, "0", first))
    await slack.post("clock", {"advance_s": (DAYS + 1) * 86400})
    assert await words(slack, POOL) == [f"day {day + 1}" for day in range(DAYS)]
    due = [int((first + timedelta(days=day)).timestamp()) for day in range(DAYS)]
    assert [int(float(message["ts"])) for message in await seen(slack, POOL)] == due
    assert [bot.clock.now() for bot in bots] == [now + timedelta(days=DAYS + 1)] * len(bots)


async def test_two_weeks_pass_and_every_timer_fires_at_its_instant(slack: Slack, start: Start, sqlite_url: str) -> None:
    await two_weeks(slack, [await start(sqlite_url)])


@pytest.mark.postgres
async def test_two_weeks_pass_for_two_bots_and_every_timer_fires_once(
    slack: Slack, start: Start, migrated_postgres_url: str
) -> None:
    await two_weeks(slack, [await start(migrated_postgres_url) for _ in range(2)])


@pytest.mark.parametrize("kind", ["cut_after_accept", "cut_before", "http_500"])
@pytest.mark.parametrize("place", [POOL, ADA])
async def test_whatever_happens_to_a_post_exactly_one_message_is_seen(
    slack: Slack, start: Start, sqlite_url: str, kind: str, place: str
) -> None:
    bot = await start(sqlite_url)
    await slack.post("faults", {"kind": kind, "method": "chat.postMessage"})
    await bot.say(place, "one")
    await slack.post("clock", {"advance_s": 120})
    channel = await slack.dm(ADA) if place == ADA else place
    assert await words(slack, channel) == ["one"]


@pytest.mark.parametrize("kind", ["cut_after_accept", "cut_before", "http_500"])
@pytest.mark.parametrize("place", [POOL, ADA])
async def test_whatever_happens_to_a_reply_exactly_one_stands_in_the_thread(
    slack: Slack, start: Start, sqlite_url: str, kind: str, place: str
) -> None:
    bot = await start(sqlite_url)
    parent = await bot.db.run(say, place, "alert")
    await slack.post("clock", {"advance_s": 5})
    await slack.post("faults", {"kind": kind, "method": "chat.postMessage"})
    await bot.db.run(reply, parent)
    await slack.post("clock", {"advance_s": 120})
    channel = await slack.dm(ADA) if place == ADA else place
    assert await words(slack, channel) == ["alert", "question"]
    alert, question = await seen(slack, channel)
    assert question["thread_ts"] == alert["ts"]


def reply(tx: Transaction, parent: Post) -> Post:
    data: dict[str, object] = {"title": "question", "text": "question"}
    return posting.say(
        tx, Subject.TOUCH_NOTICE, tx.new_id(), parent.place, PostRole.NOTICE, None, data, thread_of=parent
    )


async def test_a_limited_channel_gets_everything_in_order_when_the_time_is_up(
    slack: Slack, start: Start, sqlite_url: str
) -> None:
    bot = await start(sqlite_url)
    await slack.post("clock", {"running": False})
    now = bot.clock.now()
    await slack.post("faults", {"kind": "rate_limit", "method": "chat.postMessage", "retry_after": 30})
    await bot.say(POOL, "one")
    await slack.post("clock", {"advance_s": 1})
    await bot.say(POOL, "two")
    await slack.post("clock", {"advance_s": 60})
    assert await words(slack, POOL) == ["one", "two"]
    instants = [float(message["ts"]) - now.timestamp() for message in await seen(slack, POOL)]
    assert instants[0] >= 30
    assert instants[1] - instants[0] >= 1


async def test_a_message_follows_its_commit_while_the_clock_runs(slack: Slack, start: Start, sqlite_url: str) -> None:
    bot = await start(sqlite_url)
    await bot.say(POOL, "one")
    async with asyncio.timeout(5):
        while await words(slack, POOL) != ["one"]:  # noqa: ASYNC110 - polls the outside
            await asyncio.sleep(0.01)
