"""Reading automation requests and answering them: JSON in and out, errors as sentences."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.errors import CannotDo

Handler = Callable[[Request], Awaitable[Response]]


def routes(table: list[tuple[str, str, Handler]]) -> list[Route]:
    """The routes ``/_sandbox/NAME`` of (verb, name, handler)."""
    return [Route(f"/_sandbox/{name}", told(handler), methods=[verb]) for verb, name, handler in table]


def told(handler: Handler) -> Handler:
    """The handler, with its CannotDo told as HTTP 400."""

    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.split("://", 1)[-1] != request.headers.get("host"):
            return reply({"error": "Only the sandbox's own page may call this from a browser."}, 403)
        try:
            return await handler(request)
        except CannotDo as error:
            return reply(error.answer(), 400)

    return answer


async def read(request: Request, *, lists: bool = False) -> Any:
    """The JSON object of a request (or list, where allowed), {} for none; raises CannotDo for anything else."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise CannotDo(f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict) and not (lists and isinstance(body, list)):
        raise CannotDo("The body must be a JSON object.")
    return body


def whole(text: str | None, name: str) -> int | None:
    """A whole number of a query, None when it is missing; raises CannotDo for anything else."""
    if text is None or text == "":
        return None
    if not text.isdigit():
        raise CannotDo(f"{name!r} takes a whole number, not {text!r}.")
    return int(text)


def reply(content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status)
