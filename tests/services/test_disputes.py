from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.countdown import CountdownKind, Result
from bot.domain.dispute import Dispute, DisputeState, Ruling
from bot.domain.handoff import Opened
from bot.domain.person import Role, Side
from bot.domain.post import Post, Subject
from bot.domain.reject_answer import AnswerState, AnswerToReject
from bot.errors import FormError, NotAllowed, Refused
from bot.services import disputes, raising_disputes, reject_answers, resending
from bot.services.disputes import ActOnCase, Decide
from bot.services.raising_disputes import DisputeReject
from bot.services.reject_answers import AnswerReject
from bot.services.resending import ResendLead
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, World, person

CMO, ARBITER = "U8", "U9"


@pytest.fixture
async def teams(world: World) -> World:
    """With a manager of marketing and an arbiter; Sam owns the campaign spring."""

    def add(tx: Any) -> None:
        tx.people.add(person(8, "Carla", Role.MANAGER, Side.MARKETING))
        tx.people.add(person(9, "Ada", Role.ARBITER, Side.LEADERSHIP))
        campaign = tx.campaigns.ensure("spring")
        from dataclasses import replace

        tx.campaigns.save(replace(campaign, owner_id="p5"))

    await world.db.run(add)
    return world


async def rejected(world: World, key: str = "1", reason: str = "low_intent", **answers: Any) -> str:
    handed = await world.hand_over(key, name="Maria Lopez", email=f"{key}@example.com", campaign="spring")
    handoff = await world.handoff(handed.handoff_id)
    by = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
    await world.reject(handoff.id, by, reason, **answers)
    return handoff.id


async def answer_of(world: World, handoff_id: str) -> AnswerToReject:
    found = await world.db.read(lambda tx: tx.reject_answers.get(handoff_id))
    assert found is not None
    return found


async def dispute(world: World, handoff_id: str, by: str = MARKETER, why: str = "They asked for a demo.") -> Dispute:
    command = DisputeReject(handoff_id=handoff_id, by=by, why=why)
    return (await world.db.run(raising_disputes.dispute_reject, command))[0]


async def opinion(world: World, case_id: str, by: str, ruling: Ruling, **values: Any) -> Dispute:
    command = Decide(case_id=case_id, by=by, ruling=ruling.value, sentence=f"{by} says so.", **values)
    return (await world.db.run(disputes.give_opinion, command))[0]


async def ruled(world: World, case_id: str, by: str, ruling: Ruling) -> Dispute:
    command = Decide(case_id=case_id, by=by, ruling=ruling.value, sentence="Because.")
    return (await world.db.run(disputes.rule, command))[0]


async def messages(world: World, case_id: str) -> list[Post]:
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.DISPUTE, case_id))


async def readers(world: World, case_id: str) -> list[tuple[str, str]]:
    return [(post.place, post.data["as"]) for post in await messages(world, case_id)]


async def test_a_dispute_goes_to_both_managers_and_settled_by_them_offers_the_lead_again(teams: World) -> None:
    handoff_id = await rejected(teams)
    raised = await dispute(teams, handoff_id)
    assert await readers(teams, raised.case_id) == [(MANAGER, "manager"), (CMO, "manager")]
    await opinion(teams, raised.case_id, MANAGER, Ruling.OVERTURNED)
    settled = await opinion(teams, raised.case_id, CMO, Ruling.OVERTURNED)
    assert (settled.state, settled.ruling) == (DisputeState.SETTLED, Ruling.OVERTURNED)
    answer = await answer_of(teams, handoff_id)
    assert (answer.state, answer.ruling) == (AnswerState.DISPUTED, Ruling.OVERTURNED)
    offered = (await teams.of_lead(answer.lead_id))[-1]
    rejecter = (await teams.handoff(handoff_id)).decided_by
    assert (offered.opened, offered.predecessor_id) == (Opened.OVERTURNED, handoff_id)
    assert offered.rep_id not in (None, rejecter)


async def test_two_managers_who_differ_leave_it_to_the_arbiter(teams: World) -> None:
    handoff_id = await rejected(teams)
    case_id = (await dispute(teams, handoff_id)).case_id
    await opinion(teams, case_id, MANAGER, Ruling.UPHELD)
    moved = await opinion(teams, case_id, CMO, Ruling.OVERTURNED)
    assert (moved.state, moved.arbiter_id) == (DisputeState.WITH_ARBITER, "p9")
    upheld = await ruled(teams, case_id, ARBITER, Ruling.UPHELD)
    assert (upheld.state, upheld.ruling) == (DisputeState.RULED, Ruling.UPHELD)
    assert (await answer_of(teams, handoff_id)).ruling is Ruling.UPHELD
    places = await readers(teams, case_id)
    assert {(MARKETER, "party"), (MANAGER, "party"), (CMO, "party"), (ARBITER, "arbiter")} < set(places)
