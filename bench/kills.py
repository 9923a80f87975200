"""`kill -9` at random instants while leads arrive and people click; then every promise is asked for.

    python -m bench.kills                 200 kills on SQLite and 200 on PostgreSQL
    python -m bench.kills --kills 50 --seed 7 --database sqlite

Leads, and what a CRM says of them later, are posted as webhooks are: what was not answered with 2xx is sent again with
the same id. Reps press Accept on what they see, sometimes two of them at once, and Undo. The CRM is told of every
decision, is slow at times and refuses at times. Beside all that reps write field notes, and campaign alerts are saved,
approved, read, asked about and answered (bench/talk.py).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import mortal, promises, talk_promises
from bench.load import Load, Outcome
from bench.mortal import Mortal
from bench.talk import Talk
from bot.integrations.web import Web
from tests import postgres
from tests.handlers import toy_crm
from tests.handlers.toy_crm import ToyCrm

KILLS = 200
LONGEST_LIFE_S = 0.5
"""Real seconds between ready and the kill, at most; one kill in five comes while it starts."""
LONG_LIFE_S = 3.0
"""The same of every third life in a long run: what takes several steps gets somewhere between two kills."""
LEASE_S = 90
"""Virtual seconds that go by between lives: what a dead process had leased is taken up again, and Slack gives out
links again."""
PASSES_AT_LEAST = 5
"""Time passes after each kill that cut off no click, which costs nothing, and after every fifth one."""


async def kill_at_random(
    bot: Mortal, crm: ToyCrm, *, kills: int, seed: int, name: str, talk_after: int = 0, long_lives: bool = False,
    progress: bool = False,
) -> Outcome:  # fmt: skip
    """The bot was killed `kills` times under load, to which people add what they say after `talk_after` of them; what
    came of it. It runs afterwards, with everything said."""
    chance = random.Random(seed)
    load = Load(bot, crm, chance, name)
    talk = Talk(bot, random.Random(seed), name)
    outcome = load.outcome
    started = time.monotonic()
    load.start()
    for number in range(kills):
        if number == talk_after:
            talk.start()
        if chance.random() < 0.2:
            await bot.start(ready=False)
            await asyncio.sleep(chance.uniform(0.0, 0.2))
            outcome.while_starting += 1
        else:
            begun = time.monotonic()
            await bot.start()
            outcome.restart_s.append(time.monotonic() - begun)
            # A slow machine starts slowly and works slowly: there a life is longer, or nothing would happen in it.
            longest = LONG_LIFE_S if long_lives and number % 3 == 0 else LONGEST_LIFE_S
            await asyncio.sleep(chance.uniform(0.0, max(longest, 1.5 * outcome.restart_s[-1])))
        await bot.kill()
        outcome.kills += 1
        if not (load.waiting_for_an_ack or talk.waiting_for_an_ack) or number % PASSES_AT_LEAST == 0:
            # Time passes while nothing runs; the sandbox first waits for clicks that nobody will acknowledge.
            await bot.slack.advance(LEASE_S)
        if progress:
            print(f"\r  {name}: {number + 1} of {kills} kills, {len(load.promised.leads)} leads", end="", flush=True)
    if progress:
        print()
    await bot.start()
    await load.some_of_each()
    await asyncio.gather(load.stop(), talk.stop())
    await mortal.all_said(bot)
    found = await promises.look(bot, load.sent)
    outcome.wrong = promises.broken(load.promised, found) + load.foreign_owners(found)
    outcome.wrong += promises.untold(found, crm.heard)
    outcome.wrong += talk_promises.broken(talk.spoken, await talk_promises.look(bot, talk.spoken, found.standing))
    outcome.spoken = talk.spoken
    outcome.decisions, outcome.heard = len(found.told), len(crm.heard)
    outcome.leads = len(load.promised.leads)
    outcome.seconds = time.monotonic() - started
    return outcome


async def kills(name: str, database_url: str | None, *, count: int = KILLS, seed: int = 1) -> Outcome:
    """`count` kills on one database, with their figures printed. Raises AssertionError when a promise is broken."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as where:
        folder = Path(where)
        url = database_url or f"sqlite:///{folder / 'lockstep.db'}"
        async with (
            Web(timeout_s=90) as web, mortal.people(web, folder) as slack, mortal.spawner() as spawner,
            toy_crm.running() as crm,
        ):  # fmt: skip
            await mortal.prepare(slack, url, folder, crm_url=crm.url)
            bot = Mortal(web, spawner, slack, url, folder)
            try:
                outcome = await kill_at_random(
                    bot, crm, kills=count, seed=seed, name=name, long_lives=True, progress=True
                )
            finally:
                await bot.kill()
    print(f"  {name}: {outcome.figures()}")
    for sentence in outcome.wrong[:20]:
        print(f"    {sentence}")
    assert not outcome.wrong, f"{len(outcome.wrong)} promises are broken; again with --seed {seed}"
    return outcome


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description="Kills at random instants under load.")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    chosen = parser.parse_args(arguments)
    if chosen.database != "postgresql":
        asyncio.run(kills("SQLite", None, count=chosen.kills, seed=chosen.seed))
    if chosen.database != "sqlite":
        with postgres.running(durable=True) as server:
            url = server.url(server.create())
            asyncio.run(kills("PostgreSQL", url, count=chosen.kills, seed=chosen.seed))


if __name__ == "__main__":
    main()
