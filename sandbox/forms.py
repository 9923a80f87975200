"""Filling, submitting and closing forms."""

import time
from typing import Any

from sandbox import payloads, responses, sight, views
from sandbox.blockkit import input_elements
from sandbox.company import Person
from sandbox.delivery import Ack
from sandbox.errors import CannotDo, IncompleteForm, SlackError
from sandbox.inputs import complaint, entry_for
from sandbox.workspace import Workspace
from sandbox.world import Form

Json = dict[str, Any]
NOTHING_SENT = Ack(True, 0.0)
TROUBLE = "We had some trouble connecting. Try again?"


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
        raise IncompleteForm(f"The form is not complete: {first!r}: {form.errors[first]}", errors=form.errors)
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
