"""``/_sandbox/clock``: moving it, and following it."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.clock import Follower, NotSettled, instant
from sandbox.errors import CannotDo
from sandbox.requests import read, reply, routes
from sandbox.workspace import Workspace

Json = dict[str, Any]


class ClockRoutes:
    """The routes over the clock of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        table = routes([("GET", "clock", self.clock), ("POST", "clock", self.move_clock)])
        return [*table, WebSocketRoute("/_sandbox/clock/follow", self.follow)]

    async def clock(self, request: Request) -> Response:
        return reply(self._workspace.clock.state())

    async def move_clock(self, request: Request) -> Response:
        body = await read(request)
        if unknown := set(body) - {"advance_s", "to", "running"}:
            raise CannotDo(f"Unknown field {sorted(unknown)[0]!r}; known are advance_s, to, running.")
        advance, running = body.get("advance_s"), body.get("running")
        if advance is not None and (not isinstance(advance, (int, float)) or isinstance(advance, bool)):
            raise CannotDo(f"'advance_s' takes a number of seconds, not {advance!r}.")
        if running is not None and not isinstance(running, bool):
            raise CannotDo(f"'running' takes true or false, not {running!r}.")
        to = instant(body["to"]) if "to" in body else None
        try:
            await self._workspace.clock.change(advance_s=advance, to=to, running=running)
        except NotSettled as error:
            return reply({"error": str(error), **self._workspace.clock.state()}, 504)
        return reply(self._workspace.clock.state())

    async def follow(self, socket: WebSocket) -> None:
        """A bot keeps time by this clock, over ``/_sandbox/clock/follow?name=NAME``."""
        await socket.accept()

        async def send(message: Json) -> None:
            try:
                await socket.send_text(json.dumps(message))
            except (WebSocketDisconnect, RuntimeError):
                # Gone; the loop below notices and lets go of it.
                self._workspace.clock.leave(follower)

        follower = Follower(socket.query_params.get("name", "a follower"), send)
        await self._workspace.clock.join(follower)
        self._workspace.stream.changed(None, "clock")
        try:
            while True:
                message = json.loads(await socket.receive_text())
                if isinstance(message, dict) and message.get("type") == "settled":
                    follower.settled(message)
        except (WebSocketDisconnect, RuntimeError, ValueError):
            # Went away, or does not speak the protocol: either way nobody waits for it any longer.
            pass
        finally:
            self._workspace.clock.leave(follower)
            self._workspace.stream.changed(None, "clock")
