"""The reasons to reject: those of the agreement in force, changed by putting a new unsigned version in force.

Handoffs that run keep the terms they were offered under, and with them their reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.agreement_document import Agreement
from bot.domain.reason_check import ASKS, check_reason, check_reasons, code_for
from bot.domain.reasons import FollowUp, Reason, Then
from bot.errors import ConfigError, FormError, NotFound, Refused
from bot.services.agreement_force import compare_anew, latest, not_before
from bot.services.set_up_changes import admin, change, changed, refuse_mistakes, seen
from storage.transaction import Transaction

GONE = "This reason is not there any more: somebody retired it."
MUST = (Then.RECYCLE, Then.MERGE)
"""What cannot be done without an answer to the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsList:
    """`reasons` in their order. `is_signed`: nothing of it can be changed here, a new version is proposed instead."""

    agreement_id: str
    version: int
    is_signed: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonForm:
    """`reason` None: a new one. `seen` marks how the reason looks now."""

    reason: Reason | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReason:
    """`code` None: a new one. `ask` counts where nothing that follows asks for something of its own. `seen` is the
    mark of the reason as the form showed it."""

    by: str
    code: str | None
    seen: str
    label: str
    then: str
    ask: str
    question: str
    required: bool
    counts_against_marketing: bool


def reasons_list(tx: Transaction, by: str) -> ReasonsList:
    """Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    agreement = tx.agreements.in_force()
    return ReasonsList(
        agreement_id=agreement.id,
        version=agreement.version,
        is_signed=agreement.binds(tx.now),
        reasons=agreement.terms.reasons,
    )


def reason_form(tx: Transaction, by: str, code: str | None = None) -> ReasonForm:
    """The form for one reason, or for a new one. Raises NotFound, Refused when the agreement is signed, NotAllowed,
    PersonUnknown."""
    admin(tx, by)
    agreement = _unsigned(tx)
    if code is None:
        return ReasonForm()
    reason = agreement.terms.reason(code)
    if reason is None:
        raise NotFound(GONE)
    return ReasonForm(reason=reason, seen=seen(reason))


def save_reason(tx: Transaction, command: SaveReason) -> None:
    """The reason is among those of the agreement in force, a new one as the last.

    Raises FormError by field (label, then, ask, question, required), NotFound, Refused, NotAllowed, PersonUnknown.
    """
    person = change(tx, command.by)
    agreement = _unsigned(tx)
    reasons = list(agreement.terms.reasons)
    reason = _read(tx, command, reasons)
    if command.code is None:
        reasons.append(reason)
    else:
        at = _place(reasons, command.code)
        if seen(reasons[at]) != command.seen:
            now = f"Somebody else changed this reason meanwhile; it reads “{reasons[at].label}” now."
            raise FormError({"label": f"{now} Nothing was changed: close this form and open the reason again."})
        reasons[at] = reason
    for sentence in check_reasons(reasons):
        raise FormError({"label": f"{sentence[:1].upper()}{sentence[1:]}."})
    if tuple(reasons) == agreement.terms.reasons:
        return
    version = _put(tx, agreement, reasons)
    changed(
        tx, person, "reason.added" if command.code is None else "reason.changed", code=reason.code, agreement=version
    )


def move_reason(tx: Transaction, by: str, code: str, *, up: bool) -> None:
    """The reason stands one place further up or down; at the end of the list it stays. Raises as retire_reason."""

    def move(reasons: list[Reason]) -> None:
        at = _place(reasons, code)
        to = at - 1 if up else at + 1
        if 0 <= to < len(reasons):
            reasons[at], reasons[to] = reasons[to], reasons[at]

    _change(tx, by, code, "reason.moved", move)


def retire_reason(tx: Transaction, by: str, code: str, seen_as: str | None = None) -> None:
    """The reason is not offered any more; whoever was offered a lead before may still choose it.

    Raises NotFound, Refused for the last reason, when the agreement is signed or when somebody changed the reason
    since it looked like `seen_as` (None: however it looks), NotAllowed, PersonUnknown.
    """

    def retire(reasons: list[Reason]) -> None:
        at = _place(reasons, code)
        if seen_as is not None and seen(reasons[at]) != seen_as:
            now = f"Somebody else changed this reason meanwhile; it reads “{reasons[at].label}” now."
            raise Refused(f"{now} Nothing was changed: look at it again in the list first.")
        if len(reasons) == 1:
            raise Refused("This is the last reason: without one nobody could reject a lead. Add another one first.")
        del reasons[at]

    _change(tx, by, code, "reason.retired", retire)


def check_changeable(tx: Transaction, reasons: Sequence[Reason] | None) -> None:
    """Raises ConfigError when the agreement in force is signed and has other reasons than these."""
    agreement = latest(tx)
    if reasons is not None and agreement.binds(tx.now) and tuple(reasons) != agreement.terms.reasons:
        raise ConfigError(
            f"reasons: {_signed_sentence(agreement)} Leave [[reasons]] out of the file, or as `lockstep config export`"
            " writes it."
        )


def put_in_force(tx: Transaction, reasons: Sequence[Reason]) -> None:
    """The agreement in force has these reasons; a new version where it had others. The caller checked them."""
    agreement = latest(tx)
    if tuple(reasons) != agreement.terms.reasons:
        _put(tx, agreement, reasons)


def _change(tx: Transaction, by: str, code: str, kind: str, how: Callable[[list[Reason]], None]) -> None:
    person = change(tx, by)
    agreement = _unsigned(tx)
    reasons = list(agreement.terms.reasons)
    how(reasons)
    if tuple(reasons) != agreement.terms.reasons:
        changed(tx, person, kind, code=code, agreement=_put(tx, agreement, reasons))


def _read(tx: Transaction, command: SaveReason, reasons: list[Reason]) -> Reason:
    try:
        then, ask = Then(command.then), FollowUp(command.ask or FollowUp.NONE)
    except ValueError:
        raise FormError({"then": "Choose one of the list."}) from None
    if ask not in ASKS[then]:
        ask = ASKS[then][0]
    label = command.label.strip()
    reason = Reason(
        code=command.code or _code(tx, label, reasons),
        label=label,
        then=then,
        ask=ask,
        question="" if ask is FollowUp.NONE else command.question.strip(),
        required=ask is not FollowUp.NONE and (command.required or then in MUST),
        counts_against_marketing=command.counts_against_marketing,
    )
    refuse_mistakes(check_reason(reason))
    return reason


def _code(tx: Transaction, label: str, reasons: list[Reason]) -> str:
    """One that no version used for another reason; a retired reason that is added again is the same one."""
    ever = {reason.code: reason.label for one in tx.agreements.all() for reason in one.terms.reasons}
    now = {reason.code for reason in reasons}
    again = next((code for code, said in ever.items() if said.casefold() == label.casefold() and code not in now), None)
    return again or code_for(label, ever.keys())


def _place(reasons: list[Reason], code: str) -> int:
    at = next((number for number, reason in enumerate(reasons) if reason.code == code), None)
    if at is None:
        raise NotFound(GONE)
    return at


def _unsigned(tx: Transaction) -> Agreement:
    agreement = latest(tx)
    if agreement.binds(tx.now):
        raise Refused(_signed_sentence(agreement))
    return agreement


def _signed_sentence(agreement: Agreement) -> str:
    return (
        f"Version {agreement.version} of the agreement is signed by both teams: its reasons change only with a new"
        " version that they sign. Propose one with /lockstep agreement."
    )


def _put(tx: Transaction, agreement: Agreement, reasons: Sequence[Reason]) -> int:
    version = tx.agreements.newest_version() + 1
    document = replace(agreement.document, terms=replace(agreement.terms, reasons=tuple(reasons)))
    starts = max(tx.now, not_before(tx, version))
    tx.agreements.add(Agreement(id=tx.new_id(), version=version, document=document, in_force_from=starts))
    compare_anew(tx)
    return version
