"""Signed payloads of the oddest kind: 200 with a sentence, or 400 for what is no payload; never 5xx."""

from __future__ import annotations

import copy
import json
import random
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.handlers.office import Office
from tests.handlers.wire import TEAM
from tests.services.world import JONAS

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "\x00",
    "\ud800",
    "x" * 20_000,
    [],
    {},
    [None],
    {"id": []},
    [[[]]],
    "T1",
]

COMMAND = {"command": "/lockstep", "text": "help", "user_id": JONAS, "team_id": TEAM, "trigger_id": "1.2.abc"}


def samples(office: Office) -> list[dict[str, Any]]:
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "reject.submit",
        "private_metadata": '{"handoff_id":"h","version":1,"reason":null}',
        "blocks": [{"type": "input", "block_id": "reason", "label": {}, "element": {}}],
        "state": {"values": {"reason": {"answer": {"type": "plain_text_input", "value": "x"}}}},
    }
    person = {"user": {"id": JONAS, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": "1.2.abc"}
    return [
        office.click_payload(JONAS, "handoff.accept", "h.1"),
        office.click_payload(JONAS, "reject.reason", "other", view=view),
        {"type": "view_submission", **person, "view": view},
        {"type": "view_closed", **person, "view": view, "is_cleared": False},
        {"type": "shortcut", **person, "callback_id": "x", "action_ts": "1"},
        {"type": "message_action", **person, "callback_id": "x", "message": {"ts": "1"}, "channel": {"id": "C1"}},
        {"type": "block_suggestion", **person, "action_id": "a", "block_id": "b", "value": "x", "view": view},
        {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": "Ev1",
            "event": {"type": "user_change", "user": {"id": JONAS, "profile": {"email": "x"}}},
        },
        {"type": "nothing_we_know", **person},
    ]


def spoiled(payload: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The payload with one to three of its values, at any depth, made odd or gone."""
    found = copy.deepcopy(payload)
    for _ in range(chance.randint(1, 3)):
        at: Any = found
        while True:
            key = chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
            inner = at[key]
            if not inner or not isinstance(inner, dict | list) or chance.random() < 0.3:
                break
            at = inner
        if isinstance(at, dict) and chance.random() < 0.2:
            del at[key]
        else:
            at[key] = copy.deepcopy(chance.choice(ODD))
        if not found:
            break
    return found


@pytest.mark.parametrize("kind", range(9))
async def test_no_signed_payload_whatever_gives_a_5xx(office: Office, kind: int) -> None:
    chance = random.Random(kind)
    payload = samples(office)[kind]
    for _ in range(60):
        odd = spoiled(payload, chance)
        if "event" in payload:
            answer = await office.post_slack(json.dumps(odd).encode(), "application/json")
        else:
            answer = await office.interact(odd)
        assert answer.status_code in (200, 400)


async def test_every_kind_of_payload_is_acknowledged(office: Office) -> None:
    for payload in samples(office):
        answer = await office.interact(payload)
        assert answer.status_code == 200, payload["type"]


@pytest.mark.parametrize("name", sorted(COMMAND))
@pytest.mark.parametrize("odd", ["", "\x00", "x" * 20_000, None])
async def test_no_slash_command_whatever_gives_a_5xx(office: Office, name: str, odd: str | None) -> None:
    fields = {key: value for key, value in {**COMMAND, name: odd}.items() if value is not None}
    answer = await office.post_slack(urlencode(fields).encode(), "application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff", "application/json"),
        (b"[]", "application/json"),
        (b"payload=" + b"%5B" * 50_000, "application/x-www-form-urlencoded"),
        (b"payload={not", "application/x-www-form-urlencoded"),
        (b"payload=%FF", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"", ""),
        (b"&".join(b"a%d=1" % n for n in range(500)), "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_no_payload_is_refused(office: Office, body: bytes, content_type: str) -> None:
    assert (await office.post_slack(body, content_type)).status_code == 400


async def test_slack_checks_our_certificate_and_is_answered(office: Office) -> None:
    answer = await office.post_slack(b"ssl_check=1&token=x", "application/x-www-form-urlencoded")
    assert answer.status_code == 200
