"""The part of the rights' table that is about making, changing and approving campaign alerts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.services import campaign_alert_saving, campaign_alerts
from bot.services.campaign_alert_reading import SaveAlert
from bot.services.campaign_alerts import ActOnAlert
from bot.views.campaign_alert_ids import AlertAction, AlertCallback, AlertRef, alert_metadata, alert_value
from bot.views.ids import ShortcutId
from storage.transaction import Transaction
from tests.handlers.office import TEAM, Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

OWNER, MANAGER = "U0MARKETER", "U0MANAGER"
MAKES = {"marketer", "cmo"}
APPROVES = {"manager"}
ANSWERS = {
    "name": "", "owner": OWNER, "start_date": "2026-03-12", "start_time": "10:00", "end_date": "2026-03-20",
    "buyer_sees": "Join our webinar.", "audience": "Heads of logistics", "new_offer": "Two months free",
}  # fmt: skip
NEW = alert_metadata(AlertRef(tz="Europe/Berlin"))


def _press(action: AlertAction) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, thing, **at)

    return act


async def _approve(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, AlertAction.APPROVE, alert_value(thing, version), **at)


async def _try(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    values = {name: {"answer": {"type": "plain_text_input", "value": text}} for name, text in _named("Try").items()}
    view = {"id": "V1", "type": "modal", "private_metadata": NEW, "state": {"values": values}}
    return await office.click(by, AlertAction.TRY, "new", view=view)


async def _shortcut(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    payload = {
        "type": "shortcut", "callback_id": ShortcutId.CAMPAIGN_NEW.value, "user": {"id": by, "team_id": TEAM},
        "team": {"id": TEAM}, "trigger_id": "1.2.abc",
    }  # fmt: skip
    return await office.interact(payload)


async def _word(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.command(by, "campaign")


async def _save(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    view_id = f"V{by}"  # each sends a form of their own
    return await office.submit(by, AlertCallback.SUBMIT, NEW, view_id=view_id, **_named(f"Of {by}"))


def _submit(callback: AlertCallback, **answers: str) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, alert_metadata(AlertRef(alert_id=thing, version=version)), **answers)

    return act


def _named(name: str) -> dict[str, str]:
    return ANSWERS | {"name": name}


ANEW: dict[str, tuple[Act, set[str]]] = {
    "campaign.new": (_shortcut, MAKES),
    "/lockstep campaign": (_word, MAKES),
    AlertAction.NEW.value: (_press(AlertAction.NEW), MAKES),
    AlertAction.TRY.value: (_try, MAKES),
    AlertCallback.SUBMIT.value: (_save, MAKES),
}
ON_DRAFT: dict[str, tuple[Act, set[str]]] = {
    AlertAction.EDIT.value: (_press(AlertAction.EDIT), MAKES),
    AlertAction.PREVIEW.value: (_press(AlertAction.PREVIEW), MAKES),
    AlertAction.WITHDRAW.value: (_press(AlertAction.WITHDRAW), MAKES),
    AlertCallback.WITHDRAW_SUBMIT.value: (_submit(AlertCallback.WITHDRAW_SUBMIT, why="No budget."), MAKES),
    AlertCallback.PROPOSE_SUBMIT.value: (_submit(AlertCallback.PROPOSE_SUBMIT), MAKES),
}
"""On a draft of the marketer's. `cmo` is marketing's manager."""
ON_PROPOSED: dict[str, tuple[Act, set[str]]] = {
    AlertAction.APPROVE.value: (_approve, APPROVES),
    AlertAction.SEND_BACK.value: (_press(AlertAction.SEND_BACK), APPROVES),
    AlertCallback.SEND_BACK_SUBMIT.value: (_submit(AlertCallback.SEND_BACK_SUBMIT, why="Who speaks?"), APPROVES),
}
ON_LIVE: dict[str, tuple[Act, set[str]]] = {AlertAction.END.value: (_press(AlertAction.END), MAKES)}
EVERYTHING = {**ANEW, **ON_DRAFT, **ON_PROPOSED, **ON_LIVE}
WINDOWS: dict[str, Act] = {AlertCallback.PREVIEW_VIEW.value: _submit(AlertCallback.PREVIEW_VIEW)}
"""Windows that are only read."""
IDS = {*AlertAction, *AlertCallback}


async def in_state(office: Office, action: str, key: str = "nobody") -> tuple[str, int]:
    """The alert that the action is about, and its version."""
    starts = "2026-03-01" if action in ON_LIVE else ANSWERS["start_date"]
    command = SaveAlert(
        by=OWNER, alert_id="", version=0, tz="Europe/Berlin", questions=(), channels=("C0SALES",),
        answers=_named(f"For {key}") | {"start_date": starts},
    )  # fmt: skip
    alert = await office.world.db.run(campaign_alert_saving.save_alert, command)
    if action in ON_PROPOSED or action in ON_LIVE:
        await office.world.db.run(campaign_alerts.propose, ActOnAlert(alert_id=alert.id, by=OWNER))
    if action in ON_LIVE:
        await office.world.db.run(campaign_alerts.approve, ActOnAlert(alert_id=alert.id, by=MANAGER))
    return alert.id, alert.version


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    return [tx.campaign_alerts.get(one.id) for one in tx.alert_lists.all(told=False, limit=50)]
