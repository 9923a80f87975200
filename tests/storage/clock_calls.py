"""What the clock asks the database: each call made once, for the plans of its statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.countdown import CountdownKind, Running
from bot.domain.person import Role
from storage.transaction import Transaction
from tests.storage.samples import NOON

ACCEPT = CountdownKind.ACCEPT


def _running(world: Any, tx: Transaction) -> Running:
    return Running(
        id=tx.new_id(), kind=ACCEPT, subject_id=world.offered.id, agreement_id=world.offered.agreement_id,
        lead_id=world.lead.id, owner_id=world.person.id, window=timedelta(hours=4), since=NOON, started_at=NOON,
    )  # fmt: skip


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "countdowns.get": lambda w, tx: tx.countdowns.get("c-1"),
    "countdowns.lock": lambda w, tx: tx.countdowns.lock("c-1"),
    "countdowns.try_lock": lambda w, tx: tx.countdowns.try_lock("c-1"),
    "countdowns.of": lambda w, tx: tx.countdowns.of(ACCEPT, w.offered.id),
    "countdowns.lock_of": lambda w, tx: tx.countdowns.lock_of(ACCEPT, w.offered.id),
    "countdowns.of_many": lambda w, tx: tx.countdowns.of_many(ACCEPT, [w.offered.id, w.owned.id]),
    "countdowns.lock_with_card": lambda w, tx: tx.countdowns.lock_with_card(ACCEPT, w.offered.id),
    "countdowns.lock_of_owner": lambda w, tx: tx.countdowns.lock_of_owner(w.person.id),
    "countdowns.lock_of_team": lambda w, tx: tx.countdowns.lock_of_team("t-1"),
    "countdowns.lock_of_agreement": lambda w, tx: tx.countdowns.lock_of_agreement(w.offered.agreement_id, "", 100),
    "countdowns.offers_without": lambda w, tx: tx.countdowns.offers_without(100),
    "countdowns.start": lambda w, tx: tx.countdowns.start(_running(w, tx)),
    "countdowns.save": lambda w, tx: tx.countdowns.save(replace(_running(w, tx), id="c-1")),
    "leads.try_lock": lambda w, tx: tx.leads.try_lock(w.lead.id),
    "leads.parked": lambda w, tx: tx.leads.parked(8, 8),
    "leads.count_parked": lambda w, tx: tx.leads.count_parked(),
    "people.usual_zone": lambda w, tx: tx.people.usual_zone(Role.REP, None),
    "people.usual_zone of a team": lambda w, tx: tx.people.usual_zone(Role.REP, "t-1"),
}
