"""Somebody left to whom campaign alerts belonged, or who was asked to approve some: others take their place."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.person import Side
from bot.domain.post import TimerKind
from bot.domain.rights import manages_marketing
from bot.services import alert_news, alert_rights, briefs, campaign_alerts, deciders, posting
from bot.services.alert_news import About
from storage.transaction import Transaction

ALERTS = "alerts:"
"""Before a person, in a timer's subject."""


def somebody_left(tx: Transaction, person_id: str) -> None:
    """Their campaign alerts go to marketing's manager, and what waits for their approval to the other sales managers,
    soon."""
    tx.timers.set(TimerKind.LEFT, f"{ALERTS}{person_id}", tx.now)


def hand_on(tx: Transaction, person_id: str) -> None:
    """The alerts of this person that are not over are marketing's manager's, who hears of each; without one the admin
    hears that they belong to nobody. Nothing happens to them when the person is back by now."""
    for waiting in tx.campaign_alerts.proposed():
        alert_news.ask_approval(tx, waiting, alert_rights.approvers(tx, waiting))
    person = tx.people.get(person_id)
    theirs = tx.campaign_alerts.open_owned_by([person_id])
    if person is None or posting.reads(person) is not None or not theirs:
        return
    heir = deciders.manager_of(tx, Side.MARKETING, person, but=person.id)
    if heir is None or not manages_marketing(heir):
        names = ", ".join(campaign_alerts.stands(tx, one) for one in theirs[:3])
        text = f"{person.name} owned {len(theirs)} of them, and marketing has no manager to take over: {names}."
        briefs.tell_admin(tx, "Campaign alerts without an owner", text)
        return
    for one in theirs:
        alert = tx.campaign_alerts.lock(one.id)
        if alert is None or alert.owner_id != person.id:
            continue
        moved = replace(alert, owner_id=heir.id, updated_at=tx.now)
        tx.campaign_alerts.save(moved)
        tx.events.add("alert.owner", data={"alert": moved.id, "from": person.id, "to": heir.id})
        campaign_alerts.changed(tx, moved)
        alert_news.tell(tx, moved, heir, About.YOURS)
