"""Socket Mode carries every payload to exactly one connection, waits three seconds, and breaks on request."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.slack_driver import ADA, BEN, ELSEWHERE, POOL, Slack, actions, button, eventually, text


async def open_link(slack: Slack) -> aiohttp.ClientWebSocketResponse:
    """A bare connection of the app, after its hello."""
    url = (await slack.call("apps.connections.open", "xapp-sandbox-app"))["url"]
    socket = await slack.http.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def post_button(slack: Slack, channel: str = POOL) -> str:
    posted = await slack.bot.chat_postMessage(channel=channel, text="card", blocks=[actions(button("accept", "42"))])
    return str(posted["ts"])


async def test_a_click_reaches_bolt_and_its_ack_is_timed(slack: Slack) -> None:
    seen: list[dict[str, Any]] = []

    def listeners(app: AsyncApp) -> None:
        @app.action("accept")
        async def accept(ack: Any, body: dict[str, Any]) -> None:
            seen.append(body)
            await ack()

    async with slack.bolt(listeners):
        ts = await post_button(slack)
        answer = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="accept")
    assert (answer["acked"], answer["error"]) == (True, None)
    assert 0 < answer["ack_ms"] < 3000
    (body,) = seen
    assert body["actions"][0]["value"] == "42"
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": POOL, "is_ephemeral": False}
    assert (body["user"]["id"], body["message"]["ts"], body["state"]) == (ADA, ts, {"values": {}})
    (delivery,) = [entry for entry in await slack.log("delivery") if entry["type"] == "block_actions"]
    assert (delivery["via"], delivery["acked"], delivery["ack_ms"]) == ("socket", True, answer["ack_ms"])


async def test_a_missed_ack_is_told_to_the_person(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.socketmode.ACK_DEADLINE_S", 0.05)
    socket = await open_link(slack)
    ts = await post_button(slack)
    answer = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="accept")
    assert (answer["acked"], answer["error"]) == (False, "operation_timeout")
    assert (await slack.screen(ADA, POOL))["errors"] == ["Lockstep did not respond in time (operation_timeout)"]
    assert (await slack.screen(BEN, POOL))["errors"] == []
    envelope = await _of_type(socket, "interactive")
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await eventually(lambda: any(entry["kind"] == "late_ack" for entry in slack.workspace.record.since(0)))
    await socket.close()


async def test_nobody_connected_is_told_at_once(slack: Slack) -> None:
    ts = await post_button(slack)
    answer = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="accept")
    assert (answer["acked"], answer["error"]) == (False, "dispatch_failed")
    assert "could not be reached" in (await slack.screen(ADA, POOL))["errors"][0]


async def test_each_envelope_goes_to_exactly_one_connection(slack: Slack) -> None:
    seen: list[str] = []

    def listeners(name: str) -> Any:
        def listen(app: AsyncApp) -> None:
            @app.action("accept")
            async def accept(ack: Any) -> None:
                seen.append(name)
                await ack()

        return listen

    async with slack.bolt(listeners("one")), slack.bolt(listeners("two")):
        ts = await post_button(slack)
        click = {"place": POOL, "message_ts": ts, "action_id": "accept"}
        answers = await asyncio.gather(*(slack.act(user, "click", **click) for user in [ADA, BEN] * 5))
    assert all(answer["acked"] for answer in answers)
    assert sorted(seen) == ["one"] * 5 + ["two"] * 5


async def test_a_link_works_once_and_the_eleventh_connection_is_sent_away(slack: Slack) -> None:
    url = (await slack.call("apps.connections.open", "xapp-sandbox-app"))["url"]
    first = await slack.http.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await slack.http.ws_connect(url)
    sockets = [first, *[await open_link(slack) for _ in range(9)]]
    url = (await slack.call("apps.connections.open", "xapp-sandbox-app"))["url"]
    eleventh = await slack.http.ws_connect(url)
    assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
    for socket in [*sockets, eleventh]:
        await socket.close()


async def test_pings_are_answered_with_their_own_words(slack: Slack) -> None:
    url = (await slack.call("apps.connections.open", "xapp-sandbox-app"))["url"]
    socket = await slack.http.ws_connect(url, autoping=False)
    assert (await socket.receive_json())["type"] == "hello"
    await socket.ping(b"sdk-ping-pong:1")
    pong = await socket.receive()
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1")
    await socket.close()


@pytest.mark.parametrize("fault", [{"kind": "drop_socket"}, {"kind": "disconnect", "reason": "refresh_requested"}])
async def test_the_app_comes_back_after_a_disconnect(slack: Slack, fault: dict[str, str]) -> None:
    def openings() -> int:
        record = slack.workspace.record.since(0)
        return sum(entry["kind"] == "socket" and entry["what"] == "opened" for entry in record)

    async with slack.bolt():
        ts = await post_button(slack)
        await slack.post("faults", fault)
        await eventually(lambda: openings() == 2)
        answer = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="accept")
    assert answer["acked"]


async def test_a_half_open_connection_swallows_what_it_is_given(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.socketmode.ACK_DEADLINE_S", 0.1)
    socket = await open_link(slack)
    ts = await post_button(slack)
    await slack.post("faults", {"kind": "half_open"})
    clicking = asyncio.create_task(slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="accept"))
    envelope = await _of_type(socket, "interactive")
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    assert (await clicking)["error"] == "operation_timeout"
    await slack.post("faults", {"kind": "drop_socket"})
    await socket.close()


async def test_an_unacknowledged_event_comes_again_three_times_by_the_clock(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.socketmode.ACK_DEADLINE_S", 0.02)
    socket = await open_link(slack)
    await slack.post("clock", {"running": False})
    await slack.act(ADA, "message", place=POOL, text="hello")
    for seconds in (1, 60, 300, 3600):
        await slack.post("clock", {"advance_s": seconds})
    deliveries = [entry for entry in await slack.log("delivery") if entry["type"] == "message"]
    assert [entry["attempt"] for entry in deliveries] == [0, 1, 2, 3]
    assert len({entry["payload"]["event_id"] for entry in deliveries}) == 1
    envelopes = [await _of_type(socket, "events_api") for _ in range(4)]
    assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
    await socket.close()


async def test_events_come_only_where_the_app_is_and_listens(slack: Slack) -> None:
    async with slack.bolt():
        mention = f"hi <@{slack.workspace.world.bot.id}>"
        await slack.act(ADA, "message", place=POOL, text=mention)
        await slack.act(ADA, "message", place=ELSEWHERE, text=mention)
        await slack.post("places", {"place": POOL, "add": slack.workspace.world.people[ADA].id})
        await slack.post("people", {"id": BEN, "is_restricted": True})
        await slack.post("people", {"name": "Nia New", "email": "nia@example.com"})
        await slack.bot.chat_postMessage(channel=POOL, text="my own")
        await slack.post("clock", {"advance_s": 0})
        events = [entry["payload"]["event"] for entry in await slack.log("delivery")]
    kinds = [(event["type"], event.get("text")) for event in events]
    assert sorted(kinds, key=str) == sorted(
        [
            ("message", mention),
            ("app_mention", mention),
            ("member_joined_channel", None),
            ("user_change", None),
            ("team_join", None),
            ("message", "my own"),
        ],
        key=str,
    )
    assert next(event for event in events if event["type"] == "user_change")["user"]["is_restricted"] is True


async def test_a_delivery_can_come_twice(slack: Slack) -> None:
    seen: list[str] = []

    def listeners(app: AsyncApp) -> None:
        @app.action("accept")
        async def accept(ack: Any, body: dict[str, Any]) -> None:
            seen.append(body["trigger_id"])
            await ack()

    async with slack.bolt(listeners):
        ts = await post_button(slack)
        await slack.post("faults", {"kind": "deliver_twice", "type": "block_actions"})
        for _ in range(2):
            await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="accept")
    assert len(seen) == 3
    assert len(set(seen)) == 2


async def test_fifty_clicks_at_once_are_all_acknowledged(slack: Slack) -> None:
    async with slack.bolt():
        ts = await post_button(slack)
        click = {"place": POOL, "message_ts": ts, "action_id": "accept"}
        answers = await asyncio.gather(*(slack.act(ADA, "click", **click) for _ in range(50)))
    assert all(answer["acked"] for answer in answers)


async def test_a_command_is_answered_privately_unless_it_says_otherwise(slack: Slack) -> None:
    def listeners(app: AsyncApp) -> None:
        @app.command("/lockstep")
        async def command(ack: Any, command: dict[str, str]) -> None:
            public = command["text"] == "loud"
            await ack(text=f"you said {command['text']}", response_type="in_channel" if public else "ephemeral")

    async with slack.bolt(listeners):
        await slack.act(ADA, "command", place=ELSEWHERE, command="/lockstep", text="quiet")
        await slack.act(ADA, "command", place=POOL, command="/lockstep", text="loud")
    quiet = (await slack.screen(ADA, ELSEWHERE))["messages"]
    loud = (await slack.screen(BEN, POOL))["messages"]
    assert [(message["text"], message["ephemeral"]) for message in quiet] == [("you said quiet", True)]
    assert [(message["text"], message["ephemeral"]) for message in loud] == [("you said loud", False)]
    assert "not a valid command" in await slack.refused(ADA, "command", place=POOL, command="/unknown")


async def test_shortcuts_and_home_reach_the_app(slack: Slack) -> None:
    seen: list[dict[str, Any]] = []

    def listeners(app: AsyncApp) -> None:
        @app.shortcut("new_note")
        async def new_note(ack: Any, body: dict[str, Any]) -> None:
            seen.append(body)
            await ack()

        @app.shortcut("save_note")
        async def save_note(ack: Any, body: dict[str, Any]) -> None:
            seen.append(body)
            await ack()

        @app.event("app_home_opened")
        async def home(event: dict[str, Any], client: Any) -> None:
            view = {"type": "home", "blocks": [{"type": "section", "text": text("Your leads")}]}
            await client.views_publish(user_id=event["user"], view=view)

    async with slack.bolt(listeners):
        await slack.act(ADA, "message", place=POOL, text="remember <this> & that")
        ts = (await slack.screen(ADA, POOL))["messages"][0]["ts"]
        await slack.act(ADA, "shortcut", callback_id="new_note")
        await slack.act(ADA, "shortcut", callback_id="save_note", place=POOL, message_ts=ts)
        assert (await slack.act(ADA, "open_home"))["acked"]
    assert [body["type"] for body in seen] == ["shortcut", "message_action"]
    assert "channel" not in seen[0]
    assert seen[1]["message"]["text"] == "remember &lt;this&gt; &amp; that"
    assert (await slack.screen(ADA))["home"]["blocks"][0]["text"]["text"] == "Your leads"


async def _of_type(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next envelope of this type."""
    async with asyncio.timeout(5):
        while True:
            envelope: dict[str, Any] = json.loads((await socket.receive()).data)
            if envelope["type"] == kind:
                return envelope
