"""The fields of a lead as a sender writes them: each is read into one form, or refused with how to mend it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from bot.domain.lead import Priority, normalise_email

EVENT_TYPES = ("lead.ready", "lead.updated", "lead.activity", "lead.stage", "lead.owner", "lead.erased")
KEY_LENGTH = 100
VALUE_LENGTH = 1000
MOST_TOUCHES = 1_000_000
LARGEST_SCORE = 1_000_000_000

_ZONED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def wrong(sentence: str) -> PydanticCustomError:
    # Braces would be taken for placeholders.
    return PydanticCustomError("lead", "{sentence}", {"sentence": sentence})


def _clean(value: str) -> str:
    if _CONTROLS.search(value):
        raise wrong("Holds a control character such as NUL: remove it.")
    if not _is_unicode(value):
        raise wrong("Holds half of a surrogate pair, which is no character: send the text as UTF-8.")
    return value.strip()


def _is_unicode(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read_text(length: int) -> Callable[[object], str | None]:
    """Text of at most `length` characters; null and blank text both mean "none"."""

    def check(value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise wrong(f"Must be text in quotes, not {_kind(value)}.")
        text = _clean(value)
        if len(text) > length:
            raise wrong(f"Has {len(text)} characters; at most {length} fit. Shorten it.")
        return text or None

    return check


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case None:
            return "null"
        case _:
            return "an object"


def read_email(value: object) -> str | None:
    text = read_text(254)(value)
    if text is not None and (not _EMAIL.fullmatch(text) or normalise_email(text) is None):
        raise wrong("Is not an e-mail address like ada@example.com. Mend it, or leave it out.")
    return text


def read_url(value: object) -> str | None:
    text = read_text(2000)(value)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme != "https" or not host or parts.username is not None or re.search(r"\s", text):
        raise wrong("Must be the https address of the record in your CRM, without a user name in it.")
    return text


def read_instant(value: object) -> datetime:
    """An instant as text; the clock is asked elsewhere whether it may be."""
    if not isinstance(value, str) or not _ZONED.fullmatch(value):
        raise wrong("Must be an ISO 8601 time with its zone, like 2026-03-02T09:30:00Z.")
    try:
        # Python keeps microseconds; more digits are cut.
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong("Is not a time that exists. Write it like 2026-03-02T09:30:00Z.") from None


def read_instant_or_none(value: object) -> datetime | None:
    return None if value is None else read_instant(value)


def read_number(value: object) -> int | float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong(f"Must be a number without quotes, not {_kind(value)}.")
    if not math.isfinite(value) or abs(value) > LARGEST_SCORE:
        raise wrong(f"Must be a number between -{LARGEST_SCORE} and {LARGEST_SCORE}.")
    return value


def read_count(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TOUCHES:
        raise wrong(f"Must be a whole number from 0 to {MOST_TOUCHES}.")
    return value


def read_priority(value: object) -> Priority | None:
    if value is None:
        return None
    if isinstance(value, str) and value.strip().lower() in set(Priority):
        return Priority(value.strip().lower())
    raise wrong("Must be hot, warm or cold; without it a lead is warm.")


def read_event_type(value: object) -> str:
    if not isinstance(value, str) or value not in EVENT_TYPES:
        raise wrong(f"Must be one of {', '.join(EVENT_TYPES)}.")
    return value


def read_external_id(value: object) -> str:
    text = read_text(200)(value)
    if text is None:
        raise wrong("Must be the id of the lead in your system, as text; it is how I know the lead again.")
    return text


def read_fields(value: object) -> dict[str, str | None]:
    """Names and values; None says that there is none (any more)."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(f"Must be an object of names and values, not {_kind(value)}.")
    return {field_key(key): field_value(key, entry) for key, entry in value.items()}


def field_key(key: str) -> str:
    text = _clean(key)
    if not 0 < len(text) <= KEY_LENGTH:
        raise wrong(f"Has a name of {len(text)} characters; 1 to {KEY_LENGTH} fit.")
    return text


def field_value(key: str, value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case float() if math.isfinite(value):
            return repr(value)
        case str() if len(value) <= VALUE_LENGTH:
            return _clean(value) or None
        case str():
            raise wrong(f"{_quoted(key)} has {len(value)} characters; at most {VALUE_LENGTH} fit.")
        case _:
            raise wrong(f"{_quoted(key)} must be text, a number, true or false, not {_kind(value)}.")


def _quoted(text: str) -> str:
    """A sender's own word in a sentence: short, and ASCII, so that any reader can show it."""
    return json.dumps(text[:60])
