"""A campaign alert on its way: sent for approval, approved, told to sales, live, ended, sent back, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.ladder import Mode
from bot.domain.person import Person
from bot.domain.post import PostRole, Subject, TimerKind
from bot.errors import AlreadyDecided, FormError, NotFound, Refused
from bot.services import alert_news, alert_rights, alert_times, got_its, posting
from bot.services.alert_news import About
from bot.services.handoffs import refuse
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

GONE = "This campaign alert is not there any more."
WHY_MAX = 3000
OPEN = (AlertState.DRAFT, AlertState.PROPOSED, AlertState.SCHEDULED, AlertState.LIVE)
"""What can be withdrawn."""
_DONE = {
    AlertState.DRAFT: "is a draft again",
    AlertState.PROPOSED: "waits for approval",
    AlertState.SCHEDULED: "is approved, and sales has been told",
    AlertState.LIVE: "is live",
    AlertState.ENDED: "has ended",
    AlertState.WITHDRAWN: "is withdrawn",
}
"""After its name: where it stands, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnAlert:
    """`by` is the Slack id from the signed request; `version`: what they saw, None where it does not matter."""

    alert_id: str
    by: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SayWhy(ActOnAlert):
    """With a sentence for those who read of it."""

    why: str


def get(tx: Transaction, alert_id: str) -> CampaignAlert:
    """Raises NotFound."""
    alert = tx.campaign_alerts.get(alert_id)
    if alert is None:
        raise NotFound(GONE)
    return alert


def missing(alert: CampaignAlert) -> dict[str, str]:
    """What sales must know and the alert does not say yet: by field of its form, what that is called there."""
    wanted = (
        ("buyer_sees", "What the buyer will see", alert.buyer_sees),
        ("audience", "Audience", alert.audience),
        ("offer", "The offer in one line", alert.offer),
        ("channels", "Sales channels", alert.channels),
    )
    return {field: name for field, name, value in wanted if not value}


def propose(tx: Transaction, command: ActOnAlert) -> CampaignAlert:
    """A draft waits for a sales manager's approval, who hears of it at once; where none is needed, sales is told now.

    Raises NotFound, NotAllowed, PersonUnknown, and Refused for what is no draft, was changed since it was seen, lacks
    something, is over, or has nobody to approve it: it stays as it is.
    """
    alert, person = _to_edit(tx, command)
    # What waits for an approval that was switched off meanwhile would wait for ever.
    refuse_unless(tx, alert, *sent_from(tx))
    if command.version not in (None, alert.version):
        raise Refused("It was changed since you saw it. Open its preview once more, and send it from there.")
    lacks = missing(alert)
    if lacks:
        raise Refused(f"Before sales can be told, fill in: {', '.join(lacks.values())}.")
    _refuse_over(tx, alert)
    sent = replace(alert, proposed_at=tx.now, updated_at=tx.now, sent_back="", sent_back_by=None)
    if not tx.config.alerts_need_approval:
        return _tell_sales(tx, sent, person, approved_by=None)
    managers = alert_rights.approvers(tx, alert)
    if not managers:
        raise Refused(
            "There is no sales manager to approve it. Ask your admin to name one, or to switch approval off under"
            " Channels. It stays a draft meanwhile."
        )
    proposed = replace(sent, state=AlertState.PROPOSED)
    tx.campaign_alerts.save(proposed)
    _event(tx, "alert.proposed", proposed, person)
    alert_times.plan(tx, proposed)
    alert_news.ask_approval(tx, proposed, managers, again=alert.proposed_at is not None)
    sync_homes(tx, proposed)
    return proposed


def sent_from(tx: Transaction) -> tuple[AlertState, ...]:
    """The states in which its owner can send it."""
    return (AlertState.DRAFT,) if tx.config.alerts_need_approval else (AlertState.DRAFT, AlertState.PROPOSED)


def approve(tx: Transaction, command: ActOnAlert) -> CampaignAlert:
    """Sales is told of it; the messages of the other managers say who approved it. Where its start has passed it is
    live at once.

    Raises NotFound, NotAllowed, PersonUnknown, AlreadyDecided when somebody was first, and Refused when it was changed
    since the clicker saw it, or is over.
    """
    alert, person = _to_approve(tx, command)
    if command.version not in (None, alert.version):
        raise Refused("It was changed since you saw it. The message shows how it reads now: look at it once more.")
    _refuse_over(tx, alert)
    return _tell_sales(tx, alert, person, approved_by=person.id)


def send_back(tx: Transaction, command: SayWhy) -> CampaignAlert:
    """It is a draft again, and its owner reads why. Raises as approve, and FormError(why)."""
    alert, person = _to_approve(tx, command)
    why = _why(command.why)
    back = replace(alert, state=AlertState.DRAFT, sent_back=why, sent_back_by=person.id, updated_at=tx.now)
    tx.campaign_alerts.save(back)
    _event(tx, "alert.sent_back", back, person)
    alert_times.plan(tx, back)
    alert_news.follow(tx, back.id)
    owner = tx.people.get(back.owner_id)
    if owner is not None:
        alert_news.tell(tx, back, owner, About.SENT_BACK)
    sync_homes(tx, back)
    return back


def withdraw(tx: Transaction, command: SayWhy) -> CampaignAlert:
    """It does not take place, and nothing of it fires any more; where sales was told, the messages say so and why.

    Raises NotFound, NotAllowed, PersonUnknown, FormError(why) for one sales knows of, and Refused for what is over.
    """
    alert, person = _to_edit(tx, command)
    refuse_unless(tx, alert, *OPEN)
    why = _why(command.why) if alert.told_at is not None else command.why.strip()
    gone = replace(alert, state=AlertState.WITHDRAWN, withdrawn=why, updated_at=tx.now)
    tx.campaign_alerts.save(gone)
    _event(tx, "alert.withdrawn", gone, person)
    changed(tx, gone)
    return gone


def end(tx: Transaction, command: ActOnAlert) -> CampaignAlert:
    """One that is live ends now. Raises NotFound, NotAllowed, PersonUnknown, and Refused for any other."""
    alert, person = _to_edit(tx, command)
    refuse_unless(tx, alert, AlertState.LIVE)
    ends_at = max(tx.now, alert.starts_at + timedelta(seconds=1))
    ended = replace(alert, state=AlertState.ENDED, ends_at=ends_at, ended_at=tx.now, updated_at=tx.now)
    tx.campaign_alerts.save(ended)
    _event(tx, "alert.ended", ended, person)
    changed(tx, ended)
    return ended


def changed(tx: Transaction, alert: CampaignAlert) -> None:
    """What hangs on a stored alert follows it: its timers, its messages, its channels, and the Homes it stands on."""
    alert_times.plan(tx, alert)
    got_its.plan(tx, alert)
    if alert.told_at is not None and alert.state is not AlertState.WITHDRAWN:
        _say_in_channels(tx, alert)
    alert_news.follow(tx, alert.id)
    sync_homes(tx, alert)


def fire_start(tx: Transaction, alert_id: str) -> None:
    """It is live, or over already after downtime; one that was moved, withdrawn or sent back is left alone."""
    _fire(tx, TimerKind.CAMPAIGN_START, alert_id, AlertState.SCHEDULED)


def fire_end(tx: Transaction, alert_id: str) -> None:
    """It has ended."""
    _fire(tx, TimerKind.CAMPAIGN_END, alert_id, AlertState.LIVE)


def fire_eve(tx: Transaction, alert_id: str) -> None:
    """Sales is reminded that it starts soon, once; not when it has started."""
    alert = alert_times.taken(tx, TimerKind.CAMPAIGN_EVE, alert_id)
    if (
        alert is None
        or alert.state is not AlertState.SCHEDULED
        or alert.starts_at <= tx.now
        or alert.eve_at is not None
    ):
        return
    reminded = replace(alert, eve_at=tx.now)
    tx.campaign_alerts.save(reminded)
    tx.events.add("alert.eve", data={"alert": alert.id})
    alert_news.remind_on_eve(tx, reminded)


def fire_due(tx: Transaction, alert_id: str) -> None:
    """Whoever the alert waits for is reminded that sales must hear of it soon; silent while the agreement is on
    trial."""
    alert = alert_times.taken(tx, TimerKind.CAMPAIGN_DUE, alert_id)
    if alert is None or alert.state not in (AlertState.DRAFT, AlertState.PROPOSED):
        return
    at = alert_times.remind_at(tx, alert)
    if at is not None and at > tx.now:
        tx.timers.set(TimerKind.CAMPAIGN_DUE, alert.id, at)  # the agreement, or its owner's hours, have changed
        return
    if tx.agreements.in_force().mode(tx.now) is not Mode.ENFORCED or alert.starts_at <= tx.now:
        return
    owner = tx.people.get(alert.owner_id)
    asked = {one.id: one for one in alert_rights.readers(tx, alert_rights.approvers(tx, alert)).values()}
    waits_for = list(asked.values()) if alert.state is AlertState.PROPOSED else []
    for person in {one.id: one for one in [owner, *waits_for] if one is not None}.values():
        alert_news.tell(tx, alert, person, About.DUE)
    tx.events.add("alert.reminded", data={"alert": alert.id})


def sync_homes(tx: Transaction, alert: CampaignAlert) -> None:
    """The Homes of its owner and of whoever approves follow."""
    posting.sync_home(tx, alert.owner_id)
    for manager in alert_rights.approvers(tx, alert)[: posting.HOMES_AT_ONCE]:
        posting.sync_home(tx, manager.id)


def stands(tx: Transaction, alert: CampaignAlert) -> str:
    """`Spring webinar is live`: untrusted."""
    campaign = tx.campaigns.get(alert.campaign_id)
    return f"{campaign.name if campaign else 'This campaign'} {_DONE[alert.state]}"


def _tell_sales(tx: Transaction, alert: CampaignAlert, by: Person, *, approved_by: str | None) -> CampaignAlert:
    told = replace(
        alert,
        state=alert.state_at(tx.now),
        approved_by=approved_by,
        approved_at=tx.now if approved_by is not None else None,
        told_at=tx.now,
        late_s=alert_times.late_s(tx, alert, tx.now),
        updated_at=tx.now,
    )
    tx.campaign_alerts.save(told)
    _event(tx, "alert.told", told, by, {"late_s": told.late_s})
    changed(tx, told)
    alert_news.tell_owner_told(tx, told, by)
    return told


def _say_in_channels(tx: Transaction, alert: CampaignAlert) -> None:
    """It stands in each of its channels once; where it stood before, it is shown again."""
    stands_in = {post.place for post in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert.id)}
    for channel in alert.channels:
        if channel not in stands_in:
            posting.say(tx, Subject.CAMPAIGN_ALERT, alert.id, channel, PostRole.PRIMARY, None)


def _fire(tx: Transaction, kind: TimerKind, alert_id: str, state: AlertState) -> None:
    alert = alert_times.taken(tx, kind, alert_id)
    if alert is None or alert.state is not state:
        return
    if (now := alert.state_at(tx.now)) is state:
        alert_times.plan(tx, alert)
        return
    moved = replace(alert, state=now, ended_at=tx.now if now is AlertState.ENDED else None)
    tx.campaign_alerts.save(moved)
    tx.events.add(f"alert.{now.value}", data={"alert": alert.id})
    changed(tx, moved)


def _to_edit(tx: Transaction, command: ActOnAlert) -> tuple[CampaignAlert, Person]:
    who = clicker(tx, command.by)
    alert = _locked(tx, command.alert_id)
    refuse(alert_rights.why_not_edit(tx, who, alert))
    return alert, who.person


def _to_approve(tx: Transaction, command: ActOnAlert) -> tuple[CampaignAlert, Person]:
    who = clicker(tx, command.by)
    refuse(alert_rights.why_not_approve(who))
    alert = _locked(tx, command.alert_id)
    if alert.told_at is not None and alert.approved_by is not None and alert.state.is_told:
        name = person_name(tx, alert.approved_by)
        raise AlreadyDecided(
            f"{name} has approved it already.", status=alert.state.value, by=name, at=alert.approved_at
        )
    refuse_unless(tx, alert, AlertState.PROPOSED)
    return alert, who.person


def _locked(tx: Transaction, alert_id: str) -> CampaignAlert:
    alert = tx.campaign_alerts.lock(alert_id)
    if alert is None:
        raise NotFound(GONE)
    return alert


def refuse_unless(tx: Transaction, alert: CampaignAlert, *states: AlertState) -> None:
    """Raises Refused with a sentence on where it stands, unless that is one of these."""
    if alert.state not in states:
        raise Refused(f"Nothing was changed: {stands(tx, alert)}.")


def _refuse_over(tx: Transaction, alert: CampaignAlert) -> None:
    if alert.state_at(tx.now) is AlertState.ENDED:
        raise Refused("Its end has passed, so there is nothing to tell sales any more. Give it a later end first.")


def _why(text: str) -> str:
    text = text.strip()
    if not text:
        raise FormError({"why": "Say why in a sentence: it is what the others read."})
    return text[:WHY_MAX]


def _event(
    tx: Transaction, kind: str, alert: CampaignAlert, by: Person, data: dict[str, object] | None = None
) -> None:  # fmt: skip
    tx.events.add(kind, actor=by.id, origin="slack", data={"alert": alert.id, "version": alert.version, **(data or {})})
