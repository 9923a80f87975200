"""Business time: the instants at which somebody works, added up. Exact to the microsecond over every clock change.

An instant is working time when the wall clock in the person's zone then shows working hours of a working day, and they
are not away. So an hour the clock repeats counts twice, one it skips does not count, and an interval that begins or
ends in either is cut there: what a person with a wall clock and a timetable would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from bot.domain.local_time import zone
from bot.domain.person import Person
from bot.domain.working_hours import DEFAULT_WEEK, Week, dates_off, week_of

LONGEST_SEARCH = timedelta(days=3 * 366)
"""How far ahead working time is looked for. Who has less by then has none worth waiting for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_WEEKDAY_OF_DAY_0 = date(1970, 1, 1).weekday()
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY = 24 * 60 * _MINUTE
_LONGEST_SEARCH = LONGEST_SEARCH // _MICROSECOND
_DAYS_KEPT = 4096
"""Days a timeline remembers, about ten years."""

Away = tuple[datetime, datetime | None]
"""From, until: instants; until None means until further notice."""
_Span = tuple[int, int]
"""From, to: microseconds in UTC, of a calendar since 1970, of a day since its midnight."""
_Day = tuple[int, tuple[_Span, ...]]
"""Microseconds of work in a day of UTC, and when."""
_Shape = tuple[_Day, tuple[tuple[int, tuple[_Span, ...]], ...]]
"""A day of UTC without days off, and what each local day gives to it: local day minus day of UTC, and the spans."""
_Piece = tuple[int, int, int]
"""From, to, and what the clocks are ahead of UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a person or a team works. `holidays` and `days_off` are local dates; `away` are spans of instants.

    `holidays` must cover the years asked about. Equal calendars share what was computed for them.
    """

    tz: str = "UTC"
    week: Week = DEFAULT_WEEK
    holidays: frozenset[date] = frozenset()
    days_off: frozenset[date] = frozenset()
    away: tuple[Away, ...] = ()
    _timeline: _Timeline = field(init=False, repr=False, compare=False)
    _away: tuple[tuple[int, int | None], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_timeline", _timeline(self.tz, self.week, self.holidays, self.days_off))
        object.__setattr__(self, "_away", _in_order(self.away))


def calendar_of(person: Person, holidays: frozenset[date] = frozenset()) -> Calendar:
    """The calendar of `person`, with the `holidays` of where they are. Raises HoursMistake for hours that are none."""
    away = () if person.away_since is None else ((person.away_since, person.away_until),)
    return Calendar(
        tz=person.tz, week=week_of(person.hours), holidays=holidays, days_off=dates_off(person.days_off), away=away
    )


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime | None:
    """The first instant from `start` by which `amount` of working time has passed, in UTC.

    An amount used up at the end of a working interval ends there, not at the next beginning; none at all ends at
    `start`. None where there is not that much working time within LONGEST_SEARCH of `start`.
    """
    begin, rest = _count(start), amount // _MICROSECOND
    if rest <= 0:
        return start.astimezone(UTC)
    timeline = calendar._timeline
    for since, until in _present(calendar, begin, begin + _LONGEST_SEARCH):
        found = timeline.add(since, rest, until)
        if found is not None:
            return _EPOCH + timedelta(microseconds=found)
        rest -= timeline.between(since, until)
    return None


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; zero where `end` is not later."""
    begin, finish = _count(start), _count(end)
    timeline = calendar._timeline
    total = sum(timeline.between(since, until) for since, until in _present(calendar, begin, finish))
    return timedelta(microseconds=total)


def next_working_instant(calendar: Calendar, at: datetime) -> datetime | None:
    """`at` where it is working time, else the next instant that is; None where none comes within LONGEST_SEARCH."""
    first = add_working_time(calendar, at, _MICROSECOND)
    return None if first is None else first - _MICROSECOND


def is_working(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` is working time."""
    return working_time_between(calendar, at, at + _MICROSECOND) > timedelta(0)


def _count(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _in_order(away: tuple[Away, ...]) -> tuple[tuple[int, int | None], ...]:
    """The spans away by their beginning, those that touch joined."""
    joined: list[tuple[int, int | None]] = []
    spans = ((_count(since), None if until is None else _count(until)) for since, until in away)
    for since, until in sorted(spans, key=lambda span: span[0]):
        if until is not None and until <= since:
            continue
        if joined and (joined[-1][1] is None or since <= joined[-1][1]):
            first, last = joined[-1]
            joined[-1] = first, None if last is None or until is None else max(last, until)
        else:
            joined.append((since, until))
    return tuple(joined)


def _present(calendar: Calendar, begin: int, end: int) -> Iterable[_Span]:
    """The spans between `begin` and `end` in which the person is not away."""
    return _between_absences(calendar._away, begin, end) if calendar._away else ((begin, end),)


def _between_absences(away: Iterable[tuple[int, int | None]], begin: int, end: int) -> Iterator[_Span]:
    for since, until in away:
        if since >= end:
            break
        if since > begin:
            yield begin, since
        if until is None:
            return
        begin = max(begin, until)
    if begin < end:
        yield begin, end


@lru_cache(maxsize=2048)
def _timeline(tz: str, week: Week, holidays: frozenset[date], days_off: frozenset[date]) -> _Timeline:
    return _Timeline(_offsets(tz), week, holidays, days_off)


class _Timeline:
    """Working time as spans of UTC, computed a day of UTC at a time and kept.

    A day of UTC, not a local one: local days can overlap when the clock goes back over midnight; UTC never does.
    """

    __slots__ = ("_days", "_days_off", "_holidays", "_is_empty", "_offsets", "_shapes", "_week")

    def __init__(self, offsets: _Offsets, week: Week, holidays: frozenset[date], days_off: frozenset[date]) -> None:
        self._offsets = offsets
        self._week = week
        self._holidays = holidays
        self._days_off = days_off
        self._is_empty = not any(week)
        self._days: dict[int, _Day] = {}
        self._shapes: dict[int, tuple[_Shape, ...]] = {}
        """By offset from UTC."""

    def add(self, begin: int, rest: int, horizon: int) -> int | None:
        """Where `rest` (more than 0) is used up when counted from `begin`; None where that is after `horizon`."""
        if self._is_empty:
            return None
        number, at = divmod(begin, _DAY)
        last = horizon // _DAY
        while number <= last:
            total, spans = self._days.get(number) or self._compute(number)
            if at or total >= rest:
                for since, until in spans:
                    there = until - (since if since > at else at)
                    if there >= rest:
                        found = number * _DAY + until - there + rest
                        return found if found <= horizon else None
                    if there > 0:
                        rest -= there
                at = 0
            else:
                rest -= total
            number += 1
        return None

    def between(self, begin: int, end: int) -> int:
        if self._is_empty or end <= begin:
            return 0
        first, last = begin // _DAY, (end - 1) // _DAY
        total = 0
        for number in range(first, last + 1):
            there, spans = self._days.get(number) or self._compute(number)
            if first < number < last:
                total += there
            else:
                since_begin, to_end = begin - number * _DAY, end - number * _DAY
                total += sum(max(0, min(until, to_end) - max(since, since_begin)) for since, until in spans)
        return total

    def _compute(self, number: int) -> _Day:
        pieces = self._offsets.of(number)
        if len(pieces) == 1:
            # Nearly every day: what an offset cuts from the week is shared by all days of its weekday.
            whole, parts = self._shape(number, pieces[0][2])
            for ahead, _ in parts:
                if self._is_free(number + ahead):
                    whole = _day(spans for each, spans in parts if not self._is_free(number + each))
                    break
        else:
            whole = self._of_several(number, pieces)
        if len(self._days) >= _DAYS_KEPT:
            self._days.clear()
        self._days[number] = whole
        return whole

    def _shape(self, number: int, offset: int) -> _Shape:
        shapes = self._shapes.get(offset)
        if shapes is None:
            shapes = self._shapes[offset] = _shapes(self._week, offset)
        return shapes[(number + _WEEKDAY_OF_DAY_0) % 7]

    def _of_several(self, number: int, pieces: Iterable[_Piece]) -> _Day:
        """The clock changes on this day: each piece has an offset of its own."""
        return _day(
            _cut(self._week, number + ahead, ahead * _DAY - offset, since, until)
            for since, until, offset in pieces
            for ahead in range((since + offset) // _DAY, (until + offset - 1) // _DAY + 1)
            if not self._is_free(number + ahead)
        )

    def _is_free(self, local: int) -> bool:
        day = date.fromordinal(_EPOCH_ORDINAL + local)
        return day in self._holidays or day in self._days_off


def _day(parts: Iterable[Iterable[_Span]]) -> _Day:
    spans = tuple(span for part in parts for span in part)
    return sum(until - since for since, until in spans), spans


def _cut(week: Week, local: int, midnight: int, since: int, until: int) -> tuple[_Span, ...]:
    """The working hours of the local day number `local`, which begins at `midnight`, from `since` to `until`."""
    spans = (
        (max(since, midnight + start * _MINUTE), min(until, midnight + end * _MINUTE))
        for start, end in week[(local + _WEEKDAY_OF_DAY_0) % 7]
    )
    return tuple(span for span in spans if span[0] < span[1])


@lru_cache(maxsize=2048)
def _shapes(week: Week, offset: int) -> tuple[_Shape, ...]:
    """What a day of UTC is under `offset`, by its weekday."""
    shapes = []
    for weekday in range(7):
        number = weekday - _WEEKDAY_OF_DAY_0
        parts = tuple(
            (ahead, _cut(week, number + ahead, ahead * _DAY - offset, 0, _DAY))
            for ahead in range(offset // _DAY, (_DAY + offset - 1) // _DAY + 1)
        )
        parts = tuple(part for part in parts if part[1])
        shapes.append((_day(spans for _, spans in parts), parts))
    return tuple(shapes)


@lru_cache
def _offsets(tz: str) -> _Offsets:
    return _Offsets(tz)


class _Offsets:
    """What the clocks of a zone are ahead of UTC, by days of UTC, kept: every calendar of the zone asks the same."""

    __slots__ = ("_days", "_midnights", "_zone")

    def __init__(self, tz: str) -> None:
        self._zone = zone(tz)
        self._days: dict[int, tuple[_Piece, ...]] = {}
        self._midnights: dict[int, int] = {}

    def of(self, number: int) -> tuple[_Piece, ...]:
        """The pieces of a day that have one offset each; since and until count from its midnight."""
        found = self._days.get(number)
        if found is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
                self._midnights.clear()
            offset = self._at_midnight(number)
            whole = ((0, _DAY, offset),)
            is_one = offset == self._at_midnight(number + 1)
            found = self._days[number] = whole if is_one else tuple(self._pieces(number * _DAY, 0, _DAY))
        return found

    def _at_midnight(self, number: int) -> int:
        offset = self._midnights.get(number)
        if offset is None:
            offset = self._midnights[number] = self._at(number * _DAY)
        return offset

    def _pieces(self, midnight: int, since: int, until: int) -> Iterator[_Piece]:
        """Halved until each has one offset; whole seconds."""
        offset = self._at(midnight + since)
        if until - since <= _SECOND or offset == self._at(midnight + until - _SECOND):
            yield since, until, offset
        else:
            middle = (since + until) // 2 // _SECOND * _SECOND
            yield from self._pieces(midnight, since, middle)
            yield from self._pieces(midnight, middle, until)

    def _at(self, instant: int) -> int:
        offset = datetime.fromtimestamp(instant // _SECOND, self._zone).utcoffset()
        return 0 if offset is None else offset // _MICROSECOND
