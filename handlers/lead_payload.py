"""The body of a lead webhook, checked once: JSON in, `HandOver` out. docs/webhook.md describes it for senders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.lead import Priority
from bot.services.lead_records import HandOver
from handlers.lead_fields import (
    field_key,
    field_value,
    read_count,
    read_email,
    read_event_type,
    read_external_id,
    read_fields,
    read_instant,
    read_instant_or_none,
    read_number,
    read_priority,
    read_text,
    read_url,
)
from handlers.phone_numbers import to_e164
from handlers.problems import FieldProblem
from handlers.strict_json import Malformed, parse_object

MOST_FIELDS = 50

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)


class InvalidLead(Exception):
    """What is wrong, field by field."""

    def __init__(self, errors: list[FieldProblem]) -> None:
        super().__init__("; ".join(error.field for error in errors))
        self.errors = errors


class LeadData(BaseModel):
    """`data` of the webhook. What is none of our fields is collected in `fields`: see `parse_lead`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    external_id: Annotated[str, BeforeValidator(read_external_id)]
    email: Annotated[str | None, BeforeValidator(read_email)] = None
    name: Annotated[str | None, BeforeValidator(read_text(200))] = None
    company: Annotated[str | None, BeforeValidator(read_text(200))] = None
    title: Annotated[str | None, BeforeValidator(read_text(200))] = None
    phone: Annotated[str | None, BeforeValidator(read_text(50))] = None
    country: Annotated[str | None, BeforeValidator(read_text(100))] = None
    origin: Annotated[str | None, BeforeValidator(read_text(200))] = None
    campaign: Annotated[str | None, BeforeValidator(read_text(200))] = None
    score: Annotated[int | float | None, BeforeValidator(read_number)] = None
    touches: Annotated[int | None, BeforeValidator(read_count)] = None
    engaged_at: Annotated[datetime | None, BeforeValidator(read_instant_or_none)] = None
    priority: Annotated[Priority | None, BeforeValidator(read_priority)] = None
    summary: Annotated[str | None, BeforeValidator(read_text(2000))] = None
    url: Annotated[str | None, BeforeValidator(read_url)] = None
    fields_: Annotated[dict[str, str | None], BeforeValidator(read_fields), Field(alias="fields")] = {}


class Envelope(BaseModel):
    """What every body holds beside `data`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Annotated[str, BeforeValidator(read_event_type)]
    timestamp: Annotated[datetime, BeforeValidator(read_instant)]
    origin: Annotated[str | None, BeforeValidator(read_text(200))] = None
    echo_of: Annotated[str | None, BeforeValidator(read_text(200))] = None


class LeadMessage(Envelope):
    """The whole body."""

    data: LeadData


def parse_lead(body: bytes, *, source: str, delivery_id: str, now: datetime) -> HandOver:
    """The command in the raw bytes of a request.

    A key of `data` that is none of ours goes into `fields`, so that nothing a sender took the trouble to send
    is lost. `now` bounds the times from above: a day ahead is a wrong clock, not a lead.
    Raises Malformed when the bytes are not a JSON object, InvalidLead when the object is not a lead.
    """
    return read_lead(parse_object(body), source=source, delivery_id=delivery_id, now=now)


Message = TypeVar("Message", bound=BaseModel)


def validated(kind: type[Message], found: object) -> Message:
    """`found` as a `kind` of message. Raises InvalidLead."""
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        raise InvalidLead([_problem(detail) for detail in error.errors(include_url=False)]) from None


def check_instants(now: datetime, **instants: datetime | None) -> None:
    """Raises InvalidLead for those that cannot be right; `data__at` names the field `data.at`."""
    errors = absurd_instants(now, **instants)
    if errors:
        raise InvalidLead(errors)


def absurd_instants(now: datetime, **instants: datetime | None) -> list[FieldProblem]:
    return [
        FieldProblem(field=name.replace("__", "."), detail=sentence)
        for name, instant in instants.items()
        if instant is not None and (sentence := _absurd(instant, now))
    ]


def read_lead(found: object, *, source: str, delivery_id: str | None, now: datetime) -> HandOver:
    """As parse_lead, of JSON that was read already."""
    message = validated(LeadMessage, found)
    data = message.data
    errors = absurd_instants(now, timestamp=message.timestamp, data__engaged_at=data.engaged_at)
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
        fields={key: value for key, value in fields.items() if value is not None},
        no_fields=frozenset(key for key, value in fields.items() if value is None),
        given=given - {"priority"} if data.priority is None else given,
        actor=f"source:{source}",
        origin_kind="webhook",
        sent_at=message.timestamp,
        echo_of=message.echo_of,
    )


def _absurd(instant: datetime, now: datetime) -> str:
    if instant < _EARLIEST:
        return "Lies before the year 2000: is it in seconds or milliseconds, or is a year wrong?"
    if instant > now + _AHEAD:
        return "Lies more than a day in the future: check the clock and the time zone of the sender."
    return ""


def _with_unknown(data: LeadData, errors: list[FieldProblem]) -> dict[str, str | None]:
    """`fields`, and what stood beside our own keys; appends to `errors` what does not fit."""
    fields = dict(data.fields_)
    for key, value in (data.model_extra or {}).items():
        try:
            name, text = field_key(key), field_value(key, value)
        except PydanticCustomError as error:
            errors.append(FieldProblem(field=f"data.{_path_part(key)}", detail=error.message()))
            continue
        if fields.setdefault(name, text) != text:
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
    "extra_forbidden": "Is not known here: beside data only type, timestamp, origin and echo_of are. Put it into data.",
}


def _problem(detail: ErrorDetails) -> FieldProblem:
    sentence = _SENTENCES.get(detail["type"], detail["msg"])
    if detail["type"] == "extra_forbidden" and len(detail["loc"]) > 1:
        sentence = "Is not a key of this type of message: leave it out, or send it with lead.updated."
    if detail["type"] == "missing" and detail["loc"][-1] == "external_id":
        sentence = "Is missing: send the id of the lead in your system; it is how I know the lead again."
    return FieldProblem(field=".".join(_path_part(part) for part in detail["loc"]), detail=sentence)


def _path_part(part: Any) -> str:
    return str(part)[:60].encode("ascii", "backslashreplace").decode("ascii")


def _wire_name(name: str) -> str:
    return LeadData.model_fields[name].alias or name


__all__ = [
    "Envelope", "InvalidLead", "LeadData", "LeadMessage", "Malformed", "check_instants", "parse_lead", "read_lead",
    "validated",
]  # fmt: skip
