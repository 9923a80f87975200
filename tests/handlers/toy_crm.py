"""A CRM at the wire: hears of decisions by signed webhook, and answers as a test tells it to."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.domain import signature

SECRETS = ("whsec_" + "C" * 43 + "=", "whsec_" + "D" * 43 + "=")
Json = dict[str, Any]


@dataclass
class Heard:
    """One delivery: the webhook's headers and the message."""

    id: str
    headers: Json
    message: Json
    raw: bytes


@dataclass
class ToyCrm:
    url: str = ""
    status: int = 204
    answer_headers: Json = field(default_factory=dict)
    body: bytes = b""
    heard: list[Heard] = field(default_factory=list)
    then: Callable[[Heard], Awaitable[None]] | None = None
    """What else it does when it hears of something."""

    async def receive(self, request: web.Request) -> web.Response:
        raw = await request.read()
        headers = dict(request.headers)
        found = {name.lower(): value for name, value in headers.items()}
        for secret in SECRETS:
            assert signature.verify(
                (secret,), message_id=found["webhook-id"], timestamp=found["webhook-timestamp"],
                signature=found["webhook-signature"], body=raw, real_now=time.time(),
            ), "not signed by each live secret"  # fmt: skip
        heard = Heard(id=found["webhook-id"], headers=found, message=json.loads(raw), raw=raw)
        self.heard.append(heard)
        if self.then is not None:
            await self.then(heard)
        return web.Response(status=self.status, headers=self.answer_headers, body=self.body)

    @property
    def kinds(self) -> list[str]:
        return [one.message["type"] for one in self.heard]


@asynccontextmanager
async def running() -> AsyncIterator[ToyCrm]:
    crm = ToyCrm()
    application = web.Application()
    application.router.add_post("/hook", crm.receive)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    crm.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield crm
    finally:
        await runner.cleanup()
