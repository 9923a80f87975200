"""Stories: the clock moves across weeks, and everything happens at its own instant, with one bot and with two."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from tests.sandbox.slack_driver import Json
from tests.stories import brightwater
from tests.stories.brightwater import Brightwater, labels

pytestmark = pytest.mark.story
UNDO = timedelta(minutes=5)


@pytest.fixture
async def two_bots(postgres_url: str, tmp_path: Path) -> AsyncIterator[Brightwater]:
    """Brightwater with two Locksteps, each in a process of its own, on one PostgreSQL."""
    await brightwater.prepare(postgres_url, tmp_path)
    async with brightwater.office(postgres_url, tmp_path) as office, office.processes("one", "two") as addresses:
        office.bot_url = addresses[0]
        assert (await office.slack.get("clock"))["followers"] == 2
        yield office


async def _two_weeks_pass(office: Brightwater) -> None:
    """One lead put off to a day, one accepted; then two weeks in one step of the clock."""
    await office.hands_over(name="Rui Nogueira", external_id="later", email="later@example.com")
    rep, card = await office.rep_with("Rui Nogueira")
    day = (await office.now()).astimezone(rep.tz).date() + timedelta(days=10)
    again = ["Offer it to me again"]
    await rep.rejects(card, "messages", "Real, but later", recycle_on=day.isoformat(), again=again)
    await office.hands_over(name="Caroline Whitfield", external_id="now", email="now@example.com")
    owner, mine = await office.rep_with("Caroline Whitfield")
    accepted_at = await office.now()
    await owner.presses("Accept", mine, "messages")
    messages = await rep.place("messages")
    before = {one["ts"] for one in await office.record(messages)}

    await office.passes(days=14)

    await _is_back_once_at_nine(office, messages, before, datetime.combine(day, time(9), rep.tz))
    await office.sam.sees("messages", "Rui Nogueira", "Real, but later", "Offered to")
    await _undo_went_at_five_minutes(office, await owner.place("messages"), mine["ts"], accepted_at)
    await owner.presses("Undo", mine, "messages")
    await owner.told("messages", "Undo ends five minutes after the accept")


async def _is_back_once_at_nine(office: Brightwater, messages: str, before: set[str], morning: datetime) -> None:
    new = [one for one in await office.record(messages) if one["ts"] not in before]
    assert len(new) == 1
    assert labels(new[0]["message"])[:2] == ["Accept", "Reject"]
    assert 0 <= float(new[0]["ts"]) - morning.timestamp() < 2


async def _undo_went_at_five_minutes(office: Brightwater, messages: str, ts: str, accepted_at: datetime) -> None:
    versions = next(one for one in await office.record(messages) if one["ts"] == ts)["versions"]
    with_undo = [_at(one) for one in versions if "Undo" in labels(one["message"])]
    without = [_at(one) for one in versions if "Undo" not in labels(one["message"]) and _at(one) > accepted_at]
    assert len(with_undo) == len(without) == 1
    assert 0 <= (without[0] - accepted_at - UNDO).total_seconds() < 1


async def _undo_works_one_second_before_and_not_at_the_limit(office: Brightwater) -> None:
    for number, (after, works) in enumerate([(UNDO - timedelta(seconds=1), True), (UNDO, False)]):
        name = f"Lead {number}"
        await office.hands_over(external_id=name, name=name, email=f"{number}@example.com")
        rep, card = await office.rep_with(name)
        accepted_at = await office.now()
        await rep.presses("Accept", card, "messages")
        await office.until(accepted_at + after)
        await rep.presses("Undo", card, "messages")
        shown = labels(await rep.sees("messages", name, "Why it qualified"))
        assert ("Accept" in shown) == works


def _at(version: Json) -> datetime:
    return datetime.fromisoformat(version["at"])


async def test_a_lead_is_back_on_its_day_at_nine_and_undo_goes_at_five_minutes_to_the_second(
    office: Brightwater,
) -> None:
    await _two_weeks_pass(office)


async def test_undo_works_at_4_59_and_not_at_5_00(office: Brightwater) -> None:
    await _undo_works_one_second_before_and_not_at_the_limit(office)


@pytest.mark.postgres
async def test_with_two_bots_all_of_that_holds_and_happens_once(two_bots: Brightwater) -> None:
    await _undo_works_one_second_before_and_not_at_the_limit(two_bots)
    await _two_weeks_pass(two_bots)
