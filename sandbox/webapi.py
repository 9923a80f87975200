"""The Web API's front door: arguments, tokens, scopes, faults, rates; then the method; then the record."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from starlette.types import Receive, Scope, Send

from sandbox.arguments import Arguments, invalid_arguments, parse
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.methods import CALLS_PER_MINUTE, METHODS, ChannelKind, Method
from sandbox.workspace import Workspace
from sandbox.world import Place

Json = dict[str, Any]
Handler = Callable[["Workspace", Arguments], Json]
MAX_BODY = 2_000_000

HANDLERS: dict[str, Handler] = {}
"""Method → function; the webapi_* modules put theirs in."""

PACED_ELSEWHERE = frozenset({"chat.postMessage"})
"""Methods that count by channel instead of by minute."""


def method(name: str) -> Callable[[Handler], Handler]:
    """Serve the Web API method of this name by the decorated function."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register


@dataclass(frozen=True)
class Answer:
    """What goes back: an HTTP status, a JSON body, more headers."""

    status: int
    body: Json
    headers: tuple[tuple[bytes, bytes], ...] = ()


class WebApi:
    """ASGI application of ``/api/<method>``."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        workspace = self._workspace
        started = time.perf_counter()
        name = scope["path"].removeprefix("/api/")
        headers = {key: value for key, value in scope["headers"] if key in (b"content-type", b"authorization")}
        args = Arguments({})
        fault: Fault | None = None
        answer: Answer | None
        try:
            body = await _body(receive)
            args = Arguments(parse(scope["query_string"], headers.get(b"content-type", b"").decode("latin-1"), body))
            known = self._admit(name, scope["method"], headers.get(b"authorization", b"").decode("latin-1"), args)
            fault = workspace.faults.for_call(name, args.values.get("channel"))
            answer = await self._answer(known, args, fault)
        except SlackError as error:
            answer = _refusal(error)
        took = (time.perf_counter() - started) * 1000
        workspace.record.add(
            "call", workspace.clock.now(), method=name, args=args.values, status=answer.status if answer else None,
            ok=bool(answer and answer.body.get("ok")), response=answer.body if answer else None,
            ms=round(took, 3), fault=fault.kind if fault else None,
        )  # fmt: skip
        if answer is None or (fault and fault.kind == "cut_after_accept"):
            await cut(receive)
            return
        await _send(send, answer, self._headers(name))

    def _admit(self, name: str, verb: str, authorization: str, args: Arguments) -> Method:
        """The method, if it exists and this token may call it; the token is taken out of the arguments."""
        workspace = self._workspace
        known = METHODS.get(name)
        token = args.values.pop("token", None)
        if authorization[:7].lower() == "bearer ":
            token = authorization[7:].strip()
        if known is None:
            raise SlackError("unknown_method", req_method=name)
        if known.post_only and verb != "POST":
            raise SlackError("insecure_request")
        if known.token_types:
            kind = self._token_kind(token)
            if kind not in known.token_types:
                raise SlackError("not_allowed_token_type")
            if kind == "bot" and workspace.manifest.scopes is not None:
                place = workspace.world.places.get(str(args.values.get("channel", "")))
                conversation = _kind(place) if place else None
                if not known.allows(workspace.manifest.scopes, conversation):
                    raise self._missing_scope(known.needed(conversation))
        if name not in HANDLERS:
            raise SlackError("method_not_supported")
        if missing := known.missing(args.values):
            raise invalid_arguments(*(f"[ERROR] missing required field: {field}" for field in missing))
        return known

    def _token_kind(self, token: object) -> str:
        if token in (None, ""):
            raise SlackError("not_authed")
        if token == self._workspace.settings.bot_token:
            return "bot"
        if token == self._workspace.settings.app_token:
            return "app"
        raise SlackError("invalid_auth")

    def _missing_scope(self, needed: str) -> SlackError:
        provided = ",".join(sorted(self._workspace.manifest.scopes or ()))
        return SlackError("missing_scope", needed=needed, provided=provided)

    async def _answer(self, known: Method, args: Arguments, fault: Fault | None) -> Answer | None:
        """Do the call, as far as the fault lets it; None when the connection is to be cut without an answer."""
        if fault is not None:
            if fault.kind == "rate_limit":
                return _rate_limited(fault.retry_after)
            if fault.kind == "http_500":
                return Answer(fault.status, {"ok": False, "error": "internal_error"})
            if fault.kind == "error":
                raise SlackError(fault.error)
            if fault.kind == "cut_before":
                return None
            if fault.kind == "hang" and not fault.effect:
                await asyncio.sleep(fault.seconds)
                return None
        if known.name not in PACED_ELSEWHERE:
            wait = self._workspace.limits.take_call(
                known.name, CALLS_PER_MINUTE[known.tier], self._workspace.clock.now()
            )
            if wait:
                return _rate_limited(wait)
        try:
            answer = Answer(200, {"ok": True, **HANDLERS[known.name](self._workspace, args)})
        except SlackError as error:
            answer = _refusal(error)
        if fault is not None and fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        return answer

    def _headers(self, name: str) -> list[tuple[bytes, bytes]]:
        known = METHODS.get(name)
        scopes = self._workspace.manifest.scopes
        return [
            # The world's time, as in signatures: what apps compare their own clock with.
            (b"date", formatdate(usegmt=True).encode()),
            (b"x-slack-req-id", secrets.token_hex(16).encode()),
            (b"x-oauth-scopes", ",".join(sorted(scopes)).encode() if scopes is not None else b"*"),
            (b"x-accepted-oauth-scopes", ",".join(known.scopes).encode() if known else b""),
        ]


async def cut(receive: Receive) -> None:
    """Break the TCP connection of a request without a word."""
    # uvicorn hands its request cycle's own method to the application; the transport is one attribute away.
    getattr(receive, "__self__").transport.abort()  # noqa: B009 - mypy knows no such attribute
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY:
            raise SlackError("request_too_large")
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _send(send: Send, answer: Answer, headers: list[tuple[bytes, bytes]]) -> None:
    body = json.dumps(answer.body).encode()
    all_headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *headers,
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})


def _refusal(error: SlackError) -> Answer:
    """Every refusal is HTTP 200, but the one of who comes too often."""
    if error.code == "ratelimited":
        return _rate_limited(int(error.extra["retry_after"]))
    return Answer(200, error.answer())


def _rate_limited(seconds: int) -> Answer:
    return Answer(429, {"ok": False, "error": "ratelimited"}, ((b"retry-after", str(seconds).encode()),))


def _kind(place: Place) -> ChannelKind:
    return "im" if place.kind == "dm" else "group" if place.is_private else "channel"
