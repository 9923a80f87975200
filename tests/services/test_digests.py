"""Digests on their schedules: one a period, whatever happens; sent, silent, late or skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.digest import Digest, DigestKind, DigestState, Schedule
from bot.domain.post import Post, Subject, TimerKind
from bot.errors import NotFound, Refused
from bot.services import digests, schedules
from bot.services.schedules import Wanted
from storage.transaction import Transaction
from tests.services.world import MARKETING, START, World

WANTED = Wanted(
    name="Field notes", kind=DigestKind.FIELD_NOTES, place=MARKETING, weekdays=(0, 1, 2, 3, 4), at=time(9),
    tz="Europe/Berlin",
)  # fmt: skip
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# A Monday, 10:00 in Berlin.
TUESDAY_AT_NINE = datetime(2026, 3, 3, 8, tzinfo=UTC)


async def made(world: World, **values: Any) -> Schedule:
    return await world.db.run(schedules.add, replace(WANTED, **values), "p4")


async def changed(world: World, schedule: Schedule, **values: Any) -> Schedule:
    def change(tx: Transaction) -> Schedule:
        taken = digests.take(tx, schedule.id)
        return schedules.change(tx, taken, replace(schedules.wanted_of(taken), **values))

    return await world.db.run(change)


async def at(world: World, instant: datetime) -> None:
    world.clock.advance(instant - world.clock.now())
    await world.sweep()


async def found(world: World, schedule: Schedule) -> list[Digest]:
    return list(reversed(await world.db.read(lambda tx: tx.digests.latest(schedule.id, 100))))


async def posts(world: World, schedule: Schedule) -> list[Post]:
    def read(tx: Transaction) -> list[Post]:
        of = [tx.posts.of_subject(Subject.DIGEST, one.id) for one in tx.digests.latest(schedule.id, 100)]
        return [post for each in of for post in each]

    return await world.db.read(read)


async def test_a_new_schedule_begins_with_its_next_time_and_sends_one_a_day(world: World) -> None:
    schedule = await made(world)
    assert schedule.next_at == TUESDAY_AT_NINE
    await at(world, TUESDAY_AT_NINE - timedelta(seconds=1))
    assert await found(world, schedule) == []
    for days in range(3):
        await at(world, TUESDAY_AT_NINE + days * DAY)
        await world.sweep()
    sent = await found(world, schedule)
    assert [one.period for one in sent] == [date(2026, 3, day) for day in (3, 4, 5)]
    assert {(one.state, one.late_s) for one in sent} == {(DigestState.SENT, None)}
    assert [post.place for post in await posts(world, schedule)] == [MARKETING] * 3


async def test_each_tells_from_where_the_one_before_stopped_and_the_first_of_a_whole_period(world: World) -> None:
    schedule = await made(world)
    for days in (0, 1, 4.3, 6):
        await at(world, TUESDAY_AT_NINE + days * DAY)
    sent = await found(world, schedule)
    assert sent[0].from_at == TUESDAY_AT_NINE - DAY
    assert [one.from_at for one in sent[1:]] == [one.until_at for one in sent[:-1]]


async def test_after_a_short_standstill_it_is_late_and_says_so(world: World) -> None:
    schedule = await made(world)
    await at(world, TUESDAY_AT_NINE + 12 * HOUR)
    (digest,) = await found(world, schedule)
    assert (digest.state, digest.late_s) == (DigestState.SENT, 12 * 3600)


async def test_after_a_long_one_what_was_missed_is_skipped_and_the_next_says_so(world: World) -> None:
    schedule = await made(world)
    await at(world, TUESDAY_AT_NINE + DAY + 13 * HOUR)
    assert [one.state for one in await found(world, schedule)] == [DigestState.SKIPPED] * 2
    assert await posts(world, schedule) == []
    await at(world, TUESDAY_AT_NINE + 2 * DAY)
    sent = (await found(world, schedule))[-1]
    assert sent.state is DigestState.SENT
    assert sent.from_at == TUESDAY_AT_NINE - DAY, "nothing that happened meanwhile is left out"
    skipped = await world.db.read(lambda tx: tx.digests.skipped_before(sent))
    assert skipped == [date(2026, 3, 3), date(2026, 3, 4)]
    await at(world, TUESDAY_AT_NINE + 3 * DAY)
    after = (await found(world, schedule))[-1]
    assert await world.db.read(lambda tx: tx.digests.skipped_before(after)) == []


async def test_silent_when_empty_is_a_period_settled_without_a_word(world: World) -> None:
    schedule = await made(world, silent_when_empty=True)
    await at(world, TUESDAY_AT_NINE)
    (digest,) = await found(world, schedule)
    assert digest.state is DigestState.SILENT
    assert await posts(world, schedule) == []


async def test_moved_to_a_time_that_has_passed_it_is_sent_at_once_and_once(world: World) -> None:
    schedule = await made(world, at=time(18))
    changed_one = await changed(world, schedule, at=time(8))
    (digest,) = await found(world, schedule)
    assert (digest.period, digest.late_s) == (START.date(), None)
    assert changed_one.next_at == TUESDAY_AT_NINE - HOUR
    await changed(world, schedule, at=time(19))
    await at(world, START + DAY - HOUR)
    assert len(await found(world, schedule)) == 1, "it was sent today: not again in the evening"


async def test_moved_to_later_it_comes_later_and_with_its_weekday_gone_not_at_all(world: World) -> None:
    schedule = await made(world, at=time(11))
    moved = await changed(world, schedule, at=time(12))
    assert moved.next_at == START + 2 * HOUR
    without = await changed(world, schedule, weekdays=(4,))
    assert without.next_period == date(2026, 3, 6)
    assert await found(world, schedule) == []


async def test_a_change_first_settles_what_was_due_by_then(world: World) -> None:
    schedule = await made(world)
    world.clock.advance(TUESDAY_AT_NINE + HOUR - world.clock.now())
    await changed(world, schedule, at=time(17))
    (digest,) = await found(world, schedule)
    assert (digest.period, digest.late_s) == (date(2026, 3, 3), 3600)


async def test_off_it_sends_nothing_and_on_again_it_goes_on_from_there(world: World) -> None:
    schedule = await made(world)
    await at(world, TUESDAY_AT_NINE)
    await changed(world, schedule, is_on=False)
    await at(world, TUESDAY_AT_NINE + 2 * DAY)
    on = await changed(world, schedule, is_on=True)
    assert on.next_period == date(2026, 3, 6)
    await at(world, TUESDAY_AT_NINE + 3 * DAY)
    first, second = await found(world, schedule)
    assert second.from_at == first.until_at


async def test_removed_it_is_gone_and_nothing_is_due(world: World) -> None:
    schedule = await made(world)
    await world.db.run(lambda tx: schedules.remove(tx, digests.take(tx, schedule.id)))
    assert await world.db.read(lambda tx: tx.schedules.all()) == []
    assert await world.db.read(lambda tx: tx.timers.get(TimerKind.DIGEST, schedule.id)) is None
    with pytest.raises(NotFound):
        await changed(world, schedule, at=time(8))


async def test_sent_now_is_one_more_beside_the_schedule(world: World) -> None:
    schedule = await made(world)

    def send(tx: Transaction) -> None:
        person, one = tx.people.get("p4"), tx.schedules.lock(schedule.id)
        assert person is not None
        assert one is not None
        digests.send_now(tx, one, person)

    await world.db.run(send)
    with pytest.raises(Refused, match="sent"):
        await world.db.run(send)
    await at(world, TUESDAY_AT_NINE)
    extra, regular = await found(world, schedule)
    assert (extra.period, extra.sent_by) == (None, "p4")
    assert regular.from_at == extra.from_at, "the one on time tells of everything since the last one on time"
    assert len(await posts(world, schedule)) == 2


async def test_for_somebody_who_left_it_is_switched_off_and_the_admin_told(world: World) -> None:
    schedule = await made(world, place="U5")
    await world.change("p5", on_roster=False)
    await at(world, TUESDAY_AT_NINE)
    now = await world.db.read(lambda tx: tx.schedules.get(schedule.id))
    assert now is not None
    assert (now.is_on, now.next_at) == (False, None)
    assert await found(world, schedule) == []
    assert await world.db.read(lambda tx: tx.briefs.last_day("p6")) == TUESDAY_AT_NINE.date(), "told in a brief"
