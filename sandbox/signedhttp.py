"""Signed HTTP: the carrier of an app with a request URL."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.delivery import ACK_DEADLINE_S, Ack, Envelope

MAX_REDIRECTS = 2
VERIFY_EVERY_S = 0.5


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The ``X-Slack-Signature`` of a body. Source: docs.slack.dev, verifying requests from Slack (v0)."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return f"v0={digest}"


class SignedHttp:
    """Posts every payload to one request URL; a 2xx within three seconds is the ack."""

    name = "http"

    def __init__(self, request_url: str, signing_secret: str) -> None:
        self.verified = False
        self._url = request_url
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def verify(self) -> None:
        """Send the url_verification challenge until the app echoes it."""
        while not self.verified:
            challenge = secrets.token_urlsafe(32)
            body = json.dumps({"type": "url_verification", "token": "sandbox", "challenge": challenge}).encode()
            status, answer, _ = await self._post(body, "application/json", {})
            text = answer.decode(errors="replace")
            self.verified = status == 200 and (text == challenge or _json(answer) == {"challenge": challenge})
            if not self.verified:
                await asyncio.sleep(VERIFY_EVERY_S)

    async def carry(self, envelope: Envelope) -> Ack:
        body, content_type = _encoded(envelope)
        headers = {}
        if envelope.attempt:
            headers = {"x-slack-retry-num": str(envelope.attempt), "x-slack-retry-reason": envelope.reason}
        started = time.perf_counter()
        status, answer, got = await self._post(body, content_type, headers)
        took = (time.perf_counter() - started) * 1000
        stop = got.get("x-slack-no-retry") == "1"
        if status is None:
            reason = got["failure"]
            error = "operation_timeout" if reason == "http_timeout" else "dispatch_failed"
            return Ack(False, took, error=error, reason=reason)
        if not 200 <= status < 300:
            return Ack(False, took, error="dispatch_failed", stop_retries=stop)
        return Ack(True, took, _json(answer))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(
        self, body: bytes, content_type: str, headers: dict[str, str]
    ) -> tuple[int | None, bytes, dict[str, str]]:
        """(status or None, body, headers); for None the only header is `failure`, Slack's word for why."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=ACK_DEADLINE_S)
            )
        timestamp = str(int(time.time()))
        headers = {
            **headers,
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, max_redirects=MAX_REDIRECTS
            ) as response:
                got = {key.lower(): value for key, value in response.headers.items()}
                return response.status, await response.read(), got
        except TimeoutError:
            return None, b"", {"failure": "http_timeout"}
        except aiohttp.TooManyRedirects:
            return None, b"", {"failure": "too_many_redirects"}
        except aiohttp.ClientError:
            return None, b"", {"failure": "connection_failed"}


def _encoded(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.type == "events_api":
        return json.dumps(envelope.payload).encode(), "application/json"
    fields = envelope.payload if envelope.type == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _json(body: bytes) -> Any:
    """The answer's JSON; text for an answer that is none; None for an empty one."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
