"""What whoever gets a lead reads of those who had it before: who passed it on, and what they said of it."""

from __future__ import annotations

from bot.domain.handoff import End, Handoff, Opened, Status
from bot.services.whereabouts import person_name, reassigned_by
from storage.transaction import Transaction


def passed_on(tx: Transaction, handoff: Handoff) -> str | None:
    """For example `Released by Jonas Brandt: on holiday`; None when there is nothing to say."""
    before = tx.handoffs.get(handoff.predecessor_id) if handoff.predecessor_id else None
    if before is None:
        # Assigned by a manager, who said why: nobody had it before.
        return handoff.routed_because if handoff.opened is Opened.REASSIGNED else None
    words: str | None
    match handoff.opened:
        case Opened.UNDONE:
            return passed_on(tx, before)
        case Opened.RELEASED:
            said, words = f"Released by {person_name(tx, before.rep_id)}", before.note
        case Opened.REASSIGNED:
            by_manager = before.end is End.TRANSFERRED or before.status is Status.WITHDRAWN
            said, words = reassigned_by(tx, before) or handoff.routed_because, before.note if by_manager else None
        case Opened.REROUTED if before.rejection is not None:
            said, words = f"Passed on by {person_name(tx, before.decided_by)}", before.rejection.comment
        case Opened.RESENT:
            return _sent_again(tx, before)
        case Opened.OVERTURNED:
            return _overturned(tx, before)
        case _:
            return None
    return f"{said}: {words}" if words else said


def _sent_again(tx: Transaction, before: Handoff) -> str:
    """What marketing mended, and what had been wrong with it."""
    answer = tx.reject_answers.get(before.id)
    if answer is None:
        return f"Rejected before: {_reason(before)}"
    by = person_name(tx, answer.answered_by)
    changed = f": {answer.said}" if answer.said else ""
    return f"Sent again by {by}{changed} (rejected before: {_reason(before)})"


def _overturned(tx: Transaction, before: Handoff) -> str:
    """That the reject before did not stand, and why; who had rejected it is nobody's business here."""
    dispute = tx.disputes.of_rejects([before.id]).get(before.id)
    why = f": {dispute.sentence}" if dispute is not None and dispute.sentence else ""
    return f"Rejected before ({_reason(before)}), which was overturned{why}"


def _reason(before: Handoff) -> str:
    reason = before.terms.reason(before.rejection.reason) if before.rejection is not None else None
    return reason.label if reason is not None else "another reason"
