"""What people do: click, choose, submit, close, command, shortcut, write, open Home. Each ends with the app's ack."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox import payloads, responses, sight, views
from sandbox.blockkit import STATEFUL, input_elements
from sandbox.company import Person
from sandbox.delivery import Ack
from sandbox.errors import CannotDo, SlackError
from sandbox.inputs import complaint, entry_for, option_with
from sandbox.typed import escape_command, typed_blocks, typed_text
from sandbox.webapi_chat import person_message
from sandbox.workspace import Workspace
from sandbox.world import Form, Message, Place, ResponseUrl

Json = dict[str, Any]
NOTHING_SENT = Ack(True, 0.0)
TROUBLE = "We had some trouble connecting. Try again?"


async def act(workspace: Workspace, body: Json) -> Json:
    """Do one thing as a person and wait for the app's ack; raises CannotDo when that person could not do it."""
    action = ACTIONS.get(body.get("action", ""))
    if action is None:
        raise CannotDo(f"Unknown 'action' {body.get('action')!r}; known are {', '.join(ACTIONS)}.")
    user = sight.person(workspace, body.get("user"))
    if user.deleted or user.is_bot:
        raise CannotDo(f"{user.name} cannot do anything: {'deactivated' if user.deleted else 'an app'}.")
    workspace.world.errors.pop(user.id, None)
    ack = await action(workspace, user, body)
    return {"acked": ack.acked, "ack_ms": round(ack.ms, 3), "ack": ack.body, "error": ack.error}


async def click(workspace: Workspace, user: Person, body: Json) -> Ack:
    spot = _Spot(workspace, user, body)
    block, element = sight.control(spot.holder, user, body.get("action_id"), body.get("block_id"))
    if element["type"] == "overflow":
        return await select(workspace, user, body)
    if element["type"] not in ("button", "workflow_button", "icon_button"):
        raise CannotDo(f'{body.get("action_id")!r} is a {element["type"]}; use "action":"select".')
    keys = ("type", "action_id", "text", "value", "url", "style")
    entry = {key: element[key] for key in keys if key in element}
    return await spot.send(block, entry)


async def select(workspace: Workspace, user: Person, body: Json) -> Ack:
    spot = _Spot(workspace, user, body)
    block, element = sight.control(spot.holder, user, body.get("action_id"), body.get("block_id"))
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


async def submit(workspace: Workspace, user: Person, body: Json) -> Ack:
    form = sight.form(workspace, user)
    if not form.json.get("submit"):
        raise CannotDo("The form on top has no submit button.")
    _fill(form, user, body.get("values") or {})
    form.errors = {}
    for block, element in input_elements(form.json):
        wrong = complaint(block, form.state[block["block_id"]][element["action_id"]])
        if wrong:
            form.errors[block["block_id"]] = wrong
    if form.errors:
        workspace.form_changed(user.id)
        first = next(iter(form.errors))
        raise CannotDo(f"The form is not complete: {first!r}: {form.errors[first]}", errors=form.errors)
    payload = payloads.interaction(
        workspace.world, "view_submission", user.id,
        trigger_id=workspace.world.new_trigger(user.id, time.monotonic(), form.json["id"]),
        view=payloads.view_json(form), response_urls=_response_urls(workspace, user, form),
    )  # fmt: skip
    ack = await workspace.delivery.interaction("interactive", "view_submission", payload, accepts_response=True)
    if not ack.acked:
        workspace.world.show_error(user.id, f"{TROUBLE} ({ack.error})")
    else:
        try:
            _take_submission_answer(workspace, user, form, ack.body)
        except SlackError as error:
            workspace.world.show_error(user.id, f"{TROUBLE} ({error.code})")
            ack = Ack(True, ack.ms, ack.body, error.code)
    workspace.form_changed(user.id)
    return ack


async def close(workspace: Workspace, user: Person, body: Json) -> Ack:
    """Cancel the form on top, or with ``"clear": true`` the whole stack (the × of the window)."""
    form = sight.form(workspace, user)
    stack = workspace.world.stacks[user.id]
    cleared = bool(body.get("clear") or form.json["clear_on_close"])
    going = stack[::-1] if cleared else [form]
    if cleared:
        views.close_all(workspace, user.id)
    else:
        views.close(workspace, user.id, form)
    ack = NOTHING_SENT
    for gone in going:
        if gone.json["notify_on_close"]:
            payload = payloads.interaction(
                workspace.world, "view_closed", user.id, view=payloads.view_json(gone), is_cleared=cleared
            )
            ack = await workspace.delivery.interaction("interactive", "view_closed", payload, accepts_response=False)
    return ack


async def command(workspace: Workspace, user: Person, body: Json) -> Ack:
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
        world.show_error(user.id, f"{name} failed: {_sentence(workspace, ack)}")
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
    return _warned(workspace, user, ack)


async def message(workspace: Workspace, user: Person, body: Json) -> Ack:
    place = sight.place(workspace, user, body.get("place"))
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
    spot = _Spot(workspace, user, body)
    block, element = sight.control(spot.holder, user, body.get("action_id"), body.get("block_id"))
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


class _Spot:
    """Where a control stands: in a message, in the form on top, or on Home."""

    def __init__(self, workspace: Workspace, user: Person, body: Json) -> None:
        self._workspace = workspace
        self._user = user
        self._message: Message | None = None
        self._place: Place | None = None
        self._form: Form | None = None
        where = body.get("in") or "message"
        if where == "message":
            self._place = sight.place(workspace, user, body.get("place"))
            self._message = sight.message(self._place, user, body.get("message_ts"))
            self.state = self._message.states.setdefault(user.id, {})
            self.holder = self._message.json
        elif where in ("form", "home"):
            self._form = (sight.form if where == "form" else sight.home)(workspace, user)
            self.state = self._form.state
            self.holder = self._form.json
        else:
            raise CannotDo(f"Unknown 'in' {where!r}; known are message, form, home.")

    def context(self) -> Json:
        """The part of a payload that says where it comes from."""
        if self._form is not None:
            container = {"type": "view", "view_id": self._form.json["id"]}
            return {"container": container, "view": payloads.view_json(self._form)}
        message, place = self._message, self._place
        assert message is not None and place is not None  # noqa: S101 - one of the two, by __init__
        ephemeral = message.visible_to is not None
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": place.id,
            "is_ephemeral": ephemeral,
        }
        if "thread_ts" in message.json:
            container["thread_ts"] = message.json["thread_ts"]
        context = {"container": container, "channel": {"id": place.id, "name": place.wire_name}}
        # Slack sends no copy of an ephemeral message.
        return context if ephemeral else {**context, "message": message.json}

    async def send(self, block: Json, entry: Json) -> Ack:
        """Deliver the block_actions of one control."""
        workspace, world = self._workspace, self._workspace.world
        view_id = self._form.json["id"] if self._form is not None else None
        action = {
            "block_id": block["block_id"],
            **entry,
            "action_ts": world.timestamps.next(workspace.clock.now()),
        }
        more = self.context()
        more["trigger_id"] = world.new_trigger(self._user.id, time.monotonic(), view_id)
        if self._message is not None and self._place is not None:
            more["state"] = payloads.message_state(self._message, self._user.id)
            more["response_url"] = responses.new_url(workspace, self._user.id, self._place, source=self._message)
        payload = payloads.interaction(world, "block_actions", self._user.id, **more, actions=[action])
        ack = await workspace.delivery.interaction("interactive", "block_actions", payload, accepts_response=False)
        return _warned(workspace, self._user, ack)

    def offered(self, action_id: str) -> list[Json]:
        return self._offers().get(action_id, [])

    def offer(self, action_id: str, options: list[Json]) -> None:
        """Remember what the app offered, so that it can be chosen."""
        known = {option["value"]: option for option in [*self.offered(action_id), *options]}
        self._offers()[action_id] = list(known.values())

    def changed(self) -> None:
        if self._form is not None and self._form.json["type"] == "modal":
            self._workspace.form_changed(self._user.id)

    def _offers(self) -> dict[str, list[Json]]:
        holder = self._form or self._message
        assert holder is not None  # noqa: S101 - one of the two, by __init__
        return holder.options


def _fill(form: Form, user: Person, values: Json) -> None:
    """Enter what an automation gives for the inputs of a form; all or nothing."""
    entries = []
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            block, element = sight.control(form.json, user, action_id, block_id)
            entries.append((block["block_id"], action_id, entry_for(element, value, form.options.get(action_id, ()))))
    for block_id, action_id, entry in entries:
        form.state.setdefault(block_id, {})[action_id] = entry


def _take_submission_answer(workspace: Workspace, user: Person, form: Form, answer: Any) -> None:
    """Do what the ack of a view_submission says; raises SlackError when it makes no sense."""
    if answer in (None, "", {}):
        views.close(workspace, user.id, form)
        return
    what = answer.get("response_action") if isinstance(answer, dict) else None
    if what == "errors":
        inputs = {block["block_id"] for block, _ in input_elements(form.json)}
        errors = answer.get("errors")
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise SlackError("invalid_errors")
        form.errors = {block_id: str(text) for block_id, text in errors.items()}
    elif what == "clear":
        views.close_all(workspace, user.id)
    elif what == "update":
        views.change(workspace, user.id, form, views.checked(answer.get("view"), kind="modal"))
    elif what == "push":
        views.push(workspace, user.id, views.checked(answer.get("view"), kind="modal"))
    else:
        raise SlackError("invalid_response_action")


def _response_urls(workspace: Workspace, user: Person, form: Form) -> list[Json]:
    """The response_urls of the conversations chosen in inputs that ask for them."""
    out = []
    for block, element in input_elements(form.json):
        entry = form.state[block["block_id"]][element["action_id"]]
        chosen = entry.get("selected_conversation") or entry.get("selected_channel")
        if element.get("response_url_enabled") and chosen in workspace.world.places:
            url = responses.new_url(workspace, user.id, workspace.world.places[chosen])
            item = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": chosen}
            out.append({**item, "response_url": url})
    return out


def _warned(workspace: Workspace, user: Person, ack: Ack) -> Ack:
    if not ack.acked:
        workspace.world.show_error(user.id, _sentence(workspace, ack))
    return ack


def _sentence(workspace: Workspace, ack: Ack) -> str:
    name = workspace.world.bot.name
    if ack.error == "operation_timeout":
        return f"{name} did not respond in time (operation_timeout)"
    return f"{name} could not be reached or did not understand ({ack.error})"


ACTIONS: dict[str, Callable[[Workspace, Person, Json], Awaitable[Ack]]] = {
    "click": click,
    "select": select,
    "submit": submit,
    "close": close,
    "command": command,
    "shortcut": shortcut,
    "message": message,
    "open_home": open_home,
}
