"""A sandbox as its own process, the showcase bot connected to it, and Chromium."""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.showcase_bot import ShowcaseBot

ROOT = Path(__file__).parents[2]
# conftest's autouse fixture clears LOCKSTEP_…, so this is read once, before any test.
CHROMIUM = os.environ.get("LOCKSTEP_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: its address, and its automation routes."""

    url: str

    def get(self, path: str, **query: str) -> Any:
        address = f"{self.url}/_sandbox/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address) as answer:
            return json.load(answer)

    def post(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}/_sandbox/{path}", json.dumps(body).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def person(self, name: str) -> str:
        return str(next(one["id"] for one in self.get("people") if one["name"] == name))

    def place(self, user: str, name: str) -> str:
        return str(next(one["id"] for one in self.get("places", user=user) if one["name"] == name))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of these tests alone, on a free port."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--manifest", "tests/browser/manifest.yml"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("sandbox ready on "), line
            yield Sandbox(line.split()[-1])
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def bot(sandbox: Sandbox) -> Iterator[ShowcaseBot]:
    running = ShowcaseBot(sandbox.url)
    yield running
    running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, sandbox: Sandbox) -> Iterator[OpenPage]:
    """Opens the page as somebody somewhere; a script error on the page fails the test."""
    contexts = []
    errors: list[str] = []

    def open_(user: str, place: str | None = None, *, width: int = 1280, height: int = 800, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{sandbox.url}/#/{user}" + (f"/{place}" if place else ""))
        page.wait_for_selector("#ready", state="attached")
        # The Start here note opens at a first visit and would cover a phone's page.
        if page.locator("#drawer").is_visible():
            page.locator("#drawer").get_by_role("button", name="Close Start here").click()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []
