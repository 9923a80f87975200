"""The part of the rights' table that is about digests and their schedules: managers of either side, and admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time
from typing import Any

from bot.domain.digest import DigestKind
from bot.services import digests, schedules
from bot.services.schedules import Wanted
from bot.services.set_up_changes import seen
from bot.views.digest_ids import DigestAction
from bot.views.ids import CallbackId
from bot.views.set_up_ref import ref_metadata
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]
SCHEDULERS = {"manager", "cmo", "admin"}
WANTED = Wanted(
    name="Notes", kind=DigestKind.FIELD_NOTES, place="U0MARKETER", weekdays=(0,), at=time(9), tz="Europe/Berlin"
)  # fmt: skip
FORM: dict[str, Any] = {"name": "Mine", "person": "U0MARKETER", "at": "09:00", "tz": "Europe/Lisbon"}
WINDOW = {"id": "V1", "type": "modal", "private_metadata": ref_metadata()}


def _press(action: DigestAction, *, in_form: bool = True) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, thing or "x", **({"view": WINDOW} if in_form else at))

    return act


async def _offered(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, DigestAction.OFFERED, DigestKind.CAMPAIGNS, view=WINDOW)


async def _add(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    answers = FORM | {"kind": "campaigns", "weekdays": ["0"], "name": f"Of {by}"}
    return await office.submit(by, CallbackId.DIGEST_SUBMIT, ref_metadata(), **answers)


async def _change(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    schedule = await office.world.db.read(lambda tx: tx.schedules.get(thing))
    mark = seen(schedules.wanted_of(schedule)) if schedule is not None else "none"
    answers = FORM | {"weekdays": ["1"], "name": f"Of {by}"}
    return await office.submit(by, CallbackId.DIGEST_SUBMIT, ref_metadata(thing=thing, seen=mark), **answers)


async def _word(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.command(by, "digests")


def _nothing(view: CallbackId) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, view, ref_metadata())

    return act


EVERYTHING: dict[str, Act] = {
    "digests.open": _press(DigestAction.OPEN, in_form=False),
    "/lockstep digests": _word,
    "digest.add": _press(DigestAction.ADD),
    "digest.offered": _offered,
    "digest.edit": _press(DigestAction.EDIT),
    "digest.preview": _press(DigestAction.PREVIEW),
    "digest.send_now": _press(DigestAction.SEND_NOW),
    "digest.switch_on": _press(DigestAction.SWITCH_ON),
    "digest.switch_off": _press(DigestAction.SWITCH_OFF),
    "digest.remove": _press(DigestAction.REMOVE),
    "digest.submit": _add,
    "digest.submit changed": _change,
}
WINDOWS: dict[str, Act] = {
    view.value: _nothing(view) for view in (CallbackId.DIGESTS_VIEW, CallbackId.DIGEST_PREVIEW_VIEW)
}
"""Nothing can be sent off in them."""
IDS = set(DigestAction)


async def in_state(office: Office, action: str, kind: str = "") -> str:
    """A schedule to act on, off where it is to be switched on."""
    await office.world.configure(sales_channels=("C0SALES",))

    def make(tx: Transaction) -> str:
        for one in tx.schedules.all():
            schedules.remove(tx, digests.take(tx, one.id))
        wanted = replace(WANTED, is_on=action != "digest.switch_on")
        return schedules.add(tx, wanted, "admin").id

    return await office.world.db.run(make)


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    return [(one, tx.digests.latest(one.id, 10)) for one in tx.schedules.all()]
