"""`lockstep demo-check`: the demo's story without a browser, one line a step with its time."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import company
from bot.demo.demo import start_company
from bot.demo.people import Person
from bot.errors import LockstepError
from bot.integrations.web import Answer, Web

JONAS = "jonas.brandt@example.com"
PRIYA = "priya.raman@example.com"
SAM = "sam.patel@example.com"
YUKI = "yuki.tanaka@example.com"
ANNA = "anna.keller@example.com"
HEARD, DONE = "Too expensive for a team of five.", "A plan for small teams comes in spring."
CAMPAIGN = "Customer breakfast"
PATIENCE_S = 8.0
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = 4


class StoryBroke(LockstepError):
    """A step did not come true."""


async def check(*, ways: tuple[str, ...] = ("socket", "http"), database_url: str | None = None) -> None:
    """The story holds over each way in (`socket`, `http`). Raises StoryBroke with the step that does not."""
    for way in ways:
        with tempfile.TemporaryDirectory(prefix="lockstep-check-") as folder:
            async with contextlib.AsyncExitStack() as stack:
                started = time.monotonic()
                web = await stack.enter_async_context(Web())
                slack, bot_url = await start_company(
                    stack, web, Path(folder), socket_mode=way == "socket", database_url=database_url
                )
                name = "Socket Mode" if way == "socket" else "signed HTTP"
                _say(f"{name}: Brightwater is up after {time.monotonic() - started:.1f} s")
                await Story(web, slack, bot_url).run()


class Story:
    """Webhook, card, accept, late click, reject, marketer told, comes back, owner reads it in the morning; a field note
    and its answer; a campaign alert."""

    def __init__(self, web: Web, slack: company.Slack, bot_url: str) -> None:
        self._web = web
        self._slack = slack
        self._bot_url = bot_url

    async def run(self) -> None:
        pool = await self._slack.place(JONAS, "lead-pool")
        hot, warm = company.leads()[1], company.leads()[0]
        answer = await self._step("a signed webhook hands over a hot lead", self._post(hot, "check-1", 202, "offered"))
        card = await self._step(
            "its card is in #lead-pool, the name masked",
            self._message(JONAS, pool, lambda text: hot["company"] in text and hot["name"] not in text),
        )
        await self._step("Jonas accepts it with one click", self._click(JONAS, pool, card, "handoff.accept"))
        await self._step(
            "the card says so to everybody",
            self._message(PRIYA, pool, lambda text: "Accepted by Jonas Brandt" in text),
        )
        late = {"message_ts": card["ts"], "action_id": "handoff.accept", "handoff_id": answer["handoff_id"]}
        await self._step("Priya clicks late and is told in private who was faster", self._late(pool, late))
        second = await self._step("a second lead arrives", self._post(warm, "check-2", 202, "offered"))
        owner, place, offered = await self._step("one rep has its card", self._rep_with(warm["name"]))
        await self._step("the rep rejects it with a reason", self._reject(owner, place, offered))
        told = await self._slack.place(SAM, "dm")
        await self._step(
            "Sam, who owns the campaign, is told why",
            self._message(SAM, told, lambda text: warm["name"] in text and "Company not a fit" in text),
        )
        await self._step(
            "the person of the first lead comes back",
            self._post({**hot, "external_id": "WEB-1002-B"}, "check-3", 202, "touch"),
        )
        mine = await self._slack.place(JONAS, "dm")
        await self._step("the clock moves to the next working morning", self._next_morning())
        await self._step(
            "Jonas, who owns it, reads it in his brief",
            self._message(JONAS, mine, lambda text: hot["name"] in text and "came back" in text),
        )
        await self._note()
        await self._alert()
        again = await self._step(
            "the first delivery once more changes nothing", self._post(hot, "check-1", 200, "offered")
        )
        if again["lead_id"] != answer["lead_id"] or second["lead_id"] == answer["lead_id"]:
            raise StoryBroke("a repeated delivery was taken for another lead")

    async def _note(self) -> None:
        """Sales says what it heard, and marketing answers."""
        jonas, yuki = self._people(JONAS), self._people(YUKI)
        await self._step("Jonas types a field note, and it is saved", jonas.types("/note", HEARD))
        await yuki.opens_home()

        async def answers() -> None:
            await yuki.presses_on_home("Answer…", HEARD)
            await yuki.chooses("Acted")
            await yuki.submits(answer=DONE)
            await yuki.closes()

        await self._step("Yuki finds it on Home and answers it", answers())
        await self._step("the clock moves to the next working morning", self._next_morning())
        told = self._message(JONAS, await jonas.place(), lambda text: HEARD in text and DONE in text)
        await self._step("Jonas reads the answer in his brief", told)

    async def _alert(self) -> None:
        """Marketing says what buyers will see, and sales reads it."""
        sam, anna = self._people(SAM), self._people(ANNA)
        start = (await self._slack.now()).astimezone(BERLIN).date() + timedelta(days=14)

        async def proposes() -> None:
            await sam.uses("campaign.new")
            await sam.fills({"name": CAMPAIGN, "key": "check-breakfast", "start_date": start.isoformat()})
            await sam.fills({"buyer_sees": "A printed card", "audience": "Customers", "new_offer": "A seat"})
            await sam.submits()
            await sam.submits()
            await sam.closes()

        await self._step("Sam sends a campaign alert to be approved", proposes())
        await self._message(ANNA, await anna.place(), lambda text: CAMPAIGN in text)
        await self._step("Anna approves it with one click", anna.presses("Approve", CAMPAIGN))
        channel = await self._slack.place(PRIYA, "campaigns")
        found = self._message(PRIYA, channel, lambda text: CAMPAIGN in text and "Got it" in text)
        await self._step("sales reads it in #campaigns", found)

    def _people(self, email: str) -> Person:
        return Person(self._slack, email, email.partition(".")[0].title(), BERLIN)

    async def _next_morning(self) -> None:
        now = (await self._slack.now()).astimezone(BERLIN)
        days = 1 if now.weekday() < FRIDAY else 7 - now.weekday()
        morning = datetime.combine(now.date() + timedelta(days=days), time_of_day(9, 1), BERLIN)
        await self._slack.advance(int((morning - now).total_seconds()))

    async def _step(self, what: str, doing: Awaitable[Any]) -> Any:
        started = time.monotonic()
        try:
            result = await doing
        except LockstepError as error:
            raise StoryBroke(f"{what}: {error}") from error
        _say(f"  {(time.monotonic() - started) * 1000:7.1f} ms  {what}")
        return result

    async def _post(self, lead: dict[str, Any], delivery: str, status: int, outcome: str) -> Any:
        answer: Answer = await company.post_lead(
            self._web, self._bot_url, lead, delivery=delivery, at=await self._slack.now()
        )
        if answer.status != status or answer.body.get("status") != outcome:
            raise StoryBroke(f"expected {status} {outcome}, was answered {answer.status} {answer.body}")
        return answer.body

    async def _message(self, email: str, place: str, fits: Callable[[str], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for message in (await self._slack.screen(email, place))["messages"]:
                if fits(_words(message)):
                    found: dict[str, Any] = message
                    return found
            await asyncio.sleep(0.03)
        raise StoryBroke(f"{email} sees no such message within {PATIENCE_S:.0f} s")

    async def _click(self, email: str, place: str, message: dict[str, Any], action_id: str) -> None:
        answer = await self._slack.act(email, place, "click", message_ts=message["ts"], action_id=action_id)
        if not answer["acked"]:
            raise StoryBroke(f"the click was not acknowledged: {answer['error']}")

    async def _late(self, pool: str, click: dict[str, Any]) -> None:
        # The card has changed by now: the sandbox takes it for a click of someone who has not seen that yet.
        await self._slack.act(PRIYA, pool, "click", message_ts=click["message_ts"], action_id=click["action_id"])
        await self._message(PRIYA, pool, lambda text: "Jonas Brandt accepted" in text)

    async def _rep_with(self, name: str) -> tuple[str, str, dict[str, Any]]:
        reps = ("jonas.brandt@example.com", "ines.carvalho@example.com", "tomasz.wojcik@example.com")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for email in reps:
                place = await self._slack.place(email, "dm")
                for message in (await self._slack.screen(email, place))["messages"]:
                    if name in _words(message):
                        return email, place, message
            await asyncio.sleep(0.03)
        raise StoryBroke(f"no rep has the card of {name}")

    async def _reject(self, email: str, place: str, message: dict[str, Any]) -> None:
        await self._click(email, place, message, "handoff.reject")
        form = (await self._slack.screen(email, place))["form"]
        if form is None:
            raise StoryBroke("no form opened")
        empty = await self._slack.act(email, place, "submit", values={})
        if not (empty.get("errors") or (empty.get("ack") or {}).get("errors")):
            raise StoryBroke("a reject without a reason was taken")
        block = _block_of(form, "reject.reason")
        await self._slack.act(
            email, place, "select", **{"in": "form"}, action_id="reject.reason", block_id=block, value="not_icp"
        )
        form = (await self._slack.screen(email, place))["form"]
        await self._slack.act(
            email, place, "select", **{"in": "form"}, action_id="answer", block_id="criterion", value="Size"
        )
        answer = await self._slack.act(email, place, "submit", values={})
        if not answer["acked"] or (answer.get("ack") or {}).get("errors"):
            raise StoryBroke(f"the reject was not taken: {answer}")


def _words(value: Any) -> str:
    """All text in a message, one after the other."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(_words(part) for key, part in value.items() if key not in {"ts", "user", "thread_ts"})
    if isinstance(value, list):
        return "\n".join(_words(part) for part in value)
    return ""


def _block_of(form: dict[str, Any], action_id: str) -> str:
    for block in form["blocks"]:
        element = block.get("element") or {}
        if element.get("action_id") == action_id:
            return str(block["block_id"])
    raise StoryBroke(f"the form has no {action_id}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this command's answer
