"""Other systems hear of every decision, in the transaction that makes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from bot.domain.config import Event
from bot.domain.handoff import Handoff
from bot.domain.person import Person
from bot.domain.post import OutboxKind, OutboxRow
from bot.domain.target import COMPENSATES, EVENTS, ORIGIN, Target
from bot.services import posting
from bot.services.lead_records import EMAIL_KEY
from storage.transaction import Transaction

LANES = 256
"""Lanes of a target: not one a lead, because lanes stay."""
KEPT = timedelta(days=60)
"""For how long decisions are kept for a target that is disabled."""
LOOK_BACK = 50
"""How many of a lead's events are searched for the one that is taken back."""


def announce(tx: Transaction, event: Event) -> None:
    """Every target that wants this kind of event is told, lead by lead in order. What is no decision is not told. One
    that is disabled is told once it is enabled and somebody asks for it, of what was decided within KEPT."""
    if event.kind not in EVENTS or event.lead_id is None:
        return
    targets = [
        target
        for target in tx.targets.all()
        if target.wants(event.kind) and (target.disabled_at is None or tx.now - target.disabled_at < KEPT)
    ]
    lead = tx.leads.get(event.lead_id) if targets else None
    if lead is None or lead.practice:
        return
    tx.announcements.add(event.id, event.kind, event.lead_id, _body(tx, event))
    for target in targets:
        tx.outbox.add(OutboxKind.ANNOUNCE, f"{event.id}@{target.key}", lane_of(target.key, event.lead_id))


def lane_of(target_key: str, lead_id: str) -> str:
    """A target's lane for this lead: of one lead nothing overtakes, and what a receiver refuses holds up few others."""
    return f"target:{target_key}:{crc32(lead_id.encode()) % LANES}"


def target_of(lane: str) -> str:
    """The key of the target a lane leads to."""
    return lane.removeprefix("target:").rpartition(":")[0]


def what_to_tell(tx: Transaction, subject_id: str) -> tuple[str, Target | None, str | None]:
    """The announcement's id, its target and the body; None for what is not there (any more)."""
    announcement_id, _, key = subject_id.partition("@")
    return announcement_id, tx.targets.get(key), tx.announcements.body(announcement_id)


def given_up(tx: Transaction, row: OutboxRow, why: str) -> None:
    """The admin hears, once a day for each target, that it was not told something."""
    key = row.subject_id.partition("@")[2]
    tx.events.add("announcement.failed", data={"target": key})
    if tx.seen.first_time("alert", f"target:{key}:{tx.now:%Y-%m-%d}"):
        posting.alert(
            tx,
            f"{key} does not hear of decisions",
            f"{why} What it was not told is kept: `lockstep outbox` lists it, `lockstep outbox replay` sends it again.",
        )


def gone(tx: Transaction, key: str) -> None:
    """The target answered that it is gone for good: it is told nothing more."""
    tx.targets.disable(key, "It answered 410 Gone")
    posting.alert(
        tx,
        f"{key} wants no more news",
        "It answered 410 Gone and is told nothing more. `lockstep outbox enable` with its key takes that back.",
    )


def _body(tx: Transaction, event: Event) -> str:
    handoff = tx.handoffs.get(event.handoff_id) if event.handoff_id else None
    data: dict[str, Any] = {
        "event_id": event.id,
        "lead": _lead(tx, event.lead_id or ""),
        "handoff_id": event.handoff_id,
        "by": _by(tx, event),
        "owner": _owner(tx, handoff),
    }
    if handoff is not None and handoff.rejection is not None and event.kind == "handoff.rejected":
        reason = handoff.terms.reason(handoff.rejection.reason)
        data["reason"] = {"code": handoff.rejection.reason, "label": reason.label if reason else None}
        data["comment"] = handoff.rejection.comment
    manager = tx.people.get(str(event.data["for"])) if event.data.get("for") else None
    if manager is not None:
        data["for"] = _person(manager)
    for name in ("note", "comment", "until", "into", "reason", "outcome", "before", "waits", "answer", "ruling"):
        if event.data.get(name) is not None and name not in data:
            data[name] = event.data[name]
    if event.data.get("compensates"):
        data["compensates"] = event.data["compensates"]
    elif event.kind in COMPENSATES:
        data["compensates"] = _taken_back(tx, event)
    message = {"type": event.kind, "timestamp": as_text(event.happened_at), "origin": ORIGIN, "data": data}
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def _lead(tx: Transaction, lead_id: str) -> dict[str, Any]:
    lead = tx.leads.get(lead_id)
    if lead is None or lead.erased_at is not None:
        return {"id": lead_id, "source": lead.source if lead else None, "erased": True}
    keys = [
        {"source": source, "external_id": key} for source, key in tx.erasures.keys_of(lead_id) if source != EMAIL_KEY
    ]
    return {
        "id": lead_id, "source": lead.source, "external_id": lead.external_id, "keys": keys, "stage": lead.stage.value,
    }  # fmt: skip


def _by(tx: Transaction, event: Event) -> dict[str, Any]:
    person = tx.people.get(event.actor)
    return _person(person) if person is not None else {"system": event.actor}


def _owner(tx: Transaction, handoff: Handoff | None) -> dict[str, Any] | None:
    person = tx.people.get(handoff.rep_id) if handoff is not None and handoff.is_owned and handoff.rep_id else None
    return _person(person) if person is not None else None


def _person(person: Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email}


def _taken_back(tx: Transaction, event: Event) -> str | None:
    wanted = COMPENSATES[event.kind]
    for earlier in tx.events.of_lead(event.lead_id or "", LOOK_BACK):
        if earlier.kind == wanted and earlier.handoff_id == event.handoff_id:
            return earlier.id
    return None


def as_text(instant: datetime) -> str:
    """An instant as other systems read it."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
