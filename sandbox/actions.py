"""What people do: click, choose, submit, close, command, shortcut, write, open Home. Each ends with the app's ack."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox import forms, payloads, responses, sight
from sandbox.blockkit import STATEFUL
from sandbox.company import Person
from sandbox.delivery import Ack
from sandbox.errors import CannotDo, IncompleteForm, SlackError
from sandbox.forms import NOTHING_SENT
from sandbox.inputs import entry_for, option_with
from sandbox.invite import COMMAND as INVITE
from sandbox.invite import invite
from sandbox.spots import Spot, sentence, warned
from sandbox.typed import escape_command, typed_blocks, typed_text
from sandbox.webapi_chat import person_message
from sandbox.workspace import Workspace
from sandbox.world import ResponseUrl

Json = dict[str, Any]


async def act(workspace: Workspace, body: Json) -> Json:
    """Do one thing as a person and wait for the app's ack; raises CannotDo when that person could not do it."""
    action = ACTIONS.get(body.get("action", ""))
    if action is None:
        raise CannotDo(f"Unknown 'action' {body.get('action')!r}; known are {', '.join(ACTIONS)}.")
    user = sight.person(workspace, body.get("user"))
    if user.deleted or user.is_bot:
        raise CannotDo(f"{user.name} cannot do anything: {'deactivated' if user.deleted else 'an app'}.")
    workspace.world.errors.pop(user.id, None)
    try:
        ack = await action(workspace, user, body)
    except IncompleteForm as error:
        return {"acked": False, "ack_ms": 0.0, "ack": None, **error.answer()}
    return {"acked": ack.acked, "ack_ms": round(ack.ms, 3), "ack": ack.body, "error": ack.error}


async def click(workspace: Workspace, user: Person, body: Json) -> Ack:
    spot = Spot(workspace, user, body)
    block, element = spot.control(body.get("action_id"), body.get("block_id"))
    if element["type"] == "overflow":
        return await select(workspace, user, body)
    if element["type"] not in ("button", "workflow_button", "icon_button"):
        raise CannotDo(f'{body.get("action_id")!r} is a {element["type"]}; use "action":"select".')
    keys = ("type", "action_id", "text", "value", "url", "style")
    entry = {key: element[key] for key in keys if key in element}
    return await spot.send(block, entry)


async def select(workspace: Workspace, user: Person, body: Json) -> Ack:
    spot = Spot(workspace, user, body)
    block, element = spot.control(body.get("action_id"), body.get("block_id"))
    value = body.get("value")
    if element["type"] == "overflow":
        option = option_with(element, value)
        entry = {"type": "overflow", "action_id": element["action_id"], "selected_option": option}
        return await spot.send(block, entry)
    entry = entry_for(element, value, spot.offered(element["action_id"]))
    spot.state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    spot.changed()
    if block["type"] == "input" and not block.get("dispatch_action"):
        return NOTHING_SENT
    initial = STATEFUL[element["type"]][1]
    more = {key: element[key] for key in (initial, "placeholder") if key in element}
    return await spot.send(block, {**entry, "action_id": element["action_id"], **more})


async def command(workspace: Workspace, user: Person, body: Json) -> Ack:
    if body.get("command") == INVITE:
        return await invite(workspace, user, body)
    place = sight.place(workspace, user, body.get("place"))
    world, name, text = workspace.world, str(body.get("command", "")), str(body.get("text") or "")
    known = workspace.manifest.command(name)
    if known is None and workspace.manifest.scopes is not None:
        raise CannotDo(f"{name!r} is not a valid command; the manifest has no such one.")
    if known and known.get("should_escape"):
        text = escape_command(world, text)
    payload = {
        "token": payloads.VERIFICATION_TOKEN,
        "team_id": world.team["id"],
        "team_domain": world.team["domain"],
        "channel_id": place.id,
        "channel_name": place.wire_name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": responses.new_url(workspace, user.id, place, command=True),
        "trigger_id": world.new_trigger(user.id, time.monotonic()),
    }
    ack = await workspace.delivery.interaction("slash_commands", "slash_commands", payload, accepts_response=True)
    if not ack.acked:
        world.show_error(user.id, f"{name} failed: {sentence(workspace, ack)}")
    elif ack.body:
        answer = {"text": ack.body} if isinstance(ack.body, str) else ack.body
        try:
            responses.answer(workspace, ResponseUrl(user.id, place.id, 0.0, is_command=True), answer)
        except SlackError as error:
            world.show_error(user.id, f"{name} failed with the error {error.code}.")
            return Ack(True, ack.ms, ack.body, error.code)
    return ack


async def shortcut(workspace: Workspace, user: Person, body: Json) -> Ack:
    world, callback_id = workspace.world, str(body.get("callback_id", ""))
    known = workspace.manifest.shortcut(callback_id)
    kind = known["type"] if known else "message" if body.get("message_ts") else "global"
    if known is None and workspace.manifest.scopes is not None:
        raise CannotDo(f"The manifest has no shortcut {callback_id!r}.")
    more: Json = {
        "callback_id": callback_id,
        "trigger_id": world.new_trigger(user.id, time.monotonic()),
        "action_ts": world.timestamps.next(workspace.clock.now()),
    }
    if kind == "message":
        if not body.get("message_ts"):
            raise CannotDo(f"{callback_id!r} is a message shortcut; give 'place' and 'message_ts'.")
        place = sight.place(workspace, user, body.get("place"))
        message = sight.message(place, user, body["message_ts"])
        more |= {
            "channel": {"id": place.id, "name": place.wire_name},
            "message_ts": message.ts,
            "message": message.json,
            "response_url": responses.new_url(workspace, user.id, place, source=message),
        }
    type_ = "message_action" if kind == "message" else "shortcut"
    payload = payloads.interaction(world, type_, user.id, **more)
    ack = await workspace.delivery.interaction("interactive", type_, payload, accepts_response=False)
    return warned(workspace, user, ack)


async def message(workspace: Workspace, user: Person, body: Json) -> Ack:
    place = sight.place(workspace, user, body.get("place"))
    manifest = workspace.manifest
    if place.with_app and (manifest.messages_read_only or not manifest.messages_enabled):
        raise CannotDo("Sending messages to this app has been turned off.")
    if gone := [one for one in place.members if place.kind == "dm" and workspace.world.people[one].deleted]:
        raise CannotDo(f"{workspace.world.people[gone[0]].name} is deactivated and reads no messages any more.")
    raw = body.get("text")
    if not isinstance(raw, str) or not raw.strip():
        raise CannotDo("A message needs a 'text'.")
    thread_ts = body.get("thread_ts")
    if thread_ts:
        parent = sight.message(place, user, thread_ts)
        thread_ts = parent.json.get("thread_ts") or parent.ts
    text = typed_text(workspace.world, raw)
    json = person_message(workspace, user.id, text, typed_blocks(text), thread_ts)
    workspace.put(place, json)
    tasks = [workspace.emit_message(place, dict(json))]
    if place.kind == "channel" and f"<@{workspace.world.bot.id}>" in text:
        mention = {**json, "type": "app_mention", "channel": place.id, "event_ts": json["ts"]}
        tasks.append(workspace.emit(mention, place=place))
    acks = [await task for task in tasks if task is not None]
    return next((ack for ack in acks if not ack.acked), acks[0] if acks else NOTHING_SENT)


async def open_home(workspace: Workspace, user: Person, body: Json) -> Ack:
    place = workspace.world.dms[user.id]
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": place.id, "tab": body.get("tab", "home")}
    home = workspace.world.homes.get(user.id)
    if home is not None and event["tab"] == "home":
        event["view"] = payloads.view_json(home)
    task = workspace.emit(event)
    return await task if task is not None else NOTHING_SENT


async def options(workspace: Workspace, body: Json) -> Json:
    """Ask the app what an external select offers for the text typed so far (`block_suggestion`)."""
    user = sight.person(workspace, body.get("user"))
    spot = Spot(workspace, user, body)
    block, element = spot.control(body.get("action_id"), body.get("block_id"))
    if element["type"] not in ("external_select", "multi_external_select"):
        raise CannotDo(f"{body.get('action_id')!r} is a {element['type']}; only external selects ask the app.")
    more = {"action_id": element["action_id"], "block_id": block["block_id"], "value": str(body.get("value") or "")}
    payload = payloads.interaction(workspace.world, "block_suggestion", user.id, **more, **spot.context())
    ack = await workspace.delivery.interaction("interactive", "block_suggestion", payload, accepts_response=True)
    answer = ack.body if ack.acked and isinstance(ack.body, dict) else {}
    groups = answer.get("option_groups")
    offered = [option for group in groups for option in group["options"]] if groups else answer.get("options") or []
    spot.offer(element["action_id"], offered)
    return {"option_groups": groups} if groups else {"options": offered}


ACTIONS: dict[str, Callable[[Workspace, Person, Json], Awaitable[Ack]]] = {
    "click": click,
    "select": select,
    "submit": forms.submit,
    "close": forms.close,
    "command": command,
    "shortcut": shortcut,
    "message": message,
    "open_home": open_home,
}
