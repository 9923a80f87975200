"""JSON that means the same to everybody who reads it."""

from __future__ import annotations

import json
import re
from typing import Any

DEPTH = 32
"""Levels of arrays and objects; far more than any payload of ours, far less than Python's stack."""

_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_MOST_DIGITS = 60


class Malformed(ValueError):
    """The message is a sentence that says what is wrong."""


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body` (UTF-8). Raises Malformed.

    Refused beside what is no JSON at all: another top level than an object, more than 32 levels, a key twice
    in one object (readers disagree on which counts), NaN and Infinity, numbers of more than 60 digits.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8: byte {error.start + 1} cannot be read.") from None
    if _depth(body) > DEPTH:
        raise Malformed(f"The body nests more than {DEPTH} levels deep.")
    try:
        found = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_int, parse_float=_float
        )
    except json.JSONDecodeError as error:
        sentence = f"The body is not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}."
        raise Malformed(sentence) from None
    if not isinstance(found, dict):
        raise Malformed('The body must be a JSON object, like {"type": "lead.ready", ...}.')
    return found


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for token in _TOKENS.findall(body):
        if token in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (b"]", b"}"):
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _whole(pairs)
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Malformed(f"The key {_quoted(twice)} stands twice in one object: write it once.")
    return found


def _whole(pairs: list[tuple[str, Any]]) -> None:
    try:
        "".join(key for key, _ in pairs).encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("A key holds half of a surrogate pair, which is no character.") from None


def _quoted(key: str) -> str:
    return json.dumps(key[:60])


def _no_constant(word: str) -> Any:
    raise Malformed(f"{word} is not JSON: leave the key out or write null.")


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise Malformed(f"A number has more than {_MOST_DIGITS} digits.")
    return int(text)


def _float(text: str) -> float:
    if len(text) > _MOST_DIGITS:
        raise Malformed(f"A number has more than {_MOST_DIGITS} digits.")
    return float(text)
