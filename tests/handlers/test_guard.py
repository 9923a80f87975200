"""The guard before Bolt: only what Slack signed comes through, and nothing unsigned makes a 5xx."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from handlers.guard import LIMIT, SlackGuard

SECRET = "0123456789abcdef0123456789abcdef"
NOW = 1_700_000_000


class Behind:
    """The application behind the guard: keeps what it was given."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def sign(body: bytes, timestamp: int = NOW, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), b"v0:%d:" % timestamp + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}


async def knock(behind: Behind, body: bytes | list[bytes], headers: dict[str, str] | list[tuple[bytes, bytes]]) -> int:
    chunks = [body] if isinstance(body, bytes) else body
    incoming: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks) - 1}
        for number, chunk in enumerate(chunks)
    ]
    raw = headers if isinstance(headers, list) else [(key.encode(), text.encode()) for key, text in headers.items()]
    statuses: list[int] = []

    async def receive() -> Message:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/slack/events", "headers": raw}
    guard = SlackGuard(behind, signing_secret=SECRET, real_now=lambda: NOW)
    await guard(scope, receive, send)
    return statuses[0]


async def test_signed_request_comes_through_with_the_very_same_bytes() -> None:
    behind = Behind()
    assert await knock(behind, [b'{"a":', b" 1}"], sign(b'{"a": 1}')) == 200
    assert behind.bodies == [b'{"a": 1}']


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_signed_time_may_lie_five_minutes_off_and_no_more(off: int, status: int) -> None:
    assert await knock(Behind(), b"x", sign(b"x", NOW + off)) == status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-slack-request-timestamp": str(NOW)},
        {**sign(b"x"), "x-slack-request-timestamp": "nan"},
        {**sign(b"x"), "x-slack-request-timestamp": "9" * 5000},
        {**sign(b"x"), "x-slack-signature": "v0=" + "ü" * 64},
        {**sign(b"x"), "x-slack-signature": sign(b"x")["x-slack-signature"].upper()},
        {**sign(b"x"), "x-slack-signature": sign(b"x")["x-slack-signature"].replace("v0=", "v1=")},
        sign(b"y"),
        sign(b"x", secret="f" * 32),
    ],
)
async def test_unsigned_request_is_refused_before_anything_is_parsed(headers: dict[str, str]) -> None:
    behind = Behind()
    assert await knock(behind, b"x", headers) == 401
    assert behind.bodies == []


async def test_two_signatures_are_none() -> None:
    signed = [(key.encode(), value.encode()) for key, value in sign(b"x").items()]
    assert await knock(Behind(), b"x", [*signed, signed[1]]) == 401


async def test_body_over_the_limit_is_refused_whether_declared_or_not() -> None:
    behind = Behind()
    large = [b"x" * LIMIT, b"x"]
    assert await knock(behind, large, sign(b"".join(large))) == 413
    assert await knock(behind, b"x", {"content-length": str(LIMIT + 1)}) == 413
    assert await knock(behind, b"x", {"content-length": "9" * 5000}) == 413
    assert behind.bodies == []


async def test_body_that_breaks_off_is_refused() -> None:
    class Gone(Behind):
        pass

    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    guard = SlackGuard(Gone(), signing_secret=SECRET, real_now=lambda: NOW)
    await guard({"type": "http", "headers": []}, receive, send)
    assert statuses[0] == 400


@given(
    timestamp=st.one_of(st.just(str(NOW)), st.text(max_size=20)),
    signature=st.one_of(st.from_regex(r"v0=[0-9a-f]{64}", fullmatch=True), st.text(max_size=80)),
    body=st.binary(max_size=200),
)
async def test_nothing_unsigned_gets_another_answer_than_401(timestamp: str, signature: str, body: bytes) -> None:
    headers = [
        (b"x-slack-request-timestamp", timestamp.encode("utf-8", "replace")),
        (b"x-slack-signature", signature.encode("utf-8", "replace")),
    ]
    assert await knock(Behind(), body, headers) == 401
