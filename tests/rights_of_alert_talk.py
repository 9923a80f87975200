"""The part of the rights' table that is about what people say about campaign alerts, and who reads what of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.services import alert_questions, campaign_alert_saving, campaign_alerts
from bot.services.alert_details import Tab
from bot.services.alert_questions import AskQuestion
from bot.services.alert_window import Which
from bot.services.campaign_alert_reading import SaveAlert
from bot.services.campaign_alerts import ActOnAlert
from bot.views.alert_talk_ids import (
    TalkAction,
    TalkBlock,
    TalkCallback,
    answer_metadata,
    details_value,
    list_value,
)  # fmt: skip
from bot.views.ids import handoff_value
from storage.transaction import Transaction
from tests.handlers.office import Office
from tests.rights_of_campaign_alerts import ANSWERS, MANAGER, OWNER

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

SALES = {"rep", "mate", "other", "manager"}
ANSWERS_THEM = {"marketer", "cmo"}
ROSTER = {*SALES, *ANSWERS_THEM, "admin"}
SEE_NAMES = {"marketer", "cmo", "manager"}


def _press(action: TalkAction) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, thing, **at)

    return act


async def _got_it(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, TalkAction.GOT_IT, handoff_value(thing, version), **at)


def _details(action: TalkAction, tab: Tab) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, details_value(thing, tab), **at)

    return act


def _list(action: TalkAction, which: Which) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, list_value(which), **at)

    return act


async def _ask(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.submit(by, TalkCallback.ASK_SUBMIT, thing, view_id=f"V{by}", **{TalkBlock.QUESTION: "When?"})


async def _answer(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    answers = {TalkBlock.ANSWER.value: "Soon."}
    return await office.submit(by, TalkCallback.ANSWER_SUBMIT, answer_metadata(thing, 0), view_id=f"V{by}", **answers)


def _window(callback: TalkCallback) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, "")

    return act


ON_ALERT: dict[str, tuple[Act, set[str]]] = {
    TalkAction.GOT_IT.value: (_got_it, SALES),
    TalkAction.ASK.value: (_press(TalkAction.ASK), SALES),
    TalkCallback.ASK_SUBMIT.value: (_ask, SALES),
    TalkAction.FEEDBACK.value: (_press(TalkAction.FEEDBACK), ROSTER),
    TalkAction.DETAILS.value: (_details(TalkAction.DETAILS, Tab.CAMPAIGN), ROSTER),
    TalkAction.TAB_CAMPAIGN.value: (_details(TalkAction.TAB_CAMPAIGN, Tab.CAMPAIGN), ROSTER),
    TalkAction.TAB_QUESTIONS.value: (_details(TalkAction.TAB_QUESTIONS, Tab.QUESTIONS), ROSTER),
    TalkAction.TAB_READERS.value: (_details(TalkAction.TAB_READERS, Tab.READERS), SEE_NAMES),
    TalkAction.DETAILS_BACK.value: (_details(TalkAction.DETAILS_BACK, Tab.READERS), SEE_NAMES),
    TalkAction.DETAILS_ON.value: (_details(TalkAction.DETAILS_ON, Tab.QUESTIONS), ROSTER),
    TalkAction.ALL.value: (_list(TalkAction.ALL, Which.OPEN), ROSTER),
    TalkAction.ALL_OPEN.value: (_list(TalkAction.ALL_OPEN, Which.OPEN), ROSTER),
    TalkAction.ALL_EVER.value: (_list(TalkAction.ALL_EVER, Which.EVER), ROSTER),
    TalkAction.ALL_BACK.value: (_list(TalkAction.ALL_BACK, Which.EVER), ROSTER),
    TalkAction.ALL_ON.value: (_list(TalkAction.ALL_ON, Which.OPEN), ROSTER),
}
"""On an alert of the marketer's that sales was told of."""
ON_QUESTION: dict[str, tuple[Act, set[str]]] = {
    TalkAction.ANSWER.value: (_press(TalkAction.ANSWER), ANSWERS_THEM),
    TalkCallback.ANSWER_SUBMIT.value: (_answer, ANSWERS_THEM),
}
"""On a rep's question about it."""
EVERYTHING = {**ON_ALERT, **ON_QUESTION}
NOT_TOLD: dict[str, set[str]] = {
    TalkAction.GOT_IT.value: set(),
    TalkCallback.ASK_SUBMIT.value: set(),
    TalkAction.FEEDBACK.value: {"marketer", "cmo", "manager"},
    TalkAction.DETAILS.value: {"marketer", "cmo", "manager"},
}
"""On one that waits for approval: of it sales knows nothing yet."""
WINDOWS: dict[str, Act] = {
    one.value: _window(one) for one in (TalkCallback.DETAILS_VIEW, TalkCallback.ALL_VIEW)
}  # fmt: skip
"""Windows that are only read."""
IDS = {*TalkAction, *TalkCallback}


async def in_state(office: Office, action: str, key: str = "nobody", *, told: bool = True) -> tuple[str, int]:
    """The alert, or the question, that the action is about, and its version."""
    command = SaveAlert(
        by=OWNER, alert_id="", version=0, tz="Europe/Berlin", questions=(), channels=("C0SALES",),
        answers=ANSWERS | {"name": f"Talk of {key}"},
    )  # fmt: skip
    alert = await office.world.db.run(campaign_alert_saving.save_alert, command)
    await office.world.db.run(campaign_alerts.propose, ActOnAlert(alert_id=alert.id, by=OWNER))
    if told:
        await office.world.db.run(campaign_alerts.approve, ActOnAlert(alert_id=alert.id, by=MANAGER))
    if action not in ON_QUESTION:
        return alert.id, alert.version
    asked = await office.world.db.run(
        alert_questions.ask, AskQuestion(alert_id=alert.id, by="U0REP", text="Until when?")
    )
    return asked.id, 1


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    alerts = tx.alert_lists.all(told=False, limit=50)
    return [(tx.got_its.read_by(one.id, 50), tx.alert_questions.of_alert(one.id)) for one in alerts]
