"""A lead is handed over by marketing: new, changed, or a person who comes back. Nobody is swallowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.crm import BY_CRM, BY_IMPORT, ECHO_WINDOW, SIGNS_OF_INTEREST, decided_last, stamp
from bot.domain.handoff import End, Handoff, Opened
from bot.domain.ladder import Rung
from bot.domain.lead import Lead, Stage, may_move, normalise_email
from bot.errors import Stale
from bot.services import accept_window, below_definition, posting, standing
from bot.services.answers import Answer, HandedOver, once
from bot.services.crm_news import catch_up
from bot.services.crm_owner import owner_of_record
from bot.services.ending import end_without_decision
from bot.services.lead_changes import apply_values, new_lead, start_clocks, values_of
from bot.services.lead_records import EMAIL_KEY, HandOver, fill_gaps, touched
from bot.services.notices import tell_of_touch
from bot.services.offers import offer
from bot.services.set_up import sync_admins
from storage.transaction import Transaction


def hand_over(tx: Transaction, command: HandOver) -> HandedOver:
    """The lead is stored and on its way to somebody; a delivery already seen changes nothing.

    A known (source, external_id) with changed data updates lead and card. The same normalised e-mail with an
    open or owned lead becomes a touch on that lead, whose owner is told. A recycled, closed or lost one is
    handed over again.
    """
    return once(tx, command.source, command.delivery_id, lambda: _store(tx, command))


def _store(tx: Transaction, command: HandOver) -> HandedOver:
    if command.echo_of is not None and tx.announcements.body(command.echo_of) is not None:
        return HandedOver(lead_id=None, handoff_id=None, status=Answer.ECHO)
    # Locks in one order: key before address before row. Two deliveries about one person wait for each other.
    tx.leads.lock_key(command.source, command.external_id)
    email = normalise_email(command.email)
    if email is not None:
        tx.leads.lock_email(email)
    if _is_erased(tx, command, email):
        return HandedOver(lead_id=None, handoff_id=None, status=Answer.ERASED)
    known = tx.leads.by_key(command.source, command.external_id)
    if known is not None:
        lead = tx.leads.lock(known.id) or known
        if lead.erased_at is not None:  # while we waited for its lock: every key of it is erased, too
            return HandedOver(lead_id=None, handoff_id=None, status=Answer.ERASED)
        return _known(tx, lead, command)
    same = same_person(tx, email)
    if same is not None:
        lead = tx.leads.lock(same.id) or same
        if lead.erased_at is not None or (lead.email_normalised != same.email_normalised):
            raise Stale("The lead of this address became another at the same moment.")
        return _touch(tx, lead, command)
    return _new(tx, command, email)


def _is_erased(tx: Transaction, command: HandOver, email: str | None) -> bool:
    """A key that was erased is never heard again; a person may come back, by an act of theirs after the erasure."""
    if tx.erasures.erased_at("key", command.source, command.external_id) is not None:
        return True
    erased_at = tx.erasures.erased_at("email", email) if email is not None else None
    if erased_at is None:
        return False
    # A row of a file that does not say when it was true may be older than any erasure.
    is_old = command.origin_kind == "import" and command.sent_at is None
    return is_old or _said_at(tx, command) <= erased_at


def _new(tx: Transaction, command: HandOver, email: str | None) -> HandedOver:
    campaign = tx.campaigns.ensure(command.campaign) if command.campaign else None
    lead = new_lead(tx, command, email, campaign)
    if not tx.leads.has_any():
        # The last step of set-up is done.
        sync_admins(tx)
    tx.leads.add(lead)
    start_clocks(tx, lead, values_of(command), _stamp(tx, command))
    _event(tx, "lead.received", lead, command)
    lead = catch_up(tx, lead, command.source, command.external_id)
    return _offer(tx, lead, command, Opened.HANDED_OVER)


def _known(tx: Transaction, lead: Lead, command: HandOver) -> HandedOver:
    current = current_of(tx, lead)
    before = lead
    if (lead.source, lead.external_id) == (command.source, command.external_id):
        lead, changed = apply_values(tx, lead, values_of(command), _stamp(tx, command), ready=True)
    else:
        # Another record of the same person: it may fill gaps, and must not overwrite what the lead's own says.
        lead, changed = fill_gaps(tx, lead, command)
    if changed:
        _event(tx, "lead.updated", lead, command, {"fields": sorted(changed)})
    current = _still_owned(tx, lead, current, command)
    if (
        current is None
        and (_is_back(tx, lead, changed) or _was_taken_back(tx, lead, command))
        and _is_after_decision(tx, lead, command)
    ):
        return _offer(tx, lead, command, _opened_again(before))
    if changed:
        _raise_priority(tx, current, lead)
        posting.sync_lead(tx, lead.id)
        if current is not None:
            posting.sync_homes_of(tx, current)
            if lead.priority.heat > before.priority.heat:
                _tell_owner(tx, current, before, lead, command)
    return HandedOver(lead_id=lead.id, handoff_id=current.id if current else None, status=Answer.UPDATED)


def _is_back(tx: Transaction, lead: Lead, changed: set[str]) -> bool:
    """Whether a known lead that nobody has is handed over again. A source that repeats itself about a recycled,
    closed, lost or parked lead, with nothing new, is not heard: a nightly export would undo every reject. Nor is what
    may be our own word come back: a system that was told of the reject notes it on its record, in a field of its own.
    """
    is_parked = lead.rung is Rung.PARKED
    if lead.stage in (Stage.LEAD, Stage.MQL) and not is_parked:
        return True
    new = changed - {"fields"}
    told_at = tx.announcements.told_at(lead.id) if new else None
    if told_at is not None and tx.now - told_at <= ECHO_WINDOW:
        new &= SIGNS_OF_INTEREST
    return bool(new) and (is_parked or may_move(lead.stage, Stage.MQL))


def _was_taken_back(tx: Transaction, lead: Lead, command: HandOver) -> bool:
    """Whether nobody decided on the last offer: another system took it back, or the undoing of an import did. After
    that a person may import it again, but a source that repeats itself does not bring it back."""
    last = tx.handoffs.latest_of(lead.id)
    by = last.extra.get("ended_by") if last is not None else None
    undone = command.origin_kind == "import" and (by == BY_IMPORT or last is None)
    return lead.stage is Stage.RECYCLED and (by == BY_CRM or undone)


def _touch(tx: Transaction, lead: Lead, command: HandOver) -> HandedOver:
    before = lead
    tx.leads.add_key(lead.id, command.source, command.external_id)
    lead = touched(tx, lead, command)
    _event(
        tx, "lead.touched", lead, command,
        {"external_id": command.external_id, "origin": command.origin, "campaign": command.campaign},
    )  # fmt: skip
    lead = catch_up(tx, lead, command.source, command.external_id)
    current = _still_owned(tx, lead, current_of(tx, lead), command)
    if current is None:
        if (may_move(lead.stage, Stage.MQL) or lead.stage is Stage.MQL) and _is_after_decision(tx, lead, command):
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
    if not command.offered:
        return HandedOver(lead_id=lead.id, handoff_id=None, status=Answer.STORED)
    below = below_definition.shortfalls_of(tx, lead)
    if below:
        below_definition.keep(tx, lead, below, command.actor, command.origin_kind)
        posting.sync_lead(tx, lead.id)
        return HandedOver(lead_id=lead.id, handoff_id=None, status=Answer.BELOW_DEFINITION, below=below)
    handoff = offer(
        tx, lead, opened, to=owner_of_record(tx, lead), received_at=tx.now, actor=command.actor,
        origin=command.origin_kind,
    )  # fmt: skip
    if opened is not Opened.HANDED_OVER:
        posting.sync_lead(tx, lead.id)
    return HandedOver(
        lead_id=lead.id,
        handoff_id=handoff.id if handoff else None,
        status=Answer.OFFERED if handoff else Answer.UNROUTED,
    )


def lift(tx: Transaction, lead_id: str, actor: str) -> HandedOver | None:
    """A lead that was kept below the definition is handed over, because later data lifted it above; None when it was
    not kept, or still lacks something. The caller holds its lock."""
    lead = tx.leads.get(lead_id)
    if lead is None or not below_definition.is_lifted(tx, lead):
        return None
    to = owner_of_record(tx, lead)
    handoff = offer(tx, lead, _opened_again(lead), to=to, received_at=tx.now, actor=actor, origin="webhook")
    status = Answer.OFFERED if handoff else Answer.UNROUTED
    return HandedOver(lead_id=lead.id, handoff_id=handoff.id if handoff else None, status=status)


def _still_owned(tx: Transaction, lead: Lead, current: Handoff | None, command: HandOver) -> Handoff | None:
    """The lead's handoff; none any more when a lost lead is handed over again after it was lost."""
    if current is None or not current.is_owned or lead.stage is not Stage.LOST:
        return current
    logged_at = standing.stage_word_at(tx, current.id)
    lost_at = max((at for at in (tx.facts.of(lead.id).stage_at, logged_at) if at is not None), default=None)
    if lost_at is None or _said_at(tx, command) <= min(lost_at, tx.now):
        return current
    end_without_decision(tx, current, End.RELEASED, "It was lost, and came back", actor=command.actor, by=BY_CRM)
    return None


def _is_after_decision(tx: Transaction, lead: Lead, command: HandOver) -> bool:
    """Whether nobody decided about the lead in Slack since this was said: an older word does not undo a decision."""
    decided_at = decided_last(tx.handoffs.of_lead(lead.id))
    return decided_at is None or _said_at(tx, command) >= decided_at


def _said_at(tx: Transaction, command: HandOver) -> datetime:
    """When it was said; a sender whose clock is ahead says it now."""
    return min(command.sent_at or tx.now, tx.now)


def _stamp(tx: Transaction, command: HandOver) -> str:
    return stamp(_said_at(tx, command), command.delivery_id)


def _opened_again(before: Lead) -> Opened:
    return Opened.RECYCLED if before.stage is Stage.RECYCLED else Opened.HANDED_OVER


def current_of(tx: Transaction, lead: Lead) -> Handoff | None:
    """The lead's open or owned handoff."""
    return tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)


def same_person(tx: Transaction, email: str | None) -> Lead | None:
    """The lead a returning person belongs to: one that is open or owned before one that can be handed over again."""
    if email is None:
        return None
    leads = tx.leads.by_email(email)
    for lead in leads:
        if current_of(tx, lead) is not None:
            return lead
    merged = tx.leads.by_key(EMAIL_KEY, email)
    if merged is not None:
        leads = [merged, *leads]
        if current_of(tx, merged) is not None:
            return merged
    # A customer who is won and whose lead nobody owns any more starts anew.
    return next((lead for lead in leads if lead.stage is Stage.MQL or may_move(lead.stage, Stage.MQL)), None)


def _raise_priority(tx: Transaction, current: Handoff | None, lead: Lead) -> None:
    if current is not None and lead.priority.heat > current.priority.heat:
        raised = replace(current, priority=lead.priority, version=current.version + 1)
        tx.handoffs.save(raised)
        accept_window.hotter(tx, raised)


def _event(tx: Transaction, kind: str, lead: Lead, command: HandOver, data: dict[str, object] | None = None) -> None:
    tx.events.add(
        kind, lead_id=lead.id, actor=command.actor, origin=command.origin_kind,
        happened_at=_said_at(tx, command), data=data or {},
    )  # fmt: skip
