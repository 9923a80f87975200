"""Drives a sandbox from outside, as tests and checks do, and connects real Bolt apps to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Channel, Company
from sandbox.ids import stable_id
from sandbox.manifest import Manifest
from sandbox.server import Running
from sandbox.workspace import Settings

Json = dict[str, Any]

SCOPES = frozenset(
    (
        *("chat:write", "commands", "channels:join", "app_mentions:read", "team:read", "usergroups:read"),
        *("channels:read", "channels:history", "groups:read", "groups:history", "im:read", "im:write", "im:history"),
        *("users:read", "users:read.email"),
    )
)
EVENTS = frozenset(
    (
        *("app_home_opened", "app_mention", "message.im", "message.channels"),
        *("member_joined_channel", "user_change", "team_join"),
    )
)
APP = Manifest(
    name="Lockstep",
    bot_name="Lockstep",
    scopes=SCOPES,
    events=EVENTS,
    commands=({"command": "/lockstep", "description": "Menu"},),
    shortcuts=(
        {"name": "New note", "type": "global", "callback_id": "new_note", "description": ""},
        {"name": "Save as note", "type": "message", "callback_id": "save_note", "description": ""},
    ),
)
PEOPLE = (
    {"name": "Ada North", "email": "ada@example.com", "tz": "Europe/Berlin"},
    {"name": "Ben South", "email": "ben@example.com", "tz": "America/New_York"},
    {"name": "Gus Guest", "email": "gus@example.com", "is_restricted": True},
    {"name": "Old Timer", "email": "old@example.com", "deleted": True},
)
ADA, BEN, GUS, OLD = (stable_id("U", str(person["email"])) for person in PEOPLE)
POOL, SECRET, ELSEWHERE, CLOSED = (stable_id("C", name) for name in ("pool", "secret", "elsewhere", "closed"))
COMPANY = Company(
    team_id="T0LOCKSTEP",
    name="Test",
    domain="test",
    people=PEOPLE,
    channels=(
        Channel(POOL, "pool", (ADA, BEN), bot=True),
        Channel(SECRET, "secret", (ADA,), bot=False, is_private=True),
        Channel(ELSEWHERE, "elsewhere", (ADA,), bot=False),
        Channel(CLOSED, "closed", (ADA,), bot=True, is_archived=True),
    ),
)


def SETTINGS(**changes: Any) -> Settings:  # noqa: N802 - reads like the constant it stands in for
    """The settings most tests use, with changes."""
    return Settings(**{"company": COMPANY, "manifest": APP, **changes})


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(action_id: str, value: str = "1", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "value": value, "text": text(action_id), **more}


def actions(*elements: Json, block_id: str = "controls") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def options(*values: str) -> list[Json]:
    return [{"text": text(value), "value": value} for value in values]


def asked(block_id: str, element: Json | None = None, **more: Any) -> Json:
    """An input block; its element has the action_id ``it``."""
    element = {"action_id": "it", **(element or {"type": "plain_text_input"})}
    return {"type": "input", "block_id": block_id, "label": text(block_id), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": text("Form"), "submit": text("Send"), "blocks": list(blocks), **more}


class Slack:
    """One running sandbox, seen through its automation routes."""

    def __init__(self, sandbox: Running) -> None:
        self.url = sandbox.url
        self.workspace = sandbox.workspace
        self.bot = AsyncWebClient(
            token="xoxb-sandbox-bot", base_url=f"{sandbox.url}/api/", retry_handlers=[], logger=None
        )
        self.http = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.close()

    async def ask(self, verb: str, path: str, body: object = None) -> tuple[int, Any]:
        """(status, JSON) of a route below ``/_sandbox/``."""
        async with self.http.request(verb, f"{self.url}/_sandbox/{path}", json=body) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> Any:
        status, answer = await self.ask("GET", path)
        assert status == 200, answer
        return answer

    async def post(self, path: str, body: object = None) -> Any:
        status, answer = await self.ask("POST", path, {} if body is None else body)
        assert status == 200, answer
        return answer

    async def act(self, user: str, action: str, **more: Any) -> Json:
        answer: Json = await self.post("act", {"user": user, "action": action, **more})
        return answer

    async def refused(self, user: str, action: str, **more: Any) -> str:
        """The sentence with which an act is refused."""
        status, answer = await self.ask("POST", "act", {"user": user, "action": action, **more})
        assert status == 400, answer
        return str(answer["error"])

    async def screen(self, user: str, place: str | None = None) -> Json:
        answer: Json = await self.get(f"screen?user={user}" + (f"&place={place}" if place else ""))
        return answer

    async def log(self, kind: str) -> list[Json]:
        return [entry for entry in (await self.get("log"))["entries"] if entry["kind"] == kind]

    async def call(self, method: str, token: str | None = "xoxb-sandbox-bot", **args: Any) -> Json:
        """A plain Web API call by JSON, whatever it answers."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.post(f"{self.url}/api/{method}", json=args, headers=headers) as response:
            answer: Json = await response.json()
            return {"status": response.status, "retry_after": response.headers.get("retry-after"), **answer}

    async def dm(self, user: str) -> str:
        """The place of a person's direct messages with the app."""
        places = await self.get(f"places?user={user}")
        return str(next(place["id"] for place in places if place["kind"] == "dm"))

    @asynccontextmanager
    async def bolt(self, listeners: Callable[[AsyncApp], None] | None = None) -> AsyncIterator[AsyncApp]:
        """A real Bolt app, connected by Socket Mode; everything it does not listen to is acknowledged."""
        app = AsyncApp(client=self.bot, process_before_response=True)
        if listeners is not None:
            listeners(app)
        acknowledge_the_rest(app)
        before = self.workspace.socket.connection_count
        web = AsyncWebClient(token="xapp-sandbox-app", base_url=f"{self.url}/api/")
        handler = AsyncSocketModeHandler(app, "xapp-sandbox-app", web_client=web, ping_interval=2)
        await handler.connect_async()
        await eventually(lambda: self.workspace.socket.connection_count > before)
        try:
            yield app
        finally:
            await handler.close_async()


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something outside of this test's control has happened."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - there is no event for what the network does
            await asyncio.sleep(0.005)


def acknowledge_the_rest(app: AsyncApp) -> None:
    """Catch-alls: Bolt leaves what nobody listens to unacknowledged."""

    async def fine(ack: Any) -> None:
        await ack()

    anything = re.compile(".*")
    app.event(anything)(fine)
    app.action(anything)(fine)
    app.view(anything)(fine)
    app.view_closed(anything)(fine)
    app.shortcut(anything)(fine)
    app.command(anything)(fine)
