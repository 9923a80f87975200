"""Brightwater with Lockstep at work in it: what its people do, what they see, and what its marketing sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Application
from bot.configuration import apply_file
from bot.demo import programs
from bot.demo.company import ROSTER, SECRET
from bot.demo.demo import free_port
from bot.domain.signature import sign
from bot.integrations.web import Web
from bot.settings import Settings
from sandbox import company, manifest
from sandbox.ids import stable_id
from sandbox.server import running
from sandbox.workspace import Settings as SandboxSettings
from storage.schema import migrate
from tests.sandbox.slack_driver import Json, Slack, eventually

ROOT = Path(__file__).parents[2]
PACE = 2
"""Virtual seconds after which everything said at once stands in a channel: Slack takes one message a second."""
LEAD: Json = {
    "external_id": "WEB-1",
    "name": "Étienne Marchand",
    "title": "Directeur commercial",
    "company": "Ateliers Marchand",
    "country": "DE",
    "email": "e.marchand@example.com",
    "phone": "+33 1 99 00 12 34",
    "origin": "Pricing page",
    "campaign": "forecast-webinar",
    "priority": "warm",
    "score": 88,
    "summary": "Asked how forecasts are shared with finance.",
    "url": "https://crm.example.com/leads/WEB-1",
}
"""Goes to a rep of team Europe; its campaign is Sam's."""
HOT: Json = {**LEAD, "priority": "hot"}
"""Goes to #lead-pool, whoever it is."""


class Person:
    """Somebody of Brightwater, at their Slack. After each thing done, everything due has happened."""

    def __init__(self, office: Brightwater, first: str, email: str, tz: str) -> None:
        self._office = office
        self._slack = office.slack
        self.first = first
        self.id = stable_id("U", email)
        self.tz = ZoneInfo(tz)
        self._places: dict[str, str] = {}

    async def place(self, name: str) -> str:
        """The id of `#channel`, or of `messages` with Lockstep."""
        if name not in self._places:
            for place in await self._slack.get(f"places?user={self.id}"):
                with_app = "messages" if place.get("with_app", True) else f"with {place['name']}"
                at = {"channel": f"#{place['name'].lstrip('#')}", "dm": with_app}.get(place["kind"])
                self._places[at or place["kind"]] = place["id"]
        return self._places[name]

    async def messages(self, place: str) -> list[Json]:
        """What this person sees there, oldest first; private answers included."""
        shown = (await self._slack.screen(self.id, await self.place(place)))["messages"]
        return [message for message in shown if message.get("subtype") != "channel_join"]

    async def sees(self, place: str, *parts: str) -> Json:
        """The one message there with all these words in it."""
        found = [message for message in await self.messages(place) if all(part in words(message) for part in parts)]
        every = "\n---\n".join(words(message) for message in await self.messages(place))
        assert len(found) == 1, f"{self.first} sees {len(found)} messages with {parts} in {place}, of:\n{every}"
        return found[0]

    async def sees_none(self, place: str, *parts: str) -> None:
        assert not [message for message in await self.messages(place) if all(part in words(message) for part in parts)]

    async def told(self, place: str, *parts: str) -> Json:
        """A private answer: seen by this person there, and by nobody else."""
        message = await self.sees(place, *parts)
        assert message["ephemeral"]
        return message

    async def presses(self, label: str, message: Json, place: str) -> Json:
        """A click on the button with this label; also one that has just gone. Gives the sandbox's answer."""
        action = ACTIONS.get(label) or action_labelled(message["blocks"], label)
        return await self._act("click", place=await self.place(place), message_ts=message["ts"], action_id=action)

    async def chooses(self, label: str, message: Json, place: str) -> Json:
        """An option of the message's three dots."""
        option = option_labelled(message["blocks"], "handoff.more", label)
        where = await self.place(place)
        return await self._act("click", place=where, message_ts=message["ts"], action_id="handoff.more", value=option)

    async def opens_home(self) -> Json:
        await self._act("open_home")
        return await self.home()

    async def home(self) -> Json:
        view = (await self._slack.screen(self.id))["home"]
        assert view is not None, f"{self.first} has no Home"
        return dict(view)

    async def presses_on_home(self, label: str, *, about: str | None = None) -> Json:
        """A button on Home; `about`: the one that stands with, or right under, these words."""
        block, element = on_home(await self.home(), label, about)
        where = {"in": "home", "action_id": element["action_id"], "block_id": block["block_id"]}
        if element["type"] == "overflow":
            where["value"] = option_labelled([block], element["action_id"], label)
        return await self._act("click", **where)

    async def form(self) -> Json | None:
        view = (await self._slack.screen(self.id))["form"]
        return None if view is None else dict(view)

    async def fills(self, block_id: str, value: str | list[str]) -> None:
        """An input of the open form; a list where several things can be chosen."""
        form = await self.form()
        assert form is not None, f"{self.first} has no form open"
        block = next((one for one in form["blocks"] if one.get("block_id") == block_id), None)
        assert block is not None, f"the form asks for {questions(form)}, not for {block_id}"
        where = {"in": "form", "block_id": block_id, "action_id": block["element"]["action_id"]}
        groups = block["element"].get("option_groups", ())
        options = [*block["element"].get("options", ()), *(one for group in groups for one in group["options"])]
        wanted = value if isinstance(value, list) else [value]
        by_label = {option["text"]["text"]: option["value"] for option in options}
        chosen = [by_label.get(one, one) for one in wanted]
        await self._act("select", **where, value=chosen if isinstance(value, list) else chosen[0])

    async def submits(self, **values: str | list[str]) -> Json:
        """The form sent off, its inputs filled by block id and visible label or text; the form as it then is."""
        for block_id, value in values.items():
            await self.fills(block_id, value)
        await self._slack.ask("POST", "act", {"user": self.id, "action": "submit"})
        await self._office.settled()
        return await self.form() or {}

    async def presses_in_form(self, label: str) -> Json:
        """A button in the open form, which stays open."""
        form = await self.form()
        assert form is not None, f"{self.first} has no form open"
        return await self._act("click", **{"in": "form", "action_id": action_labelled(form["blocks"], label)})

    async def types(self, command: str, text: str = "") -> Json:
        return await self._act("command", place=await self.place("messages"), command=command, text=text)

    async def rejects(self, message: Json, place: str, reason: str, **answers: str | list[str]) -> None:
        """The form opened, filled and sent off."""
        await self.presses("Reject", message, place)
        await self.fills("reason", reason)
        left = await self.submits(**answers)
        assert not left, f"the form stayed open: {left.get('errors')}"

    async def _act(self, action: str, **more: Any) -> Json:
        answer = await self._slack.act(self.id, action, **more)
        assert answer["acked"], answer
        await self._office.settled()
        return answer


class Brightwater:
    """The company on one sandbox, with its clock standing still until somebody moves it."""

    def __init__(self, slack: Slack, web: Web, database_url: str, folder: Path, bot_port: int = 0) -> None:
        self.slack = slack
        self.database_url = database_url
        self.bot_url = ""
        self._web = web
        self._folder = folder
        self._bot_port = bot_port
        self._deliveries = 0
        self._people: dict[str, Person] = {}

    def __getattr__(self, first: str) -> Person:
        """Its people by first name: `office.jonas`."""
        if first not in EMAILS:
            raise AttributeError(first)
        if first not in self._people:
            self._people[first] = Person(self, first.title(), *EMAILS[first])
        return self._people[first]

    @property
    def reps(self) -> list[Person]:
        """The reps of team Europe."""
        return [self.jonas, self.ines, self.tomasz]

    # -- time -----------------------------------------------------------------------------------------------
    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.slack.get("clock"))["now"]).astimezone(UTC)

    async def passes(self, **span: float) -> None:
        """Time goes by, and everything due in it happens: `passes(minutes=5)`."""
        await self.slack.post("clock", {"advance_s": timedelta(**span).total_seconds()})

    async def until(self, instant: datetime) -> None:
        await self.slack.post("clock", {"to": instant.astimezone(UTC).isoformat()})

    async def settled(self) -> None:
        """What was just done has reached everybody's screen."""
        await self.passes(seconds=PACE)

    # -- the bot ----------------------------------------------------------------------------------------------
    @asynccontextmanager
    async def lockstep(self, *, socket_mode: bool = True) -> AsyncIterator[Application]:
        """A whole Lockstep of the real parts, in this process."""
        environment = programs.bot_environment(
            self.slack.url, database_url=self.database_url, port=self._bot_port, socket_mode=socket_mode, name="bot"
        )
        before = self.slack.workspace.socket.connection_count
        async with Application(Settings.from_env(environment)) as application:
            self.bot_url = f"http://127.0.0.1:{application.port}"
            if socket_mode:
                await eventually(lambda: self.slack.workspace.socket.connection_count > before)
            else:
                carrier = self.slack.workspace.http
                assert carrier is not None
                await eventually(lambda: carrier.verified)
            await self.settled()
            yield application

    @asynccontextmanager
    async def processes(self, *names: str) -> AsyncIterator[list[str]]:
        """Several Locksteps, each in a process of its own, by Socket Mode; their addresses."""
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as starting:
            tasks = [starting.create_task(self._process(stack, name)) for name in names]
            addresses = [await task for task in tasks]
            await self.settled()
            yield addresses

    async def _process(self, stack: AsyncExitStack, name: str) -> str:
        environment = programs.bot_environment(
            self.slack.url, database_url=self.database_url, port=free_port(0), socket_mode=True, name=name
        )
        await stack.enter_async_context(programs.bot(self._web, self._folder, environment, name=name))
        return f"http://127.0.0.1:{environment['LOCKSTEP_PORT']}"

    # -- marketing ----------------------------------------------------------------------------------------------
    async def sends(self, lead: Json = LEAD, *, delivery: str | None = None, **changes: Any) -> tuple[int, Json]:
        """A signed `lead.ready`; status and body of the answer, as soon as it is there."""
        self._deliveries += 1
        delivery = delivery or f"delivery-{self._deliveries}"
        body = json.dumps(
            {"type": "lead.ready", "timestamp": (await self.now()).isoformat(), "data": {**lead, **changes}}
        ).encode()
        stamp = int(datetime.now(UTC).timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(SECRET, message_id=delivery, timestamp=stamp, body=body),
        }
        answer = await self._web.post_bytes(f"{self.bot_url}/webhooks/leads/website", body, headers)
        return answer.status, dict(answer.body)

    async def hands_over(self, lead: Json = LEAD, **changes: Any) -> Json:
        """A lead is taken, and its card has arrived."""
        status, answer = await self.sends(lead, **changes)
        assert status == 202, answer
        await self.settled()
        return answer

    async def name_of(self, person: Person) -> str:
        """The person's full name in Slack."""
        return next(str(one["name"]) for one in await self.slack.get("people") if one["id"] == person.id)

    async def rep_with(self, *parts: str, among: Sequence[Person] = ()) -> tuple[Person, Json]:
        """The one rep who has the card with these words in their messages, and the card."""
        found = [
            (rep, message)
            for rep in among or self.reps
            for message in await rep.messages("messages")
            if all(part in words(message) for part in parts)
        ]
        assert len(found) == 1, f"{len(found)} cards with {parts}"
        return found[0]

    # -- the record ---------------------------------------------------------------------------------------------
    async def record(self, place: str) -> list[Json]:
        """Every message that ever stood there, with its versions; join notices left out."""
        messages = (await self.slack.get(f"record?place={place}"))["messages"]
        return [one for one in messages if one["message"].get("subtype") != "channel_join"]

    async def fault(self, kind: str, **more: Any) -> None:
        await self.slack.post("faults", {"kind": kind, **more})


EMAILS = {
    "anna": ("anna.keller@example.com", "Europe/Berlin"),
    "jonas": ("jonas.brandt@example.com", "Europe/Berlin"),
    "ines": ("ines.carvalho@example.com", "Europe/Lisbon"),
    "tomasz": ("tomasz.wojcik@example.com", "Europe/Berlin"),
    "marcus": ("marcus.reed@example.com", "America/New_York"),
    "priya": ("priya.raman@example.com", "America/New_York"),
    "diego": ("diego.fuentes@example.com", "America/Denver"),
    "grace": ("grace.okafor@example.com", "America/Denver"),
    "amara": ("amara.osei@example.com", "Europe/London"),
    "sam": ("sam.patel@example.com", "Europe/London"),
    "noor": ("noor.haddad@example.com", "Europe/London"),
    "helen": ("helen.whitcombe@example.com", "Europe/London"),
    "leo": ("leo.marchetti@example.com", "Europe/Berlin"),
}
ACTIONS = {
    "Accept": "handoff.accept",
    "Reject": "handoff.reject",
    "Undo": "handoff.undo",
    "Try a practice lead": "practice.start",
    "Another practice lead": "practice.start",
}


def words(value: Any) -> str:
    """Everything a reader sees of a message, a form or Home: its blocks, or where there are none its text."""
    if isinstance(value, dict) and value.get("blocks"):
        return "\n".join(_texts(value["blocks"]))
    return "\n".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key, inner in value.items():
            if not (key == "text" and isinstance(inner, str)):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def labels(message: Json) -> list[str]:
    """What can be pressed: labels of buttons, and of the options behind three dots."""
    found = []
    for _, element in _elements(message.get("blocks", [])):
        if element["type"] == "button":
            found.append(element["text"]["text"])
        if element["type"] == "overflow":
            found += [option["text"]["text"] for option in element["options"]]
    return found


def questions(form: Json) -> list[str]:
    """The inputs of a form, by block id."""
    return [block["block_id"] for block in form["blocks"] if block["type"] == "input"]


def option_labelled(blocks: Sequence[Json], action_id: str, label: str) -> str:
    for _, element in _elements(blocks):
        if element.get("action_id") == action_id:
            for option in element["options"]:
                if option["text"]["text"] == label:
                    return str(option["value"])
    raise AssertionError(f"nobody offers {label}")


def action_labelled(blocks: Sequence[Json], label: str) -> str:
    """The action of the button with this label."""
    for _, element in _elements(blocks):
        if element["type"] == "button" and element["text"]["text"] == label:
            return str(element["action_id"])
    raise AssertionError(f"there is no button {label}")


def on_home(view: Json, label: str, about: str | None) -> tuple[Json, Json]:
    """The (block, element) with this label, from the block with the words `about` on."""
    blocks = view["blocks"]
    start = 0 if about is None else next(n for n, block in enumerate(blocks) if about in words(block))
    for block, element in _elements(blocks[start:]):
        if element["type"] == "button" and element["text"]["text"] == label:
            return block, element
        if element["type"] == "overflow" and label in [option["text"]["text"] for option in element["options"]]:
            return block, element
    raise AssertionError(f"Home offers no {label}: {words(view)}")


def _elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def next_monday_morning(now: datetime) -> datetime:
    """9:00 UTC: people in Europe are at work, and no test stands near anybody's midnight."""
    day = (now + timedelta(days=7 - now.weekday())).date()
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@asynccontextmanager
async def office(database_url: str, folder: Path, *, request_port: int | None = None) -> AsyncIterator[Brightwater]:
    """Brightwater's Slack is up and stands still on a Monday at 9:00 UTC; no Lockstep is running yet."""
    request_url = None if request_port is None else f"http://127.0.0.1:{request_port}/slack/events"
    settings = SandboxSettings(
        company=company.load(company.DEFAULT_FILE),
        manifest=manifest.load(ROOT / "manifest.yml"),
        request_url=request_url,
    )
    async with running(settings) as sandbox, Slack(sandbox) as slack, Web() as web:
        brightwater = Brightwater(slack, web, database_url, folder, bot_port=request_port or 0)
        await slack.post("clock", {"running": False, "to": next_monday_morning(await brightwater.now()).isoformat()})
        yield brightwater


async def prepare(database_url: str, folder: Path) -> None:
    """The database has today's schema and Brightwater's roster."""
    migrate(database_url, lambda _: None)
    async with office(database_url, folder) as brightwater:
        environment = programs.bot_environment(
            brightwater.slack.url, database_url=database_url, port=0, socket_mode=True, name="setup"
        )
        outcome = await apply_file(ROSTER, environment)
        assert outcome.missing == ["Viktor Lindqvist"], "his account is deactivated"
