"""Socket Mode: Slack's payloads by WebSocket, so that nothing of ours has to be reachable from the internet."""

from __future__ import annotations

import asyncio
import time

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.front_door import FrontDoor
from handlers.replies import Tasks

log = structlog.get_logger(__name__)


PING_EVERY_S = 3
"""A broken connection is noticed at the next ping, a dead one after four: clicks are lost until then."""


class SocketMode(AsyncSocketModeHandler):
    """Bolt's handler with our own front door: bounded, counted, and able to stop taking work.

    Must be made inside the running loop: slack_sdk starts its tasks at once.
    """

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        door: FrontDoor,
        tasks: Tasks,
        *,
        app_token: str,
        link: str | None = None,
    ) -> None:
        """`link` is used for the first connection; without it, and for all others, Slack is asked for one."""
        super().__init__(app, app_token, web_client=client, ping_interval=PING_EVERY_S)
        # slack_sdk takes the environment's proxy for every address, this machine's included.
        self.client.proxy = client.proxy
        # Slack counts every link it gives out, and a bot that is restarted often would run out of them.
        self.client.wss_uri = link
        self._door = door
        self._tasks = tasks
        self._stopping = False

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Called by slack_sdk for each envelope. After `stop_taking` it is left for another connection."""
        if not self._stopping:
            # slack_sdk keeps no strong reference to the task it calls us in.
            self._tasks.spawn(self._answer(client, req), name="socket mode payload")

    async def _answer(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        started = time.monotonic()
        answer = await self._door.dispatch(request.payload, retry=str(request.retry_attempt or ""))
        await send_async_response(client, request, answer, started)

    async def connect(self) -> None:
        """Envelopes come in from now on. A lost connection is opened again by slack_sdk."""
        await self.client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """The connection and everything slack_sdk keeps for it are gone."""
        client = self.client
        await client.close()  # type: ignore[no-untyped-call]
        left = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*(task for task in left if task is not None), return_exceptions=True)

    def stop_taking(self) -> None:
        """From now on envelopes are not answered; Slack delivers events again, elsewhere or later."""
        self._stopping = True

    async def is_connected(self) -> bool:
        return await self.client.is_connected()
