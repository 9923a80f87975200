"""Socket Mode: one-use links, up to ten connections, each envelope to exactly one of them."""

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.clock import Clock
from sandbox.delivery import ACK_DEADLINE_S, Ack, Envelope
from sandbox.record import Record

MAX_CONNECTIONS = 10
DEBUG_RECONNECT_S = 360.0
WARNING_S = 10.0
"""Between a `disconnect` of reason `warning` and the close."""


class Connection:
    """One WebSocket of the app."""

    def __init__(self, number: int, socket: WebSocket) -> None:
        self.number = number
        self.socket = socket
        self.leaving = False

    @property
    def transport(self) -> asyncio.Transport:
        """The TCP connection below, to break it the way networks do."""
        # uvicorn hands its protocol's own method to the application; its transport is one attribute away.
        protocol = getattr(self.socket._receive, "__self__", None)
        transport: asyncio.Transport = protocol.transport  # type: ignore[union-attr]
        return transport


class SocketMode:
    """The carrier of an app that connects by itself."""

    name = "socket"

    def __init__(self, app_id: str, clock: Clock, record: Record) -> None:
        self._app_id = app_id
        self._clock = clock
        self._record = record
        self._tickets: dict[str, bool] = {}
        self._connections: list[Connection] = []
        self._turn = 0
        self._numbers = 0
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._missed: OrderedDict[str, float] = OrderedDict()

    @property
    def connection_count(self) -> int:
        return len(self._connections)

    def ticket(self) -> str:
        """A new link's ticket, good for one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = True
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Run one connection until it ends."""
        if self._tickets.pop(socket.query_params.get("ticket", ""), None) is None:
            await socket.close(4001, "This link was used before, or never given out.")
            return
        await socket.accept()
        host = {"host": "sandbox", "build_number": 1}
        if len(self._connections) >= MAX_CONNECTIONS:
            await socket.send_text(self._goodbye("too_many_websockets"))
            await socket.close()
            return
        self._numbers += 1
        connection = Connection(self._numbers, socket)
        self._connections.append(connection)
        self._record.add("socket", self._clock.now(), what="opened", connection=connection.number)
        lasts = DEBUG_RECONNECT_S if socket.query_params.get("debug_reconnects") == "true" else None
        hello = {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {**host, "approximate_connection_time": int(lasts or 18060)},
            "connection_info": {"app_id": self._app_id},
        }
        ends = asyncio.get_running_loop().call_later(lasts, self._abort, connection) if lasts else None
        try:
            await socket.send_text(json.dumps(hello))
            while True:
                self._heard(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            # RuntimeError: Starlette's word for a socket that was closed from this side meanwhile.
            pass
        finally:
            if ends is not None:
                ends.cancel()
            if connection in self._connections:
                self._connections.remove(connection)
            self._record.add("socket", self._clock.now(), what="closed", connection=connection.number)

    async def carry(self, envelope: Envelope) -> Ack:
        text = json.dumps(
            {
                "envelope_id": envelope.id,
                "type": envelope.type,
                "accepts_response_payload": envelope.accepts_response,
                "payload": envelope.payload,
                **(
                    {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason and "timeout"}
                    if envelope.type == "events_api"
                    else {}
                ),
            }
        )
        started = time.perf_counter()
        connection = self._next()
        if connection is None:
            return Ack(False, 0.0, error="dispatch_failed")
        future = self._waiting[envelope.id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ACK_DEADLINE_S):
                try:
                    await connection.socket.send_text(text)
                except (WebSocketDisconnect, RuntimeError):
                    return Ack(False, (time.perf_counter() - started) * 1000, error="dispatch_failed")
                answer = await future
        except TimeoutError:
            self._missed[envelope.id] = started
            if len(self._missed) > 1000:
                self._missed.popitem(last=False)
            return Ack(False, (time.perf_counter() - started) * 1000, error="operation_timeout")
        finally:
            self._waiting.pop(envelope.id, None)
        return Ack(True, (time.perf_counter() - started) * 1000, answer)

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go, as Slack does; `warning` leaves it ten seconds, the others none."""
        for connection in list(self._connections):
            connection.leaving = reason != "warning"
            await connection.socket.send_text(self._goodbye(reason))
            if reason == "warning":
                asyncio.get_running_loop().call_later(WARNING_S, self._abort, connection)

    def drop(self) -> None:
        """Break every connection without a word."""
        for connection in list(self._connections):
            self._abort(connection)

    def freeze(self) -> None:
        """Leave every connection half open: nothing is read any more, no ping answered, nothing closed."""
        for connection in self._connections:
            connection.transport.pause_reading()

    def _next(self) -> Connection | None:
        """The connections take turns; one that was told to leave gets nothing new."""
        able = [connection for connection in self._connections if not connection.leaving]
        if not able:
            return None
        self._turn += 1
        return able[self._turn % len(able)]

    def _heard(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        envelope_id = message.get("envelope_id")
        future = self._waiting.get(str(envelope_id))
        if future is not None and not future.done():
            future.set_result(message.get("payload"))
        elif envelope_id in self._missed:
            late = (time.perf_counter() - self._missed.pop(str(envelope_id))) * 1000
            self._record.add("late_ack", self._clock.now(), envelope_id=envelope_id, ack_ms=round(late, 3))

    def _goodbye(self, reason: str) -> str:
        return json.dumps(
            {
                "type": "disconnect",
                "reason": reason,
                "num_connections": len(self._connections),
                "debug_info": {"host": "sandbox"},
                "connection_info": {"app_id": self._app_id},
            }
        )

    def _abort(self, connection: Connection) -> None:
        connection.leaving = True
        connection.transport.abort()
