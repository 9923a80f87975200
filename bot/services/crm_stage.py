"""The stage the CRM gives a lead, where sales has accepted it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.crm import decided_last, stage_now
from bot.domain.handoff import Handoff
from bot.domain.lead import CRM_STAGES, Lead, Stage
from bot.services import first_contact, milestones, posting, standing
from storage.transaction import Transaction


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
    settled = replace(lead, stage=stage, version=lead.version + 1, updated_at=tx.now)
    tx.leads.save(settled)
    first_contact.follow(tx, owned, settled, before)
    milestones.look(tx, owned, settled)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, owned)
    return settled


def _latest_word(tx: Transaction, owned: Handoff, accepted_at: datetime) -> Stage:
    """What somebody logged in Slack gives way only to what the CRM says of later than that."""
    facts = tx.facts.of(owned.lead_id)
    said_at = standing.stage_word_at(tx, owned.id)
    if said_at is None:
        return stage_now(facts, accepted_at)
    if facts.stage is not None and facts.stage_at is not None and facts.stage_at > said_at:
        return facts.stage
    return standing.progress_of(owned, tx.outcomes.standing(owned.id)).stage
