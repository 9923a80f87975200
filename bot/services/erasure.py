"""A person is erased at their request: what told who they are is gone, and does not come back."""

from __future__ import annotations

import json

from bot.domain.handoff import End
from bot.domain.lead import CRM_STAGES, Lead, Stage
from bot.domain.post import TimerKind
from bot.services import briefs, posting
from bot.services.ending import end_by_crm
from bot.services.lead_records import EMAIL_KEY
from storage.transaction import Transaction

WHY = "Erased at the person's request"


def erase_key(tx: Transaction, source: str, external_id: str, email: str | None, *, actor: str) -> Lead | None:
    """Whoever this key or address names is erased, whether known or not: no later message brings them back.

    Returns the lead of the key, where there was one.
    """
    found = tx.leads.by_key(source, external_id)
    tx.news.take(source, external_id)
    tx.erasures.remember("key", source, external_id)
    leads = {found.id} if found is not None else set()
    if email is not None:
        tx.erasures.remember("email", email)
        leads |= {lead.id for lead in tx.leads.by_email(email, limit=1000)}
        merged = tx.leads.by_key(EMAIL_KEY, email)
        leads |= {merged.id} if merged is not None else set()
    for lead_id in sorted(leads):
        erase_lead(tx, lead_id, actor=actor)
    return found


def erase_lead(tx: Transaction, lead_id: str, *, actor: str) -> None:
    """The lead, and those merged into it, tell nobody any more who it was; its cards in Slack say so."""
    lead = tx.leads.lock(lead_id)
    if lead is None or lead.erased_at is not None:
        return
    current = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    if current is not None:
        end_by_crm(tx, current, End.RELEASED, WHY, actor=actor)
    tx.timers.cancel(TimerKind.RECYCLE, lead.id)
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
    briefs.forget_lead(tx, lead.id)
    tx.events.add("lead.erased", lead_id=lead.id, actor=actor, origin="webhook")
    for post in tx.posts.of_lead(lead.id):
        posting.sync(tx, post)
    for other in merged:
        erase_lead(tx, other, actor=actor)


def _blank_what_was_told(tx: Transaction, lead_id: str) -> None:
    """What targets were not told yet, they are told without what people wrote and without the ids of the lead."""
    for announcement_id, body in tx.erasures.told(lead_id):
        message = json.loads(body)
        data = message["data"]
        data["lead"] = {"id": lead_id, "source": data["lead"]["source"], "erased": True}
        for name in ("comment", "note"):
            data.pop(name, None)
        tx.erasures.save_told(announcement_id, json.dumps(message, separators=(",", ":")))
