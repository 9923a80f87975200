"""Brightwater on Lockstep: its roster, its leads, and how they are posted."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.signature import sign
from bot.errors import WebError
from bot.integrations.clock import SystemClock
from bot.integrations.web import Answer, Web

FOLDER = Path(__file__).parent
ROSTER = FOLDER / "roster.toml"
SOURCE = "website"
SECRET = "whsec_YnJpZ2h0d2F0ZXItZGVtby1zZWNyZXQtMzItYnl0ZXM="  # noqa: S105 - of the demo; stands in roster.toml too


def leads() -> list[dict[str, Any]]:
    """The leads of the demo, in the order in which they arrive."""
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / "leads.toml").read_text(encoding="utf-8"))["leads"]
    return rows


def note(name: str) -> str:
    """The note that says who to be first and what to click: `start_here`, `start_empty` to set everything up from
    nothing, `start_month` to look at a month that was played."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


async def post_lead(
    web: Web, bot_url: str, data: Mapping[str, Any], *, delivery: str, at: datetime, secret: str = SECRET
) -> Answer:
    """The bot's answer to a signed `lead.ready`; the signature carries the real time, `at` is when it happened."""
    return await post_message(web, bot_url, "lead.ready", data, delivery=delivery, at=at, secret=secret)


async def post_message(
    web: Web, bot_url: str, kind: str, data: Mapping[str, Any], *, delivery: str, at: datetime, secret: str = SECRET
) -> Answer:
    """As post_lead, for every type of message."""
    body = json.dumps(
        {"type": kind, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": dict(data)}, default=str
    ).encode()
    stamp = int(SystemClock().now().timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(secret, message_id=delivery, timestamp=stamp, body=body),
    }
    return await web.post_bytes(f"{bot_url}/webhooks/leads/{SOURCE}", body, headers)


class Slack:
    """The sandbox's automation, as the demo uses it."""

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self.url = url
        self.ids: dict[str, str] = {}

    async def load(self) -> None:
        """`ids` maps every e-mail to the Slack id."""
        for person in await self.people():
            if person.get("email"):
                self.ids[person["email"]] = person["id"]

    async def now(self) -> datetime:
        answer = await self._get("clock")
        return datetime.fromisoformat(answer["now"])

    async def advance(self, seconds: int) -> None:
        await self._post("clock", {"advance_s": seconds})

    async def move_to(self, instant: datetime) -> None:
        """It is `instant`, and the clock stands still; everything due on the way has happened."""
        await self._post("clock", {"running": False, "to": instant.astimezone(UTC).isoformat()})

    async def runs(self) -> None:
        """The clock goes on by itself, from where it stands."""
        await self._post("clock", {"running": True})

    async def people(self) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = await self._get("people")
        return people

    async def places(self, email: str) -> list[dict[str, Any]]:
        places: list[dict[str, Any]] = await self._get("places", user=self.ids[email])
        return places

    async def place(self, email: str, name: str) -> str:
        """The id of a place as this person sees it: a channel by name, `dm` for the app's, `home`."""
        for place in await self.places(email):
            if place["kind"] == "channel" and place["name"].lstrip("#") == name:
                return str(place["id"])
            if place["kind"] == "dm" and name == "dm" and place.get("with_app", place["name"] == "Lockstep"):
                return str(place["id"])
            if place["kind"] == "app_home" and name == "home":
                return str(place["id"])
        raise WebError(f"{email} sees no place called {name}")

    async def screen(self, email: str, place: str) -> dict[str, Any]:
        screen: dict[str, Any] = await self._get("screen", user=self.ids[email], place=place)
        return screen

    async def latest(self, email: str, place: str, count: int) -> list[dict[str, Any]]:
        """The newest messages of a place as this person sees them, the oldest of them first."""
        screen = await self._get("screen", user=self.ids[email], place=place, limit=str(count))
        messages: list[dict[str, Any]] = screen["messages"]
        return messages

    async def act(self, email: str, place: str, action: str, **more: Any) -> dict[str, Any]:
        body = {"user": self.ids[email], "place": place, "action": action, **more}
        answer: dict[str, Any] = await self._post("act", body)
        return answer

    async def opens(self, email: str, other: str) -> str:
        """The id of the direct messages of two people."""
        opened = await self._post("places", {"user": self.ids[email], "with": self.ids[other]})
        return str(opened["id"])

    async def record(self, place: str) -> dict[str, Any]:
        """Every message that ever stood there, with its versions."""
        record: dict[str, Any] = await self._get("record", place=place)
        return record

    async def start_here(self, markdown: str) -> None:
        await self._post("start_here", {"markdown": markdown})

    async def _get(self, route: str, **query: str) -> Any:
        return _body(await self._web.get(f"{self.url}/_sandbox/{route}", **query), route)

    async def _post(self, route: str, body: Any) -> Any:
        return _body(await self._web.post(f"{self.url}/_sandbox/{route}", body), route)


def plain(name: str) -> str:
    """A name as it is typed in a hurry: `ines` for Inês."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


def _body(answer: Answer, route: str) -> Any:
    if answer.status != 200:
        raise WebError(f"the sandbox answered {route} with {answer.status}: {answer.body}")
    return answer.body
