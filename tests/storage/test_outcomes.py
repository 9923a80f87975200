"""Outcomes, leaks and milestones as they are stored, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.handoff import End, Handoff
from bot.domain.milestone import Milestone, What
from bot.domain.outcome import Attempt, Kind, Logged, Outcome
from bot.domain.person import Person
from bot.errors import Stale, StorageError
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, accepted, handoff, lead, person


def owned(tx: Transaction, number: int = 1) -> tuple[Handoff, Person]:
    rep = person(tx, f"Rep {number}")
    found = accepted(handoff(tx, lead(tx, f"C-{number}"), rep_id=rep.id), rep.id, NOON)
    tx.handoffs.decide(found)
    return found, rep


def entry(tx: Transaction, of: Handoff, kind: Kind, place: str | None = None, **values: Any) -> Logged:
    made = tx.new_id()
    outcome = Outcome(kind=kind, at=NOON, by=of.rep_id or "", **values)
    logged = Logged(
        id=made, handoff_id=of.id, lead_id=of.lead_id, place=place or made, outcome=outcome, logged_at=tx.now
    )
    tx.outcomes.add(logged)
    return logged


async def test_an_outcome_comes_back_as_it_was_logged_to_the_last_cent(db: Database) -> None:
    def act(tx: Transaction) -> tuple[Logged, Logged | None]:
        made = entry(
            tx, owned(tx)[0], Kind.OPPORTUNITY, amount=Decimal("999999999999.10"), currency="EUR",
            expected_close=date(2026, 12, 31), come_back_on=date(2027, 1, 1), attempt=Attempt.MAIL, reason="x",
            answer="Größe", note="第一",
        )  # fmt: skip
        return made, tx.outcomes.get(made.id)

    made, found = await db.run(act)
    assert found == made


async def test_a_correction_keeps_the_place_and_what_was_there(db: Database) -> None:
    def act(tx: Transaction) -> tuple[list[str], list[str], bool]:
        of, rep = owned(tx)
        first, second = entry(tx, of, Kind.ATTEMPT), entry(tx, of, Kind.CONTACTED)
        assert tx.outcomes.take_out(first.id, rep.id)
        instead = entry(tx, of, Kind.CONTACTED, first.place)
        again = tx.outcomes.take_out(first.id, rep.id)
        standing = [one.id for one in tx.outcomes.standing(of.id)]
        assert standing == [instead.id, second.id]
        assert tx.outcomes.standing_of_many([of.id, "nobody"])[of.id] == tx.outcomes.standing(of.id)
        return [one.id for one in tx.outcomes.ever(of.id)], [first.id, instead.id, second.id], again

    ever, expected, again = await db.run(act)
    assert ever == expected
    assert not again, "it is taken out once"


async def test_two_entries_never_stand_in_one_place(db: Database) -> None:
    def act(tx: Transaction) -> None:
        of, _ = owned(tx)
        first = entry(tx, of, Kind.ATTEMPT)
        entry(tx, of, Kind.ATTEMPT, first.place)

    with pytest.raises(StorageError):
        await db.run(act)


async def test_a_disqualification_by_mistake_gives_the_lead_back_to_its_owner(db: Database) -> None:
    def act(tx: Transaction) -> tuple[Handoff | None, str]:
        of, rep = owned(tx)
        ended = replace(of, end=End.DISQUALIFIED, ended_at=NOON, version=of.version + 1)
        assert tx.handoffs.finish(ended)
        tx.handoffs.reinstate(replace(ended, end=None, ended_at=None, version=ended.version + 1))
        return tx.handoffs.owned_of(of.lead_id), rep.id

    found, rep_id = await db.run(act)
    assert found is not None
    assert found.rep_id == rep_id


async def test_nothing_but_a_disqualification_is_taken_back(db: Database) -> None:
    def act(tx: Transaction) -> None:
        of, _ = owned(tx)
        ended = replace(of, end=End.RELEASED, ended_at=NOON, version=of.version + 1)
        assert tx.handoffs.finish(ended)
        tx.handoffs.reinstate(replace(ended, end=None, ended_at=None, version=ended.version + 1))

    with pytest.raises(Stale):
        await db.run(act)


async def test_a_milestone_is_reached_once(db: Database) -> None:
    def act(tx: Transaction) -> tuple[bool, bool, Milestone | None]:
        (of, rep), (other, _) = owned(tx), owned(tx, 2)
        campaign = tx.campaigns.ensure("spring")
        first = Milestone(
            campaign_id=campaign.id, what=What.SQL, lead_id=of.lead_id, handoff_id=of.id, rep_id=rep.id,
            marketer_id=None, reached_at=NOON,
        )  # fmt: skip
        added = tx.milestones.add(first), tx.milestones.add(replace(first, lead_id=other.lead_id, handoff_id=other.id))
        tx.milestones.set_corrected(replace(first, corrected_at=NOON))
        return *added, tx.milestones.get(campaign.id, What.SQL)

    first, second, found = await db.run(act)
    assert (first, second) == (True, False)
    assert found is not None
    assert found.corrected_at == NOON


async def test_a_milestone_that_was_a_mistake_makes_way_for_the_first_that_is_none(db: Database) -> None:
    def act(tx: Transaction) -> tuple[list[bool], Milestone | None, str]:
        (of, rep), (other, _) = owned(tx), owned(tx, 2)
        campaign = tx.campaigns.ensure("spring")
        first = Milestone(
            campaign_id=campaign.id, what=What.SQL, lead_id=of.lead_id, handoff_id=of.id, rep_id=rep.id,
            marketer_id=None, reached_at=NOON,
        )  # fmt: skip
        tx.milestones.add(first)
        tx.milestones.set_corrected(replace(first, corrected_at=NOON))
        true = replace(first, lead_id=other.lead_id, handoff_id=other.id)
        added = [tx.milestones.add(true), tx.milestones.add(first)]
        return added, tx.milestones.get(campaign.id, What.SQL), other.id

    added, found, other = await db.run(act)
    assert added == [True, False]
    assert found is not None
    assert (found.handoff_id, found.corrected_at) == (other, None)


async def test_a_leak_runs_from_the_end_of_its_window_until_somebody_acts(db: Database) -> None:
    def act(tx: Transaction) -> None:
        (one, rep), (two, other) = owned(tx), owned(tx, 2)
        tx.leaks.start(one.id, one.lead_id, rep.id, NOON)
        tx.leaks.start(two.id, two.lead_id, other.id, NOON - timedelta(hours=1))
        assert tx.leaks.count() == {rep.id: 1, other.id: 1}
        assert tx.leaks.count([rep.id]) == {rep.id: 1}
        assert [pair[0].id for pair in tx.leaks.longest(None, 5)] == [two.id, one.id]
        assert [pair[1].id for pair in tx.leaks.longest([rep.id], 5)] == [one.lead_id]
        assert tx.leaks.since([one.id, two.id]) == {one.id: NOON, two.id: NOON - timedelta(hours=1)}
        assert (tx.leaks.end(one.id), tx.leaks.end(one.id)) == (True, False)
        assert tx.leaks.count() == {other.id: 1}
        tx.leaks.start(one.id, one.lead_id, rep.id, NOON)
        assert tx.leaks.since([one.id]) == {one.id: NOON}

    await db.run(act)
