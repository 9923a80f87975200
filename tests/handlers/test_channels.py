"""Where a brief may come: a channel of this workspace alone that its reader and Lockstep are both in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.integrations.slack import web_client, web_session
from handlers.channels import Fit, fit_of
from tests.handlers import wire as wires
from tests.handlers.wire import Wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wires.running() as wire:
        yield wire


@pytest.fixture
async def client(wire: Wire) -> AsyncIterator[AsyncWebClient]:
    async with web_session() as session:
        client = web_client("xoxb-test", f"{wire.url}/api/", session)
        client.proxy = None
        yield client


@pytest.mark.parametrize(
    ("channel", "listed", "fit"),
    [
        ({"is_member": True}, ["C1"], Fit.FITS),
        ({"is_member": True}, ["C2"], Fit.NOT_BOTH_IN),
        ({"is_member": False}, ["C1"], Fit.NOT_BOTH_IN),
        ({"is_member": True, "is_ext_shared": True}, ["C1"], Fit.SHARED),
        ({"is_member": True, "is_pending_ext_shared": True}, ["C1"], Fit.SHARED),
    ],
)
async def test_a_channel_that_others_read_is_none_for_a_brief(
    wire: Wire, client: AsyncWebClient, channel: dict[str, Any], listed: list[str], fit: Fit
) -> None:
    wire.content = {
        "conversations.info": {"channel": channel},
        "users.conversations": {"channels": [{"id": one} for one in listed]},
    }
    assert await fit_of(client, "C1", "U1") is fit


@pytest.mark.parametrize(("error", "fit"), [("channel_not_found", Fit.NOT_BOTH_IN), ("internal_error", Fit.UNKNOWN)])
async def test_what_slack_does_not_say_is_not_guessed(wire: Wire, client: AsyncWebClient, error: str, fit: Fit) -> None:
    wire.refuse = {"conversations.info": error}
    assert await fit_of(client, "C1", "U1") is fit
