"""A sandbox in the same loop on a free port, and somebody to drive it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from sandbox.server import running
from tests.sandbox.slack_driver import SETTINGS, Slack

Start = Callable[..., Awaitable[Slack]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """`await start(manifest=…, request_url=…)`: a sandbox with these settings, ended with the test."""
    async with AsyncExitStack() as stack:

        async def starting(**changes: object) -> Slack:
            sandbox = await stack.enter_async_context(running(SETTINGS(**changes)))
            return await stack.enter_async_context(Slack(sandbox))

        yield starting


@pytest.fixture
async def slack(start: Start) -> Slack:
    """A sandbox with the usual app, by Socket Mode; nothing is connected yet."""
    return await start()
