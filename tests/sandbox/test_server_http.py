"""With a request URL the sandbox delivers by signed HTTP, as Slack does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from tests.sandbox.conftest import Start
from tests.sandbox.slack_driver import ADA, POOL, Slack, acknowledge_the_rest, actions, button, eventually

Answer = Callable[[web.Request, bytes], web.Response]


class RequestUrl:
    """An address of an app: keeps every request, answers with `answer`, or with Bolt once there is one."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answer: Answer | None = None
        self.app: AsyncApp | None = None
        self.url = ""
        self.delay_s = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        await asyncio.sleep(self.delay_s)
        self.requests.append(({key.lower(): value for key, value in request.headers.items()}, body))
        if self.answer is not None:
            return self.answer(request, body)
        if self.app is None:
            return web.Response(status=503)
        return await to_aiohttp_response(await self.app.async_dispatch(await to_bolt_request(request)))

    def bolt(self, slack: Slack) -> None:
        """From now on a Bolt app answers: ``/lockstep`` with a greeting, everything else with an empty ack."""
        self.app = AsyncApp(client=slack.bot, signing_secret="sandbox-signing-secret", process_before_response=True)

        @self.app.command("/lockstep")
        async def command(ack: Any) -> None:
            await ack("hello")

        acknowledge_the_rest(self.app)


@asynccontextmanager
async def request_url() -> AsyncIterator[RequestUrl]:
    here = RequestUrl()
    app = web.Application()
    app.router.add_post("/slack/events", here.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    here.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield here
    finally:
        await runner.cleanup()


async def _verified(slack: Slack) -> None:
    http = slack.workspace.http
    assert http is not None
    await eventually(lambda: http.verified)


async def test_the_url_is_verified_as_soon_as_the_app_answers(start: Start) -> None:
    async with request_url() as here:
        slack = await start(request_url=here.url)
        await eventually(lambda: len(here.requests) >= 1)
        assert (await slack.get("app"))["verified"] is False
        here.bolt(slack)
        await _verified(slack)
        headers, body = here.requests[-1]
        assert b"url_verification" in body
        verifier = SignatureVerifier("sandbox-signing-secret")
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + b" ", headers)


async def test_clicks_commands_and_events_reach_bolt_over_http(start: Start) -> None:
    async with request_url() as here:
        slack = await start(request_url=here.url)
        here.bolt(slack)
        await _verified(slack)
        ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("a"))]))["ts"]
        clicked = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="a")
        commanded = await slack.act(ADA, "command", place=POOL, command="/lockstep", text="")
        written = await slack.act(ADA, "message", place=POOL, text="hello")
        assert [answer["acked"] for answer in (clicked, commanded, written)] == [True] * 3
        assert commanded["ack"] == "hello"
        kinds = {headers["content-type"].split(";")[0] for headers, _ in here.requests}
        assert kinds == {"application/json", "application/x-www-form-urlencoded"}


async def test_an_event_that_fails_comes_again_with_its_number_and_reason(start: Start) -> None:
    async with request_url() as here:
        here.answer = lambda _, body: web.Response(status=500)
        slack = await start(request_url=here.url)
        await slack.post("clock", {"running": False})
        await slack.act(ADA, "message", place=POOL, text="hello")
        for seconds in (1, 60, 300, 3600):
            await slack.post("clock", {"advance_s": seconds})
        tries = [headers for headers, body in here.requests if b"event_callback" in body]
        numbers = [(one.get("x-slack-retry-num"), one.get("x-slack-retry-reason")) for one in tries]
        assert numbers == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_an_app_can_ask_not_to_be_tried_again(start: Start) -> None:
    async with request_url() as here:
        here.answer = lambda _, body: web.Response(status=500, headers={"x-slack-no-retry": "1"})
        slack = await start(request_url=here.url)
        await slack.act(ADA, "message", place=POOL, text="hello")
        await slack.post("clock", {"advance_s": 600})
        assert sum(b"event_callback" in body for _, body in here.requests) == 1


async def test_too_slow_broken_and_absent_apps_are_told_to_the_person(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.signedhttp.ACK_DEADLINE_S", 0.2)
    async with request_url() as here:
        slack = await start(request_url=here.url)
        ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("a"))]))["ts"]
        click = {"place": POOL, "message_ts": ts, "action_id": "a"}
        broken = await slack.act(ADA, "click", **click)
        here.delay_s = 0.4
        slow = await slack.act(ADA, "click", **click)
        here.delay_s = 0.0
    absent = await slack.act(ADA, "click", **click)
    errors = [answer["error"] for answer in (broken, slow, absent)]
    assert errors == ["dispatch_failed", "operation_timeout", "dispatch_failed"]
    assert (await slack.screen(ADA, POOL))["errors"]
