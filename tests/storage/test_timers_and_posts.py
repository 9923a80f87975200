"""Timers, posts and deliveries."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.post import Post, PostRole, Subject, TimerKind
from bot.errors import NotFound, StorageError
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, StandingClock, lead, take_due

UNDO, BACK = TimerKind.UNDO_END, TimerKind.BACK
MINUTE = timedelta(minutes=1)


async def take(db: Database) -> tuple[TimerKind, str] | None:
    timer = await db.run(take_due)
    return None if timer is None else (timer.kind, timer.subject_id)


async def test_timers_are_taken_once_when_they_are_due_the_longest_due_first(
    db: Database, clock: StandingClock
) -> None:
    await db.run(lambda tx: tx.timers.set(UNDO, "h-2", NOON + 2 * MINUTE))
    await db.run(lambda tx: tx.timers.set(UNDO, "h-1", NOON + MINUTE))
    assert await db.read(lambda tx: tx.timers.next_due()) == NOON + MINUTE
    assert await take(db) is None
    clock.at = NOON + MINUTE - timedelta(microseconds=1)
    assert await take(db) is None
    clock.at = NOON + 2 * MINUTE
    assert [await take(db), await take(db), await take(db)] == [(UNDO, "h-1"), (UNDO, "h-2"), None]
    assert await db.read(lambda tx: tx.timers.next_due()) is None


async def test_setting_a_timer_again_moves_it(db: Database) -> None:
    await db.run(lambda tx: tx.timers.set(BACK, "p", NOON + MINUTE))
    await db.run(lambda tx: tx.timers.set(BACK, "p", NOON + 2 * MINUTE))
    found = await db.read(lambda tx: tx.timers.get(BACK, "p"))
    assert found is not None
    assert found.due_at == NOON + 2 * MINUTE


async def test_cancelled_timers_never_fire(db: Database) -> None:
    def three(tx: Transaction) -> None:
        tx.timers.set(UNDO, "h-1", NOON)
        tx.timers.set(BACK, "h-1", NOON)
        tx.timers.set(UNDO, "h-2", NOON)
        tx.timers.cancel_all("h-1")
        tx.timers.cancel(BACK, "h-2")

    await db.run(three)
    assert [await take(db), await take(db)] == [(UNDO, "h-2"), None]


async def test_a_timer_whose_use_case_fails_stays_and_can_be_put_off(db: Database, clock: StandingClock) -> None:
    await db.run(lambda tx: tx.timers.set(UNDO, "h-1", NOON))
    taken = []

    def fails(tx: Transaction) -> None:
        taken.append(take_due(tx))
        raise NotFound("no")

    with pytest.raises(NotFound):
        await db.run(fails)
    await db.run(lambda tx: tx.timers.postpone(taken[0], NOON + MINUTE))
    assert await take(db) is None
    clock.at = NOON + MINUTE
    found = await db.run(take_due)
    assert found is not None
    assert (found.id, found.attempts) == (taken[0].id, 1)


async def test_a_timer_can_be_put_off_where_it_was_taken(db: Database) -> None:
    await db.run(lambda tx: tx.timers.set(UNDO, "h-1", NOON))

    def later(tx: Transaction) -> None:
        timer = take_due(tx)
        assert timer is not None
        tx.timers.postpone(timer, NOON + MINUTE)

    await db.run(later)
    assert await db.read(lambda tx: tx.timers.next_due()) == NOON + MINUTE


async def test_putting_off_does_not_bring_back_a_timer_cancelled_meanwhile(db: Database) -> None:
    await db.run(lambda tx: tx.timers.set(UNDO, "h-1", NOON))
    timer = await db.read(lambda tx: tx.timers.get(UNDO, "h-1"))
    assert timer is not None
    await db.run(lambda tx: tx.timers.cancel_all("h-1"))
    await db.run(lambda tx: tx.timers.postpone(timer, NOON))
    assert await take(db) is None


async def test_many_sweepers_take_each_timer_once(db: Database, other_db: Database) -> None:
    await db.run(lambda tx: [tx.timers.set(UNDO, f"h-{n}", NOON) for n in range(40)])
    taken: list[str] = []

    async def sweep(own: Database) -> None:
        while (found := await take(own)) is not None:
            taken.append(found[1])

    await asyncio.gather(*(sweep((db, other_db)[n % 2]) for n in range(8)))
    assert sorted(taken) == sorted(f"h-{n}" for n in range(40))


def card(tx: Transaction, handoff_id: str = "h-1", role: PostRole = PostRole.PRIMARY, place: str = "U1") -> Post:
    return tx.posts.add(Subject.HANDOFF, handoff_id, place, role, None, {"a": "b"})


async def test_a_post_comes_back_as_stored_and_is_found(db: Database) -> None:
    def three(tx: Transaction) -> list[Post]:
        of = lead(tx).id
        return [
            card(tx),
            card(tx, role=PostRole.MIRROR, place="C1"),
            tx.posts.add(Subject.TOUCH_NOTICE, of, "U2", PostRole.NOTICE, of, {}),
        ]

    primary, mirror, notice = await db.run(three)
    assert await db.read(lambda tx: tx.posts.get(primary.id)) == primary
    assert await db.read(lambda tx: tx.posts.of_subject(Subject.HANDOFF, "h-1")) == [primary, mirror]
    assert await db.read(lambda tx: tx.posts.primary("h-1")) == primary
    assert await db.read(lambda tx: tx.posts.of_lead(notice.lead_id or "")) == [notice]
    assert len({primary.key, mirror.key, notice.key}) == 3

    await db.run(lambda tx: tx.posts.shown(primary.id, "D1", "171.2", 4))
    await db.run(lambda tx: tx.posts.save_data(primary.id, {"n": 2}))
    found = await db.read(lambda tx: tx.posts.by_message("D1", "171.2"))
    assert found is not None
    assert (found.id, found.channel, found.ts, found.shown_version, found.data) == (
        primary.id, "D1", "171.2", 4, {"n": 2},
    )  # fmt: skip


async def test_cards_move_to_the_successor(db: Database) -> None:
    primary = await db.run(card)
    await db.run(lambda tx: tx.posts.move("h-1", "h-2"))
    assert await db.read(lambda tx: tx.posts.primary("h-1")) is None
    moved = await db.read(lambda tx: tx.posts.primary("h-2"))
    assert moved is not None
    assert moved.id == primary.id


async def test_a_handoff_has_one_primary_card_until_it_is_gone(db: Database) -> None:
    primary = await db.run(card)
    with pytest.raises(StorageError):
        await db.run(card)
    await db.run(lambda tx: tx.posts.gone(primary.id, "channel_not_found"))
    assert await db.read(lambda tx: tx.posts.primary("h-1")) is None
    await db.run(card)


async def test_a_delivery_is_new_once(db: Database, other_db: Database) -> None:
    answers = await asyncio.gather(
        *((db, other_db)[n % 2].run(lambda tx: tx.seen.first_time("slack", "Ev1")) for n in range(20))
    )
    assert sorted(answers) == [False] * 19 + [True]
    assert await db.run(lambda tx: tx.seen.first_time("lead", "Ev1"))


async def test_a_delivery_rolled_back_is_new_again(db: Database) -> None:
    def fails(tx: Transaction) -> None:
        assert tx.seen.first_time("lead", "d-1")
        raise NotFound("no")

    for _ in range(2):
        with pytest.raises(NotFound):
            await db.run(fails)


async def test_the_answer_to_a_delivery_is_kept(db: Database, clock: StandingClock) -> None:
    await db.run(lambda tx: tx.seen.first_time("lead", "d-1"))
    assert await db.read(lambda tx: tx.seen.answer_of("lead", "d-1")) is None
    await db.run(lambda tx: tx.seen.remember("lead", "d-1", {"status": "offered"}))
    await db.run(lambda tx: tx.seen.remember("lead", "d-2", {"status": "touch"}))
    assert await db.read(lambda tx: tx.seen.answer_of("lead", "d-1")) == {"status": "offered"}
    clock.advance(days=3)
    assert await db.run(lambda tx: tx.seen.first_time("lead", "d-3"))
    assert await db.run(lambda tx: tx.seen.prune(tx.now - timedelta(days=1))) == 2
    assert await db.read(lambda tx: tx.seen.answer_of("lead", "d-1")) is None
    assert not await db.run(lambda tx: tx.seen.first_time("lead", "d-3"))
