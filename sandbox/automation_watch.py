"""``/_sandbox/faults``, ``log``, ``record`` and ``stream``: making trouble, and watching what came of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from sandbox.clock import iso
from sandbox.errors import CannotDo
from sandbox.requests import read, reply, routes, whole
from sandbox.stream import THE_END
from sandbox.workspace import Workspace

Json = dict[str, Any]
KEEP_ALIVE_S = 15.0


class WatchRoutes:
    """The routes over the faults and the records of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        return [
            *routes(
                [
                    ("GET", "faults", self.faults),
                    ("POST", "faults", self.add_faults),
                    ("DELETE", "faults", self.clear_faults),
                    ("GET", "log", self.log),
                    ("GET", "record", self.record),
                    ("GET", "stream", self.stream),
                ]
            )
        ]

    async def faults(self, request: Request) -> Response:
        return reply({"faults": self._workspace.faults.listed()})

    async def add_faults(self, request: Request) -> Response:
        """One rule, or a list of them, or ``{"faults": […]}``."""
        body = await read(request, lists=True)
        rules = body if isinstance(body, list) else body.get("faults", [body])
        for rule in rules:
            if not isinstance(rule, dict):
                raise CannotDo(f"A fault is an object with a 'kind', not {rule!r}.")
            fault = self._workspace.faults.add(rule, self._workspace.clock.now())
            if fault.kind == "drop_socket":
                self._workspace.socket.drop()
            elif fault.kind == "half_open":
                self._workspace.socket.freeze()
            elif fault.kind == "disconnect":
                await self._workspace.socket.disconnect(fault.reason)
        return reply({"faults": self._workspace.faults.listed()})

    async def clear_faults(self, request: Request) -> Response:
        self._workspace.faults.clear()
        return reply({"faults": []})

    async def log(self, request: Request) -> Response:
        query, record = request.query_params, self._workspace.record
        since = whole(query.get("since"), "since") or 0
        entries = ",".join(record.texts(since, whole(query.get("limit"), "limit")))
        body = f'{{"entries":[{entries}],"last_seq":{record.last_seq}}}'
        return Response(body, media_type="application/json")

    async def record(self, request: Request) -> Response:
        place = self._workspace.world.places.get(request.query_params.get("place", ""))
        if place is None:
            raise CannotDo(f"'place' {request.query_params.get('place')!r} does not exist.")
        both = sorted([*place.messages.values(), *place.ephemerals.values()], key=lambda message: message.ts)
        return reply(
            {
                "messages": [
                    {
                        "ts": message.ts,
                        "ephemeral_for": message.visible_to,
                        "deleted": message.deleted,
                        "message": message.json,
                        "versions": [
                            {"at": iso(version.at), "what": version.what, "message": version.message}
                            for version in message.versions
                        ],
                    }
                    for message in both
                ]
            }
        )

    async def stream(self, request: Request) -> Response:
        return StreamingResponse(
            self._changes(request.query_params.get("user")),
            media_type="text/event-stream",
            headers={"cache-control": "no-cache"},
        )

    async def _changes(self, user: str | None) -> AsyncIterator[bytes]:
        queue = self._workspace.stream.open(user)
        try:
            yield b": hello\n\n"
            while True:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_S):
                        place, what = await queue.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if what == THE_END:
                    return
                data = json.dumps({"place": place, "what": what})
                yield f"event: changed\ndata: {data}\n\n".encode()
        finally:
            self._workspace.stream.close(queue)
