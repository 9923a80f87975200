"""The one web application: Slack's requests, webhooks and health, and an answer for everything else."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from handlers.front_door import FrontDoor
from handlers.guard import SlackGuard
from handlers.health import Health
from handlers.leads import LeadWebhook
from handlers.problems import problem

SLACK_PATH = "/slack/events"


def site(
    *,
    leads: LeadWebhook,
    health: Health,
    door: FrontDoor,
    signing_secret: str | None,
    real_now: Callable[[], float],
) -> Starlette:
    """With `signing_secret` Slack may post to `/slack/events`; without (Socket Mode) there is no such address."""
    routes = [leads.route(), *health.routes()]
    if signing_secret is not None:
        guard = SlackGuard(request_response(door.receive), signing_secret=signing_secret, real_now=real_now)
        routes.append(Route(SLACK_PATH, guard, methods=["POST"]))
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_route})


async def _no_route(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 405:
        headers = error.headers if isinstance(error, HTTPException) else None
        return problem(405, "This address takes other methods; see the Allow header.", headers=headers)
    return problem(404, "There is nothing at this address.")
