"""The body of a lead webhook: what is a lead is read whole, and what is not is named field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.lead import Priority
from bot.services.lead_records import HandOver
from handlers.lead_payload import InvalidLead, LeadData, parse_lead
from handlers.strict_json import Malformed

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def body(data: Any = None, **envelope: Any) -> bytes:
    lead = {"external_id": "crm-1"} if data is None else data
    message = {"type": "lead.ready", "timestamp": "2026-03-02T09:29:59Z", "data": lead}
    return json.dumps(message | envelope).encode()


def parse(raw: bytes) -> HandOver:
    return parse_lead(raw, source="crm", delivery_id="msg_1", now=NOW)


def problems(raw: bytes) -> dict[str, str]:
    with pytest.raises(InvalidLead) as raised:
        parse(raw)
    return {error.field: error.detail for error in raised.value.errors}


def test_external_id_alone_is_a_lead() -> None:
    lead = parse(body())
    assert (lead.external_id, lead.source, lead.delivery_id, lead.priority) == ("crm-1", "crm", "msg_1", Priority.WARM)
    assert lead.given == {"external_id"}
    assert lead.sent_at == datetime(2026, 3, 2, 9, 29, 59, tzinfo=UTC)


def test_every_field_arrives() -> None:
    lead = parse(
        body(
            {
                "external_id": "crm-1",
                "email": " Ada@Example.com ",
                "name": "Ada Lovelace",
                "company": "Analytical Engines",
                "title": "Head of Numbers",
                "phone": "020 7946 0958",
                "country": "United Kingdom",
                "origin": "webinar",
                "campaign": "spring",
                "score": 71.5,
                "touches": 4,
                "engaged_at": "2026-03-01T10:00:00+01:00",
                "priority": "Hot",
                "summary": "Asked for a demo.\nTwice.",
                "url": "https://crm.example.com/leads/1",
                "fields": {"employees": 120, "newsletter": True, "note": None},
            }
        )
    )
    assert lead.email == "Ada@Example.com"
    assert lead.phone_e164 == "+442079460958"
    assert lead.engaged_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert lead.priority is Priority.HOT
    assert lead.fields == {"employees": "120", "newsletter": "yes"}
    assert {"fields", "priority", "url", "engaged_at"} <= lead.given


def test_null_and_blank_text_say_that_there_is_none() -> None:
    lead = parse(body({"external_id": "crm-1", "name": None, "company": "  ", "priority": None}))
    assert (lead.name, lead.company) == (None, None)
    assert {"name", "company"} <= lead.given
    assert "priority" not in lead.given


def test_a_key_that_is_none_of_ours_is_kept_among_the_fields() -> None:
    lead = parse(body({"external_id": "crm-1", "employees": 120, "fields": {"plan": "pro"}}))
    assert lead.fields == {"employees": "120", "plan": "pro"}
    assert "fields" in lead.given


def test_the_same_key_twice_with_two_values_is_refused() -> None:
    found = problems(body({"external_id": "crm-1", "plan": "free", "fields": {"plan": "pro"}}))
    assert "different values" in found["data.plan"]


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({}, "data.external_id", "Is missing"),
        ({"external_id": ""}, "data.external_id", "id of the lead in your system"),
        ({"external_id": 7}, "data.external_id", "not a number"),
        ({"external_id": "x" * 201}, "data.external_id", "at most 200"),
        ({"external_id": "a\u0000b"}, "data.external_id", "control character"),
        ({"external_id": "a", "name": "\ud800"}, "data.name", "surrogate"),
        ({"external_id": "a", "email": "nobody"}, "data.email", "ada@example.com"),
        ({"external_id": "a", "email": "a@b@c.de"}, "data.email", "e-mail"),
        ({"external_id": "a", "summary": "x" * 2001}, "data.summary", "at most 2000"),
        ({"external_id": "a", "score": "71"}, "data.score", "without quotes"),
        ({"external_id": "a", "score": 1e300}, "data.score", "between"),
        ({"external_id": "a", "score": True}, "data.score", "true or false"),
        ({"external_id": "a", "touches": -1}, "data.touches", "whole number"),
        ({"external_id": "a", "touches": 1.5}, "data.touches", "whole number"),
        ({"external_id": "a", "touches": 1_000_001}, "data.touches", "1000000"),
        ({"external_id": "a", "engaged_at": "yesterday"}, "data.engaged_at", "ISO 8601"),
        ({"external_id": "a", "engaged_at": "2026-03-01T10:00:00"}, "data.engaged_at", "zone"),
        ({"external_id": "a", "engaged_at": "2026-02-30T10:00:00Z"}, "data.engaged_at", "exists"),
        ({"external_id": "a", "engaged_at": "0001-01-01T00:00:00+14:00"}, "data.engaged_at", "exists"),
        ({"external_id": "a", "engaged_at": "1970-01-01T00:00:00Z"}, "data.engaged_at", "2000"),
        ({"external_id": "a", "engaged_at": "2026-03-04T00:00:00Z"}, "data.engaged_at", "future"),
        ({"external_id": "a", "priority": "urgent"}, "data.priority", "hot, warm or cold"),
        ({"external_id": "a", "url": "http://crm.example.com/"}, "data.url", "https"),
        ({"external_id": "a", "url": "https://user@crm.example.com/"}, "data.url", "https"),
        ({"external_id": "a", "url": "https://[::1"}, "data.url", "https"),
        ({"external_id": "a", "fields": []}, "data.fields", "not a list"),
        ({"external_id": "a", "fields": {"a": {}}}, "data.fields", "not an object"),
        ({"external_id": "a", "fields": {"a": "x" * 1001}}, "data.fields", "at most 1000"),
        ({"external_id": "a", "fields": {"k" * 101: 1}}, "data.fields", "1 to 100"),
        ({"external_id": "a", "fields": {str(n): n for n in range(51)}}, "data.fields", "at most 50"),
        ({"external_id": "a", "nested": {"b": 1}}, "data.nested", "not an object"),
        ([], "data", "Must be an object"),
    ],
)
def test_what_is_wrong_is_named_with_how_to_mend_it(data: Any, field: str, said: str) -> None:
    assert said in problems(body(data))[field]


def test_every_mistake_is_named_at_once() -> None:
    found = problems(body({"email": "nobody", "touches": -1}))
    assert set(found) == {"data.external_id", "data.email", "data.touches"}


@pytest.mark.parametrize(
    ("envelope", "field", "said"),
    [
        ({"type": "lead.deleted"}, "type", "lead.ready"),
        ({"type": "\ud800"}, "type", "lead.ready"),
        ({"type": 7}, "type", "lead.ready"),
        ({"timestamp": 1_700_000_000}, "timestamp", "ISO 8601"),
        ({"timestamp": "2027-01-01T00:00:00Z"}, "timestamp", "future"),
        ({"email": "ada@example.com"}, "email", "Put it into data"),
    ],
)
def test_the_envelope_is_checked_too(envelope: dict[str, Any], field: str, said: str) -> None:
    assert said in problems(body(**envelope))[field]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b"\xff{}", "not UTF-8"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":' + b"9" * 5000 + b"}", "digits"),
        (b'{"a":1,"a":2}', '"a" stands twice'),
        (b'{"\\ud800":1}', "surrogate"),
        (b"[" * 100_000, "levels deep"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "levels deep"),
    ],
)
def test_what_is_no_json_object_is_malformed(raw: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        parse(raw)


def test_32_levels_are_read() -> None:
    assert "type" in problems(b'{"data":' * 32 + b"1" + b"}" * 32)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(sorted(LeadData.model_fields)) | st.text(max_size=8)
LONE = st.text(st.characters(categories=["Cs", "Cc", "L"]), max_size=5)


@settings(max_examples=500)
@given(
    data=st.dictionaries(names, json_values | LONE, max_size=8),
    envelope=st.dictionaries(st.sampled_from(["type", "timestamp", "data", "x"]), json_values | LONE, max_size=2),
)
def test_no_json_whatever_raises_anything_else(data: dict[str, Any], envelope: dict[str, Any]) -> None:
    try:
        lead = parse(body(**{"data": {"external_id": "a"} | data} | envelope))
    except (InvalidLead, Malformed):
        return
    assert lead.external_id


@settings(max_examples=500)
@given(st.binary(max_size=100))
def test_no_bytes_whatever_raise_anything_else(raw: bytes) -> None:
    with pytest.raises((Malformed, InvalidLead)):
        parse(raw)
