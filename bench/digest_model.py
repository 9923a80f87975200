"""What becomes of every period of a schedule of digests, reckoned slowly and on its own: the yardstick of the tests of
`bot.domain.digest_times` and of bench/digest_year.py. It shares no line with what it measures: due instants are found
by trying offsets, and nothing is remembered but until when it has looked."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATE = timedelta(minutes=5)
TELLS_UNTIL = timedelta(seconds=5)
"""A digest tells of what happened until so long before it is made."""


class Became(StrEnum):
    IN_TIME = "in time"
    LATE = "late"
    SKIPPED = "skipped"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Rule:
    weekdays: tuple[int, ...]
    at: time
    tz: str


@dataclass(slots=True)
class Outcome:
    """`made_at`: when it was settled. It tells of `[tells_from, tells_until)`; `skipped`: how many before it were."""

    day: date
    due_at: datetime
    became: Became
    made_at: datetime
    tells_from: datetime
    tells_until: datetime
    skipped: int = 0


@functools.cache
def due(day: date, at: time, tz: str) -> datetime:
    """The first instant at which it is `at` on `day` there; where the clock skips that time, as long after the skip
    began as the time lies behind the last one before it."""
    zone, wall = ZoneInfo(tz), datetime.combine(day, at)
    utc = wall.replace(tzinfo=UTC)
    offsets = {(utc + step * HOUR).astimezone(zone).utcoffset() or timedelta() for step in range(-30, 31)}
    exact = sorted(
        utc - offset
        for offset in offsets
        if (utc - offset).astimezone(zone).replace(tzinfo=None, fold=0) == wall
    )  # fmt: skip
    if exact:
        return exact[0]
    before = (utc - max(offsets) - HOUR).astimezone(zone).utcoffset() or timedelta()
    return utc - before


@dataclass(slots=True)
class Model:
    """One schedule. Call everything in the order of time; `up_at` at least when Lockstep comes back."""

    rule: Rule
    now: datetime
    silent_when_empty: bool = False
    outcomes: dict[date, Outcome] = field(default_factory=dict)
    notes: list[datetime] = field(default_factory=list)
    """When something happened that digests tell of, in order."""
    is_on: bool = True
    told: datetime = field(init=False)
    skipped: int = 0

    def __post_init__(self) -> None:
        passed = [one for one in self._dates(self.now) if due(one, self.rule.at, self.rule.tz) < self.now]
        self.told = self._due(max(passed))

    def up_at(self, now: datetime) -> None:
        """Lockstep runs at `now`, having looked last when this or anything else was called."""
        while self.is_on and (pending := self._pending(self.now, now)):
            day = pending[0]
            due_at, after = self._due(day), self._first_after(self._due(day), other_than=day)
            behind = now - due_at
            if behind * 2 > self._due(after) - due_at:
                self.outcomes[day] = Outcome(day, due_at, Became.SKIPPED, now, self.told, self.told)
                self.skipped += 1
            else:
                self._send(day, due_at, now, Became.LATE if behind >= LATE else Became.IN_TIME)
            self.now = due_at
        self.now = max(self.now, now)

    def running_until(self, now: datetime) -> None:
        """Lockstep ran without a pause until `now`: everything happened at its instant."""
        while self.is_on and (pending := self._pending(self.now, now)):
            self.up_at(self._due(pending[0]))
        self.now = max(self.now, now)

    def next_day(self) -> date:
        """The period that comes next."""
        return self._first_after(self.now)

    def edited(self, rule: Rule, now: datetime) -> None:
        """The rule is another from `now` on."""
        self.up_at(now)
        promised = self.next_day() if self.is_on else None
        self.rule = rule
        if promised is not None and promised.weekday() in rule.weekdays and self._due(promised) <= now:
            self._send(promised, now, now, Became.IN_TIME)

    def switched(self, now: datetime, *, on: bool) -> None:
        self.up_at(now)
        self.is_on = on

    def _send(self, day: date, due_at: datetime, now: datetime, became: Became) -> None:
        until = max(self.told, now - TELLS_UNTIL)
        if self.silent_when_empty and not any(self.told <= at < until for at in self.notes):
            self.outcomes[day] = Outcome(day, due_at, Became.SILENT, now, self.told, until)
        else:
            self.outcomes[day] = Outcome(day, due_at, became, now, self.told, until, self.skipped)
            self.skipped = 0
        self.told = until

    def _due(self, day: date) -> datetime:
        return due(day, self.rule.at, self.rule.tz)

    def _dates(self, around: datetime) -> list[date]:
        """Days of the weekdays of the rule, some weeks around an instant."""
        days = [around.date() + number * DAY for number in range(-10, 25)]
        return [day for day in days if day.weekday() in self.rule.weekdays]

    def _pending(self, since: datetime, now: datetime) -> list[date]:
        """What has become due after `since` by `now`, and nothing became of yet, the earliest first; of a long time
        only the beginning."""
        found = [day for day in self._dates(since) if day not in self.outcomes and since < self._due(day) <= now]
        return sorted(found, key=self._due)

    def _first_after(self, instant: datetime, other_than: date | None = None) -> date:
        left = [day for day in self._dates(instant) if day not in self.outcomes and day != other_than]
        return min((day for day in left if self._due(day) > instant), key=self._due)
