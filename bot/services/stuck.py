"""Leads that time alone does not move any more: their managers read of them in their brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain import ladder
from bot.domain.absence import absence, spoken_absence
from bot.domain.budget import Kind
from bot.domain.business_time import Calendar, working_time_between
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import Rung
from bot.domain.lead import Lead
from bot.domain.local_time import local_date, spoken
from bot.domain.person import Side
from bot.services import at_risk, briefs, deciders
from bot.services.calendars import calendar_of
from bot.services.whereabouts import person_name, pool_name, whereabouts
from storage.transaction import Transaction

A_WORKING_DAY = timedelta(hours=8)


def tell(tx: Transaction, running: Running) -> None:
    """The managers of whoever this countdown runs for read why it does not go on."""
    if running.kind is CountdownKind.ANSWER_NOTE:
        _tell_of_note(tx, running)
        return
    for manager in at_risk.managers_of(tx, running):
        briefs.tell(tx, manager, Kind.ESCALATION, running.subject_id, running.lead_id, {})


def _tell_of_note(tx: Transaction, running: Running) -> None:
    note = tx.notes.get(running.subject_id)
    manager = deciders.manager_of(tx, Side.MARKETING, None, but=running.owner_id)
    if note is not None and manager is not None:
        briefs.tell(tx, manager, Kind.NOTE, note.theme_id, note.lead_id, {})


def waits_long(running: Running, calendar: Calendar) -> bool:
    """Whether absences put its end off by more than a working day, or for good."""
    usual = replace(calendar, days_off=frozenset(), away=())
    expected = ladder.reaches(running.countdown, usual, 100)
    if running.due_at is None or expected is None:
        return running.due_at is None
    return working_time_between(usual, expected, running.due_at) > A_WORKING_DAY


def why(tx: Transaction, lead: Lead, subject_id: str | None = None) -> str:
    """Why nothing happens with this lead, as it is now; where it is, if that is so no longer. `subject_id`: of the
    countdown it was told of. Names people: untrusted."""
    handoff = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    if handoff is None:
        if lead.rung is Rung.PARKED:
            return "Parked: nobody on the ladder decided in time. Assign it"
        return _unanswered(tx, subject_id) or whereabouts(tx, lead)
    kind = CountdownKind.ACCEPT if handoff.is_open else CountdownKind.FIRST_CONTACT
    running = tx.countdowns.of(kind, handoff.id)
    if running is None or not running.is_running:
        return whereabouts(tx, lead)
    who = pool_name(tx, handoff) if handoff.is_pool and handoff.is_open else person_name(tx, handoff.rep_id)
    where = f"{'Offered to' if handoff.is_open else 'Accepted by'} {who}"
    if running.due_at is None:
        what = "the window never ends" if handoff.is_open else "nobody follows up"
        return f"{where}, without any working time ahead: {what}. Reassign it"
    rep = tx.people.get(handoff.rep_id) if handoff.rep_id is not None else None
    absent = absence(rep, tx.now) if rep is not None else None
    if rep is not None and waits_long(replace(running, since=max(running.since, tx.now)), calendar_of(tx, running)):
        due = spoken(local_date(running.due_at, rep.tz))
        away = f", {spoken_absence(absent, rep.tz)}" if absent is not None else ""
        return f"{where}{away}: not due before {due}. Reassign it"
    return whereabouts(tx, lead)


def _unanswered(tx: Transaction, subject_id: str | None) -> str | None:
    """Marketing's answer, or a dispute, that waits for somebody without working time."""
    for kind, what in (
        (CountdownKind.ANSWER_REJECT, "The reject waits for"),
        (CountdownKind.SETTLE, "Its dispute waits for"),
    ):
        running = tx.countdowns.of(kind, subject_id) if subject_id is not None else None
        if running is not None and running.is_running and running.due_at is None:
            who = person_name(tx, running.owner_id) if running.owner_id is not None else "somebody"
            return f"{what} {who}, without any working time ahead"
    return None
