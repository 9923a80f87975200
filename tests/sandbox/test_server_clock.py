"""The clock moves forward from one due instant to the next, and waits until everybody has settled."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, Self

import aiohttp
import pytest

from tests.sandbox.slack_driver import ADA, POOL, Slack, eventually


class Toy:
    """A follower with timers: at each settle it fires what is due, and says when it is due next."""

    def __init__(self, slack: Slack, name: str, *after_s: float, leaves: bool = False, mute: bool = False) -> None:
        self.slack = slack
        self.name = name
        self.after_s = after_s
        self.leaves = leaves
        self.mute = mute
        self.due: list[datetime] = []
        self.fired: list[tuple[datetime, datetime]] = []
        self.messages: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self.socket = await self.slack.http.ws_connect(f"{self.slack.url}/_sandbox/clock/follow?name={self.name}")
        self.messages.append(await self.socket.receive_json())
        start = datetime.fromisoformat(self.messages[0]["now"])
        self.due = sorted(start + timedelta(seconds=after) for after in self.after_s)
        self.task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
        await self.task

    async def _follow(self) -> None:
        async for message in self.socket:
            assert message.type is aiohttp.WSMsgType.TEXT
            said = message.json()
            self.messages.append(said)
            if said["type"] != "settle" or self.mute:
                continue
            if self.leaves:
                await self.socket.close()
                return
            now = datetime.fromisoformat(said["now"])
            due = [at for at in self.due if at <= now]
            self.fired += [(at, now) for at in due]
            self.due = [at for at in self.due if at > now]
            await self.settled(said, worked=bool(due))

    async def settled(self, said: dict[str, Any], *, worked: bool) -> None:
        upcoming = self.due[0].isoformat().replace("+00:00", "Z") if self.due else None
        await self.socket.send_json({"type": "settled", "seq": said["seq"], "worked": worked, "next_due_at": upcoming})


def _at(answer: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["now"])


async def test_without_followers_it_jumps_and_never_back(slack: Slack) -> None:
    before = await slack.get("clock")
    assert (before["running"], before["followers"]) == (True, 0)
    after = await slack.post("clock", {"advance_s": 900})
    assert _at(after) - _at(before) >= timedelta(seconds=900)
    status, answer = await slack.ask("POST", "clock", {"to": before["now"]})
    assert status == 400
    assert "only moves forward" in answer["error"]


async def test_a_frozen_clock_stands_still_and_messages_still_get_rising_timestamps(slack: Slack) -> None:
    frozen = await slack.post("clock", {"running": False})
    stamps = [(await slack.bot.chat_postMessage(channel=POOL, text="x"))["ts"] for _ in range(3)]
    assert (await slack.get("clock"))["now"] == frozen["now"]
    assert stamps == sorted(set(stamps))
    assert abs(float(stamps[0]) - _at(frozen).timestamp()) < 0.001
    moved = await slack.post("clock", {"advance_s": 60, "running": True})
    assert moved["running"] is True


async def test_every_timer_of_every_follower_fires_at_its_own_instant(slack: Slack) -> None:
    async with Toy(slack, "one", 10, 3600, 86_400) as one, Toy(slack, "two", 20, 3600, 7 * 86_400) as two:
        assert (await slack.get("clock"))["followers"] == 2
        await slack.post("clock", {"advance_s": 14 * 86_400})
        for toy in (one, two):
            assert [due for due, _ in toy.fired] == sorted(due for due, _ in toy.fired)
            assert len(toy.fired) == 3
            assert all(due == fired for due, fired in toy.fired)
        await eventually(lambda: one.messages[-1]["type"] == "clock")
        assert one.messages[-1]["running"] is True


async def test_a_round_is_repeated_until_nobody_works_any_more(slack: Slack) -> None:
    await slack.post("clock", {"running": False})
    async with Toy(slack, "one", 5) as one:
        await slack.post("clock", {"advance_s": 5})
        rounds = [message["now"] for message in one.messages if message["type"] == "settle"]
    assert rounds.count(rounds[-1]) == 2
    assert len(rounds) == 3


async def test_a_follower_that_disconnects_is_not_waited_for(slack: Slack) -> None:
    async with Toy(slack, "leaver", leaves=True), Toy(slack, "stayer", 60) as stayer:
        await slack.post("clock", {"advance_s": 120})
        assert len(stayer.fired) == 1
        assert (await slack.get("clock"))["followers"] == 1


async def test_a_follower_that_does_not_settle_is_named(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.clock.SETTLE_TIMEOUT_S", 0.05)
    async with Toy(slack, "sleepyhead", mute=True):
        status, answer = await slack.ask("POST", "clock", {"advance_s": 120})
    assert status == 504
    assert "sleepyhead" in answer["error"]
    assert (await slack.post("clock", {"advance_s": 120}))["followers"] == 0


async def test_a_step_waits_for_deliveries_under_way(slack: Slack) -> None:
    url = (await slack.call("apps.connections.open", "xapp-sandbox-app"))["url"]
    socket = await slack.http.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    writing = asyncio.create_task(slack.act(ADA, "message", place=POOL, text="hello"))
    envelope = await socket.receive_json()
    moving = asyncio.create_task(slack.post("clock", {"advance_s": 900}))
    await asyncio.sleep(0.05)
    assert not moving.done()
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    assert (await writing)["acked"]
    await moving
    await socket.close()


@pytest.mark.parametrize(
    ("body", "word"),
    [({"advance_s": "1"}, "advance_s"), ({"to": "tomorrow"}, "instant"), ({"to": "2030-01-01T00:00:00"}, "zone"),
     ({"running": 1}, "running"), ({"forward": 1}, "forward")],
)  # fmt: skip
async def test_nonsense_is_refused_with_a_sentence(slack: Slack, body: dict[str, Any], word: str) -> None:
    status, answer = await slack.ask("POST", "clock", body)
    assert status == 400
    assert word in answer["error"]
