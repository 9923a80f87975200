"""The part of the rights' table about all of a person's leads: sales managers, and whoever stands in for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.views.ids import ActionId, CallbackId
from bot.views.reassign_all_ref import ReassignAllRef, reassign_all_metadata
from storage.transaction import Transaction
from tests.handlers.office import Office
from tests.services.world import START

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

STANDS_IN_MAY = (
    "more:details", "more:reassign", "more:withdraw", "reassign.submit", "withdraw.submit", "people.reassign",
    "reassign_all.choose", "reassign_all.submit",
)  # fmt: skip
"""What a manager may with a lead that is offered to a rep, and their deputy while they are away."""


def _metadata() -> str:
    return reassign_all_metadata(ReassignAllRef(id="r-1", person_id="rep", which="both", to="rules"))


async def _open(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, ActionId.PEOPLE_REASSIGN, "rep", **at)


async def _choose(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    view = {"id": "V1", "type": "modal", "private_metadata": _metadata()}
    return await office.click(by, ActionId.REASSIGN_ALL_CHOOSE, "offers", view=view)


async def _submit(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    answers = {"which": "both", "to": "rep:other", "note": "sick"}
    return await office.submit(by, CallbackId.REASSIGN_ALL_SUBMIT, _metadata(), **answers)


MANAGERS_ONLY: dict[str, Act] = {
    "people.reassign": _open, "reassign_all.choose": _choose, "reassign_all.submit": _submit,
}  # fmt: skip


async def practise(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, ActionId.PRACTICE_START, "practice", **at)


def stand_in(tx: Transaction) -> None:
    """The manager is away, and the marketer is her deputy."""
    tx.people.set_deputy("manager", "marketer")
    tx.people.set_away("manager", START, None)


def be_back(tx: Transaction) -> None:
    tx.people.set_away("manager", None, None)
