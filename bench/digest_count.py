"""What stands in Slack after a year of digests, held against what should: each once, at its time, rightly worded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.digest_model import Became, Model, Outcome, due

ARRIVES = timedelta(minutes=5)
"""So long after it was made a digest stands in Slack at the latest: a lease of 30 s, looks at 0, 10 and 30 s, and the
pace of a channel; more than that is missing."""


@dataclass(slots=True)
class Watched:
    """One schedule, what it should do, and where it does it. `unsure`: periods at whose instant both Locksteps were
    killed, so that they may have been made just before or are late."""

    name: str
    kind: str
    place: str
    model: Model
    unsure: set[date] = field(default_factory=set)

    @property
    def next_due(self) -> datetime:
        rule = self.model.rule
        return due(self.model.next_day(), rule.at, rule.tz)


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


def count(year: Year, one: Watched, messages: Sequence[Any]) -> None:
    """`messages` are all that ever stood in the place of this schedule; `year` knows what came of them."""
    left = [(_sent_at(message), _words(message)) for message in messages if is_digest(message)]
    year.messages += len(left)
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


def _said_wrong(outcome: Outcome, text: str, unsure: set[date]) -> list[str]:
    wrong = []
    if ("Late by" in text) != (outcome.became is Became.LATE) and outcome.day not in unsure:
        wrong.append("does not say rightly whether it is late")
    if ("Lockstep stood still." in text.replace("Late by", "", 1) and "not sent" in text) != bool(outcome.skipped):
        wrong.append(f"does not say that {outcome.skipped} were skipped")
    return wrong


def _sent_at(message: Any) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def is_digest(message: Any) -> bool:
    """Messages of people's own, such as a brief, stand beside the digests in their direct message."""
    return str(message["message"].get("text", "")).startswith(("Field notes: ", "Campaigns: "))


def _words(message: Any) -> str:
    """Everything a message says."""
    return str(message["message"])
