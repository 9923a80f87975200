"""A campaign alert as sales sees it: in a channel, and in a preview of that message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain import money
from bot.domain.campaign_alert import AlertState, Asset, CampaignAlert
from bot.domain.campaign_alert_input import Expected
from bot.domain.post import Post
from bot.services.alert_talk import AlertTalk, load_talk
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAlertShown:
    """An alert where it stands now. All text is untrusted, and whole. `cost` is spoken, with its currency. `here`
    False: the alert is told in other channels now. `changed`: words of CHANGED; empty where nothing was changed since
    sales was told."""

    alert_id: str
    version: int
    state: AlertState
    campaign: str
    campaign_key: str
    owner: str
    buyer_sees: str
    audience: str
    segment: str
    starts_at: datetime
    ends_at: datetime | None
    tz: str
    offer: str
    offer_is_new: bool
    questions: tuple[Expected, ...]
    lead_looks_like: str
    expected_volume: int | None
    cost: str | None
    assets: tuple[Asset, ...]
    changed_at: datetime | None
    changed: tuple[str, ...]
    withdrawn: str
    here: bool = True
    is_preview: bool = False
    talk: AlertTalk | None = None
    """What is counted on it; None in a preview."""


def load_campaign_alert(tx: Transaction, post: Post) -> CampaignAlertShown | None:
    """What stands in this channel; None where there is nothing to be said (any more)."""
    alert = tx.campaign_alerts.get(post.subject_id)
    if alert is None or alert.told_at is None:
        return None
    here = post.place in alert.channels
    if not here and post.ts is None:
        return None
    return replace(shown(tx, alert, here=here), talk=load_talk(tx, alert) if here else None)


def shown(
    tx: Transaction, alert: CampaignAlert, *, here: bool = True, is_preview: bool = False,
    questions: tuple[Expected, ...] | None = None, campaign: str | None = None,
) -> CampaignAlertShown:  # fmt: skip
    """The alert as given here. `questions` and `campaign` None: those that are stored."""
    stored = tx.campaigns.get(alert.campaign_id)
    if questions is None:
        questions = expected(tx, alert.id)
    return CampaignAlertShown(
        alert_id=alert.id,
        version=alert.version,
        state=alert.state,
        campaign=campaign or (stored.name if stored is not None else ""),
        campaign_key=stored.key if stored is not None else "",
        owner=person_name(tx, alert.owner_id),
        buyer_sees=alert.buyer_sees,
        audience=alert.audience,
        segment=alert.segment,
        starts_at=alert.starts_at,
        ends_at=alert.ends_at,
        tz=alert.tz,
        offer=alert.offer,
        offer_is_new=alert.offer_is_new,
        questions=questions,
        lead_looks_like=alert.lead_looks_like,
        expected_volume=alert.expected_volume,
        cost=money.spoken(Decimal(alert.cost), alert.currency) if alert.cost else None,
        assets=alert.assets,
        changed_at=alert.changed_at,
        changed=alert.changed,
        withdrawn=alert.withdrawn,
        here=here,
        is_preview=is_preview,
    )


def expected(tx: Transaction, alert_id: str) -> tuple[Expected, ...]:
    """The expected questions of an alert, in their places."""
    return tuple(Expected(text=one.text, answer=one.answer or "") for one in tx.alert_questions.expected(alert_id))
