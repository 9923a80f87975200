"""A lead below the agreed definition of an MQL: kept, told why, and not handed over until it is lifted."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.agreement import below_definition
from bot.domain.lead import Lead, Stage
from bot.domain.qualification import Shortfall
from storage.transaction import Transaction


def shortfalls_of(tx: Transaction, lead: Lead) -> tuple[Shortfall, ...]:
    """What keeps `lead` from being handed over under the agreement in force, signed or not; empty: nothing does.

    A lead that is an MQL already was handed over before: it is not asked for again.
    """
    if lead.practice or lead.stage is Stage.MQL:
        return ()
    return below_definition(tx.agreements.in_force().terms, lead)


def keep(tx: Transaction, lead: Lead, found: tuple[Shortfall, ...], actor: str, origin: str) -> Lead:
    """The lead stays where it is, marked as below the definition, with what it lacks in its history."""
    tx.events.add(
        "lead.below_definition", lead_id=lead.id, actor=actor, origin=origin,
        data={"criteria": [one.criterion for one in found]},
    )  # fmt: skip
    if lead.below_at is not None:
        return lead
    kept = replace(lead, below_at=tx.now, version=lead.version + 1, updated_at=tx.now)
    tx.leads.save(kept)
    return kept


def is_lifted(tx: Transaction, lead: Lead) -> bool:
    """Whether the lead was kept back, nobody has it, and nothing keeps it back any more; never one that the CRM says
    is won or lost."""
    if lead.below_at is None or lead.erased_at is not None or lead.merged_into is not None:
        return False
    if tx.facts.of(lead.id).stage in (Stage.WON, Stage.LOST):
        return False
    taken = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    return taken is None and not shortfalls_of(tx, lead)
