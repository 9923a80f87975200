"""People see what is theirs to see, do only what they could do in Slack, and hear of every change."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from sandbox import company, manifest
from sandbox.errors import CannotDo
from sandbox.server import running
from sandbox.workspace import Settings
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
    options,
)


async def test_nobody_sees_a_place_they_are_not_in(slack: Slack) -> None:
    status, answer = await slack.ask("GET", f"screen?user={GUS}&place={POOL}")
    assert status == 400
    assert "is not in pool" in answer["error"]
    places = await slack.get(f"places?user={GUS}")
    assert [place["kind"] for place in places] == ["dm", "app_home"]
    assert {place["name"] for place in await slack.get(f"places?user={ADA}")} >= {"pool", "secret", "elsewhere"}


async def test_what_cannot_be_clicked_in_slack_cannot_be_clicked_here(slack: Slack) -> None:
    more = {"type": "overflow", "action_id": "more", "options": options("details")}
    blocks = [actions(button("all"), button("adas", visible_to_user_ids=[ADA]), more)]
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=blocks))["ts"]
    private = await slack.bot.chat_postEphemeral(channel=POOL, user=ADA, text="x", blocks=[actions(button("all"))])
    click = {"place": POOL, "message_ts": ts}
    assert "no control" in await slack.refused(ADA, "click", **click, action_id="none")
    assert "does not see the control" in await slack.refused(BEN, "click", **click, action_id="adas")
    assert "is not in pool" in await slack.refused(GUS, "click", **click, action_id="all")
    assert "deactivated" in await slack.refused(OLD, "click", **click, action_id="all")
    assert "no option" in await slack.refused(ADA, "select", **click, action_id="more", value="z")
    ephemeral = {"place": POOL, "message_ts": private["message_ts"], "action_id": "all"}
    assert "sees no message" in await slack.refused(BEN, "click", **ephemeral)
    assert "is nobody here" in await slack.refused("U0", "click", **click, action_id="all")
    assert "Unknown 'action'" in await slack.refused(ADA, "dance")


async def test_a_late_click_on_a_button_that_was_there_still_reaches_the_app(slack: Slack) -> None:
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("take"))]))["ts"]
    await slack.bot.chat_update(channel=POOL, ts=ts, text="taken", blocks=[{"type": "divider"}])
    async with slack.bolt():
        answer = await slack.act(BEN, "click", place=POOL, message_ts=ts, action_id="take")
    assert answer["acked"]
    await slack.bot.chat_delete(channel=POOL, ts=ts)
    assert "sees no message" in await slack.refused(BEN, "click", place=POOL, message_ts=ts, action_id="take")


async def test_a_select_in_a_message_is_each_persons_own(slack: Slack) -> None:
    select = {"type": "static_select", "action_id": "pick", "options": options("a", "b")}
    async with slack.bolt():
        ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(select)]))["ts"]
        await slack.act(ADA, "select", place=POOL, message_ts=ts, action_id="pick", value="b")
    action = (await slack.log("delivery"))[-1]["payload"]["actions"][0]
    assert (action["type"], action["selected_option"]["value"]) == ("static_select", "b")
    assert "state" in (await slack.screen(ADA, POOL))["messages"][0]
    assert "state" not in (await slack.screen(BEN, POOL))["messages"][0]


async def test_a_warning_stays_until_the_person_does_the_next_thing(slack: Slack) -> None:
    ts = (await slack.bot.chat_postMessage(channel=POOL, text="x", blocks=[actions(button("a"))]))["ts"]
    await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="a")
    assert len((await slack.screen(ADA, POOL))["errors"]) == 1
    async with slack.bolt():
        await slack.act(ADA, "click", place=POOL, message_ts=ts, action_id="a")
    assert (await slack.screen(ADA, POOL))["errors"] == []


async def test_a_mention_by_name_becomes_a_mention(slack: Slack) -> None:
    async with slack.bolt():
        await slack.act(ADA, "message", place=POOL, text="ask @ben. & <b>")
    (message,) = (await slack.screen(ADA, POOL))["messages"]
    assert message["text"] == f"ask <@{BEN}>. &amp; &lt;b&gt;"
    assert message["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "ask "},
        {"type": "user", "user_id": BEN},
        {"type": "text", "text": ". & <b>"},
    ]


async def test_open_pages_hear_of_what_concerns_them(slack: Slack) -> None:
    async with slack.http.get(f"{slack.url}/_sandbox/stream?user={BEN}") as stream:
        assert await stream.content.readline() == b": hello\n"
        await slack.bot.chat_postEphemeral(channel=POOL, user=ADA, text="not for Ben")
        await slack.bot.chat_postMessage(channel=POOL, text="for all")
        lines = [await stream.content.readline() for _ in range(4)]
    assert lines[1] == b"event: changed\n"
    assert json.loads(lines[2].removeprefix(b"data: ")) == {"place": POOL, "what": "message"}


async def test_a_reset_forgets_everything_but_the_time(slack: Slack) -> None:
    await slack.bot.chat_postMessage(channel=POOL, text="x")
    await slack.post("faults", {"kind": "http_500"})
    await slack.post("start_here", {"markdown": "# Hello"})
    moved = await slack.post("clock", {"advance_s": 3600})
    await slack.post("reset")
    assert (await slack.screen(ADA, POOL))["messages"] == []
    assert (await slack.get("faults"))["faults"] == []
    assert (await slack.get("app"))["start_here"] is None
    assert (await slack.get("clock"))["now"] >= moved["now"]
    assert {person["id"] for person in await slack.get("people")} >= {ADA, BEN, GUS, OLD}


async def test_the_log_goes_on_from_where_one_left_off(slack: Slack) -> None:
    await slack.bot.auth_test()
    first = await slack.get("log")
    await slack.call("chat.postMessage", channel=POOL, text="x", token="xoxb-sandbox-bot")
    second = await slack.get(f"log?since={first['last_seq']}")
    assert second["entries"][0]["seq"] == first["last_seq"] + 1
    assert (second["entries"][0]["method"], second["entries"][0]["ok"]) == ("chat.postMessage", True)
    assert second["entries"][0]["args"] == {"channel": POOL, "text": "x"}
    assert "xoxb" not in json.dumps(second)


async def test_only_the_own_page_may_act_from_a_browser(slack: Slack) -> None:
    foreign = {"Origin": "https://evil.example.com"}
    async with slack.http.post(f"{slack.url}/_sandbox/reset", json={}, headers=foreign) as answer:
        assert answer.status == 403
    async with slack.http.post(f"{slack.url}/_sandbox/reset", json={}, headers={"Origin": slack.url}) as answer:
        assert answer.status == 200
    async with slack.http.get(f"{slack.url}/") as page:
        assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_people_and_places_change_on_request(slack: Slack) -> None:
    await slack.post("people", {"id": ADA, "deleted": True})
    assert "deactivated" in await slack.refused(ADA, "message", place=POOL, text="x")
    status, answer = await slack.ask("POST", "people", {"id": BEN, "tz": "Mars/Olympus"})
    assert (status, "time zone" in answer["error"]) == (400, True)
    await slack.post("places", {"place": POOL, "remove": BEN})
    assert POOL not in {place["id"] for place in await slack.get(f"places?user={BEN}")}
    await slack.post("places", {"place": ELSEWHERE, "is_archived": True})
    assert (await slack.call("chat.postMessage", channel=ELSEWHERE, text="x"))["error"] == "is_archived"


async def test_brightwater_is_a_company_of_two_teams_and_three_time_zones(start: Start) -> None:
    slack = await start(company=company.load())
    people = {person["email"]: person for person in await slack.get("people")}
    assert len({person["tz"] for person in people.values()}) >= 3
    assert all(email is None or email.endswith("@example.com") for email in people)
    anna, guest = people["anna.keller@example.com"], people["leo.marchetti@example.com"]
    assert {place["name"] for place in await slack.get(f"places?user={anna['id']}")} >= {"lead-pool", "sales-europe"}
    assert guest["is_ultra_restricted"] is True
    assert [person["email"] for person in people.values() if person["deleted"]] == ["viktor.lindqvist@example.com"]
    channels = (await slack.bot.users_conversations())["channels"]
    assert {channel["name"] for channel in channels} == {
        *("sales-europe", "sales-americas", "lead-pool", "campaigns", "lead-fallback", "marketing")
    }


async def test_the_shipped_manifest_gives_its_commands_and_shortcuts() -> None:
    shipped = manifest.load(Path(__file__).parents[2] / "manifest.yml")
    async with running(Settings(company=company.load(), manifest=shipped)) as sandbox, Slack(sandbox) as slack:
        app = await slack.get("app")
        assert [command["command"] for command in app["commands"]]
        assert app["home_enabled"] is True


async def test_it_starts_from_the_command_line_and_ends_when_told() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", "--port", "0", stdout=PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert re.fullmatch(r"sandbox ready on http://127\.0\.0\.1:\d+\n", line)
    process.terminate()
    assert await process.wait() == 0


async def test_a_wrong_company_file_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "company.toml"
    wrong.write_text('[[channels]]\nname = "pool"\nmembers = ["nobody"]\n')
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--company", str(wrong), stderr=PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert "member 'nobody' is nobody of [[people]]" in errors.decode()


def test_a_person_without_a_name_is_refused() -> None:
    with pytest.raises(CannotDo, match="'name'"):
        company.person_from({"email": "x@example.com"})


async def test_invite_typed_in_a_channel_brings_the_app_in_and_a_line_says_so(slack: Slack) -> None:
    invite = {"place": ELSEWHERE, "command": "/invite"}
    async with slack.bolt():
        assert (await slack.act(ADA, "command", **invite, text="@Lockstep"))["acked"]
        bot = slack.workspace.world.bot.id
        line = (await slack.screen(ADA, ELSEWHERE))["messages"][-1]
        assert (line["subtype"], line["user"], line["inviter"]) == ("channel_join", bot, ADA)
        assert line["text"] == f"was added to #elsewhere by <@{ADA}>."
        assert (await slack.bot.chat_postMessage(channel=ELSEWHERE, text="Here."))["ok"]
        assert "is in #elsewhere already" in await slack.refused(ADA, "command", **invite, text="@lockstep")
    joined = [one for one in await slack.log("delivery") if one["type"] == "member_joined_channel"]
    event = joined[-1]["payload"]["event"]
    assert (event["user"], event["channel"], event["inviter"]) == (bot, ELSEWHERE, ADA)


async def test_invite_brings_people_in_and_nobody_where_slack_would_not(slack: Slack) -> None:
    invite = {"command": "/invite"}
    await slack.act(ADA, "command", **invite, place=ELSEWHERE, text="@ben @gus")
    assert BEN in slack.workspace.world.places[ELSEWHERE].members
    refused = slack.refused
    for words in ("", "Lockstep", "@nobody", "@Lockstep now"):
        assert "Write /invite @name" in await refused(ADA, "command", **invite, place=SECRET, text=words)
    assert "deactivated" in await refused(ADA, "command", **invite, place=SECRET, text="@old")
    assert "is not in secret" in await refused(BEN, "command", **invite, place=SECRET, text="@Lockstep")
    assert "a guest" in await refused(GUS, "command", **invite, place=ELSEWHERE, text="@Lockstep")
    assert "archived" in await refused(ADA, "command", **invite, place=CLOSED, text="@ben")
    dm = (await slack.bot.conversations_open(users=ADA))["channel"]["id"]
    assert "in channels only" in await refused(ADA, "command", **invite, place=dm, text="@ben")
    assert slack.workspace.world.places[SECRET].members == {ADA}
