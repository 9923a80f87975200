"""What a call to Slack can come to, over real sockets."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.errors import AppRefused, OutcomeUnknown, RetryLater, Undeliverable
from bot.integrations.slack import SlackChat, web_client
from bot.integrations.slack_errors import APP_REFUSED, SENTENCES, seconds_of
from bot.ports import Message, Posted
from tests.integrations.conftest import ManualClock
from tests.integrations.fake_slack import (
    Behaviour,
    FakeSlack,
    answers,
    cut,
    error,
    half_an_answer,
    hangs,
    limited,
)

HELLO = Message(text="Hello", blocks=[{"type": "divider"}])
NOT_KNOWN_WHETHER_DONE: dict[str, Behaviour] = {
    "cut before": cut(accepted=False),
    "cut after": cut(accepted=True),
    "half an answer": half_an_answer(),
    "500": answers("", status=500),
    "502 with a page": answers("<html>Bad gateway</html>", status=502),
    "503 with JSON": answers('{"ok":false,"error":"fatal_error"}', status=503, content_type="application/json"),
    "408": answers("", status=408),
    "no JSON": answers('{"ok":tr', content_type="application/json"),
    "undecodable": answers(b"\xff\xfe{", content_type="application/json"),
    "plain text": answers("ok", content_type="text/plain"),
    "a list": answers("[]", content_type="application/json"),
    "no ts": answers('{"ok":true,"channel":"C1"}', content_type="application/json"),
    "internal_error": error("internal_error"),
    "fatal_error": error("fatal_error"),
    "request_timeout": error("request_timeout"),
    "service_unavailable": error("service_unavailable"),
}


async def test_a_post_carries_its_key_and_unfurls_nothing(chat: SlackChat, slack: FakeSlack) -> None:
    posted = await chat.post("C1", HELLO, key="k-1")
    assert posted == Posted(channel="C1", ts=slack.messages["C1"][0]["ts"])
    sent = slack.called("chat.postMessage")[0]
    assert sent["metadata"] == {"event_type": "lockstep_post", "event_payload": {"key": "k-1"}}
    assert sent["unfurl_links"] is False
    assert sent["unfurl_media"] is False


async def test_a_post_to_a_person_says_which_channel_it_is_in(chat: SlackChat) -> None:
    assert (await chat.post("U1", HELLO, key="k-1")).channel == "D1"


@pytest.mark.parametrize("name", NOT_KNOWN_WHETHER_DONE)
async def test_a_post_without_a_clear_answer_is_sent_once_and_its_outcome_unknown(
    chat: SlackChat, slack: FakeSlack, name: str
) -> None:
    slack.next("chat.postMessage", NOT_KNOWN_WHETHER_DONE[name])
    with pytest.raises(OutcomeUnknown):
        await chat.post("C1", HELLO, key="k-1")
    assert len(slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize("name", [name for name in NOT_KNOWN_WHETHER_DONE if name != "no ts"])
async def test_an_update_without_a_clear_answer_may_be_repeated(chat: SlackChat, slack: FakeSlack, name: str) -> None:
    posted = await chat.post("C1", HELLO, key="k-1")
    slack.next("chat.update", NOT_KNOWN_WHETHER_DONE[name])
    with pytest.raises(RetryLater) as raised:
        await chat.update(posted.channel, posted.ts, HELLO)
    assert raised.value.after >= 1
    assert not raised.value.whole_workspace


async def test_a_post_that_gets_no_answer_in_time_is_unknown(slack: FakeSlack, clock: ManualClock) -> None:
    end = asyncio.Event()
    slack.next("chat.postMessage", hangs(end))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.2)) as session:
        chat = SlackChat(web_client("xoxb-test", slack.base_url, session), clock)
        with pytest.raises(OutcomeUnknown):
            await chat.post("C1", HELLO, key="k-1")
    end.set()
    assert len(slack.called("chat.postMessage")) == 1


async def test_an_unreachable_slack_was_sent_nothing_and_the_waits_grow(clock: ManualClock) -> None:
    async with aiohttp.ClientSession() as session:
        chat = SlackChat(web_client("xoxb-test", "http://127.0.0.1:1/api/", session), clock, seed=1)
        waits = []
        for _ in range(7):
            with pytest.raises(RetryLater) as raised:
                await chat.post("C1", HELLO, key="k-1")
            assert raised.value.whole_workspace
            waits.append(raised.value.after)
    assert waits[0] < 1.5
    assert 30 <= waits[-1] <= 37.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30), ("1.5", 1.5), ("0.1", 1), ("inf", 900), ("86400", 900)],
)
async def test_slack_is_left_alone_as_long_as_it_says_up_to_a_quarter_of_an_hour(
    chat: SlackChat, slack: FakeSlack, header: str, seconds: float
) -> None:
    assert seconds_of(header) == seconds
    slack.next("chat.postMessage", limited(header))
    with pytest.raises(RetryLater) as raised:
        await chat.post("C1", HELLO, key="k-1")
    assert raised.value.after == seconds


@pytest.mark.parametrize("header", [None, "", "0", "-1", "abc", "nan", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_without_a_usable_retry_after_the_waits_grow(
    chat: SlackChat, slack: FakeSlack, clock: ManualClock, header: str | None
) -> None:
    assert seconds_of(header) is None
    slack.next("chat.postMessage", *[limited(header)] * 3)
    waits = []
    for _ in range(3):
        with pytest.raises(RetryLater) as raised:
            await chat.post("C1", HELLO, key="k-1")
        waits.append(raised.value.after)
        clock.advance(60)
    assert 1 <= waits[0] < 2 <= waits[1] < 4 <= waits[2]


async def test_a_limited_channel_is_left_alone_for_that_long_and_the_others_are_not(
    chat: SlackChat, slack: FakeSlack, clock: ManualClock
) -> None:
    slack.next("chat.postMessage", limited("30"))
    with pytest.raises(RetryLater):
        await chat.post("C1", HELLO, key="k-1")
    clock.advance(29)
    with pytest.raises(RetryLater) as raised:
        await chat.post("C1", HELLO, key="k-1")
    assert raised.value.after == 1
    assert len(slack.called("chat.postMessage")) == 1
    await chat.post("C2", HELLO, key="k-2")
    clock.advance(1)
    await chat.post("C1", HELLO, key="k-1")
    assert slack.texts("C1") == ["Hello"]


async def test_a_limited_method_is_left_alone_whatever_the_channel(
    chat: SlackChat, slack: FakeSlack, clock: ManualClock
) -> None:
    one, two = await chat.post("C1", HELLO, key="k-1"), await chat.post("C2", HELLO, key="k-2")
    slack.next("chat.update", limited("5"))
    for posted in (one, two):
        with pytest.raises(RetryLater) as raised:
            await chat.update(posted.channel, posted.ts, HELLO)
        assert not raised.value.whole_workspace
    assert len(slack.called("chat.update")) == 1


async def test_several_limited_channels_at_once_mean_the_workspace(chat: SlackChat, slack: FakeSlack) -> None:
    slack.next("chat.postMessage", *[limited("30")] * 3)
    whole = []
    for channel in ("C1", "C2", "C3"):
        with pytest.raises(RetryLater) as raised:
            await chat.post(channel, HELLO, key="k")
        whole.append(raised.value.whole_workspace)
    assert whole == [False, False, True]


@pytest.mark.parametrize("code", [*SENTENCES, "something_new"])
async def test_a_definite_error_says_what_the_admin_can_do(chat: SlackChat, slack: FakeSlack, code: str) -> None:
    slack.next("chat.postMessage", error(code))
    with pytest.raises(AppRefused if code in APP_REFUSED else Undeliverable) as raised:
        await chat.post("C1", HELLO, key="k-1")
    assert isinstance(raised.value, AppRefused | Undeliverable)
    assert raised.value.code == code
    assert code in str(raised.value)
    assert len(str(raised.value)) > 40


async def test_a_missing_scope_is_named(chat: SlackChat, slack: FakeSlack) -> None:
    slack.next("chat.postMessage", error("missing_scope", needed="chat:write", provided="commands"))
    with pytest.raises(Undeliverable, match="chat:write"):
        await chat.post("C1", HELLO, key="k-1")


async def test_a_proxy_that_refuses_is_not_slack_that_refuses(chat: SlackChat, slack: FakeSlack) -> None:
    slack.next("chat.postMessage", answers("<html>Login to the guest Wi-Fi</html>", status=403))
    with pytest.raises(RetryLater):
        await chat.post("C1", HELLO, key="k-1")


async def test_a_post_is_found_by_its_key_on_any_page(chat: SlackChat, slack: FakeSlack, clock: ManualClock) -> None:
    slack.page = 2
    wanted = await chat.post("U1", HELLO, key="wanted")
    for number in range(5):
        await chat.post("U1", HELLO, key=f"k-{number}")
    assert await chat.find("U1", "wanted", since=clock.now()) == wanted
    assert await chat.find("U1", "another", since=clock.now()) is None


async def test_a_lost_post_to_a_person_is_looked_up_in_their_direct_message(
    chat: SlackChat, slack: FakeSlack, clock: ManualClock
) -> None:
    slack.next("chat.postMessage", cut(accepted=True))
    with pytest.raises(OutcomeUnknown):
        await chat.post("U1", HELLO, key="k-1")
    found = await chat.find("U1", "k-1", since=clock.now())
    assert found == Posted(channel="D1", ts=slack.messages["D1"][0]["ts"])
    await chat.find("U1", "k-1", since=clock.now())
    assert len(slack.called("conversations.open")) == 1


async def test_history_is_searched_a_little_further_back_than_asked(
    chat: SlackChat, slack: FakeSlack, clock: ManualClock
) -> None:
    await chat.post("C1", HELLO, key="k-1")
    clock.advance(10)
    assert await chat.find("C1", "k-1", since=clock.now()) is not None
    assert await chat.find("C1", "k-1", since=clock.now() + timedelta(hours=1)) is None


def user(slack_id: str, **more: object) -> dict[str, object]:
    profile = {"real_name": "Ines Duarte", "email": "ines@example.com", "title": "Rep"}
    return {"id": slack_id, "team_id": "T0LOCKSTEP", "tz": "Europe/Lisbon", "profile": profile, **more}


@pytest.mark.parametrize(
    ("more", "flags"),
    [
        ({}, set()),
        ({"is_app_user": True}, set()),
        ({"is_bot": True}, {"is_bot"}),
        ({"id": "USLACKBOT"}, {"is_bot"}),
        ({"is_restricted": True}, {"is_guest"}),
        ({"is_ultra_restricted": True}, {"is_guest"}),
        ({"is_stranger": True}, {"is_stranger"}),
        ({"team_id": "T0OTHER"}, {"is_stranger"}),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0LOCKSTEP"]}}, set()),
        ({"deleted": True, "tz": None, "profile": {}}, {"is_deleted"}),
    ],
)
async def test_who_somebody_is(chat: SlackChat, slack: FakeSlack, more: dict[str, object], flags: set[str]) -> None:
    slack.users["U1"] = user("U1", **more)
    account = await chat.account("U1")
    names = ("is_bot", "is_guest", "is_stranger", "is_deleted")
    assert {name for name in names if getattr(account.flags, name)} == flags


async def test_people_are_found_by_email(chat: SlackChat, slack: FakeSlack) -> None:
    slack.users["U1"] = user("U1")
    account = await chat.account_by_email("ines@example.com")
    assert account is not None
    assert (account.slack_id, account.name, account.tz) == ("U1", "Ines Duarte", "Europe/Lisbon")
    assert await chat.account_by_email("nobody@example.com") is None
    assert await chat.account("U404") is None


async def test_a_home_is_published(chat: SlackChat, slack: FakeSlack) -> None:
    await chat.publish_home("U1", {"type": "home", "blocks": []})
    assert slack.homes["U1"] == {"type": "home", "blocks": []}


async def test_gates_that_opened_again_are_forgotten(chat: SlackChat, slack: FakeSlack, clock: ManualClock) -> None:
    for number in range(5):
        slack.next("chat.postMessage", limited("30"))
        with pytest.raises(RetryLater):
            await chat.post(f"C{number}", HELLO, key="k")
        clock.advance(60)
    assert len(chat._closed_until) == 1
