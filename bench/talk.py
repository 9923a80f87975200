"""What people say while a bot is killed under them: field notes, and campaign alerts from saved to answered.

Reps type `/note`; now and then Slack delivers the command twice, and *Same as this* is pressed twice at once. A
marketer saves alerts and sends them for approval, a sales manager approves each with one click, reps press *Got it*
twice and ask, the marketer answers. Whoever gets no answer in a form presses its button again, as people do.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec
from zoneinfo import ZoneInfo

from bench import mortal
from bench.mortal import Mortal
from bot.demo import company
from bot.demo.people import Person, StoryBroke, words
from bot.errors import LockstepError
from bot.views.alert_talk_ids import TalkBlock, TalkCallback
from bot.views.campaign_alert_ids import AlertBlock, AlertCallback
from bot.views.ids import ShortcutId
from bot.views.note_ids import NoteAction

Json = dict[str, Any]
P = ParamSpec("P")
SAVED = "Saved as a field note"
SAYINGS = (
    "Pricing is too steep for small teams of five",
    "Which calendars does the integration cover today",
    "Onboarding takes whole weeks longer than promised",
)
"""Notes that begin alike are offered as the same."""
LONG = "\nand then they went on: ééé ß “…” 🚚 " + 80 * "forecasts, freight, finance; " + "and so on."
LAST_SEEN = 8
WRITERS, ASKERS = 3, 2
LONGEST_S = 60
"""Real seconds until something of each was acknowledged, at most, once nothing is killed any more."""


@dataclass(slots=True)
class Spoken:
    """What people said, and what of it was acknowledged."""

    typed: set[str] = field(default_factory=set)
    """Every field note, acknowledged or not; the next two are about those that were."""
    notes: dict[str, str] = field(default_factory=dict)
    """By text whose it is, a Slack id."""
    joins: set[tuple[str, str]] = field(default_factory=set)
    """Note and theme between which *Same as this* was pressed."""
    filled: set[str] = field(default_factory=set)
    """Campaigns whose alert was sent off, acknowledged or not; the others by campaign, too."""
    saved: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    got_it: set[tuple[str, str]] = field(default_factory=set)
    """With the Slack id of who pressed it."""
    asked: dict[str, str] = field(default_factory=dict)
    """By text of a question its campaign."""
    answers: dict[str, str] = field(default_factory=dict)
    """By text of a question."""
    again: int = 0
    """How often nothing came of what somebody did, which was then done again."""

    def figures(self) -> str:
        return (
            f"{len(self.notes)} field notes acknowledged, {len(self.joins)} times Same as this;"
            f" {len(self.approved)} campaign alerts approved, {len(self.got_it)} times Got it,"
            f" {len(self.asked)} questions, {len(self.answers)} answers; {self.again} times nothing came of it"
        )


class Hands(company.Slack):
    """Slack, as the people here use it."""

    def __init__(self, slack: company.Slack, bot: Mortal) -> None:
        super().__init__(bot.web, slack.url)
        self.ids = slack.ids
        self.under_way = 0

    async def act(self, email: str, place: str, action: str, **more: Any) -> Json:
        self.under_way += 1
        try:
            return await super().act(email, place, action, **more)
        finally:
            self.under_way -= 1

    async def send(self, by: Person, form: Json, answers: Mapping[str, str]) -> None:
        """The form in front of somebody is filled by block id and sent off. Raises StoryBroke unless it was taken."""
        fields = {block["block_id"]: block["element"]["action_id"] for block in form["blocks"] if "element" in block}
        values = {block_id: {fields[block_id]: value} for block_id, value in answers.items()}
        answer = await self.act(by.email, await by.place(), "submit", values=values)
        if not answer["acked"] or (answer["ack"] or {}).get("errors"):
            raise StoryBroke(f"the form of {by.email} was not taken: {answer}")

    async def deliver_twice(self, kind: str) -> None:
        """The next payload of this kind arrives twice."""
        await self._post("faults", {"kind": "deliver_twice", "type": kind})


class Talk:
    """Reps, a marketer and a sales manager, at work until they are stopped."""

    def __init__(self, bot: Mortal, chance: random.Random, name: str) -> None:
        self._bot = bot
        self._chance = chance
        self._name = name
        self._hands = Hands(bot.slack, bot)
        self._reps = [self._person(mortal.email(number)) for number in range(mortal.REPS)]
        self._marketer, self._manager = self._person(mortal.MARKETER), self._person(mortal.MANAGER)
        self._stopping = False
        self._number = 0
        self._tasks: list[asyncio.Task[None]] = []
        self.spoken = Spoken()

    @property
    def waiting_for_an_ack(self) -> int:
        return self._hands.under_way

    def start(self) -> None:
        self._tasks = [asyncio.create_task(work()) for work in (*[self._write] * WRITERS, self._announce)]

    async def stop(self) -> None:
        """There was something of each: a bot must be running. Raises TimeoutError."""
        self._stopping = True
        async with asyncio.timeout(LONGEST_S):
            while not all(task.done() for task in self._tasks):
                await self._bot.settled()  # what a dead bot had leased is taken up again
                await asyncio.sleep(0.1)
            await asyncio.gather(*self._tasks)

    # -- field notes -------------------------------------------------------------------------------------------------
    async def _write(self) -> None:
        while not (self._stopping and self.spoken.notes and self.spoken.joins):
            await self._pause(0.8)
            try:
                if self._bot.alive:
                    await self._note()
            except LockstepError:
                self.spoken.again += 1

    async def _note(self) -> None:
        author = self._chance.choice(self._reps)
        email, place = author.email, await author.place()
        text = f"{self._chance.choice(SAYINGS)} ({self._next()})" + self._chance.choice(("", "", LONG))
        self.spoken.typed.add(text)
        if self._chance.random() < 0.2:
            await self._hands.deliver_twice("slash_commands")
        answer = await self._hands.act(email, place, "command", command="/note", text=text)
        if SAVED not in str(answer["ack"]):
            self.spoken.again += 1
            return
        self.spoken.notes[text] = self._hands.ids[email]
        offered = [value for _, value in _same(answer["ack"])]
        if offered and self._chance.random() < 0.6:
            await self._join(email, place, self._chance.choice(offered))

    async def _join(self, email: str, place: str, value: str) -> None:
        for message in await self._hands.latest(email, place, LAST_SEEN):
            for block_id, found in _same(message):
                if found == value:
                    which = {"message_ts": message["ts"], "action_id": NoteAction.JOIN.value, "block_id": block_id}
                    presses = [self._hands.act(email, place, "click", **which) for _ in range(2)]
                    if await _any_done(presses):
                        note_id, _, theme_id = value.partition(".")
                        self.spoken.joins.add((note_id, theme_id))

    # -- campaign alerts ---------------------------------------------------------------------------------------------
    async def _announce(self) -> None:
        while not (self._stopping and self.spoken.answers):
            campaign = f"Campaign {self._next()}"
            await self._until(self._save_and_send, campaign)
            await self._until(self._approve, campaign)
            askers = self._chance.sample(self._reps, ASKERS)
            questions = [f"Is it free in case {self._next()}?" for _ in askers]
            asking = zip(askers, questions, strict=True)
            await asyncio.gather(*(self._until(self._ask, one, text, campaign) for one, text in asking))
            for text in questions:
                await self._until(self._answer, text)

    async def _until(self, step: Callable[P, Awaitable[bool]], *args: P.args, **kwargs: P.kwargs) -> None:
        """The step is tried until it is done; what was told and answered once is enough where people are to stop."""
        while not (self._stopping and self.spoken.answers):
            try:
                if self._bot.alive and await step(*args, **kwargs):
                    return
            except LockstepError:
                self.spoken.again += 1
            await self._pause(0.5)

    async def _save_and_send(self, campaign: str) -> bool:
        """The form is filled and saved, and what it shows then is sent for approval."""
        form = await self._marketer.sees_form() or {}
        match form.get("callback_id"):
            case None:
                await self._marketer.uses(ShortcutId.CAMPAIGN_NEW)
            case AlertCallback.SUBMIT:
                starts = (await self._hands.now()).date().replace(day=1, month=1)
                self.spoken.filled.add(campaign)
                answers: dict[str, str] = {
                    AlertBlock.NAME: campaign,
                    AlertBlock.START_DATE: starts.replace(year=starts.year + 2).isoformat(),
                    AlertBlock.BUYER_SEES: "A webinar",
                    AlertBlock.AUDIENCE: "Heads of finance",
                    AlertBlock.NEW_OFFER: "A free check",
                }
                await self._hands.send(self._marketer, form, answers)
                self.spoken.saved.add(campaign)
            case AlertCallback.PROPOSE_SUBMIT:
                await self._hands.send(self._marketer, form, {})
                await self._marketer.closes()
                return True
            case _:
                await self._marketer.closes()
        return False

    async def _approve(self, campaign: str) -> bool:
        """One click; where its answer got lost, the message says that it was approved."""
        if await self._manager.has("Approve", campaign):
            await self._manager.presses("Approve", campaign)
        elif not await self._reads(self._manager, campaign, "Approved by"):
            return False
        self.spoken.approved.add(campaign)
        return True

    async def _ask(self, asker: Person, text: str, campaign: str) -> bool:
        """*Got it*, twice, and a question."""
        form = await asker.sees_form()
        if form is not None and form["callback_id"] == TalkCallback.ASK_SUBMIT:
            await self._hands.send(asker, form, {TalkBlock.QUESTION: text})
            self.spoken.asked[text] = campaign
            await asker.closes()
            return True
        if not await asker.has("Got it", campaign, mortal.CAMPAIGNS):
            return False
        await asker.closes()
        if await _any_done([asker.presses("Got it", campaign, mortal.CAMPAIGNS) for _ in range(2)]):
            self.spoken.got_it.add((campaign, self._hands.ids[asker.email]))
        await asker.presses("Ask a question…", campaign, mortal.CAMPAIGNS)
        return False

    async def _answer(self, text: str) -> bool:
        answer = f"Yes: {text}"
        form = await self._marketer.sees_form()
        if form is not None and form["callback_id"] == TalkCallback.ANSWER_SUBMIT:
            await self._hands.send(self._marketer, form, {TalkBlock.ANSWER: answer})
        elif await self._marketer.has("Answer…", text):
            await self._marketer.closes()
            await self._marketer.presses("Answer…", text)
            return False
        elif not await self._reads(self._marketer, text, answer):
            return False
        self.spoken.answers[text] = answer
        await self._marketer.closes()
        return True

    async def _pause(self, longest_s: float) -> None:
        await asyncio.sleep(0.05 if self._stopping else self._chance.uniform(0.1, longest_s))

    async def _reads(self, person: Person, *parts: str) -> bool:
        """Whether there is a message to them with all these words."""
        messages = (await self._hands.screen(person.email, await person.place()))["messages"]
        return any(all(part in words(one) for part in parts) for one in messages)

    def _person(self, email: str) -> Person:
        return Person(self._hands, email, email, ZoneInfo("Europe/Berlin"))

    def _next(self) -> str:
        self._number += 1
        return f"{self._name}-{self._number:05}"


async def _any_done(presses: Iterable[Awaitable[Any]]) -> bool:
    """Whether at least one of these, done at once, was acknowledged."""
    done = await asyncio.gather(*presses, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, LockstepError):
            raise one
    return any(not isinstance(one, BaseException) and (one is None or one["acked"]) for one in done)


def _same(message: Any) -> list[tuple[str, str]]:
    """The blocks of a message that offer to join a theme, with what their buttons carry."""
    blocks = message.get("blocks", ()) if isinstance(message, dict) else ()
    found = [(str(block.get("block_id")), block.get("accessory") or {}) for block in blocks]
    return [(block_id, str(one["value"])) for block_id, one in found if one.get("action_id") == NoteAction.JOIN]
