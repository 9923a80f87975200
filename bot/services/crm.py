"""What a source says of a lead beside handing it over. Late and repeated messages end in the same state."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services import crm_news, crm_waiting, intake
from bot.services.answers import Answer, HandedOver, once
from bot.services.crm_news import CrmNews, LeadUpdated, News
from bot.services.erasure import erase_key
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadErased(CrmNews):
    """`email` is normalised: every lead of this address is meant too."""

    email: str | None = None


def hear(tx: Transaction, news: News | LeadErased) -> HandedOver:
    """What the news says holds from `news.at` on, unless something later is known; a repeated delivery changes
    nothing. A lead nobody handed over yet is remembered, and the news heard when it comes."""
    return once(tx, news.source, news.delivery_id, lambda: _hear(tx, news))


def _hear(tx: Transaction, news: News | LeadErased) -> HandedOver:
    if news.echo or (news.echo_of is not None and tx.announcements.body(news.echo_of) is not None):
        return _answer(Answer.ECHO)
    tx.leads.lock_key(news.source, news.external_id)
    if isinstance(news, LeadErased):
        lead = erase_key(tx, news.source, news.external_id, news.email, actor=news.actor)
        return _answer(Answer.ERASED, lead.id if lead else None)
    address = crm_news.address_of(news)
    if address is not None:
        tx.leads.lock_email(address)
    if tx.erasures.erased_at("key", news.source, news.external_id) is not None or crm_news.is_of_erased(tx, news):
        return _answer(Answer.ERASED)
    known = tx.leads.by_key(news.source, news.external_id)
    lead = tx.leads.lock(known.id) if known is not None else None
    if lead is None:
        crm_waiting.keep(tx, news)
        return _answer(Answer.UNKNOWN)
    if lead.erased_at is not None:  # while we waited for its lock
        return _answer(Answer.ERASED)
    heard = crm_news.listen(tx, lead, news)
    # Only what is known of a person lifts a lead above the definition, never what became of it elsewhere.
    lifted = intake.lift(tx, lead.id, news.actor) if heard and isinstance(news, LeadUpdated) else None
    if lifted is not None:
        return lifted
    current = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    return _answer(Answer.UPDATED if heard else Answer.UNCHANGED, lead.id, current.id if current else None)


def _answer(status: Answer, lead_id: str | None = None, handoff_id: str | None = None) -> HandedOver:
    return HandedOver(lead_id=lead_id, handoff_id=handoff_id, status=status)
