"""uvicorn inside our own loop: we bind, we start it, we stop it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import ConfigError

GRACE_S = 5
"""Real seconds in which requests under way may finish at the end."""
BACKLOG = 1024


class WebServer:
    """Serves one ASGI application from `start()` until `stop()`."""

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        self._host = host
        self._asked_port = port
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
            backlog=BACKLOG,
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None
        self.port = port
        """The port it listens on, also when any free one was asked for."""

    async def start(self) -> None:
        """Returns when requests are answered. Raises ConfigError when the port is taken or the host is not ours."""
        listening = self._bind()
        self.port = int(listening.getsockname()[1])
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]), name="web server")
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Takes no new connections; returns when the requests under way are answered, or after 5 s."""
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            return socket.create_server((self._host, self._asked_port), family=family, backlog=BACKLOG)
        except OSError as error:
            raise ConfigError(
                f"I cannot listen on {self._host}:{self._asked_port} ({error.strerror or error}). Is another Lockstep"
                " running? Set LOCKSTEP_PORT to a free port, or LOCKSTEP_HOST to an address of this machine."
            ) from None


class _Server(uvicorn.Server):
    """Leaves the signals to us and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
