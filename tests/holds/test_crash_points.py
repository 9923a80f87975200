"""Killed at each named point, on the way in, on the way out and in a click; started again, every promise holds."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from bench import mortal, promises
from bench.mortal import Mortal
from bench.promises import Acknowledged, Click
from bot.crash_points import KILLED, CrashPoint
from bot.errors import WebError
from tests.holds.wire import Cut, wire

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]

LEAD = "LEAD-1"
INGEST = [point for point in CrashPoint if point.startswith("ingest.")]
DISPATCH = [point for point in CrashPoint if point.startswith("dispatch.")]
STORED = {CrashPoint.INGEST_COMMITTED}
"""Points at which the lead is in the database already."""


async def hand_over(bot: Mortal, *, hot: bool = True, delivery: str = "delivery-1") -> int:
    return await mortal.post(bot, mortal.lead(LEAD, hot=hot), delivery=delivery)


async def holds(bot: Mortal, *clicks: Click) -> promises.Found:
    """Everything due has happened, the lead is there, and every promise holds."""
    await bot.settled()
    found = await promises.look(bot, {LEAD})
    assert promises.broken(Acknowledged(leads={LEAD}, clicks=list(clicks)), found) == []
    return found


async def press(bot: Mortal, rep: int, card: dict[str, Any]) -> bool:
    """Whether the click on Accept was acknowledged."""
    place = await bot.slack.place(mortal.email(rep), mortal.POOL)
    answer = await bot.slack.act(mortal.email(rep), place, "click", message_ts=card["ts"], action_id="handoff.accept")
    return bool(answer["acked"])


async def card_in_pool(bot: Mortal) -> dict[str, Any]:
    """The one card of the lead, as a rep sees it."""
    place = await bot.slack.place(mortal.email(0), mortal.POOL)
    messages = (await bot.slack.screen(mortal.email(0), place))["messages"]
    (card,) = [one for one in messages if not one.get("ephemeral") and "Company LEAD-1" in str(one)]
    return dict(card)


def owners(found: promises.Found) -> list[str | None]:
    return [found.slack_ids.get(one.rep_id or "") for one in found.handoffs[LEAD] if one.is_owned]


# -- on the way in -----------------------------------------------------------------------------------------------
async def killed_on_the_way_in(bot: Mortal, point: CrashPoint) -> None:
    await bot.start(crash_at=point)
    assert await hand_over(bot) == 0, "the sender got an answer"
    assert await bot.died() == KILLED
    stored = (await promises.look(bot, {LEAD})).handoffs
    assert (LEAD in stored) == (point in STORED)
    await bot.start()
    # What was not answered is sent again, with the same id, as webhooks are.
    assert await hand_over(bot) == (200 if point in STORED else 202)
    await holds(bot)


@pytest.mark.parametrize("point", INGEST)
async def test_a_lead_survives_a_death_on_the_way_in(bot: Mortal, point: CrashPoint) -> None:
    await killed_on_the_way_in(bot, point)


@pytest.mark.postgres
@pytest.mark.parametrize("point", [CrashPoint.INGEST_OUTBOX_INSERTED, CrashPoint.INGEST_COMMITTED])
async def test_a_lead_survives_a_death_on_the_way_in_on_postgresql(postgres_bot: Mortal, point: CrashPoint) -> None:
    await killed_on_the_way_in(postgres_bot, point)


async def test_a_lead_that_was_answered_with_2xx_survives_a_death_right_after(bot: Mortal) -> None:
    await bot.start()
    assert await hand_over(bot) == 202
    await bot.kill()
    assert LEAD in (await promises.look(bot, {LEAD})).handoffs
    await bot.start()
    await holds(bot)


# -- on the way out ----------------------------------------------------------------------------------------------
async def killed_on_the_way_out(bot: Mortal, point: CrashPoint) -> None:
    await bot.start()
    await bot.settled()  # the reps are welcomed: what it dies of is the lead's card
    await bot.kill()
    await bot.start(crash_at=point)
    answered = await hand_over(bot)
    assert await bot.died() == KILLED
    await bot.start()
    if answered == 0:  # it died before the answer was out
        assert await hand_over(bot) == 200
    await holds(bot)


@pytest.mark.parametrize("point", DISPATCH)
async def test_one_card_stands_after_a_death_on_the_way_out(bot: Mortal, point: CrashPoint) -> None:
    await killed_on_the_way_out(bot, point)


@pytest.mark.postgres
@pytest.mark.parametrize("point", [CrashPoint.DISPATCH_LEASED, CrashPoint.DISPATCH_RECORDING])
async def test_one_card_stands_after_a_death_on_the_way_out_on_postgresql(
    postgres_bot: Mortal, point: CrashPoint
) -> None:
    await killed_on_the_way_out(postgres_bot, point)


@pytest.mark.parametrize("cut", list(Cut))
async def test_one_card_stands_after_a_death_while_slack_is_being_told(bot: Mortal, cut: Cut) -> None:
    async with wire(bot.slack.url, cut) as line:
        bot.api = line.url
        await bot.start()
        assert await hand_over(bot) == 202
        async with asyncio.timeout(20):
            await line.held.wait()
        await bot.kill()
    bot.api = ""
    await bot.start()
    await holds(bot)


# -- in a click --------------------------------------------------------------------------------------------------
async def offered(bot: Mortal) -> dict[str, Any]:
    """The lead waits in the pool; gives its card."""
    await bot.start()
    assert await hand_over(bot) == 202
    await bot.settled(5)
    return await card_in_pool(bot)


async def killed_in_a_click(bot: Mortal, point: CrashPoint, *, decided: bool) -> None:
    card = await offered(bot)
    await bot.kill()
    await bot.start(crash_at=point)
    assert not await press(bot, 0, card), "the click was acknowledged"
    assert await bot.died() == KILLED
    first = bot.slack.ids[mortal.email(0)]
    assert owners(await promises.look(bot, {LEAD})) == ([first] if decided else [])
    await bot.start()
    await bot.settled()
    # Whoever saw no reaction looks again, and clicks again where there is still something to click.
    if not decided:
        assert await press(bot, 0, await card_in_pool(bot))
    found = await holds(bot, Click(external_id=LEAD, by=first))
    assert owners(found) == [first]
    assert "Accepted by" in str(await card_in_pool(bot))


@pytest.mark.parametrize(
    ("point", "decided"), [(CrashPoint.CLICK_IN_TRANSACTION, False), (CrashPoint.CLICK_COMMITTED, True)]
)
async def test_a_click_counts_once_or_not_at_all_after_a_death(bot: Mortal, point: CrashPoint, decided: bool) -> None:
    await killed_in_a_click(bot, point, decided=decided)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("point", "decided"), [(CrashPoint.CLICK_IN_TRANSACTION, False), (CrashPoint.CLICK_COMMITTED, True)]
)
async def test_a_click_counts_once_or_not_at_all_after_a_death_on_postgresql(
    postgres_bot: Mortal, point: CrashPoint, decided: bool
) -> None:
    await killed_in_a_click(postgres_bot, point, decided=decided)


async def test_a_click_that_was_acknowledged_survives_a_death_right_after(bot: Mortal) -> None:
    card = await offered(bot)
    assert await press(bot, 0, card)
    await bot.kill()
    first = bot.slack.ids[mortal.email(0)]
    assert owners(await promises.look(bot, {LEAD})) == [first]
    await bot.start()
    await holds(bot, Click(external_id=LEAD, by=first))
    assert "Accepted by" in str(await card_in_pool(bot))


async def test_the_winner_owns_the_lead_when_the_second_was_never_told(bot: Mortal) -> None:
    card = await offered(bot)
    await bot.kill()
    await bot.start(crash_at=CrashPoint.CLICK_LOSER_NOT_TOLD)
    with contextlib.suppress(WebError):
        await asyncio.gather(press(bot, 0, card), press(bot, 1, card))
    assert await bot.died() == KILLED
    (winner,) = owners(await promises.look(bot, {LEAD}))
    await bot.start()
    found = await holds(bot, Click(external_id=LEAD, by=str(winner)))
    assert owners(found) == [winner]
    assert "Accepted by" in str(await card_in_pool(bot))


# -- the switch --------------------------------------------------------------------------------------------------
async def test_an_armed_point_is_what_kills_and_nothing_else(bot: Mortal, tmp_path: Path) -> None:
    """A point that is not on the way leaves the process alive: the tests above see what they claim to see."""
    await bot.start(crash_at=CrashPoint.CLICK_IN_TRANSACTION)
    assert await hand_over(bot) == 202
    await holds(bot)
    assert bot.alive
