"""Rows to test with. Everything has a default; what a test is about it names itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.handoff import Handoff, Opened, Rejection, Status
from bot.domain.lead import Lead, Priority, Stage
from bot.domain.person import Person, Role, Side
from bot.domain.post import Timer
from bot.domain.reassignment import Reassignment, Which
from storage.transaction import Transaction

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AGREEMENT = "00000000-0000-7000-8000-000000000000"


@dataclass
class StandingClock:
    """Stands still until it is moved."""

    at: datetime = field(default=NOON)

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


def person(tx: Transaction, name: str = "Ines Duarte", **given: Any) -> Person:
    """A rep of the roster, stored."""
    values: dict[str, Any] = {"side": Side.SALES, "roles": frozenset({Role.REP})} | given
    made = Person(id=tx.new_id(), name=name, **values)
    tx.people.add(made)
    return made


def lead(tx: Transaction, external_id: str = "C-1", **given: Any) -> Lead:
    """A lead that is an MQL, stored."""
    values: dict[str, Any] = {"source": "crm", "stage": Stage.MQL} | given
    made = Lead(id=tx.new_id(), external_id=external_id, created_at=tx.now, updated_at=tx.now, **values)
    tx.leads.add(made)
    return made


def handoff(tx: Transaction, of: Lead, **given: Any) -> Handoff:
    """An open offer of a lead, stored; to a rep or a pool as given."""
    values: dict[str, Any] = {
        "agreement_id": AGREEMENT,
        "terms": DEFAULT_TERMS,
        "status": Status.OFFERED,
        "opened": Opened.HANDED_OVER,
        "priority": Priority.WARM,
        "source": of.source,
        "received_at": tx.now,
        "offered_at": tx.now,
    } | given
    made = Handoff(id=tx.new_id(), lead_id=of.id, **values)
    tx.handoffs.add(made)
    return made


def reassignment(tx: Transaction, of: Person, **given: Any) -> Reassignment:
    """All leads of a person on their way to others, stored."""
    values: dict[str, Any] = {
        "by_id": of.id, "which": Which.BOTH, "note": "sick", "total": 3, "newest_id": of.id, "started_at": tx.now,
    } | given  # fmt: skip
    made = Reassignment(id=tx.new_id(), person_id=of.id, **values)
    tx.reassignments.add(made)
    return made


def take_due(tx: Transaction) -> Timer | None:
    """The timer that is due longest and that nobody else is just taking."""
    return next((taken for due in tx.timers.due(50) if (taken := tx.timers.take(due.id)) is not None), None)


def accepted(one: Handoff, by: str, at: datetime) -> Handoff:
    return replace(one, status=Status.ACCEPTED, rep_id=by, decided_by=by, decided_at=at, version=one.version + 1)


def rejected(one: Handoff, by: str, at: datetime, reason: str = "low_intent") -> Handoff:
    return replace(
        one,
        status=Status.REJECTED,
        decided_by=by,
        decided_at=at,
        rejection=Rejection(reason=reason),
        version=one.version + 1,
    )


def move(tx: Transaction, one: Lead, stage: Stage) -> Lead:
    moved = replace(one, stage=stage, version=one.version + 1, updated_at=tx.now)
    tx.leads.save(moved)
    return moved
