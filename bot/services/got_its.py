"""*Got it*: sales says that it has read a campaign alert. A count for all; whoever has not is reminded once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import alert_talk as rules
from bot.domain.brief import BriefItem
from bot.domain.budget import Kind
from bot.domain.campaign_alert import AlertState, CampaignAlert, GotIt
from bot.domain.local_time import local_date, spoken
from bot.domain.post import TimerKind
from bot.errors import NotAllowed, Refused
from bot.services import alert_counts, alert_times, briefs
from bot.services.alert_talk import alert_of, campaign_name
from bot.services.people import clicker
from storage.got_its import GotItCounts
from storage.transaction import Transaction

AT_ONCE = 50
"""People reminded in one transaction."""
GOT_IT = "got_it"
"""What a brief's line about an alert is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressGotIt:
    """`by` is a Slack id; `version` the one its reader saw. From the client: not trusted."""

    alert_id: str
    version: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """`again`: they had said so already; `earlier`: it was changed after what they saw; `counts` with theirs."""

    again: bool
    earlier: bool
    counts: GotItCounts


def got_it(tx: Transaction, command: PressGotIt) -> Pressed:
    """The clicker has read this version of the alert; once is enough. Raises NotAllowed, PersonUnknown, NotFound,
    Refused for what sales was not told of."""
    person = clicker(tx, command.by).person
    alert = alert_of(tx, command.alert_id)
    if not rules.is_sales(person):
        raise NotAllowed(rules.may_get(person, alert) or "")
    if (why := rules.may_get(person, alert)) is not None:
        raise Refused(why)
    version = max(1, min(command.version, alert.version))
    new = tx.got_its.press(GotIt(alert_id=alert.id, person_id=person.id, version=version, at=tx.now))
    if new:
        tx.briefs.forget_one([person.id], Kind.CAMPAIGN_NEWS, _brief_subject(alert.id))
        alert_counts.changed(tx, alert.id)
    return Pressed(again=not new, earlier=version < alert.version, counts=tx.got_its.counts([alert.id])[alert.id])


def plan(tx: Transaction, alert: CampaignAlert) -> None:
    """Whoever will not have said *Got it* is reminded when it is time (`rules.remind_at`). Call it when sales is told,
    and when the alert's dates or state change; the caller holds the alert's lock."""
    due = rules.remind_at(alert)
    present = tx.timers.get(TimerKind.GOT_IT, alert.id)
    if due is None:
        if present is not None:
            tx.timers.cancel(TimerKind.GOT_IT, alert.id)
    elif present is None or present.due_at != due:
        tx.timers.set(TimerKind.GOT_IT, alert.id, due)


def remind(tx: Transaction, subject_id: str) -> None:
    """The timer of `plan`: everybody who is asked and has not said so reads it in their next brief, once; who joins
    later finds it on Home. `<alert id>@<person id>` goes on after that person."""
    alert_id, _, after = subject_id.partition("@")
    alert = tx.campaign_alerts.get(alert_id) if after else alert_times.taken(tx, TimerKind.GOT_IT, alert_id)
    if alert is None or alert.state not in (AlertState.SCHEDULED, AlertState.LIVE):
        return
    if not after:
        if alert.reminded_at is not None:
            return
        tx.campaign_alerts.save(replace(alert, reminded_at=tx.now))
    people = tx.got_its.missing_after(alert_id, after, AT_ONCE)
    for person_id in people:
        person = tx.people.get(person_id)
        if person is not None:
            data = {"what": GOT_IT, "alert_id": alert_id}
            briefs.tell(tx, person, Kind.CAMPAIGN_NEWS, _brief_subject(alert_id), None, data)
    if len(people) == AT_ONCE:
        tx.timers.set(TimerKind.GOT_IT, f"{alert_id}@{people[-1]}", tx.now)


def brief_line(tx: Transaction, item: BriefItem) -> tuple[str, str] | None:
    """What a brief says of it, as it is now: title and text, both untrusted; None where the item is about something
    else."""
    if item.data.get("what") != GOT_IT:
        return None
    alert = tx.campaign_alerts.get(str(item.data.get("alert_id")))
    if alert is None:
        return "A campaign", "It is not there any more."
    name = campaign_name(tx, alert)
    match alert.state:
        case AlertState.SCHEDULED:
            when = f"starts on {spoken(local_date(alert.starts_at, alert.tz))}"
        case AlertState.LIVE:
            when = "is live"
        case AlertState.ENDED:
            return name, "It has ended."
        case _:
            return name, "It was withdrawn."
    if tx.got_its.get(alert.id, item.person_id) is not None:
        return name, f"It {when}. You have said Got it."
    return name, f"It {when}, and you have not said Got it yet: Home opens it, under Campaigns."


def _brief_subject(alert_id: str) -> str:
    return f"{GOT_IT}:{alert_id}"
