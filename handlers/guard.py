"""What stands before everything Slack posts to us over HTTP.

Bolt parses a body before it checks the signature, so that unsigned bytes can raise inside it. Here size,
shape of the headers, time and signature are checked on the raw bytes, in this order, and nothing is parsed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.body import Interrupted, TooLarge, header, read_body

LIMIT = 1024 * 1024
"""Bytes. Slack's largest payloads carry a view of at most 250 kB and what was filled in, a sign of it in up to nine."""
TOLERANCE_SECONDS = 300
"""How far the signed time may lie before or after ours; Slack's own recommendation."""

_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class SlackGuard:
    """An ASGI application round another one, which then sees only what Slack has signed.

    Answers 413 for a body over 1 MiB, 400 for one that does not arrive, 401 for everything not signed with
    `signing_secret` within five minutes of `real_now()` (seconds since 1970). Never 5xx.
    """

    def __init__(self, app: ASGIApp, *, signing_secret: str, real_now: Callable[[], float]) -> None:
        self._app = app
        self._key = signing_secret.encode()
        self._real_now = real_now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive, limit=LIMIT)
        except TooLarge:
            await _refuse(413, "The body is larger than 1 MiB.", scope, receive, send)
            return
        except Interrupted:
            await _refuse(400, "The body did not arrive.", scope, receive, send)
            return
        if not self._signed(scope, body):
            sentence = "The request does not carry a valid Slack signature. Is SLACK_SIGNING_SECRET right?"
            await _refuse(401, sentence, scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    def _signed(self, scope: Scope, body: bytes) -> bool:
        timestamp = header(scope, b"x-slack-request-timestamp")
        signature = header(scope, b"x-slack-signature")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        digest = hmac.new(self._key, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        matched = hmac.compare_digest("v0=" + digest, signature)
        return matched and abs(self._real_now() - int(timestamp)) <= TOLERANCE_SECONDS


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body read already, once, and then what really comes (the disconnect)."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(status: int, sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(sentence, status_code=status)(scope, receive, send)
