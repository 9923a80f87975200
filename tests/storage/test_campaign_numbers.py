"""Campaigns' numbers are in leads, and what is read many at once is what is read one by one. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.config import Source
from bot.domain.handoff import Opened, Status
from bot.domain.ladder import Rung
from bot.domain.lead import Stage
from bot.domain.person import Team
from bot.domain.post import TimerKind
from storage.campaign_numbers import CampaignNumbers
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, accepted, handoff, lead, person, rejected

SINCE = NOON - timedelta(days=7)


async def test_each_lead_counts_once_a_number_of_each_campaign_and_of_all_together(db: Database) -> None:
    def store(tx: Transaction) -> tuple[str, str, str]:
        owner, rep = person(tx, "Sam").id, person(tx).id
        ours, others = tx.campaigns.ensure("webinar"), tx.campaigns.ensure("ads")
        tx.campaigns.save(replace(ours, owner_id=owner))
        twice = lead(tx, "twice", campaign_id=ours.id)
        for reason, opened in (("low_intent", Opened.HANDED_OVER), ("misrouted", Opened.REROUTED)):
            made = handoff(tx, twice, rep_id=rep, campaign_id=ours.id, opened=opened)
            tx.handoffs.decide(rejected(made, rep, tx.now, reason))
        made = handoff(tx, lead(tx, "taken"), rep_id=rep, campaign_id=others.id)
        tx.handoffs.decide(accepted(made, rep, tx.now))
        alone = lead(tx, "nobody was free", campaign_id=ours.id)
        tx.timers.set(TimerKind.UNROUTED, alone.id, tx.now)
        parked = lead(tx, "nobody decided", campaign_id=ours.id, stage=Stage.MQL, rung=Rung.PARKED)
        handoff(tx, parked, rep_id=rep, campaign_id=ours.id, status=Status.EXPIRED, decided_at=tx.now)
        return owner, ours.id, others.id

    owner, ours, others = await db.run(store)
    reasons = {"low_intent": 1, "misrouted": 1}
    of_ours = CampaignNumbers(handed_over=3, rejected=1, reasons=reasons, waiting=2)
    of_all = replace(of_ours, handed_over=4, accepted=1)
    each = await db.read(lambda tx: tx.campaign_numbers.of_each([ours, others], SINCE))
    assert each == {ours: of_ours, others: CampaignNumbers(handed_over=1, accepted=1)}
    assert await db.read(lambda tx: tx.campaign_numbers.in_all([owner], SINCE)) == of_ours
    assert await db.read(lambda tx: tx.campaign_numbers.in_all(None, SINCE)) == of_all
    listed = await db.read(lambda tx: tx.campaign_numbers.campaigns(None, SINCE, 5, 0))
    assert [one.key for one in listed] == ["webinar", "ads"]
    assert await db.read(lambda tx: tx.campaign_numbers.count_campaigns([owner])) == 1
    assert await db.read(lambda tx: tx.campaign_numbers.count_rejects([owner], SINCE)) == 2


async def test_campaigns_without_leads_come_by_key_behind_the_others_page_by_page(db: Database) -> None:
    def store(tx: Transaction) -> None:
        for key in ("d", "b", "a", "c"):
            tx.campaigns.ensure(key)
        handoff(tx, lead(tx), rep_id=person(tx).id, campaign_id=tx.campaigns.ensure("c").id)

    await db.run(store)
    pages = [
        [one.key for one in await db.read(lambda tx, skip=skip: tx.campaign_numbers.campaigns(None, SINCE, 2, skip))]
        for skip in (0, 2, 4)
    ]
    assert pages == [["c", "a"], ["b", "d"], []]


async def test_the_last_lead_of_each_source_is_found_and_practice_is_none(db: Database) -> None:
    def store(tx: Transaction) -> None:
        for key in ("crm", "forms", "silent"):
            tx.sources.add(Source(key=key, name=key, secrets=(), created_at=tx.now))
        lead(tx, "1")
        lead(tx, "2", source="forms", practice=True)

    await db.run(store)
    assert list(await db.read(lambda tx: tx.leads.last_by_source())) == ["crm"]


async def test_members_and_people_read_at_once_are_those_read_one_by_one(db: Database) -> None:
    def check(tx: Transaction) -> None:
        one, two = person(tx, "Ada"), person(tx, "Ben")
        for number, members in enumerate(([(one.id, 1), (two.id, 3)], [(two.id, 0)], [])):
            tx.teams.add(Team(id=f"t{number}", key=f"team-{number}", name="Team"))
            tx.teams.set_members(f"t{number}", members)
        found = tx.teams.all_members()
        assert set(found) == {"t0", "t1"}
        assert all(found[team_id] == tx.teams.members(team_id) for team_id in found)
        assert tx.teams.count_members() == 3
        assert tx.teams.ids_of_people([one.id]) == {"t0"}
        assert tx.teams.ids_of_people([]) == set()
        assert tx.people.get_many([one.id, "nobody"]) == {one.id: one}

    await db.run(check)
