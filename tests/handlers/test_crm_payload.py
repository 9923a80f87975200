"""What a source says of a lead, by type: read whole, or named field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.crm import ActivityKind
from bot.domain.lead import Stage
from bot.services.crm import LeadErased
from bot.services.crm_news import LeadActivity, LeadOwner, LeadStage, LeadUpdated
from bot.services.lead_records import HandOver
from handlers.crm_payload import Command, parse_message
from handlers.lead_fields import EVENT_TYPES
from handlers.lead_payload import InvalidLead
from handlers.strict_json import Malformed
from tests.handlers.office import Office

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SAID = datetime(2026, 3, 2, 9, 29, 59, tzinfo=UTC)


def body(kind: str, data: Any, /, **envelope: Any) -> bytes:
    message = {"type": kind, "timestamp": "2026-03-02T09:29:59Z", "data": data}
    return json.dumps(message | envelope).encode()


def parse(kind: str, /, **data: Any) -> Command:
    return parse_message(
        body(kind, {"external_id": "crm-1"} | data), source="crm", delivery_id="msg_1", now=NOW
    )  # fmt: skip


def problems(kind: str, /, **data: Any) -> dict[str, str]:
    with pytest.raises(InvalidLead) as raised:
        parse(kind, **data)
    return {error.field: error.detail for error in raised.value.errors}


def test_a_hand_over_is_one_as_before() -> None:
    assert isinstance(parse("lead.ready", name="Ada"), HandOver)


def test_an_update_holds_only_what_it_names() -> None:
    update = parse(
        "lead.updated", company="Engines", phone="020 7946 0958", country="GB", title=None, plan="gold",
        fields={"employees": 120, "site": None}, engaged_at="2026-03-01T10:00:00+01:00", priority="Hot",
    )  # fmt: skip
    assert isinstance(update, LeadUpdated)
    assert (update.external_id, update.at, update.delivery_id) == ("crm-1", SAID, "msg_1")
    assert update.values == {
        "company": "Engines", "phone": "020 7946 0958", "phone_e164": "+442079460958", "country": "GB", "title": None,
        "fields.plan": "gold", "fields.employees": "120", "fields.site": None,
        "engaged_at": "2026-03-01T09:00:00+00:00", "priority": "hot",
    }  # fmt: skip


def test_an_activity_has_its_own_instant() -> None:
    activity = parse("lead.activity", kind="Call", by="ines@example.com", at="2026-03-02T08:00:00Z")
    assert activity == LeadActivity(
        source="crm", external_id="crm-1", at=datetime(2026, 3, 2, 8, tzinfo=UTC), delivery_id="msg_1",
        kind=ActivityKind.CALL, by="ines@example.com",
    )  # fmt: skip
    later = parse("lead.activity", kind="meeting")
    assert isinstance(later, LeadActivity)
    assert (later.at, later.by) == (SAID, None)


@pytest.mark.parametrize(
    ("data", "stage", "amount"),
    [
        ({"stage": "qualified"}, Stage.SQL, None),
        ({"stage": "opportunity", "amount": 12500, "currency": "eur"}, Stage.OPPORTUNITY, "12500"),
        ({"stage": "opportunity", "amount": "12500.50", "currency": "EUR"}, Stage.OPPORTUNITY, "12500.5"),
        ({"stage": "won", "amount": 0.1, "currency": "USD"}, Stage.WON, "0.1"),
        ({"stage": "lost", "reason": "No budget"}, Stage.LOST, None),
    ],
)
def test_a_stage_with_its_amount_or_reason(data: Any, stage: Stage, amount: str | None) -> None:
    found = parse("lead.stage", **data)
    assert isinstance(found, LeadStage)
    assert (found.stage, found.amount, found.reason) == (stage, amount, data.get("reason"))


def test_an_owner_or_none() -> None:
    ines, nobody = parse("lead.owner", email="Ines@Example.com"), parse("lead.owner", email=None)
    assert isinstance(ines, LeadOwner)
    assert isinstance(nobody, LeadOwner)
    assert (ines.email, nobody.email) == ("Ines@Example.com", None)


def test_an_erasure_by_key_and_address() -> None:
    erased = parse("lead.erased", email="Ada@Example.com")
    assert isinstance(erased, LeadErased)
    assert (erased.external_id, erased.email) == ("crm-1", "ada@example.com")


@pytest.mark.parametrize(
    ("kind", "data", "field", "said"),
    [
        ("lead.updated", {"email": "nobody"}, "data.email", "not an e-mail address"),
        ("lead.updated", {"external_id": " "}, "data.external_id", "id of the lead"),
        ("lead.activity", {}, "data.kind", "Is missing"),
        ("lead.activity", {"kind": "fax"}, "data.kind", "call, mail or meeting"),
        ("lead.activity", {"kind": "call", "at": "2027-01-01T00:00:00Z"}, "data.at", "future"),
        ("lead.activity", {"kind": "call", "length": 5}, "data.length", "not a key of this type"),
        ("lead.stage", {"stage": "mql"}, "data.stage", "qualified, opportunity, won or lost"),
        ("lead.stage", {"stage": "won", "amount": 5}, "data.currency", "needs its currency"),
        ("lead.stage", {"stage": "won", "currency": "EUR"}, "data.amount", "needs its currency"),
        ("lead.stage", {"stage": "won", "amount": -5, "currency": "EUR"}, "data.amount", "not below 0"),
        ("lead.stage", {"stage": "won", "amount": True, "currency": "EUR"}, "data.amount", "amount like"),
        ("lead.stage", {"stage": "won", "amount": 1e300, "currency": "EUR"}, "data.amount", "amount like"),
        ("lead.stage", {"stage": "won", "amount": 5, "currency": "E1R"}, "data.currency", "three letters"),
        ("lead.stage", {"stage": "won", "reason": "Nice"}, "data.reason", "Only a lost lead"),
        ("lead.owner", {}, "data.email", "Is missing"),
        ("lead.owner", {"email": "Ines"}, "data.email", "not an e-mail address"),
        ("lead.erased", {"name": "Ada"}, "data.name", "not a key of this type"),
        ("lead.deleted", {}, "type", "lead.erased"),
    ],
)
def test_what_is_wrong_is_named_with_how_to_mend_it(kind: str, data: Any, field: str, said: str) -> None:
    assert said in problems(kind, **data)[field]


def test_our_own_mark_makes_it_an_echo_whatever_else_it_says() -> None:
    for raw in (body("handoff.accepted", {}, origin="lockstep"), body("lead.owner", {"x": 1}, origin="lockstep")):
        found = parse_message(raw, source="crm", delivery_id="m", now=NOW)
        assert isinstance(found, LeadUpdated)
        assert found.echo


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
keys = st.sampled_from(["kind", "by", "at", "stage", "amount", "currency", "reason", "email", "name", "fields", "x"])


@settings(max_examples=500)
@given(
    kind=st.sampled_from(EVENT_TYPES),
    data=st.dictionaries(keys, json_values, max_size=5),
    envelope=st.dictionaries(st.sampled_from(["timestamp", "data", "origin", "echo_of", "y"]), json_values, max_size=2),
)
def test_no_json_whatever_raises_anything_else(kind: str, data: dict[str, Any], envelope: dict[str, Any]) -> None:
    try:
        found = parse_message(
            body(kind, {"external_id": "a"} | data, **envelope), source="crm", delivery_id="m", now=NOW
        )
    except (InvalidLead, Malformed):
        return
    assert found.external_id or getattr(found, "echo", False)


async def test_over_the_wire_each_type_is_answered_with_what_became_of_it(office: Office) -> None:
    lead = {"external_id": "1", "name": "Ada"}

    async def say(kind: str, number: int, /, **data: Any) -> Any:
        message = {"type": kind, "timestamp": "2026-03-02T08:00:00Z", "data": {"external_id": "1", **data}}
        answer = await office.post_body(json.dumps(message).encode(), delivery=f"m-{number}")
        return answer.status_code, answer.json()["status"]

    assert await say("lead.updated", 1, company="Engines") == (202, "unknown")
    assert (await office.post_lead(lead, delivery="m-2")).json()["status"] == "offered"
    assert await say("lead.activity", 3, kind="call", by="ines@example.com") == (202, "updated")
    assert await say("lead.stage", 4, stage="qualified") == (202, "updated")
    assert await say("lead.stage", 4, stage="qualified") == (200, "updated")
    assert await say("lead.owner", 5, email="somebody@example.com") == (202, "updated")
    assert await say("lead.erased", 6) == (202, "erased")
    assert await say("lead.updated", 7, company="Engines") == (202, "erased")
    again = await office.post_lead(lead, delivery="m-8")
    assert (again.status_code, again.json()) == (202, {"lead_id": None, "handoff_id": None, "status": "erased"})
