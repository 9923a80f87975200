"""The load a bot is killed under: a CRM that hands leads over and goes on talking of them, and reps who click."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench import mortal
from bench.mortal import Mortal
from bench.promises import Acknowledged, Click, Found
from bench.talk import Spoken
from bot.errors import WebError
from tests.handlers.toy_crm import Heard, ToyCrm

LAST_SEEN = 6
"""How many of the newest messages of a place a person looks at."""
SPOKEN_OF = 30
"""The CRM talks about its newest leads."""
PLAIN, MOVING = 0, 1
"""The two senders. Leads of the first change hands only by Accept, so whoever was acknowledged has it; leads of the
second are undone, and given to others by the CRM."""


@dataclass(slots=True)
class Outcome:
    """What was done, and what is wrong; `wrong` is empty when every promise holds."""

    kills: int = 0
    while_starting: int = 0
    restart_s: list[float] = field(default_factory=list)
    leads: int = 0
    sent_again: int = 0
    clicks: int = 0
    undos: int = 0
    unanswered: int = 0
    news: int = 0
    """Messages of the CRM about leads it had handed over, acknowledged."""
    decisions: int = 0
    heard: int = 0
    """Decisions told to the CRM, and how often it heard of them."""
    spoken: Spoken = field(default_factory=Spoken)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> str:
        restarts = sorted(self.restart_s)
        return (
            f"{self.kills} kills ({self.while_starting} of them while starting) in {self.seconds:.0f} s;"
            f" ready again after {restarts[len(restarts) // 2]:.2f} s, at most {restarts[-1]:.2f} s\n"
            f"    {self.leads} leads acknowledged, {self.sent_again} deliveries sent again;"
            f" {self.clicks} clicks acknowledged ({self.undos} of them Undo), {self.unanswered} not\n"
            f"    {self.news} further messages of the CRM acknowledged; it heard {self.heard} times of"
            f" {self.decisions} decisions\n"
            f"    {self.spoken.figures()}\n"
            f"    promises broken: {len(self.wrong)}"
        )


class Load:
    """Senders, a CRM and reps, at work until they are stopped."""

    def __init__(self, bot: Mortal, crm: ToyCrm, chance: random.Random, name: str) -> None:
        self._bot = bot
        self._crm = crm
        self._chance = chance
        self._name = name
        self.promised = Acknowledged()
        self.sent: set[str] = set()
        self.pressed: dict[str, set[str]] = defaultdict(set)
        """Who pressed Accept on which lead, acknowledged or not; and whom the CRM called its owner."""
        self.outcome = Outcome()
        self.waiting_for_an_ack = 0
        """Clicks under way."""
        self._said_at: datetime | None = None
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._crm.then = self._hear
        self._tasks = [asyncio.create_task(self._send(sender)) for sender in (PLAIN, MOVING)]
        self._tasks += [asyncio.create_task(self._click()) for _ in range(2)]
        self._tasks.append(asyncio.create_task(self._talk()))

    async def some_of_each(self) -> None:
        """Waits until something of each kind was acknowledged, half a minute at most: a bot must be running."""
        for _ in range(300):
            if min(len(self.promised.leads), self.outcome.clicks, self.outcome.news, len(self._crm.heard)):
                return
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Senders go on until everything sent is acknowledged, so a bot must be running."""
        self._stopping = True
        await asyncio.gather(*self._tasks)
        self._crm.then, self._crm.status = None, 204

    def foreign_owners(self, found: Found) -> list[str]:
        """A sentence for each lead whose owner neither pressed Accept nor was named by the CRM."""
        return [
            f"lead {one} belongs to somebody who never pressed Accept on it"
            for one, handoffs in found.handoffs.items()
            for handoff in handoffs
            if handoff.is_owned and found.slack_ids.get(handoff.rep_id or "") not in self.pressed[one]
        ]

    async def _send(self, sender: int) -> None:
        number = 0
        while not self._stopping:
            number += 1
            one = f"{self._name}-{sender}-{number}"
            self.sent.add(one)
            await self._until_taken(mortal.lead(one, hot=self._chance.random() < 0.4), one, "lead.ready", None)
            self.promised.leads.add(one)
            if sender == MOVING:
                self.promised.moving.add(one)
            await asyncio.sleep(self._chance.uniform(0.02, 0.15))

    async def _until_taken(self, data: dict[str, Any], delivery: str, kind: str, at: datetime | None) -> None:
        while await mortal.post(self._bot, data, delivery=delivery, kind=kind, at=at) not in (200, 202):
            self.outcome.sent_again += 1
            await asyncio.sleep(0.05)

    # -- the CRM -----------------------------------------------------------------------------------------------------
    async def _talk(self) -> None:
        while not self._stopping:
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            leads = sorted(self.promised.leads, key=lambda one: int(one.rpartition("-")[2]))[-SPOKEN_OF:]
            if not leads:
                continue
            one = self._chance.choice(leads)
            kinds = ["lead.updated", "lead.activity", "lead.stage"]
            kind = self._chance.choice([*kinds, "lead.owner", "lead.owner"] if one in self.promised.moving else kinds)
            with contextlib.suppress(WebError):
                await self._say(one, kind, await self._now())

    async def _now(self) -> datetime:
        """The company's time; of two messages never the same."""
        now = await self._bot.slack.now()
        if self._said_at is not None:
            now = max(now, self._said_at + timedelta(microseconds=1))
        self._said_at = now
        return now

    async def _say(self, one: str, kind: str, at: datetime) -> None:
        self.outcome.news += 1
        said = self.promised.said[one]
        number = self.outcome.news
        data: dict[str, Any]
        match kind:
            case "lead.updated":
                data = {"title": f"Title {number}"}
            case "lead.activity":
                data = {"kind": "call", "by": mortal.email(number % mortal.REPS)}
            case "lead.stage":
                data = {"stage": "opportunity", "amount": number, "currency": "EUR"}
            case _:
                data = {"email": mortal.email(number % mortal.REPS)}
                self.pressed[one].add(self._bot.slack.ids[data["email"]])
        await self._until_taken({"external_id": one, **data}, f"{self._name}-news-{number}", kind, at)
        match kind:
            case "lead.updated":
                said.title = data["title"]
            case "lead.activity":
                said.activity_at = at
            case "lead.stage":
                said.amount = str(number)
            case _:
                said.owner, said.owner_at = data["email"], at

    async def _hear(self, heard: Heard) -> None:
        """The CRM is at times slow to answer, and at times answers that it could not."""
        if self._chance.random() < 0.1:
            await asyncio.sleep(self._chance.uniform(0.0, 0.3))
        self._crm.status = 500 if self._chance.random() < 0.05 else 204

    # -- the reps ----------------------------------------------------------------------------------------------------
    async def _click(self) -> None:
        while not self._stopping:
            with contextlib.suppress(WebError):
                await self._look_and_click()
            await asyncio.sleep(0.03)

    async def _look_and_click(self) -> None:
        slack = self._bot.slack
        emails = [mortal.email(number) for number in range(mortal.REPS)]
        one, other = self._chance.sample(emails, 2)
        in_pool = self._chance.random() < 0.5
        place = await slack.place(one, mortal.POOL if in_pool else "dm")
        messages = await slack.latest(one, place, LAST_SEEN)
        undo = self._chance.random() < 0.2
        action = "handoff.undo" if undo else "handoff.accept"
        cards = [card for message in messages if (card := _card(message, action))]
        cards = [card for card in cards if card[1] in self.promised.moving] if undo else cards
        if not cards:
            return
        ts, lead = self._chance.choice(cards)
        who = [one, other] if in_pool and self._chance.random() < 0.5 else [one]
        await asyncio.gather(*(self._press(person, place, ts, lead, action) for person in who))

    async def _press(self, person: str, place: str, ts: str, lead: str, action: str) -> None:
        slack = self._bot.slack
        accept = action == "handoff.accept"
        if accept:
            self.pressed[lead].add(slack.ids[person])
        with contextlib.suppress(WebError):  # the button went while the hand moved
            self.waiting_for_an_ack += 1
            try:
                answer = await slack.act(person, place, "click", message_ts=ts, action_id=action)
            finally:
                self.waiting_for_an_ack -= 1
            if not answer["acked"]:
                self.outcome.unanswered += 1
                return
            self.outcome.clicks += 1
            self.outcome.undos += not accept
            if accept:
                self.promised.clicks.append(Click(external_id=lead, by=slack.ids[person]))


def _card(message: dict[str, Any], action: str) -> tuple[str, str] | None:
    """The `ts` and the external id of a card with this button."""
    text = str(message.get("blocks"))
    found = re.search(r"Company ([\w-]+)", text)
    if message.get("ephemeral") or action not in text or found is None:
        return None
    return str(message["ts"]), found[1]
