"""Where a lead is now, as one sentence: on decided cards and on the notices that follow a lead."""

from __future__ import annotations

from bot.domain.handoff import Handoff
from bot.domain.ladder import Rung
from bot.domain.lead import Lead, Stage
from bot.domain.local_time import local_date, spoken
from bot.services.naming import lead_name
from storage.transaction import Transaction

PARKED_IN = (Stage.MQL, Stage.SQL, Stage.OPPORTUNITY)
"""As in a manager's list of what is parked; closed since then, or merged, it says that."""


def whereabouts(tx: Transaction, lead: Lead, *, masked: bool = False) -> str:
    """For example `Accepted by Ines Duarte`, `Back with marketing until 5 December 2026`. `masked`: names no lead."""
    owned = tx.handoffs.owned_of(lead.id)
    if owned is not None:
        return f"Accepted by {person_name(tx, owned.rep_id)}"
    offered = tx.handoffs.offered_of(lead.id)
    if offered is not None:
        return offered_to(tx, offered)
    return _by_stage(tx, lead, masked=masked)


def offered_to(tx: Transaction, handoff: Handoff) -> str:
    """To whom an open handoff is offered."""
    if handoff.pool_channel is None:
        return f"Offered to {person_name(tx, handoff.rep_id)}"
    return f"Waiting in {pool_name(tx, handoff)}"


def reassigned(tx: Transaction, handoff: Handoff) -> str:
    """`Reassigned by Marcus Reed for Anna Keller to Priya Raman`; "" when nobody gave it to somebody else."""
    to = reassigned_to(tx, handoff)
    by = reassigned_by(tx, handoff)
    return f"{by} to {to}" if to else by


def reassigned_by(tx: Transaction, handoff: Handoff) -> str:
    """As reassigned, without to whom."""
    found = handoff.reassigned
    if found is None:
        return ""
    manager = f" for {person_name(tx, found.for_id)}" if found.for_id else ""
    return f"Reassigned by {person_name(tx, found.by)}{manager}"


def reassigned_to(tx: Transaction, handoff: Handoff) -> str:
    """To whom it went: a person, or a pool; "" when nobody could be offered it."""
    found = handoff.reassigned
    if found is None or (found.rep_id is None and found.pool is None):
        return ""
    if found.rep_id is not None:
        return person_name(tx, found.rep_id)
    team = tx.teams.get(found.team_id) if found.team_id else None
    return f"the pool of {team.name}" if team else "the fallback pool"


def pool_name(tx: Transaction, handoff: Handoff) -> str:
    """`the pool of Europe`, `the fallback pool`."""
    team = tx.teams.get(handoff.team_id) if handoff.team_id else None
    return f"the pool of {team.name}" if team else "the fallback pool"


def person_name(tx: Transaction, person_id: str | None) -> str:
    person = tx.people.get(person_id) if person_id else None
    return person.name if person else "somebody who left"


def _by_stage(tx: Transaction, lead: Lead, *, masked: bool) -> str:
    match lead.stage:
        case Stage.RECYCLED if lead.recycle_at is not None:
            latest = tx.handoffs.latest_of(lead.id)
            decider = tx.people.get(latest.decided_by) if latest and latest.decided_by else None
            day = local_date(lead.recycle_at, decider.tz if decider else "UTC")
            return f"Back with marketing until {spoken(day)}"
        case Stage.RECYCLED:
            return "Back with marketing"
        case Stage.MERGED:
            survivor = tx.leads.get(lead.merged_into) if lead.merged_into else None
            return "Merged with another lead" if masked or survivor is None else f"Merged with {lead_name(survivor)}"
        case Stage.CLOSED:
            return "Closed"
        case Stage.LEAD if lead.below_at is not None:
            return "Kept: below the agreed definition of an MQL"
        case _ if lead.rung is Rung.PARKED and lead.stage in PARKED_IN:
            return "Parked: nobody on the ladder decided in time, and nobody is asked now"
        case Stage.LEAD | Stage.MQL:
            return "Waiting to be routed"
        case _:
            return f"Stage: {lead.stage.value}"
