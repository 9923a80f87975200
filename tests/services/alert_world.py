"""A campaign alert that sales was told of, in two channels, three days before its start."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.config import Campaign
from bot.services import alert_questions, campaign_alerts, got_its
from bot.services.alert_questions import AnswerQuestion, AskQuestion
from bot.services.got_its import Pressed, PressGotIt
from storage.transaction import Transaction
from tests.services.world import START, World

WEBINAR = "webinar"
SALES, SALES_TOO = "C0SALES", "C0SALESTOO"
STARTS = START + timedelta(days=3, hours=4)
"""Not at a time at which briefs go out."""


def alert(alert_id: str = "a1", **values: Any) -> CampaignAlert:
    made = CampaignAlert(
        id=alert_id, campaign_id="c1", owner_id="p5", state=AlertState.SCHEDULED, version=1,
        buyer_sees="An invitation to our webinar", audience="Heads of logistics", segment="Enterprise",
        starts_at=STARTS, ends_at=STARTS + timedelta(days=14), tz="Europe/Berlin", offer="A free check of one route",
        offer_is_new=False, lead_looks_like="Asks for the check", expected_volume=40, cost=None, currency=None,
        channels=(SALES, SALES_TOO), assets=(), made_by="p5", created_at=START, updated_at=START,
        proposed_at=START, told_at=START,
    )  # fmt: skip
    return replace(made, **values)


def add_campaign(tx: Transaction) -> None:
    if tx.campaigns.by_key(WEBINAR) is None:
        made = Campaign(id="c1", key=WEBINAR, name="Spring webinar", owner_id="p5", created_at=START)
        tx.campaigns.add(made)


def tell(tx: Transaction, alert_id: str = "a1", **values: Any) -> CampaignAlert:
    """Sales is told of it now."""
    add_campaign(tx)
    told = alert(alert_id, **values)
    tx.campaign_alerts.add(told)
    campaign_alerts.changed(tx, told)
    return told


async def press(world: World, by: str, version: int = 1, alert_id: str = "a1") -> Pressed:
    return await world.db.run(got_its.got_it, PressGotIt(alert_id=alert_id, version=version, by=by))


async def ask(world: World, by: str, text: str = "Is it free?", alert_id: str = "a1") -> str:
    asked = await world.db.run(alert_questions.ask, AskQuestion(alert_id=alert_id, by=by, text=text))
    return asked.id


async def answer(world: World, question_id: str, by: str, text: str = "Yes.", **values: Any) -> None:
    command = AnswerQuestion(question_id=question_id, by=by, text=text, **{"expected": False, **values})
    await world.db.run(alert_questions.answer, command)
