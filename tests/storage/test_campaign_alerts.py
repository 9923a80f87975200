"""The contract of storage about campaign alerts, on both databases, also with two who act at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.person import Person, Role, Side, SlackFlags
from bot.domain.post import Subject
from bot.errors import AlreadyDecided
from bot.services import campaign_alerts
from bot.services.campaign_alerts import ActOnAlert
from storage.campaign_alerts import AlertNumbers
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.campaign_alert_calls import make_alert
from tests.storage.samples import NOON, person


def made(tx: Transaction, owner: Person, **changes: Any) -> CampaignAlert:
    campaign = tx.campaigns.ensure("spring")
    alert = make_alert(
        id=tx.new_id(), campaign_id=campaign.id, owner_id=owner.id, made_by=owner.id, **changes
    )  # fmt: skip
    tx.campaign_alerts.add(alert)
    return alert


async def test_an_alert_comes_back_as_it_was_stored_and_changed(db: Database) -> None:
    alert = await db.run(lambda tx: made(tx, person(tx)))
    assert await db.read(lambda tx: tx.campaign_alerts.get(alert.id)) == alert
    changed = replace(
        alert, state=AlertState.ENDED, ends_at=None, cost=None, currency=None, channels=(), assets=(), late_s=60,
        told_at=NOON, eve_at=NOON, approved_by=alert.owner_id, approved_at=NOON, proposed_at=NOON, ended_at=NOON,
        changed_at=NOON, changed=(), withdrawn="“x”", sent_back="y", sent_back_by=alert.owner_id, version=2,
        expected_volume=None,
    )  # fmt: skip
    await db.run(lambda tx: tx.campaign_alerts.save(changed))
    assert await db.read(lambda tx: tx.campaign_alerts.of_campaign(alert.campaign_id)) == [changed]
    assert await db.read(lambda tx: tx.campaign_alerts.get("nobody's")) is None


async def test_lists_are_by_state_the_next_to_start_first(db: Database) -> None:
    def fill(tx: Transaction) -> tuple[Person, dict[str, list[str]]]:
        owner, other = person(tx), person(tx, "Sam")
        ids: dict[str, list[str]] = {}
        for state in AlertState:
            late = made(tx, owner, state=state, starts_at=NOON + timedelta(days=2), ends_at=None)
            ids[state] = [made(tx, owner, state=state, ends_at=None).id, late.id]
        ids["other"] = [made(tx, other).id]
        return owner, ids

    owner, ids = await db.run(fill)

    def found(tx: Transaction) -> list[list[str]]:
        lists = (
            tx.campaign_alerts.proposed(), tx.campaign_alerts.untold(), tx.campaign_alerts.told_and_open(),
            tx.campaign_alerts.open_owned_by([owner.id]),
        )  # fmt: skip
        return [[one.id for one in each] for each in lists]

    proposed, untold, open_ones, owned = await db.read(found)
    assert proposed == ids["proposed"]
    assert set(untold) == {*ids["draft"], *ids["proposed"], *ids["other"]}
    assert set(open_ones) == {*ids["scheduled"], *ids["live"]}
    assert set(owned) == {*ids["draft"], *ids["proposed"], *ids["scheduled"], *ids["live"]}
    starts = [ids[state][1] for state in ("draft", "proposed", "scheduled", "live")]
    assert set(owned[4:]) == set(starts), "what starts later comes later"


async def test_what_was_told_in_time_is_counted_for_all_and_for_some(db: Database) -> None:
    def fill(tx: Transaction) -> Person:
        owner, other = person(tx), person(tx, "Sam")
        made(tx, owner, told_at=NOON, state=AlertState.LIVE)
        made(tx, owner, told_at=NOON, state=AlertState.LIVE, late_s=60)
        made(tx, other, told_at=NOON, state=AlertState.ENDED)
        made(tx, owner, told_at=NOON - timedelta(days=9), state=AlertState.ENDED)
        made(tx, owner)
        return owner

    owner = await db.run(fill)
    assert await db.read(lambda tx: tx.campaign_alerts.numbers(NOON)) == AlertNumbers(told=3, in_time=2)
    mine = await db.read(lambda tx: tx.campaign_alerts.numbers(NOON, [owner.id]))
    assert mine == AlertNumbers(told=2, in_time=1)


@pytest.mark.parametrize("turn", range(3))
async def test_of_two_managers_who_approve_at_once_one_does(db: Database, other_db: Database, turn: int) -> None:
    def fill(tx: Transaction) -> CampaignAlert:
        owner = person(tx)
        for number in (1, 2):
            flags = SlackFlags(checked_at=tx.now)
            tx.people.add(
                Person(id=tx.new_id(), slack_id=f"UM{number}", name=f"Manager {number}", side=Side.SALES,
                       roles=frozenset({Role.MANAGER}), flags=flags)
            )  # fmt: skip
        at = tx.now + timedelta(days=9)
        return made(tx, owner, state=AlertState.PROPOSED, proposed_at=tx.now, starts_at=at, ends_at=None)

    alert = await db.run(fill)
    done = await asyncio.gather(
        *(
            each.run(campaign_alerts.approve, ActOnAlert(alert_id=alert.id, by=by, version=1))
            for each, by in ((db, "UM1"), (other_db, "UM2"))
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == [AlreadyDecided.__name__, CampaignAlert.__name__]
    posts = await db.read(lambda tx: [post.place for post in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert.id)])
    assert sorted(posts) == ["C1", "C2"], "once in each channel"
