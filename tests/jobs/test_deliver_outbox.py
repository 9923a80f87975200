"""What people see in the end, whatever happens on the way to Slack."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain.post import OutboxKind, OutboxStatus, Post, PostRole
from bot.integrations.slack_errors import SENTENCES
from bot.services import waiting
from bot.services.delivery import Said
from jobs.deliver_outbox import LEASE, PATIENCE, Outbox
from storage.transaction import Transaction
from tests.integrations.fake_slack import Behaviour, FakeSlack, answers, cut, error, hangs, limited, slow
from tests.jobs.conftest import ADMIN, World, load

ADMINS_DM = f"D{ADMIN[1:]}"
EMPTY_HISTORY = answers('{"ok":true,"messages":[]}', content_type="application/json")


def within(instants: list[datetime | None], start: datetime) -> list[float]:
    return [(at - start).total_seconds() for at in instants if at is not None]


async def test_what_is_said_is_posted_once_and_its_place_kept(world: World) -> None:
    post = await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.advance(60)
    assert world.said("C1") == ["one"]
    kept = await world.post(post)
    assert (kept.channel, kept.ts) == ("C1", world.slack.messages["C1"][0]["ts"])
    assert await world.statuses() == {}


async def test_a_change_updates_the_message_where_it_stands(world: World) -> None:
    post = await world.say("U1", "one")
    await world.outbox.deliver_due()
    await world.change(post, "two")
    await world.advance(1)
    assert world.said("D1") == ["two"]


async def test_ten_changes_are_one_update_with_the_last(world: World) -> None:
    post = await world.say("C1", "one")
    await world.outbox.deliver_due()
    for number in range(10):
        await world.change(post, f"change {number}")
    await world.advance(1)
    assert world.said("C1") == ["change 9"]
    assert len(world.slack.called("chat.update")) == 1


async def test_a_change_that_shows_nothing_new_sends_nothing(world: World) -> None:
    post = await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.change(post, "one")
    await world.advance(1)
    assert world.slack.called("chat.update") == []
    assert await world.statuses() == {}


async def test_what_others_showed_meanwhile_is_not_taken_for_ours(world: World) -> None:
    other = world.deliverer(await world.open_another())
    post = await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.change(post, "two")
    world.clock.advance(1)
    await other.deliver_due()
    await world.change(post, "one")
    await world.advance(1)
    assert world.said("C1") == ["one"]


async def test_a_channel_keeps_its_order_and_pace_while_others_go_on(world: World) -> None:
    start = world.clock.now()
    for number in range(4):
        for channel in ("C1", "C2", "C3"):
            await world.say(channel, f"{number}")
    for _ in range(8):
        await world.outbox.deliver_due()
        world.clock.advance(0.5)
    for channel in ("C1", "C2", "C3"):
        assert world.said(channel) == ["0", "1", "2", "3"]
        assert within(world.slack.instants("chat.postMessage", channel), start) == [0, 1, 2, 3]


async def test_a_channel_that_hangs_holds_up_no_other(world: World) -> None:
    end = asyncio.Event()
    world.slack.next("chat.postMessage", hangs(end))
    await world.say("C1", "stuck")
    assert await world.outbox.start_due() == 1
    for number in range(3):
        await world.say(f"C2{number}", "free")
        assert await world.outbox.start_due() == 1
    async with asyncio.timeout(5):
        while world.outbox.at_work > 1:  # noqa: ASYNC110 - deliveries under way are no event
            await asyncio.sleep(0.005)
    assert [world.said(f"C2{number}") for number in range(3)] == [["free"]] * 3
    end.set()
    await world.outbox.deliver_due()


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_cut_connection_ends_in_exactly_one_message(world: World, accepted: bool) -> None:
    post = await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=accepted))
    await world.outbox.deliver_due()
    for _ in range(6):
        await world.advance(10)
    assert world.said("C1") == ["one"]
    assert (await world.post(post)).ts == world.slack.messages["C1"][0]["ts"]
    assert await world.statuses() == {}


async def test_what_arrived_is_found_at_once_and_not_sent_again(world: World) -> None:
    await world.say("U1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    await world.outbox.deliver_due()
    assert len(world.slack.called("chat.postMessage")) == 1
    assert world.slack.called("chat.update") == []
    assert await world.statuses() == {}


async def test_what_arrived_is_brought_up_to_date_when_it_changed_meanwhile(world: World) -> None:
    post = await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    world.slack.next("conversations.history", EMPTY_HISTORY)
    await world.outbox.deliver_due()
    await world.change(post, "two")
    await world.advance(10)
    assert world.said("C1") == ["two"]


async def test_a_lagging_history_is_asked_at_0_10_and_30_s_before_anything_is_sent_again(world: World) -> None:
    start = world.clock.now()
    await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=False))
    await world.outbox.deliver_due()
    for _ in range(40):
        await world.advance(1)
    assert within(world.slack.instants("conversations.history", "C1"), start) == [0, 10, 30]
    assert within(world.slack.instants("chat.postMessage", "C1"), start) == [0, 30]
    assert world.said("C1") == ["one"]


@pytest.mark.parametrize("trouble", [limited("60"), answers("", status=503), cut(accepted=False)])
async def test_a_history_that_cannot_be_read_just_now_is_read_later(world: World, trouble: Behaviour) -> None:
    await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    world.slack.next("conversations.history", *[trouble] * 6)
    await world.pass_time(600)
    assert world.said("C1") == ["one"]
    assert len(world.slack.called("chat.postMessage")) == 1
    assert await world.statuses() == {}


async def test_only_a_look_that_saw_the_history_counts_as_a_look(world: World) -> None:
    await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    world.slack.next("conversations.history", *[limited("1")] * 2, EMPTY_HISTORY)
    await world.pass_time(600)
    assert world.said("C1") == ["one"]
    assert len(world.slack.called("chat.postMessage")) == 1


async def test_a_failure_of_our_own_forgets_no_doubt(world: World) -> None:
    failures = [KeyError("unforeseen")]

    def failing_once(tx: Transaction, post_id: str) -> tuple[Post, Said] | None:
        if failures and tx.posts.get(post_id) and world.slack.messages["C1"]:
            raise failures.pop()
        return load(tx, post_id)

    world.outbox = Outbox(world.db, world.chat, load=failing_once)
    await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    for _ in range(10):
        await world.advance(1)
    assert failures == []
    assert world.said("C1") == ["one"]
    assert len(world.slack.called("chat.postMessage")) == 1


async def test_a_message_that_shows_up_late_in_history_is_found(world: World) -> None:
    await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    world.slack.next("conversations.history", EMPTY_HISTORY, EMPTY_HISTORY)
    await world.outbox.deliver_due()
    for _ in range(40):
        await world.advance(1)
    assert world.said("C1") == ["one"]
    assert len(world.slack.called("chat.postMessage")) == 1


async def test_nothing_else_is_said_in_a_channel_whose_last_message_may_be_lost(world: World) -> None:
    world.slack.next("chat.postMessage", cut(accepted=False))
    await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.say("C1", "two")
    await world.say("C2", "elsewhere")
    for _ in range(29):
        await world.advance(1)
    assert world.said("C1") == []
    assert world.said("C2") == ["elsewhere"]
    for _ in range(5):
        await world.advance(1)
    assert world.said("C1") == ["one", "two"]


async def test_without_a_readable_history_there_is_at_worst_one_message_too_many(world: World) -> None:
    post = await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True), cut(accepted=True))
    world.slack.next("conversations.history", *[error("missing_scope", needed="channels:history")] * 20)
    await world.outbox.deliver_due()
    for _ in range(20):
        await world.advance(10)
    assert world.said("C1") == ["one", "one"]
    assert (await world.statuses())[OutboxStatus.PARKED] == 1
    assert (await world.post(post)).ts is None
    assert len(world.slack.messages[ADMINS_DM]) == 1


async def test_slack_in_trouble_for_ten_minutes_loses_nothing_and_doubles_nothing(world: World) -> None:
    for number in range(5):
        await world.say(f"C{number}", "one")
    down: Behaviour = answers("<html>", status=503)
    for method in ("chat.postMessage", "conversations.history"):
        world.slack.next(method, *[down] * 40)
    await world.pass_time(1800)
    assert [world.said(f"C{number}") for number in range(5)] == [["one"]] * 5
    assert await world.statuses() == {}


async def test_a_limited_channel_is_not_called_before_the_time_is_up(world: World) -> None:
    start = world.clock.now()
    world.slack.next("chat.postMessage", limited("30"))
    await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.say("C1", "two")
    await world.say("C2", "free")
    for _ in range(35):
        await world.advance(1)
    assert within(world.slack.instants("chat.postMessage", "C1"), start) == [0, 30, 31]
    assert within(world.slack.instants("chat.postMessage", "C2"), start) == [1]
    assert world.said("C1") == ["one", "two"]


async def test_a_limited_workspace_is_left_alone_as_a_whole(world: World) -> None:
    start = world.clock.now()
    world.slack.next("chat.postMessage", *[limited("30")] * 3)
    for number in range(3):
        await world.say(f"C{number}", "one")
    await world.outbox.deliver_due()
    await world.say("C9", "late")
    for _ in range(31):
        await world.advance(1)
    assert within(world.slack.instants("chat.postMessage", "C9"), start) == [30]
    assert world.said("C9") == ["late"]
    assert [world.said(f"C{number}") for number in range(3)] == [["one"]] * 3


async def test_what_can_never_be_said_is_kept_and_the_admin_told_once(world: World) -> None:
    world.slack.next("chat.postMessage", error("invalid_blocks"))
    await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.advance(1)
    alerts = world.slack.messages[ADMINS_DM]
    assert len(alerts) == 1
    assert SENTENCES["invalid_blocks"][:40] in alerts[0]["blocks"][0]["text"]["text"]
    parked = await world.db.read(lambda tx: tx.outbox.parked(10))
    assert ["invalid_blocks" in (row.last_error or "") for row in parked] == [True]
    await world.say("C1", "two")
    await world.advance(1)
    await world.advance(1)
    assert world.said("C1") == ["two"]


MENDABLE = ["channel_not_found", "not_in_channel", "is_archived", "missing_scope", "restricted_action"]


@pytest.mark.parametrize("code", MENDABLE)
async def test_what_an_admin_can_mend_is_said_once_it_is_mended(world: World, code: str) -> None:
    world.slack.closed["C1"] = code
    for text in ("one", "two"):
        await world.say("C1", text)
        await world.outbox.deliver_due()
    await world.advance(1)
    (alert,) = world.slack.messages[ADMINS_DM]
    assert SENTENCES[code][:40] in str(alert)
    assert "2 messages wait there, and Lockstep tries again every hour." in str(alert)
    assert [code in (row.last_error or "") for row in await world.db.read(lambda tx: tx.outbox.parked(9))] == [True] * 2
    called = len(world.slack.called("chat.postMessage"))

    await world.db.run(waiting.try_again)  # one of them, still in vain
    await world.advance(1)
    assert len(world.slack.called("chat.postMessage")) == called + 1
    assert world.said("C1") == []
    assert len(await world.db.read(lambda tx: tx.outbox.parked(9))) == 2

    del world.slack.closed["C1"]
    await world.db.run(waiting.try_again)
    for _ in range(4):
        await world.advance(1)
    assert sorted(world.said("C1")) == ["one", "two"]
    assert await world.statuses() == {}
    assert len(world.slack.messages[ADMINS_DM]) == 1


async def test_what_waits_in_a_channel_follows_the_first_message_that_arrives_there(world: World) -> None:
    world.slack.next("chat.postMessage", error("not_in_channel"))
    await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.say("C1", "two")
    for _ in range(4):
        await world.advance(1)
    assert sorted(world.said("C1")) == ["one", "two"]


async def test_news_that_waited_too_long_is_not_told_any_more(world: World) -> None:
    world.slack.next("chat.postMessage", error("not_in_channel"))
    await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.advance(8 * 24 * 3600)
    await world.db.run(waiting.try_again)
    await world.say("C1", "two")
    for _ in range(4):
        await world.advance(1)
    assert world.said("C1") == ["two"]


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_message_that_changed_while_it_was_being_posted_waits_no_longer_behind_new_ones(
    world: World, is_lost: bool
) -> None:
    """Also when Slack's answer is lost and the message has to be looked for."""
    arrived = asyncio.Event()
    world.slack.next("chat.postMessage", hangs(arrived) if is_lost else slow(arrived))
    post = await world.say("C1", "one")
    posting = asyncio.create_task(world.outbox.deliver_due())
    while not world.slack.called("chat.postMessage"):  # noqa: ASYNC110 - polls the outside
        await asyncio.sleep(0)
    for number in range(5):
        await world.say("C1", f"new {number}")
    await world.change(post, "decided")
    arrived.set()
    await posting
    assert world.said("C1") == ["decided"]


async def test_updates_of_a_message_never_go_side_by_side(world: World) -> None:
    """One that waits in the lane for new messages, because it was asked for before the message stood, goes to the
    other updates first."""
    post = await world.say("C1", "one")
    await world.outbox.deliver_due()
    await world.db.run(lambda tx: tx.outbox.add(OutboxKind.SYNC_POST, post.id, "C1"))
    world.clock.advance(1)
    await world.db.run(lambda tx: tx.posts.save_data(post.id, {"title": "two", "text": "two"}))
    assert await world.outbox.start_due() == 1
    await world.change(post, "three")
    await world.outbox.deliver_due()
    assert world.said("C1") == ["three"]
    assert len(world.slack.called("chat.update")) == 1


async def test_while_the_app_is_refused_nothing_is_lost_and_the_admin_hears_of_it(world: World) -> None:
    world.slack.next("chat.postMessage", *[error("token_revoked")] * 3)
    await world.say("C1", "one")
    for _ in range(10):
        await world.advance(60)
    assert world.said("C1") == ["one"]
    alerts = world.slack.messages[ADMINS_DM]
    assert len(alerts) == 1
    assert "token was revoked" in str(alerts[0])
    assert await world.db.read(lambda tx: tx.outbox.parked(10)) == []


async def test_trouble_with_the_admins_own_messages_is_told_no_further(world: World) -> None:
    world.slack.next("chat.postMessage", *[error("cannot_dm_bot")] * 5)
    await world.say(ADMIN, "one")
    for _ in range(5):
        await world.advance(10)
    # The message itself, and one about it; nothing about that one.
    assert len(world.slack.called("chat.postMessage")) == 2


async def test_a_deleted_card_comes_back(world: World) -> None:
    post = await world.say("C1", "one", PostRole.PRIMARY)
    await world.outbox.deliver_due()
    world.slack.messages["C1"].clear()
    await world.change(post, "two")
    await world.advance(1)
    assert world.said("C1") == ["two"]
    assert (await world.post(post)).ts == world.slack.messages["C1"][0]["ts"]


async def test_a_deleted_notice_stays_deleted(world: World) -> None:
    post = await world.say("C1", "one")
    await world.outbox.deliver_due()
    world.slack.messages["C1"].clear()
    await world.change(post, "two")
    await world.advance(1)
    assert world.said("C1") == []
    assert (await world.post(post)).gone is not None
    assert world.slack.messages[ADMINS_DM] == []


async def test_what_fails_in_lockstep_itself_is_tried_with_growing_waits_then_given_up(world: World) -> None:
    bad = await world.say("C1", "bad")
    tried: list[datetime] = []

    def failing(tx: Transaction, post_id: str) -> tuple[Post, Said] | None:
        if post_id == bad.id:
            tried.append(tx.now)
            raise KeyError("ines@example.com")
        return load(tx, post_id)

    outbox = Outbox(world.db, world.chat, load=failing, seed=1)
    await world.say("C2", "good")
    await world.pass_time(1500, outbox)
    assert len(tried) == PATIENCE
    waits = [(after - before).total_seconds() for before, after in pairwise(tried)]
    assert waits == sorted(waits)
    assert world.said("C2") == ["good"]
    parked = await world.db.read(lambda tx: tx.outbox.parked(10))
    assert [row.subject_id for row in parked] == [bad.id]
    assert "the log says more under" in str(parked[0].last_error)
    assert "ines" not in str(parked[0].last_error)
    assert len(world.slack.messages[ADMINS_DM]) == 1


async def test_what_was_being_sent_at_a_crash_is_looked_up_by_the_next_process(world: World) -> None:
    post = await world.say("C1", "one")
    world.slack.next("chat.postMessage", hangs(asyncio.Event()))
    await world.outbox.start_due()
    async with asyncio.timeout(5):
        while not world.slack.messages["C1"]:  # noqa: ASYNC110 - polls the outside
            await asyncio.sleep(0.005)
    await world.outbox.drain(timeout_s=0)
    world.outbox = world.deliverer()
    await world.outbox.deliver_due()
    assert len(world.slack.called("chat.postMessage")) == 1
    await world.advance(LEASE.total_seconds())
    assert world.said("C1") == ["one"]
    assert (await world.post(post)).ts is not None
    assert await world.statuses() == {}


async def test_a_process_that_comes_back_from_the_dead_withdraws_its_second_card(world: World) -> None:
    post = await world.say("C1", "one")
    end = asyncio.Event()

    async def slow(slack: FakeSlack, request: object, call: object) -> object:
        await end.wait()
        return await answers_as_usual(slack, call)

    world.slack.next("chat.postMessage", slow)  # type: ignore[arg-type]
    await world.outbox.start_due()
    other = world.deliverer(await world.open_another())
    for seconds in (LEASE.total_seconds(), 10, 20):
        world.clock.advance(seconds)
        await other.deliver_due()
    assert world.said("C1") == ["one"]
    first = (await world.post(post)).ts
    end.set()
    await world.advance(1)
    assert len(world.slack.messages["C1"]) == 2
    live = [m for m in world.slack.messages["C1"] if m["blocks"]]
    assert [m["ts"] for m in live] == [first] == [(await world.post(post)).ts]


async def answers_as_usual(slack: FakeSlack, call: object) -> object:
    from aiohttp import web

    return web.json_response(slack.answer(call))  # type: ignore[arg-type]


@pytest.mark.postgres
async def test_two_deliverers_never_both_send_the_same(postgres_world: World) -> None:
    world = postgres_world
    others = [world.deliverer(await world.open_another()) for _ in range(2)]
    for number in range(3):
        for channel in range(12):
            await world.say(f"C{channel}", f"{number}")
    for _ in range(4):
        await asyncio.gather(*(other.deliver_due() for other in others))
        world.clock.advance(1)
    assert [world.said(f"C{channel}") for channel in range(12)] == [["0", "1", "2"]] * 12
    assert len(world.slack.called("chat.postMessage")) == 36
    assert await world.statuses() == {}


async def test_a_lookup_never_reaches_behind_the_row(world: World) -> None:
    """History is searched from when the message was first to be said, not from the beginning of time."""
    world.clock.advance(timedelta(days=3).total_seconds())
    await world.say("C1", "one")
    world.slack.next("chat.postMessage", cut(accepted=True))
    await world.outbox.deliver_due()
    oldest = float(world.slack.called("conversations.history")[0]["oldest"])
    assert world.clock.now().timestamp() - oldest <= 120
