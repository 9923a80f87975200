"""Faults: what Slack and the network do on a bad day, as often as asked and no more."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.sandbox.slack_driver import ADA, POOL, Slack, actions, button


async def _texts(slack: Slack) -> list[str]:
    return [message["text"] for message in (await slack.screen(ADA, POOL))["messages"]]


async def test_a_rate_limit_says_how_long_and_ends(slack: Slack) -> None:
    await slack.post("faults", {"kind": "rate_limit", "method": "chat.postMessage", "times": 2, "retry_after": 7})
    answers = [await slack.call("chat.postMessage", channel=POOL, text=str(number)) for number in range(3)]
    assert [(answer["status"], answer["retry_after"]) for answer in answers] == [(429, "7"), (429, "7"), (200, None)]
    assert await _texts(slack) == ["2"]


async def test_a_fault_hits_only_what_it_names(slack: Slack) -> None:
    await slack.post("faults", {"kind": "error", "error": "token_revoked", "channel": POOL, "times": None})
    assert (await slack.call("chat.postMessage", channel=ADA, text="x"))["ok"]
    for _ in range(2):
        assert (await slack.call("chat.postMessage", channel=POOL, text="x"))["error"] == "token_revoked"
    status, answer = await slack.ask("DELETE", "faults")
    assert (status, answer) == (200, {"faults": []})
    assert (await slack.call("chat.postMessage", channel=POOL, text="x"))["ok"]


async def test_a_server_error_does_nothing(slack: Slack) -> None:
    await slack.post("faults", {"kind": "http_500", "status": 503})
    assert (await slack.call("chat.postMessage", channel=POOL, text="x"))["status"] == 503
    assert await _texts(slack) == []


@pytest.mark.parametrize(("kind", "arrived"), [("cut_after_accept", ["x"]), ("cut_before", [])])
async def test_a_cut_connection_hides_whether_the_post_arrived(slack: Slack, kind: str, arrived: list[str]) -> None:
    await slack.post("faults", {"kind": kind, "method": "chat.postMessage"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await slack.bot.chat_postMessage(channel=POOL, text="x")
    assert await _texts(slack) == arrived
    assert (await slack.log("call"))[-1]["fault"] == kind


@pytest.mark.parametrize(("effect", "arrived"), [(True, ["x"]), (False, [])])
async def test_a_hanging_call_is_answered_too_late_or_never(slack: Slack, effect: bool, arrived: list[str]) -> None:
    await slack.post("faults", {"kind": "hang", "seconds": 0.3, "effect": effect})
    slack.bot.timeout = 0.05  # type: ignore[assignment]
    with pytest.raises(TimeoutError):
        await slack.bot.chat_postMessage(channel=POOL, text="x")
    assert await _texts(slack) == arrived


async def test_history_can_lag_behind_posting(slack: Slack) -> None:
    await slack.bot.chat_postMessage(channel=POOL, text="before")
    await slack.post("faults", {"kind": "hide_history", "channel": POOL})
    await slack.bot.chat_postMessage(channel=POOL, text="after")
    history = await slack.bot.conversations_history(channel=POOL)
    assert [message["text"] for message in history["messages"]] == ["before"]
    assert await _texts(slack) == ["before", "after"]
    await slack.ask("DELETE", "faults")
    assert len((await slack.bot.conversations_history(channel=POOL))["messages"]) == 2


async def test_a_lost_ack_is_an_error_for_the_person_although_the_app_answered(slack: Slack) -> None:
    async with slack.bolt():
        ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("a"))]))["ts"]
        await slack.post("faults", [{"kind": "lose_ack", "type": "block_actions"}])
        answer = await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="a")
    assert (answer["acked"], answer["error"]) == (False, "operation_timeout")
    assert "did not respond in time" in (await slack.screen(ADA, POOL))["errors"][0]


async def test_a_response_url_fails_on_request_too(slack: Slack) -> None:
    async with slack.bolt():
        ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("a"))]))["ts"]
        await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="a")
        url = (await slack.log("delivery"))[-1]["payload"]["response_url"]
    await slack.post("faults", {"kind": "http_500", "method": "response_url"})
    async with slack.http.post(url, json={"text": "x"}) as answer:
        assert answer.status == 500
    assert await _texts(slack) == ["x"]


@pytest.mark.parametrize(
    "rule", [{"kind": "nonsense"}, {"kind": "error", "colour": 1}, {"kind": "disconnect", "reason": "boredom"}, "x"]
)
async def test_an_unknown_fault_is_refused_with_a_sentence(slack: Slack, rule: Any) -> None:
    status, answer = await slack.ask("POST", "faults", [rule])
    assert status == 400
    assert answer["error"]
    assert (await slack.get("faults"))["faults"] == []
