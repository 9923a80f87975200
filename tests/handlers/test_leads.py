"""The lead webhook: what is answered 2xx is on disk, and everything else changes nothing."""

from __future__ import annotations

import asyncio
import io
import json
import random
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope

from bot.domain import signature
from bot.errors import StorageUnavailable
from handlers.in_flight import InFlight
from handlers.leads import LeadWebhook
from storage.database import Database
from tests.handlers.office import REAL_NOW, SECRET, Office

OTHER = "whsec_" + "B" * 43 + "="
LEAD = {"external_id": "1", "name": "Ada", "email": "ada@example.com"}


def assert_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert {"type", "title", "detail"} <= found.keys()
    return found


async def leads(office: Office) -> int:
    found = await office.world.db.read(lambda tx: tx.leads.by_email("ada@example.com"))
    return len(found)


async def test_a_lead_is_stored_and_offered_before_it_is_answered(office: Office) -> None:
    answer = await office.post_lead(LEAD)
    assert answer.status_code == 202
    assert answer.json()["status"] == "offered"
    lead = await office.world.lead(answer.json()["lead_id"])
    assert (lead.name, lead.source, lead.external_id) == ("Ada", "crm", "1")
    assert (await office.world.handoff(answer.json()["handoff_id"])).is_open


async def test_a_delivery_already_seen_changes_nothing_and_gets_the_same_answer(office: Office) -> None:
    first = await office.post_lead(LEAD)
    again = await office.post_lead(LEAD)
    assert (again.status_code, again.json()) == (200, first.json())
    assert await leads(office) == 1


async def test_a_person_who_comes_back_is_a_touch(office: Office) -> None:
    first = await office.post_lead(LEAD)
    back = await office.post_lead({**LEAD, "external_id": "2"}, delivery="msg_2")
    assert (back.status_code, back.json()["status"]) == (202, "touch")
    assert back.json()["lead_id"] == first.json()["lead_id"]


async def test_unknown_source_and_wrong_signature_look_alike(office: Office) -> None:
    unknown = await office.post_lead(LEAD, source="nobody")
    forged = await office.post_lead(LEAD, secret=OTHER)
    assert assert_problem(unknown, 401) == assert_problem(forged, 401)
    assert unknown.headers == forged.headers
    assert await leads(office) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": ""},
        {"webhook-timestamp": str(REAL_NOW - 301)},
        {"webhook-timestamp": "nan"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
    ],
)
async def test_what_is_not_signed_as_sent_is_refused(office: Office, change: dict[str, str]) -> None:
    request = (await office.post_lead(LEAD)).request
    headers = {**request.headers, "webhook-id": "msg_2", **change}
    assert_problem(await office.client.post(request.url, content=request.content, headers=headers), 401)


async def test_a_body_over_one_mebibyte_is_refused(office: Office) -> None:
    assert_problem(await office.post_body(b" " * (1024 * 1024 + 1)), 413)


async def test_only_json_is_read(office: Office) -> None:
    assert_problem(await office.post_body(b"a=1", content_type="application/x-www-form-urlencoded"), 415)
    fine = json.dumps({"type": "lead.ready", "timestamp": "2026-03-02T09:00:00Z", "data": LEAD}).encode()
    taken = await office.post_body(fine, content_type="Application/JSON; charset=utf-8")
    assert taken.status_code == 202


async def test_other_methods_and_addresses_are_named_as_such(office: Office) -> None:
    refused = await office.client.get("/webhooks/leads/crm")
    assert_problem(refused, 405)
    assert refused.headers["allow"] == "POST"
    assert_problem(await office.client.post("/webhooks/other/crm"), 404)


async def test_what_is_no_lead_is_named_field_by_field(office: Office) -> None:
    assert_problem(await office.post_body(b"{"), 400)
    found = assert_problem(await office.post_lead({"email": "x", "score": "high"}), 422)
    assert [error["field"] for error in found["errors"]] == ["data.external_id", "data.email", "data.score"]


async def test_a_refused_delivery_can_be_sent_again_mended(office: Office) -> None:
    assert_problem(await office.post_lead({"email": "x"}), 422)
    assert (await office.post_lead(LEAD)).status_code == 202


async def test_when_it_cannot_be_stored_the_sender_is_asked_to_come_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_: Any) -> None:
        raise StorageUnavailable("The disk is full.")

    monkeypatch.setattr(Database, "run", unreachable)
    answer = await office.post_lead(LEAD)
    assert_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0


def hostile(chance: random.Random, fine: bytes) -> bytes:
    """A body as an attacker or a broken sender makes it: cut, flipped, doubled, or of odd values."""
    odd: list[Any] = [None, True, -1, 1e308, 10**30, "", "\x00", "\ud800", "x" * 5000, [], {}, [[]] * 9, "2026-13-01"]
    match chance.randrange(6):
        case 0:
            return fine[: chance.randrange(len(fine))]
        case 1:
            flipped = bytearray(fine)
            flipped[chance.randrange(len(fine))] = chance.randrange(256)
            return bytes(flipped)
        case 2:
            return chance.randbytes(chance.randrange(200))
        case 3:
            return chance.choice([b"[", b'{"a":']) * chance.randrange(1, 100_000)
        case 4:
            lead = json.loads(fine)
            lead["data"][chance.choice([*lead["data"], "more"])] = chance.choice(odd)
            lead["data"]["external_id"] = chance.choice(odd)
            return json.dumps(lead).encode()
        case _:
            lead = json.loads(fine)
            lead[chance.choice(["type", "timestamp", "data", "more"])] = chance.choice(odd)
            return json.dumps(lead).encode()


async def test_no_hostile_body_gives_a_5xx_or_leaves_a_row(office: Office) -> None:
    chance = random.Random(7)
    lead = {**LEAD, "score": 1, "touches": 1, "fields": {"a": "b"}, "engaged_at": "2026-03-01T09:00:00Z"}
    fine = json.dumps({"type": "lead.ready", "timestamp": "2026-03-02T09:00:00Z", "data": lead}).encode()
    statuses = set()
    for number in range(500):
        body = hostile(chance, fine)
        answer = await office.post_body(body, delivery=f"msg_{number}")
        if answer.status_code == 202:
            # A flipped letter may still be a lead; then it is that lead and no other.
            assert json.loads(body)["data"]["external_id"]
            continue
        statuses.add(answer.status_code)
        assert_problem(answer, answer.status_code)
    assert statuses == {400, 422}


def webhook_of(office: Office, places: int) -> LeadWebhook:
    return LeadWebhook(
        office.world.db,
        in_flight=InFlight(places, working=office.tasks.working),
        now=office.world.clock.now,
        real_now=lambda: REAL_NOW,
    )


async def test_more_deliveries_than_fit_are_asked_to_come_again(office: Office) -> None:
    transport = httpx.ASGITransport(Starlette(routes=[webhook_of(office, 0).route()]))
    async with httpx.AsyncClient(transport=transport, base_url="http://lockstep") as client:
        office.client = client
        answer = await office.post_lead(LEAD)
    assert_problem(answer, 503)
    assert answer.headers["retry-after"] == "1"


async def status_of(webhook: LeadWebhook, headers: dict[str, str], receive: Receive) -> int:
    scope: Scope = {
        "type": "http", "method": "POST", "path": "/webhooks/leads/crm", "query_string": b"", "scheme": "http",
        "server": ("lockstep", 80), "root_path": "", "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await Starlette(routes=[webhook.route()])(scope, receive, send)
    return int(sent[0]["status"])


SIGNED = {
    "webhook-id": "msg_1",
    "webhook-timestamp": str(REAL_NOW),
    "webhook-signature": signature.sign(SECRET, message_id="msg_1", timestamp=REAL_NOW, body=b"{}"),
    "content-type": "application/json",
}


@pytest.mark.parametrize(
    "headers",
    [{}, SIGNED | {"webhook-timestamp": str(REAL_NOW - 301)}, SIGNED | {"webhook-signature": "v2,x"}],
    ids=["none", "old", "no signature"],
)
async def test_without_the_headers_of_a_signed_delivery_the_body_is_not_even_read(
    office: Office, headers: dict[str, str]
) -> None:
    async def receive() -> Message:
        raise AssertionError("read")

    assert await status_of(webhook_of(office, 1), headers, receive) == 401


async def test_who_sends_slowly_holds_no_place(office: Office) -> None:
    """The headers of a signed delivery are easily made up."""
    webhook = webhook_of(office, 1)
    begun, never = asyncio.Semaphore(0), asyncio.Event()

    async def slowly() -> Message:
        begun.release()
        await never.wait()
        return {"type": "http.disconnect"}

    async def at_once() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    slow = [asyncio.create_task(status_of(webhook, SIGNED, slowly)) for _ in range(3)]
    for _ in slow:
        await begun.acquire()
    assert await status_of(webhook, SIGNED, at_once) == 422
    never.set()
    assert await asyncio.gather(*slow) == [408] * 3


async def test_nothing_of_a_lead_reaches_the_log(office: Office, logged: io.StringIO) -> None:
    canary = {"external_id": "id-canary", "name": "Canary Name", "email": "canary@example.com", "phone": "+14155552671"}
    await office.post_lead(canary)
    await office.post_lead({**canary, "url": "canary", "Canary Key": []}, delivery="msg_2")
    await office.post_lead(canary, secret=OTHER)
    assert "lead_taken" in logged.getvalue()
    for word in ("canary", "4155552671", "whsec_", "v1,"):
        assert word not in logged.getvalue().lower()
