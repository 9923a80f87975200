"""The part of the rights' table about the clock: Snooze for whom it waits, one's hours, and all hours for admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.countdown import CountdownKind
from bot.services import set_up_changes, work_times
from bot.services.work_times import Whose
from bot.views import ids
from bot.views.ids import ActionId, CallbackId, More
from bot.views.set_up_ids import TeamMore, team_value
from bot.views.set_up_ref import ref_metadata
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

ADMIN = "U0ADMIN"
TEAM = "europe"
MAY_SNOOZE = {"rep"}


async def _countdown(office: Office, handoff_id: str) -> str:
    running = await office.world.db.read(lambda tx: tx.countdowns.of(CountdownKind.ACCEPT, handoff_id))
    assert running is not None
    return running.id


async def _ask(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, ActionId.REMINDER_SNOOZE, await _countdown(office, handoff_id), **at)


async def _more(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, ActionId.HOME_MORE, ids.more_value(More.SNOOZE, handoff_id), **at)


async def _snooze(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    metadata = await _countdown(office, handoff_id)
    return await office.submit(by, CallbackId.SNOOZE_SUBMIT, metadata, snooze_for="latest")


ON_REMINDERS: dict[str, Act] = {"reminder.snooze": _ask, "more:snooze": _more, "snooze.submit": _snooze}


def snoozed(tx: Transaction) -> list[object]:
    """What Snooze could change."""
    return [running.snoozed_until for running in tx.countdowns.of_many(CountdownKind.ACCEPT, _offered(tx)).values()]


def _offered(tx: Transaction) -> list[str]:
    return [handoff.id for handoff, _ in tx.handoffs.waiting(50, 0)]


def _press(action: ActionId, value: str = "x") -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        view = {"id": "V1", "type": "modal", "private_metadata": ""}
        return await office.click(by, action, value, view=view)

    return act


def _submit(metadata: Callable[[Transaction, str], str]) -> Act:
    """The form with the mark of what stands now, sent off by whoever it is."""

    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        filled = {"tz": "Asia/Kathmandu", "hours_mon": "8-12", "days_off": "2026-12-24"}
        return await office.submit(by, CallbackId.HOURS_SUBMIT, await office.world.db.read(metadata, by), **filled)

    return act


def _mine(tx: Transaction, by: str) -> str:
    person = tx.people.by_slack_id(by)
    seen = "" if person is None else set_up_changes.seen(work_times.times_of(person))
    return ref_metadata(thing=f"{Whose.MINE}:mate", seen=seen)


def _of_mate(tx: Transaction, by: str) -> str:
    return ref_metadata(thing=f"{Whose.PERSON}:mate", seen=work_times.hours_of_person(tx, "mate", ADMIN).seen)


def _of_team(tx: Transaction, by: str) -> str:
    return ref_metadata(thing=f"{Whose.TEAM}:{TEAM}", seen=work_times.hours_of_team(tx, TEAM, ADMIN).seen)


async def _word(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    return await office.command(by, "hours")


ON_ONESELF: dict[str, Act] = {
    "home.hours": _press(ActionId.HOME_HOURS),
    "/lockstep hours": _word,
    "hours.submit": _submit(_mine),
}
ADMINS_ONLY: dict[str, Act] = {
    "person.hours": _press(ActionId.PERSON_HOURS, "mate"),
    "hours.submit of somebody": _submit(_of_mate),
    "team.more hours": _press(ActionId.TEAM_MORE, team_value(TeamMore.HOURS, TEAM)),
    "hours.submit of a team": _submit(_of_team),
}
