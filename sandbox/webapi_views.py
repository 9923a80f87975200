"""views.* and blocks.validate: the app shows forms and Home tabs."""

import time
from typing import Any

from sandbox import lookups, payloads, views
from sandbox.arguments import Arguments
from sandbox.blockkit import Problem, validate_blocks, validate_message, validate_view
from sandbox.errors import SlackError
from sandbox.webapi import method
from sandbox.workspace import Workspace
from sandbox.world import Form, Trigger

Json = dict[str, Any]


def _use_trigger(workspace: Workspace, args: Arguments) -> Trigger:
    """The trigger of the call, used up by it."""
    key = args.text("trigger_id")
    if not key:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["missing required field: trigger_id"]})
    trigger = workspace.world.triggers.get(key)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() > trigger.expires:
        raise SlackError("expired_trigger_id")
    return trigger


def _shown(form: Form) -> Json:
    return {"view": payloads.view_json(form)}


@method("views.open")
def views_open(workspace: Workspace, args: Arguments) -> Json:
    view = views.checked(args.json("view", "invalid_json"), kind="modal")
    trigger = _use_trigger(workspace, args)
    form = views.open_first(workspace, trigger.user, view)
    trigger.used = True
    return _shown(form)


@method("views.push")
def views_push(workspace: Workspace, args: Arguments) -> Json:
    view = views.checked(args.json("view", "invalid_json"), kind="modal")
    trigger = _use_trigger(workspace, args)
    stack = workspace.world.stacks.get(trigger.user, [])
    if trigger.view_id is None or all(form.json["id"] != trigger.view_id for form in stack):
        # A push needs a trigger from inside an open form.
        raise SlackError("not_found")
    form = views.push(workspace, trigger.user, view)
    trigger.used = True
    return _shown(form)


@method("views.update")
def views_update(workspace: Workspace, args: Arguments) -> Json:
    view = args.json("view", "invalid_json")
    if not args.given("view_id") and not args.given("external_id"):
        messages = ["missing required field: view_id or external_id"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    found = workspace.world.find_form(args.text("view_id") or None, args.text("external_id") or None)
    kind = found[1].json["type"] if found else "modal"
    view = views.checked(view, kind=kind)
    if found is None:
        raise SlackError("not_found")
    user, form = found
    if args.given("hash") and args.text("hash") != form.json["hash"]:
        raise SlackError("hash_conflict", view=payloads.view_json(form))
    views.change(workspace, user, form, view)
    return _shown(form)


@method("views.publish")
def views_publish(workspace: Workspace, args: Arguments) -> Json:
    if not workspace.manifest.home_enabled:
        raise SlackError("not_enabled")
    view = views.checked(args.json("view", "invalid_json"), kind="home")
    user = lookups.person(workspace, args.text("user_id")).id
    home = workspace.world.homes.get(user)
    if args.given("hash") and home is not None and args.text("hash") != home.json["hash"]:
        raise SlackError("hash_conflict", view=payloads.view_json(home))
    return _shown(views.publish(workspace, user, view))


@method("blocks.validate")
def blocks_validate(workspace: Workspace, args: Arguments) -> Json:
    blocks, view, message = (args.json(name, "invalid_arguments") for name in ("blocks", "view", "message"))
    if blocks is not None:
        _refuse("invalid_blocks", validate_blocks(blocks, "message"))
    elif view is not None:
        _refuse("invalid_view", validate_view(view))
    elif message is not None:
        _refuse("invalid_message", validate_message(message))
    else:
        messages = ["one of blocks, view, message is required"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    return {}


def _refuse(code: str, problems: list[Problem]) -> None:
    if problems:
        raise SlackError(code, errors=[problem.structured() for problem in problems])
