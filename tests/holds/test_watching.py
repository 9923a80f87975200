"""Health, numbers and the watchdog of a whole Lockstep."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bench import mortal
from bench.mortal import Mortal
from bot import app
from bot.demo import programs
from bot.errors import LockstepError
from bot.settings import Settings
from jobs.watchdog import Patience
from tests.holds.conftest import Stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]


async def page(stage: Stage, bot: Mortal) -> str:
    """The text of /metrics."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    text = (await reader.read()).decode()
    writer.close()
    return text


def said_already(text: str) -> float:
    """How many posts and updates the page counts as carried out."""
    _, _, count = text.partition('lockstep_outbox_deliveries_total{kind="sync_post",outcome="done"} ')
    return float(count.split("\n")[0]) if count else 0.0


async def test_the_numbers_tell_what_is_under_way(stage: Stage, bot: Mortal) -> None:
    await bot.start()
    await bot.settled(5)
    welcomes = said_already(await page(stage, bot))
    assert await mortal.post(bot, mortal.lead("one", hot=True), delivery="d1") == 202
    await bot.settled(5)
    place = await bot.slack.place(mortal.email(0), mortal.POOL)
    (card,) = [one for one in (await bot.slack.screen(mortal.email(0), place))["messages"] if "one" in str(one)]
    await bot.slack.act(mortal.email(0), place, "click", message_ts=card["ts"], action_id="handoff.accept")
    await bot.settled(5)
    text = await page(stage, bot)
    for line in (
        'lockstep_leads{status="offered"} 0.0',
        'lockstep_leads{status="accepted"} 1.0',
        'lockstep_outbox_rows{status="pending"} 0.0',
        'lockstep_outbox_rows{status="parked"} 0.0',
        "lockstep_outbox_oldest_due_seconds 0.0",
        "lockstep_timers_lag_seconds 0.0",
        "lockstep_slack_connected 1.0",
        'lockstep_webhook_deliveries_total{status="202"} 1.0',
        'lockstep_ack_seconds_count{kind="block_actions"} 1.0',
    ):
        assert line in text, text
    assert said_already(text) == welcomes + 2
    assert 'lockstep_ticks_total{job="timers"}' in text


async def test_one_id_joins_a_delivery_with_what_was_said_because_of_it(bot: Mortal) -> None:
    await bot.start()
    await bot.settled(5)
    welcomes = len(bot.log.read_text().splitlines())
    assert await mortal.post(bot, mortal.lead("one"), delivery="d1") == 202
    await bot.settled(5)
    lines = [json.loads(line) for line in bot.log.read_text().splitlines()[welcomes:]]
    (taken,) = [line for line in lines if line["event"] == "lead_taken"]
    said = [line for line in lines if line["event"] == "carried out" and line["kind"] == "sync_post"]
    assert [line["correlation_id"] for line in said] == [taken["correlation_id"]]

    def ids(tx: mortal.Transaction) -> set[str | None]:
        return {event.correlation_id for event in tx.events.of_lead(taken["lead_id"], 50)}

    assert mortal.run_now(bot.database_url, mortal.SystemClock(), ids) == {taken["correlation_id"]}


async def test_a_socket_that_stays_gone_ends_the_process_so_that_it_is_started_again(
    stage: Stage, bot: Mortal, tmp_path: Path
) -> None:
    environment = programs.bot_environment(
        bot.slack.url, database_url=bot.database_url, port=bot.port, socket_mode=True, name="watched"
    )
    patience = Patience(socket_s=0.3, look_every_s=0.05)
    running = asyncio.create_task(app.run(Settings.from_env(environment), patience=patience))
    await mortal.wait_until_ready(bot)
    assert (await bot.web.get(f"{bot.url}/healthz")).status == 200
    url = f"{bot.slack.url}/_sandbox/faults"
    await bot.web.post(url, {"kind": "error", "method": "apps.connections.open", "error": "fatal_error", "times": None})
    await bot.web.post(url, {"kind": "drop_socket"})
    with pytest.raises(LockstepError, match="Socket Mode has been gone"):
        await asyncio.wait_for(running, 30)
