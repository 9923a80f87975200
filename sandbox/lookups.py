"""Finding what a call names, with Slack's refusals for what is not there or not for the app to see."""

import base64
from collections.abc import Sequence
from typing import Any

from sandbox.arguments import Arguments
from sandbox.company import Person
from sandbox.errors import SlackError
from sandbox.workspace import Workspace
from sandbox.world import Message, Place

Json = dict[str, Any]


def person(workspace: Workspace, user: str) -> Person:
    found = workspace.world.people.get(user)
    if found is None:
        raise SlackError("user_not_found")
    return found


def visible_place(workspace: Workspace, channel: str) -> Place:
    """A conversation the app can know of: public, or one it is in; raises channel_not_found otherwise."""
    place = workspace.world.places.get(channel)
    if place is None or (place.is_private and workspace.world.bot.id not in place.members):
        raise SlackError("channel_not_found")
    return place


def joined_place(workspace: Workspace, channel: str) -> Place:
    """A conversation the app is in; raises channel_not_found or not_in_channel."""
    place = visible_place(workspace, channel)
    if workspace.world.bot.id not in place.members:
        raise SlackError("not_in_channel")
    return place


def place_to_post(workspace: Workspace, channel: str) -> Place:
    """Where the app may post. A user's id means their direct messages, which this opens."""
    world = workspace.world
    known = world.dms.get(channel) or world.places.get(channel)
    if known is not None and known.kind == "dm" and not workspace.manifest.messages_enabled:
        raise SlackError("messages_tab_disabled")
    if channel in world.dms:
        if world.people[channel].deleted:
            raise SlackError("channel_not_found")
        place = world.dms[channel]
        if not place.opened:
            place.opened = True
            workspace.places_changed((channel,))
        return place
    if channel not in world.places:
        by_name = channel.removeprefix("#")
        channel = next((place.id for place in world.places.values() if place.name == by_name), channel)
    place = visible_place(workspace, channel)
    if place.is_archived:
        raise SlackError("is_archived")
    if world.bot.id not in place.members and not (
        workspace.manifest.scopes is not None and "chat:write.public" in workspace.manifest.scopes
    ):
        raise SlackError("not_in_channel")
    return place


def message(place: Place, ts: str) -> Message:
    """A message that stands in this place; ephemeral ones cannot be found, as in Slack."""
    found = place.messages.get(ts)
    if found is None or found.deleted:
        raise SlackError("message_not_found")
    return found


def page(args: Arguments, things: Sequence[Any], *, default: int, most: int) -> tuple[list[Any], str]:
    """The slice of a list that `limit` and `cursor` ask for, and the cursor of the next ("" at the end)."""
    limit = max(1, min(args.number("limit", default) or default, most))
    start = 0
    if args.given("cursor"):
        try:
            start = int(base64.b64decode(args.text("cursor"), validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise SlackError("invalid_cursor") from None
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(things) else ""
    return list(things[start:end]), cursor
