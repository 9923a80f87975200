"""When things happen to a campaign alert by themselves: its start, its end, its eve, and the last moment agreed to tell
sales of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import lead_time
from bot.domain.business_time import Calendar
from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.ladder import Mode
from bot.domain.local_time import local_date
from bot.domain.post import TimerKind
from bot.services import calendars
from storage.transaction import Transaction

REMIND_BEFORE = timedelta(hours=8)
"""Working time before the last moment to tell sales at which whoever it waits for is reminded: a working day."""
AGAIN = timedelta(seconds=1)
KINDS = (TimerKind.CAMPAIGN_DUE, TimerKind.CAMPAIGN_EVE, TimerKind.CAMPAIGN_START, TimerKind.CAMPAIGN_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """How early sales must hear of a campaign. `last_moment` None: marketing has not that much working time before its
    start. `late`: by how much working time it is late, were it told now, or was told late. In `trial` nobody is
    reminded."""

    window: timedelta
    last_moment: datetime | None
    late: timedelta | None
    trial: bool


def lead_time_of(tx: Transaction, alert: CampaignAlert) -> LeadTime:
    """The agreement's lead time for this alert, on the calendar of its owner. Absences do not count: sales must hear of
    it all the same."""
    agreement = tx.agreements.in_force()
    window = timedelta(minutes=agreement.terms.marketing.alert)
    calendar = _calendar_of(tx, alert)
    last_moment = lead_time.subtract_working_time(calendar, alert.starts_at, window)
    if alert.told_at is not None:
        late = timedelta(seconds=alert.late_s) if alert.late_s is not None else None
    else:
        late = lead_time.lateness(calendar, last_moment, tx.now)
    trial = agreement.mode(tx.now) is Mode.TRIAL
    return LeadTime(window=window, last_moment=last_moment, late=late, trial=trial)


def late_s(tx: Transaction, alert: CampaignAlert, told_at: datetime) -> int | None:
    """By how many working seconds sales hears of it later than agreed, told at `told_at`; None: in time."""
    last_moment = lead_time_of(tx, alert).last_moment
    late = lead_time.lateness(_calendar_of(tx, alert), last_moment, told_at)
    return None if late is None else int(late.total_seconds())


def remind_at(tx: Transaction, alert: CampaignAlert) -> datetime | None:
    """When whoever it waits for is reminded to tell sales; None: there is no such instant."""
    last_moment = lead_time_of(tx, alert).last_moment
    owner = tx.people.get(alert.owner_id)
    if last_moment is None or owner is None:
        return None
    calendar = replace(calendars.calendar_of_person(tx, owner), away=())
    return lead_time.subtract_working_time(calendar, last_moment, REMIND_BEFORE)


def plan(tx: Transaction, alert: CampaignAlert) -> None:
    """Its timers are what its state and dates ask for now, and no others. The caller holds its lock."""
    due: dict[TimerKind, datetime | None] = dict.fromkeys(KINDS)
    match alert.state:
        case AlertState.DRAFT | AlertState.PROPOSED:
            due[TimerKind.CAMPAIGN_DUE] = _still_to_remind(tx, alert)
        case AlertState.SCHEDULED:
            due[TimerKind.CAMPAIGN_START] = alert.starts_at
            due[TimerKind.CAMPAIGN_EVE] = eve_at(tx, alert)
        case AlertState.LIVE:
            due[TimerKind.CAMPAIGN_END] = alert.ends_at
    for kind, at in due.items():
        _set(tx, kind, alert, at)


def agreement_changed(tx: Transaction) -> None:
    """Another lead time holds, or it is on trial no more: whoever an alert waits for is reminded by the new one."""
    for alert in tx.campaign_alerts.untold():
        plan_reminder(tx, alert)


def plan_reminder(tx: Transaction, alert: CampaignAlert) -> None:
    """Whoever it waits for is reminded in time. Needs no lock of the alert, which may have been told meanwhile: its
    other timers stay as they are, and what fires looks again."""
    _set(tx, TimerKind.CAMPAIGN_DUE, alert, _still_to_remind(tx, alert))


def eve_at(tx: Transaction, alert: CampaignAlert) -> datetime | None:
    """When sales is still to be reminded of its start; None: it was, the time has passed, or sales first heard of it on
    that very day."""
    eve = lead_time.eve_of(alert.starts_at, alert.tz)
    if alert.eve_at is not None or eve <= tx.now or alert.told_at is None:
        return None
    return None if local_date(alert.told_at, alert.tz) == local_date(eve, alert.tz) else eve


def _calendar_of(tx: Transaction, alert: CampaignAlert) -> Calendar:
    owner = tx.people.get(alert.owner_id)
    return replace(calendars.calendar_of_person(tx, owner), away=()) if owner else calendars.calendar_of_team(tx, None)


def _still_to_remind(tx: Transaction, alert: CampaignAlert) -> datetime | None:
    at = remind_at(tx, alert)
    return at if at is not None and at > tx.now else None


def _set(tx: Transaction, kind: TimerKind, alert: CampaignAlert, at: datetime | None) -> None:
    if at is None:
        tx.timers.cancel(kind, alert.id)
    else:
        tx.timers.set(kind, alert.id, at)


def taken(tx: Transaction, kind: TimerKind, alert_id: str) -> CampaignAlert | None:
    """The alert of a timer that fires, locked; None where there is none, or somebody changes it just now and may wait
    for this very timer: then it is due again in a moment."""
    alert = tx.campaign_alerts.try_lock(alert_id)
    if alert is None and tx.campaign_alerts.get(alert_id) is not None:
        tx.timers.set(kind, alert_id, tx.now + AGAIN)
    return alert
