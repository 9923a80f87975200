"""Makes the pictures of docs/images: a morning at Brightwater, played on the demo's own stack, seen in Chromium.

    make screenshots

Needs Debian's Chromium (LOCKSTEP_CHROMIUM names another). Everything else it starts and stops itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import picture_month
import picture_two_weeks
from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.demo import company
from bot.demo.company import Slack
from bot.demo.demo import start_company
from bot.integrations.web import Web

IMAGES = Path(__file__).parent / "images"
CHROMIUM = os.environ.get("LOCKSTEP_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--lang=en-GB", "--force-color-profile=srgb", "--font-render-hinting=none",
]  # fmt: skip
LAPTOP, PHONE = (1280, 800), (390, 844)
CARD, FORM, HOME, TALL = (1000, 800), (1280, 860), (1280, 850), (1280, 1150)
BERLIN = ZoneInfo("Europe/Berlin")

ANNA, JONAS, PRIYA, INES, TOMASZ, DIEGO, GRACE, YUKI, HELEN = (
    f"{name}@example.com"
    for name in (
        "anna.keller", "jonas.brandt", "priya.raman", "ines.carvalho", "tomasz.wojcik", "diego.fuentes",
        "grace.okafor", "yuki.tanaka", "helen.whitcombe",
    )
)  # fmt: skip
REPS = (JONAS, INES, TOMASZ, PRIYA, DIEGO, GRACE)


class Morning:
    """What happened at Brightwater before the pictures were taken."""

    def __init__(self, web: Web, slack: Slack, bot_url: str) -> None:
        self._web = web
        self._bot_url = bot_url
        self._leads = {lead["external_id"]: lead for lead in company.leads()}
        self.slack = slack

    async def goes_by(self) -> None:
        """Leads of Jonas and of the pool in every state; colleagues talk about them."""
        await self._until_tuesday_morning()
        await self._says(ANNA, "sales-europe", "Good morning. The webinar was last night, so expect warm ones today.")
        await self._says(JONAS, "sales-europe", "I am on it until noon; Tomasz is in Warsaw.")
        await self._types(TOMASZ, "/lockstep", "away")
        await self._lead("WEB-1002", 95)
        await self._accept(INES, "lead-pool", "Ateliers Marchand")
        await self._says(
            INES, "lead-pool", "Mine, I met Ateliers Marchand in Lyon. Off to their branch here, back at noon."
        )
        await self._types(INES, "/lockstep", "away")
        await self._lead("WEB-1004", 130)
        await self._accept(JONAS, "dm", "Rui Nogueira")
        for lead, name in (("WEB-1003", "Caroline"), ("WEB-1011", "Monique"), ("WEB-1007", "Alejandro")):
            await self._lead(lead, 75)
            await self._somebody_accepts(name)
        await self._lead("WEB-1006", 200)
        await self._accept(JONAS, "dm", "Katarzyna Zielinska")
        await self._lead("WEB-1012", 240)
        await self._reject("Giulia Ferrante")
        await self._lead("WEB-1009", 60)
        await self._lead("WEB-1001", 45)
        await self.slack.advance(250)

    async def goes_on(self) -> None:
        """People whom Jonas has come back that day, and the next morning he reads it in his brief."""
        for number, (lead, origin) in enumerate((("WEB-1004", "Pricing page"), ("WEB-1006", "Webinar, recording"))):
            again = {**self._leads[lead], "external_id": f"BACK-{number}", "origin": origin}
            self._leads[again["external_id"]] = again
            await self._lead(again["external_id"], 1800)
        await self._until(days=1, at=time(9, 1))

    async def _until_tuesday_morning(self) -> None:
        today = (await self.slack.now()).astimezone(BERLIN).weekday()
        await self._until(days=(1 - today) % 7 or 7, at=time(8, 41))

    async def _until(self, *, days: int, at: time) -> None:
        now = (await self.slack.now()).astimezone(BERLIN)
        then = datetime.combine(now.date() + timedelta(days=days), at, BERLIN).astimezone(UTC)
        await self.slack.advance(int((then - now).total_seconds()))

    async def _says(self, email: str, channel: str, text: str) -> None:
        await self.slack.act(email, await self.slack.place(email, channel), "message", text=text)
        await self.slack.advance(40)

    async def _lead(self, external_id: str, seconds: int) -> None:
        lead, now = self._leads[external_id], await self.slack.now()
        answer = await company.post_lead(self._web, self._bot_url, lead, delivery=external_id, at=now)
        if answer.status != 202:
            raise SystemExit(f"{external_id} was answered {answer.status} {answer.body}")
        await self.slack.advance(seconds)

    async def _types(self, email: str, command: str, text: str) -> None:
        await self.slack.act(email, await self.slack.place(email, "dm"), "command", command=command, text=text)

    async def _accept(self, email: str, place_name: str, words: str) -> None:
        place = await self.slack.place(email, place_name)
        card = await self.card(email, place, words)
        await self.slack.act(email, place, "click", message_ts=card["ts"], action_id="handoff.accept")
        await self.slack.advance(45)

    async def _somebody_accepts(self, name: str) -> None:
        for email in REPS:
            place = await self.slack.place(email, "dm")
            if any(name in str(message["blocks"]) for message in (await self.slack.screen(email, place))["messages"]):
                await self._accept(email, "dm", name)

    async def _reject(self, name: str) -> None:
        place = await self.slack.place(JONAS, "dm")
        card = await self.card(JONAS, place, name)
        await self.slack.act(JONAS, place, "click", message_ts=card["ts"], action_id="handoff.reject")
        form = {"in": "form", "action_id": "reject.reason", "block_id": "reason"}
        await self.slack.act(JONAS, place, "select", **form, value="not_icp")
        comment = "Nine people, one of them in sales. Our smallest plan starts at fifty."
        values = {"criterion": {"answer": "Size"}, "comment": {"answer": comment}}
        await self.slack.act(JONAS, place, "submit", values=values)
        await self.slack.advance(30)

    async def card(self, email: str, place: str, words: str) -> dict[str, Any]:
        for message in (await self.slack.screen(email, place))["messages"]:
            if words in str(message["blocks"]):
                found: dict[str, Any] = message
                return found
        raise SystemExit(f"{email} sees no card of {words}")


def has_button(message: dict[str, Any], action_id: str) -> bool:
    return any(
        element.get("action_id") == action_id for block in message["blocks"] for element in block.get("elements", ())
    )


class Camera:
    """Takes pictures of the page as somebody, somewhere."""

    def __init__(self, browser: Browser, slack: Slack) -> None:
        self._browser = browser
        self._slack = slack

    @contextlib.asynccontextmanager
    async def looking(
        self, email: str, place: str, size: tuple[int, int], *, dark: bool = False
    ) -> AsyncIterator[Page]:
        """The page of this person at `place`: `home`, `dm` or a channel's name."""
        where = "home" if place == "home" else await self._slack.place(email, place)
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        try:
            page = await context.new_page()
            await page.goto(f"{self._slack.url}/#/{self._slack.ids[email]}/{where}")
            await page.wait_for_selector("#ready", state="attached")
            if await page.locator("#drawer").is_visible():
                # A form may stand before it.
                await page.locator("#drawer").get_by_role("button", name="Close Start here").dispatch_event("click")
            await page.wait_for_timeout(400)
            yield page
        finally:
            await context.close()

    async def take(self, name: str, what: Page | Locator) -> None:
        path = IMAGES / f"{name}.png"
        await what.screenshot(path=path, animations="disabled", caret="hide")
        print(f"{path.name:24} {path.stat().st_size // 1024:4} kB", flush=True)


async def take_all(browser: Browser, morning: Morning) -> None:
    slack, camera = morning.slack, Camera(browser, morning.slack)
    place = await slack.place(JONAS, "dm")
    waiting = [one for one in (await slack.screen(JONAS, place))["messages"] if has_button(one, "handoff.accept")]
    card = f'#main .message[data-ts="{waiting[-1]["ts"]}"]'

    for name, dark in (("light", False), ("dark", True)):
        async with camera.looking(JONAS, "lead-pool" if dark else "dm", LAPTOP, dark=dark) as page:
            await camera.take(f"page-laptop-{name}", page)
        async with camera.looking(JONAS, "dm", PHONE, dark=dark) as page:
            await camera.take(f"page-phone-{name}", page)
    for name, dark in (("home", False), ("home-dark", True)):
        async with camera.looking(JONAS, "home", HOME, dark=dark) as page:
            await page.wait_for_selector("#main header, #main .block-header, #main [data-block]")
            await camera.take(name, page)

    for name, email in (("home-manager", ANNA), ("home-marketer", HELEN)):
        async with camera.looking(email, "home", TALL) as page:
            await camera.take(name, page)
    async with camera.looking(ANNA, "home", PHONE, dark=True) as page:
        await camera.take("home-manager-phone", page)

    async with camera.looking(YUKI, "dm", CARD) as page:
        await camera.take("marketing-hears", page.locator("#main .message").last)
    async with camera.looking(JONAS, "dm", FORM) as page:
        await page.locator(card).get_by_role("button", name="Reject").click()
        form = page.get_by_role("dialog")
        await form.get_by_text("Real, but later").click()
        await form.get_by_text("When should it come back?").wait_for()
        await page.wait_for_timeout(300)
        await camera.take("reject-form", page)
        await form.get_by_role("button", name="Cancel").click()
    async with camera.looking(JONAS, "dm", CARD) as page:
        await camera.take("card-before", page.locator(card))
        await page.locator(card).get_by_role("button", name="Accept").click()
        await page.locator(card).get_by_text("Accepted by").first.wait_for()
        await page.mouse.move(5, 400)
        await page.wait_for_timeout(300)
        await camera.take("card-after", page.locator(card))

    await morning.goes_on()
    for name, size, dark in (("brief", CARD, False), ("brief-phone", PHONE, True)):
        async with camera.looking(JONAS, "dm", size, dark=dark) as page:
            await camera.take(name, page.locator("#main .message").last if not dark else page)


async def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lockstep-pictures-")))
        web = await stack.enter_async_context(Web())
        slack, bot_url = await start_company(stack, web, folder)
        morning = Morning(web, slack, bot_url)
        for email in (*REPS, ANNA, HELEN):
            await slack.act(email, await slack.place(email, "dm"), "open_home")
        await morning.goes_by()
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            await take_all(browser, morning)
            await picture_two_weeks.take_all(web, lambda slack: Camera(browser, slack))
            await picture_month.take_all(web, lambda slack: Camera(browser, slack))
        finally:
            await browser.close()
    await set_up()


async def set_up() -> None:
    """The way from nothing to the first lead, as the test in a browser goes it: checklist, rule, secret, routing
    test, accepted lead."""
    test = ("-m", "pytest", "-q", "-m", "browser", "tests/browser/test_from_nothing.py")
    environment = {**os.environ, "LOCKSTEP_PICTURES": str(IMAGES), "LOCKSTEP_CHROMIUM": CHROMIUM}
    run = await asyncio.create_subprocess_exec(sys.executable, *test, cwd=IMAGES.parents[1], env=environment)
    if await run.wait():
        raise SystemExit("The way from nothing to the first lead broke: see above.")


if __name__ == "__main__":
    asyncio.run(main())
