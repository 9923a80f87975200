"""Pictures of field notes, campaign alerts and their digests: at the end of the story “a month”."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from playwright.async_api import Locator, Page

from bot.demo.a_month.story import Story
from bot.demo.company import Slack
from bot.demo.demo import start_company
from bot.integrations.web import Web

LAPTOP, TALL, PHONE, CARD = (1280, 900), (1280, 1500), (390, 844), (1000, 1500)
LONG_PHONE = (390, 2600)
"""A message as long as this is in one picture."""
JONAS, YUKI, ANNA, SAM, HELEN = (
    f"{name}@example.com" for name in ("jonas.brandt", "yuki.tanaka", "anna.keller", "sam.patel", "helen.whitcombe")
)
DIGESTS = (("digest-field-notes", HELEN, "marketing"), ("digest-campaigns", JONAS, "campaigns"))
HEARD = "Integration with Dynamics: they ask for a date, in writing."
DAY_S = 24 * 3600


class Camera(Protocol):
    def looking(
        self, email: str, place: str, size: tuple[int, int], *, dark: bool = False
    ) -> contextlib.AbstractAsyncContextManager[Page]: ...

    async def take(self, name: str, what: Page | Locator) -> None: ...


async def take_all(web: Web, camera_of: Callable[[Slack], Camera]) -> None:
    """The month is played, then photographed."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lockstep-pictures-")))
        slack, bot_url = await start_company(stack, web, folder)
        story = Story(web, slack, bot_url)
        await story.play()
        await _Pictures(story, slack, camera_of(slack)).take()


class _Pictures:
    def __init__(self, story: Story, slack: Slack, camera: Camera) -> None:
        self._story = story
        self._slack = slack
        self._camera = camera

    async def take(self) -> None:
        for name, reader, place in DIGESTS:
            await self._digest(name, reader, place)
        await self._alerts()
        await self._homes()
        await self._found()
        await self._loop()

    async def _digest(self, name: str, reader: str, place: str) -> None:
        for ending, size, dark in (
            ("", CARD, False),
            ("-dark", CARD, True),
            ("-phone", LONG_PHONE, False),
            ("-phone-dark", LONG_PHONE, True),
        ):
            async with self._camera.looking(reader, place, size, dark=dark) as page:
                message = page.locator("#main .message").filter(has=page.get_by_role("button", name="Show all")).last
                await self._camera.take(f"{name}{ending}", message)

    async def _alerts(self) -> None:
        for name, size, dark in (("alert", TALL, False), ("alert-phone", PHONE, True)):
            async with self._camera.looking(JONAS, "campaigns", size, dark=dark) as page:
                alert = page.locator("#main .message").filter(has_text="Autumn search ads").first
                await alert.scroll_into_view_if_needed()
                if not dark:
                    await alert.get_by_role("button", name="repl").click()
                    await page.wait_for_timeout(500)
                    await alert.scroll_into_view_if_needed()
                await self._camera.take(name, page)
        async with self._camera.looking(ANNA, "dm", CARD) as page:
            asked = page.locator("#main .message").filter(has=page.get_by_role("button", name="Approve")).last
            await self._camera.take("alert-approve", asked)
        sam = self._story.person("sam")
        await sam.uses("campaign.new")
        for name, size, dark in (("alert-form", TALL, False), ("alert-form-phone", PHONE, True)):
            async with self._camera.looking(SAM, "dm", size, dark=dark) as page:
                await self._camera.take(name, page)
        await sam.closes()

    async def _homes(self) -> None:
        for name, email in (("home-marketer-notes", YUKI), ("home-rep-campaigns", JONAS)):
            async with self._camera.looking(email, "home", TALL) as page:
                await page.wait_for_timeout(1500)
                await self._camera.take(name, page)

    async def _found(self) -> None:
        jonas, yuki = self._story.person("jonas"), self._story.person("yuki")
        await jonas.types("/lockstep", "find logistics")
        await self._window("find", JONAS)
        await jonas.types("/lockstep", "notes")
        await self._window("my-field-notes", JONAS)
        await jonas.closes()
        await yuki.opens_home()
        await yuki.presses_on_home_beside("Open…", "No Dynamics integration")
        await self._window("theme", YUKI)
        await self._window("theme-phone", YUKI, PHONE, dark=True)
        await yuki.closes()

    async def _loop(self) -> None:
        """Typed, answered, told."""
        async with self._camera.looking(JONAS, "sales-europe", LAPTOP) as page:
            box = page.locator("#main .composer-text")
            await box.fill(f"/note {HEARD}")
            await box.press("Enter")
            saved = page.locator("#main .ephemeral").last
            await saved.get_by_text("Saved as a field note").wait_for()
            await page.mouse.move(5, 400)
            await self._camera.take("note-typed", saved)
            await saved.get_by_role("button", name="Same as this").first.click()
            await saved.get_by_text("people said the same").wait_for()
        yuki = self._story.person("yuki")
        await yuki.opens_home()
        await yuki.presses_on_home_beside("Open…", "No Dynamics integration")
        await yuki.presses_in_form("Answer…")
        await yuki.chooses("Acted")
        await yuki.fills(
            {"answer": "It comes in April: the date stands on the integration page, and you may quote it."}
        )
        await self._window("note-answered", YUKI)
        await yuki.submits()
        await yuki.closes()
        await self._slack.advance(DAY_S)
        async with self._camera.looking(JONAS, "dm", CARD) as page:
            brief = page.locator("#main .message").filter(has_text="Answers to your field notes").last
            await self._camera.take("note-told", brief)

    async def _window(self, name: str, reader: str, size: tuple[int, int] = LAPTOP, *, dark: bool = False) -> None:
        async with self._camera.looking(reader, "dm", size, dark=dark) as page:
            await self._camera.take(name, page)
