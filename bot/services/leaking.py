"""Accepted leads that nobody touched: begun, ended, and said."""

from __future__ import annotations

from bot.domain.budget import Kind
from bot.domain.handoff import Handoff
from bot.domain.local_time import local_date, spoken
from bot.domain.person import Person
from bot.services import briefs, posting
from bot.services.deputies import stand_in
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

NO_MORE = "Somebody has tried to reach them by now."


def tell(tx: Transaction, handoff: Handoff) -> None:
    """The rep and their manager, or whoever stands in, read it in their briefs."""
    rep = tx.people.get(handoff.rep_id) if handoff.rep_id else None
    manager = tx.people.get(rep.manager_id) if rep is not None and rep.manager_id else None
    readers = (rep, stand_in(tx, manager) if manager is not None else None)
    told = {one.id: one for one in readers if one is not None and posting.reads(one) is not None}
    for person in sorted(told.values(), key=lambda one: one.id):
        briefs.tell(tx, person, Kind.LEAKAGE, handoff.id, handoff.lead_id, {"rep": handoff.rep_id})


def end(tx: Transaction, handoff: Handoff) -> None:
    """It leaks no more: what waits for a brief is not said."""
    if tx.leaks.end(handoff.id):
        tx.briefs.forget_about(handoff.lead_id, Kind.LEAKAGE)


def why(tx: Transaction, handoff_id: str, reader: Person) -> str:
    """What a brief says of it, as it is now."""
    handoff = tx.handoffs.get(handoff_id)
    since = tx.leaks.since([handoff_id]).get(handoff_id)
    if handoff is None or since is None:
        return NO_MORE
    whose = "yours" if handoff.rep_id == reader.id else f"with {person_name(tx, handoff.rep_id)}"
    accepted = spoken(local_date(handoff.decided_at or handoff.offered_at, reader.tz))
    return f"{whose} since {accepted}, and nobody has tried to reach them."
