"""What concerns one form or one Home happens in the order it was asked for."""

from __future__ import annotations

import asyncio

import pytest

from handlers.in_turn import InTurn


async def test_the_same_key_is_one_after_the_other() -> None:
    in_turn = InTurn()
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.01 if number == 0 else 0)
        done.append(number)

    await asyncio.gather(*(in_turn.run("V1", lambda number=number: work(number)) for number in range(5)))
    assert done == [0, 1, 2, 3, 4]


async def test_different_keys_do_not_wait_for_each_other() -> None:
    in_turn = InTurn()
    first_is_in, second_is_done = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        first_is_in.set()
        await second_is_done.wait()

    async def second() -> None:
        await first_is_in.wait()
        second_is_done.set()

    async with asyncio.timeout(5):
        await asyncio.gather(in_turn.run("V1", first), in_turn.run("V2", second))


async def test_who_waits_is_counted_until_it_begins() -> None:
    in_turn = InTurn()
    seen: list[int] = []

    async def work() -> None:
        await asyncio.sleep(0)
        seen.append(in_turn.waiting("U1"))

    await asyncio.gather(*(in_turn.run("U1", work) for _ in range(3)))
    assert seen == [2, 1, 0]
    assert in_turn.waiting("U1") == 0


async def test_a_failure_frees_the_next() -> None:
    in_turn = InTurn()

    async def fails() -> None:
        raise ValueError("no")

    async def works() -> None:
        done.append(True)

    done: list[bool] = []
    with pytest.raises(ValueError, match="no"):
        await in_turn.run("V1", fails)
    await in_turn.run("V1", works)
    assert done == [True]
