"""The words of an agreement as JSON: everything of it but its terms, which have a column of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from bot.domain.agreement import Terms
from bot.domain.agreement_document import DEFAULT_DOCUMENT, Defined, Definition, Document, PointOfContact
from bot.domain.person import Side
from bot.domain.signing import Reply, Signature
from storage.rows import values_of

_LISTS = ("offers", "engagement", "consequences", "ends")
_PLAIN = ("disagreements", "arbiter", "review_every_days")


def document_to_json(document: Document) -> dict[str, Any]:
    return {
        "definitions": {kind.value: values_of(each) for kind, each in document.definitions.items()},
        "contacts": {side.value: [values_of(each) for each in people] for side, people in document.contacts.items()},
        **{name: list(getattr(document, name)) for name in _LISTS},
        **{name: getattr(document, name) for name in _PLAIN},
        "review_on": document.review_on.isoformat() if document.review_on else None,
    }


def document_from_text(text: str | None, terms: Terms) -> Document:
    """The document of a row. Where there is none, which is so of rows from before there were words, and what it does
    not have, is as shipped."""
    words = {} if text is None else _words(text)
    return Document(**(values_of(DEFAULT_DOCUMENT) | words | {"terms": terms}))


@lru_cache(maxsize=64)
def _words(text: str) -> dict[str, Any]:
    data = json.loads(text)
    read: dict[str, Any] = {name: data[name] for name in _PLAIN if name in data}
    read |= {name: tuple(data[name]) for name in _LISTS if name in data}
    if "definitions" in data:
        read["definitions"] = {Defined(kind): Definition(**each) for kind, each in data["definitions"].items()}
    if "contacts" in data:
        read["contacts"] = {
            Side(side): tuple(PointOfContact(**each) for each in people) for side, people in data["contacts"].items()
        }
    if data.get("review_on"):
        read["review_on"] = date.fromisoformat(data["review_on"])
    return read


def signatures_to_json(signatures: Mapping[Side, Signature]) -> dict[str, Any]:
    return {side.value: values_of(each) | {"at": each.at.isoformat()} for side, each in signatures.items()}


def signatures_of(data: dict[str, Any] | None) -> dict[Side, Signature]:
    return {Side(side): Signature(**_timed(each)) for side, each in (data or {}).items()}


def replies_to_json(replies: tuple[Reply, ...]) -> list[dict[str, Any]]:
    return [values_of(each) | {"at": each.at.isoformat()} for each in replies]


def replies_of(data: list[dict[str, Any]] | None) -> tuple[Reply, ...]:
    return tuple(Reply(**_timed(each)) for each in data or ())


def _timed(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"at": datetime.fromisoformat(data["at"])}
