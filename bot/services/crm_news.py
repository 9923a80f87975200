"""What a CRM says of a lead after it was handed over: changed fields, activity, stage, owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.crm import AMOUNT, OWNER, STAGE, ActivityKind, Facts, stamp
from bot.domain.lead import Lead, Stage, normalise_email
from bot.services import accept_window, first_contact, posting
from bot.services.crm_owner import settle_owner
from bot.services.crm_stage import settle_stage
from bot.services.lead_changes import apply_values, from_json
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmNews:
    """`at` is when it happened, as the source says. `delivery_id` names the delivery. `echo`: the message carries our
    own mark; `echo_of`: it says that it answers this message of ours."""

    source: str
    external_id: str
    at: datetime
    delivery_id: str | None = None
    echo: bool = False
    echo_of: str | None = None

    @property
    def actor(self) -> str:
        return f"source:{self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadUpdated(CrmNews):
    """`values`: as bot/services/lead_changes.py takes them, in JSON's types."""

    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadActivity(CrmNews):
    """`by` is the e-mail of somebody of the roster, or any name, or nobody's."""

    kind: ActivityKind
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStage(CrmNews):
    """`amount` is decimal digits, with `currency`. `reason` only for LOST."""

    stage: Stage
    amount: str | None = None
    currency: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOwner(CrmNews):
    """`email` None: nobody owns it there any more."""

    email: str | None


News = LeadUpdated | LeadActivity | LeadStage | LeadOwner


def listen(tx: Transaction, lead: Lead, news: News) -> bool:
    """The lead is as the news says, unless something later was heard already. Returns whether it was news at all.

    The caller holds the lead's lock.
    """
    match news:
        case LeadUpdated():
            return _update(tx, lead, news)
        case LeadActivity():
            return _activity(tx, lead, news)
        case LeadStage():
            return _stage(tx, lead, news)
        case LeadOwner():
            return _owner(tx, lead, news)


def catch_up(tx: Transaction, lead: Lead, source: str, external_id: str) -> Lead:
    """What was said of the lead before it was handed over is heard now."""
    for waiting in tx.news.take(source, external_id):
        news = READERS[waiting.kind](waiting.data)
        if not is_of_erased(tx, news):
            listen(tx, tx.leads.get(lead.id) or lead, news)
    return tx.leads.get(lead.id) or lead


def address_of(news: News) -> str | None:
    """The normalised address of the lead's person which the news names."""
    return normalise_email(news.values.get("email")) if isinstance(news, LeadUpdated) else None


def is_of_erased(tx: Transaction, news: News) -> bool:
    """Whether it names somebody who was erased since."""
    address = address_of(news)
    erased_at = tx.erasures.erased_at("email", address) if address is not None else None
    return erased_at is not None and min(news.at, tx.now) <= erased_at


def _update(tx: Transaction, lead: Lead, news: LeadUpdated) -> bool:
    own = (lead.source, lead.external_id) == (news.source, news.external_id)
    said = stamp(min(news.at, tx.now), news.delivery_id)
    changed_lead, changed = apply_values(tx, lead, from_json(news.values), said, only_gaps=not own)
    if not changed:
        return False
    _event(tx, "lead.updated", lead, news, {"fields": sorted(changed)})
    current = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    if current is not None:
        if changed_lead.priority.heat > current.priority.heat:
            raised = replace(current, priority=changed_lead.priority, version=current.version + 1)
            tx.handoffs.save(raised)
            accept_window.hotter(tx, raised)
        posting.sync_homes_of(tx, current)
    posting.sync_lead(tx, lead.id)
    return True


def _activity(tx: Transaction, lead: Lead, news: LeadActivity) -> bool:
    same = f"{lead.id}:{news.kind}:{news.at.isoformat()}:{tx.erasures.digest(news.by or '')[:16]}"
    if not tx.seen.first_time("activity", same):
        return False
    person = tx.people.by_email(news.by) if news.by and normalise_email(news.by) else None
    known = person if person is not None and person.on_roster else None
    tx.events.add(
        "lead.activity", lead_id=lead.id, actor=known.id if known else news.actor, origin="webhook",
        happened_at=min(news.at, tx.now),
        data={"activity": news.kind.value, **({"by": news.by} if news.by and known is None else {})},
    )  # fmt: skip
    facts = tx.facts.of(lead.id)
    at = min(news.at, tx.now)
    if facts.last_activity_at is None or at > facts.last_activity_at:
        owned = tx.handoffs.owned_of(lead.id)
        before = first_contact.touched(tx, owned, lead) if owned is not None else None
        tx.facts.save(replace(facts, last_activity_at=at))
        if owned is not None and before is not None:
            first_contact.follow(tx, owned, lead, before)
            posting.sync_lead(tx, lead.id)
            posting.sync_homes_of(tx, owned)
    return True


def _stage(tx: Transaction, lead: Lead, news: LeadStage) -> bool:
    before = tx.facts.of(lead.id)
    facts, at = before.counted_from(STAGE, news.at, tx.now)
    said = stamp(at, news.delivery_id)
    if facts.is_news(STAGE, said):
        facts = replace(facts.heard(STAGE, said), stage=news.stage, stage_at=at, lost_reason=news.reason)
    if news.amount is not None and facts.is_news(AMOUNT, said):
        facts = replace(facts.heard(AMOUNT, said), amount=news.amount, currency=news.currency)
    if facts != before:
        tx.facts.save(facts)
    # Also the same stage once more: said after a decision that the first time came before, it counts now.
    settled = settle_stage(tx, lead)
    if _deal(facts) == _deal(before) and settled.stage is lead.stage:
        return False
    data = {"stage": news.stage.value, "amount": news.amount, "currency": news.currency, "lost_reason": news.reason}
    _event(tx, "lead.stage", lead, news, {key: value for key, value in data.items() if value is not None})
    return True


def _deal(facts: Facts) -> tuple[Any, ...]:
    return (facts.stage, facts.amount, facts.currency, facts.lost_reason)


def _owner(tx: Transaction, lead: Lead, news: LeadOwner) -> bool:
    facts, at = tx.facts.of(lead.id).counted_from(OWNER, news.at, tx.now)
    said = stamp(at, news.delivery_id)
    if not facts.is_news(OWNER, said):
        return False
    email = normalise_email(news.email)
    tx.facts.save(replace(facts.heard(OWNER, said), owner_email=email, owner_at=at))
    if _has_it_already(tx, lead, email):
        return False
    moved = settle_owner(tx, lead, actor=news.actor)
    if not moved and email == facts.owner_email:
        return False
    current = tx.handoffs.owned_of(lead.id) or tx.handoffs.offered_of(lead.id)
    to = {"to": current.rep_id} if moved and current is not None else {}
    _event(tx, "lead.owner", lead, news, {"moved": moved, **to})
    return True


def _has_it_already(tx: Transaction, lead: Lead, email: str | None) -> bool:
    current = tx.handoffs.owned_of(lead.id) or tx.handoffs.offered_of(lead.id)
    rep = tx.people.get(current.rep_id) if current is not None and current.rep_id else None
    return rep is not None and email is not None and normalise_email(rep.email) == email


def _event(tx: Transaction, kind: str, lead: Lead, news: News, data: dict[str, object]) -> None:
    tx.events.add(
        kind, lead_id=lead.id, actor=news.actor, origin="webhook", happened_at=min(news.at, tx.now), data=data
    )


def _read(made: type[Any], /, **read: Callable[[Any], Any]) -> Callable[[dict[str, Any]], Any]:
    readers: dict[str, Callable[[Any], Any]] = {"at": datetime.fromisoformat, **read}
    return lambda data: made(**{key: readers[key](value) if key in readers else value for key, value in data.items()})


READERS: dict[str, Callable[[dict[str, Any]], News]] = {
    "LeadUpdated": _read(LeadUpdated),
    "LeadActivity": _read(LeadActivity, kind=ActivityKind),
    "LeadStage": _read(LeadStage, stage=Stage),
    "LeadOwner": _read(LeadOwner),
}
