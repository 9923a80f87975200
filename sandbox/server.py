"""The web server: Slack's own addresses, the automation routes, and the page."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

# The webapi_* modules register the methods they serve.
from sandbox import response_urls, webapi_chat, webapi_conversations, webapi_people, webapi_views  # noqa: F401
from sandbox.automation import Automation
from sandbox.webapi import WebApi
from sandbox.workspace import Settings, Workspace

PAGE = Path(__file__).with_name("page")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_GUARDS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class _PageFiles(StaticFiles):
    """The page's modules, asked for anew each time (mostly a 304): old and new ones never mix after an update."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def application(workspace: Workspace) -> ASGIApp:
    """The ASGI application of a workspace."""
    web_api = WebApi(workspace)

    async def link(websocket: WebSocket) -> None:
        await workspace.socket.serve(websocket)

    async def response_url(request: Request) -> Response:
        return await response_urls.receive(workspace, request)

    async def permalink(request: Request) -> Response:
        path, query = request.path_params, request.query_params
        ts = path["message"].removeprefix("p")
        address = ("-", path["place"], query.get("thread_ts") or "-", f"{ts[:-6]}.{ts[-6:]}")
        return RedirectResponse("/#/" + "/".join(quote(part) for part in address))

    async def index(request: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"cache-control": "no-cache"})

    pages = Starlette(
        routes=[
            Route("/", index),
            Route("/archives/{place}/{message}", permalink),
            Mount("/page", _PageFiles(directory=PAGE, check_dir=False)),
            *Automation(workspace).routes(),
            WebSocketRoute("/link/", link),
            Route("/actions/{team}/{number}/{key}", response_url, methods=["POST"]),
            Route("/commands/{team}/{number}/{key}", response_url, methods=["POST"]),
        ]
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            # Straight through: no routing, no middleware.
            await web_api(scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, _guarded(send))
        else:
            await pages(scope, receive, send)

    return app


def _guarded(send: Send) -> Send:
    async def send_guarded(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_GUARDS]  # type: ignore[misc]
        await send(message)

    return send_guarded  # type: ignore[return-value]


class _Server(uvicorn.Server):
    """uvicorn that ends when it is told to, at once: without its signal handlers and its tenths of a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Close what is open; the sandbox keeps nothing that would be lost."""
        self.force_exit = True
        self._ended.set()

    async def main_loop(self) -> None:
        await self._ended.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Running:
    """A sandbox that listens. `url` is where; `workspace` is its inside, for tests in the same process."""

    def __init__(self, workspace: Workspace, server: uvicorn.Server, url: str) -> None:
        self.workspace = workspace
        self.server = server
        self.url = url


@contextlib.asynccontextmanager
async def running(settings: Settings, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Running]:
    """Serve a workspace until the block ends; port 0 picks a free one. Raises OSError when the port is taken."""
    workspace = Workspace(settings)
    listener = _listen(host, port)
    real_port = listener.getsockname()[1]
    workspace.base_url = f"http://{host}:{real_port}"
    config = uvicorn.Config(
        application(workspace), log_level="warning", access_log=False, lifespan="off", ws="websockets-sansio",
        ws_per_message_deflate=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(_serve(server, listener))
    verifying = asyncio.create_task(workspace.http.verify()) if workspace.http else None
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise OSError("The web server ended at once.")
            await asyncio.sleep(0.005)
        yield Running(workspace, server, workspace.base_url)
    finally:
        if verifying is not None:
            verifying.cancel()
            await asyncio.gather(verifying, return_exceptions=True)
        await workspace.delivery.close()
        workspace.socket.drop()
        workspace.stream.end()
        server.end()
        await serving
        if workspace.http is not None:
            await workspace.http.close()
        workspace.clock.forget_due()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket whose connections asyncio sends on without delay.

    asyncio switches Nagle's algorithm off only where the protocol is named; socket.create_server does not name it,
    and every answer would then wait 40 ms for the other side's delayed acknowledgement.
    """
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    with listener:
        await server.serve(sockets=[listener])
