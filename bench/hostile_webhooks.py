"""Deliveries to the webhook of leads that lie, by seed."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from bench.hostile_values import ODD, Json, Request, as_json, mutated, nested
from bot.demo import company
from bot.domain.signature import sign

WEBHOOK = f"/webhooks/leads/{company.SOURCE}"

LEAD: Json = {"external_id": "EVIL", "name": "Maria Lopez", "email": "maria@example.com", "score": 80}
REFUSED_VALUES: dict[str, tuple[Any, ...]] = {
    "external_id": (None, "", " ", [], {}, True, "x" * 2000, "a\x00b", "\ud800"),
    "email": ([], {}, 5, True, "no address", "a@b@c", "x" * 2000, "a\x00@example.com"),
    "score": ("many", [], {}, True, "NaN"),
    "touches": ("some", -1, [], {}, 1.5),
    "engaged_at": ("yesterday", 5, [], {}, "2026-13-45T00:00:00Z", "1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z"),
    "priority": ("urgent", 5, [], {}),
    "summary": (["a"], {"a": 1}, "x" * 900_000, "\ud800"),
    "url": (["a"], {"a": 1}, "x" * 9000),
    "fields": ([], "text", 5, {"a": {"b": "c"}}, {str(number): "x" for number in range(200)}, {"": {}}),
}
"""Values no lead may have, by key of `data`."""


REFUSED_NEWS: dict[str, tuple[Json, dict[str, tuple[Any, ...]]]] = {
    "lead.updated": ({"company": "Nord"}, REFUSED_VALUES),
    "lead.activity": (
        {"kind": "call", "by": "rep0@example.com"},
        {
            "kind": (None, "", "shout", 5, [], {}, True),
            "by": (5, [], {}, "x" * 300, "a\x00b", "\ud800"),
            "at": ("yesterday", 5, [], {}, "2026-13-45T00:00:00Z", "9999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        },
    ),
    "lead.stage": (
        {"stage": "lost", "reason": "No budget"},
        {
            "stage": (None, "", "sold", "mql", 5, [], {}, True),
            "reason": (5, [], {}, "x" * 600, "a\x00b"),
            "amount": (-1, "many", "1e9", "NaN", [], {}, True, 10**30, "0x10", "\u0663", 12500),
            "currency": ("euros", "EU", 5, [], {}, "E\x00R", "EUR"),
        },
    ),
    "lead.owner": ({"email": "rep0@example.com"}, {"email": ("Ines", 5, [], {}, True, "a@b@c", "x" * 300)}),
    "lead.erased": ({}, {"email": ("Ines", 5, [], {}, True), "name": ("Maria",), "all": (True,)}),
}
"""By type a right message of it, and values it may not have; an amount and a currency need each other."""
OUR_MARK = "our own mark on something"
"""Taken as our own echo, whatever it says: nothing comes of it."""


def webhooks(seed: int, count: int) -> Iterator[Request]:
    """`count` deliveries of which none may be taken."""
    chance = random.Random(seed)
    ways: list[Callable[[random.Random], Request]] = [
        _unsigned, _garbage, _garbage, _no_lead, _no_lead, _no_news, _no_news, _echo, _elsewhere,
    ]  # fmt: skip
    for _ in range(count):
        yield chance.choice(ways)(chance)


def _signed(
    body: bytes, what: str, *, path: str = WEBHOOK, kind: str = "application/json", method: str = "POST"
) -> Request:
    stamp = int(time.time())
    delivery = hashlib.sha256(body + what.encode()).hexdigest()[:20]
    headers = {
        "content-type": kind,
        "webhook-id": delivery,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(company.SECRET, message_id=delivery, timestamp=stamp, body=body),
    }
    return Request(what=what, path=path, body=body, headers=headers, method=method)


def _message(**changes: Any) -> bytes:
    return as_json({"type": "lead.ready", "timestamp": "2026-03-02T09:00:00Z", "data": LEAD} | changes)


def _unsigned(chance: random.Random) -> Request:
    request = _signed(_message(), "a signature that does not fit")
    headers = dict(request.headers)
    name = chance.choice(["webhook-id", "webhook-timestamp", "webhook-signature"])
    match chance.randrange(5):
        case 0:
            del headers[name]
        case 1:
            stamps = ["nan", "inf", "-1", "1e9", "9" * 5000, "٣", "0", "", str(int(time.time()) - 301), "+1700000000"]
            headers["webhook-timestamp"] = chance.choice(stamps).encode("utf-8").decode("latin-1")
        case 2:
            wrong = ["v1,", "v1,====", "v1a,abc", "v1", "é" * 10, "v1," + "A" * 44, "v1,A " * 200, " ", ",", "v2,AAAA"]
            headers["webhook-signature"] = chance.choice(wrong).encode("utf-8").decode("latin-1")
        case 3:
            headers["webhook-id"] = chance.choice(["", "x" * 5000, "é", "other", "a.b"]).encode().decode("latin-1")
        case _:
            flipped = bytearray(request.body)
            flipped[chance.randrange(len(flipped))] ^= 1
            return Request(what=request.what, path=request.path, body=bytes(flipped), headers=headers)
    return Request(what=request.what, path=request.path, body=request.body, headers=headers)


def _garbage(chance: random.Random) -> Request:
    whole = _message()
    bodies = [
        b"", b"null", b"[]", b"5", b'"text"', b"{", b"}", b"{}", b"\xff\xfe\x00", b"\xef\xbb\xbf" + whole, b"\x00" * 50,
        whole[: chance.randrange(len(whole))], whole + b"x", as_json(nested(200)), b"[" * 100_000, b'{"a":' * 5000,
        b'{"type": NaN}', b'{"type": 1e99999}', b'{"a": ' + b"9" * 5000 + b"}", b'{"a":1,"a":2}',
        chance.randbytes(chance.randrange(1, 3000)), b'{"\\ud800": 1}', b'{"type": "\\ud800"}', b"a=b&c=d",
    ]  # fmt: skip
    if chance.random() < 0.02:
        bodies = [b" " * (1024 * 1024 + 1)]
    kind = chance.choice(["application/json"] * 6 + ["text/plain", "", "application/json; charset=utf-7", "a/b" * 50])
    body = chance.choice(bodies)
    return _signed(body if body != whole else b"{", "signed bytes that are no lead", kind=kind)


def _no_lead(chance: random.Random) -> Request:
    match chance.randrange(4):
        case 0:
            name = chance.choice(list(REFUSED_VALUES))
            data = LEAD | {name: chance.choice(REFUSED_VALUES[name])}
            return _signed(_message(data=data), f"a lead with an impossible {name}")
        case 1:
            key = chance.choice(["type", "timestamp", "data"])
            wrong = [value for value in ODD if not (key == "type" and value == "lead.ready")]
            return _signed(_message(**{key: chance.choice(wrong)}), f"a message with an impossible {key}")
        case 2:
            return _signed(_message(**{chance.choice(["extra", "Data", "__proto__", ""]): 1}), "a key of no message")
        case _:
            data = {key: value for key, value in LEAD.items() if key != "external_id"}
            return _signed(_message(data=data | {"external_ID": "EVIL"}), "a lead without an id")


def _no_news(chance: random.Random) -> Request:
    kind = chance.choice(list(REFUSED_NEWS))
    right, refused = REFUSED_NEWS[kind]
    data = {"external_id": "EVIL"} | right
    match chance.randrange(5):
        case 0:
            envelope = {"type": kind, "data": data, chance.choice(["timestamp", "data"]): chance.choice(ODD)}
            return _signed(_message(**envelope), f"a {kind} with an impossible envelope")
        case 1:
            wrong = chance.choice(REFUSED_VALUES["external_id"])
            return _signed(_message(type=kind, data=data | {"external_id": wrong}), f"a {kind} without an id")
        case 2 if kind != "lead.updated":
            extra = chance.choice(["owner_id", "Kind", "__proto__", "", "fields", "x" * 300])
            return _signed(_message(type=kind, data=data | {extra: 1}), f"a {kind} with a key of another")
        case _:
            name = chance.choice(list(refused))
            return _signed(
                _message(type=kind, data=data | {name: chance.choice(refused[name])}), f"a {kind} with a wrong {name}"
            )


def _echo(chance: random.Random) -> Request:
    kind = chance.choice([*REFUSED_NEWS, "lead.ready", "handoff.accepted", "x", None, 5])
    return _signed(_message(type=kind, data=mutated(chance, LEAD), origin="lockstep"), OUR_MARK)


def _elsewhere(chance: random.Random) -> Request:
    sources = ["nobody", "..", ".", "%00", "website%2f..", "é", "x" * 3000, "%ff", "website ", "WEBSITE", "'", "%0d%0a"]
    paths = [f"/webhooks/leads/{quote(source, safe='%.')}" for source in sources]
    paths += ["/webhooks/leads/", "/webhooks/leads", "/webhooks", "/webhooks/leads/website/more", "//", "/metrics/x"]
    if chance.random() < 0.3:
        method = chance.choice(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
        return _signed(_message(), "another method", method=method)
    return _signed(_message(), "an address that is nobody's", path=chance.choice(paths))
