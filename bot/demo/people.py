"""People of a story at their Slack: they press what is written on it, and fill what it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.company import Slack
from bot.errors import LockstepError

Json = dict[str, Any]
DM = "dm"
TRIES = 160
"""Eight real seconds."""


class StoryBroke(LockstepError):
    """Somebody does not find what the story has them press."""


@dataclass(eq=False)
class Person:
    """Somebody of the company. Everything is found by the words a reader sees."""

    slack: Slack
    email: str
    name: str
    tz: ZoneInfo
    _places: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        return self.name.split()[0]

    async def place(self, name: str = DM) -> str:
        """The id of their messages with Lockstep, or of a channel."""
        if name not in self._places:
            self._places[name] = await self.slack.place(self.email, name)
        return self._places[name]

    async def presses(self, label: str, about: str, where: str = DM) -> None:
        """The button or option `label` on the newest message with the words `about` that has it, in `where`."""
        place = await self.place(where)
        for message in reversed((await self.slack.screen(self.email, place))["messages"]):
            if about in words(message) and (found := _labelled(message.get("blocks", ()), label)) is not None:
                await self._click(place, found, message_ts=message["ts"])
                return
        raise StoryBroke(f"{self.first} has no message about {about} with {label} on it")

    async def has(self, label: str, about: str, where: str = DM) -> bool:
        """Whether there is something to press there."""
        screen = await self.slack.screen(self.email, await self.place(where))
        return any(
            about in words(message) and _labelled(message.get("blocks", ()), label) is not None
            for message in screen["messages"]
        )

    async def types(self, command: str, text: str = "", where: str = DM) -> Json:
        """A command, and what only this person reads as the answer to it; empty where there is none."""
        place = await self.place(where)
        answer = await self.slack.act(self.email, place, "command", command=command, text=text)
        if not answer["acked"]:
            raise StoryBroke(f"{command} of {self.first} was not acknowledged: {answer['error']}")
        newest = (await self.slack.latest(self.email, place, 1))[-1:]
        return newest[0] if newest and newest[0]["ephemeral"] else {}

    async def rejects(self, about: str, reason: str) -> None:
        """The lead, for this reason; what the form asks for in addition is chosen or made up."""
        await self.presses("Reject", about)
        await self.chooses(reason)
        if reason == "Company not a fit":
            await self.chooses("Size")
        await self.submits(comment="Looked at it for ten minutes before I said no.")

    async def writes_to(self, other: Person) -> str:
        """The id of their direct messages with somebody."""
        return await self.slack.opens(self.email, other.email)

    async def writes(self, text: str, place: str) -> str:
        """A message of their own in the place with that id; the instant by which Slack knows it."""
        await self.slack.act(self.email, place, "message", text=text)
        return str((await self.slack.latest(self.email, place, 1))[0]["ts"])

    async def uses(self, callback_id: str, place: str | None = None, message_ts: str | None = None) -> None:
        """A shortcut of Lockstep's, on a message where one is given."""
        more = {} if message_ts is None else {"message_ts": message_ts}
        place = place or await self.place()
        answer = await self.slack.act(self.email, place, "shortcut", callback_id=callback_id, **more)
        if not answer["acked"]:
            raise StoryBroke(f"the shortcut of {self.first} was not acknowledged: {answer['error']}")

    async def picks(self, message: Json, place: str, label: str) -> None:
        """The option `label` of a menu of that message."""
        for block, element in _elements(message["blocks"]):
            for option in element.get("options", ()):
                if option["text"]["text"] == label:
                    ids = {"action_id": element["action_id"], "block_id": block["block_id"], "value": option["value"]}
                    await self.slack.act(self.email, place, "select", message_ts=message["ts"], **ids)
                    return
        raise StoryBroke(f"{self.first} is not offered {label}")

    async def presses_beside(self, message: Json, place: str, label: str, about: Sequence[str]) -> bool:
        """The button `label` in the first block that says one of `about`; false where no block does."""
        for block in message["blocks"]:
            found = _labelled([block], label)
            if found is not None and any(one in words(block) for one in about):
                await self._click(place, found, message_ts=message["ts"])
                return True
        return False

    async def sees_form(self) -> Json | None:
        """The window in front of them."""
        form: Json | None = (await self.slack.screen(self.email, await self.place()))["form"]
        return form

    async def opens_home(self) -> None:
        await self._act("open_home")

    async def presses_on_home_beside(self, label: str, about: str) -> bool:
        """The button `label` in the block of Home that says `about`; false where none does."""
        home = (await self.slack.screen(self.email, await self.place()))["home"] or {}
        for block in home.get("blocks", ()):
            found = _labelled([block], label)
            if found is not None and about in words(block):
                await self._click(await self.place(), found, **{"in": "home"})
                return True
        return False

    async def presses_on_home(self, label: str, about: str = "") -> None:
        """The button `label`; `about`: the first one with, or after, these words."""
        home = (await self.slack.screen(self.email, await self.place()))["home"]
        blocks = (home or {}).get("blocks", [])
        start = next((n for n, block in enumerate(blocks) if about in words(block)), len(blocks))
        await self._press_in("home", blocks[start:], label)

    async def presses_in_form(self, label: str) -> None:
        """A button of the open form, as soon as it is there: what a click changes in a form comes after its ack."""
        for _ in range(TRIES):
            if _labelled((await self._form())["blocks"], label) is not None:
                break
            await asyncio.sleep(0.05)
        await self._press_in("form", (await self._form())["blocks"], label)

    async def chooses(self, label: str) -> None:
        """The option `label` of the open form, wherever it stands."""
        for block, element in _elements((await self._form())["blocks"]):
            for option in element.get("options", ()):
                if option["text"]["text"] == label:
                    await self._select(block["block_id"], element["action_id"], option["value"])
                    return
        raise StoryBroke(f"{self.first} is not offered {label}")

    async def is_offered(self, label: str) -> bool:
        """Whether the open form has that option."""
        elements = _elements((await self._form())["blocks"])
        return any(option["text"]["text"] == label for _, one in elements for option in one.get("options", ()))

    async def fills(self, answers: Mapping[str, str | list[str]]) -> None:
        """Inputs of the open form, by block id."""
        blocks = (await self._form())["blocks"]
        for block_id, value in answers.items():
            block = next((one for one in blocks if one.get("block_id") == block_id), None)
            if block is None:
                raise StoryBroke(f"the form in front of {self.first} does not ask for {block_id}")
            await self._select(block_id, block["element"]["action_id"], value)

    async def submits(self, **answers: str | list[str]) -> None:
        await self.fills(answers)
        answer = await self._act("submit", values={})
        if answer.get("errors") or (answer.get("ack") or {}).get("errors"):
            raise StoryBroke(f"the form of {self.first} was not taken: {answer}")

    async def closes(self) -> None:
        """Every window that is open."""
        while (await self.slack.screen(self.email, await self.place()))["form"] is not None:
            await self._act("close")

    async def _press_in(self, where: str, blocks: Sequence[Json], label: str) -> None:
        found = _labelled(blocks, label)
        if found is None:
            raise StoryBroke(f"{self.first} sees no {label} in the {where}: {words(list(blocks))[:500]}")
        await self._click(await self.place(), found, **{"in": where})

    async def _click(self, place: str, found: tuple[Json, Json, str | None], **where: Any) -> None:
        block, element, value = found
        more = {} if value is None else {"value": value}
        ids = {"action_id": element["action_id"], "block_id": block.get("block_id")}
        answer = await self.slack.act(self.email, place, "click", **ids, **where, **more)
        if not answer["acked"]:
            raise StoryBroke(f"the click of {self.first} was not acknowledged: {answer['error']}")

    async def _select(self, block_id: str, action_id: str, value: str | list[str]) -> None:
        await self._act("select", **{"in": "form"}, block_id=block_id, action_id=action_id, value=value)

    async def _act(self, action: str, **more: Any) -> Json:
        answer = await self.slack.act(self.email, await self.place(), action, **more)
        if not answer["acked"]:
            raise StoryBroke(f"{action} by {self.first} was not acknowledged: {answer['error']}")
        return answer

    async def _form(self) -> Json:
        form = (await self.slack.screen(self.email, await self.place()))["form"]
        if form is None:
            raise StoryBroke(f"{self.first} has no form open")
        return dict(form)


def words(value: Any) -> str:
    """Everything a reader sees of a message, a form or a block: its blocks, or where there are none its text."""
    if isinstance(value, Mapping) and value.get("blocks"):
        return "\n".join(_texts(value["blocks"]))
    return "\n".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key, inner in value.items():
            if not (key == "text" and isinstance(inner, str)):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _labelled(blocks: Sequence[Json], label: str) -> tuple[Json, Json, str | None] | None:
    """The block and control with this label; of an option behind three dots also its value."""
    for block, element in _elements(blocks):
        if element["type"] == "button" and element["text"]["text"] == label:
            return block, element, None
        if element["type"] == "overflow":
            for option in element["options"]:
                if option["text"]["text"] == label:
                    return block, element, str(option["value"])
    return None


def _elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


Finder = Callable[[str], Person]
