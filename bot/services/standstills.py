"""Noticing that Lockstep stood still: it says once a minute that it is at work, and looks back when it comes up."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from bot.services import countdowns
from storage.transaction import Transaction

EVERY = timedelta(minutes=1)
LONGER_THAN = timedelta(minutes=2)
"""So long nothing was heard of Lockstep, at least: shorter is no standstill, and costs nobody anything to speak of."""


class Heartbeat:
    """Says that Lockstep is at work. Called with every sweep; writes once a minute of the clock.

    That a clock jumps, as in a demonstration, is no standstill: what counts is that nothing was swept meanwhile.
    """

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._heard_s: float | None = None

    def __call__(self, tx: Transaction) -> None:
        heard_s, now_s = self._heard_s, time.monotonic()
        self._heard_s = now_s
        if heard_s is not None and now_s - heard_s > LONGER_THAN.total_seconds():
            came_up(tx)
        elif self._at is None or not timedelta(0) <= tx.now - self._at < EVERY:
            tx.standstills.alive()
        else:
            return
        self._at = tx.now


def came_up(tx: Transaction) -> None:
    """Lockstep works again. If nothing was heard of it for a while, that was a standstill, which counts against nobody:
    everything that runs is planned anew soon."""
    last = tx.standstills.alive_at()
    tx.standstills.alive()
    if last is None or tx.now - last <= LONGER_THAN:
        return
    tx.standstills.add(last, tx.now)
    for agreement in tx.agreements.all():
        if tx.countdowns.lock_of_agreement(agreement.id, "", 1):
            countdowns.replan_agreement(tx, agreement.id)
