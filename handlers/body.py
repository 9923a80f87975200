"""Reading the body of a request that nobody has vouched for yet."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope

SECONDS_TO_SEND = 10.0
"""Real time a sender has for its whole body: a slow one must not hold a place in the queue."""


class TooLarge(Exception):
    """The body is longer than allowed; the rest of it was not read."""


class Interrupted(Exception):
    """The sender went away, or took too long."""


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """The whole body, at most `limit` bytes. Raises TooLarge or Interrupted.

    A declared length over the limit is refused before anything is read; a wrong declaration helps nobody,
    since what arrives is counted too.
    """
    declared = header(scope, b"content-length")
    if declared.isdigit() and (len(declared) > 12 or int(declared) > limit):
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Interrupted
                chunk: bytes = message.get("body", b"")
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise Interrupted from None


def header(scope: Scope, name: bytes) -> str:
    """The one value of a header, "" when it is missing or given twice (which a signed header never is)."""
    values: list[bytes] = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""
