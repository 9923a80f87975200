"""Pictures of the agreement, its clock, and what happens after Accept: the first days of the story “two weeks”."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from playwright.async_api import Locator, Page

from bot.demo import programs
from bot.demo.company import Slack
from bot.demo.demo import free_port
from bot.demo.people import Person
from bot.demo.two_weeks.script import EVENTS, LUNCH
from bot.demo.two_weeks.story import FOLDER, Story
from bot.integrations.web import Web

LAPTOP, PHONE, CARD, TALL = (1280, 800), (390, 844), (1000, 900), (1280, 1000)
DISPUTED = "Miguel Torres"


class Camera(Protocol):
    def looking(
        self, email: str, place: str, size: tuple[int, int], *, dark: bool = False
    ) -> contextlib.AbstractAsyncContextManager[Page]: ...

    async def take(self, name: str, what: Page | Locator) -> None: ...


async def take_all(web: Web, camera_of: Callable[[Slack], Camera]) -> None:
    """The company is started, lives its first days, and is photographed on the way."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lockstep-pictures-")))
        sandbox = programs.sandbox(web, folder, port=free_port(0), company=FOLDER / "company.toml")
        slack = Slack(web, await stack.enter_async_context(sandbox))
        story = Story(web, slack, folder, f"sqlite:///{folder / 'lockstep.db'}")
        stack.push_async_callback(story.stop)
        await story.open()
        await _Pictures(story, slack, camera_of(slack)).take()


class _Pictures:
    def __init__(self, story: Story, slack: Slack, camera: Camera) -> None:
        self._story = story
        self._slack = slack
        self._camera = camera

    async def take(self) -> None:
        await self._plays_until("09:30")
        await self._agreement()
        await self._plays_until("12:50", included=True)
        await self._message("card-due", self._story.rita, "Decide by")
        await self._until("12:58")
        await self._message("reminder", self._story.rita, "Waits for a decision")
        await self._pages("reminder-phone", self._story.rita, PHONE)
        await self._until("14:02")
        await self._message("at-risk", self._story.marta, "At risk")
        await self._pages("at-risk-phone", self._story.marta, PHONE, only_dark=True)
        await self._plays_until("14:48")
        await self._until("14:49")
        await self._message("reached-them", self._story.rita, "Reached them?")
        await self._life()
        await self._dispute()

    async def _agreement(self) -> None:
        helena = self._story.helena
        await helena.presses("Sign…", "of the agreement")
        await self._pages("agreement-sign", helena, LAPTOP)
        await self._pages("agreement-sign-phone", helena, PHONE, only_dark=True)
        await helena.closes()
        await helena.presses("Open", "of the agreement")
        await self._pages("agreement", helena, TALL)
        await helena.closes()

    async def _life(self) -> None:
        """A lead's whole life: three attempts, contacted, qualified, an opportunity, won."""
        rita = self._story.rita
        for how in ("Call", "Mail", "Call"):
            await self._logs(rita, "Attempt", how)
        await rita.presses("Log outcome", LUNCH)
        await self._pages("log-outcome", rita, TALL)
        await self._pages("log-outcome-phone", rita, PHONE, only_dark=True)
        await rita.closes()
        await self._logs(rita, "Contacted")
        await self._logs(rita, "Qualified")
        later = self._story.monday + timedelta(days=60)
        await self._logs(rita, "Opportunity", amount="12,000", currency="EUR", expected_close=later.isoformat())
        await self._logs(rita, "Won", "Best fit for the need")
        await self._message("card-won", rita, "*Won*")
        await self._message("first-win", self._story.neil, "First win of")

    async def _logs(self, rep: Person, what: str, *choices: str, **answers: str) -> None:
        await rep.presses("Log outcome", LUNCH)
        await rep.chooses(what)
        for one in choices:
            await rep.chooses(one)
        await rep.submits(**answers)
        await self._slack.advance(40)

    async def _dispute(self) -> None:
        story = self._story
        await story.lead(DISPUTED, "warm", "bruno")
        await self._slack.advance(60)
        await story.bruno.presses("Reject", DISPUTED)
        await story.bruno.chooses("Not ready to talk to sales")
        await story.bruno.submits(comment="Only looking around.")
        await self._slack.advance(60)
        await story.neil.presses("Dispute…", DISPUTED)
        await story.neil.submits(why="They asked for a price on our pricing page, twice this week.")
        await self._slack.advance(60)
        await self._message("reject-disputed", story.neil, "Disputed")
        await self._message("dispute", story.marta, "disputes a reject")

    async def _message(self, name: str, reader: Person, words: str) -> None:
        async with self._camera.looking(reader.email, "dm", CARD) as page:
            message = page.locator("#main .message").filter(has_text=words.strip("*")).last
            await self._camera.take(name, message)

    async def _pages(self, name: str, reader: Person, size: tuple[int, int], *, only_dark: bool = False) -> None:
        for dark in (True,) if only_dark else (False, True):
            async with self._camera.looking(reader.email, "dm", size, dark=dark) as page:
                await self._camera.take(f"{name}-dark" if dark and not only_dark else name, page)

    async def _plays_until(self, at: str, *, included: bool = False) -> None:
        """Every event of the first day before `at` in Lisbon that was not played yet, and by then the one at it."""
        end = self._lisbon(at)
        for event in sorted(EVENTS, key=self._story.instant):
            instant = self._story.instant(event)
            if instant >= await self._slack.now() and (instant < end or (included and instant == end)):
                await self._story.run(event)
        await self._story.until(end)

    async def _until(self, at: str) -> None:
        await self._story.until(self._lisbon(at))

    def _lisbon(self, at: str) -> datetime:
        return datetime.combine(self._story.monday, time.fromisoformat(at), self._story.rita.tz).astimezone(UTC)
