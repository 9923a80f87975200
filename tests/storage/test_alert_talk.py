"""Questions, readers, lists and leads of campaign alerts, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.campaign_alert import AlertState, CampaignAlert, GotIt, Question
from bot.domain.handoff import End, Opened
from bot.domain.person import Role, Side
from storage.alert_lists import AlertLeads
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, accepted, handoff, lead, person, rejected


def alert(tx: Transaction, campaign: str = "webinar", **given: Any) -> CampaignAlert:
    """One that sales was told of an hour ago and that starts tomorrow, stored."""
    owner_id = given.get("owner_id") or person(tx, "Sam", side=Side.MARKETING).id
    values: dict[str, Any] = {
        "state": AlertState.SCHEDULED, "version": 1, "buyer_sees": "", "audience": "", "segment": "",
        "starts_at": NOON + timedelta(days=1), "ends_at": None, "tz": "UTC", "offer": "A check", "offer_is_new": False,
        "lead_looks_like": "", "expected_volume": None, "cost": None, "currency": None, "channels": (), "assets": (),
        "made_by": owner_id, "created_at": NOON, "updated_at": NOON, "told_at": NOON - timedelta(hours=1),
        "owner_id": owner_id,
    } | given  # fmt: skip
    made = CampaignAlert(id=tx.new_id(), campaign_id=tx.campaigns.ensure(campaign).id, **values)
    tx.campaign_alerts.add(made)
    return made


def question(tx: Transaction, of: CampaignAlert, text: str, **given: Any) -> Question:
    made = Question(
        id=tx.new_id(), alert_id=of.id, place=tx.alert_questions.next_place(of.id), text=text, asked_at=NOON,
        **{"expected": False, **given},
    )  # fmt: skip
    tx.alert_questions.add(made)
    return made


async def test_what_waits_for_an_answer_is_listed_first_then_what_stands_on_the_alert(db: Database) -> None:
    def store(tx: Transaction) -> list[str]:
        of, rep = alert(tx), person(tx)
        question(tx, of, "answered", asked_by=rep.id, answer="Yes.")
        question(tx, of, "expected", expected=True, answer="No.")
        question(tx, of, "expected without an answer", expected=True)
        waits = question(tx, of, "waits", asked_by=rep.id)
        assert tx.alert_questions.waiting([of.id]) == {of.id: 1}
        assert [one.text for one in tx.alert_questions.expected(of.id)] == ["expected", "expected without an answer"]
        found = [one.text for one in tx.alert_questions.listed(of.id, 10)]
        tx.alert_questions.save(replace(waits, answer="Later.", expected=True))
        assert tx.alert_questions.waiting([of.id]) == {}
        assert len(tx.alert_questions.expected(of.id)) == 3
        tx.alert_questions.remove(waits.id)
        assert tx.alert_questions.count_listed(of.id) == 3
        return found

    assert await db.run(store) == ["waits", "expected", "expected without an answer", "answered"]


async def test_got_it_counts_once_a_person_and_never_an_older_version_over_a_newer(db: Database) -> None:
    def store(tx: Transaction) -> None:
        of, reps = alert(tx, version=2), [person(tx, name, slack_id=f"U{name}") for name in ("Ines", "Jonas")]
        person(tx, "Sam", slack_id="USAM", side=Side.SALES, roles=frozenset({Role.MANAGER}))

        def press(number: int, version: int) -> bool:
            return tx.got_its.press(GotIt(alert_id=of.id, person_id=reps[number].id, version=version, at=tx.now))

        assert press(0, 1)
        assert not press(0, 1)
        found = tx.got_its.counts([of.id])[of.id]
        assert (found.got_it, found.earlier, found.asked) == (1, 1, 2)
        assert tx.got_its.missing(of.id, 10) == ["Jonas"]
        assert press(0, 2)
        assert not press(0, 1)
        assert press(1, 2)
        found = tx.got_its.counts([of.id])[of.id]
        assert (found.got_it, found.earlier, found.asked) == (2, 0, 2)
        assert [one.name for one in tx.got_its.read_by(of.id, 10)] == ["Ines", "Jonas"]

    await db.run(store)


async def test_leads_count_once_from_when_sales_was_told(db: Database) -> None:
    def store(tx: Transaction) -> AlertLeads:
        of, rep = alert(tx), person(tx).id
        campaign_id, later = of.campaign_id, {"received_at": NOON, "offered_at": NOON}
        before = NOON - timedelta(days=2)

        def offer(name: str, **given: Any) -> Any:
            given = {"rep_id": rep, "campaign_id": campaign_id, **later, **given}
            return handoff(tx, lead(tx, name, campaign_id=campaign_id), **given)

        tx.handoffs.decide(accepted(offer("taken"), rep, tx.now))
        twice = lead(tx, "twice", campaign_id=campaign_id)
        for reason, opened in (("low_intent", Opened.HANDED_OVER), ("misrouted", Opened.REROUTED)):
            made = handoff(tx, twice, rep_id=rep, campaign_id=campaign_id, opened=opened, **later)
            tx.handoffs.decide(rejected(made, rep, tx.now, reason))
        tx.handoffs.decide(rejected(offer("once"), rep, tx.now))
        offer("waits")
        offer("practice", practice=True)
        tx.handoffs.decide(accepted(offer("long ago", received_at=before, offered_at=before), rep, tx.now))
        undone = accepted(offer("undone"), rep, tx.now)
        tx.handoffs.decide(undone)
        tx.handoffs.finish(replace(undone, end=End.UNDONE, ended_at=tx.now, version=undone.version + 1))
        handoff(tx, lead(tx, "of another"), rep_id=rep, campaign_id=tx.campaigns.ensure("ads").id, **later)
        return tx.alert_lists.leads([of.id])[of.id]

    assert await db.run(store) == AlertLeads(
        handed_over=5, accepted=1, rejected=2, reasons={"low_intent": 2, "misrouted": 1}
    )


async def test_leads_of_one_told_late_count_from_its_start(db: Database) -> None:
    def store(tx: Transaction) -> int:
        started = NOON - timedelta(days=3)
        of, rep = alert(tx, state=AlertState.LIVE, starts_at=started), person(tx).id
        for name, at in (("before", started - timedelta(days=1)), ("since", started + timedelta(days=1))):
            made = lead(tx, name, campaign_id=of.campaign_id)
            handoff(tx, made, rep_id=rep, campaign_id=of.campaign_id, received_at=at, offered_at=at)
        return tx.alert_lists.leads([of.id])[of.id].handed_over

    assert await db.run(store) == 1


async def test_lists_are_by_state_and_what_is_not_read_yet_comes_first(db: Database) -> None:
    def store(tx: Transaction) -> None:
        owner, rep = person(tx, "Sam", side=Side.MARKETING), person(tx, slack_id="U1")
        mine: dict[str, Any] = {"owner_id": owner.id}
        soon = alert(tx, "soon", starts_at=NOON + timedelta(hours=1), **mine)
        alert(tx, "later", **mine)
        alert(tx, "live", state=AlertState.LIVE, starts_at=NOON - timedelta(days=1), **mine)
        alert(tx, "draft", state=AlertState.DRAFT, told_at=None, **mine)
        alert(tx, "proposed", state=AlertState.PROPOSED, told_at=None)
        alert(tx, "ended", state=AlertState.ENDED, ended_at=NOON)
        tx.got_its.press(GotIt(alert_id=soon.id, person_id=rep.id, version=1, at=tx.now))
        lists = tx.alert_lists
        assert [one.name for one in lists.to_read(rep.id, 10)] == ["live", "later", "soon"]
        assert (lists.count_running(), lists.count_unread(rep.id)) == (3, 2)
        assert [one.name for one in lists.open_of([owner.id], 10)] == ["draft", "live", "soon", "later"]
        assert [one.name for one in lists.open_of(None, 2, 1)] == ["proposed", "live"]
        assert (lists.count_open_of([owner.id]), lists.count_open_of(None)) == (4, 5)
        assert [one.name for one in lists.proposed(10)] == ["proposed"]
        assert (lists.count_proposed(), lists.count_all(told=True), lists.count_all(told=False)) == (1, 4, 6)
        assert len(lists.all(told=True, limit=10)) == 4
        assert lists.told_of_campaign(soon.campaign_id, 5) == [soon.id]
        assert lists.leads([]) == {}

    await db.run(store)
