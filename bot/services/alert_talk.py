"""What stands on a campaign alert besides itself: who got it, what sales asked, and its leads so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.campaign_alert import CampaignAlert
from bot.domain.person import Person
from bot.domain.post import Subject
from bot.errors import NotFound
from bot.services import alert_counts, posting
from bot.services.deputies import in_place_of
from bot.services.home_campaigns import reason_labels
from storage.alert_lists import AlertLeads
from storage.got_its import GotItCounts as GotItCounts  # noqa: PLC0414 - views name it
from storage.transaction import Transaction

REASONS_SHOWN = 3
GONE = "I do not know this campaign alert any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsSoFar:
    """The leads of the campaign since sales was told of it (`AlertLeads`). `reasons`: the labels of the most frequent
    reasons of rejects, with how many leads; labels are untrusted."""

    handed_over: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTalk:
    """What is counted on the message. `waiting`: questions without an answer."""

    got_it: GotItCounts
    waiting: int
    leads: LeadsSoFar


def load_talk(tx: Transaction, alert: CampaignAlert) -> AlertTalk:
    """As it is now; the same in every channel."""
    return talk_of(tx, [alert.id])[alert.id]


def talk_of(tx: Transaction, alert_ids: Sequence[str], *, reasons: int = REASONS_SHOWN) -> dict[str, AlertTalk]:
    """For each of these alerts, in as many statements as for one."""
    if not alert_ids:
        return {}
    counts, waiting = tx.got_its.counts(alert_ids), tx.alert_questions.waiting(alert_ids)
    leads, labels = tx.alert_lists.leads(alert_ids), reason_labels(tx)
    return {
        one: AlertTalk(
            got_it=counts[one], waiting=waiting.get(one, 0), leads=_so_far(leads[one], labels, reasons)
        )
        for one in alert_ids
    }  # fmt: skip


def show_again(tx: Transaction, subject_id: str) -> None:
    """The timer of `alert_counts`: the alert's message shows what is counted now."""
    if subject_id.endswith(alert_counts.GATE):
        return
    alert_counts.shown(tx, subject_id)
    for post in tx.posts.of_subject(Subject.CAMPAIGN_ALERT, subject_id):
        posting.sync(tx, post)


def alert_of(tx: Transaction, alert_id: str) -> CampaignAlert:
    """Raises NotFound."""
    alert = tx.campaign_alerts.get(alert_id)
    if alert is None:
        raise NotFound(GONE)
    return alert


def campaign_name(tx: Transaction, alert: CampaignAlert) -> str:
    """Untrusted."""
    campaign = tx.campaigns.get(alert.campaign_id)
    return campaign.name if campaign is not None else "a campaign"


def acting_as(tx: Transaction, person: Person) -> list[Person]:
    """The person, and everybody for whom they stand in just now."""
    return [person, *in_place_of(tx, person, lambda _: True)]


def _so_far(leads: AlertLeads, labels: dict[str, str], reasons: int) -> LeadsSoFar:
    top = sorted(leads.reasons.items(), key=lambda one: (-one[1], one[0]))[:reasons]
    return LeadsSoFar(
        handed_over=leads.handed_over,
        accepted=leads.accepted,
        rejected=leads.rejected,
        reasons=tuple((labels.get(code, code), count) for code, count in top),
    )
