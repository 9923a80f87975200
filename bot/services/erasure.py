"""A person is erased at their request: what told who they are is gone, and does not come back."""

from __future__ import annotations

import json

from bot.domain.crm import BY_ERASURE
from bot.domain.handoff import End
from bot.domain.lead import CRM_STAGES, Lead, Stage
from bot.domain.person import Role
from bot.domain.post import TimerKind
from bot.errors import Stale
from bot.services import announcements, briefs, disputes, notes, posting, reject_answers
from bot.services.ending import end_without_decision
from bot.services.lead_records import EMAIL_KEY
from storage.transaction import Transaction

MANY = 100_000
"""Leads of one address; more than there ever are."""
WHY = "Erased at the person's request"


def erase_key(tx: Transaction, source: str, external_id: str, email: str | None, *, actor: str) -> Lead | None:
    """Whoever this key or address names is erased, whether known or not: no later message brings them back. The lead's
    own addresses count as if they were given.

    Returns the lead of the key, where there was one. The caller holds the lock of the key; here every address is
    locked before any row, as whoever hands a lead over does. Raises Stale when an address was added meanwhile.
    """
    found = tx.leads.by_key(source, external_id)
    leads, addresses = _all_of_them(tx, found, email)
    for address in sorted(addresses):
        tx.leads.lock_email(address)
    if addresses:
        # Who handed a lead over meanwhile held one of these locks: their lead is theirs, too.
        found = tx.leads.by_key(source, external_id)
        again = _all_of_them(tx, found, email)
        if again[1] - addresses:
            raise Stale("An address was added to the lead at the same moment.")
        leads = again[0]
    tx.news.take(source, external_id)
    tx.erasures.remember("key", source, external_id)
    for address in sorted(addresses):
        tx.erasures.remember("email", address)
        tx.news.forget_address(address)
    for lead_id in sorted(leads):
        erase_lead(tx, lead_id, actor=actor)
    return found


def _all_of_them(tx: Transaction, lead: Lead | None, email: str | None) -> tuple[set[str], set[str]]:
    """The ids of every lead of this person, and their normalised addresses: of one known by the other."""
    leads: set[str] = set()
    addresses: set[str] = set()
    to_see = [lead] if lead is not None else []
    to_ask = [email] if email is not None else []
    while to_see or to_ask:
        if to_see:
            one = to_see.pop()
            if one.id not in leads:
                leads.add(one.id)
                to_ask += _addresses_of(tx, one)
                to_see += [other for id_ in tx.erasures.merged_into(one.id) if (other := tx.leads.get(id_)) is not None]
            continue
        address = to_ask.pop()
        if address not in addresses:
            addresses.add(address)
            to_see += tx.leads.by_email(address, limit=MANY)
            merged = tx.leads.by_key(EMAIL_KEY, address)
            to_see += [merged] if merged is not None else []
    return leads, addresses


def _addresses_of(tx: Transaction, lead: Lead) -> list[str]:
    kept = [external_id for source, external_id in tx.erasures.keys_of(lead.id) if source == EMAIL_KEY]
    return [*kept, lead.email_normalised] if lead.email_normalised is not None else kept


def erase_lead(tx: Transaction, lead_id: str, *, actor: str) -> None:
    """The lead, and those merged into it, tell nobody any more who it was; its cards in Slack say so."""
    lead = tx.leads.lock(lead_id)
    if lead is None or lead.erased_at is not None:
        return
    current = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    if current is not None:
        end_without_decision(tx, current, End.RELEASED, WHY, actor=actor, by=BY_ERASURE, told=False)
    tx.timers.cancel(TimerKind.RECYCLE, lead.id)
    tx.timers.cancel(TimerKind.UNROUTED, lead.id)
    merged = tx.erasures.merged_into(lead.id)
    keys = tx.erasures.keys_of(lead.id)
    for source, external_id in keys:
        tx.erasures.remember("key", source, external_id)
        if source == EMAIL_KEY:
            tx.erasures.remember("email", external_id)
        tx.news.take(source, external_id)
    if lead.email_normalised is not None:
        tx.erasures.remember("email", lead.email_normalised)
    if lead.stage not in CRM_STAGES | {Stage.MERGED}:
        tx.leads.close(lead.id)
    tx.erasures.blank(lead.id, keys)
    _blank_what_was_told(tx, lead.id)
    reject_answers.forget(tx, lead.id)
    disputes.forget(tx, lead.id)
    notes.forget(tx, lead.id)
    briefs.forget_lead(tx, lead.id)
    handoff_id = current.id if current is not None else None
    event = tx.events.add("lead.erased", lead_id=lead.id, handoff_id=handoff_id, actor=actor, origin="webhook")
    announcements.announce(tx, event)
    _clear_homes(tx)
    for post in tx.posts.of_lead(lead.id):
        posting.sync(tx, post)
    for other in merged:
        erase_lead(tx, other, actor=actor)


def _clear_homes(tx: Transaction) -> None:
    """A lead that nobody has may stand on the Home of whoever leads or feeds sales."""
    for role in (Role.MANAGER, Role.MARKETER):
        for person in tx.people.with_role(role):
            posting.sync_home(tx, person.id)


def _blank_what_was_told(tx: Transaction, lead_id: str) -> None:
    """What targets were not told yet, they are told without what people wrote and without the ids of the lead."""
    for announcement_id, body in tx.erasures.told(lead_id):
        message = json.loads(body)
        data = message["data"]
        data["lead"] = {"id": lead_id, "source": data["lead"]["source"], "erased": True}
        for name in ("comment", "note"):
            data.pop(name, None)
        tx.erasures.save_told(announcement_id, json.dumps(message, separators=(",", ":")))
