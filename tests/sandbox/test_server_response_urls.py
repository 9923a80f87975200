"""A response_url answers privately, five times within half an hour, and can replace or delete its message."""

from __future__ import annotations

from typing import Any

from tests.sandbox.slack_driver import ADA, BEN, ELSEWHERE, POOL, Slack, actions, button


async def _clicked(slack: Slack, ts: str, action_id: str = "accept") -> str:
    """The response_url of a click of Ada."""
    await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id=action_id)
    url: str = (await slack.log("delivery"))[-1]["payload"]["response_url"]
    return url


async def _card(slack: Slack) -> str:
    blocks = [actions(button("accept"))]
    return str((await slack.bot.chat_postMessage(channel=POOL, text="card", blocks=blocks))["ts"])


async def _respond(slack: Slack, url: str, **body: Any) -> tuple[int, str]:
    async with slack.http.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def test_an_answer_is_private_unless_it_says_otherwise(slack: Slack) -> None:
    async with slack.bolt():
        url = await _clicked(slack, await _card(slack))
    assert await _respond(slack, url, text="only you") == (200, "ok")
    assert await _respond(slack, url, text="all of you", response_type="in_channel") == (200, "ok")
    assert [message["text"] for message in (await slack.screen(ADA, POOL))["messages"]] == [
        "card",
        "only you",
        "all of you",
    ]
    assert [message["text"] for message in (await slack.screen(BEN, POOL))["messages"]] == ["card", "all of you"]


async def test_an_answer_can_replace_or_delete_the_message_it_came_from(slack: Slack) -> None:
    async with slack.bolt():
        ts = await _card(slack)
        url = await _clicked(slack, ts)
    await _respond(slack, url, text="taken", replace_original="true")
    (message,) = (await slack.screen(BEN, POOL))["messages"]
    assert (message["ts"], message["text"], message["blocks"]) == (ts, "taken", [])
    await _respond(slack, url, delete_original=True)
    assert (await slack.screen(BEN, POOL))["messages"] == []


async def test_an_ephemeral_message_is_changed_through_its_own_response_url(slack: Slack) -> None:
    async with slack.bolt():
        blocks = [actions(button("more"))]
        ephemeral = await slack.bot.chat_postEphemeral(channel=POOL, user=ADA, text="psst", blocks=blocks)
        url = await _clicked(slack, ephemeral["message_ts"], "more")
        payload = (await slack.log("delivery"))[-1]["payload"]
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    await _respond(slack, url, text="more psst", replace_original=True)
    assert [message["text"] for message in (await slack.screen(ADA, POOL))["messages"]] == ["more psst"]


async def test_five_answers_within_half_an_hour_by_the_clock(slack: Slack) -> None:
    async with slack.bolt():
        ts = await _card(slack)
        used, old = await _clicked(slack, ts), await _clicked(slack, ts)
        statuses = [(await _respond(slack, used, text=str(number)))[0] for number in range(6)]
        assert statuses == [200] * 5 + [404]
        await slack.post("clock", {"advance_s": 30 * 60 + 1})
    assert await _respond(slack, old, text="too late") == (404, "expired_url")


async def test_it_works_where_the_app_is_not(slack: Slack) -> None:
    async with slack.bolt():
        await slack.act(ADA, "command", place=ELSEWHERE, command="/lockstep", text="")
        url = (await slack.log("delivery"))[-1]["payload"]["response_url"]
    assert await _respond(slack, url, text="hello") == (200, "ok")
    assert [message["text"] for message in (await slack.screen(ADA, ELSEWHERE))["messages"]] == ["hello"]


async def test_what_is_no_message_is_refused_and_not_counted(slack: Slack) -> None:
    async with slack.bolt():
        url = await _clicked(slack, await _card(slack))
    assert (await _respond(slack, url))[1] == "no_text"
    assert (await _respond(slack, url, text="x", blocks=[{"type": "nonsense"}]))[1] == "invalid_blocks"
    assert [(await _respond(slack, url, text="x"))[0] for _ in range(5)] == [200] * 5
