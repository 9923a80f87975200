"""The little of Slack's Web API that SlackChat calls, misbehaving as told: answers are scripted by method."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class Call:
    method: str
    arguments: Json
    at: datetime | None = None


Behaviour = Callable[["FakeSlack", web.Request, Call], Awaitable[web.StreamResponse]]


class FakeSlack:
    """`messages` is what people see, by channel. `calls` is every call that arrived, in order."""

    def __init__(self) -> None:
        self.base_url = ""
        self.calls: list[Call] = []
        self.messages: dict[str, list[Json]] = defaultdict(list)
        self.users: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.closed: dict[str, str] = {}
        """By channel: the error whoever posts there meets."""
        self.page = 100
        self.now: Callable[[], datetime] | None = None
        self._scripts: dict[str, list[Behaviour]] = defaultdict(list)
        self._count = 0

    def next(self, method: str, *behaviours: Behaviour) -> None:
        """The next calls of `method` meet these, one each, then it behaves again."""
        self._scripts[method] += behaviours

    def called(self, method: str) -> list[Json]:
        return [call.arguments for call in self.calls if call.method == method]

    def instants(self, method: str, channel: str) -> list[datetime | None]:
        return [call.at for call in self.calls if call.method == method and call.arguments["channel"] == channel]

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.messages[channel]]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        arguments: Json = dict(request.query)
        if request.content_type == "application/json":
            arguments |= await request.json()
        else:
            arguments |= dict(await request.post())
        at = self.now() if self.now else None
        call = Call(method=request.match_info["method"], arguments=arguments, at=at)
        self.calls.append(call)
        script = self._scripts[call.method]
        if script:
            return await script.pop(0)(self, request, call)
        return web.json_response(self.answer(call))

    def answer(self, call: Call) -> Json:
        return getattr(self, "_" + call.method.replace(".", "_"))(**call.arguments)  # type: ignore[no-any-return]

    def _auth_test(self) -> Json:
        return {"ok": True, "team_id": "T0LOCKSTEP", "user_id": "U0BOT", "bot_id": "B0BOT"}

    def _chat_postMessage(  # noqa: N802
        self, channel: str, text: str, blocks: Any, metadata: Any, thread_ts: str = "", **_: Any
    ) -> Json:
        if channel in self.closed:
            return {"ok": False, "error": self.closed[channel]}
        place = f"D{channel[1:]}" if channel.startswith("U") else channel
        if thread_ts and not any(message["ts"] == thread_ts for message in self.messages[place]):
            return {"ok": False, "error": "cannot_reply_to_message"}
        self._count += 1
        posted_at = int(self.now().timestamp()) if self.now else 1790000000
        ts = f"{posted_at}.{self._count:06d}"
        in_thread = {"thread_ts": thread_ts} if thread_ts else {}
        self.messages[place].append({"ts": ts, "text": text, "blocks": blocks, "metadata": metadata, **in_thread})
        return {"ok": True, "channel": place, "ts": ts}

    def _chat_update(self, channel: str, ts: str, text: str, blocks: Any, **_: Any) -> Json:
        for message in self.messages[channel]:
            if message["ts"] == ts:
                message |= {"text": text, "blocks": blocks}
                return {"ok": True, "channel": channel, "ts": ts}
        return {"ok": False, "error": "message_not_found"}

    def _conversations_open(self, users: str, **_: Any) -> Json:
        return {"ok": True, "channel": {"id": f"D{users[1:]}"}}

    def _conversations_history(self, channel: str, oldest: str, limit: str, cursor: str = "0", **more: Any) -> Json:
        newest_first = [
            m for m in reversed(self.messages[channel]) if float(m["ts"]) >= float(oldest) and "thread_ts" not in m
        ]
        return self._page(newest_first, limit, cursor, more)

    def _conversations_replies(self, channel: str, ts: str, oldest: str, **more: Any) -> Json:
        thread = [m for m in self.messages[channel] if ts in (m["ts"], m.get("thread_ts"))]
        if not thread or thread[0]["ts"] != ts:
            return {"ok": False, "error": "thread_not_found"}
        since = [m for m in thread if float(m["ts"]) >= float(oldest)]
        return self._page(since, more["limit"], more.get("cursor", "0"), more)

    def _page(self, messages: list[Json], limit: str, cursor: str, more: Json) -> Json:
        start, size = int(cursor), min(int(limit), self.page)
        page = messages[start : start + size]
        if more.get("include_all_metadata") not in ("1", "true"):
            page = [{key: value for key, value in message.items() if key != "metadata"} for message in page]
        left = start + size < len(messages)
        return {
            "ok": True,
            "messages": page,
            "response_metadata": {"next_cursor": str(start + size) if left else ""},
        }

    def _users_info(self, user: str, **_: Any) -> Json:
        if user not in self.users:
            return {"ok": False, "error": "user_not_found"}
        return {"ok": True, "user": self.users[user]}

    def _users_lookupByEmail(self, email: str) -> Json:  # noqa: N802
        for user in self.users.values():
            if user.get("profile", {}).get("email") == email and not user.get("deleted"):
                return {"ok": True, "user": user}
        return {"ok": False, "error": "users_not_found"}

    def _views_publish(self, user_id: str, view: Any, **_: Any) -> Json:
        self.homes[user_id] = view
        return {"ok": True, "view": view}


def error(code: str, **more: Any) -> Behaviour:
    """Refuses the call as Slack does: 200 and ok:false."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": code, **more})

    return behave


def limited(retry_after: str | None) -> Behaviour:
    """429, with what `Retry-After` says; None leaves it out."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    return behave


def answers(body: str | bytes, *, status: int = 200, content_type: str = "text/html") -> Behaviour:
    """Anything else that comes back."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, status=status, content_type=content_type)

    return behave


def cut(*, accepted: bool) -> Behaviour:
    """The connection breaks before the answer, after the call was carried out or without."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        if accepted:
            slack.answer(call)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    return behave


def half_an_answer(*, accepted: bool = True) -> Behaviour:
    """Headers and half of the JSON, then the connection breaks."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        body = json.dumps(slack.answer(call) if accepted else {}).encode()
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = len(body) + 10
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.abort()
        return response

    return behave


def slow(until: asyncio.Event) -> Behaviour:
    """Does as it is asked, and answers so, not before `until`."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        await until.wait()
        return web.json_response(slack.answer(call))

    return behave


def hangs(until: asyncio.Event) -> Behaviour:
    """Takes the call and does not answer before `until`."""

    async def behave(slack: FakeSlack, request: web.Request, call: Call) -> web.StreamResponse:
        slack.answer(call)
        await until.wait()
        return web.json_response({"ok": True})

    return behave


@asynccontextmanager
async def running() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    slack.base_url = f"http://127.0.0.1:{port}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()
