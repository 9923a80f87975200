"""Several people act on the same reject or dispute at the same moment, on both databases: each counts once."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.domain.dispute import DisputeState, Ruling
from bot.domain.handoff import Opened
from bot.domain.person import SlackFlags
from bot.errors import Refused
from bot.services import disputes, intake, raising_disputes, reject_answers, rejects
from bot.services.disputes import ActOnCase, Decide
from bot.services.lead_records import HandOver
from bot.services.raising_disputes import DisputeReject, RaiseDisagreement
from bot.services.reject_answers import AnswerReject
from storage.database import Database
from storage.transaction import Transaction
from tests.services import marketing, world
from tests.services.marketing import ARBITER, CMO
from tests.services.world import INES, JONAS, MANAGER, MARKETER
from tests.storage.samples import NOON


def populate(tx: Transaction) -> None:
    world.populate(tx)
    marketing.add_marketing(tx)
    for person in tx.people.all():
        tx.people.set_flags(person.id, SlackFlags(checked_at=NOON))


async def rejected(db: Database) -> str:
    await db.run(populate)
    lead = HandOver(
        source="crm", external_id="1", name="Maria", campaign="spring", given=frozenset({"name", "campaign"})
    )
    handed = await db.run(intake.hand_over, lead)
    handoff = await db.read(lambda tx: tx.handoffs.get(handed.handoff_id or ""))
    assert handoff is not None
    by = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
    await db.run(rejects.reject_handoff, rejects.RejectHandoff(handoff_id=handoff.id, by=by, reason="low_intent"))
    return handoff.id


async def at_once(*work: Any) -> list[Any]:
    return await asyncio.gather(*work, return_exceptions=True)


async def test_two_managers_who_say_the_same_at_once_settle_it_once(db: Database, other_db: Database) -> None:
    handoff_id = await rejected(db)
    command = DisputeReject(handoff_id=handoff_id, by=MARKETER, why="A demo.")
    (raised,) = await db.run(raising_disputes.dispute_reject, command)
    said = [
        Decide(case_id=raised.case_id, by=by, ruling=Ruling.OVERTURNED.value, sentence=f"{by}.")
        for by in (MANAGER, CMO)
    ]
    done = await at_once(db.run(disputes.give_opinion, said[0]), other_db.run(disputes.give_opinion, said[1]))
    assert not [one for one in done if isinstance(one, BaseException)]
    found = await db.read(lambda tx: tx.disputes.get(raised.id))
    assert found is not None
    assert (found.state, len(found.opinions)) == (DisputeState.SETTLED, 2)
    offers = await db.read(lambda tx: tx.handoffs.of_lead(raised.lead_id or ""))
    assert sorted(one.opened for one in offers) == [Opened.HANDED_OVER, Opened.OVERTURNED]


async def test_two_managers_who_differ_at_once_leave_it_to_the_arbiter(db: Database, other_db: Database) -> None:
    await db.run(populate)
    disagreement = RaiseDisagreement(by=JONAS, about="definition", subject_id="mql", why="Too low.")
    raised = await db.run(raising_disputes.raise_disagreement, disagreement)
    upheld = Decide(case_id=raised.case_id, by=MANAGER, ruling=Ruling.UPHELD.value, sentence="No.")
    overturned = Decide(case_id=raised.case_id, by=CMO, ruling=Ruling.OVERTURNED.value, sentence="Yes.")
    await at_once(db.run(disputes.give_opinion, upheld), other_db.run(disputes.give_opinion, overturned))
    found = await db.read(lambda tx: tx.disputes.get(raised.id))
    assert found is not None
    assert (found.state, found.arbiter_id, len(found.opinions)) == (DisputeState.WITH_ARBITER, "p9", 2)
    act = ActOnCase(case_id=raised.case_id, by=JONAS)
    ruling = Decide(case_id=raised.case_id, by=ARBITER, ruling=Ruling.UPHELD.value, sentence="So.")
    done = await at_once(db.run(disputes.take_back, act), other_db.run(disputes.rule, ruling))
    assert len([one for one in done if isinstance(one, Refused)]) == 1, "taken back or ruled on, never both"


async def test_of_three_answers_at_once_one_is_given(db: Database, other_db: Database) -> None:
    handoff_id = await rejected(db)
    done = await at_once(
        db.run(reject_answers.accept_reject, AnswerReject(handoff_id=handoff_id, by=MARKETER)),
        other_db.run(reject_answers.accept_reject, AnswerReject(handoff_id=handoff_id, by=CMO)),
        other_db.run(raising_disputes.dispute_reject, DisputeReject(handoff_id=handoff_id, by=MARKETER, why="A demo.")),
    )
    assert len([one for one in done if isinstance(one, Refused)]) == 2
    answer = await db.read(lambda tx: tx.reject_answers.get(handoff_id))
    assert answer is not None
    assert not answer.is_waiting


async def test_the_same_disagreement_raised_twice_at_once_is_one(db: Database, other_db: Database) -> None:
    await db.run(populate)
    disagreement = RaiseDisagreement(by=JONAS, about="goal", subject_id="accept", why="Too short.")
    done = await at_once(
        *(one.run(raising_disputes.raise_disagreement, disagreement) for one in (db, other_db, db, other_db))
    )
    assert len([one for one in done if isinstance(one, Refused)]) == 3
