"""What a person can see and reach: the base of their screen and of everything they do."""

from typing import Any

from sandbox.blockkit import find_element
from sandbox.company import Person
from sandbox.errors import CannotDo
from sandbox.workspace import Workspace
from sandbox.world import Form, Message, Place

Json = dict[str, Any]


def person(workspace: Workspace, user: object) -> Person:
    """The person with this id; raises CannotDo when there is none."""
    found = workspace.world.people.get(str(user))
    if found is None:
        raise CannotDo(f"'user' {user!r} is nobody here; see GET /_sandbox/people.")
    return found


def place(workspace: Workspace, user: Person, channel: object) -> Place:
    """A place this person can read; raises CannotDo when it is none."""
    found = workspace.world.places.get(str(channel))
    if found is None:
        raise CannotDo(f"'place' {channel!r} does not exist; see GET /_sandbox/places?user={user.id}.")
    if user.id not in found.members:
        raise CannotDo(f"{user.name} is not in {found.name} and cannot see it.")
    return found


def message(place: Place, user: Person, ts: object) -> Message:
    """A message that stands where this person sees it; raises CannotDo otherwise."""
    found = place.messages.get(str(ts)) or place.ephemerals.get(str(ts))
    if found is None or found.deleted or found.visible_to not in (None, user.id):
        raise CannotDo(f"{user.name} sees no message {ts!r} in {place.name}.")
    return found


def form(workspace: Workspace, user: Person) -> Form:
    """The form on top for this person; raises CannotDo when none is open."""
    found = workspace.world.top_form(user.id)
    if found is None:
        raise CannotDo(f"{user.name} has no form open.")
    return found


def home(workspace: Workspace, user: Person) -> Form:
    """The person's Home tab; raises CannotDo before the app has published one."""
    found = workspace.world.homes.get(user.id)
    if found is None:
        raise CannotDo(f"{workspace.world.bot.name} has published no Home tab for {user.name} yet.")
    return found


def control(holder: Json, user: Person, action_id: object, block_id: object = None) -> tuple[Json, Json]:
    """The (block, element) a person can use in a message or view; raises CannotDo when it is not there for them."""
    blocks = list(holder.get("blocks") or ())
    for attachment in holder.get("attachments") or ():
        blocks.extend(attachment.get("blocks") or ())
    found = find_element(blocks, str(action_id), None if block_id is None else str(block_id))
    if found is None:
        where = f" in block {block_id!r}" if block_id is not None else ""
        raise CannotDo(f"There is no control with the action_id {action_id!r}{where}.")
    only = found[1].get("visible_to_user_ids")
    if only and user.id not in only:
        raise CannotDo(f"{user.name} does not see the control {action_id!r}.")
    return found


def screen(workspace: Workspace, user: Person, place: Place | None, limit: int | None = None) -> Json:
    """Everything this person sees with `place` open: its messages, their form, their Home, their warnings."""
    world = workspace.world
    messages: list[Json] = []
    if place is not None:
        standing = [message for message in place.messages.values() if not message.deleted]
        private = [
            message for message in place.ephemerals.values() if message.visible_to == user.id and not message.deleted
        ]
        both = sorted([*standing, *private], key=lambda message: message.ts) if private else standing
        messages = [shown(message, user) for message in (both[-limit:] if limit else both)]
    top, mine = world.top_form(user.id), world.homes.get(user.id)
    return {
        "messages": messages,
        "form": shown_form(top) if top else None,
        "home": shown_form(mine) if mine else None,
        "errors": list(world.errors.get(user.id, ())),
    }


def shown(message: Message, user: Person) -> Json:
    """A message as people see it: without its metadata, with what this person picked in it."""
    json = {key: value for key, value in message.json.items() if key not in ("metadata", "bot_profile")}
    json.setdefault("thread_ts", None)
    json.setdefault("blocks", [])
    json["ephemeral"] = message.visible_to is not None
    if user.id in message.states:
        json["state"] = {"values": message.states[user.id]}
    return json


def shown_form(form: Form) -> Json:
    """A view with what is entered in it and the errors under its inputs."""
    return {**form.json, "state": {"values": form.state}, "errors": form.errors}
