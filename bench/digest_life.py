"""A year in the life of two Locksteps: killed at work, standing still, their digests changed and read by a manager."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bench.digest_count import Watched, Year, count
from bench.digest_desk import MANAGER, Desk
from bench.digest_model import Model, Rule
from bench.mortal import Mortal
from bot.demo import company

ZONES = (
    "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca", "Pacific/Chatham", "Asia/Kathmandu",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Europe/Berlin", "America/St_Johns",
    "America/Santiago", "America/Nuuk",
)  # fmt: skip
"""Half an hour of summer time, midnights skipped and repeated, quarters of hours, and both sides of the date line."""
TIMES = (time(9), time(8, 30), time(0), time(0, 30), time(1, 45), time(2, 15), time(2, 30), time(16), time(23, 30))
"""Also times that clocks skip or repeat."""
WEEKDAYS = (
    (0,), (4,), (0,), (3,), (0, 3), (0,), (6,), (1,), (0,), (2, 5), (4,), (0,), (0, 1, 2, 3, 4), (1,), (5,), (0,), (2,),
    (0, 4), (3,), (0, 1, 2, 3, 4, 5, 6),
)  # fmt: skip
"""Most are weekly, as most digests are."""
READERS = 6
"""People who have a digest in their own messages."""
STEP = timedelta(days=2)
"""The clock is moved by no more at once: an answer is waited for so long."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Simulation:
    """Two Locksteps and what happens to them. The clock stands still but for `until`."""

    def __init__(self, slack: company.Slack, bots: Sequence[Mortal], chance: random.Random) -> None:
        self.slack = slack
        self.bots = list(bots)
        self.chance = chance
        self.desk = Desk(slack)
        self.watched: list[Watched] = []
        self.year = Year()
        self.now = datetime.now(UTC)

    async def begin(self, schedules: int) -> None:
        self.now = await self.slack.now() + timedelta(seconds=2)
        await self.slack.move_to(self.now)
        await self._start()
        await self.until(self.now + 5 * MINUTE)  # Slack is asked who everybody is
        for number in range(schedules):
            await self._add(number)
        self.year.schedules = schedules

    async def _start(self) -> None:
        for bot in self.bots:
            await bot.start(ready=False)
        await asyncio.gather(*(bot.ready() for bot in self.bots))

    async def kill(self) -> None:
        """Both are gone."""
        for bot in self.bots:
            await bot.kill()

    async def _add(self, number: int) -> None:
        chance = self.chance
        rule = Rule(WEEKDAYS[number % len(WEEKDAYS)], chance.choice(TIMES), ZONES[number % len(ZONES)])
        kind, silent = ("field_notes", "campaigns")[number % 2], number % 3 == 0
        name = f"Digest {number:02}"
        if number < READERS:
            email = reader(number)
            place = await self.slack.place(email, "dm")
            where = {"person": self.slack.ids[email]}
        else:
            place = await self.slack.place(MANAGER, f"digest-{number:02}")
            where = {"channel": place}
        await self.desk.add(name, kind, rule, place=where, silent=silent)
        self.watched.append(Watched(name, kind, place, Model(rule, self.now, silent_when_empty=silent)))

    async def until(self, instant: datetime) -> None:
        """Time goes by with at least one Lockstep running."""
        while self.now < instant:
            self.now = min(instant, self.now + STEP)
            await self.slack.move_to(self.now)
        for one in self.watched:
            one.model.running_until(instant)

    async def kill_one_at_work(self) -> None:
        """One of the two dies some real milliseconds after a digest is due."""
        instant = min(one.next_due for one in self.watched if one.model.is_on)
        await self.until(instant - timedelta(seconds=1))
        victim = self.chance.choice(self.bots)
        moving = asyncio.create_task(self.slack.move_to(instant + MINUTE))
        await asyncio.sleep(self.chance.uniform(0.0, 0.25))
        await victim.kill()
        await moving
        self.now = instant
        await self.until(instant + 2 * MINUTE)
        await victim.start()
        self.year.kills += 1

    async def kill_both_at_work(self) -> None:
        """Both die when a digest is due, and come back within half its period."""
        instant = min(one.next_due for one in self.watched if one.model.is_on)
        await self.until(instant - timedelta(seconds=1))
        moving = asyncio.create_task(self.slack.move_to(instant))
        await asyncio.sleep(self.chance.uniform(0.0, 0.2))
        await self.kill()
        await moving
        for one in self.watched:
            if one.model.is_on and one.next_due == instant:
                one.unsure.add(one.model.next_day())
        self.now = instant
        self.year.kills += 2
        await self._stand_still(timedelta(minutes=self.chance.uniform(1, 11 * 60)))

    async def stand_still(self, span: timedelta) -> None:
        """Both are killed where they stand, and nothing runs for `span`."""
        await self.kill()
        self.year.kills += 2
        await self._stand_still(span)

    async def _stand_still(self, span: timedelta) -> None:
        self.now += span
        await self.slack.move_to(self.now)
        await self._start()
        for one in self.watched:
            one.model.up_at(self.now)
        self.year.standstills += 1
        self.year.longest = max(self.year.longest, span)
        await self.until(self.now + 2 * MINUTE)

    async def edit(self) -> None:
        """A schedule is changed, most often one that is due in the next hours."""
        soon = [one for one in self.watched if one.model.is_on and one.next_due < self.now + 12 * HOUR]
        chance = self.chance
        one = chance.choice(soon) if soon and chance.random() < 0.7 else chance.choice(self.watched)
        old = one.model.rule
        match chance.choice(["time", "time", "earlier", "zone", "weekdays", "switch"]):
            case "time":
                await self._change(one, Rule(old.weekdays, chance.choice(TIMES), old.tz))
            case "earlier":
                await self._change(one, Rule(old.weekdays, time(0, chance.randrange(60)), old.tz))
            case "zone":
                await self._change(one, Rule(old.weekdays, old.at, chance.choice(ZONES)))
            case "weekdays":
                await self._change(one, Rule(chance.choice(WEEKDAYS), old.at, old.tz))
            case "switch":
                on = not one.model.is_on
                await self.desk.switch(one.name, on=on)
                one.model.switched(self.now, on=on)
        self.year.edits += 1

    async def _change(self, one: Watched, rule: Rule) -> None:
        await self.desk.change(one.name, rule)
        one.model.edited(rule, self.now)

    async def note(self) -> None:
        """A field note is saved, at no instant at which a digest is just being made."""
        while any(abs(one.next_due - self.now) < MINUTE for one in self.watched if one.model.is_on):
            await self.until(self.now + 2 * MINUTE)
        await self.desk.note(f"Objection number {self.year.notes}: the price of the annual plan")
        for one in self.watched:
            if one.kind == "field_notes":
                one.model.notes.append(self.now)
        self.year.notes += 1
        await self.until(self.now + MINUTE)

    async def count(self) -> None:
        """Every message that stands in the sandbox is held against the model."""
        await self.until(self.now + 10 * MINUTE)
        for one in self.watched:
            count(self.year, one, (await self.slack.record(one.place))["messages"])


# -- who and what there is -----------------------------------------------------------------------------------------
def reader(number: int) -> str:
    return f"reader{number}@example.com"


def company_file(folder: Path, schedules: int) -> Path:
    rows = ['[team]\nid = "T0LOCKSTEP"\nname = "Year"\ndomain = "year"\n']
    people = [(MANAGER, "Mona", "Europe/Berlin"), *((reader(n), f"Reader {n}", ZONES[n]) for n in range(READERS))]
    rows += [f'[[people]]\nname = "{name}"\nemail = "{email}"\ntz = "{tz}"\n' for email, name, tz in people]
    member = MANAGER.partition("@")[0]
    rows += [
        f'[[channels]]\nname = "digest-{number:02}"\nbot = true\nmembers = ["{member}"]\n'
        for number in range(READERS, schedules)
    ]
    file = folder / "year-company.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def roster_file(folder: Path) -> Path:
    rows = [f'[lockstep]\nadmin = "{MANAGER}"\n']
    rows.append(f'[[people]]\nemail = "{MANAGER}"\nname = "Mona"\nside = "marketing"\nroles = ["manager", "admin"]\n')
    rows += [
        f'[[people]]\nemail = "{reader(n)}"\nname = "Reader {n}"\nside = "sales"\nroles = ["rep"]\n'
        for n in range(READERS)
    ]
    file = folder / "year-roster.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file
