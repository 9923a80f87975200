"""The address behind every response_url."""

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox import responses
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.webapi import cut
from sandbox.workspace import Workspace

STATUS = {"expired_url": 404, "used_url": 404, "ratelimited": 429}
"""Of a refusal; the rest is 400. Slack's are not documented."""


async def receive(workspace: Workspace, request: Request) -> Response:
    """Take a post of the app; faults know it as the method ``response_url``."""
    raw = await request.body()
    fault = workspace.faults.for_call("response_url", None)
    body: Any = None
    status, text, wait = 200, "ok", 1
    try:
        body = json.loads(raw)
        _take(workspace, request.path_params["key"], body, fault)
    except ValueError:
        status, text = 400, "invalid_payload"
    except SlackError as error:
        text = error.code
        status = error.extra.get("status") or STATUS.get(error.code, 400)
        wait = error.extra.get("retry_after", 1)
    if fault and fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    workspace.record.add(
        "call", workspace.clock.now(), method="response_url", args=body, status=status, ok=status == 200,
        response=text, ms=0.0, fault=fault.kind if fault else None,
    )  # fmt: skip
    if fault and (fault.kind in ("cut_before", "cut_after_accept") or (fault.kind == "hang" and not fault.effect)):
        await cut(request.receive)
    return PlainTextResponse(text, status, {"retry-after": str(wait)} if status == 429 else None)


def _take(workspace: Workspace, key: str, body: Any, fault: Fault | None) -> None:
    """Do what the body asks for, as far as the fault lets it; raises SlackError with the refusal."""
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    kind = fault.kind if fault else None
    if fault and kind == "rate_limit":
        raise SlackError("ratelimited", retry_after=fault.retry_after)
    if fault and kind == "http_500":
        raise SlackError("internal_error", status=fault.status)
    if fault and kind == "error":
        raise SlackError(fault.error)
    if kind == "cut_before" or (fault and kind == "hang" and not fault.effect):
        return
    responses.post(workspace, key, body)
