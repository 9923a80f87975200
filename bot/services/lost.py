"""A lead that was lost comes back on the day that was named: whoever lost it has it no longer, and is asked first."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.crm import BY_DATE
from bot.domain.handoff import End, Handoff
from bot.services.ending import end_without_decision
from storage.transaction import Transaction

WHY = "It was lost, and its day to come back has come"


def let_go(tx: Transaction, owned: Handoff) -> Handoff:
    """The accepted handoff of the lost lead has ended; whoever had it is offered the lead first. The caller holds the
    lead's lock."""
    asked = replace(owned, extra={**owned.extra, "again": True})
    return end_without_decision(tx, asked, End.RELEASED, WHY, actor="lockstep", by=BY_DATE, origin="timer")
