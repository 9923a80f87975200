"""Killed while another system is told of a decision, while a file is imported, and after somebody was erased; started
again, all is told, every row is there once, and nobody reads who it was."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bench import mortal, promises
from bench.mortal import Mortal
from bench.promises import Acknowledged, Click
from bot.crash_points import KILLED, CrashPoint
from bot.demo import company, programs
from tests.handlers.toy_crm import Heard
from tests.holds.conftest import Stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.story]

LEAD = "LEAD-1"
ANNOUNCE = [point for point in CrashPoint if point.startswith("announce.")]
IMPORT = [point for point in CrashPoint if point.startswith("import.")]
TWICE = {CrashPoint.ANNOUNCE_ANSWERED}
"""Points at which the target has heard of it and Lockstep does not know: it is told again, under the same id."""
ROWS = 30


# -- telling others ----------------------------------------------------------------------------------------------
async def accept(bot: Mortal) -> None:
    """The first rep presses Accept in the pool. Whether that is acknowledged, a death may decide."""
    place = await bot.slack.place(mortal.email(0), mortal.POOL)
    messages = (await bot.slack.screen(mortal.email(0), place))["messages"]
    (card,) = [one for one in messages if "handoff.accept" in str(one)]
    await bot.slack.act(mortal.email(0), place, "click", message_ts=card["ts"], action_id="handoff.accept")


async def offered(bot: Mortal) -> None:
    await bot.start()
    assert await mortal.post(bot, mortal.lead(LEAD, hot=True), delivery="delivery-1") == 202
    await bot.settled(5)
    await bot.kill()


async def is_told(bot: Mortal, stage: Stage, *, times: int) -> None:
    """One accept, told so many times, under one id."""
    await bot.start()
    await mortal.all_said(bot)
    found = await promises.look(bot, {LEAD})
    click = Click(external_id=LEAD, by=bot.slack.ids[mortal.email(0)])
    assert promises.broken(Acknowledged(leads={LEAD}, clicks=[click]), found) == []
    assert promises.untold(found, stage.crm.heard) == []
    assert [event.kind for event in found.told.values()] == ["handoff.accepted"]
    assert len(stage.crm.heard) == times


async def killed_while_telling(bot: Mortal, stage: Stage, point: CrashPoint) -> None:
    await offered(bot)
    await bot.start(crash_at=point)
    await accept(bot)
    assert await bot.died() == KILLED
    await is_told(bot, stage, times=2 if point in TWICE else 1)


@pytest.mark.parametrize("point", ANNOUNCE)
async def test_a_decision_is_told_after_a_death_on_the_way(bot: Mortal, stage: Stage, point: CrashPoint) -> None:
    await killed_while_telling(bot, stage, point)


@pytest.mark.postgres
async def test_a_decision_is_told_after_a_death_on_the_way_on_postgresql(postgres_bot: Mortal, stage: Stage) -> None:
    await killed_while_telling(postgres_bot, stage, CrashPoint.ANNOUNCE_ANSWERED)


async def test_a_decision_is_told_again_after_a_death_before_the_answer(bot: Mortal, stage: Stage) -> None:
    await offered(bot)
    heard, for_ever = asyncio.Event(), asyncio.Event()

    async def hang(_: Heard) -> None:
        heard.set()
        await for_ever.wait()

    stage.crm.then = hang
    await bot.start()
    await accept(bot)
    async with asyncio.timeout(20):
        await heard.wait()
    await bot.kill()
    stage.crm.then = None
    for_ever.set()
    await is_told(bot, stage, times=2)


# -- a file ------------------------------------------------------------------------------------------------------
def leads_file(folder: Path) -> Path:
    path = folder / "leads.csv"
    rows = [f"FILE-{number},Lead {number},Company FILE-{number}" for number in range(ROWS)]
    path.write_text("external_id,name,company\n" + "\n".join(rows) + "\n")
    return path


async def run_import(bot: Mortal, file: Path, *, crash_at: CrashPoint | None = None) -> tuple[int, str]:
    """The exit code of `lockstep import` beside the running bot, and what it said."""
    environment = programs.bot_environment(
        bot.slack.url, database_url=bot.database_url, port=0, socket_mode=True, name="import"
    )
    environment |= {} if crash_at is None else {"LOCKSTEP_CRASH_AT": crash_at}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "import", str(file), "--source", company.SOURCE, "--offer",
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, failed = await process.communicate()
    assert "Traceback" not in failed.decode()
    return process.returncode or 0, said.decode()


async def killed_while_importing(bot: Mortal, point: CrashPoint, folder: Path) -> None:
    file = leads_file(folder)
    everything = {f"FILE-{number}" for number in range(ROWS)}
    await bot.start()
    code, _ = await run_import(bot, file, crash_at=point)
    assert code == KILLED
    stored = (await promises.look(bot, everything)).handoffs
    assert len(stored) == (ROWS if point is CrashPoint.IMPORT_BEFORE_FINAL else 20), "a whole transaction, or all"
    code, said = await run_import(bot, file)
    assert (code, said.count("known already")) == (0, len(stored) + 1), "each row, and the sum of them"
    await mortal.all_said(bot)
    found = await promises.look(bot, everything)
    assert promises.broken(Acknowledged(leads=everything), found) == []


@pytest.mark.parametrize("point", IMPORT)
async def test_an_import_that_died_goes_on_and_takes_no_row_twice(
    bot: Mortal, tmp_path: Path, point: CrashPoint
) -> None:
    await killed_while_importing(bot, point, tmp_path)


@pytest.mark.postgres
async def test_an_import_that_died_goes_on_and_takes_no_row_twice_on_postgresql(
    postgres_bot: Mortal, tmp_path: Path
) -> None:
    await killed_while_importing(postgres_bot, CrashPoint.IMPORT_MID_FILE, tmp_path)


# -- erasing -----------------------------------------------------------------------------------------------------
async def test_who_was_erased_is_gone_from_slack_after_a_death_right_after(bot: Mortal) -> None:
    await bot.start()
    assert await mortal.post(bot, mortal.lead(LEAD, email="maria@example.com"), delivery="delivery-1") == 202
    await bot.settled(5)
    assert await mortal.post(bot, {"external_id": LEAD}, delivery="delivery-2", kind="lead.erased") == 202
    await bot.kill()
    await bot.start()
    await mortal.all_said(bot)
    shown = [
        str(message)
        for number in range(mortal.REPS)
        for message in await bot.slack.latest(
            mortal.email(number), await bot.slack.place(mortal.email(number), "dm"), 9
        )
    ]
    assert [one for one in shown if "Erased at the person's request" in one], "its card stands and says so"
    assert not [one for one in shown if "Lead LEAD-1" in one or "Company LEAD-1" in one or "maria@" in one]
