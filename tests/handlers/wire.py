"""What stands at the wire in tests of handlers: a Slack that takes every call and remembers it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Json = dict[str, Any]

TEAM = "T0LOCKSTEP"
BOT = "U0BOT"


class Wire:
    """`calls` are (method, arguments) in order; `refuse` maps a method to the error it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[tuple[str, Json]] = []
        self.refuse: dict[str, str] = {}
        self.content: dict[str, Json] = {}
        """By method, what its answer carries."""
        self.answers = asyncio.Event()
        """Cleared, nothing is answered until it is set again."""
        self.answers.set()

    @property
    def response_url(self) -> str:
        return f"{self.url}/respond/1"

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    def said(self) -> str:
        """Everything that was said privately, in any way, as one text."""
        return json.dumps([arguments for name, arguments in self.calls if name != "views.publish"])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info.get("method", "respond")
        arguments: Json = dict(request.query)
        if request.content_type == "application/json":
            arguments |= await request.json()
        else:
            arguments |= dict(await request.post())
        if isinstance(arguments.get("view"), str):
            arguments["view"] = json.loads(arguments["view"])
        self.calls.append((method, arguments))
        await self.answers.wait()
        if method in self.refuse:
            if method == "respond":
                return web.Response(status=404, text=self.refuse[method])
            return web.json_response({"ok": False, "error": self.refuse[method]})
        if method == "respond":
            return web.Response(text="ok")
        return web.json_response({"ok": True, **self.content.get(method, {})})


@asynccontextmanager
async def running() -> AsyncIterator[Wire]:
    """A Wire that listens on a free port of this machine."""
    wire = Wire()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", wire.handle)
    app.router.add_post("/respond/{number}", wire.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    wire.url = f"http://127.0.0.1:{port}"
    try:
        yield wire
    finally:
        await runner.cleanup()
