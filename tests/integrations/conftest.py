"""A fake Slack at the wire, and the real client in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.integrations.slack import SlackChat, web_client, web_session
from tests.integrations import fake_slack
from tests.integrations.fake_slack import FakeSlack


class ManualClock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack.running() as running:
        yield running


@pytest.fixture
async def chat(slack: FakeSlack, clock: ManualClock) -> AsyncIterator[SlackChat]:
    async with web_session() as session:
        yield SlackChat(web_client("xoxb-test", slack.base_url, session), clock, seed=1)
