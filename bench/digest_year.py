"""A year of digests, in some minutes: forty schedules in twelve zones, two Locksteps on one PostgreSQL that are killed,
stand still for minutes or weeks, and whose schedules are changed on the way; then every message that ever stood in the
sandbox is counted against what a slow model of its own says should have come.

    python -m bench.digest_year                        365 days
    python -m bench.digest_year --days 30 --seed 7

Everything goes the real way: schedules are made and changed by a manager through the forms, notes by `/note`, messages
through the outbox to the sandbox, whose clock moves from one due instant to the next. It begins on the present day.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time as real_time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench import mortal
from bench.digest_count import Year
from bench.digest_life import Simulation, company_file, roster_file
from bench.mortal import Mortal
from bot.configuration import apply_file
from bot.demo import company, programs
from bot.demo.demo import free_port
from bot.domain.local_time import use_pinned_zones
from bot.integrations.web import Web
from storage.schema import migrate
from tests import postgres

DAYS, SCHEDULES = 365, 40
DAY = timedelta(days=1)
LARGEST = 256 * 1024 * 1024
"""Bytes of an answer: everything that ever stood in a channel."""


async def run(
    url: str, *, days: int = DAYS, schedules: int = SCHEDULES, seed: int = 1, start: datetime | None = None,
    events: Sequence[str] | None = None, progress: Callable[[str], None] = lambda _: None,
) -> Year:  # fmt: skip
    """The days have gone by; what came of them. `start`: the clock is moved there first. `events`: what happens, evenly
    spread; without them as much as chance says. Nothing is asserted."""
    begun = real_time.monotonic()
    use_pinned_zones()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as where:
        folder = Path(where)
        port = free_port(0)
        async with (
            Web(timeout_s=120, largest_answer=LARGEST) as web,
            programs.sandbox(web, folder, port=port, company=company_file(folder, schedules)) as slack_url,
            mortal.spawner() as spawner,
        ):
            slack = company.Slack(web, slack_url)
            await slack.load()
            await asyncio.to_thread(migrate, url, lambda _: None)
            environment = programs.bot_environment(slack.url, database_url=url, port=0, socket_mode=True, name="set-up")
            await apply_file(roster_file(folder), environment)
            if start is not None:
                await slack.move_to(start)
            bots = []
            for name in ("one", "two"):
                (folder / name).mkdir()
                bots.append(Mortal(web, spawner, slack, url, folder / name))
            simulation = Simulation(slack, bots, chance)
            try:
                await simulation.begin(schedules)
                await _live(simulation, days, list(events or _events(chance, days)), progress)
                await simulation.count()
            finally:
                await simulation.kill()
    simulation.year.days = days
    simulation.year.seconds = real_time.monotonic() - begun
    return simulation.year


def _events(chance: random.Random, days: int) -> list[str]:
    """Something happens nearly every day, most of it harmless."""
    kinds = ["edit"] * 9 + ["note"] * 7 + ["kill one"] * 3 + ["kill both", "kill both", "minutes", "hours", "hours"]
    return [chance.choice([*kinds, "days" if chance.random() < 0.7 else "weeks"]) for _ in range(days)]


async def _live(simulation: Simulation, days: int, events: list[str], progress: Callable[[str], None]) -> None:
    chance, first = simulation.chance, simulation.now
    end = first + days * DAY
    instants = sorted(first + timedelta(days=chance.uniform(0.0, days)) for _ in events)
    if len(events) > 1:
        chance.shuffle(events)
    weeks = 0
    for at, what in zip(instants, events, strict=True):
        if at > simulation.now:
            await simulation.until(at)
        match what:
            case "note":
                await simulation.note()
            case "edit":
                await simulation.edit()
            case "kill one":
                await simulation.kill_one_at_work()
            case "kill both":
                await simulation.kill_both_at_work()
            case "minutes":
                await simulation.stand_still(timedelta(minutes=chance.uniform(1, 60)))
            case "hours":
                await simulation.stand_still(timedelta(hours=chance.uniform(1, 30)))
            case "days":
                await simulation.stand_still(timedelta(days=chance.uniform(1, 5)))
            case "weeks" if weeks < 3:
                weeks += 1
                await simulation.stand_still(timedelta(days=chance.uniform(6, 21)))
        passed = (simulation.now - first) / DAY
        progress(f"day {passed:.0f} of {days}, {simulation.year.kills} kills, {simulation.year.edits} edits")
        if simulation.now >= end:
            break
    if simulation.now < end:
        await simulation.until(end)


async def digest_year(
    name: str, database_url: str | None, *, days: int = DAYS, schedules: int = SCHEDULES, seed: int = 1
) -> Year:
    """A year on PostgreSQL, with its figures printed. Raises AssertionError when a digest is missing, doubled or says
    something wrong. On SQLite, which takes one Lockstep only, nothing is done."""
    if database_url is None:
        print(f"  {name}: two Locksteps need PostgreSQL")
        return Year()
    shown = ""

    def progress(line: str) -> None:
        nonlocal shown
        print(f"\r  {name}: {line}".ljust(len(shown)), end="", flush=True)
        shown = f"\r  {name}: {line}"

    year = await run(database_url, days=days, schedules=schedules, seed=seed, progress=progress)
    print(f"\r  {name}: {year.figures()}")
    for sentence in year.wrong[:20]:
        print(f"    {sentence}")
    assert not year.wrong, f"{len(year.wrong)} digests are wrong; again with --seed {seed}"
    return year


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.digest_year", description="A year of digests.")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--schedules", type=int, default=SCHEDULES)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with postgres.running(durable=True) as server:
        url = server.url(server.create())
        asyncio.run(digest_year("PostgreSQL", url, days=chosen.days, schedules=chosen.schedules, seed=chosen.seed))


if __name__ == "__main__":
    main()
