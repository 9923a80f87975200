"""The part of the rights' table that is about people, teams and channels: admins only, and the first of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.services import channel_setup, roster_person, team_setup
from bot.views.ids import ActionId, CallbackId
from bot.views.set_up_ids import TeamMore, seen_metadata, team_value
from bot.views.set_up_ref import ref_metadata
from storage.transaction import Transaction
from tests.handlers.office import Office

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]

ADMIN = "U0ADMIN"
NEW = "U0NEW"
TEAM = "europe"


def state(tx: Transaction) -> list[object]:
    """Everything these actions could change."""
    teams = tx.teams.all()
    return [*teams, *((one.person.id, one.weight) for team in teams for one in tx.teams.members(team.id)), tx.config]


def user(slack_id: str, **flags: bool) -> dict[str, Any]:
    """What Slack says of an account."""
    profile = {"email": f"{slack_id.lower()}@example.com", "real_name": slack_id}
    return {"user": {"id": slack_id, "team_id": "T0LOCKSTEP", "tz": "Europe/Berlin", "profile": profile, **flags}}


def _press(action: ActionId, value: str = "x", *, in_form: bool = False) -> Act:
    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        if in_form:
            at = {"view": {"id": "V1", "type": "modal", "private_metadata": ""}}
        return await office.click(by, action, value, **at)

    return act


async def _remove(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
    """In the form of the person, as it stands now."""
    metadata = await office.world.db.read(_person)
    view = {"id": "V1", "type": "modal", "private_metadata": metadata}
    return await office.click(by, ActionId.PERSON_REMOVE, "mate", view=view)


def _submit(callback: CallbackId, metadata: Callable[[Transaction], str], **answers: str | list[str]) -> Act:
    """A form with the mark of what stands now, sent off by whoever it is."""

    async def act(office: Office, by: str, thing: str, version: int, at: dict[str, Any]) -> object:
        office.wire.content = {"users.info": user(NEW), "conversations.info": {"channel": {"is_member": True}}}
        return await office.submit(by, callback, await office.world.db.read(metadata), **answers)

    return act


def _person(tx: Transaction) -> str:
    return seen_metadata("mate", roster_person.person_form(tx, "mate", ADMIN).seen)


def _team(tx: Transaction) -> str:
    return ref_metadata(thing=TEAM, seen=team_setup.team_form(tx, TEAM, ADMIN).seen)


def _channels(tx: Transaction) -> str:
    return seen_metadata("", channel_setup.channels_form(tx, ADMIN).seen)


def _nothing(tx: Transaction) -> str:
    return ref_metadata()


ADMINS_ONLY: dict[str, Act] = {
    "set_up.open": _press(ActionId.SET_UP_OPEN),
    "set_up.people": _press(ActionId.SET_UP_PEOPLE),
    "set_up.teams": _press(ActionId.SET_UP_TEAMS),
    "set_up.channels": _press(ActionId.SET_UP_CHANNELS),
    "people.add": _press(ActionId.PEOPLE_ADD, in_form=True),
    "person.edit": _press(ActionId.PERSON_EDIT, "mate", in_form=True),
    "person.remove": _remove,
    "team.add": _press(ActionId.TEAM_ADD, in_form=True),
    "team.more": _press(ActionId.TEAM_MORE, team_value(TeamMore.EDIT, TEAM), in_form=True),
    "team.more shares": _press(ActionId.TEAM_MORE, team_value(TeamMore.SHARES, TEAM), in_form=True),
    "team.more delete": _press(ActionId.TEAM_MORE, team_value(TeamMore.DELETE, TEAM), in_form=True),
    "people.add.submit": _submit(
        CallbackId.PEOPLE_ADD_SUBMIT, _nothing, people=[NEW], side="sales", roles=["rep"], team=TEAM
    ),
    "person.submit": _submit(CallbackId.PERSON_SUBMIT, _person, side="other", roles=["admin"], teams=[], cap="3"),
    "team.submit": _submit(CallbackId.TEAM_SUBMIT, _nothing, name="Asia", side="sales", members=["U0MATE"]),
    "team.submit changed": _submit(
        CallbackId.TEAM_SUBMIT, _team, name="Europa", side="sales", members=["U0MATE"], pool_channel="C0NEW"
    ),
    "shares.submit": _submit(CallbackId.SHARES_SUBMIT, _team, mate="7"),
    "team.delete.submit": _submit(CallbackId.TEAM_DELETE_SUBMIT, _team),
    "channels.submit": _submit(
        CallbackId.CHANNELS_SUBMIT, _channels, fallback_channel="C0NEW", crm_hosts="crm.example.com", admin=ADMIN
    ),
}
WITH_AN_ADMIN: dict[str, Act] = {
    "set_up.first_admin": _press(ActionId.SET_UP_FIRST_ADMIN),
    **{
        view.value: _submit(view, _nothing)
        for view in (CallbackId.SET_UP_VIEW, CallbackId.PEOPLE_VIEW, CallbackId.TEAMS_VIEW)
    },
}
"""Nobody becomes the first admin while there is one, and nothing can be sent off in the windows."""
