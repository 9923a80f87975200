"""Several versions: whatever the order of their instants, signatures and timers, the last of them holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.agreement_document import Agreement
from bot.domain.ladder import Mode
from bot.domain.post import TimerKind
from bot.domain.signing import State
from bot.services import agreements
from tests.services.test_agreements import (
    DAY,
    MANAGER,
    MONA,
    faster,
    messages,
    mode,
    notice,
    present,
    propose,
    seen_again,
    sign,
    signed,
    state,
    teams,
)
from tests.services.world import START, World

__all__ = ["teams"]
LATER = START + 7 * DAY


async def instants(world: World, agreement: Agreement) -> tuple[datetime | None, datetime | None]:
    found = await world.db.read(lambda tx: tx.agreements.get(agreement.id))
    assert found is not None
    assert found.signing is not None
    return found.signing.in_force_at, found.signing.ended_at


async def begun(world: World, order: list[Agreement]) -> None:
    """The timers of these fire in this order, nine days on."""
    world.clock.advance(9 * DAY)
    for one in order:
        await world.db.run(agreements.start, one.id)
    await world.sweep()


async def reviews(world: World, *versions: Agreement) -> list[bool]:
    kind = TimerKind.AGREEMENT_REVIEW
    return [await world.db.read(lambda tx, of=one.id: tx.timers.get(kind, of)) is not None for one in versions]


@pytest.mark.parametrize("apart", [timedelta(0), DAY])
@pytest.mark.parametrize("backwards", [False, True])
async def test_of_two_signed_versions_whose_instants_have_come_the_later_holds_whichever_timer_fires_first(
    teams: World, backwards: bool, apart: timedelta
) -> None:
    before = await signed(teams)
    first = await signed(teams, LATER, faster(minutes=12))
    second = await signed(teams, LATER + apart, faster(minutes=13))
    order = [first, second]
    await begun(teams, order[::-1] if backwards else order)
    assert (await present(teams)).id == second.id
    assert [await state(teams, one) for one in (before, first, second)] == [
        State.REPLACED, State.REPLACED, State.IN_FORCE,
    ]  # fmt: skip
    assert await mode(teams, second) is Mode.ENFORCED
    assert await instants(teams, before) == (START, LATER)
    assert await instants(teams, first) == (LATER, LATER + apart)
    assert await reviews(teams, before, first, second) == [False, False, True]
    for one, told in ((first, False), (second, True)):
        assert ("in_force" in [post.data["about"] for post in await messages(teams, one)]) is told
    assert (await notice(teams, first, MANAGER)).state is State.REPLACED


async def test_a_version_signed_last_holds_also_where_one_with_a_higher_number_began_at_the_same_instant(
    teams: World,
) -> None:
    lower = await propose(teams, faster(minutes=12))
    higher = await signed(teams, document=faster(minutes=13))
    await sign(teams, lower, MANAGER)
    await sign(teams, lower, MONA)
    teams.clock.advance(timedelta(microseconds=1))
    await teams.sweep()
    assert (await present(teams)).id == lower.id
    assert [await state(teams, one) for one in (lower, higher)] == [State.IN_FORCE, State.REPLACED]


async def test_a_signature_before_the_timers_fire_finds_every_version_where_it_stands(teams: World) -> None:
    first = await signed(teams, LATER, faster(minutes=12))
    second = await signed(teams, LATER + DAY, faster(minutes=13))
    third = await propose(teams, faster(minutes=14))
    teams.clock.advance(9 * DAY)
    await seen_again(teams, "p4")
    await sign(teams, third, MANAGER)
    assert [await state(teams, one) for one in (first, second)] == [State.REPLACED, State.IN_FORCE]
