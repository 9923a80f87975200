"""Requests and payloads Slack never sent, or sent about nothing that exists, by seed."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from bench.hostile_values import ODD, Json, Request, as_json, mutated
from bot.demo import programs
from bot.views.ids import ActionId, BlockId, CallbackId

TEAM = "T0LOCKSTEP"
STRANGER = "U0STRANGER"
SLACK = "/slack/events"


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
        return as_json(found), "application/json"
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
