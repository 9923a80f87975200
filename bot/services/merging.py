"""Two leads that are one person: joined in the one that lives on."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.handoff import Handoff, Opened
from bot.domain.lead import Lead, Stage, may_move
from bot.domain.rights import Clicker
from bot.errors import FormError
from bot.services import announcements, posting
from bot.services.lead_records import EMAIL_KEY
from bot.services.notices import tell_of_merge
from bot.services.offering_again import offer_again
from bot.services.offers import move
from storage.transaction import Transaction

FILLED = ("name", "company", "title", "country", "email", "email_normalised", "phone", "phone_e164")


def merge(tx: Transaction, handoff: Handoff, lead: Lead, survivor_id: str, who: Clicker) -> None:
    """`lead` is one with the survivor: its ids and address lead there from now on, and its owner is told.

    A survivor that nobody has is handed over again, because the person showed interest once more.
    Raises FormError(lead_id) when the survivor is gone or was itself merged meanwhile.
    """
    survivor = tx.leads.lock(survivor_id)
    if survivor is None or survivor.stage is Stage.MERGED or survivor.erased_at is not None:
        raise FormError({"lead_id": "This lead is not there any more. Choose another."})
    tx.leads.move_keys(lead.id, survivor.id)
    if lead.email_normalised and lead.email_normalised != survivor.email_normalised:
        tx.leads.add_key(survivor.id, EMAIL_KEY, lead.email_normalised)
    move(tx, lead, Stage.MERGED, merged_into=survivor.id)
    survivor = _enriched(tx, survivor, lead)
    event = tx.events.add(
        "lead.merged", lead_id=lead.id, handoff_id=handoff.id, actor=who.person.id, origin="slack",
        data={"into": survivor.id},
    )  # fmt: skip
    announcements.announce(tx, event)
    current = tx.handoffs.owned_of(survivor.id) or tx.handoffs.offered_of(survivor.id)
    if current is None and (survivor.stage is Stage.MQL or may_move(survivor.stage, Stage.MQL)):
        offer_again(tx, survivor, Opened.RECYCLED, after=None, actor=who.person.id, origin="slack")
    posting.sync_lead(tx, survivor.id)
    if current is not None:
        _tell_owner(tx, current, survivor, lead, who)


def _enriched(tx: Transaction, survivor: Lead, lead: Lead) -> Lead:
    filled = {
        name: getattr(lead, name)
        for name in FILLED
        if getattr(survivor, name) is None and getattr(lead, name) is not None
    }
    enriched = replace(
        survivor,
        priority=max(survivor.priority, lead.priority, key=lambda priority: priority.heat),
        touches=(survivor.touches or 0) + 1,
        version=survivor.version + 1,
        updated_at=tx.now,
        **filled,
    )
    tx.leads.save(enriched)
    return enriched


def _tell_owner(tx: Transaction, current: Handoff, survivor: Lead, lead: Lead, who: Clicker) -> None:
    owner = tx.people.get(current.rep_id) if current.rep_id else None
    if owner is not None and owner.id != who.person.id:
        tell_of_merge(tx, owner, survivor, lead, who.person.name)
