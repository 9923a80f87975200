"""The messages of a source, by type: each is read once into the command of one use case. docs/webhook.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from bot.domain.crm import ActivityKind
from bot.domain.lead import Stage, normalise_email
from bot.domain.target import ORIGIN
from bot.services.crm import LeadErased
from bot.services.crm_news import LeadActivity, LeadOwner, LeadStage, LeadUpdated
from bot.services.lead_changes import values_of
from bot.services.lead_records import HandOver
from handlers.lead_fields import read_email, read_external_id, read_instant_or_none, read_text, wrong
from handlers.lead_payload import Envelope, InvalidLead, check_instants, read_lead, validated
from handlers.problems import FieldProblem
from handlers.strict_json import parse_object

Command = HandOver | LeadUpdated | LeadActivity | LeadStage | LeadOwner | LeadErased

STAGES = {
    "qualified": Stage.SQL,
    "sql": Stage.SQL,
    "opportunity": Stage.OPPORTUNITY,
    "won": Stage.WON,
    "lost": Stage.LOST,
}
LARGEST_AMOUNT = Decimal(10) ** 15
_DIGITS = re.compile(r"[0-9]{1,16}(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def _kind(value: object) -> ActivityKind:
    if isinstance(value, str) and value.strip().lower() in set(ActivityKind):
        return ActivityKind(value.strip().lower())
    raise wrong("Must be call, mail or meeting.")


def _stage(value: object) -> Stage:
    if isinstance(value, str) and value.strip().lower() in STAGES:
        return STAGES[value.strip().lower()]
    raise wrong("Must be qualified, opportunity, won or lost.")


def _amount(value: object) -> str | None:
    """Decimal digits without needless zeros; a number in JSON or digits in quotes."""
    if value is None:
        return None
    text = str(value).strip() if isinstance(value, (int, float, str)) and not isinstance(value, bool) else ""
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f") if abs(value) < LARGEST_AMOUNT else ""
    try:
        amount = Decimal(text) if _DIGITS.fullmatch(text) else None
    except InvalidOperation:
        amount = None
    if amount is None or amount > LARGEST_AMOUNT:
        raise wrong("Must be an amount like 12500 or 12500.50, not below 0, with at most four decimals.")
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _currency(value: object) -> str | None:
    text = read_text(3)(value)
    if text is not None and not _CURRENCY.fullmatch(text.upper()):
        raise wrong("Must be a currency code of three letters, like EUR.")
    return None if text is None else text.upper()


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    external_id: Annotated[str, BeforeValidator(read_external_id)]


class ActivityData(_Data):
    kind: Annotated[ActivityKind, BeforeValidator(_kind)]
    by: Annotated[str | None, BeforeValidator(read_text(254))] = None
    at: Annotated[datetime | None, BeforeValidator(read_instant_or_none)] = None


class StageData(_Data):
    stage: Annotated[Stage, BeforeValidator(_stage)]
    amount: Annotated[str | None, BeforeValidator(_amount)] = None
    currency: Annotated[str | None, BeforeValidator(_currency)] = None
    reason: Annotated[str | None, BeforeValidator(read_text(500))] = None


class OwnerData(_Data):
    email: Annotated[str | None, BeforeValidator(read_email)]


class ErasedData(_Data):
    email: Annotated[str | None, BeforeValidator(read_email)] = None


class ActivityMessage(Envelope):
    data: ActivityData


class StageMessage(Envelope):
    data: StageData


class OwnerMessage(Envelope):
    data: OwnerData


class ErasedMessage(Envelope):
    data: ErasedData


def parse_message(body: bytes, *, source: str, delivery_id: str, now: datetime) -> Command:
    """The command in the raw bytes of a request, whatever its type.

    Raises Malformed when the bytes are no JSON object, InvalidLead when the object is no message of ours.
    """
    found = parse_object(body)
    if found.get("origin") == ORIGIN:
        # What we told others comes back: whatever it is, it is known here.
        return LeadUpdated(source=source, external_id="", at=now, delivery_id=delivery_id, echo=True)
    match found.get("type"):
        case "lead.updated":
            return _updated(found, source, delivery_id, now)
        case "lead.activity":
            return _activity(found, source, delivery_id, now)
        case "lead.stage":
            return _stage_of(found, source, delivery_id, now)
        case "lead.owner":
            owner = validated(OwnerMessage, found)
            return LeadOwner(email=owner.data.email, **_common(owner, owner.data, source, delivery_id, now))
        case "lead.erased":
            erased = validated(ErasedMessage, found)
            common = _common(erased, erased.data, source, delivery_id, now)
            return LeadErased(email=normalise_email(erased.data.email), **common)
        case _:
            return read_lead(found, source=source, delivery_id=delivery_id, now=now)


def _updated(found: Mapping[str, Any], source: str, delivery_id: str, now: datetime) -> LeadUpdated:
    lead = read_lead(found, source=source, delivery_id=delivery_id, now=now)
    values = values_of(lead)
    if values.get("engaged_at") is not None:
        values["engaged_at"] = values["engaged_at"].isoformat()
    if "priority" in values:
        values["priority"] = lead.priority.value
    return LeadUpdated(
        source=source, external_id=lead.external_id, at=lead.sent_at or now, delivery_id=delivery_id,
        echo_of=lead.echo_of, values=values,
    )  # fmt: skip


def _activity(found: Mapping[str, Any], source: str, delivery_id: str, now: datetime) -> LeadActivity:
    message = validated(ActivityMessage, found)
    check_instants(now, data__at=message.data.at)
    common = _common(message, message.data, source, delivery_id, now)
    return LeadActivity(kind=message.data.kind, by=message.data.by, **{**common, "at": message.data.at or common["at"]})


def _stage_of(found: Mapping[str, Any], source: str, delivery_id: str, now: datetime) -> LeadStage:
    message = validated(StageMessage, found)
    data = message.data
    if (data.amount is None) != (data.currency is None):
        missing = "currency" if data.currency is None else "amount"
        sentence = "Is missing: an amount needs its currency, and a currency its amount."
        raise InvalidLead([FieldProblem(field=f"data.{missing}", detail=sentence)])
    if data.reason is not None and data.stage is not Stage.LOST:
        raise InvalidLead([FieldProblem(field="data.reason", detail="Only a lost lead has a reason: leave it out.")])
    return LeadStage(
        stage=data.stage, amount=data.amount, currency=data.currency, reason=data.reason,
        **_common(message, data, source, delivery_id, now),
    )  # fmt: skip


def _common(message: Envelope, data: _Data, source: str, delivery_id: str, now: datetime) -> dict[str, Any]:
    check_instants(now, timestamp=message.timestamp)
    return {
        "source": source,
        "external_id": data.external_id,
        "at": message.timestamp,
        "delivery_id": delivery_id,
        "echo_of": message.echo_of,
    }
