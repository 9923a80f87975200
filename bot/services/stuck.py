"""Leads that time alone does not move any more: their managers read of them in their brief."""

from __future__ import annotations

from bot.domain.budget import Kind
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import Rung
from bot.domain.lead import Lead
from bot.services import at_risk, briefs
from bot.services.whereabouts import person_name, pool_name, whereabouts
from storage.transaction import Transaction


def tell(tx: Transaction, running: Running) -> None:
    """The managers of whoever this countdown runs for read why it does not go on."""
    for manager in at_risk.managers_of(tx, running):
        briefs.tell(tx, manager, Kind.ESCALATION, running.subject_id, running.lead_id, {})


def why(tx: Transaction, lead: Lead) -> str:
    """Why nothing happens with this lead, as it is now; where it is, if that is so no longer. Names people: untrusted.
    """
    offered = tx.handoffs.offered_of(lead.id)
    if offered is None:
        if lead.rung is Rung.PARKED and tx.handoffs.owned_of(lead.id) is None:
            return "Parked: nobody on the ladder decided in time. Assign it"
        return whereabouts(tx, lead)
    running = tx.countdowns.of(CountdownKind.ACCEPT, offered.id)
    if running is None or running.due_at is not None:
        return whereabouts(tx, lead)
    who = pool_name(tx, offered) if offered.is_pool else person_name(tx, offered.rep_id)
    return f"Offered to {who}, without any working time ahead: the window never ends. Reassign it"
