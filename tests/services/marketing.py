"""The small world with a manager of marketing and an arbiter, and what marketing does in it as one-liners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.dispute import Dispute, Ruling
from bot.domain.person import Role, Side, SlackFlags
from bot.domain.post import Post, Subject
from bot.domain.reject_answer import AnswerToReject
from bot.services import disputes, raising_disputes, reject_answers, resending
from bot.services.disputes import ActOnCase, Decide
from bot.services.handoffs import Decided
from bot.services.raising_disputes import DisputeReject, RaiseDisagreement
from bot.services.reject_answers import AnswerReject
from bot.services.resending import ResendLead
from storage.transaction import Transaction
from tests.services.world import INES, JONAS, MARKETER, World, person

CMO, ARBITER = "U8", "U9"


def add_marketing(tx: Transaction) -> None:
    """Carla manages marketing, Ada is the arbiter; Sam owns the campaign spring and reports to Carla."""
    tx.people.add(person(8, "Carla", Role.MANAGER, Side.MARKETING))
    tx.people.add(person(9, "Ada", Role.ARBITER, Side.LEADERSHIP))
    tx.people.set_links("p5", "p8", None)
    tx.campaigns.save(replace(tx.campaigns.ensure("spring"), owner_id="p5"))


async def known(world: World) -> None:
    """Slack has confirmed everybody's account again."""

    def confirm(tx: Transaction) -> None:
        for one in tx.people.all():
            tx.people.set_flags(one.id, SlackFlags(checked_at=tx.now))

    await world.db.run(confirm)


async def rejected(world: World, key: str = "1", reason: str = "low_intent", **answers: Any) -> str:
    """A lead of Sam's that its rep rejected: the handoff's id."""
    handed = await world.hand_over(key, name="Maria Lopez", email=f"{key}@example.com", campaign="spring")
    handoff = await world.handoff(handed.handoff_id)
    by = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
    await world.reject(handoff.id, by, reason, **answers)
    return handoff.id


async def answer_of(world: World, handoff_id: str) -> AnswerToReject:
    found = await world.db.read(lambda tx: tx.reject_answers.get(handoff_id))
    assert found is not None
    return found


async def accept(world: World, handoff_id: str, by: str = MARKETER) -> AnswerToReject:
    return await world.db.run(reject_answers.accept_reject, AnswerReject(handoff_id=handoff_id, by=by))


async def resend(
    world: World, handoff_id: str, by: str = MARKETER, what_changed: str = "The number.", **values: Any
) -> Decided:
    command = ResendLead(handoff_id=handoff_id, by=by, values=values, what_changed=what_changed)
    return await world.db.run(resending.resend_lead, command)


async def dispute(world: World, handoff_id: str, by: str = MARKETER, why: str = "They asked for a demo.") -> Dispute:
    command = DisputeReject(handoff_id=handoff_id, by=by, why=why)
    return (await world.db.run(raising_disputes.dispute_reject, command))[0]


async def disagree(
    world: World, by: str, about: str = "definition", subject_id: str = "mql", why: str = "Low."
) -> Dispute:
    command = RaiseDisagreement(by=by, about=about, subject_id=subject_id, why=why)
    return await world.db.run(raising_disputes.raise_disagreement, command)


async def opinion(world: World, case_id: str, by: str, ruling: Ruling, **values: Any) -> Dispute:
    command = Decide(case_id=case_id, by=by, ruling=ruling.value, **{"sentence": f"{by} says so.", **values})
    return (await world.db.run(disputes.give_opinion, command))[0]


async def ruled(world: World, case_id: str, by: str, ruling: Ruling, **values: Any) -> Dispute:
    command = Decide(case_id=case_id, by=by, ruling=ruling.value, **{"sentence": "Because.", **values})
    return (await world.db.run(disputes.rule, command))[0]


async def to_arbiter(world: World, case_id: str, by: str) -> Dispute:
    return (await world.db.run(disputes.hand_to_arbiter, ActOnCase(case_id=case_id, by=by)))[0]


async def take_back(world: World, case_id: str, by: str) -> Dispute:
    return (await world.db.run(disputes.take_back, ActOnCase(case_id=case_id, by=by)))[0]


async def messages(world: World, case_id: str) -> list[Post]:
    return await world.db.read(lambda tx: tx.posts.of_subject(Subject.DISPUTE, case_id))


async def readers(world: World, case_id: str) -> list[tuple[str, str]]:
    return [(post.place, post.data["as"]) for post in await messages(world, case_id)]
