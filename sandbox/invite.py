"""`/invite @name`, which is Slack's own: the app or somebody joins the channel it is typed in."""

import re
from typing import Any

from sandbox import sight
from sandbox.company import Person
from sandbox.delivery import Ack
from sandbox.errors import CannotDo
from sandbox.forms import NOTHING_SENT
from sandbox.typed import typed_text
from sandbox.workspace import Workspace
from sandbox.world import Place

Json = dict[str, Any]
COMMAND = "/invite"
_MENTION = re.compile(r"<@(\w+)>")


async def invite(workspace: Workspace, user: Person, body: Json) -> Ack:
    """Whoever is named is in the channel now, and a line there says who added them.

    Raises CannotDo, with nobody added, where Slack would not do it either.
    """
    world, place = workspace.world, sight.place(workspace, user, body.get("place"))
    if place.kind != "channel":
        raise CannotDo(f"{COMMAND} works in channels only.")
    if place.is_archived:
        raise CannotDo(f"#{place.name} is archived: nobody can be added.")
    if user.is_restricted or user.is_ultra_restricted:
        raise CannotDo(f"{user.name} is a guest here, and guests cannot add anybody.")
    text = typed_text(world, str(body.get("text") or ""))
    named = [_known(workspace, place, id_) for id_ in dict.fromkeys(_MENTION.findall(text))]
    if not named or _MENTION.sub("", text).strip(" ,"):
        raise CannotDo(
            f"Write {COMMAND} @name, for example {COMMAND} @{world.bot.name}, with the name of somebody here."
        )
    for one in named:
        workspace.join(place, one.id, inviter=user.id)
        json: Json = {
            "type": "message",
            "subtype": "channel_join",
            "user": one.id,
            "inviter": user.id,
            "ts": world.timestamps.next(workspace.clock.now()),
            "text": f"was added to #{place.name} by <@{user.id}>.",
        }
        workspace.put(place, json)
        workspace.emit_message(place, dict(json))
    workspace.places_changed(place.members)
    return NOTHING_SENT


def _known(workspace: Workspace, place: Place, id_: str) -> Person:
    world = workspace.world
    person = world.people.get(id_)
    if person is None or person.deleted:
        raise CannotDo(f"{'Nobody here has this id' if person is None else person.name + ' is deactivated'}: {id_}.")
    if id_ in place.members:
        raise CannotDo(f"{person.name} is in #{place.name} already.")
    return person
