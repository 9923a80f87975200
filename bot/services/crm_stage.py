"""The stage the CRM gives a lead, where sales has accepted it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.crm import decided_last, stage_now
from bot.domain.lead import CRM_STAGES, Lead, Stage
from bot.services import posting
from storage.transaction import Transaction


def settle_stage(tx: Transaction, lead: Lead) -> Lead:
    """The lead is in the stage that Slack and the CRM together say. Where nobody has accepted it, or somebody gave
    it back, Slack's word alone counts: the CRM's is kept for whoever accepts it."""
    owned = tx.handoffs.owned_of(lead.id)
    accepted_at = decided_last(tx.handoffs.of_lead(lead.id))
    if owned is None or accepted_at is None or lead.stage not in CRM_STAGES | {Stage.SAL}:
        return lead
    stage = stage_now(tx.facts.of(lead.id), accepted_at)
    if stage is lead.stage:
        return lead
    settled = replace(lead, stage=stage, version=lead.version + 1, updated_at=tx.now)
    tx.leads.save(settled)
    posting.sync_lead(tx, lead.id)
    posting.sync_homes_of(tx, owned)
    return settled
