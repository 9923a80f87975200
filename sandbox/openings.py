"""Places that people open themselves: direct messages with each other, and channels."""

import re
from typing import Any

from sandbox import sight
from sandbox.company import Person
from sandbox.errors import CannotDo
from sandbox.ids import stable_id
from sandbox.workspace import Workspace
from sandbox.world import Place

Json = dict[str, Any]
_NAME = re.compile(r"[\w\-]{1,80}")
"""What Slack takes as the name of a channel: 80 letters, digits, hyphens and underscores, none of them a capital."""


def open_place(workspace: Workspace, user: Person, body: Json) -> Place:
    """The direct messages of `user` with the person `with`, or a new channel `name` with the people `members` in it.

    The app is in neither. Raises CannotDo, with nothing opened, where Slack would not do it either.
    """
    if user.deleted or user.is_bot:
        raise CannotDo(f"{user.name} cannot do anything: {'deactivated' if user.deleted else 'an app'}.")
    if "with" in body:
        return _direct_messages(workspace, user, sight.person(workspace, body["with"]))
    return _channel(workspace, user, body)


def _direct_messages(workspace: Workspace, user: Person, other: Person) -> Place:
    world = workspace.world
    if other.id == world.bot.id:
        return world.dms[user.id]
    if other.deleted:
        raise CannotDo(f"{other.name} is deactivated.")
    members = {user.id, other.id}
    for guest in (one for one in (user, other) if one.is_restricted or one.is_ultra_restricted):
        if not any(members <= place.members for place in world.places.values() if place.kind == "channel"):
            raise CannotDo(f"{guest.name} is a guest here, and writes only to people of the same channels.")
    id_ = stable_id("D", ":".join(sorted(members)))
    if id_ not in world.places:
        name = " and ".join(world.people[one].name for one in sorted(members))
        created = int(workspace.clock.now())
        # The app is not in there: for it they are as good as not there.
        world.places[id_] = Place(id_, name, "dm", members, is_private=True, created=created)
        workspace.places_changed(members)
    return world.places[id_]


def _channel(workspace: Workspace, user: Person, body: Json) -> Place:
    world, name = workspace.world, str(body.get("name") or "").strip().removeprefix("#")
    if user.is_restricted or user.is_ultra_restricted:
        raise CannotDo(f"{user.name} is a guest here, and guests cannot make channels.")
    if not _NAME.fullmatch(name) or name != name.lower():
        raise CannotDo("'name' takes lowercase letters, digits, hyphens and underscores, 80 at most.")
    if any(place.name == name for place in world.places.values() if place.kind == "channel"):
        raise CannotDo(f"#{name} is there already; choose another 'name'.")
    others = [sight.person(workspace, one) for one in body.get("members") or ()]
    if gone := [one for one in others if one.deleted]:
        raise CannotDo(f"{gone[0].name} is deactivated.")
    members = {user.id, *(one.id for one in others)}
    created = int(workspace.clock.now())
    is_private = bool(body.get("is_private"))
    place = Place(stable_id("C", name), name, "channel", set(members), is_private=is_private, created=created)
    if place.id in world.places:
        raise CannotDo(f"#{name} was here before; choose another 'name'.")
    world.places[place.id] = place
    if not is_private:
        channel = {"id": place.id, "name": name, "created": created, "creator": user.id}
        workspace.emit({"type": "channel_created", "channel": channel})
    workspace.places_changed(members)
    return place
