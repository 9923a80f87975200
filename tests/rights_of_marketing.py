"""The part of the rights' table that is about marketing's answers to rejects, disputes and disagreements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.person import Role
from bot.services import disputes, raising_disputes
from bot.services.disputes import ActOnCase
from bot.services.raising_disputes import DisputeReject
from bot.views.ids import ActionId, CallbackId
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
OWNER, ARBITER = "U0MARKETER", "admin"
SIDES = {"rep", "mate", "other", "manager", "cmo", "marketer"}


def _press(action: ActionId, value: str = "") -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, value or thing, **at)

    return act


def _submit(callback: CallbackId, **answers: str) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, thing, **answers)

    return act


async def _choose(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    view = {"id": "V1", "type": "modal", "private_metadata": ""}
    return await office.click(by, ActionId.REJECT_SEVERAL_WHICH, "reason:low_intent", view=view)


async def _several(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    answers: dict[str, Any] = {"answer_all": "accepted", "why": "Fine.", "rejects": [thing]}
    return await office.submit(by, CallbackId.REJECT_SEVERAL_SUBMIT, "", **answers)


_SENTENCE = {"ruling": "overturned", "sentence": "They asked for a demo."}
ON_REJECT: dict[str, tuple[Act, set[str]]] = {
    "reject.fix": (_press(ActionId.REJECT_FIX), {"marketer", "cmo"}),
    "reject.accept": (_press(ActionId.REJECT_AGREE), {"marketer", "cmo"}),
    "reject.dispute": (_press(ActionId.REJECT_DISPUTE), {"marketer", "cmo"}),
    "reject.several": (_press(ActionId.REJECT_SEVERAL), {"marketer", "cmo"}),
    "reject.several.which": (_choose, {"marketer", "cmo"}),
    "reject.fix.submit": (
        _submit(CallbackId.REJECT_FIX_SUBMIT, name="Maria Lopez", priority="warm", what_changed="The number."),
        {"marketer", "cmo"},
    ),
    "reject.dispute.submit": (_submit(CallbackId.REJECT_DISPUTE_SUBMIT, why="A demo."), {"marketer", "cmo"}),
    "reject.several.submit": (_several, {"marketer", "cmo"}),
}
"""On a reject that counts against marketing, of a campaign of the marketer's. `cmo` is marketing's manager."""
WITH_MANAGERS: dict[str, tuple[Act, set[str]]] = {
    "dispute.opinion": (_press(ActionId.DISPUTE_OPINION), {"manager", "cmo"}),
    "dispute.opinion.submit": (_submit(CallbackId.DISPUTE_OPINION_SUBMIT, **_SENTENCE), {"manager", "cmo"}),
    "dispute.to_arbiter": (_press(ActionId.DISPUTE_TO_ARBITER), {"manager", "cmo"}),
    "dispute.take_back": (_press(ActionId.DISPUTE_TAKE_BACK), {"marketer"}),
}
"""On the marketer's dispute of that reject."""
WITH_ARBITER: dict[str, tuple[Act, set[str]]] = {
    "dispute.rule": (_press(ActionId.DISPUTE_RULE), {ARBITER}),
    "dispute.rule.submit": (_submit(CallbackId.DISPUTE_RULE_SUBMIT, **_SENTENCE), {ARBITER}),
}
"""Once it is with the arbiter: here the admin is given the role."""
DISAGREEMENTS: dict[str, tuple[Act, set[str]]] = {
    "disagreement.raise": (_press(ActionId.DISAGREEMENT_RAISE, "any"), SIDES),
    "disagreement.submit": (_submit(CallbackId.DISAGREEMENT_SUBMIT, about="definition:mql", why="Too low."), SIDES),
}
EVERYTHING = {**ON_REJECT, **WITH_MANAGERS, **WITH_ARBITER, **DISAGREEMENTS}


def prepare(tx: Transaction) -> None:
    """The campaign is the marketer's, and the admin is the arbiter."""
    tx.campaigns.save(replace(tx.campaigns.ensure("spring"), owner_id="marketer"))
    admin = tx.people.get(ARBITER)
    assert admin is not None
    tx.people.set_roster(replace(admin, roles=admin.roles | {Role.ARBITER}))


async def in_state(office: Office, action: str, key: str = "spring") -> tuple[str, int]:
    """What the action is about: the rejected handoff, or the case."""
    await office.world.db.run(prepare)
    handed = await office.world.hand_over(
        key, name="Maria Lopez", email=f"{key}@example.org", phone="030 901820", campaign="spring"
    )
    assert handed.handoff_id is not None
    await office.world.reject(handed.handoff_id, "U0REP", "low_intent")
    if action in ON_REJECT or action in DISAGREEMENTS:
        return handed.handoff_id, 2
    command = DisputeReject(handoff_id=handed.handoff_id, by=OWNER, why="A demo.")
    (dispute,) = await office.world.db.run(raising_disputes.dispute_reject, command)
    if action in WITH_ARBITER:
        await office.world.db.run(disputes.hand_to_arbiter, ActOnCase(case_id=dispute.case_id, by="U0MANAGER"))
    return dispute.case_id, 2


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    people = [one.id for one in tx.people.all(on_roster=False)]
    return [
        tx.reject_answers.waiting(None, 50),
        [tx.disputes.raised_by(one, EPOCH, 50) for one in people],
        tx.disputes.waiting_for(people, 50, rules=True),
    ]
