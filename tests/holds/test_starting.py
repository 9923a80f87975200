"""A start when Slack says “not now”: found by killing the bot so often that Slack limited it."""

from __future__ import annotations

import pytest

from bench import mortal
from bench.mortal import Mortal

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]


async def fault(bot: Mortal, kind: str, **more: object) -> None:
    await bot.web.post(f"{bot.slack.url}/_sandbox/faults", {"kind": kind, **more})


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("kind", ["rate_limit", "http_500"])
async def test_a_start_waits_while_slack_says_not_now(bot: Mortal, method: str, kind: str) -> None:
    await fault(bot, kind, method=method, times=1)
    await bot.start()
    assert "slack_not_ready" in bot.log.read_text()


async def test_a_start_asks_for_one_link(bot: Mortal) -> None:
    await bot.start()
    log = (await bot.web.get(f"{bot.slack.url}/_sandbox/log")).body["entries"]
    assert sum("apps.connections.open" in str(entry) for entry in log) == 1


async def test_a_wrong_token_still_ends_the_start_with_a_sentence(bot: Mortal) -> None:
    await fault(bot, "error", method="apps.connections.open", error="invalid_auth")
    with pytest.raises(mortal.NotReady, match="SLACK_APP_TOKEN"):
        await bot.start()
