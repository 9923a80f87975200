"""How Lockstep is doing, in numbers that stay cheap as history grows: only what is under way is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`outbox`: rows not sent, by status. `leads`: offered, and accepted and still being worked. Seconds overdue, 0 for
    nothing."""

    outbox: dict[str, int]
    leads: dict[str, int]
    oldest_due_s: float
    timers_lag_s: float


def load_condition(tx: Transaction) -> Condition:
    """The numbers of this moment."""
    return Condition(
        outbox={status.value: count for status, count in tx.outbox.counts().items()},
        leads={"offered": tx.handoffs.count_waiting(), "accepted": tx.leads.count_worked()},
        oldest_due_s=_overdue(tx, tx.outbox.next_due()),
        timers_lag_s=_overdue(tx, tx.timers.next_due()),
    )


def _overdue(tx: Transaction, due_at: datetime | None) -> float:
    return 0.0 if due_at is None else max(0.0, (tx.now - due_at).total_seconds())
