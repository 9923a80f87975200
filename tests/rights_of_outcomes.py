"""The part of the rights' table about what is logged of an accepted lead: its owner, and sales managers for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.services.outcome_input import Filled
from bot.services.outcomes import LogOutcome, log_outcome
from bot.views import ids
from bot.views.ids import ActionId, CallbackId, More
from bot.views.outcome_ref import OutcomeRef, entry_value
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

MAY = ("rep", "manager")
"""The owner of the lead, and a sales manager."""


async def an_attempt_is_logged(office: Office, handoff: tuple[str, int], by: str) -> tuple[str, int]:
    """Something to correct; the handoff as it is then."""
    filled = Filled(kind="attempt", attempt="call")
    command = LogOutcome(handoff_id=handoff[0], by=by, filled=filled, once="prepared")
    done = await office.world.db.run(log_outcome, command)
    return done.handoff.id, done.handoff.version


async def _entry(office: Office, handoff_id: str) -> str:
    return (await office.world.db.read(lambda tx: tx.outcomes.standing(handoff_id)))[0].id


def _button(action: ActionId) -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, ids.handoff_value(handoff_id, version), **at)

    return act


def _choose(action: ActionId, value: str, **chosen: str) -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        metadata = OutcomeRef(handoff_id=handoff_id, version=version, **chosen).as_text()
        return await office.click(by, action, value, view={"id": "V1", "type": "modal", "private_metadata": metadata})

    return act


async def _more(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, ActionId.HOME_MORE, ids.more_value(More.OUTCOME, handoff_id), **at)


async def _correct(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    value = entry_value(handoff_id, version, await _entry(office, handoff_id))
    return await office.click(by, ActionId.OUTCOME_CORRECT, value, **at)


async def _submit(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    metadata = OutcomeRef(handoff_id=handoff_id, version=version).as_text()
    answers = {"what": "contacted", "when": "now"}
    return await office.submit(by, CallbackId.OUTCOME_SUBMIT, metadata, view_id=f"V-{by}", **answers)


async def _submit_correction(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    entry = await _entry(office, handoff_id)
    metadata = OutcomeRef(handoff_id=handoff_id, version=version, outcome_id=entry).as_text()
    return await office.submit(by, CallbackId.CORRECT_SUBMIT, metadata, what="take_out", when="keep")


ON_ACCEPTED: dict[str, Act] = {
    "outcome.log": _button(ActionId.OUTCOME_LOG),
    "outcome.history": _button(ActionId.OUTCOME_HISTORY),
    "outcome.no_answer": _button(ActionId.OUTCOME_NO_ANSWER),
    "outcome.reached": _button(ActionId.OUTCOME_REACHED),
    "outcome.give_back": _button(ActionId.OUTCOME_GIVE_BACK),
    "outcome.disqualify": _button(ActionId.OUTCOME_DISQUALIFY),
    "outcome.correct": _correct,
    "outcome.what": _choose(ActionId.OUTCOME_WHAT, "contacted"),
    "outcome.when": _choose(ActionId.OUTCOME_WHEN, "yesterday", kind="contacted"),
    "outcome.reason": _choose(ActionId.OUTCOME_REASON, "no_need", kind="disqualified"),
    "outcome.submit": _submit,
    "outcome.correct.submit": _submit_correction,
    "more:outcome": _more,
}


async def _window(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.submit(by, CallbackId.HISTORY_VIEW, "")


WINDOWS: dict[str, Act] = {"outcome.history.view": _window}
"""Nothing is sent off from it."""
