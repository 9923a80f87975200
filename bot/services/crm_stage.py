"""The stage the CRM gives a lead, where sales has accepted it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.crm import Facts, decided_last, stage_now
from bot.domain.handoff import Handoff
from bot.domain.lead import CRM_STAGES, Lead, Stage
from bot.domain.outcome import BY_CRM, Kind
from bot.domain.post import TimerKind
from bot.services import first_contact, milestones, posting, standing
from storage.transaction import Transaction

ENDINGS = frozenset({Kind.LOST, Kind.DISQUALIFIED})


def settle_stage(tx: Transaction, lead: Lead) -> Lead:
    """The lead is in the stage that Slack and the CRM together say. Where nobody has accepted it, or somebody gave
    it back, Slack's word alone counts: the CRM's is kept for whoever accepts it."""
    owned = tx.handoffs.owned_of(lead.id)
    accepted_at = decided_last(tx.handoffs.of_lead(lead.id))
    if owned is None or accepted_at is None or lead.stage not in CRM_STAGES | {Stage.SAL}:
        return lead
    before = first_contact.touched(tx, owned, lead)
    stage = _latest_word(tx, owned, accepted_at)
    if stage is lead.stage:
        return lead
    # Only what is lost comes back on a day.
    recycle_at = lead.recycle_at if stage is Stage.LOST else None
    settled = replace(lead, stage=stage, recycle_at=recycle_at, version=lead.version + 1, updated_at=tx.now)
    tx.leads.save(settled)
    if recycle_at is None:
        tx.timers.cancel(TimerKind.RECYCLE, lead.id)
    first_contact.follow(tx, owned, settled, before)
    milestones.look(tx, owned, settled)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, owned)
    return settled


def _latest_word(tx: Transaction, owned: Handoff, accepted_at: datetime) -> Stage:
    """What somebody logged in Slack gives way only to what the CRM says of later than that."""
    facts = tx.facts.of(owned.lead_id)
    said_at = standing.stage_word_at(tx, owned.id)
    if said_at is None and _was_said_before_it_ended(tx, owned, facts):
        return Stage.SAL
    if said_at is None:
        return stage_now(facts, accepted_at)
    if facts.stage is not None and facts.stage_at is not None and facts.stage_at > said_at:
        return facts.stage
    return standing.progress_of(owned, tx.outcomes.standing(owned.id)).stage


def _was_said_before_it_ended(tx: Transaction, owned: Handoff, facts: Facts) -> bool:
    """Whether somebody logged, after the CRM's word, that the lead is lost or no good: it has come back since."""
    if facts.stage_at is None:
        return False
    ended = [
        one.logged_at
        for one in tx.outcomes.of_lead(owned.lead_id)
        if one.handoff_id != owned.id
        and one.taken_out_at is None
        and one.outcome.by != BY_CRM
        and one.outcome.kind in ENDINGS
    ]
    return any(at >= facts.stage_at for at in ended)
