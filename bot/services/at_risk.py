"""What is at risk: a manager's one message with the leads of their people whose windows are nearly over.

It is edited in place as leads join it and as they are decided. An edit is not noticed, so a lead that joins after the
list was empty, or on a later day of the manager's, makes a new message; the old one says that it moved.
"""

from __future__ import annotations

from bot.domain.countdown import Running
from storage.transaction import Transaction


def tell(tx: Transaction, running: Running) -> None:
    """The lead stands in its manager's list; they are told in their working hours."""


def sync_for(tx: Transaction, running: Running) -> None:
    """The lead is out of the lists it stood in: its window has ended, or runs for somebody else."""
