"""Is it alive, can it work, and how is it doing? For supervisors, load balancers and Prometheus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import LockstepError
from bot.metrics import Metrics
from bot.services.condition import load_condition
from storage.database import Database
from storage.transaction import Transaction

PATIENCE_S = 2.0
"""Real seconds the database may take: whoever asks does not wait much longer."""


def _nothing() -> str | None:
    return None


class Health:
    """`/healthz`: a new start would not help. `/readyz`: it reaches its database and Slack. `/metrics`: the numbers.

    `stuck` says in a sentence what the watchdog has found, None while all is well.
    """

    def __init__(
        self,
        db: Database,
        *,
        connected: Callable[[], Awaitable[bool]],
        stuck: Callable[[], str | None] = _nothing,
        metrics: Metrics | None = None,
    ) -> None:
        self._db = db.patient(lambda: PATIENCE_S)
        self._connected = connected
        self._stuck = stuck
        self._metrics = metrics or Metrics()

    def routes(self) -> list[Route]:
        return [Route("/healthz", self._alive), Route("/readyz", self._ready), Route("/metrics", self._numbers)]

    async def _alive(self, _: Request) -> JSONResponse:
        if (stuck := self._stuck()) is not None:
            return JSONResponse({"status": "stuck", "what": stuck}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def _ready(self, _: Request) -> JSONResponse:
        missing = []
        try:
            await self._db.read(_look)
        except LockstepError:
            missing.append("database")
        if not await self._connected():
            missing.append("slack")
        if missing:
            return JSONResponse({"status": "not ready", "missing": missing}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def _numbers(self, _: Request) -> Response:
        try:
            now = await self._db.read(load_condition)
        except LockstepError:
            now = None  # what was counted is told all the same: now it matters
        page = self._metrics.show(now, connected=await self._connected())
        return Response(page, headers={"content-type": CONTENT_TYPE_LATEST})


def _look(tx: Transaction) -> None:
    tx.settings.load()
