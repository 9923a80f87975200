"""What nobody should send: webhook bodies and Slack requests that lie, by seed."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from bot.demo import company, programs
from bot.domain.signature import sign
from bot.views.ids import ActionId, BlockId, CallbackId

Json = dict[str, Any]
TEAM = "T0LOCKSTEP"
STRANGER = "U0STRANGER"
WEBHOOK = f"/webhooks/leads/{company.SOURCE}"
SLACK = "/slack/events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. `what` says how it lies."""

    what: str
    path: str
    body: bytes
    headers: dict[str, str]
    method: str = "POST"


# -- values ------------------------------------------------------------------------------------------------------
def nested(levels: int) -> Any:
    """Lists in lists."""
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "x" * 20_000, "\x00", "\ud800", "\u202egnitset", "<!channel>",
    "<@U012345>", "*_~`", "' OR 1=1 --", "../../etc/passwd", "${jndi:ldap://example.com}", "{{7*7}}", "%s%n", "null",
    "\r\nX: y", "🦄" * 300, [], {}, [None], [[]], {"": ""}, {"id": None}, {"id": []}, {"id": "x" * 400}, {"type": 5},
    nested(20), ["a"] * 500, {str(number): number for number in range(200)}, "00000000-0000-0000-0000-000000000000.1",
    "details:00000000-0000-0000-0000-000000000000", "needs:99999999999999999999", "C" * 40, "2026-13-45", "-" * 64,
)  # fmt: skip


def mutated(chance: random.Random, value: Any) -> Any:
    """A copy with one to three things in it that are not as they should be."""
    found = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        holders = list(_holders(found))
        if not holders:
            return chance.choice(ODD)
        holder = chance.choice(holders)
        key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        match chance.randrange(4):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[str(chance.choice(ODD))[:50]] = chance.choice(ODD)
            case _:
                holder[key] = copy.deepcopy(chance.choice(ODD))
    return found


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and value:
        yield value
        for inner in value.values():
            yield from _holders(inner)
    elif isinstance(value, list) and value:
        yield value
        for inner in value:
            yield from _holders(inner)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


# -- webhooks ----------------------------------------------------------------------------------------------------
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


def webhooks(seed: int, count: int) -> Iterator[Request]:
    """`count` deliveries of which none may be taken."""
    chance = random.Random(seed)
    ways: list[Callable[[random.Random], Request]] = [_unsigned, _garbage, _garbage, _no_lead, _no_lead, _elsewhere]
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
    return _json({"type": "lead.ready", "timestamp": "2026-03-02T09:00:00Z", "data": LEAD} | changes)


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
        whole[: chance.randrange(len(whole))], whole + b"x", _json(nested(200)), b"[" * 100_000, b'{"a":' * 5000,
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


def _elsewhere(chance: random.Random) -> Request:
    sources = ["nobody", "..", ".", "%00", "website%2f..", "é", "x" * 3000, "%ff", "website ", "WEBSITE", "'", "%0d%0a"]
    paths = [f"/webhooks/leads/{quote(source, safe='%.')}" for source in sources]
    paths += ["/webhooks/leads/", "/webhooks/leads", "/webhooks", "/webhooks/leads/website/more", "//", "/metrics/x"]
    if chance.random() < 0.3:
        method = chance.choice(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
        return _signed(_message(), "another method", method=method)
    return _signed(_message(), "an address that is nobody's", path=chance.choice(paths))


# -- Slack -------------------------------------------------------------------------------------------------------
def _user(by: str) -> Json:
    return {"id": by, "username": "x", "name": "x", "team_id": TEAM}


def _action(chance: random.Random) -> Json:
    action_id = str(chance.choice(list(ActionId)))
    kind = chance.choice(["button", "overflow", "static_select", "users_select", "datepicker", "plain_text_input"])
    action: Json = {"type": kind, "action_id": action_id, "block_id": "b", "action_ts": "1.1", "value": "x.1"}
    if kind in ("overflow", "static_select"):
        action["selected_option"] = {"text": {"type": "plain_text", "text": "x"}, "value": chance.choice(ODD)}
    return action


def _view(chance: random.Random) -> Json:
    blocks = [str(block) for block in BlockId]
    return {
        "id": "V0EVIL", "team_id": TEAM, "type": chance.choice(["modal", "home"]), "hash": "1.1",
        "callback_id": str(chance.choice(list(CallbackId))), "private_metadata": chance.choice(
            ["", "{}", '{"handoff_id":"00000000-0000-0000-0000-000000000000","version":1,"reason":null}', "[" * 900]
        ),
        "title": {"type": "plain_text", "text": "x"},
        "blocks": [
            {"type": "input", "block_id": block, "label": {"type": "plain_text", "text": "x"},
             "element": {"type": "plain_text_input", "action_id": "answer"}}
            for block in blocks
        ],
        "state": {
            "values": {block: {"answer": {"type": "plain_text_input", "value": "yesterday"}} for block in blocks}
        },
    }  # fmt: skip


def payload(chance: random.Random, by: str) -> Json:
    """Something Slack could send for `by`, about nothing that exists."""
    base: Json = {"team": {"id": TEAM, "domain": "x"}, "user": _user(by), "api_app_id": "A0EVIL", "token": "x"}
    base |= {"trigger_id": "1.2.x", "response_url": "http://127.0.0.1:9/actions/1/2/3"}
    match chance.choice(["click", "click", "form", "form", "command", "event", "event", "other"]):
        case "click":
            click = base | {"type": "block_actions", "actions": [_action(chance)]}
            if chance.random() < 0.5:
                channel = {"id": "C0EVIL", "name": "x"}
                return click | {"channel": channel, "message": {"ts": "1.1"}, "container": {"type": "message"}}
            return click | {"view": _view(chance), "container": {"type": "view"}}
        case "form":
            return base | {"type": "view_submission", "view": _view(chance)}
        case "command":
            return {
                "command": "/lockstep", "text": str(chance.choice(ODD)), "user_id": by, "team_id": TEAM,
                "channel_id": "C0EVIL", "trigger_id": "1.2.x", "response_url": "http://127.0.0.1:9/commands/1/2/3",
            }  # fmt: skip
        case "event":
            return _event(chance, by)
        case _:
            kinds = ["shortcut", "message_action", "view_closed", "block_suggestion", "interactive_message", "x"]
            return base | {"type": chance.choice(kinds), "callback_id": "x", "view": _view(chance), "action_id": "x"}


def _event(chance: random.Random, by: str) -> Json:
    user = {"id": by, "team_id": TEAM, "name": "x", "profile": {"email": "rep0@example.com", "real_name": "x"}}
    events: list[Json] = [
        {"type": "app_home_opened", "user": by, "tab": "home", "view": {"private_metadata": str(chance.choice(ODD))}},
        {"type": "user_change", "user": user},
        {"type": "team_join", "user": user},
        {"type": "message", "text": "x", "channel": "C0EVIL"},
    ]
    return {
        "type": "event_callback", "team_id": TEAM, "event_id": f"Ev{chance.getrandbits(60):x}", "event_time": 1,
        "event": chance.choice(events), "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
    }  # fmt: skip


def payloads(seed: int, count: int, people: list[str]) -> Iterator[Json]:
    """`count` payloads as Slack would vouch for them, each with something in it that is not as it should be."""
    chance = random.Random(seed)
    for _ in range(count):
        found = mutated(chance, payload(chance, chance.choice([*people, STRANGER])))
        yield found if isinstance(found, dict) else {"type": found}


def slack_requests(seed: int, count: int, people: list[str]) -> Iterator[Request]:
    """`count` requests to Slack's address: unsigned, badly signed, and signed with payloads that lie."""
    chance = random.Random(seed)
    for found in payloads(seed, count, people):
        body, kind = _posted(chance, found)
        match chance.randrange(4):
            case 0:
                yield _badly_signed(chance, body, kind)
            case 1:
                raw = chance.choice([
                    b"", b"payload={not", b"payload=", b"payload=[]", b"payload=null", b"ssl_check=1", b"&" * 5000,
                    b"payload=" + b"%5B" * 20_000, b"[" * 50_000, chance.randbytes(500), b'{"type":"url_verification"}',
                    b'{"type":"url_verification","challenge":[]}', b"payload=%ff", b"command=", b"a" * 262_145,
                ])  # fmt: skip
                yield _by_slack(raw, chance.choice(["application/json", "application/x-www-form-urlencoded", "", "x"]))
            case _:
                yield _by_slack(body, kind)


def _posted(chance: random.Random, found: Json) -> tuple[bytes, str]:
    """As Slack posts it: events as JSON, commands as a form, everything else as a form with JSON in it."""
    form = "application/x-www-form-urlencoded"
    if found.get("type") == "event_callback" or chance.random() < 0.1:
        return _json(found), "application/json"
    if "command" in found:
        texts = {str(key): str(value) for key, value in found.items()}
        return urlencode(texts, errors="replace").encode(), form
    return b"payload=" + quote(json.dumps(found)).encode(), form


def _by_slack(body: bytes, kind: str) -> Request:
    stamp = str(int(time.time()))
    digest = hmac.new(programs.SIGNING_SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    headers = {
        "content-type": kind,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest.hexdigest()}",
    }
    return Request(what="signed by Slack", path=SLACK, body=body, headers=headers)


def _badly_signed(chance: random.Random, body: bytes, kind: str) -> Request:
    headers = dict(_by_slack(body, kind).headers)
    name = chance.choice(["x-slack-request-timestamp", "x-slack-signature"])
    wrong = ["", "nan", "9" * 5000, "v0=", "v0=" + "0" * 64, "v0=é", "-1", "0", "1e9", str(int(time.time()) - 400)]
    if chance.random() < 0.2:
        del headers[name]
    else:
        headers[name] = chance.choice(wrong).encode().decode("latin-1")
    return Request(what="not signed by Slack", path=SLACK, body=body, headers=headers)
