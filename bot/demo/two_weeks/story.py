"""`lockstep demo --story two-weeks`: the script is played against a local Slack and a real bot; who read what when.

The sandbox and the bot are processes of their own, as in the demo; only their clock is moved, from one instant at which
something is due to the next. What people read is taken from the sandbox's record, not from what the bot says it did.
"""

from __future__ import annotations

import contextlib
import html
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.configuration import apply_file
from bot.demo import company, programs
from bot.demo.demo import free_port
from bot.demo.people import DM, Person, StoryBroke, words
from bot.demo.two_weeks.script import EVENTS, HOLIDAYS, Event
from bot.integrations.web import Web
from storage.schema import migrate

FOLDER = Path(__file__).parent
POOLS = ("leads-lisbon", "leads-new-york", "leads-kolkata", "lead-fallback", "marketing")
PACE_S = 2
"""Seconds after which what was just done has reached every screen: Slack takes one message a second."""
DAYS = 12
LONGEST = 160
COUNTRY = {"Europe/Lisbon": "PT", "America/New_York": "US", "Asia/Kolkata": "IN"}


@dataclass(frozen=True, slots=True)
class Read:
    """What stood before somebody from `at` on: a new message, or an edited one (`edited`), in a person's messages or,
    with `person` None, in a channel. `text` is everything in it, `title` how it is announced."""

    at: datetime
    person: Person | None
    place: str
    ts: str
    title: str
    text: str
    edited: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Something a person did, or that happened, at `at`."""

    at: datetime
    person: Person
    what: str


@dataclass(frozen=True, slots=True)
class Told:
    """The two weeks, as they were."""

    monday: date
    done: tuple[Done, ...]
    read: tuple[Read, ...]


async def tell() -> None:
    """Plays the story and prints its timeline. Raises StoryBroke, DidNotStart."""
    with tempfile.TemporaryDirectory(prefix="lockstep-story-") as folder:
        told = await play(Path(folder), say=lambda text: print(text, flush=True))  # noqa: T201 - this command's answer
    for line in timeline(told):
        print(line, flush=True)  # noqa: T201


async def play(folder: Path, *, database_url: str | None = None, say: Callable[[str], None] | None = None) -> Told:
    """The story from beginning to end, in `folder`; `say` hears of each day."""
    async with contextlib.AsyncExitStack() as stack:
        web = await stack.enter_async_context(Web())
        url = await stack.enter_async_context(
            programs.sandbox(web, folder, port=free_port(0), company=FOLDER / "company.toml")
        )
        story = Story(web, company.Slack(web, url), folder, database_url or f"sqlite:///{folder / 'lockstep.db'}")
        stack.push_async_callback(story.stop)
        await story.open()
        for event in sorted(EVENTS, key=story.instant):
            if say is not None and story.is_new_day(event):
                say(f"Day {event.day + 1} …")
            await story.run(event)
        await story.until(datetime.combine(story.monday + timedelta(days=DAYS), time(6), UTC))
        return await story.told()


class Story:
    """The company with its clock standing still, moved from event to event."""

    def __init__(self, web: Web, slack: company.Slack, folder: Path, database_url: str) -> None:
        self.monday = date.min
        self._web = web
        self._slack = slack
        self._folder = folder
        self._database_url = database_url
        self._people: dict[str, Person] = {}
        self._done: list[Done] = []
        self._bot = contextlib.AsyncExitStack()
        self._bot_url = ""
        self._day = -1
        self._leads = 0

    def __getattr__(self, first: str) -> Person:
        """Its people by first name."""
        if first.startswith("_") or first not in self._people:
            raise AttributeError(first)
        return self._people[first]

    async def open(self) -> None:
        """The first Monday is just before its first event; Lockstep runs with the roster."""
        await self._slack.load()
        now = await self._slack.now()
        self.monday = first_monday(now)
        await self._slack.move_to(datetime.combine(self.monday, time(3), UTC))
        for one in await self._slack.people():
            if one["email"]:
                person = Person(self._slack, one["email"], one["name"], ZoneInfo(one["tz"]))
                self._people[person.first.lower()] = person
        migrate(self._database_url, lambda _: None)
        await apply_file(FOLDER / "roster.toml", self._environment(free_port(0), "setup"))
        await self.start()

    def instant(self, event: Event) -> datetime:
        tz = self._people[event.who].tz
        return datetime.combine(self.monday + timedelta(days=event.day), time.fromisoformat(event.at), tz).astimezone(
            UTC
        )

    def is_new_day(self, event: Event) -> bool:
        before, self._day = self._day, event.day
        return self._day > before

    async def run(self, event: Event) -> None:
        at = self.instant(event)
        await self.until(at)
        self._done.append(Done(at, self._people[event.who], event.what))
        try:
            await event.act(self)
        except StoryBroke as error:
            raise StoryBroke(f"Day {event.day + 1}, {event.at}: {event.what}: {error}") from error
        await self._slack.advance(PACE_S)

    async def until(self, at: datetime) -> None:
        if at > await self._slack.now():
            await self._slack.move_to(at)

    async def lead(self, name: str, priority: str, account_of: str) -> None:
        of = self._people[account_of]
        self._leads += 1
        number = self._leads
        data = {
            "external_id": f"TW-{number}", "name": name, "company": f"{name.split()[1]} & Co.", "title": "Operations",
            "country": COUNTRY[of.tz.key], "email": f"{name.lower().replace(' ', '.')}@example.com",
            "priority": priority, "score": 70, "campaign": "spring-tour", "origin": "Spring tour",
            "summary": "Asked for prices after the tour.", "fields": {"account_of": account_of},
        }  # fmt: skip
        at = await self._slack.now()
        answer = await company.post_lead(self._web, self._bot_url, data, delivery=f"two-weeks-{number}", at=at)
        if answer.body.get("status") != "offered":
            raise StoryBroke(f"{name} was answered {answer.status} {answer.body}")

    async def start(self) -> None:
        port = free_port(0)
        self._bot_url = f"http://127.0.0.1:{port}"
        await self._bot.enter_async_context(
            programs.bot(self._web, self._folder, self._environment(port, "bot"), name="bot")
        )

    async def stop(self) -> None:
        await self._bot.aclose()

    def _environment(self, port: int, name: str) -> dict[str, str]:
        return programs.bot_environment(
            self._slack.url, database_url=self._database_url, port=port, socket_mode=True, name=name
        )

    async def told(self) -> Told:
        """Everything that was done, and everything that stood before anybody's eyes, in order."""
        read: list[Read] = []
        for person in self._people.values():
            read += await self._read(person, DM, person)
        for pool in POOLS:
            members = [one for one in self._people.values() if await self._is_in(one, pool)]
            read += await self._read(members[0], pool, None)
        return Told(self.monday, tuple(self._done), tuple(sorted(read, key=lambda one: one.at)))

    async def _is_in(self, person: Person, channel: str) -> bool:
        return any(one["name"].lstrip("#") == channel for one in await self._slack.places(person.email))

    async def _read(self, through: Person, place: str, person: Person | None) -> list[Read]:
        record = await self._slack.record(await through.place(place))
        return [
            Read(
                at=datetime.fromisoformat(version["at"]).astimezone(UTC),
                person=person,
                place=place,
                ts=str(message["ts"]),
                title=str(version["message"].get("text", "")),
                text=words(version["message"]),
                edited=version["what"] != "posted",
            )
            for message in record["messages"]
            for version in message["versions"]
            if version["message"] is not None and message["message"].get("subtype") != "channel_join"
        ]


def first_monday(now: datetime) -> date:
    """The Monday of the week before the next holiday that is a Tuesday, at least a day ahead."""
    days = (date(year, month, day) for year in range(now.year, now.year + 20) for month, day in sorted(HOLIDAYS))
    mondays = (day - timedelta(days=8) for day in days if day.weekday() == 1)
    return next(monday for monday in mondays if monday > now.date() + timedelta(days=1))


def timeline(told: Told) -> list[str]:
    """A line an event, by the clock of whoever did or read it; edits of messages are left out."""
    entries = [(done.at, _local(done.at, done.person), done.person.first, done.what) for done in told.done]
    for read in told.read:
        if read.edited:
            continue
        where = _local(read.at, read.person) if read.person is not None else f"{read.at:%a %d %b %H:%M} UTC"
        who = read.person.first if read.person is not None else f"#{read.place}"
        entries.append((read.at, where, who, f"reads: {_plain(read.title)}"))
    lines = [f"Two weeks from {told.monday:%A, %d %B %Y}: each instant by the clock of whoever it is about."]
    return lines + [f"{where:<32} {who:<16} {what}" for _, where, who, what in sorted(entries)]


def _local(at: datetime, person: Person) -> str:
    city = person.tz.key.rpartition("/")[2].replace("_", " ")
    return f"{at.astimezone(person.tz):%a %d %b %H:%M} {city}"


def _plain(text: str) -> str:
    """As a reader sees it: dates as their fallback says them."""
    shown = re.sub(r"<!date[^|>]*\|([^>]*)>", r"\1", text)
    return html.unescape(" ".join(shown.split()))[:LONGEST]
