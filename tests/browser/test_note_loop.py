"""At the page: a rep says what they heard in three actions at most, a marketer answers, the rep is told.

Each click and each press of Enter is an action; typing what was heard is one.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import ROOT, Sandbox

pytestmark = pytest.mark.browser

HEARD = "Too expensive for a team of five. Said twice this week."
DONE = "A plan for small teams comes in spring."
LAPTOP, PHONE = (1280, 860), (390, 844)


@pytest.fixture(scope="module")
def demo() -> Iterator[Sandbox]:
    """`lockstep demo`, as somebody would start it."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://\S+?(?=/ )", process.stdout.readline())
            assert found is not None
            yield Sandbox(found[0])
        finally:
            process.send_signal(signal.SIGINT)


class Reader:
    """Somebody at the page; `actions` counts what they did since the last look."""

    def __init__(self, browser: Browser, demo: Sandbox, name: str, place: str, size: tuple[int, int]) -> None:
        self._demo = demo
        self.id = demo.person(name)
        where = place if place == "home" else demo.place(self.id, place)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", locale="en-GB"
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.goto(f"{demo.url}/#/{self.id}/{where}")
        self.page.wait_for_selector("#ready", state="attached")
        self.page.locator("#drawer").get_by_role("button", name="Close Start here").click()
        self.actions = 0

    def presses(self, control: Locator) -> None:
        self.actions += 1
        control.click()

    def types(self, box: Locator, text: str) -> None:
        self.actions += 1
        box.fill(text)

    def sends(self, box: Locator) -> None:
        self.actions += 1
        box.press("Enter")

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog").last

    def leaves(self) -> None:
        """With every window closed: they are this person's wherever they look next."""
        while self.page.get_by_role("dialog").count():
            title = self.window.get_by_role("heading").first.inner_text()
            with self.page.expect_response(re.compile("/_sandbox/act")):
                self.page.keyboard.press("Escape")
            expect(self.page.get_by_role("dialog", name=title, exact=True)).to_have_count(0)
        self.page.context.close()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_note_takes_two_actions_and_its_writer_reads_what_became_of_it(
    browser: Browser, demo: Sandbox, size: tuple[int, int]
) -> None:
    heard = f"{HEARD} Seen at {size[0]} points."
    jonas = Reader(browser, demo, "Jonas Brandt", "sales-europe", size)
    box = jonas.page.locator("#main .composer-text")
    jonas.types(box, f"/note {heard}")
    jonas.sends(box)
    expect(jonas.page.locator("#main .ephemeral", has_text=heard)).to_contain_text("Saved as a field note")
    assert jonas.actions <= 3

    yuki = Reader(browser, demo, "Yuki Tanaka", "home", size)
    row = yuki.page.get_by_role("tabpanel", name="Home").locator('[data-block="section"]', has_text=heard)
    yuki.presses(row.get_by_role("button", name=re.compile("^Answer")))
    yuki.presses(yuki.window.get_by_role("radio", name="Acted"))
    yuki.types(yuki.window.get_by_role("textbox", name="In a sentence"), DONE)
    yuki.presses(yuki.window.get_by_role("button", name="Send", exact=True))
    expect(yuki.window).to_contain_text(re.compile("author is told|Acted on"))

    jonas.page.goto(f"{demo.url}/#/{jonas.id}/{demo.place(jonas.id, 'Lockstep')}")
    demo.post("clock", {"advance_s": 4 * 24 * 3600})
    brief = jonas.page.locator("#main .message", has_text=DONE).last
    expect(brief).to_contain_text(heard[:40])
    expect(brief).to_contain_text("Yuki Tanaka")
    jonas.leaves()
    yuki.leaves()


def test_a_note_is_saved_from_the_message_of_a_colleague_in_three_actions(browser: Browser, demo: Sandbox) -> None:
    anna = Reader(browser, demo, "Anna Keller", "sales-europe", LAPTOP)
    words = "Their CFO said: show me one quarter you got wrong."
    anna.types(anna.page.locator("#main .composer-text"), words)
    anna.sends(anna.page.locator("#main .composer-text"))
    ines = Reader(browser, demo, "Inês Carvalho", "sales-europe", LAPTOP)
    message = ines.page.locator("#main .message", has_text=words)
    message.hover()
    ines.presses(message.get_by_role("button", name="More message actions"))
    ines.presses(ines.page.get_by_role("menuitem", name="Save as field note"))
    expect(ines.window).to_contain_text("A message of Anna Keller in a public channel")
    ines.presses(ines.window.get_by_role("button", name="Save", exact=True))
    expect(ines.window).to_contain_text("Saved as a field note")
    assert ines.actions <= 3
    anna.leaves()
    ines.leaves()
