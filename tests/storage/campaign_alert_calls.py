"""Every call about campaign alerts, for the test of their plans; their rows are those of talk_calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.domain.campaign_alert import AlertState, Asset, CampaignAlert
from storage.transaction import Transaction
from tests.storage.samples import NOON


def make_alert(**changes: Any) -> CampaignAlert:
    values: dict[str, Any] = {
        "id": "a-1", "campaign_id": "c-1", "owner_id": "p-1", "state": AlertState.DRAFT, "version": 1,
        "buyer_sees": "Join us.", "audience": "Finance", "segment": "", "starts_at": NOON,
        "ends_at": NOON + timedelta(days=7), "tz": "Europe/Berlin", "offer": "Free", "offer_is_new": True,
        "lead_looks_like": "", "expected_volume": 40, "cost": "1200.50", "currency": "EUR", "channels": ("C1", "C2"),
        "assets": (Asset(label="Page", url="https://example.com"),), "made_by": "p-1", "created_at": NOON,
        "updated_at": NOON, "changed": ("offer",), "withdrawn": "", "sent_back": "",
    }  # fmt: skip
    return CampaignAlert(**values | changes)


CALLS: dict[str, Callable[[Any, Transaction], object]] = {
    "campaign_alerts.get": lambda w, tx: tx.campaign_alerts.get("talk-1"),
    "campaign_alerts.lock": lambda w, tx: tx.campaign_alerts.lock("talk-1"),
    "campaign_alerts.try_lock": lambda w, tx: tx.campaign_alerts.try_lock("talk-1"),
    "campaign_alerts.of_campaign": lambda w, tx: tx.campaign_alerts.of_campaign("copy-1"),
    "campaign_alerts.proposed": lambda w, tx: tx.campaign_alerts.proposed(),
    "campaign_alerts.untold": lambda w, tx: tx.campaign_alerts.untold(),
    "campaign_alerts.told_and_open": lambda w, tx: tx.campaign_alerts.told_and_open(),
    "campaign_alerts.open_owned_by": lambda w, tx: tx.campaign_alerts.open_owned_by([w.person.id, "copy-2"]),
    "campaign_alerts.numbers": lambda w, tx: tx.campaign_alerts.numbers(NOON),
    "campaign_alerts.numbers of some": lambda w, tx: tx.campaign_alerts.numbers(NOON, [w.person.id]),
}
RARE = {"campaign_alerts.add", "campaign_alerts.save"}
"""One row, by its id; what they put into the index of what can be found is in test_search."""
