"""A lead is handed over by marketing: new, changed, or a person who comes back. Nobody is swallowed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Lead, Priority, Stage, may_move, normalise_email
from bot.domain.post import PostRole, Subject
from bot.services import posting
from bot.services.offers import offer
from storage.transaction import Transaction


class Answer(StrEnum):
    OFFERED = "offered"
    UPDATED = "updated"
    TOUCH = "touch"
    UNROUTED = "unrouted"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What a source says of a lead. `given` names the fields that were present: only they change a known lead.

    `sent_at` is when the source says it happened; `delivery_id` names the delivery, so that a repeated one
    changes nothing.
    """

    source: str
    external_id: str
    delivery_id: str | None = None
    sent_at: datetime | None = None
    email: str | None = None
    name: str | None = None
    company: str | None = None
    title: str | None = None
    phone: str | None = None
    phone_e164: str | None = None
    country: str | None = None
    origin: str | None = None
    campaign: str | None = None
    score: int | float | None = None
    touches: int | None = None
    engaged_at: datetime | None = None
    priority: Priority = Priority.WARM
    summary: str | None = None
    url: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    actor: str = "lockstep"
    origin_kind: str = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """`seen`: this delivery was known already, and the rest is what was answered then."""

    lead_id: str
    handoff_id: str | None
    status: Answer
    seen: bool = False


COPIED = (
    "email", "name", "company", "title", "phone", "country", "origin", "score", "touches",
    "engaged_at", "priority", "summary", "url", "fields",
)  # fmt: skip


def hand_over(tx: Transaction, command: HandOver) -> HandedOver:
    """The lead is stored and on its way to somebody; a delivery already seen changes nothing.

    A known (source, external_id) with changed data updates lead and card. The same normalised e-mail with an
    open or owned lead becomes a touch on that lead, whose owner is told. A recycled, closed or lost one is
    handed over again.
    """
    if command.delivery_id is not None:
        answered = tx.seen.answer_of("lead", f"{command.source}:{command.delivery_id}")
        if answered is not None:
            return HandedOver(
                lead_id=answered["lead_id"],
                handoff_id=answered["handoff_id"],
                status=Answer(answered["status"]),
                seen=True,
            )
    result = _store(tx, command)
    if command.delivery_id is not None:
        tx.seen.remember(
            "lead",
            f"{command.source}:{command.delivery_id}",
            {"lead_id": result.lead_id, "handoff_id": result.handoff_id, "status": result.status.value},
        )
    return result


def _store(tx: Transaction, command: HandOver) -> HandedOver:
    # Locks in one order: key before address before row. Two deliveries about one person wait for each other.
    tx.leads.lock_key(command.source, command.external_id)
    email = normalise_email(command.email)
    if email is not None:
        tx.leads.lock_email(email)
    known = tx.leads.by_key(command.source, command.external_id)
    if known is not None:
        return _known(tx, tx.leads.lock(known.id) or known, command)
    same = _same_person(tx, email)
    if same is not None:
        return _touch(tx, tx.leads.lock(same.id) or same, command)
    campaign = tx.campaigns.ensure(command.campaign) if command.campaign else None
    lead = Lead(
        id=tx.new_id(),
        source=command.source,
        external_id=command.external_id,
        email_normalised=email,
        phone_e164=command.phone_e164,
        campaign_id=campaign.id if campaign else None,
        campaign_key=campaign.key if campaign else None,
        created_at=tx.now,
        updated_at=tx.now,
        **{name: getattr(command, name) for name in COPIED},
    )
    tx.leads.add(lead)
    _event(tx, "lead.received", lead, command)
    return _offer(tx, lead, command, Opened.HANDED_OVER)


def _known(tx: Transaction, lead: Lead, command: HandOver) -> HandedOver:
    current = _current(tx, lead)
    before = lead
    lead, changed = _apply(tx, lead, command)
    if changed:
        _event(tx, "lead.updated", lead, command, {"fields": sorted(changed)})
    if current is None and _is_back(lead, changed):
        return _offer(tx, lead, command, _opened_again(before))
    if changed:
        _raise_priority(tx, current, lead)
        posting.sync_lead(tx, lead.id)
        if current is not None:
            posting.sync_homes_of(tx, current)
    return HandedOver(lead_id=lead.id, handoff_id=current.id if current else None, status=Answer.UPDATED)


def _is_back(lead: Lead, changed: set[str]) -> bool:
    """Whether a known lead that nobody has is handed over again. A source that repeats itself about a closed or
    lost lead, with nothing new, is not heard again."""
    if lead.stage in (Stage.RECYCLED, Stage.LEAD, Stage.MQL):
        return True
    return bool(changed) and may_move(lead.stage, Stage.MQL)


def _touch(tx: Transaction, lead: Lead, command: HandOver) -> HandedOver:
    current = _current(tx, lead)
    before = lead
    tx.leads.add_key(lead.id, command.source, command.external_id)
    lead = _enrich(tx, lead, command)
    _event(
        tx, "lead.touched", lead, command,
        {"external_id": command.external_id, "origin": command.origin, "campaign": command.campaign},
    )  # fmt: skip
    if current is None:
        if may_move(lead.stage, Stage.MQL) or lead.stage is Stage.MQL:
            return _offer(tx, lead, command, _opened_again(before))
        return HandedOver(lead_id=lead.id, handoff_id=None, status=Answer.TOUCH)
    _raise_priority(tx, current, lead)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, current)
    _tell_owner(tx, current, before, lead, command)
    return HandedOver(lead_id=lead.id, handoff_id=current.id, status=Answer.TOUCH)


def _tell_owner(tx: Transaction, current: Handoff, before: Lead, lead: Lead, command: HandOver) -> None:
    person = tx.people.get(current.rep_id) if current.rep_id else None
    place = posting.direct_message_of(person)
    if place is None:
        return  # in a pool the card itself says that they came back
    hotter = lead.priority.heat > before.priority.heat
    data: dict[str, Any] = {
        "summary": command.summary,
        "origin": command.origin,
        "campaign": command.campaign,
        "came_at": tx.now.isoformat(),
        "priority": lead.priority.value,
        "raised_from": before.priority.value if hotter else None,
    }
    posting.say(tx, Subject.TOUCH_NOTICE, lead.id, place, PostRole.NOTICE, lead.id, data)


def _offer(tx: Transaction, lead: Lead, command: HandOver, opened: Opened) -> HandedOver:
    handoff = offer(tx, lead, opened, received_at=tx.now, actor=command.actor, origin=command.origin_kind)
    if opened is not Opened.HANDED_OVER:
        posting.sync_lead(tx, lead.id)
    return HandedOver(
        lead_id=lead.id,
        handoff_id=handoff.id if handoff else None,
        status=Answer.OFFERED if handoff else Answer.UNROUTED,
    )


def _opened_again(before: Lead) -> Opened:
    return Opened.RECYCLED if before.stage is Stage.RECYCLED else Opened.HANDED_OVER


def _current(tx: Transaction, lead: Lead) -> Handoff | None:
    return tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)


def _same_person(tx: Transaction, email: str | None) -> Lead | None:
    """The lead a returning person belongs to: one that is open or owned before one that can be handed over again."""
    if email is None:
        return None
    leads = tx.leads.by_email(email)
    for lead in leads:
        if _current(tx, lead) is not None:
            return lead
    # A customer who is won and whose lead nobody owns any more starts anew.
    return next((lead for lead in leads if lead.stage is Stage.MQL or may_move(lead.stage, Stage.MQL)), None)


def _apply(tx: Transaction, lead: Lead, command: HandOver) -> tuple[Lead, set[str]]:
    """The lead with what the source now says of it, and the names of what changed."""
    changes: dict[str, Any] = {}
    for name in COPIED:
        if name in command.given and getattr(command, name) != getattr(lead, name):
            changes[name] = getattr(command, name)
    if "phone" in changes:
        changes["phone_e164"] = command.phone_e164
    if "email" in changes:
        changes["email_normalised"] = normalise_email(command.email)
    if "campaign" in command.given and command.campaign and command.campaign != lead.campaign_key:
        campaign = tx.campaigns.ensure(command.campaign)
        changes |= {"campaign_id": campaign.id, "campaign_key": campaign.key}
    if not changes:
        return lead, set()
    changed = replace(lead, version=lead.version + 1, updated_at=tx.now, **changes)
    tx.leads.save(changed)
    return changed, set(changes) - {"phone_e164", "email_normalised", "campaign_id"}


def _enrich(tx: Transaction, lead: Lead, command: HandOver) -> Lead:
    """The lead with gaps filled from another record of the same person; what is known is not overwritten."""
    changes: dict[str, Any] = {
        name: getattr(command, name)
        for name in ("name", "company", "title", "country", "url")
        if getattr(lead, name) is None and getattr(command, name) is not None
    }
    if lead.phone is None and command.phone is not None:
        changes |= {"phone": command.phone, "phone_e164": command.phone_e164}
    if lead.campaign_id is None and command.campaign:
        campaign = tx.campaigns.ensure(command.campaign)
        changes |= {"campaign_id": campaign.id, "campaign_key": campaign.key}
    if command.priority.heat > lead.priority.heat:
        changes["priority"] = command.priority
    if (command.score or 0) > (lead.score or 0):
        changes["score"] = command.score
    changes["fields"] = {**command.fields, **lead.fields}
    changes["touches"] = (lead.touches or 0) + 1
    enriched = replace(lead, version=lead.version + 1, updated_at=tx.now, **changes)
    tx.leads.save(enriched)
    return enriched


def _raise_priority(tx: Transaction, current: Handoff | None, lead: Lead) -> None:
    if current is not None and lead.priority.heat > current.priority.heat:
        tx.handoffs.save(replace(current, priority=lead.priority, version=current.version + 1))


def _event(tx: Transaction, kind: str, lead: Lead, command: HandOver, data: dict[str, object] | None = None) -> None:
    tx.events.add(
        kind, lead_id=lead.id, actor=command.actor, origin=command.origin_kind, happened_at=command.sent_at,
        data=data or {},
    )  # fmt: skip
