"""Somebody takes no leads any more: deactivated, a guest now, off the roster, or no rep. Their leads go on."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.lead import Lead
from bot.domain.person import Person
from bot.domain.post import TimerKind
from bot.domain.rights import leads_sales, takes_leads
from bot.services import announcements, briefs, posting, unrouted
from bot.services.handoffs import decide
from bot.services.naming import lead_name
from bot.services.offers import offer
from bot.services.welcome import note_joining
from storage.transaction import Transaction

AT_ONCE = 20
"""Offers passed on in one transaction: a click waits for none of them longer than for another click."""
NAMED = 5
"""Leads named in the alert; the others are counted."""


def note_change(tx: Transaction, before: Person, after: Person) -> None:
    """Their leads are seen to at once, if `after` takes none any more and `before` did. The other way round, leads
    that wait for somebody are tried."""
    if takes_leads(before) and not takes_leads(after):
        tx.timers.set(TimerKind.LEFT, after.id, tx.now)
    note_joining(tx, before, after)
    deputy = tx.people.get(after.deputy_id) if after.deputy_id else None
    if after.flags.is_deleted and not before.flags.is_deleted and leads_sales(after) and deputy is not None:
        briefs.tell_admin(
            tx,
            f"{after.name} is deactivated in Slack",
            f"{deputy.name} acts in their place, as their deputy, until you take {after.name} off the roster.",
        )
    if _can_be_reached(after) and not _can_be_reached(before):
        unrouted.try_soon(tx, unrouted.SOMEBODY_IS_BACK)


def hand_on(tx: Transaction, person_id: str) -> None:
    """The person's open offers are withdrawn and offered to others, the first 20 now and the rest right after; the
    admin is told of the leads they own. Nothing happens when they take leads again."""
    person = tx.people.get(person_id)
    if person is None or takes_leads(person):
        return
    offers = tx.handoffs.offered_to(person.id, AT_ONCE, 0)
    for handoff, lead in offers:
        _pass_on(tx, person, handoff.id, lead.id)
    if len(offers) == AT_ONCE:
        tx.timers.set(TimerKind.LEFT, person.id, tx.now)
    else:
        _tell_of_owned(tx, person)


def _pass_on(tx: Transaction, person: Person, handoff_id: str, lead_id: str) -> None:
    lead, handoff = tx.leads.lock(lead_id), tx.handoffs.lock(handoff_id)
    if lead is None or handoff is None or not handoff.is_open:
        return
    withdrawn = _withdraw(tx, person, handoff)
    exclude = tx.handoffs.held_before(lead.id) | {person.id}
    offer(tx, lead, Opened.REROUTED, exclude=exclude, predecessor=withdrawn)


def _withdraw(tx: Transaction, person: Person, handoff: Handoff) -> Handoff:
    note = f"{person.name} {_why(person)}"
    withdrawn = replace(
        handoff, status=Status.WITHDRAWN, decided_at=tx.now, decided_by=None, note=note, version=handoff.version + 1
    )
    decide(tx, withdrawn)
    event = tx.events.add("handoff.withdrawn", lead_id=handoff.lead_id, handoff_id=handoff.id, data={"note": note})
    announcements.announce(tx, event)
    return withdrawn


def _tell_of_owned(tx: Transaction, person: Person) -> None:
    count = tx.handoffs.count_owned_by(person.id)
    if count == 0:
        return
    leads: list[Lead] = [lead for _, lead in tx.handoffs.owned_by(person.id, NAMED, 0)]
    names = ", ".join(lead_name(lead) for lead in leads)
    more = f" and {count - len(leads)} more" if count > len(leads) else ""
    posting.alert(
        tx,
        "Leads need a new owner",
        f"{person.name} {_why(person)} and still owns {count} {'lead' if count == 1 else 'leads'}: {names}{more}. "
        "A manager can reassign them.",
    )


def _can_be_reached(person: Person) -> bool:
    return takes_leads(person) and person.slack_id is not None and person.flags.checked_at is not None


def _why(person: Person) -> str:
    """Why they take no leads any more, after their name."""
    if not person.on_roster:
        return "left the roster"
    why = person.flags.why_never
    return "is no rep any more" if why is None else f"is {why}"
