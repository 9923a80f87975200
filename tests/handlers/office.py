"""The web application as `bot/app.py` builds it, over a real database, with real Bolt and a Slack at the wire."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import httpx

import handlers
from bot.domain import signature
from bot.domain.config import Source
from bot.integrations.slack import web_client, web_session
from bot.integrations.slack_accounts import account_of
from bot.integrations.tasks import Tasks
from bot.views.webhook_example import PublicAddress
from handlers.front_door import FrontDoor
from handlers.health import Health
from handlers.in_flight import InFlight
from handlers.leads import LeadWebhook
from handlers.site import site
from storage.transaction import Transaction
from tests.handlers.wire import BOT, TEAM, Json, Wire
from tests.services.world import START, World

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + "A" * 43 + "="
REAL_NOW = 1_772_442_000
FORM = "application/x-www-form-urlencoded"


class Office:
    """Posts what Slack and CRMs post. After each, everything begun is done."""

    def __init__(self, world: World, wire: Wire, client: httpx.AsyncClient, tasks: Tasks) -> None:
        self.world = world
        self.wire = wire
        self.client = client
        self.tasks = tasks

    async def post_lead(
        self, data: Json | None = None, *, delivery: str = "msg_1", source: str = "crm", **more: Any
    ) -> httpx.Response:
        """A signed lead."""
        body = json.dumps({"type": "lead.ready", "timestamp": "2026-03-02T09:00:00Z", "data": data or {}}).encode()
        return await self.post_body(body, delivery=delivery, source=source, **more)

    async def post_body(
        self,
        body: bytes,
        *,
        delivery: str = "msg_1",
        source: str = "crm",
        secret: str = SECRET,
        content_type: str = "application/json",
    ) -> httpx.Response:
        headers = {
            "content-type": content_type,
            "webhook-id": delivery,
            "webhook-timestamp": str(REAL_NOW),
            "webhook-signature": signature.sign(secret, message_id=delivery, timestamp=REAL_NOW, body=body),
        }
        return await self.client.post(f"/webhooks/leads/{source}", content=body, headers=headers)

    async def post_slack(self, body: bytes, content_type: str) -> httpx.Response:
        """A body signed as Slack signs; returns when what it led to is done."""
        answer = await self.deliver(body, content_type)
        assert await self.tasks.idle(timeout_s=10)
        return answer

    async def deliver(self, body: bytes, content_type: str) -> httpx.Response:
        """As post_slack; returns as soon as it is answered."""
        digest = hmac.new(SIGNING_SECRET.encode(), b"v0:%d:" % REAL_NOW + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": str(REAL_NOW),
            "x-slack-signature": f"v0={digest}",
        }
        return await self.client.post("/slack/events", content=body, headers=headers)

    async def interact(self, payload: Json) -> httpx.Response:
        return await self.post_slack(form_of(payload), FORM)

    async def click(self, by: str, action_id: str, value: str = "", **more: Any) -> httpx.Response:
        """A button of a message, unless `view` says where else."""
        return await self.interact(self.click_payload(by, action_id, value, **more))

    def click_payload(self, by: str, action_id: str, value: str = "", **more: Any) -> Json:
        action: Json = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
        place: Json = (
            {"container": {"type": "view"}}
            if "view" in more
            else {
                "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1"},
                "channel": {"id": "D1", "name": "directmessage"},
                "message": {"ts": "1.1", "text": "card"},
                "response_url": self.wire.response_url,
            }
        )
        return {
            "type": "block_actions",
            "user": {"id": by, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "test"},
            "api_app_id": "A1",
            "trigger_id": "1.2.abc",
            "actions": [action],
            **place,
            **more,
        }

    async def submit(
        self,
        by: str,
        callback_id: str,
        metadata: str,
        *,
        view_id: str = "V1",
        previous_view_id: str | None = None,
        root_view_id: str | None = None,
        **answers: Any,
    ) -> httpx.Response:
        """A form with an input for each answer, sent off: a text, or a list of what is chosen."""
        blocks = [{"type": "input", "block_id": name, "label": {}, "element": {}} for name in answers]
        values = {name: {"answer": _entry(value)} for name, value in answers.items()}
        view: Json = {
            "id": view_id,
            "previous_view_id": previous_view_id,
            **({"root_view_id": root_view_id} if root_view_id else {}),
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "blocks": blocks,
            "state": {"values": values},
        }
        return await self.interact(
            {"type": "view_submission", "user": {"id": by}, "team": {"id": TEAM}, "trigger_id": "1.2.abc", "view": view}
        )

    async def command(self, by: str, text: str = "") -> Json:
        fields = {"command": "/lockstep", "text": text, "user_id": by, "team_id": TEAM, "trigger_id": "1.2.abc"}
        answer = await self.post_slack(urlencode(fields).encode(), "application/x-www-form-urlencoded")
        assert answer.status_code == 200
        found: Json = answer.json() if answer.content else {}  # a form is the answer
        return found

    async def event(self, content: Json, *, event_id: str = "Ev1", team: str = TEAM) -> httpx.Response:
        payload = {"type": "event_callback", "team_id": team, "event_id": event_id, "event": content}
        return await self.post_slack(json.dumps(payload).encode(), "application/json")


def _entry(value: Any) -> Json:
    if isinstance(value, list):
        return {"type": "multi_users_select", "selected_users": value}
    return {"type": "plain_text_input", "value": value}


def form_of(payload: Json) -> bytes:
    """How Slack posts what people did."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def _source(tx: Transaction) -> None:
    tx.sources.add(Source(key="crm", name="CRM", secrets=(SECRET,), created_at=START))


@asynccontextmanager
async def opened(world: World, wire: Wire) -> AsyncIterator[Office]:
    """The office over `world`, its Slack at `wire`."""
    await world.db.run(_source)
    tasks = Tasks()
    async with web_session() as session:
        client = web_client("xoxb-test", f"{wire.url}/api/", session)
        client.proxy = None
        app = handlers.slack_app(client, session, team_id=TEAM, enterprise_id=None, bot_id="B0BOT", bot_user_id=BOT)
        handlers.register(
            app,
            db=world.db,
            client=client,
            session=session,
            tasks=tasks,
            read_account=lambda user: account_of(user, team_id=TEAM),
            team_id=TEAM,
            bot_user_id=BOT,
            address=lambda: PublicAddress(url="https://lockstep.example.com", is_local=False),
        )
        web = site(
            leads=LeadWebhook(
                world.db,
                in_flight=InFlight(64, working=tasks.working),
                now=world.clock.now,
                real_now=lambda: REAL_NOW,
            ),
            health=Health(world.db, connected=_connected),
            door=FrontDoor(app, tasks),
            signing_secret=SIGNING_SECRET,
            real_now=lambda: REAL_NOW,
        )
        transport = httpx.ASGITransport(web, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://lockstep") as browser:
            yield Office(world, wire, browser, tasks)
        await tasks.drain(timeout_s=5)


async def _connected() -> bool:
    return True
