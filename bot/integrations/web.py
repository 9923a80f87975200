"""The one module that knows the HTTP client, so that another one is a change of this file."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from bot.errors import WebError

TIMEOUT_S = 35.0
"""Long enough for the sandbox to move its clock over weeks in one request."""
LARGEST_ANSWER = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`body` is the parsed JSON, None where there is none."""

    status: int
    headers: dict[str, str]
    body: Any


class Web:
    """An HTTP client for https addresses and, without encryption, for this machine only. No redirects, bounded time.

    Used as an async context manager.
    """

    def __init__(self, *, timeout_s: float = TIMEOUT_S, largest_answer: int = LARGEST_ANSWER) -> None:
        """`timeout_s` bounds each step, and with the connection the whole of it; `largest_answer` is in bytes."""
        self._timeout_s = timeout_s
        self._largest_answer = largest_answer
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout_s, connect=5.0),
            # Servers close idle connections after some 5 s; a request on one that closes has an unknown outcome.
            limits=httpx.Limits(max_connections=100, keepalive_expiry=2.0),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, url: str, **query: str) -> Answer:
        """The answer to a GET. Raises WebError when there is none."""
        return await self._send(self._client.build_request("GET", _allowed(url), params=query))

    async def post(self, url: str, body: Any) -> Answer:
        """The answer to a POST of `body` as JSON. Raises WebError when there is none."""
        return await self._send(self._client.build_request("POST", _allowed(url), json=body))

    async def post_bytes(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """The answer to a POST of exactly these bytes, for signed requests. Raises WebError when there is none."""
        return await self._send(self._client.build_request("POST", _allowed(url), content=body, headers=headers))

    async def _send(self, request: httpx.Request) -> Answer:
        try:
            # httpx bounds each step only: who sends a byte a second would hold us for ever.
            async with asyncio.timeout(self._timeout_s):
                response = await self._client.send(request, stream=True)
                try:
                    content = await self._read(response)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise WebError(f"{request.url}: no whole answer within {self._timeout_s:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WebError(f"{request.url}: {type(error).__name__} {error}".strip()) from error
        return Answer(
            status=response.status_code,
            headers=dict(response.headers),
            body=_json(content, response.headers.get("content-type", "")),
        )

    async def _read(self, response: httpx.Response) -> bytes:
        content = bytearray()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > self._largest_answer:
                raise WebError(f"{response.url}: the answer is larger than {self._largest_answer} bytes")
        return bytes(content)


def _json(content: bytes, kind: str) -> Any:
    if not content or "json" not in kind:
        return None
    try:
        return httpx.Response(200, content=content).json()
    except (ValueError, RecursionError):
        return None


def _allowed(url: str) -> str:
    """`url`, if it is https or leads to this machine. Raises WebError otherwise."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return url
    raise WebError(f"{parts.scheme}://{parts.hostname} is refused: only https, and http on this machine")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
