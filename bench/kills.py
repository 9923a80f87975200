"""`kill -9` at random instants while leads arrive and people click; then every promise is asked for.

    python -m bench.kills                 200 kills on SQLite and 200 on PostgreSQL
    python -m bench.kills --kills 50 --seed 7 --database sqlite

Leads are posted as webhooks are: what was not answered with 2xx is sent again with the same id. Reps press Accept on
what they see, sometimes two of them at once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import mortal
from bench.mortal import Acknowledged, Click, Mortal
from bot.errors import WebError
from bot.integrations.web import Web
from tests import postgres

KILLS = 200
LONGEST_LIFE_S = 0.5
"""Real seconds between ready and the kill, at most; one kill in five comes while it starts."""
LEASE_S = 90
"""Virtual seconds that go by between lives: what a dead process had leased is taken up again, and Slack gives out
links again."""
PASSES_AT_LEAST = 5
"""Time passes after each kill that cut off no click, which costs nothing, and after every fifth one."""
LAST_SEEN = 6
"""How many of the newest messages of a place a person looks at."""


@dataclass(slots=True)
class Outcome:
    """What was done, and what is wrong; `wrong` is empty when every promise holds."""

    kills: int = 0
    while_starting: int = 0
    restart_s: list[float] = field(default_factory=list)
    leads: int = 0
    sent_again: int = 0
    clicks: int = 0
    unanswered: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> str:
        restarts = sorted(self.restart_s)
        return (
            f"{self.kills} kills ({self.while_starting} of them while starting) in {self.seconds:.0f} s;"
            f" ready again after {restarts[len(restarts) // 2]:.2f} s, at most {restarts[-1]:.2f} s\n"
            f"    {self.leads} leads acknowledged, {self.sent_again} deliveries sent again;"
            f" {self.clicks} clicks acknowledged, {self.unanswered} not\n"
            f"    promises broken: {len(self.wrong)}"
        )


class Load:
    """Senders and reps, at work until they are stopped."""

    def __init__(self, bot: Mortal, chance: random.Random, name: str) -> None:
        self._bot = bot
        self._chance = chance
        self._name = name
        self.promised = Acknowledged()
        self.sent: set[str] = set()
        self.pressed: dict[str, set[str]] = defaultdict(set)
        """Who pressed Accept on which lead, acknowledged or not."""
        self.outcome = Outcome()
        self.waiting_for_an_ack = 0
        """Clicks under way."""
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._send(number)) for number in range(2)]
        self._tasks += [asyncio.create_task(self._click()) for _ in range(2)]

    async def stop(self) -> None:
        """Senders go on until everything sent is acknowledged, so a bot must be running."""
        self._stopping = True
        await asyncio.gather(*self._tasks)

    async def _send(self, sender: int) -> None:
        number = 0
        while not self._stopping:
            number += 1
            one = f"{self._name}-{sender}-{number}"
            self.sent.add(one)
            data = mortal.lead(one, hot=self._chance.random() < 0.4)
            while await mortal.post(self._bot, data, delivery=one) not in (200, 202):
                self.outcome.sent_again += 1
                await asyncio.sleep(0.05)
            self.promised.leads.add(one)
            await asyncio.sleep(self._chance.uniform(0.02, 0.15))

    async def _click(self) -> None:
        while not self._stopping:
            with contextlib.suppress(WebError):
                await self._look_and_click()
            await asyncio.sleep(0.03)

    async def _look_and_click(self) -> None:
        slack = self._bot.slack
        emails = [mortal.email(number) for number in range(mortal.REPS)]
        one, other = self._chance.sample(emails, 2)
        in_pool = self._chance.random() < 0.5
        place = await slack.place(one, mortal.POOL if in_pool else "dm")
        cards = [card for message in await slack.latest(one, place, LAST_SEEN) if (card := _open_card(message))]
        if not cards:
            return
        ts, lead = self._chance.choice(cards)
        who = [one, other] if in_pool and self._chance.random() < 0.5 else [one]
        await asyncio.gather(*(self._press(person, place, ts, lead) for person in who))

    async def _press(self, person: str, place: str, ts: str, lead: str) -> None:
        slack = self._bot.slack
        self.pressed[lead].add(slack.ids[person])
        with contextlib.suppress(WebError):  # the button went while the hand moved
            self.waiting_for_an_ack += 1
            try:
                answer = await slack.act(person, place, "click", message_ts=ts, action_id="handoff.accept")
            finally:
                self.waiting_for_an_ack -= 1
            if answer["acked"]:
                self.outcome.clicks += 1
                self.promised.clicks.append(Click(external_id=lead, by=slack.ids[person]))
            else:
                self.outcome.unanswered += 1


def _open_card(message: dict[str, Any]) -> tuple[str, str] | None:
    """The `ts` and the external id of a card that can be accepted."""
    text = str(message.get("blocks"))
    found = re.search(r"Company ([\w-]+)", text)
    if message.get("ephemeral") or "handoff.accept" not in text or found is None:
        return None
    return str(message["ts"]), found[1]


async def kill_at_random(bot: Mortal, *, kills: int, seed: int, name: str, progress: bool = False) -> Outcome:
    """The bot was killed `kills` times under load; what came of it. It runs afterwards, with everything said."""
    chance = random.Random(seed)
    load = Load(bot, chance, name)
    outcome = load.outcome
    started = time.monotonic()
    load.start()
    for number in range(kills):
        if chance.random() < 0.2:
            await bot.start(ready=False)
            await asyncio.sleep(chance.uniform(0.0, 0.2))
            outcome.while_starting += 1
        else:
            begun = time.monotonic()
            await bot.start()
            outcome.restart_s.append(time.monotonic() - begun)
            await asyncio.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
        await bot.kill()
        outcome.kills += 1
        if not load.waiting_for_an_ack or number % PASSES_AT_LEAST == 0:
            # Time passes while nothing runs; the sandbox first waits for clicks that nobody will acknowledge.
            await bot.slack.advance(LEASE_S)
        if progress:
            print(f"\r  {name}: {number + 1} of {kills} kills, {len(load.promised.leads)} leads", end="", flush=True)
    if progress:
        print()
    await bot.start()
    await load.stop()
    await mortal.all_said(bot)
    found = await mortal.look(bot, load.sent)
    outcome.wrong = mortal.broken(load.promised, found) + _foreign_owners(load, found)
    outcome.leads = len(load.promised.leads)
    outcome.seconds = time.monotonic() - started
    return outcome


def _foreign_owners(load: Load, found: mortal.Found) -> list[str]:
    return [
        f"lead {one} belongs to somebody who never pressed Accept on it"
        for one, handoffs in found.handoffs.items()
        for handoff in handoffs
        if handoff.is_owned and found.slack_ids.get(handoff.rep_id or "") not in load.pressed[one]
    ]


async def kills(name: str, database_url: str | None, *, count: int = KILLS, seed: int = 1) -> Outcome:
    """`count` kills on one database, with their figures printed. Raises AssertionError when a promise is broken."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as where:
        folder = Path(where)
        url = database_url or f"sqlite:///{folder / 'lockstep.db'}"
        async with Web(timeout_s=90) as web, mortal.people(web, folder) as slack, mortal.spawner() as spawner:
            await mortal.prepare(slack, url, folder)
            bot = Mortal(web, spawner, slack, url, folder)
            try:
                outcome = await kill_at_random(bot, kills=count, seed=seed, name=name, progress=True)
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
