"""The body of a lead webhook, checked once: JSON in, `HandOver` out. docs/webhook.md describes it for senders."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.lead import Priority, normalise_email
from bot.services.intake import HandOver
from handlers.phone_numbers import to_e164
from handlers.problems import FieldProblem
from handlers.strict_json import Malformed, parse_object

EVENT_TYPE = "lead.ready"
MOST_FIELDS = 50
KEY_LENGTH = 100
VALUE_LENGTH = 1000
MOST_TOUCHES = 1_000_000
LARGEST_SCORE = 1_000_000_000

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_ZONED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class InvalidLead(Exception):
    """What is wrong, field by field."""

    def __init__(self, errors: list[FieldProblem]) -> None:
        super().__init__("; ".join(error.field for error in errors))
        self.errors = errors


def _wrong(sentence: str) -> PydanticCustomError:
    # Braces would be taken for placeholders.
    return PydanticCustomError("lead", "{sentence}", {"sentence": sentence})


def _clean(value: str) -> str:
    if _CONTROLS.search(value):
        raise _wrong("Holds a control character such as NUL: remove it.")
    if not _is_unicode(value):
        raise _wrong("Holds half of a surrogate pair, which is no character: send the text as UTF-8.")
    return value.strip()


def _is_unicode(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _text(length: int) -> Callable[[object], str | None]:
    """Text of at most `length` characters; null and blank text both mean "none"."""

    def check(value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise _wrong(f"Must be text in quotes, not {_kind(value)}.")
        text = _clean(value)
        if len(text) > length:
            raise _wrong(f"Has {len(text)} characters; at most {length} fit. Shorten it.")
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


def _email(value: object) -> str | None:
    text = _text(254)(value)
    if text is not None and (not _EMAIL.fullmatch(text) or normalise_email(text) is None):
        raise _wrong("Is not an e-mail address like ada@example.com. Mend it, or leave it out.")
    return text


def _url(value: object) -> str | None:
    text = _text(2000)(value)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme != "https" or not host or parts.username is not None or re.search(r"\s", text):
        raise _wrong("Must be the https address of the record in your CRM, without a user name in it.")
    return text


def _instant(value: object) -> datetime:
    """An instant as text; the clock is asked elsewhere whether it may be."""
    if not isinstance(value, str) or not _ZONED.fullmatch(value):
        raise _wrong("Must be an ISO 8601 time with its zone, like 2026-03-02T09:30:00Z.")
    try:
        # Python keeps microseconds; more digits are cut.
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong("Is not a time that exists. Write it like 2026-03-02T09:30:00Z.") from None


def _instant_or_none(value: object) -> datetime | None:
    return None if value is None else _instant(value)


def _number(value: object) -> int | float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(f"Must be a number without quotes, not {_kind(value)}.")
    if not math.isfinite(value) or abs(value) > LARGEST_SCORE:
        raise _wrong(f"Must be a number between -{LARGEST_SCORE} and {LARGEST_SCORE}.")
    return value


def _count(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TOUCHES:
        raise _wrong(f"Must be a whole number from 0 to {MOST_TOUCHES}.")
    return value


def _priority(value: object) -> Priority | None:
    if value is None:
        return None
    if isinstance(value, str) and value.strip().lower() in set(Priority):
        return Priority(value.strip().lower())
    raise _wrong("Must be hot, warm or cold; without it a lead is warm.")


def _event_type(value: object) -> str:
    if value != EVENT_TYPE:
        raise _wrong(f"Must be {EVENT_TYPE}: it is the only kind of message I take.")
    return EVENT_TYPE


def _external_id(value: object) -> str:
    text = _text(200)(value)
    if text is None:
        raise _wrong("Must be the id of the lead in your system, as text; it is how I know the lead again.")
    return text


def _fields(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(f"Must be an object of names and values, not {_kind(value)}.")
    found = {_key(key): _value(key, entry) for key, entry in value.items()}
    return {key: text for key, text in found.items() if text is not None}


def _key(key: str) -> str:
    text = _clean(key)
    if not 0 < len(text) <= KEY_LENGTH:
        raise _wrong(f"Has a name of {len(text)} characters; 1 to {KEY_LENGTH} fit.")
    return text


def _value(key: str, value: object) -> str | None:
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
            raise _wrong(f"{_quoted(key)} has {len(value)} characters; at most {VALUE_LENGTH} fit.")
        case _:
            raise _wrong(f"{_quoted(key)} must be text, a number, true or false, not {_kind(value)}.")


def _quoted(text: str) -> str:
    """A sender's own word in a sentence: short, and ASCII, so that any reader can show it."""
    return json.dumps(text[:60])


class LeadData(BaseModel):
    """`data` of the webhook. What is none of our fields is collected in `fields`: see `parse_lead`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    external_id: Annotated[str, BeforeValidator(_external_id)]
    email: Annotated[str | None, BeforeValidator(_email)] = None
    name: Annotated[str | None, BeforeValidator(_text(200))] = None
    company: Annotated[str | None, BeforeValidator(_text(200))] = None
    title: Annotated[str | None, BeforeValidator(_text(200))] = None
    phone: Annotated[str | None, BeforeValidator(_text(50))] = None
    country: Annotated[str | None, BeforeValidator(_text(100))] = None
    origin: Annotated[str | None, BeforeValidator(_text(200))] = None
    campaign: Annotated[str | None, BeforeValidator(_text(200))] = None
    score: Annotated[int | float | None, BeforeValidator(_number)] = None
    touches: Annotated[int | None, BeforeValidator(_count)] = None
    engaged_at: Annotated[datetime | None, BeforeValidator(_instant_or_none)] = None
    priority: Annotated[Priority | None, BeforeValidator(_priority)] = None
    summary: Annotated[str | None, BeforeValidator(_text(2000))] = None
    url: Annotated[str | None, BeforeValidator(_url)] = None
    fields_: Annotated[dict[str, str], BeforeValidator(_fields), Field(alias="fields")] = {}


class LeadMessage(BaseModel):
    """The whole body."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Annotated[str, BeforeValidator(_event_type)]
    timestamp: Annotated[datetime, BeforeValidator(_instant)]
    data: LeadData


def parse_lead(body: bytes, *, source: str, delivery_id: str, now: datetime) -> HandOver:
    """The command in the raw bytes of a request.

    A key of `data` that is none of ours goes into `fields`, so that nothing a sender took the trouble to send
    is lost. `now` bounds the times from above: a day ahead is a wrong clock, not a lead.
    Raises Malformed when the bytes are not a JSON object, InvalidLead when the object is not a lead.
    """
    found = parse_object(body)
    try:
        message = LeadMessage.model_validate(found)
    except ValidationError as error:
        raise InvalidLead([_problem(detail) for detail in error.errors(include_url=False)]) from None
    data = message.data
    errors = [
        FieldProblem(field=name, detail=sentence)
        for name, instant in (("timestamp", message.timestamp), ("data.engaged_at", data.engaged_at))
        if instant is not None and (sentence := _absurd(instant, now))
    ]
    fields = _with_unknown(data, errors)
    if errors:
        raise InvalidLead(errors)
    known = {_wire_name(name) for name in data.model_fields_set if name in LeadData.model_fields}
    given = frozenset(known | ({"fields"} if fields else set()))
    return HandOver(
        source=source,
        delivery_id=delivery_id,
        external_id=data.external_id,
        email=data.email,
        name=data.name,
        company=data.company,
        title=data.title,
        phone=data.phone,
        phone_e164=to_e164(data.phone, data.country),
        country=data.country,
        origin=data.origin,
        campaign=data.campaign,
        score=data.score,
        touches=data.touches,
        engaged_at=data.engaged_at,
        priority=data.priority or Priority.WARM,
        summary=data.summary,
        url=data.url,
        fields=fields,
        given=given - {"priority"} if data.priority is None else given,
        actor=f"source:{source}",
        origin_kind="webhook",
        sent_at=min(message.timestamp, now),
    )


def _absurd(instant: datetime, now: datetime) -> str:
    if instant < _EARLIEST:
        return "Lies before the year 2000: is it in seconds or milliseconds, or is a year wrong?"
    if instant > now + _AHEAD:
        return "Lies more than a day in the future: check the clock and the time zone of the sender."
    return ""


def _with_unknown(data: LeadData, errors: list[FieldProblem]) -> dict[str, str]:
    """`fields`, and what stood beside our own keys; appends to `errors` what does not fit."""
    fields = dict(data.fields_)
    for key, value in (data.model_extra or {}).items():
        try:
            name, text = _key(key), _value(key, value)
        except PydanticCustomError as error:
            errors.append(FieldProblem(field=f"data.{_path_part(key)}", detail=error.message()))
            continue
        if text is not None and fields.setdefault(name, text) != text:
            sentence = "Stands in data and in data.fields with different values: send it once."
            errors.append(FieldProblem(field=f"data.{_path_part(key)}", detail=sentence))
    if len(fields) > MOST_FIELDS:
        sentence = f"Holds {len(fields)} further values, keys beside ours included; at most {MOST_FIELDS} fit."
        errors.append(FieldProblem(field="data.fields", detail=sentence))
    return fields


_SENTENCES: Mapping[str, str] = {
    "missing": "Is missing.",
    "model_type": "Must be an object with the lead's fields.",
    "model_attributes_type": "Must be an object with the lead's fields.",
    "extra_forbidden": "Is not a key of a message: only type, timestamp and data are. Put it into data.",
}


def _problem(detail: ErrorDetails) -> FieldProblem:
    sentence = _SENTENCES.get(detail["type"], detail["msg"])
    if detail["type"] == "missing" and detail["loc"][-1] == "external_id":
        sentence = "Is missing: send the id of the lead in your system; it is how I know the lead again."
    return FieldProblem(field=".".join(_path_part(part) for part in detail["loc"]), detail=sentence)


def _path_part(part: Any) -> str:
    return str(part)[:60].encode("ascii", "backslashreplace").decode("ascii")


def _wire_name(name: str) -> str:
    return LeadData.model_fields[name].alias or name


__all__ = ["InvalidLead", "LeadData", "LeadMessage", "Malformed", "parse_lead"]
