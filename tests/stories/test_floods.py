"""Story: sixty leads at once. The pool stays readable, nothing is lost, and every lead can be taken."""

from __future__ import annotations

import pytest

from bot.domain.flood import MOST_CARDS
from tests.stories.brightwater import HOT, Brightwater, words

pytestmark = pytest.mark.story

LEADS = 25


async def test_a_pool_that_is_flooded_gets_twenty_cards_and_one_summary(office: Brightwater) -> None:
    for number in range(LEADS):
        status, answer = await office.sends(
            HOT, external_id=f"F-{number}", name=f"Maria Lopez{number}", email=f"maria{number}@example.com"
        )
        assert status == 202, answer
    await office.passes(minutes=1)
    pool = await office.jonas.messages("#lead-pool")
    assert len(pool) == MOST_CARDS + 1
    rest = LEADS - MOST_CARDS
    summary = await office.jonas.sees("#lead-pool", f"{rest} further leads wait")
    assert "Maria" not in words(summary)

    # Somebody takes one from the summary, somebody else one of its leads from Home.
    blocks = [block for block in summary["blocks"] if block["type"] == "actions"]
    assert len(blocks) == rest
    await office.slack.act(
        office.jonas.id, "click", place=await office.jonas.place("#lead-pool"), message_ts=summary["ts"],
        action_id="handoff.accept", block_id=blocks[0]["block_id"],
    )  # fmt: skip
    await office.settled()
    await office.jonas.sees("#lead-pool", f"{rest - 1} further leads wait", "1 decided already")
    assert "My leads · 1" in words(await office.jonas.opens_home())

    await office.ines.opens_home()
    assert f"of {LEADS - 1}" in words(await office.ines.home())
    for _ in range(2):  # to the last page, where the listed ones are: the longest waiting come first
        await office.ines.presses_on_home("Next")
    await office.ines.presses_on_home("Accept", about="M. L.")
    assert "My leads · 1" in words(await office.ines.home())


async def test_ten_minutes_later_leads_have_cards_again(office: Brightwater) -> None:
    for number in range(MOST_CARDS + 1):
        await office.sends(HOT, external_id=f"F-{number}", name=f"Maria{number}", email=f"maria{number}@example.com")
    await office.passes(minutes=11)
    await office.hands_over(HOT, external_id="LATE", company="Late Company", email="late@example.com")
    await office.ines.sees("#lead-pool", "Late Company")
