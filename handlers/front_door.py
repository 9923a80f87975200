"""Where everything from Slack comes in, by Socket Mode and by HTTP alike."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from handlers.answer_time import ANSWER_WITHIN_S, answering
from handlers.body import header
from handlers.errors import new_reference
from handlers.payload_shape import misshapen
from handlers.payloads import Payload
from handlers.replies import Tasks
from handlers.strict_json import Malformed, parse_object

log = structlog.get_logger(__name__)

AT_ONCE = 64
"""Payloads worked on side by side; the others wait their turn, well inside Slack's three seconds."""

KINDS = frozenset(
    {"command", "block_actions", "view_submission", "view_closed", "event_callback", "shortcut", "message_action"}
)
_RETRY = re.compile(r"[0-9]{1,2}")


class FrontDoor:
    """Hands payloads that are known to be Slack's to Bolt, and counts them as work of the process.

    Whatever an answer waits for ends within `answer_within_s` real seconds of the payload's arrival (answer_time.py).
    """

    def __init__(self, app: AsyncApp, tasks: Tasks, *, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._app = app
        self._tasks = tasks
        self._answer_within_s = answer_within_s
        self._places = asyncio.Semaphore(AT_ONCE)
        self.on_answered: Callable[[str, float], None] = lambda kind, seconds: None
        """Hears the kind of each payload and the seconds until it was answered."""

    async def dispatch(self, payload: Payload, *, retry: str = "") -> BoltResponse:
        """Bolt's answer to a payload that Slack vouches for. `retry` counts Slack's attempts to deliver it."""
        started = time.monotonic()
        answer = await self._dispatch(payload, retry)
        self.on_answered(_kind_of(payload), time.monotonic() - started)
        return answer

    async def _dispatch(self, payload: Payload, retry: str) -> BoltResponse:
        with self._tasks.working(), answering(self._answer_within_s):
            async with self._places:
                structlog.contextvars.bind_contextvars(correlation_id=uuid.uuid4().hex[:12])
                if retry not in ("", "0"):
                    log.info("delivered_again", attempt=retry)
                if (part := misshapen(payload)) is not None:
                    # It would come out the same a second time, so it is answered like everything else.
                    log.warning("payload_unreadable", what=part)
                    structlog.contextvars.unbind_contextvars("correlation_id")
                    return BoltResponse(status=200)
                try:
                    request = AsyncBoltRequest(mode="socket_mode", body=dict(payload))
                    response = await self._app.async_dispatch(request)
                except Exception:
                    # Bolt reads parts of a payload before any listener of ours can check them.
                    log.exception("payload_refused", reference=new_reference())
                    return BoltResponse(status=200)
                finally:
                    structlog.contextvars.unbind_contextvars("correlation_id")
        if response.status == 404:
            # Not a kind that anybody listens to. Unanswered, Slack would show an error or send it again.
            log.info("not_listened_to", kind=str(payload.get("type", ""))[:40])
            return BoltResponse(status=200)
        return response

    async def receive(self, request: Request) -> Response:
        """`POST /slack/events`, behind the guard: 200, 400 for what is no payload, 503 when nothing was stored."""
        try:
            payload = read_payload(await request.body(), header(request.scope, b"content-type"))
        except Malformed as error:
            return PlainTextResponse(str(error), status_code=400)
        retry = header(request.scope, b"x-slack-retry-num")
        answer = await self.dispatch(payload, retry=retry if _RETRY.fullmatch(retry) else "")
        status = answer.status if answer.status < 500 else 503
        headers = {name: value[0] for name, value in answer.headers.items() if value}
        return Response(answer.body, status_code=status, headers=headers)


def _kind_of(payload: Payload) -> str:
    """One of a few words, whatever the payload says."""
    kind = "command" if "command" in payload else str(payload.get("type", ""))
    return kind if kind in KINDS else "other"


def read_payload(body: bytes, content_type: str) -> Payload:
    """The payload in the body Slack posts: JSON, a form with JSON in `payload`, or a slash command's form.

    Raises Malformed with a sentence.
    """
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return parse_object(body)
    try:
        text = body.decode("utf-8")
        fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=100))
    except ValueError:
        raise Malformed("The body is neither JSON nor a form.") from None
    if not fields:
        raise Malformed("The body is empty.")
    if "payload" in fields:
        return parse_object(fields["payload"].encode("utf-8", "surrogatepass"))
    return fields
