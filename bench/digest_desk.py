"""A manager at her Slack: she makes digests, changes them and switches them, by the forms that everybody has."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from bench.digest_model import Rule
from bot.demo import company

Json = dict[str, Any]

MANAGER = "mona@example.com"
CLICKS, TRIES = 10, 100


class NotAnswered(Exception):
    """Slack's three seconds were over before a click was answered: whether it counted, is not known."""


class Desk:
    """Works in the direct message with Lockstep. What was not answered in time is done again; all of it may be."""

    def __init__(self, slack: company.Slack) -> None:
        self._slack = slack
        self._place = ""

    async def add(self, name: str, kind: str, rule: Rule, *, place: Json, silent: bool) -> None:
        """A digest is added by the form. `place`: `{"channel": id}` or `{"person": id}`."""
        await self._until_answered(lambda: self._add(name, kind, rule, place, silent))

    async def change(self, name: str, rule: Rule) -> None:
        """Its weekdays, time and zone are others."""
        await self._until_answered(lambda: self._change(name, rule))

    async def switch(self, name: str, *, on: bool) -> None:
        await self._until_answered(lambda: self._switch(name, on=on))

    async def note(self, text: str) -> None:
        """A field note is typed and saved, perhaps twice."""
        await self._until_answered(lambda: self._act("command", command="/note", text=text))
        await self._close()

    async def _until_answered(self, do: Callable[[], Awaitable[object]]) -> None:
        for _ in range(CLICKS):
            try:
                await do()
            except NotAnswered:
                await self._close()
            else:
                return
        raise AssertionError("nothing is answered in time")

    async def _add(self, name: str, kind: str, rule: Rule, place: Json, silent: bool) -> None:
        await self._open()
        await self._opens("digest.submit", lambda: self._click("digest.add"))
        await self._fill("name", name)
        await self._fill("kind", kind)
        for block, value in place.items():
            await self._fill(block, value)
        await self._rule(rule)
        await self._fill("options", ["silent", "closing"] if silent else ["closing"])
        await self._submit()

    async def _change(self, name: str, rule: Rule) -> None:
        await self._opens("digest.submit", lambda: self._press(name, "digest.edit"))
        await self._rule(rule)
        await self._submit()

    async def _switch(self, name: str, *, on: bool) -> None:
        action, done = ("digest.switch_on", "digest.switch_off")[:: 1 if on else -1]
        await self._press(name, action, unless=done)
        await self._close()

    async def _rule(self, rule: Rule) -> None:
        await self._fill("weekdays", [str(day) for day in rule.weekdays])
        await self._fill("at", f"{rule.at:%H:%M}")
        await self._fill("tz", rule.tz)

    async def _open(self) -> None:
        if not self._place:
            self._place = await self._slack.place(MANAGER, "dm")
        await self._opens("digests.view", lambda: self._act("command", command="/lockstep", text="digests"))

    async def _press(self, name: str, action: str, *, unless: str | None = None) -> None:
        """The button of one digest in the list; nothing where `unless` stands in its place."""
        await self._open()
        page = 0
        while (block := _row_of(await self._form(), name)) is None:
            page += 1
            await self._click("set_up.page.on")
            await self._turned(page)
        if unless is None or f"'{unless}'" not in str(block):
            await self._click(action, block_id=block["block_id"])

    async def _opens(self, callback_id: str, act: Callable[[], Awaitable[object]]) -> None:
        """`act` opens this window. Where the machine is slow, it opens after the click was answered, or Slack's three
        seconds are over before: then people click again."""
        for _ in range(CLICKS):
            await act()
            for _ in range(TRIES):
                form = await self._form()
                if form is not None and form["callback_id"] == callback_id:
                    return
                await asyncio.sleep(0.05)
        raise AssertionError(f"{callback_id} did not open")

    async def _turned(self, page: int) -> None:
        """Returns when the list shows this page."""
        for _ in range(TRIES):
            form = await self._form()
            if form is not None and json.loads(form["private_metadata"])["page"] == page:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"page {page} did not come")

    async def _form(self) -> Json | None:
        form: Json | None = (await self._slack.screen(MANAGER, self._place))["form"]
        return form

    async def _click(self, action: str, **more: Any) -> None:
        await self._act("click", **{"in": "form", "action_id": action, **more})

    async def _fill(self, block_id: str, value: object) -> None:
        await self._act("select", **{"in": "form", "block_id": block_id, "action_id": "answer", "value": value})

    async def _submit(self) -> None:
        """The form is sent off, and the list behind it closed."""
        answer = await self._act("submit")
        errors = (answer.get("ack") or {}).get("errors") or {}
        if "try again" in str(errors):
            raise NotAnswered
        # Said of one that was added before, and not answered.
        assert not errors or "has this name already" in errors.get("name", ""), answer
        await self._close()

    async def _close(self) -> None:
        while await self._form() is not None:
            await self._act("close")

    async def _act(self, action: str, **more: Any) -> Json:
        answer = await self._slack.act(MANAGER, self._place, action, **more)
        if not answer["acked"] and action not in ("close", "select"):
            raise NotAnswered
        return answer


def _row_of(form: Json | None, name: str) -> Json | None:
    """The buttons under the line of this digest."""
    blocks: list[Json] = form["blocks"] if form is not None else []
    for line, buttons in itertools.pairwise(blocks):
        if line["type"] == "section" and f"*{name}*" in line["text"]["text"] and buttons["type"] == "actions":
            return buttons
    return None
