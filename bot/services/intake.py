"""A lead is handed over by marketing: new, changed, or a person who comes back. Nobody is swallowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Lead, Stage, may_move, normalise_email
from bot.services import posting
from bot.services.lead_records import COPIED, EMAIL_KEY, HandOver, apply_record, fill_gaps, touched
from bot.services.notices import tell_of_touch
from bot.services.offers import offer
from storage.transaction import Transaction


class Answer(StrEnum):
    OFFERED = "offered"
    UPDATED = "updated"
    TOUCH = "touch"
    UNROUTED = "unrouted"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """`seen`: this delivery was known already, and the rest is what was answered then."""

    lead_id: str
    handoff_id: str | None
    status: Answer
    seen: bool = False


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
    if (lead.source, lead.external_id) == (command.source, command.external_id):
        lead, changed = apply_record(tx, lead, command)
    else:
        # Another record of the same person: it may fill gaps, and must not overwrite what the lead's own says.
        lead, changed = fill_gaps(tx, lead, command)
    if changed:
        _event(tx, "lead.updated", lead, command, {"fields": sorted(changed)})
    if current is None and _is_back(lead, changed):
        return _offer(tx, lead, command, _opened_again(before))
    if changed:
        _raise_priority(tx, current, lead)
        posting.sync_lead(tx, lead.id)
        if current is not None:
            posting.sync_homes_of(tx, current)
            if lead.priority.heat > before.priority.heat:
                _tell_owner(tx, current, before, lead, command)
    return HandedOver(lead_id=lead.id, handoff_id=current.id if current else None, status=Answer.UPDATED)


def _is_back(lead: Lead, changed: set[str]) -> bool:
    """Whether a known lead that nobody has is handed over again. A source that repeats itself about a recycled,
    closed or lost lead, with nothing new, is not heard: a nightly export would undo every reject."""
    if lead.stage in (Stage.LEAD, Stage.MQL):
        return True
    return bool(changed) and may_move(lead.stage, Stage.MQL)


def _touch(tx: Transaction, lead: Lead, command: HandOver) -> HandedOver:
    current = _current(tx, lead)
    before = lead
    tx.leads.add_key(lead.id, command.source, command.external_id)
    lead = touched(tx, lead, command)
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
    hotter = lead.priority.heat > before.priority.heat
    data: dict[str, Any] = {
        "summary": command.summary,
        "origin": command.origin,
        "campaign": command.campaign,
        "came_at": tx.now.isoformat(),
        "priority": lead.priority.value,
        "raised_from": before.priority.value if hotter else None,
    }
    tell_of_touch(tx, current, lead, data, hotter=hotter)


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
    merged = tx.leads.by_key(EMAIL_KEY, email)
    if merged is not None:
        leads = [merged, *leads]
        if _current(tx, merged) is not None:
            return merged
    # A customer who is won and whose lead nobody owns any more starts anew.
    return next((lead for lead in leads if lead.stage is Stage.MQL or may_move(lead.stage, Stage.MQL)), None)


def _raise_priority(tx: Transaction, current: Handoff | None, lead: Lead) -> None:
    if current is not None and lead.priority.heat > current.priority.heat:
        tx.handoffs.save(replace(current, priority=lead.priority, version=current.version + 1))


def _event(tx: Transaction, kind: str, lead: Lead, command: HandOver, data: dict[str, object] | None = None) -> None:
    tx.events.add(
        kind, lead_id=lead.id, actor=command.actor, origin=command.origin_kind, happened_at=command.sent_at,
        data=data or {},
    )  # fmt: skip
