"""Somebody takes no leads any more: deactivated, a guest now, off the roster, or no rep. Their leads go on; and so does
what was offered to somebody who went away for more than a working day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.absence import absence, spoken_absence
from bot.domain.countdown import CountdownKind
from bot.domain.handoff import Handoff, Opened, Status
from bot.domain.lead import Lead
from bot.domain.person import Person, Role
from bot.domain.post import TimerKind
from bot.domain.rights import leads_sales, takes_leads
from bot.services import (
    alert_owners,
    announcements,
    asking_again,
    briefs,
    disputes,
    note_window,
    posting,
    stuck,
    unrouted,
)
from bot.services.calendars import calendar_of_person
from bot.services.handoffs import decide
from bot.services.naming import lead_name
from bot.services.offers import offer
from bot.services.welcome import note_joining
from bot.services.whereabouts import pool_name
from storage.transaction import Transaction

AGAIN = timedelta(seconds=1)
AT_ONCE = 20
"""Offers passed on in one transaction: a click waits for none of them longer than for another click."""
POOL = "pool:"
"""Before a channel, in place of a person, in a timer's subject."""
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
    if _may_rule(before) != _may_rule(after):
        disputes.arbiters_changed(tx)
    if posting.reads(before) is not None and posting.reads(after) is None:
        asking_again.somebody_left(tx, after.id)
        alert_owners.somebody_left(tx, after.id)
    if _can_be_reached(after) and not _can_be_reached(before):
        unrouted.try_soon(tx, unrouted.SOMEBODY_IS_BACK)


def note_pool(tx: Transaction, before: str | None, after: str | None) -> None:
    """A team's pool is in another channel, or there is none any more: what waits in the old one goes on at once."""
    if before is not None and before != after:
        tx.timers.set(TimerKind.LEFT, f"{POOL}{before}", tx.now)


def hand_on(tx: Transaction, subject_id: str) -> None:
    """The person's open offers are withdrawn and offered to others, the first 20 now and the rest right after; the
    admin is told of the leads they own. Nothing happens when they take leads again. `subject_id` may be one offer: it
    goes on alone, if absences of whoever has it still put its end off for long."""
    if subject_id.startswith(POOL):
        _empty_pool(tx, subject_id.removeprefix(POOL))
        return
    if subject_id.startswith(alert_owners.ALERTS):
        alert_owners.hand_on(tx, subject_id.removeprefix(alert_owners.ALERTS))
        return
    if subject_id.startswith(asking_again.ANSWER):
        asking_again.ask_again(tx, subject_id.removeprefix(asking_again.ANSWER))
        return
    if subject_id.startswith(note_window.NOTE):
        note_window.ask_again(tx, subject_id.removeprefix(note_window.NOTE))
        return
    if subject_id.startswith(disputes.RULING):
        disputes.ask_again(tx, subject_id.removeprefix(disputes.RULING))
        return
    person = tx.people.get(subject_id)
    if person is None:
        _hand_on_one(tx, subject_id)
        return
    if takes_leads(person):
        return
    offers = tx.handoffs.offered_to(person.id, AT_ONCE, 0)
    for handoff, lead in offers:
        _pass_on(tx, f"{person.name} {_why(person, tx.now)}", handoff.id, lead.id, person)
    if len(offers) == AT_ONCE:
        tx.timers.set(TimerKind.LEFT, person.id, tx.now)
    else:
        _tell_of_owned(tx, person)


def _empty_pool(tx: Transaction, channel: str) -> None:
    """Offers in this channel whose pool it is not any more, the first 20 now and the rest right after."""
    passed_on = skipped = 0
    while passed_on < AT_ONCE:
        found = tx.handoffs.offered_in_pools([channel], AT_ONCE, skipped)
        for handoff, lead in found:
            team = tx.teams.get(handoff.team_id) if handoff.team_id is not None else None
            # A team's lead may wait in the fallback pool, too.
            if channel == tx.config.fallback_channel or (team is not None and team.pool_channel == channel):
                skipped += 1
                continue
            _pass_on(tx, f"The channel of {pool_name(tx, handoff)} has changed", handoff.id, lead.id)
            passed_on += 1
        if len(found) < AT_ONCE:
            return
    tx.timers.set(TimerKind.LEFT, f"{POOL}{channel}", tx.now)


def _hand_on_one(tx: Transaction, handoff_id: str) -> None:
    running = tx.countdowns.of(CountdownKind.ACCEPT, handoff_id)
    person = tx.people.get(running.owner_id) if running is not None and running.owner_id is not None else None
    if running is None or not running.is_running or running.lead_id is None or person is None:
        return
    if tx.leads.try_lock(running.lead_id) is None or tx.countdowns.try_lock(running.id) is None:
        # Somebody decides, or says when they are back, at this moment, and may wait for this timer.
        tx.timers.set(TimerKind.LEFT, handoff_id, tx.now + AGAIN)
        return
    if stuck.waits_long(running, calendar_of_person(tx, person)):
        _pass_on(tx, f"{person.name} {_why(person, tx.now)}", handoff_id, running.lead_id, person)


def _pass_on(tx: Transaction, why: str, handoff_id: str, lead_id: str, person: Person | None = None) -> None:
    lead, handoff = tx.leads.lock(lead_id), tx.handoffs.lock(handoff_id)
    if lead is None or handoff is None or not handoff.is_open:
        return
    withdrawn = _withdraw(tx, why, handoff)
    exclude = tx.handoffs.held_before(lead.id) | ({person.id} if person is not None else set())
    offer(tx, lead, Opened.REROUTED, exclude=exclude, predecessor=withdrawn)


def _withdraw(tx: Transaction, note: str, handoff: Handoff) -> Handoff:
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
    owned = f"{count} {'lead' if count == 1 else 'leads'}: {names}{more}"
    posting.alert(
        tx,
        "Leads need a new owner",
        f"{person.name} {_why(person, tx.now)} and still owns {owned}. A manager can reassign them.",
    )


def _may_rule(person: Person) -> tuple[bool, bool]:
    """Whether they can be asked, and have the role; the agreement may name somebody without it."""
    is_there = person.on_roster and person.slack_id is not None and not person.flags.may_never_act
    return is_there, person.has(Role.ARBITER)


def _can_be_reached(person: Person) -> bool:
    return takes_leads(person) and person.slack_id is not None and person.flags.checked_at is not None


def _why(person: Person, now: datetime) -> str:
    """Why they take no leads any more, or just now, after their name."""
    if not person.on_roster:
        return "left the roster"
    why = person.flags.why_never
    if why is not None:
        return f"is {why}"
    absent = absence(person, now)
    if absent is not None:
        return f"is {spoken_absence(absent, person.tz)}"
    return "has no working time soon" if takes_leads(person) else "is no rep any more"
