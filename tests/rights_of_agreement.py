"""The part of the rights' table about the agreement: read by everybody on the roster, signed by managers alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.domain.agreement_data import Section
from bot.domain.person import Person, Role
from bot.domain.signing import State
from bot.services import agreement_drafts, agreements
from bot.services.agreement_drafts import SaveSection
from bot.services.agreements import SignAgreement
from bot.views.agreement_ref import term_value
from bot.views.ids import ActionId, CallbackId
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

ON_ROSTER = frozenset({"rep", "mate", "other", "manager", "cmo", "marketer", "admin"})
MANAGERS = frozenset({"manager", "cmo"})


def _press(action: ActionId, section: Section | None = None) -> Act:
    async def act(office: Office, by: str, agreement_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, term_value(agreement_id, section), **at)

    return act


def _submit(callback: CallbackId, section: Section | None = None, **answers: str) -> Act:
    async def act(office: Office, by: str, agreement_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, term_value(agreement_id, section), **answers)

    return act


async def _command(office: Office, by: str, agreement_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.command(by, "agreement")


READ: dict[str, Act] = {
    "/lockstep agreement": _command,
    "agreement.open": _press(ActionId.AGREEMENT_OPEN),
    "agreement.term": _press(ActionId.AGREEMENT_TERM, Section.WINDOWS),
    "agreement.section": _press(ActionId.AGREEMENT_SECTION, Section.MQL),
    "agreement.back": _press(ActionId.AGREEMENT_BACK),
    "agreement.on": _press(ActionId.AGREEMENT_ON, Section.LADDER),
    "agreement.draft": _press(ActionId.AGREEMENT_DRAFT),
    "agreement.changes": _press(ActionId.AGREEMENT_CHANGES),
    "agreement.view": _submit(CallbackId.AGREEMENT_VIEW),
    "agreement.changes.view": _submit(CallbackId.AGREEMENT_CHANGES_VIEW),
}
"""Nothing of it changes, and no lead stands in it."""
DRAFTED: dict[str, Act] = {
    "agreement.edit": _press(ActionId.AGREEMENT_EDIT, Section.FOLLOW_UP),
    "agreement.edit.submit": _submit(CallbackId.AGREEMENT_EDIT_SUBMIT, Section.FOLLOW_UP, attempts="7"),
    "agreement.discard": _press(ActionId.AGREEMENT_DISCARD),
    "agreement.propose": _press(ActionId.AGREEMENT_PROPOSE),
    "agreement.propose.submit": _submit(CallbackId.AGREEMENT_PROPOSE_SUBMIT),
}
"""A draft of one's own: reps, marketers, managers and admins."""
SIGNED: dict[str, Act] = {
    "agreement.sign": _press(ActionId.AGREEMENT_SIGN),
    "agreement.sign.submit": _submit(CallbackId.AGREEMENT_SIGN_SUBMIT),
    "agreement.reply": _press(ActionId.AGREEMENT_REPLY),
    "agreement.reply.submit": _submit(CallbackId.AGREEMENT_REPLY_SUBMIT, text="Twenty minutes."),
    "agreement.more": _press(ActionId.AGREEMENT_MORE),
    "agreement.more.submit": _submit(CallbackId.AGREEMENT_MORE_SUBMIT),
    "agreement.reviewed": _press(ActionId.AGREEMENT_REVIEWED),
}
"""What binds the teams: a manager of either side. The admin proposed the version, and may answer and withdraw it."""
EVERYTHING: dict[str, tuple[Act, frozenset[str]]] = {
    **{action: (act, ON_ROSTER) for action, act in DRAFTED.items()},
    **{action: (act, MANAGERS) for action, act in SIGNED.items()},
    **{
        action: (SIGNED[action], MANAGERS | {"admin"})
        for action in ("agreement.reply", "agreement.reply.submit", "agreement.more", "agreement.more.submit")
    },
}


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    drafts = [tx.agreement_drafts.of(person.id) for person in tx.people.all()]
    return [*tx.agreements.all(), *drafts]


async def in_state(office: Office, action: str, by: str | None = None) -> tuple[str, int]:
    """A version proposed by the admin; in force and to be reviewed for a review; with a draft of `by` over the version
    in force where the action is about one."""
    run = office.world.db.run
    if action == "agreement.reviewed":
        found = await run(_proposed)
        for manager in ("U0MANAGER", "U0CMO"):
            await run(agreements.sign_agreement, SignAgreement(by=manager, agreement_id=found))
        await run(_review_is_due, found)
        return found, 1
    if action not in DRAFTED:
        return await run(_proposed), 1
    present = await run(lambda tx: tx.agreements.in_force().id)
    if by is not None and not action.startswith("agreement.edit"):
        command = SaveSection(
            by=f"U0{by.upper()}", agreement_id=present, section=Section.FOLLOW_UP, answers={"attempts": "6"}
        )
        await run(agreement_drafts.save_section, command)
    return present, 1


def _proposed(tx: Transaction) -> str:
    present = tx.agreements.in_force()
    for pending in tx.agreements.pending():
        signing = pending.signing
        assert signing is not None
        tx.agreements.save_signing(replace(pending, signing=replace(signing, state=State.WITHDRAWN, in_force_at=None)))
    admin = tx.people.get("admin")
    assert isinstance(admin, Person)
    assert admin.has(Role.ADMIN)
    terms = replace(present.terms, attempts=present.terms.attempts % 9 + 1)
    return agreements.propose(tx, admin, replace(present.document, terms=terms), None).id


def _review_is_due(tx: Transaction, agreement_id: str) -> None:
    agreement = tx.agreements.get(agreement_id)
    assert agreement is not None
    assert agreement.signing is not None
    tx.agreements.save_signing(replace(agreement, signing=replace(agreement.signing, review_at=tx.now)))
