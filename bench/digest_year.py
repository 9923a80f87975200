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
import zoneinfo
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bench import mortal
from bench.digest_desk import MANAGER, Desk
from bench.digest_model import Became, Model, Outcome, Rule, due
from bench.mortal import Mortal
from bot.configuration import apply_file
from bot.demo import company, programs
from bot.demo.demo import free_port
from bot.integrations.web import Web
from storage.schema import migrate
from tests import postgres

ZONES = (
    "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca", "Pacific/Chatham", "Asia/Kathmandu",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Europe/Berlin", "America/St_Johns",
    "America/Santiago", "America/Nuuk",
)  # fmt: skip
"""Half an hour of summer time, a month of it taken back for Ramadan, quarters of hours, and both sides of the date
line."""
TIMES = (time(9), time(8, 30), time(0), time(0, 30), time(1, 45), time(2, 15), time(2, 30), time(16), time(23, 30))
"""Also times that clocks skip or repeat."""
WEEKDAYS = (
    (0,), (4,), (0,), (3,), (0, 3), (0,), (6,), (1,), (0,), (2, 5), (4,), (0,), (0, 1, 2, 3, 4), (1,), (5,), (0,), (2,),
    (0, 4), (3,), (0, 1, 2, 3, 4, 5, 6),
)  # fmt: skip
"""Most are weekly, as most digests are."""
DAYS, SCHEDULES = 365, 40
READERS = 6
"""People who have a digest in their own messages."""
STEP = timedelta(days=2)
"""The clock is moved by no more at once: an answer is waited for so long."""
ARRIVES = timedelta(minutes=5)
"""So long after it was made a digest stands in Slack at the latest: a lease of 30 s, looks at 0, 10 and 30 s, and the
pace of a channel; more than that is missing."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LARGEST = 256 * 1024 * 1024


@dataclass(slots=True)
class Watched:
    """One schedule, what it should do, and where it does it. `unsure`: periods at whose instant both Locksteps were
    killed, so that they may have been made just before or are late."""

    name: str
    kind: str
    place: str
    model: Model
    unsure: set[Any] = field(default_factory=set)


@dataclass(slots=True)
class Year:
    """What was done, and what came of it."""

    schedules: int = 0
    days: float = 0
    kills: int = 0
    standstills: int = 0
    longest: timedelta = timedelta()
    edits: int = 0
    notes: int = 0
    became: Counter[Became] = field(default_factory=Counter)
    messages: int = 0
    doubled: int = 0
    missing: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def periods(self) -> int:
        return sum(self.became.values())

    def figures(self) -> str:
        days = self.longest.total_seconds() / 86400
        return (
            f"{self.schedules} schedules, {self.days:.0f} days, in {self.seconds:.0f} s; {self.kills} kills,"
            f" {self.standstills} standstills of both (the longest {days:.1f} days), {self.edits} edits,"
            f" {self.notes} notes\n"
            f"    {self.periods} periods: {self.became[Became.IN_TIME]} in time, {self.became[Became.LATE]} late,"
            f" {self.became[Became.SKIPPED]} skipped, {self.became[Became.SILENT]} silent\n"
            f"    {self.messages} messages in Slack: {self.doubled} doubled, {self.missing} missing,"
            f" {len(self.wrong)} otherwise wrong"
        )


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
        instant = min(next_due(one) for one in self.watched if one.model.is_on)
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
        instant = min(next_due(one) for one in self.watched if one.model.is_on)
        await self.until(instant - timedelta(seconds=1))
        moving = asyncio.create_task(self.slack.move_to(instant))
        await asyncio.sleep(self.chance.uniform(0.0, 0.2))
        await self.kill()
        await moving
        for one in self.watched:
            if one.model.is_on and next_due(one) == instant:
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
        soon = [one for one in self.watched if one.model.is_on and next_due(one) < self.now + 12 * HOUR]
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
        while any(abs(next_due(one) - self.now) < MINUTE for one in self.watched if one.model.is_on):
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
            record = await self.slack.record(one.place)
            shown = [(sent_at(message), words(message)) for message in record["messages"] if is_digest(message)]
            self.year.messages += len(shown)
            self._compare(one, shown)

    def _compare(self, one: Watched, shown: list[tuple[datetime, str]]) -> None:
        year, left = self.year, list(shown)
        for outcome in sorted(one.model.outcomes.values(), key=lambda each: each.made_at):
            year.became[outcome.became] += 1
            if outcome.became in (Became.SKIPPED, Became.SILENT):
                continue
            first = outcome.due_at if outcome.day in one.unsure else outcome.made_at
            found = next((each for each in left if first <= each[0] < outcome.made_at + ARRIVES), None)
            if found is None:
                year.missing += 1
                year.wrong.append(f"{one.name}: {outcome} is missing")
                continue
            left.remove(found)
            year.wrong += [f"{one.name}: {outcome}: {why}" for why in _said_wrong(outcome, found[1], one.unsure)]
        year.doubled += len(left)
        year.wrong += [f"{one.name}: one too many at {at}" for at, _ in left]


def _said_wrong(outcome: Outcome, text: str, unsure: set[Any]) -> list[str]:
    wrong = []
    if ("Late by" in text) != (outcome.became is Became.LATE) and outcome.day not in unsure:
        wrong.append("does not say rightly whether it is late")
    if ("Lockstep stood still." in text.replace("Late by", "", 1) and "not sent" in text) != bool(outcome.skipped):
        wrong.append(f"does not say that {outcome.skipped} were skipped")
    return wrong


def next_due(one: Watched) -> datetime:
    rule = one.model.rule
    return due(one.model.next_day(), rule.at, rule.tz)


def sent_at(message: Any) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def is_digest(message: Any) -> bool:
    """Messages of people's own, such as a brief, stand beside the digests in their direct message."""
    return str(message["message"].get("text", "")).startswith(("Field notes: ", "Campaigns: "))


def words(message: Any) -> str:
    """Everything a message says."""
    return str(message["message"])


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


async def run(
    url: str, *, days: int = DAYS, schedules: int = SCHEDULES, seed: int = 1, start: datetime | None = None,
    events: Sequence[str] | None = None, progress: Callable[[str], None] = lambda _: None,
) -> Year:  # fmt: skip
    """The days have gone by; what came of them. `start`: the clock is moved there first. `events`: what happens, evenly
    spread; without them as much as chance says. Nothing is asserted."""
    begun = real_time.monotonic()
    zoneinfo.reset_tzpath(())  # as Lockstep does: the rules of the pinned tzdata, not of this system
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
