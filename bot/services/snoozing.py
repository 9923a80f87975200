"""Snooze: the one a window runs for puts its reminders off, never past the instant at which it is at risk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain import ladder
from bot.domain.business_time import Calendar, next_working_instant
from bot.domain.countdown import CountdownKind, Running
from bot.domain.ladder import Mode
from bot.domain.local_time import instant_of, local_date, local_time, spoken
from bot.domain.rights import Clicker
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import countdowns, posting, reminders
from bot.services.calendars import calendar_of
from bot.services.due import can_snooze
from bot.services.naming import lead_name
from bot.services.people import clicker
from storage.transaction import Transaction


class For(StrEnum):
    """How long, as it can be chosen."""

    QUARTER = "15m"
    HOUR = "1h"
    THREE_HOURS = "3h"
    TOMORROW = "tomorrow"
    """When the next day of work begins."""
    LATEST = "latest"
    """As long as possible: until it is at risk."""


SPANS = {
    For.QUARTER: timedelta(minutes=15),
    For.HOUR: timedelta(hours=1),
    For.THREE_HOURS: timedelta(hours=3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeForm:
    """`choices`: those that are possible now, each with its end. The lead's name is untrusted."""

    countdown_id: str
    lead_name: str
    due_at: datetime | None
    tz: str
    choices: tuple[tuple[For, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeReminders:
    """`by` is the Slack id of the one who clicked; the rest came back from the client and is not trusted."""

    countdown_id: str
    by: str
    how_long: str


def snooze_form(tx: Transaction, countdown_id: str, by: str) -> SnoozeForm:
    """The form to snooze this window's reminders. Raises NotAllowed, PersonUnknown, NotFound, and Refused when there is
    nothing to put off any more."""
    running = _mine(tx, clicker(tx, by), tx.countdowns.get(countdown_id))
    calendar = calendar_of(tx, running)
    lead = tx.leads.get(running.lead_id) if running.lead_id else None
    return SnoozeForm(
        countdown_id=running.id,
        lead_name=lead_name(lead) if lead is not None else "",
        due_at=running.due_at,
        tz=calendar.tz,
        choices=_choices(tx, running, calendar),
    )


def snooze_form_of_handoff(tx: Transaction, handoff_id: str, by: str) -> SnoozeForm:
    """The same for the window to accept or reject this offer."""
    running = tx.countdowns.of(CountdownKind.ACCEPT, handoff_id)
    if running is None:
        raise NotFound("I do not know this lead. If the message is old, open Home for your present leads.")
    return snooze_form(tx, running.id, by)


def snooze(tx: Transaction, command: SnoozeReminders) -> str:
    """No reminder of this window before then; a sentence that says until when, and when that is less than was asked
    for. Raises as snooze_form, and FormError(snooze_for)."""
    who = clicker(tx, command.by)
    found = tx.countdowns.get(command.countdown_id)
    if found is not None and found.lead_id is not None:
        tx.leads.lock(found.lead_id)
    running = _mine(tx, who, tx.countdowns.lock(command.countdown_id))
    if command.how_long not in list(For):
        raise FormError({"snooze_for": "Choose one of the times in the list."})
    calendar = calendar_of(tx, running)
    asked = _until(For(command.how_long), tx.now, calendar)
    latest = _latest(tx, running, calendar)
    wanted = latest if asked is None else asked
    found_snooze = (
        None
        if wanted is None
        else ladder.snooze(running.countdown, calendar, countdowns.ladder_of(tx, running), wanted, tx.now)
    )
    if found_snooze is None:
        raise Refused("This cannot wait any more: it is at risk.")
    running = countdowns.plan(tx, replace(running, snoozed_until=found_snooze.until), calendar)
    tx.events.add(
        "countdown.snoozed", lead_id=running.lead_id, actor=who.person.id, origin="slack",
        data={"countdown": running.id, "until": found_snooze.until.isoformat()},
    )  # fmt: skip
    reminders.sync(tx, running)
    posting.sync_home(tx, who.person.id)
    said = f"No reminder before {_spoken(found_snooze.until, calendar.tz, tx.now)}."
    if found_snooze.was_shortened:
        said += " That is sooner than you asked for: from then on it is at risk, and your manager hears of it, too."
    return said


def _mine(tx: Transaction, who: Clicker, running: Running | None) -> Running:
    if running is None:
        raise NotFound("I do not know this reminder. Open Home for your present leads.")
    if running.owner_id != who.person.id:
        raise NotAllowed("Only whoever it waits for can put its reminders off.")
    if not running.is_running:
        raise Refused("There is nothing to put off any more: it is done.")
    if countdowns.mode(tx, running.agreement_id) is Mode.TRIAL:
        raise Refused("There are no reminders to put off: both sides have not signed the agreement yet.")
    if not can_snooze(running) or not _choices(tx, running, calendar_of(tx, running)):
        raise Refused("This cannot wait any more: it is at risk.")
    return running


def _choices(tx: Transaction, running: Running, calendar: Calendar) -> tuple[tuple[For, datetime], ...]:
    """What can be chosen now, the soonest first; nothing when it cannot wait."""
    latest = _latest(tx, running, calendar)
    if latest is None or latest <= tx.now:
        return ()
    ends = ((how_long, _until(how_long, tx.now, calendar)) for how_long in For if how_long is not For.LATEST)
    # Three hours that end at night, and tomorrow morning, are one: the latter says it better.
    sooner = {until: how_long for how_long, until in ends if until is not None and until < latest}
    return (*((how_long, until) for until, how_long in sorted(sooner.items())), (For.LATEST, latest))


def _latest(tx: Transaction, running: Running, calendar: Calendar) -> datetime | None:
    """When it is at risk: so long reminders can wait at most."""
    return ladder.reaches(running.countdown, calendar, countdowns.ladder_of(tx, running).at_risk_percent)


def _until(how_long: For, now: datetime, calendar: Calendar) -> datetime | None:
    """Where it ends outside working hours, when work begins after that: nobody is reminded at night."""
    if how_long in SPANS:
        return next_working_instant(calendar, now + SPANS[how_long])
    if how_long is For.TOMORROW:
        tomorrow = local_date(now, calendar.tz) + timedelta(days=1)
        return next_working_instant(calendar, instant_of(tomorrow, time(), calendar.tz))
    return None


def _spoken(instant: datetime, tz: str, now: datetime) -> str:
    at = f"{local_time(instant, tz):%H:%M}"
    day = local_date(instant, tz)
    return f"{at} today" if day == local_date(now, tz) else f"{at} on {spoken(day)}"
