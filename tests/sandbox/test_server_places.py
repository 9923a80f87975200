"""People write to one another where the app is not: what they can do there, and what the app learns of it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from tests.sandbox.conftest import Start
from tests.sandbox.slack_driver import ADA, BEN, ELSEWHERE, GUS, OLD, POOL, SECRET, Slack


async def write(slack: Slack, user: str, place: str, words: str, **more: str) -> str:
    await slack.act(user, "message", place=place, text=words, **more)
    return str((await slack.screen(user, place))["messages"][-1]["ts"])


async def test_two_people_write_to_each_other_and_nobody_else_sees_it(slack: Slack) -> None:
    opened = await slack.post("places", {"user": ADA, "with": BEN})
    again = await slack.post("places", {"user": BEN, "with": ADA})
    assert again["id"] == opened["id"]
    await write(slack, ADA, opened["id"], "between us")
    named = {one["name"]: one for one in await slack.get(f"places?user={BEN}") if one["kind"] == "dm"}
    assert named["Ada North"] | {"with_app": False, "user": ADA} == named["Ada North"]
    assert named["Lockstep"]["with_app"]
    assert [one["text"] for one in (await slack.screen(BEN, opened["id"]))["messages"]] == ["between us"]
    status, answer = await slack.ask("GET", f"screen?user={GUS}&place={opened['id']}")
    assert (status, "cannot see it" in answer["error"]) == (400, True)


async def test_the_app_knows_nothing_of_where_it_is_not(slack: Slack) -> None:
    between = (await slack.post("places", {"user": ADA, "with": BEN}))["id"]
    private = (await slack.post("places", {"user": ADA, "name": "deal-desk", "is_private": True, "members": [BEN]}))[
        "id"
    ]
    async with slack.bolt():
        for place in (between, private):
            ts = await write(slack, ADA, place, "psst")
            for method, more in (
                ("conversations.info", {}),
                ("conversations.history", {}),
                ("conversations.replies", {"ts": ts}),
                ("conversations.members", {}),
                ("chat.postMessage", {"text": "x"}),
                ("chat.postEphemeral", {"text": "x", "user": ADA}),
                ("chat.getPermalink", {"message_ts": ts}),
            ):
                assert (await slack.call(method, channel=place, **more))["error"] == "channel_not_found", method
        assert await slack.log("delivery") == []
    for types in ("im", "private_channel", "public_channel"):
        listed = await slack.call("conversations.list", types=types)
        assert not {between, private} & {one["id"] for one in listed["channels"]}


async def test_a_message_shortcut_reaches_the_app_from_where_it_is_not(slack: Slack) -> None:
    between = (await slack.post("places", {"user": ADA, "with": BEN}))["id"]
    seen: list[dict[str, Any]] = []

    def listen(app: AsyncApp) -> None:
        @app.shortcut("save_note")
        async def save(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
            seen.append(shortcut)
            await ack()
            await respond("Saved.")

    named = {
        between: "directmessage",
        SECRET: "privategroup",
        ELSEWHERE: "elsewhere",
        await slack.dm(ADA): "directmessage",
    }
    async with slack.bolt(listen):
        for place, name in named.items():
            if place == await slack.dm(ADA):
                ts = (await slack.bot.chat_postMessage(channel=place, text="a card"))["ts"]
            else:
                ts = await write(slack, ADA, place, f"too expensive, they say in {name}")
            answer = await slack.act(ADA, "shortcut", callback_id="save_note", place=place, message_ts=ts)
            assert answer["acked"]
            assert seen[-1]["channel"] == {"id": place, "name": name}
            assert (seen[-1]["message_ts"], seen[-1]["message"]["ts"]) == (ts, ts)
            private = (await slack.screen(ADA, place))["messages"][-1]
            assert (private["text"], private["ephemeral"]) == ("Saved.", True)
    assert seen[0]["message"]["user"] == ADA
    assert (await slack.screen(BEN, between))["messages"][-1]["text"] == "too expensive, they say in directmessage"


async def test_a_command_typed_between_two_people_reaches_the_app(slack: Slack) -> None:
    between = (await slack.post("places", {"user": ADA, "with": BEN}))["id"]
    async with slack.bolt():
        assert (await slack.act(ADA, "command", place=between, command="/lockstep", text="help"))["acked"]
    payload = (await slack.log("delivery"))[-1]["payload"]
    assert (payload["channel_id"], payload["channel_name"]) == (between, "directmessage")


async def test_what_slack_does_not_let_people_open_is_not_opened(slack: Slack) -> None:
    async def refused(**body: object) -> str:
        status, answer = await slack.ask("POST", "places", body)
        assert status == 400, answer
        return str(answer["error"])

    assert "deactivated" in await refused(user=ADA, **{"with": OLD})
    assert "deactivated" in await refused(user=OLD, **{"with": ADA})
    assert "guest" in await refused(user=GUS, **{"with": ADA})
    assert "guest" in await refused(user=GUS, name="mine")
    assert "is there already" in await refused(user=ADA, name="pool")
    for name in ("", "Deal Desk", "x" * 81, "a.b"):
        assert "lowercase letters" in await refused(user=ADA, name=name)
    await slack.post("places", {"place": ELSEWHERE, "add": GUS})
    assert (await slack.post("places", {"user": GUS, "with": ADA}))["member_ids"] == sorted([ADA, GUS])


async def test_nobody_writes_to_who_has_left(slack: Slack) -> None:
    between = (await slack.post("places", {"user": ADA, "with": BEN}))["id"]
    await slack.post("people", {"id": BEN, "deleted": True})
    assert "deactivated" in await slack.refused(ADA, "message", place=between, text="still there?")


async def test_the_app_comes_into_a_channel_of_people_by_invitation(slack: Slack) -> None:
    opened = (await slack.post("places", {"user": ADA, "name": "deal-desk", "is_private": True}))["id"]
    await slack.act(ADA, "command", place=opened, command="/invite", text="@lockstep @ben")
    assert BEN in (await slack.call("conversations.members", channel=opened))["members"]
    assert (await slack.call("chat.postMessage", channel=opened, text="hello"))["ok"]


async def test_a_link_to_a_message_opens_it_on_the_page(start: Start) -> None:
    slack = await start()
    assert (await slack.call("auth.test"))["url"] == "https://test.slack.com/"
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="x"))["ts"]
    reply = (await slack.bot.chat_postMessage(channel=POOL, text="y", thread_ts=ts))["ts"]
    number, answer = ts.replace(".", ""), reply.replace(".", "")
    link = await slack.bot.chat_getPermalink(channel=POOL, message_ts=ts)
    assert link["permalink"] == f"https://test.slack.com/archives/{POOL}/p{number}"
    link = await slack.bot.chat_getPermalink(channel=POOL, message_ts=reply)
    assert link["permalink"] == f"https://test.slack.com/archives/{POOL}/p{answer}?thread_ts={ts}&cid={POOL}"
    for path, address in (
        (f"archives/{POOL}/p{number}", f"/#/-/{POOL}/-/{ts}"),
        (f"archives/{POOL}/p{answer}?thread_ts={ts}&cid={POOL}", f"/#/-/{POOL}/{ts}/{reply}"),
    ):
        async with slack.http.get(f"{slack.url}/{path}", allow_redirects=False) as redirect:
            assert (redirect.status, redirect.headers["location"]) == (307, address)


async def test_a_thread_is_counted_on_its_first_message(slack: Slack) -> None:
    first = await write(slack, ADA, POOL, "a question")
    replies = [(await slack.bot.chat_postMessage(channel=POOL, text=n, thread_ts=first))["ts"] for n in ("one", "two")]
    await write(slack, BEN, POOL, "three", thread_ts=replies[0])

    async def counted() -> tuple[object, object, object]:
        (parent,) = [one for one in (await slack.screen(ADA, POOL))["messages"] if one["ts"] == first]
        return parent.get("reply_count"), parent.get("reply_users_count"), parent.get("latest_reply")

    assert (await counted())[:2] == (3, 2)
    await slack.bot.chat_delete(channel=POOL, ts=replies[1])
    assert (await counted())[:2] == (2, 2)
    await slack.bot.chat_delete(channel=POOL, ts=replies[0])
    assert (await counted())[:2] == (1, 1)
    thread = await slack.call("conversations.replies", channel=POOL, ts=first)
    assert [one["text"] for one in thread["messages"]] == ["a question", "three"]
    assert thread["messages"][0]["latest_reply"] == (await counted())[2] == thread["messages"][1]["ts"]
