"""The Web API refuses what Slack refuses, in Slack's words, and keeps what it takes."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.manifest import Manifest
from tests.sandbox.conftest import Start
from tests.sandbox.slack_driver import (
    ADA,
    BEN,
    CLOSED,
    ELSEWHERE,
    GUS,
    OLD,
    POOL,
    SECRET,
    Slack,
    actions,
    button,
    modal,
)

DIVIDER = {"type": "divider"}


async def test_arguments_come_by_query_form_json_or_a_mix(slack: Slack) -> None:
    bearer = {"Authorization": "Bearer xoxb-sandbox-bot"}
    url = f"{slack.url}/api/chat.postMessage"
    async with slack.http.get(url, params={"channel": ADA, "text": "by query", "token": "xoxb-sandbox-bot"}) as got:
        assert (await got.json())["ok"]
    async with slack.http.post(url, data={"channel": ADA, "blocks": '[{"type":"divider"}]'}, headers=bearer) as got:
        assert (await got.json())["message"]["blocks"][0]["type"] == "divider"
    async with slack.http.post(url, params={"channel": ADA}, json={"text": "mixed"}, headers=bearer) as got:
        assert (await got.json())["message"]["text"] == "mixed"
    async with slack.http.post(url, data="{", headers={**bearer, "Content-Type": "application/json"}) as got:
        assert (await got.json())["error"] == "invalid_json"


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("chat.postMessage", None, "not_authed"),
        ("chat.postMessage", "xoxb-of-somebody-else", "invalid_auth"),
        ("chat.postMessage", "xapp-sandbox-app", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-sandbox-bot", "not_allowed_token_type"),
        ("chat.conjure", "xoxb-sandbox-bot", "unknown_method"),
    ],
)
async def test_each_method_takes_its_own_kind_of_token(
    slack: Slack, method: str, token: str | None, error: str
) -> None:
    assert (await slack.call(method, token, channel=POOL, text="hello"))["error"] == error


async def test_a_missing_scope_is_named(start: Start) -> None:
    slack = await start(manifest=Manifest(scopes=frozenset({"commands"})))
    answer = await slack.call("chat.postMessage", channel=POOL, text="hello")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "commands")


async def test_an_email_address_needs_its_own_scope(start: Start) -> None:
    slack = await start(manifest=Manifest(scopes=frozenset({"users:read"})))
    assert "email" not in (await slack.call("users.info", user=ADA))["user"]["profile"]
    assert (await slack.call("users.lookupByEmail", email="ada@example.com"))["error"] == "missing_scope"


@pytest.mark.parametrize(
    ("place", "error"),
    [
        (ELSEWHERE, "not_in_channel"),
        (SECRET, "channel_not_found"),
        (CLOSED, "is_archived"),
        ("C0", "channel_not_found"),
    ],
)
async def test_the_app_posts_only_where_it_is(slack: Slack, place: str, error: str) -> None:
    assert (await slack.call("chat.postMessage", channel=place, text="hello"))["error"] == error


async def test_posting_to_a_person_opens_their_direct_messages(slack: Slack) -> None:
    posted = await slack.bot.chat_postMessage(channel=ADA, text="hello")
    assert posted["channel"] == await slack.dm(ADA)
    assert [message["text"] for message in (await slack.screen(ADA, posted["channel"]))["messages"]] == ["hello"]
    opened = await slack.bot.conversations_open(users=ADA)
    assert opened["channel"]["id"] == posted["channel"]


async def test_people_are_found_by_address_unless_they_left(slack: Slack) -> None:
    assert (await slack.bot.users_lookupByEmail(email="ADA@example.com"))["user"]["id"] == ADA
    assert (await slack.call("users.lookupByEmail", email="old@example.com"))["error"] == "users_not_found"
    assert (await slack.bot.users_info(user=OLD))["user"]["deleted"] is True
    assert (await slack.bot.users_info(user=GUS))["user"]["is_restricted"] is True


async def test_broken_blocks_are_refused_with_the_place_of_the_mistake(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as refused:
        await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("a" * 76))])
    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert "/blocks/0/elements/0/text" in answer["errors"][0]
    validated = await slack.call("blocks.validate", blocks=[{"type": "nonsense"}])
    assert validated["errors"][0]["pointer"] == "/0/type"


async def test_an_update_follows_the_rules_about_blocks_and_owners(slack: Slack) -> None:
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="one", blocks=[DIVIDER]))["ts"]
    kept = await slack.bot.chat_update(channel=POOL, ts=ts, blocks=[DIVIDER, DIVIDER], text="two")
    assert len(kept["message"]["blocks"]) == 2
    assert "edited" not in kept["message"]
    dropped = await slack.bot.chat_update(channel=POOL, ts=ts, text="three")
    assert "blocks" not in dropped["message"]
    assert dropped["message"]["edited"]
    await slack.act(ADA, "message", place=POOL, text="mine")
    mine = (await slack.screen(ADA, POOL))["messages"][-1]["ts"]
    refusals = [
        await slack.call("chat.update", channel=POOL, ts=mine, text="yours"),
        await slack.call("chat.update", channel=POOL, ts="1.000001", text="nothing"),
        await slack.call("chat.update", channel=POOL, ts=ts, text="x" * 4001),
        await slack.call("chat.delete", channel=POOL, ts=mine),
    ]
    assert [refusal["error"] for refusal in refusals] == [
        "cant_update_message",
        "message_not_found",
        "msg_too_long",
        "cant_delete_message",
    ]


async def test_the_record_keeps_every_version_of_a_message(slack: Slack) -> None:
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="one"))["ts"]
    await slack.bot.chat_update(channel=POOL, ts=ts, text="two")
    await slack.bot.chat_delete(channel=POOL, ts=ts)
    (kept,) = (await slack.get(f"record?place={POOL}"))["messages"]
    assert [version["what"] for version in kept["versions"]] == ["posted", "updated", "deleted"]
    assert [version["message"] and version["message"]["text"] for version in kept["versions"]] == ["one", "two", None]
    assert (await slack.screen(ADA, POOL))["messages"] == []


async def test_an_ephemeral_message_is_one_persons_and_leaves_no_history(slack: Slack) -> None:
    ts = (await slack.bot.chat_postEphemeral(channel=POOL, user=ADA, text="psst"))["message_ts"]
    assert [message["ephemeral"] for message in (await slack.screen(ADA, POOL))["messages"]] == [True]
    assert (await slack.screen(BEN, POOL))["messages"] == []
    assert (await slack.bot.conversations_history(channel=POOL))["messages"] == []
    assert (await slack.call("chat.update", channel=POOL, ts=ts, text="x"))["error"] == "message_not_found"
    refusal = await slack.call("chat.postEphemeral", channel=POOL, user=GUS, text="psst")
    assert refusal["error"] == "user_not_in_channel"


async def test_metadata_comes_back_only_when_asked_for(slack: Slack) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "k1"}}
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", metadata=metadata))["ts"]
    await slack.bot.chat_update(channel=POOL, ts=ts, text="y")
    plain = await slack.bot.conversations_history(channel=POOL)
    asked = await slack.bot.conversations_history(channel=POOL, include_all_metadata=True)
    thread = await slack.bot.conversations_replies(channel=POOL, ts=ts, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"] == thread["messages"][0]["metadata"] == metadata
    assert "metadata" not in (await slack.screen(ADA, POOL))["messages"][0]
    refusal = await slack.call("chat.postMessage", channel=POOL, text="x", metadata={"event_type": 1})
    assert refusal["error"] == "invalid_metadata_format"


async def test_paging_gives_everything_once_newest_first(slack: Slack) -> None:
    for number in range(5):
        await slack.bot.chat_postMessage(channel=POOL, text=str(number))
    texts: list[str] = []
    async for page in await slack.bot.conversations_history(channel=POOL, limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0"]
    members: list[str] = []
    async for page in await slack.bot.users_list(limit=2):
        members += [member["id"] for member in page["members"]]
    assert len(members) == len(set(members)) == 5


async def test_replies_stand_in_their_thread_and_not_in_the_channel(slack: Slack) -> None:
    parent = (await slack.bot.chat_postMessage(channel=POOL, text="parent"))["ts"]
    await slack.bot.chat_postMessage(channel=POOL, text="child", thread_ts=parent)
    history = (await slack.bot.conversations_history(channel=POOL))["messages"]
    assert [(message["text"], message["reply_count"]) for message in history] == [("parent", 1)]
    replies = (await slack.bot.conversations_replies(channel=POOL, ts=parent))["messages"]
    assert [message["text"] for message in replies] == ["parent", "child"]
    refusal = await slack.call("chat.postMessage", channel=POOL, text="x", thread_ts="1.000001")
    assert refusal["error"] == "cannot_reply_to_message"


async def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(slack: Slack) -> None:
    await slack.post("clock", {"running": False})
    answers = [await slack.call("chat.postMessage", channel=POOL, text=str(number)) for number in range(6)]
    assert [answer["status"] for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["retry_after"] == "1"
    assert (await slack.call("chat.postMessage", channel=ADA, text="elsewhere"))["ok"]
    await slack.post("clock", {"advance_s": 1})
    again = [(await slack.call("chat.postMessage", channel=POOL, text="again"))["status"] for _ in range(2)]
    assert again == [200, 429]


async def test_a_method_has_the_calls_a_minute_of_its_tier(slack: Slack) -> None:
    await slack.post("clock", {"running": False})
    statuses = [(await slack.call("users.list"))["status"] for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    await slack.post("clock", {"advance_s": 3})
    assert (await slack.call("users.list"))["status"] == 200


async def test_long_texts_are_cut_with_a_warning_and_empty_ones_refused(slack: Slack) -> None:
    long = await slack.call("chat.postMessage", channel=POOL, text="x" * 40_001)
    assert (long["warning"], len(long["message"]["text"])) == ("message_truncated", 40_000)
    assert (await slack.call("chat.postMessage", channel=POOL))["error"] == "no_text"
    both = await slack.call("chat.postMessage", channel=POOL, text="x", markdown_text="y")
    assert both["error"] == "markdown_text_conflict"


async def test_a_home_tab_is_published_with_its_hash_and_only_when_enabled(slack: Slack, start: Start) -> None:
    home = {"type": "home", "blocks": [DIVIDER]}
    first = (await slack.bot.views_publish(user_id=ADA, view=home))["view"]
    second = (await slack.bot.views_publish(user_id=ADA, view=home, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    assert (await slack.screen(ADA))["home"]["hash"] == second["hash"]
    stale = await slack.call("views.publish", user_id=ADA, view=home, hash=first["hash"])
    assert stale["error"] == "hash_conflict"
    assert (await slack.call("views.publish", user_id=ADA, view=modal(DIVIDER)))["error"] == "invalid_arguments"
    without = await start(manifest=Manifest(home_enabled=False))
    assert (await without.call("views.publish", user_id=ADA, view=home))["error"] == "not_enabled"


async def test_who_the_app_is_and_where(slack: Slack) -> None:
    me, app = await slack.bot.auth_test(), await slack.get("app")
    assert (me["user_id"], me["bot_id"]) == (app["app"]["bot_user_id"], app["app"]["bot_id"])
    assert (await slack.bot.team_info())["team"]["name"] == "Test"
    assert (await slack.bot.usergroups_list())["usergroups"] == []
    channels = (await slack.bot.conversations_list(types="public_channel,private_channel"))["channels"]
    assert {channel["name"] for channel in channels} == {"pool", "elsewhere", "closed"}
    link = (await slack.bot.chat_postMessage(channel=POOL, text="x"))["ts"]
    permalink = (await slack.bot.chat_getPermalink(channel=POOL, message_ts=link))["permalink"]
    assert permalink.endswith(f"/archives/{POOL}/p{link.replace('.', '')}")
