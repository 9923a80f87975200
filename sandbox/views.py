"""Forms and Home tabs: checking, opening, changing and closing views."""

import secrets
from typing import Any

from sandbox.blockkit import Problem, carried_state, fill_ids, initial_state, validate_view
from sandbox.errors import SlackError
from sandbox.ids import random_id
from sandbox.workspace import Workspace
from sandbox.world import Form

Json = dict[str, Any]
MAX_STACK = 3


def checked(view: Any, *, kind: str) -> Json:
    """The view if Slack would take it as a "modal" or "home"; raises SlackError as `views.*` do."""
    if not isinstance(view, dict):
        raise _invalid(["[ERROR] must provide an object [json-pointer:/view]"])
    if view.get("type") not in ("modal", "home"):
        raise _invalid(["[ERROR] unsupported type [json-pointer:/view/type]"])
    if view["type"] != kind:
        raise _invalid([f"[ERROR] must be a {kind} view [json-pointer:/view/type]"])
    problems = validate_view(view)
    if any(problem.constraint.get("type") == "view_too_large" for problem in problems):
        raise SlackError("view_too_large")
    if problems:
        raise _invalid([_sentence(problem) for problem in problems])
    return view


def _sentence(problem: Problem) -> str:
    return f"[ERROR] {problem.classic('/view')}"


def _invalid(messages: list[str]) -> SlackError:
    return SlackError("invalid_arguments", response_metadata={"messages": messages})


def made(workspace: Workspace, view: Json, *, below: Form | None = None, place: str | None = None) -> Form:
    """A new view from a checked one; `below` is the view it is pushed on."""
    world = workspace.world
    external_id = view.get("external_id") or ""
    if external_id and world.find_form(None, external_id):
        raise SlackError("duplicate_external_id")
    view_id = random_id("V")
    json = {
        "id": view_id,
        "team_id": world.team["id"],
        "type": view["type"],
        "blocks": fill_ids(view["blocks"]),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "hash": _hash(workspace),
        "title": view.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "previous_view_id": below.json["id"] if below else None,
        "root_view_id": below.json["root_view_id"] if below else view_id,
        "app_id": world.app_id,
        "external_id": external_id,
        "app_installed_team_id": world.team["id"],
        "bot_id": world.bot_id,
    }
    if view.get("submit_disabled"):
        json["submit_disabled"] = True
    return Form(json, initial_state(json, place))


def change(workspace: Workspace, user: str, form: Form, view: Json) -> None:
    """Replace a view's content; its id stays, its hash changes, what was entered in unchanged inputs stays."""
    other = workspace.world.find_form(None, view.get("external_id") or None)
    if other is not None and other[1] is not form:
        raise SlackError("duplicate_external_id")
    fresh = made(workspace, {**view, "external_id": ""})
    kept = {key: form.json[key] for key in ("id", "root_view_id", "previous_view_id")}
    external_id = view.get("external_id") or form.json.get("external_id", "")
    form.json = {**fresh.json, **kept, "external_id": external_id}
    form.state = carried_state(form.json, form.state)
    form.errors = {}
    if form.json["type"] == "home":
        workspace.stream.changed(None, "home", (user,))
    else:
        workspace.form_changed(user)


def open_first(workspace: Workspace, user: str, view: Json) -> Form:
    """Open a form for a person, in place of whatever forms they had open."""
    form = made(workspace, view)
    workspace.world.stacks[user] = [form]
    workspace.form_changed(user)
    return form


def push(workspace: Workspace, user: str, view: Json) -> Form:
    """Lay a form over the one a person has open; raises push_limit_reached at three."""
    stack = workspace.world.stacks.setdefault(user, [])
    if len(stack) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    form = made(workspace, view, below=stack[-1] if stack else None)
    stack.append(form)
    workspace.form_changed(user)
    return form


def close(workspace: Workspace, user: str, form: Form) -> None:
    """Close one form; the next below shows again. Nothing happens when it is closed already."""
    stack = workspace.world.stacks.get(user, [])
    if form in stack:
        stack.remove(form)
        workspace.form_changed(user)


def close_all(workspace: Workspace, user: str) -> None:
    """Close a person's whole stack."""
    workspace.world.stacks[user] = []
    workspace.form_changed(user)


def publish(workspace: Workspace, user: str, view: Json) -> Form:
    """Show this Home tab to a person from now on."""
    form = workspace.world.homes.get(user)
    if form is None:
        form = workspace.world.homes[user] = made(workspace, view)
        workspace.stream.changed(None, "home", (user,))
    else:
        change(workspace, user, form, view)
    return form


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.now())}.{secrets.token_hex(4)}"
