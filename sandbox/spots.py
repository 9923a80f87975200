"""Where a control stands: in a message, in the form on top, or on Home; and what is delivered when it is used."""

import contextlib
import time
from typing import Any

from sandbox import payloads, responses, sight
from sandbox.company import Person
from sandbox.delivery import Ack
from sandbox.errors import CannotDo
from sandbox.workspace import Workspace
from sandbox.world import Form, Message, Place

Json = dict[str, Any]


class Spot:
    """One place for controls, as an automation request names it, seen by one person."""

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

    def control(self, action_id: object, block_id: object = None) -> tuple[Json, Json]:
        """The (block, element) this person uses; raises CannotDo when it is not there for them.

        A control that stood in an earlier version of the message counts too: it is a late click, by someone whose
        Slack has not shown the change yet. Apps get such clicks every day, and must be ready for them.
        """
        try:
            return sight.control(self.holder, self._user, action_id, block_id)
        except CannotDo:
            earlier = reversed(self._message.versions) if self._message is not None else ()
            for version in earlier:
                with contextlib.suppress(CannotDo):
                    return sight.control(version.message or {}, self._user, action_id, block_id)
            raise

    def context(self) -> Json:
        """The part of a payload that says where it comes from."""
        if self._form is not None:
            container = {"type": "view", "view_id": self._form.json["id"]}
            return {"container": container, "view": payloads.view_json(self._form)}
        message, place = self._message, self._place
        if message is None or place is None:
            raise CannotDo("This control stands nowhere.")
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
        return warned(workspace, self._user, ack)

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
        return holder.options if holder is not None else {}


def warned(workspace: Workspace, user: Person, ack: Ack) -> Ack:
    """The ack; a missing one is shown to the person, as Slack does."""
    if not ack.acked:
        workspace.world.show_error(user.id, sentence(workspace, ack))
    return ack


def sentence(workspace: Workspace, ack: Ack) -> str:
    """What people read when the app did not answer."""
    name = workspace.world.bot.name
    if ack.error == "operation_timeout":
        return f"{name} did not respond in time (operation_timeout)"
    return f"{name} could not be reached or did not understand ({ack.error})"
