"""The form of a campaign alert: what it begins with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import campaign_alert_input as reading
from bot.domain.campaign_alert import AlertState
from bot.domain.campaign_alert_input import Expected
from bot.domain.config import BY_HAND_PREFIX
from bot.domain.local_time import local_date, local_time
from bot.domain.rights import announces
from bot.services import alert_news, alert_rights
from bot.services.campaign_alert_reading import ENDS_AT, STARTS_AT, mark, mark_of
from bot.services.campaign_alerts import get
from bot.services.forms import Choice
from bot.services.handoffs import refuse
from bot.services.people import clicker
from storage.transaction import Transaction

CAMPAIGNS = 200
"""As many as a menu may hold; an older one is named by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertForm:
    """What the form begins with. All text is untrusted. `tz`: the zone of its times. `questions`: texts for as many
    inputs as they need, `questions_seen` the mark of them; `questions_kept`: how many fit into none and stay as they
    are. `offers`: the agreed ones;
    `offer`: the mark of the chosen one. `hidden_owner`: the owner's name where Slack's menu cannot show them."""

    alert_id: str = ""
    version: int = 0
    state: AlertState = AlertState.DRAFT
    tz: str
    campaigns: tuple[Choice, ...]
    campaign: str = ""
    owner: str | None = None
    hidden_owner: str | None = None
    buyer_sees: str = ""
    audience: str = ""
    segment: str = ""
    start_date: str | None = None
    start_time: str
    end_date: str | None = None
    end_time: str
    offers: tuple[Choice, ...]
    offer: str = ""
    new_offer: str = ""
    questions: tuple[str, ...] = ()
    questions_seen: str = ""
    questions_kept: int = 0
    lead_looks_like: str = ""
    assets: str = ""
    volume: int | None = None
    cost: str = ""
    currency: str = ""
    channels: tuple[str, ...] = ()
    sent_back: str = ""
    sent_back_by: str | None = None
    needs_approval: bool = True


def alert_form(tx: Transaction, by: str, alert_id: str = "") -> AlertForm:
    """Raises NotFound, NotAllowed, PersonUnknown."""
    who = clicker(tx, by)
    campaigns = _campaigns(tx)
    offers = tuple(Choice(value=mark(one), label=one) for one in tx.agreements.in_force().document.offers)
    if not alert_id:
        refuse(alert_rights.why_not_announce(tx, who))
        return AlertForm(
            tz=who.person.tz, campaigns=campaigns, offers=offers, start_time=f"{STARTS_AT:%H:%M}",
            end_time=f"{ENDS_AT:%H:%M}", channels=tx.config.sales_channels,
            owner=who.person.slack_id if announces(who.person) else None, needs_approval=tx.config.alerts_need_approval,
        )  # fmt: skip
    alert = get(tx, alert_id)
    refuse(alert_rights.why_not_edit(tx, who, alert))
    owner = tx.people.get(alert.owner_id)
    expected = tx.alert_questions.expected(alert.id)
    texts, left = reading.write_questions([Expected(text=one.text, answer=one.answer or "") for one in expected])
    end_time = f"{local_time(alert.ends_at, alert.tz):%H:%M}" if alert.ends_at else f"{ENDS_AT:%H:%M}"
    campaign = tx.campaigns.get(alert.campaign_id)
    if campaign is not None and all(one.value != campaign.id for one in campaigns):
        campaigns = (Choice(value=campaign.id, label=campaign.name), *campaigns)
    return AlertForm(
        alert_id=alert.id,
        version=alert.version,
        state=alert.state,
        tz=alert.tz,
        campaigns=campaigns,
        campaign=alert.campaign_id,
        owner=owner.slack_id if owner else None,
        hidden_owner=owner.name if owner and owner.slack_id is None else None,
        buyer_sees=alert.buyer_sees,
        audience=alert.audience,
        segment=alert.segment,
        start_date=local_date(alert.starts_at, alert.tz).isoformat(),
        start_time=f"{local_time(alert.starts_at, alert.tz):%H:%M}",
        end_date=local_date(alert.ends_at, alert.tz).isoformat() if alert.ends_at else None,
        end_time=end_time,
        offers=offers,
        offer="" if alert.offer_is_new else mark(alert.offer),
        new_offer=alert.offer if alert.offer_is_new else "",
        questions=tuple(texts),
        questions_seen=mark_of(texts),
        questions_kept=len(left),
        lead_looks_like=alert.lead_looks_like,
        assets=reading.write_assets(alert.assets),
        volume=alert.expected_volume,
        cost=alert.cost or "",
        currency=alert.currency or "",
        channels=alert.channels,
        sent_back=alert.sent_back,
        sent_back_by=alert_news.sent_back_by(tx, alert),
        needs_approval=tx.config.alerts_need_approval,
    )


def _campaigns(tx: Transaction) -> tuple[Choice, ...]:
    found = [one for one in tx.campaigns.newest(CAMPAIGNS) if not one.key.startswith(BY_HAND_PREFIX)]
    found.sort(key=lambda one: one.name.casefold())
    return tuple(Choice(value=one.id, label=one.name) for one in found)
