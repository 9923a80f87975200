"""What belongs under another message stands in its thread, whatever happens to either of them on the way."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.post import OutboxStatus, Post, PostRole, Subject
from bot.ports import Message
from bot.services import posting, waiting
from jobs.deliver_outbox import LEASE
from storage.transaction import Transaction
from tests.integrations.fake_slack import answers, cut, error
from tests.jobs.conftest import World

NOTHING_THERE = answers('{"ok":true,"messages":[]}', content_type="application/json")


def reply(tx: Transaction, parent: Post, text: str) -> Post:
    data: dict[str, object] = {"title": text, "text": text}
    return posting.say(
        tx, Subject.TOUCH_NOTICE, tx.new_id(), parent.place, PostRole.NOTICE, None, data, thread_of=parent
    )


async def under(world: World, parent: Post, text: str) -> Post:
    return await world.db.run(reply, parent, text)


def thread(world: World, channel: str = "C1") -> dict[str, list[str]]:
    """By the first words of a message what stands in its thread; "" for what stands in the channel itself."""
    messages: list[dict[str, Any]] = world.slack.messages[channel]
    said = {message["ts"]: str(message["text"]).removeprefix("Lockstep needs you: ") for message in messages}
    found: dict[str, list[str]] = {}
    for message in messages:
        parent = said.get(message["thread_ts"], "?") if "thread_ts" in message else ""
        found.setdefault(parent, []).append(said[message["ts"]])
    return found


@pytest.mark.parametrize("place", ["C1", "U1"])
async def test_a_post_stands_in_the_thread_of_the_one_it_belongs_to(world: World, place: str) -> None:
    parent = await world.say(place, "alert")
    await under(world, parent, "question")
    await world.pass_time(10)
    assert thread(world, "C1" if place == "C1" else "D1") == {"": ["alert"], "alert": ["question"]}
    assert await world.statuses() == {}


async def test_a_change_is_shown_where_the_reply_stands(world: World) -> None:
    parent = await world.say("C1", "alert")
    question = await under(world, parent, "question")
    await world.pass_time(10)
    await world.change(question, "answered")
    await world.pass_time(10)
    assert thread(world) == {"": ["alert"], "alert": ["answered"]}


async def test_a_reply_waits_until_its_message_is_shown(world: World) -> None:
    world.slack.closed["C1"] = "not_in_channel"
    parent = await world.say("C1", "alert")
    await under(world, parent, "question")
    await world.pass_time(60)
    assert thread(world) == {}
    assert await world.statuses() == {OutboxStatus.PARKED: 1}
    del world.slack.closed["C1"]
    await world.db.run(waiting.try_again)
    await world.pass_time(60)
    assert thread(world) == {"": ["alert"], "alert": ["question"]}


async def test_a_reply_to_what_can_never_be_shown_says_itself_in_the_channel(world: World) -> None:
    world.slack.next("chat.postMessage", error("msg_too_long"))
    parent = await world.say("C1", "alert")
    await under(world, parent, "question")
    await world.pass_time(60)
    assert thread(world) == {"": ["question"]}


async def test_a_reply_to_what_was_deleted_in_slack_says_itself_in_the_channel(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.messages["C1"].clear()
    await under(world, parent, "question")
    await world.pass_time(60)
    assert thread(world) == {"": ["question"]}
    assert await world.statuses() == {}


async def test_a_reply_to_what_is_known_to_be_gone_says_itself_in_the_channel(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.messages["C1"].clear()
    await world.change(parent, "changed")
    await world.pass_time(10)
    await under(world, parent, "question")
    await world.pass_time(60)
    assert thread(world) == {"": ["question"]}


async def test_a_reply_where_nobody_may_reply_says_itself_in_the_channel(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.next("chat.postMessage", error("restricted_action_non_threadable_channel"))
    await under(world, parent, "question")
    await world.pass_time(60)
    assert thread(world) == {"": ["alert", "question"]}


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_cut_connection_ends_in_exactly_one_reply(world: World, accepted: bool) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.next("chat.postMessage", cut(accepted=accepted))
    await under(world, parent, "question")
    await world.pass_time(120)
    assert thread(world) == {"": ["alert"], "alert": ["question"]}
    assert len(world.slack.called("chat.postMessage")) == (2 if accepted else 3)
    assert await world.statuses() == {}


async def test_a_reply_that_shows_up_late_in_its_thread_is_found(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.next("chat.postMessage", cut(accepted=True))
    world.slack.next("conversations.replies", NOTHING_THERE, NOTHING_THERE)
    await under(world, parent, "question")
    await world.pass_time(120)
    assert thread(world) == {"": ["alert"], "alert": ["question"]}
    assert len(world.slack.called("chat.postMessage")) == 2


async def test_a_reply_that_was_said_in_the_channel_instead_is_found_there(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.next("chat.postMessage", error("cannot_reply_to_message"), cut(accepted=True))
    await under(world, parent, "question")
    await world.pass_time(120)
    assert thread(world) == {"": ["alert", "question"]}
    assert len(world.slack.called("chat.postMessage")) == 3


async def test_a_reply_whose_message_was_deleted_meanwhile_is_said_once(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    world.slack.next("chat.postMessage", cut(accepted=False))
    await under(world, parent, "question")
    world.slack.messages["C1"].clear()
    await world.pass_time(120)
    assert thread(world) == {"": ["question"]}


async def test_a_process_that_dies_after_replying_leaves_one_reply(world: World) -> None:
    parent = await world.say("C1", "alert")
    await world.pass_time(10)
    await under(world, parent, "question")
    row = (await world.db.run(lambda tx: tx.outbox.lease_lanes(1, LEASE)))[0]
    posts = await world.db.read(lambda tx: tx.posts.to_come_in_thread_of(parent.id))
    shown = await world.post(parent)
    said = Message(text="question", blocks=[])
    await world.chat.post("C1", said, key=posts[0].key, thread_ts=shown.ts)
    assert row.subject_id == posts[0].id
    await world.pass_time(120)
    assert thread(world) == {"": ["alert"], "alert": ["question"]}


@pytest.mark.postgres
async def test_two_processes_leave_one_reply(postgres_world: World) -> None:
    world = postgres_world
    other = world.deliverer(await world.open_another())
    parent = await world.say("C1", "alert")
    await under(world, parent, "question")
    for _ in range(10):
        await world.outbox.deliver_due()
        await other.deliver_due()
        world.clock.advance(1)
    assert thread(world) == {"": ["alert"], "alert": ["question"]}
