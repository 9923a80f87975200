"""The whole of Lockstep in one process, at a sandbox over real sockets: it starts, works, refuses, and ends."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import Application
from bot.domain import signature
from bot.domain.config import Config, Source
from bot.domain.matching import Condition, Operator
from bot.domain.person import Person, Role, Side, SlackFlags, Team
from bot.domain.routing import Rule, Target
from bot.errors import ConfigError, SchemaOutdated
from bot.integrations.clock import SystemClock
from bot.settings import Settings
from sandbox.server import running
from storage.database import Database
from storage.schema import migrate
from storage.transaction import Transaction
from tests.sandbox.slack_driver import ADA, BEN, POOL, SETTINGS, Slack

pytestmark = pytest.mark.story

SECRET = "whsec_" + "A" * 43 + "="
Json = dict[str, Any]


def people(tx: Transaction) -> None:
    """Ada and Ben share a pool; everything goes there."""
    flags = SlackFlags(checked_at=tx.now)
    for number, (name, slack_id) in enumerate((("Ada North", ADA), ("Ben South", BEN))):
        person = Person(
            id=f"p{number}", name=name, slack_id=slack_id, side=Side.SALES, roles=frozenset({Role.REP}), flags=flags,
            email=f"{name.split()[0].lower()}@example.com",
        )  # fmt: skip
        tx.people.add(person)
    tx.teams.add(Team(id="t1", key="all", name="Everybody", pool_channel=POOL))
    tx.teams.set_members("t1", [("p0", 1), ("p1", 1)])
    everything = Condition(field="", operator=Operator.ANY)
    tx.rules.replace([Rule(id="r1", position=1, name="All", condition=everything, target=Target.POOL, target_id="t1")])
    tx.settings.save(Config(fallback_channel=POOL))
    tx.sources.add(Source(key="crm", name="CRM", secrets=(SECRET,), created_at=tx.now))


async def prepared(path: Path) -> str:
    """The URL of a migrated database with people in it."""
    url = f"sqlite:///{path / 'lockstep.db'}"
    await asyncio.to_thread(migrate, url, lambda _: None)
    db = Database.open(url, clock=SystemClock())
    await db.run(people)
    await db.close()
    return url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(slack_url: str, database_url: str, **changes: Any) -> Settings:
    values = {
        "slack_bot_token": "xoxb-sandbox-bot",
        "slack_app_token": "xapp-sandbox-app",
        "slack_api_url": f"{slack_url}/api/",
        "database_url": database_url,
        "port": 0,
        "clock_url": slack_url.replace("http", "ws") + "/_sandbox/clock/follow?name=bot",
    }
    return Settings(**{**values, **changes})


class Running:
    """A Lockstep at its sandbox."""

    def __init__(self, slack: Slack, application: Application) -> None:
        self.slack = slack
        self.url = f"http://127.0.0.1:{application.port}"

    async def hand_over(self, external_id: str = "1") -> Json:
        data = {"external_id": external_id, "name": "Maria Lopez", "email": f"maria{external_id}@example.com"}
        now = datetime.now(UTC).isoformat()
        body = json.dumps({"type": "lead.ready", "timestamp": now, "data": data}).encode()
        stamp = int(time.time())
        headers = {
            "content-type": "application/json",
            "webhook-id": f"msg_{external_id}",
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature.sign(SECRET, message_id=f"msg_{external_id}", timestamp=stamp, body=body),
        }
        async with self.slack.http.post(f"{self.url}/webhooks/leads/crm", data=body, headers=headers) as answer:
            assert answer.status == 202, await answer.text()
            found: Json = await answer.json()
            return found

    async def card(self, user: str = ADA, *, saying: str = "") -> Json:
        """The newest card in the pool, once it says so."""
        async with asyncio.timeout(10):
            while True:
                messages = (await self.slack.screen(user, POOL))["messages"]
                cards = [one for one in messages if saying in json.dumps(one) and not one.get("ephemeral")]
                if cards:
                    return dict(cards[-1])
                await asyncio.sleep(0.02)

    async def ready(self) -> int:
        async with self.slack.http.get(f"{self.url}/readyz") as answer:
            return answer.status


Start = Callable[[str], Awaitable[Running]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """`await start("socket")` or `await start("http")`."""
    async with AsyncExitStack() as stack:

        async def starting(way: str) -> Running:
            port = free_port()
            changes = {} if way == "socket" else {"request_url": f"http://127.0.0.1:{port}/slack/events"}
            sandbox = await stack.enter_async_context(running(SETTINGS(**changes)))
            slack = await stack.enter_async_context(Slack(sandbox))
            by_http = {"slack_app_token": None, "slack_signing_secret": "sandbox-signing-secret", "port": port}
            chosen = settings(slack.url, await prepared(tmp_path), **({} if way == "socket" else by_http))
            return Running(slack, await stack.enter_async_context(Application(chosen)))

        yield starting


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_a_lead_becomes_a_card_that_one_rep_accepts_and_the_other_is_told(start: Start, way: str) -> None:
    house = await start(way)
    answer = await house.hand_over()
    card = await house.card(saying="Accept")
    value = f"{answer['handoff_id']}.1"
    click = {"place": POOL, "message_ts": card["ts"], "action_id": "handoff.accept", "value": value}
    accepted = await house.slack.act(ADA, "click", **click)
    late = await house.slack.act(BEN, "click", **click)
    assert accepted["acked"]
    assert late["acked"]
    shown = await house.card(saying="Accepted by")
    assert shown["ts"] == card["ts"]
    async with asyncio.timeout(10):
        while True:
            messages = (await house.slack.screen(BEN, POOL))["messages"]
            if any(one.get("ephemeral") and "Ada North accepted" in json.dumps(one) for one in messages):
                break
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_reject_is_a_form_with_a_reason(start: Start, way: str) -> None:
    house = await start(way)
    answer = await house.hand_over()
    card = await house.card(saying="Reject")
    value = f"{answer['handoff_id']}.1"
    where = {"place": POOL, "message_ts": card["ts"]}
    await house.slack.act(ADA, "click", **where, action_id="handoff.reject", value=value)
    await form(house, saying="Why is it not for you?")
    await house.slack.act(
        ADA, "select", place=POOL, **{"in": "form"}, block_id="reason", action_id="reject.reason", value="other"
    )
    await form(house, saying="What is the reason?")
    values = {"reason": {"reject.reason": "other"}, "text": {"answer": "Wrong number"}}
    sent = await house.slack.act(ADA, "submit", place=POOL, values=values)
    assert sent["acked"]
    await house.card(saying="Rejected by")


async def form(house: Running, *, saying: str) -> Json:
    async with asyncio.timeout(10):
        while True:
            found = (await house.slack.screen(ADA, POOL))["form"]
            if found and saying in json.dumps(found):
                return dict(found)
            await asyncio.sleep(0.02)


async def test_home_shows_the_pool_and_accepts_from_there(start: Start) -> None:
    house = await start("socket")
    answer = await house.hand_over()
    await house.slack.act(ADA, "open_home")
    home = await _home(house, saying="Needs you")
    assert "Accept" in json.dumps(home)
    value = f"{answer['handoff_id']}.1"
    await house.slack.act(ADA, "click", **{"in": "home"}, action_id="handoff.accept", value=value)
    await _home(house, saying="Release")


async def _home(house: Running, *, saying: str) -> Json:
    async with asyncio.timeout(10):
        while True:
            found = (await house.slack.screen(ADA))["home"]
            if found and saying in json.dumps(found):
                return dict(found)
            await asyncio.sleep(0.02)


async def test_the_command_is_answered_for_ones_role(start: Start) -> None:
    house = await start("socket")
    await house.hand_over()
    answer = await house.slack.act(ADA, "command", place=POOL, command="/lockstep", text="")
    assert answer["acked"]
    assert "waits for you" in json.dumps(answer["ack"])


async def test_it_is_ready_while_it_reaches_its_database_and_slack(start: Start) -> None:
    house = await start("socket")
    assert await house.ready() == 200


async def test_by_socket_mode_nothing_is_taken_at_slacks_address(start: Start) -> None:
    house = await start("socket")
    async with house.slack.http.post(f"{house.url}/slack/events", data=b"{}") as answer:
        assert answer.status == 404


async def test_undo_ends_at_five_minutes_by_the_clock_of_the_sandbox(start: Start) -> None:
    house = await start("socket")
    answer = await house.hand_over()
    card = await house.card(saying="Accept")
    where = {"place": POOL, "message_ts": card["ts"]}
    await house.slack.act(ADA, "click", **where, action_id="handoff.accept", value=f"{answer['handoff_id']}.1")
    await house.card(saying="Undo")
    await house.slack.post("clock", {"advance_s": 300})
    assert "Undo" not in json.dumps(await house.card(saying="Accepted by"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
    ],
)
async def test_wrong_tokens_end_the_start_with_a_sentence(tmp_path: Path, change: Json, said: str) -> None:
    async with running(SETTINGS()) as sandbox:
        chosen = settings(sandbox.url, await prepared(tmp_path), **change)
        with pytest.raises(ConfigError, match=said):
            async with Application(chosen):
                pass


async def test_a_taken_port_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with running(SETTINGS()) as sandbox:
            chosen = settings(sandbox.url, await prepared(tmp_path), port=taken.getsockname()[1])
            with pytest.raises(ConfigError, match="LOCKSTEP_PORT"):
                async with Application(chosen):
                    pass


async def test_a_database_without_a_schema_ends_the_start_with_the_command(tmp_path: Path) -> None:
    async with running(SETTINGS()) as sandbox:
        chosen = settings(sandbox.url, f"sqlite:///{tmp_path / 'empty.db'}")
        with pytest.raises(SchemaOutdated, match="lockstep migrate"):
            async with Application(chosen):
                pass


async def test_after_the_end_nothing_of_it_is_left(tmp_path: Path) -> None:
    async with running(SETTINGS()) as sandbox, Slack(sandbox) as slack:
        before = asyncio.all_tasks()
        async with Application(settings(slack.url, await prepared(tmp_path))) as application:
            address = ("127.0.0.1", application.port)
        left = {task.get_name() for task in asyncio.all_tasks() - before}
        assert not {name for name in left if not name.startswith("Task-")}
        with pytest.raises(aiohttp.ClientConnectorError):
            await slack.http.get(f"http://{address[0]}:{address[1]}/healthz")
