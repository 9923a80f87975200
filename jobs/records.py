"""What becomes of an outbox row, each in one transaction. All are fenced: who lost the lease changes no row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.post import OutboxRow, OutboxStatus
from bot.errors import AppRefused, RetryLater, Undeliverable
from bot.ports import Posted
from bot.services import delivery
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a recording leaves to be done after its commit."""

    shows: tuple[str, int, str] | None = None
    """The post, its version, and the digest of the content it now shows."""
    extra: Posted | None = None
    """A message of ours that is one too many."""


Record = Callable[[Transaction, OutboxRow], Recorded | None]

AT_ONCE = timedelta(0)


def done(tx: Transaction, row: OutboxRow) -> None:
    """Nothing (more) to say."""
    tx.outbox.done(row, tx.now)


def later(error: RetryLater) -> Record:
    """Slack did nothing and wants to be asked again: the lane waits, or every lane when it is the workspace."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        tx.outbox.retry(row, _hold(tx, row, error), str(error))
        if isinstance(error, AppRefused):
            delivery.app_refused(tx, row, error)

    return record


def look_later(error: RetryLater) -> Record:
    """The history could not be read just now: the outcome stays unknown, and this was no look."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        tx.outbox.unknown(_not_looked_up(row), _hold(tx, row, error), str(error))

    return record


def try_again(wait: timedelta, why: str) -> Record:
    """We failed ourselves; the lane waits, to keep its order. What was unknown stays unknown."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        if row.status is OutboxStatus.UNKNOWN:
            tx.outbox.unknown(_not_looked_up(row), tx.now + wait, why)
        else:
            tx.outbox.retry(row, tx.now + wait, why)

    return record


def unknown(why: str, wait: timedelta = AT_ONCE) -> Record:
    """Slack may or may not have it: looked up after `wait`, and nothing else of the lane is said before."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        tx.outbox.unknown(row, tx.now + wait, why)

    return record


def give_up(error: Undeliverable) -> Record:
    """It will never work as it is: kept with the reason, and the admin is told."""

    def record(tx: Transaction, row: OutboxRow) -> None:
        if tx.outbox.park(row, str(error)):
            delivery.undeliverable(tx, row, error)

    return record


def park(tx: Transaction, row: OutboxRow, why: str) -> None:
    """Kept with the reason; for failures while recording, when telling may be what fails."""
    tx.outbox.park(row, why)


def _not_looked_up(row: OutboxRow) -> OutboxRow:
    """The row as one whose lease ends without a look: its count of looks stays."""
    return replace(row, status=OutboxStatus.SENDING)


def _hold(tx: Transaction, row: OutboxRow, error: RetryLater) -> datetime:
    """Nothing of the lane, or of any, goes out before the instant this returns."""
    until = tx.now + timedelta(seconds=error.after)
    if error.whole_workspace:
        tx.outbox.hold_all(until)
    else:
        tx.outbox.hold_lane(row.lane, until)
    return until
