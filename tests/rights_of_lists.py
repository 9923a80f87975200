"""The part of the rights' table that is about routing rules, sources, reasons and the try of a lead: admins only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.matching import Condition, Operator
from bot.domain.routing import Rule, Target
from bot.services import sources
from bot.services.reject_reasons import seen as mark_of
from bot.services.routing_set_up import _content
from bot.views.ids import ActionId, CallbackId
from bot.views.set_up_ref import choice_value, ref_metadata
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

ADMIN = "U0ADMIN"
SOURCE = "form"
"""Of the world of the table."""
REASON = "not_icp"


def rules() -> list[Rule]:
    condition = Condition(field="", operator=Operator.ANY)
    return [
        Rule(id=f"r{n}", position=n, name=f"Rule {n}", condition=condition, target=Target.REP, target_id="rep")
        for n in (1, 2)
    ]


def prepare(tx: Transaction) -> None:
    """Two rules, a campaign, and a source with two secrets."""
    tx.campaigns.ensure("webinar")
    tx.rules.replace(rules())
    source = tx.sources.get(SOURCE)
    assert source is not None
    tx.sources.delete(SOURCE)
    tx.sources.add(type(source)(key=SOURCE, name="Form", secrets=(source.secrets[0],) * 2, created_at=tx.now))


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    secrets = [source.secrets for source in tx.sources.all()]
    return [*tx.rules.all(), *tx.sources.all(), *secrets, *tx.agreements.all(), *tx.campaigns.all(), tx.config]


def _press(action: ActionId, value: str = "x", *, in_form: bool = False) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        if in_form:
            at = {"view": {"id": "V1", "type": "modal", "private_metadata": ref_metadata()}}
        return await office.click(by, action, value, **at)

    return act


def _submit(callback: CallbackId, *, thing: str = "", seen: str = "", **answers: str) -> Act:
    async def act(office: Office, by: str, _: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, ref_metadata(thing=thing, seen=seen), **answers)

    return act


async def _change_reason(office: Office, by: str, _: str, version: int, at: dict[str, Any]) -> object:
    reason = (await office.world.db.read(lambda tx: tx.agreements.in_force())).terms.reason(REASON)
    metadata = ref_metadata(thing=REASON, seen=mark_of(reason))
    answers = {"label": f"Renamed by {by}", "then": "close", "ask": "none"}
    return await office.submit(by, CallbackId.REASON_SUBMIT, metadata, **answers)


def _ask_source(callback: CallbackId) -> Act:
    """The question about a source as it stands now, answered with yes."""

    async def act(office: Office, by: str, _: str, version: int, at: dict[str, Any]) -> object:
        seen = (await office.world.db.read(sources.source_row, ADMIN, SOURCE)).seen
        return await office.submit(by, callback, ref_metadata(thing=SOURCE, seen=seen))

    return act


async def _edit_campaign(office: Office, by: str, _: str, version: int, at: dict[str, Any]) -> object:
    [campaign] = await office.world.db.read(lambda tx: tx.campaigns.newest(1))
    return await _press(ActionId.CAMPAIGN_EDIT, campaign.id, in_form=True)(office, by, _, version, at)


async def _change_campaign(office: Office, by: str, _: str, version: int, at: dict[str, Any]) -> object:
    [campaign] = await office.world.db.read(lambda tx: tx.campaigns.newest(1))
    metadata = ref_metadata(thing=campaign.id, seen=mark_of(campaign))
    return await office.submit(by, CallbackId.CAMPAIGN_SUBMIT, metadata, name=f"Renamed by {by}")


async def _retire_reason(office: Office, by: str, _: str, version: int, at: dict[str, Any]) -> object:
    reason = (await office.world.db.read(lambda tx: tx.agreements.in_force())).terms.reason(REASON)
    return await office.submit(by, CallbackId.REASON_RETIRE, ref_metadata(thing=REASON, seen=mark_of(reason)))


_RULE = {"name": "Mine", "field": "country", "operator": "is", "value": "DE", "to": "rep:rep"}
_SEEN = mark_of(_content(rules()[0]))

ADMINS_ONLY: dict[str, Act] = {
    "home.check": _press(ActionId.HOME_CHECK),
    "set_up.routing": _press(ActionId.SET_UP_ROUTING),
    "set_up.sources": _press(ActionId.SET_UP_SOURCES),
    "set_up.reasons": _press(ActionId.SET_UP_REASONS),
    "set_up.first_lead": _press(ActionId.SET_UP_FIRST_LEAD),
    "set_up.who_would_get": _press(ActionId.SET_UP_WHO_WOULD_GET),
    "set_up.page.back": _press(ActionId.SET_UP_PAGE_BACK, "rules:0", in_form=True),
    "set_up.page.on": _press(ActionId.SET_UP_PAGE_ON, "sources:1", in_form=True),
    "rule.add": _press(ActionId.RULE_ADD, in_form=True),
    "rule.more": _press(ActionId.RULE_MORE, choice_value("edit", "r1"), in_form=True),
    "rule.more down": _press(ActionId.RULE_MORE, choice_value("down", "r1"), in_form=True),
    "rule.more delete": _press(ActionId.RULE_MORE, choice_value("delete", "r1"), in_form=True),
    "rule.submit": _submit(CallbackId.RULE_SUBMIT, **_RULE),
    "rule.submit changed": _submit(CallbackId.RULE_SUBMIT, thing="r1", seen=_SEEN, **_RULE),
    "rule.delete": _submit(CallbackId.RULE_DELETE, thing="r1", seen=_SEEN),
    "trial.submit": _submit(CallbackId.TRIAL_SUBMIT, company="Engines", priority="warm", source=SOURCE),
    "source.add": _press(ActionId.SOURCE_ADD, in_form=True),
    "source.more": _press(ActionId.SOURCE_MORE, choice_value("renew", SOURCE), in_form=True),
    "source.more end": _press(ActionId.SOURCE_MORE, choice_value("end", SOURCE), in_form=True),
    "source.more delete": _press(ActionId.SOURCE_MORE, choice_value("delete", SOURCE), in_form=True),
    "source.example": _press(ActionId.SOURCE_EXAMPLE, SOURCE, in_form=True),
    "source.submit": _submit(CallbackId.SOURCE_SUBMIT, key="crm2", name="CRM"),
    "source.renew": _ask_source(CallbackId.SOURCE_RENEW),
    "source.end": _ask_source(CallbackId.SOURCE_END),
    "source.delete": _ask_source(CallbackId.SOURCE_DELETE),
    "set_up.campaigns": _press(ActionId.SET_UP_CAMPAIGNS),
    "campaign.add": _press(ActionId.CAMPAIGN_ADD, in_form=True),
    "campaign.edit": _edit_campaign,
    "campaign.submit": _submit(CallbackId.CAMPAIGN_SUBMIT, key="fair", name="Fair"),
    "campaign.submit changed": _change_campaign,
    "reason.add": _press(ActionId.REASON_ADD, in_form=True),
    "reason.more": _press(ActionId.REASON_MORE, choice_value("edit", REASON), in_form=True),
    "reason.more down": _press(ActionId.REASON_MORE, choice_value("down", REASON), in_form=True),
    "reason.more retire": _press(ActionId.REASON_MORE, choice_value("retire", REASON), in_form=True),
    "reason.submit": _submit(CallbackId.REASON_SUBMIT, label="Mine", then="close", ask="none"),
    "reason.submit changed": _change_reason,
    "reason.retire": _retire_reason,
}
WINDOWS: dict[str, Act] = {
    view.value: _submit(view)
    for view in (
        CallbackId.RULES_VIEW, CallbackId.SOURCES_VIEW, CallbackId.SECRET_VIEW, CallbackId.REASONS_VIEW,
        CallbackId.FIRST_LEAD_VIEW, CallbackId.TRIAL_VIEW, CallbackId.CAMPAIGNS_VIEW,
    )
}  # fmt: skip
"""Nothing can be sent off in them."""
