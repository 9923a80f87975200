"""Who hears what of a campaign alert, besides the channels of sales: whoever approves it, its owner, and on its eve
each channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.brief import BriefItem
from bot.domain.budget import Kind
from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.person import Person
from bot.domain.post import Post, PostRole, Subject
from bot.domain.rights import leads_sales
from bot.services import alert_rights, alert_times, briefs, posting, workspace
from bot.services.alert_times import LeadTime
from bot.services.campaign_alert_shown import CampaignAlertShown, shown
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


class About(StrEnum):
    """Why a message was written; it follows the alert from then on."""

    APPROVE = "approve"
    """A sales manager is to approve it."""
    SENT_BACK = "sent_back"
    """Its owner is to mend it."""
    DUE = "due"
    """The last moment agreed to tell sales is near."""
    YOURS = "yours"
    """Whoever owned it left."""
    GIVEN = "given"
    """Somebody named them its owner."""
    EVE = "eve"
    """In a channel of sales: it starts tomorrow."""
    TOLD = "told"
    """Its owner reads that sales was told; only ever a line of the brief."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNotice:
    """A message about an alert, as its reader sees it now. Text is untrusted. `link`: where the alert stands in the
    channel; `in_place_of` names the absent one for whom it is read; `sent_back`: why, and by whom."""

    about: About
    alert: CampaignAlertShown
    lead_time: LeadTime
    proposed_at: datetime | None
    approved_by: str | None
    sent_back: str
    sent_back_by: str | None
    may_approve: bool
    in_place_of: str | None
    link: str | None


def ask_approval(
    tx: Transaction, alert: CampaignAlert, managers: Iterable[Person], *, again: bool = False
) -> None:  # fmt: skip
    """Each of the managers, or whoever reads for them, has it before them; who has it already sees it as it is now, or
    hears of it `again`: Slack tells nobody of a message that changes."""
    asked = [] if again else _posts(tx, alert.id, About.APPROVE)
    people, places = {post.data.get("person") for post in asked}, {post.place for post in asked}
    for manager_id, reader in alert_rights.readers(tx, list(managers)).items():
        if manager_id not in people and reader.slack_id not in places:
            _tell(tx, alert, reader, About.APPROVE, for_id=manager_id)
            places.add(reader.slack_id or "")
    follow(tx, alert.id)


def tell(tx: Transaction, alert: CampaignAlert, person: Person, about: About) -> None:
    """The person hears of it: their word, or their work, is asked for."""
    _tell(tx, alert, person, about, for_id=person.id)


def tell_owner_told(tx: Transaction, alert: CampaignAlert, by: Person) -> None:
    """The owner reads in their brief that sales was told of it, unless they did so themselves."""
    owner = tx.people.get(alert.owner_id)
    if owner is not None and owner.id != by.id and posting.reads(owner) is not None:
        briefs.tell(tx, owner, Kind.CAMPAIGN_NEWS, alert.id, None, {"what": About.TOLD.value, **_line(tx, alert)})


def remind_on_eve(tx: Transaction, alert: CampaignAlert) -> None:
    """Each channel of sales that was told of it hears that it starts soon."""
    for channel in alert.channels:
        data: dict[str, object] = {"what": About.EVE.value}
        posting.say(tx, Subject.CAMPAIGN_NOTICE, alert.id, channel, PostRole.NOTICE, None, data)


def follow(tx: Transaction, alert_id: str) -> None:
    """Every message about the alert shows how it stands now."""
    for subject in (Subject.CAMPAIGN_ALERT, Subject.CAMPAIGN_NOTICE):
        for post in tx.posts.of_subject(subject, alert_id):
            posting.sync(tx, post)


def load_alert_notice(tx: Transaction, post: Post) -> AlertNotice | None:
    """The message as it reads now; None where there is nothing to be said any more."""
    alert = tx.campaign_alerts.get(post.subject_id)
    about = About(post.data.get("what", About.EVE))
    if alert is None or (post.ts is None and not _is_true(alert, about, post)):
        return None
    reader, meant = tx.people.by_slack_id(post.place), tx.people.get(str(post.data.get("person", "")))
    instead = reader is not None and meant is not None and reader.id != meant.id
    return AlertNotice(
        about=about,
        alert=shown(tx, alert, is_preview=True),
        lead_time=alert_times.lead_time_of(tx, alert),
        proposed_at=alert.proposed_at,
        approved_by=person_name(tx, alert.approved_by) if alert.approved_by else None,
        sent_back=alert.sent_back,
        sent_back_by=sent_back_by(tx, alert),
        may_approve=alert.state is AlertState.PROPOSED
        and about in (About.APPROVE, About.DUE)
        and meant is not None
        and leads_sales(meant),
        in_place_of=meant.name if instead and meant is not None else None,
        link=link_in(tx, alert.id, post.place),
    )  # fmt: skip


def sent_back_by(tx: Transaction, alert: CampaignAlert) -> str | None:
    """The name of who sent it back, untrusted; None where nobody has, or it was sent again since."""
    return person_name(tx, alert.sent_back_by) if alert.sent_back_by is not None else None


def link_in(tx: Transaction, alert_id: str, channel: str) -> str | None:
    """Where the alert stands in this channel, else in any; None where it is not shown, or the address is unknown."""
    stand = [one for one in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert_id) if one.ts is not None]
    first = next((one for one in stand if one.place == channel), stand[0] if stand else None)
    return workspace.post_link(tx, first) if first is not None else None


def brief_line(tx: Transaction, item: BriefItem) -> str | None:
    """What is left to be said of an alert in a brief; None where it is as it was said, or is not there any more."""
    alert = tx.campaign_alerts.get(item.subject_id)
    if alert is None:
        return None
    about = item.data.get("what")
    if about == About.APPROVE and alert.state is not AlertState.PROPOSED:
        return "does not wait for approval any more"
    if about in (About.DUE, About.SENT_BACK) and alert.state not in (AlertState.DRAFT, AlertState.PROPOSED):
        return "does not wait for you any more"
    return None


def _is_true(alert: CampaignAlert, about: About, post: Post) -> bool:
    """Whether something nobody has seen yet is still worth saying."""
    match about:
        case About.APPROVE:
            return alert.state is AlertState.PROPOSED
        case About.SENT_BACK:
            return alert.state is AlertState.DRAFT
        case About.DUE:
            return alert.state in (AlertState.DRAFT, AlertState.PROPOSED)
        case About.EVE:
            return alert.state is AlertState.SCHEDULED and post.place in alert.channels
        case _:
            return alert.state is not AlertState.WITHDRAWN


def _tell(tx: Transaction, alert: CampaignAlert, reader: Person, about: About, *, for_id: str) -> None:
    place = posting.reads(reader)
    if place is None:
        return
    data: dict[str, object] = {"what": about.value, "person": for_id}
    briefs.tell(
        tx, reader, Kind.CAMPAIGN, alert.id, None, {**data, **_line(tx, alert, about)},
        lambda: posting.say(tx, Subject.CAMPAIGN_NOTICE, alert.id, place, PostRole.NOTICE, None, data),
    )  # fmt: skip


_IN_BRIEF = {
    About.APPROVE: "waits for your approval: it stands on Home",
    About.SENT_BACK: "was sent back to you{by}: why stands on Home",
    About.DUE: "must reach sales soon: the agreed lead time is nearly over",
    About.YOURS: "is yours now: whoever owned it left",
    About.GIVEN: "is yours now: sales asks you",
    About.TOLD: "has reached sales: it stands in its channels",
}


def _line(tx: Transaction, alert: CampaignAlert, about: About = About.TOLD) -> dict[str, str]:
    campaign = tx.campaigns.get(alert.campaign_id)
    name = sent_back_by(tx, alert)
    text = _IN_BRIEF.get(about, "").replace("{by}", f" by {name}" if name is not None else "")
    return {"title": campaign.name if campaign is not None else "A campaign", "text": text}


def _posts(tx: Transaction, alert_id: str, about: About) -> list[Post]:
    found = tx.posts.of_subject(Subject.CAMPAIGN_NOTICE, alert_id)
    return [post for post in found if post.data.get("what") == about.value]
