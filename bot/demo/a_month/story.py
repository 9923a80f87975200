"""`lockstep demo --story a-month`: a month is played on the page's own Slack, and then stands there to be looked at.

The sandbox and the bot are processes of their own, as in the demo; only their clock is moved.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import company
from bot.demo.a_month import campaigns, notes
from bot.demo.a_month.office import Event, Json
from bot.demo.people import Person, StoryBroke
from bot.integrations.web import Web

FOLDER = Path(__file__).parent
DAYS = 28
"""Of the month; on the Monday after it both digests are there to be read."""
END = time(9, 30)
LONDON = ZoneInfo("Europe/London")
PACE_S = 2
"""Seconds after which what was just done has reached every screen: Slack takes one message a second."""
LONGEST = 110


async def a_month(web: Web, slack: company.Slack, bot_url: str) -> None:
    """The month is played, told line by line, and stays until interrupted, with the clock running."""
    _say("A month of Brightwater is played now, in a minute or two; watch it on the page, or wait.")
    await Story(web, slack, bot_url).play(_say)
    await slack.runs()
    _say(f"It is Monday morning, both digests are out. Look at them on the page: {slack.url}/")
    await asyncio.Event().wait()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the demo talks to whoever started it


def events() -> Iterator[Event]:
    """Everything that happens, in no order."""
    yield Event(0, "08:50", "helen", "sets up both digests", campaigns.schedules)
    for theme in _read("notes")["themes"]:
        yield from notes.of_theme(theme)
    for campaign in _read("campaigns")["campaigns"]:
        yield from campaigns.of_campaign(campaign)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


class Story:
    """Brightwater with its clock standing still, moved from event to event."""

    def __init__(self, web: Web, slack: company.Slack, bot_url: str) -> None:
        self.slack = slack
        self.monday = date.min
        self._web = web
        self._bot_url = bot_url
        self._people: dict[str, Person] = {}

    async def open(self) -> None:
        """It is early on the first Monday."""
        now = await self.slack.now()
        self.monday = now.date() + timedelta(days=7 - now.weekday())
        await self.slack.move_to(datetime.combine(self.monday, time(3), UTC))
        for one in await self.slack.people():
            if one["email"] and not one["deleted"]:
                person = Person(self.slack, one["email"], one["name"], ZoneInfo(one["tz"]))
                self._people[company.plain(person.first)] = person

    def person(self, first: str) -> Person:
        return self._people[first]

    def instant(self, event: Event) -> datetime:
        day = self.monday + timedelta(days=event.day)
        return datetime.combine(day, time.fromisoformat(event.at), self.person(event.who).tz).astimezone(UTC)

    async def run(self, event: Event) -> None:
        await self.until(self.instant(event))
        try:
            await event.act(self)
        except StoryBroke as error:
            raise StoryBroke(f"Day {event.day + 1}, {event.at}, {event.who}: {event.what}: {error}") from error
        await self.slack.advance(PACE_S)

    async def until(self, at: datetime) -> None:
        if at > await self.slack.now():
            await self.slack.move_to(at)

    async def play(self, say: Callable[[str], None] = lambda _: None, *, days: int = DAYS) -> None:
        """From the first Monday to the Monday after the month, just after both digests, or to the morning after fewer
        days; `say` hears a line an event."""
        await self.open()
        for event in sorted((one for one in events() if one.day < days), key=self.instant):
            await self.run(event)
            if event.what:
                person = self.person(event.who)
                at = self.instant(event).astimezone(person.tz)
                line = f"{at:%a %d %b %H:%M}  {person.first:<7} {event.what}"
                say(line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…")
        await self.until(datetime.combine(self.monday + timedelta(days=days), END, LONDON).astimezone(UTC))

    async def lead(self, data: Json) -> None:
        at = await self.slack.now()
        answer = await company.post_lead(self._web, self._bot_url, data, delivery=data["external_id"], at=at)
        if answer.body.get("status") != "offered":
            raise StoryBroke(f"{data['name']} was answered {answer.status} {answer.body}")
