"""The one module that knows the HTTP client, so that another one is a change of this file."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from bot.domain.reach import SETTING, Reach
from bot.errors import WebError

TIMEOUT_S = 35.0
"""Long enough for the sandbox to move its clock over weeks in one request."""
CONNECT_S = 5.0
LARGEST_ANSWER = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`body` is the parsed JSON, None where there is none."""

    status: int
    headers: dict[str, str]
    body: Any


@cache
def _whom_to_trust() -> ssl.SSLContext:
    """The certificates httpx brings along, read once: that takes as long as a hundred requests."""
    return httpx.create_ssl_context(trust_env=False)


class Web:
    """An HTTP client for https addresses and, without encryption, for this machine only. No redirects, bounded time.

    Used as an async context manager. With `reach` a host is looked up first, every address of it must be allowed, and
    the connection goes to what was checked: for addresses that somebody typed. Errors name hosts, never whole URLs:
    those may hold a token.
    """

    def __init__(
        self, *, timeout_s: float = TIMEOUT_S, largest_answer: int = LARGEST_ANSWER, reach: Reach | None = None
    ) -> None:
        """`timeout_s` bounds each step, and with the connection the whole of it; `largest_answer` is in bytes."""
        self._timeout_s = timeout_s
        self._largest_answer = largest_answer
        self._reach = reach
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout_s, connect=CONNECT_S),
            # Servers close idle connections after some 5 s; a request on one that closes has an unknown outcome.
            # One that was made for a host must not serve another of the same address.
            limits=httpx.Limits(
                max_connections=100, keepalive_expiry=2.0, max_keepalive_connections=None if reach is None else 0
            ),
            follow_redirects=False,
            trust_env=False,
            verify=_whom_to_trust(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, url: str, **query: str) -> Answer:
        """The answer to a GET. Raises WebError when there is none."""
        return await self._send("GET", url, params=query)

    async def post(self, url: str, body: Any) -> Answer:
        """The answer to a POST of `body` as JSON. Raises WebError when there is none."""
        return await self._send("POST", url, json=body)

    async def post_bytes(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """The answer to a POST of exactly these bytes, for signed requests. Raises WebError when there is none."""
        return await self._send("POST", url, content=body, headers=headers)

    async def _send(self, method: str, url: str, **content: Any) -> Answer:
        host = _host(url)
        try:
            # httpx bounds each step only: who sends a byte a second would hold us for ever.
            async with asyncio.timeout(self._timeout_s):
                if self._reach is None:
                    request = self._client.build_request(method, _allowed(url), **content)
                else:
                    request = await self._checked(self._reach, method, url, host, content)
                response = await self._client.send(request, stream=True)
                try:
                    body = await self._read(response, host)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise WebError(f"{host}: no whole answer within {self._timeout_s:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # Neither the address nor httpx's own words, which may quote it.
            raise WebError(f"{host}: {type(error).__name__}") from None
        return Answer(
            status=response.status_code,
            headers=dict(response.headers),
            body=_json(body, response.headers.get("content-type", "")),
        )

    async def _checked(self, reach: Reach, method: str, url: str, host: str, content: dict[str, Any]) -> httpx.Request:
        """A request to an address of the host that was checked: what a name leads to may change between two looks."""
        whole = httpx.URL(url)
        plain = whole.scheme == "http"
        addresses = await _addresses(whole.host, whole.port or (80 if plain else 443))
        allowed = reach.allows_plain_http if plain else reach.allows
        if whole.scheme not in ("http", "https") or not all(allowed(whole.host, address) for address in addresses):
            raise WebError(f"{host} is refused: only https, and nothing private that {SETTING} does not name")
        headers = {**content.pop("headers", {}), "host": whole.netloc.decode("ascii")}
        return self._client.build_request(
            method, whole.copy_with(host=addresses[0]), headers=headers,
            extensions={"sni_hostname": whole.raw_host.decode("ascii")}, **content,
        )  # fmt: skip

    async def _read(self, response: httpx.Response, host: str) -> bytes:
        content = bytearray()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > self._largest_answer:
                raise WebError(f"{host}: the answer is larger than {self._largest_answer} bytes")
        return bytes(content)


async def _addresses(host: str, port: int) -> list[str]:
    """What the host's name leads to, as this machine would go there. Raises WebError when nowhere."""
    try:
        async with asyncio.timeout(CONNECT_S):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise WebError(f"{host}: its name cannot be looked up") from error
    return [str(address[0]) for *_, address in found]


def _host(url: str) -> str:
    """Whom to name in an error."""
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address that cannot be read"


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
