"""Errors of our HTTP routes as problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import JSONResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field, and how to mend it. `field` is a path like `data.email`."""

    field: str
    detail: str


TITLES: dict[int, tuple[str, str]] = {
    400: ("malformed-body", "The body cannot be read"),
    401: ("not-signed", "Not signed by a known source"),
    404: ("not-found", "There is nothing here"),
    405: ("method-not-allowed", "Only POST is answered here"),
    408: ("body-did-not-arrive", "The body did not arrive in time"),
    413: ("body-too-large", "The body is too large"),
    415: ("not-json", "Only application/json is read"),
    422: ("invalid-lead", "The lead cannot be taken as it is"),
    500: ("failed", "Something went wrong here"),
    503: ("try-again", "Not now: please send it again"),
}


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem+json answer. `detail` is a sentence for the person who reads the sender's log."""
    kind, title = TITLES[status]
    content: dict[str, object] = {
        "type": f"urn:lockstep:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = [{"field": error.field, "detail": error.detail} for error in errors]
    return JSONResponse(content, status_code=status, media_type="application/problem+json", headers=dict(headers or {}))
