"""From nothing to the first accepted lead, by a new admin, from the page alone; the time it took is printed.

With LOCKSTEP_PICTURES naming a folder, pictures of the way are put there (docs/take_screenshots.py does).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import ROOT, Sandbox

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("LOCKSTEP_PICTURES")
STACKED = 3
"""Windows that Slack stacks at most."""
REPS = ("Jonas Brandt", "Inês Carvalho")


@pytest.fixture
def empty() -> Iterator[Sandbox]:
    """`lockstep demo --empty`, as somebody would start it."""
    command = [sys.executable, "-m", "bot", "demo", "--empty", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        try:
            found = re.search(r"http://\S+?(?=/ )", demo.stdout.readline())
            assert found is not None
            yield Sandbox(found[0])
        finally:
            demo.send_signal(signal.SIGINT)


class Newcomer:
    """Somebody at the page, who only sees what it shows."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    @property
    def home(self) -> Locator:
        return self.page.get_by_role("tabpanel", name="Home")

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog").last

    def opens(self) -> None:
        self.page.goto(self._url)
        self.page.wait_for_selector("#ready", state="attached")
        expect(self.page.locator("#drawer")).to_contain_text("it knows nobody")
        self.page.locator("#drawer").get_by_role("button", name="Close Start here").click()

    def becomes(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile("^You are")).click()
        self.page.get_by_role("menuitemradio", name=name).click()
        expect(self.page.get_by_role("button", name=re.compile(f"^You are.*{name}"))).to_be_visible()

    def goes(self, tab: str) -> None:
        self.page.get_by_role("link", name=re.compile("Lockstep")).click()
        self.page.get_by_role("tab", name=tab).click()

    def presses(self, where: Locator, label: str) -> None:
        where.get_by_role("button", name=label, exact=True).click()

    def chooses(self, question: str, *labels: str) -> None:
        """Options of the menu at this question of the window."""
        control = self.window.get_by_role("button", name=re.compile(f"^{re.escape(question)}"))
        control.click()
        for label in labels:
            self.page.get_by_role("combobox").fill(label)
            self.page.get_by_role("option", name=re.compile(re.escape(label))).first.click()
        if self.page.get_by_role("listbox").count():
            self.page.get_by_role("combobox").press("Escape")

    def writes(self, question: str, text: str) -> None:
        self.window.get_by_role("textbox", name=question, exact=True).fill(text)

    def closes(self) -> None:
        """The window on top, and those below it."""
        windows = self.page.get_by_role("dialog")
        for _ in range(STACKED):
            if windows.count():
                self.page.keyboard.press("Escape")
                self.page.wait_for_timeout(300)
        expect(windows).to_have_count(0)

    def takes_a_picture(self, name: str) -> None:
        if PICTURES:
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled", caret="hide")


def test_a_new_admin_gets_from_nothing_to_the_first_accepted_lead(browser: Browser, empty: Sandbox) -> None:
    started = time.monotonic()
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    noor = Newcomer(page, empty.url)
    noor.opens()
    noor.becomes("Noor Haddad")
    noor.goes("Home")
    noor.presses(noor.home, "Set up Lockstep")
    expect(noor.home).to_contain_text("0 of 6 steps done")
    noor.takes_a_picture("set-up-checklist")

    noor.presses(noor.home, "People…")
    noor.presses(noor.window, "Add people…")
    noor.chooses("Who?", *REPS)
    noor.presses(noor.window, "Add")
    expect(noor.window).to_contain_text("are on the roster now")
    noor.closes()
    expect(noor.home).to_contain_text("1 of 6 steps done")

    noor.presses(noor.home, "Teams…")
    noor.presses(noor.window, "Add a team…")
    noor.writes("Name", "Europe")
    noor.chooses("Members", *REPS)
    noor.presses(noor.window, "Save")
    expect(noor.window).to_contain_text("key europe")
    noor.closes()
    expect(noor.home).to_contain_text("2 of 6 steps done")

    noor.presses(noor.home, "Routing…")
    noor.presses(noor.window, "Add a rule…")
    noor.writes("Name", "Every lead")
    noor.chooses("How is it compared?", "whatever it says")
    noor.chooses("Who gets the lead?", "Team Europe, in turn")
    noor.takes_a_picture("set-up-rule")
    noor.presses(noor.window, "Add")
    expect(noor.window).to_contain_text("Every lead")
    noor.closes()
    expect(noor.home).to_contain_text("3 of 6 steps done")

    noor.presses(noor.home, "Channels…")
    noor.chooses("Fallback channel", "#lead-fallback")
    noor.chooses("Marketing channel", "#marketing")
    noor.presses(noor.window, "Save")
    expect(noor.home).to_contain_text("4 of 6 steps done")

    noor.presses(noor.home, "Sources…")
    noor.presses(noor.window, "Add a source…")
    noor.writes("Name", "Website forms")
    noor.writes("Key", "website")
    noor.presses(noor.window, "Add")
    expect(noor.window).to_contain_text("whsec_")
    noor.takes_a_picture("set-up-source")
    noor.closes()
    expect(noor.home).to_contain_text("5 of 6 steps done")

    noor.presses(noor.home, "Who would get this lead?")
    noor.writes("Company", "Analytical Engines")
    noor.presses(noor.window, "Try")
    expect(noor.window).to_contain_text("Every lead")
    noor.takes_a_picture("routing-test")
    chosen = next(name for name in REPS if name in noor.window.inner_text())
    noor.closes()

    noor.presses(noor.home, "First lead…")
    noor.presses(noor.window, "Hand over a lead…")
    noor.writes("Name", "Ada Lovelace")
    noor.writes("Company", "Analytical Engines")
    noor.writes("Phone", "+44 20 7946 0958")
    noor.writes("Why should a rep call?", "Asked how forecasts are shared with finance.")
    noor.presses(noor.window, "Hand over")
    expect(noor.home).to_contain_text("Lockstep is set up.")
    noor.closes()

    noor.becomes(chosen)
    noor.goes("Messages")
    card = page.locator("#main .message", has_text="Ada Lovelace")
    # What screen readers say of the button names the lead, too.
    card.get_by_role("button", name="Accept Ada Lovelace").click()
    expect(card).to_contain_text(f"Accepted by {chosen}")
    expect(card).to_contain_text("+44")
    noor.takes_a_picture("first-lead-accepted")
    print(f"From nothing to the first accepted lead: {time.monotonic() - started:.1f} s")
    assert errors == []
    context.close()
