"""The examples of docs/webhook.md, run as they stand there against a running Lockstep."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Application
from bot.views.webhook_example import curl_example
from sandbox.server import running
from tests.sandbox.slack_driver import SETTINGS
from tests.test_app import SECRET, prepared, settings

pytestmark = pytest.mark.story

PAGE = Path(__file__).parent.parent / "docs" / "webhook.md"


def example(language: str, url: str) -> str:
    """The example in `language`, with the address and the secret of the running one."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    text = re.sub(r"whsec_[A-Za-z0-9+/=]+", SECRET, found[1])
    return text.replace("http://127.0.0.1:3000/webhooks/leads/hubspot", f"{url}/webhooks/leads/crm")


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    database_url = await prepared(tmp_path)
    async with running(SETTINGS()) as sandbox, Application(settings(sandbox.url, database_url)) as application:
        yield f"http://127.0.0.1:{application.port}"


def test_the_curl_example_is_the_one_that_is_shown_with_a_new_secret() -> None:
    shown = curl_example("http://127.0.0.1:3000/webhooks/leads/hubspot", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert f"```bash\n{shown}\n```" in PAGE.read_text(encoding="utf-8")


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, failed = await process.communicate()
    assert process.returncode == 0, failed.decode()
    return said.decode()


async def test_the_python_example_hands_a_lead_over(url: str) -> None:
    said = await output(sys.executable, "-c", example("python", url))
    assert said.startswith("202 ")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")
async def test_the_curl_example_hands_a_lead_over(url: str) -> None:
    said = await output("bash", "-c", example("bash", url))
    assert "202 Accepted" in said
