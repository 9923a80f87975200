"""Is it alive, and can it work? For supervisors and load balancers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.errors import LockstepError
from storage.database import Database
from storage.transaction import Transaction

PATIENCE_S = 2.0
"""Real seconds the database may take: whoever asks does not wait much longer."""


class Health:
    """`/healthz`: the process answers. `/readyz`: it reaches its database and Slack."""

    def __init__(self, db: Database, *, connected: Callable[[], Awaitable[bool]]) -> None:
        self._db = db.patient(lambda: PATIENCE_S)
        self._connected = connected

    def routes(self) -> list[Route]:
        return [Route("/healthz", self._alive), Route("/readyz", self._ready)]

    async def _alive(self, _: Request) -> JSONResponse:
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


def _look(tx: Transaction) -> None:
    tx.settings.load()
