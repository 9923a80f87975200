"""The story of two weeks, as `lockstep demo --story two-weeks` tells it: each reminder and escalation stands in front
of the right person at the right minute, none at night, none after a decision, none twice.

What is expected is written down here by hand, window by window, and its instants are found on a wall clock, a quarter
of a minute at a time, by the second reference of business time: nothing of it comes from the rules of the ladder.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.two_weeks import story
from bot.demo.two_weeks.script import (
    ACROSS,
    AWAY,
    BACK,
    COLD,
    DOWNTIME,
    EVENTS,
    HOLIDAY,
    KOLKATA,
    LUNCH,
    NOBODY,
    REJECTED,
    SILENT,
    TRIAL,
    WEEKEND,
)
from bot.demo.two_weeks.story import Read, Told
from bot.domain.business_time import Calendar
from bot.domain.working_hours import DEFAULT_WEEK
from tests.domain.minute_by_minute import _timetable, works

pytestmark = pytest.mark.story

LISBON, NEW_YORK, CALCUTTA = "Europe/Lisbon", "America/New_York", "Asia/Kolkata"
ZONES = {
    "Rita": LISBON, "Bruno": LISBON, "Marta": LISBON, "Helena": LISBON, "Dana": NEW_YORK, "Omar": NEW_YORK,
    "Greg": NEW_YORK, "Asha": CALCUTTA, "Vikram": CALCUTTA, "Neil": CALCUTTA,
}  # fmt: skip
MANAGER = {"Rita": "Marta", "Bruno": "Marta", "Asha": "Marta", "Vikram": "Marta", "Dana": "Greg", "Omar": "Greg"}
PORTUGAL = ((8, 15), (10, 5), (11, 1), (12, 1), (12, 8), (12, 25), (1, 1))
LUNCH_AT_ONE = (((9 * 60, 13 * 60), (14 * 60, 18 * 60)),) * 5 + ((), ())
STEP = timedelta(seconds=15)
DELIVERY = timedelta(seconds=5)
"""Slack takes one message a second."""

DECIDE = ("Waits for a decision", "At risk: nearly out of time", None)
REACH = ("Reached them?", "Reached them? Nearly out of time", "Leaking: nobody has tried to reach them")
AGAIN = ("Reached them?", "Reached them by now? Nearly out of time", "Reached them? Time to try again")
ANSWER = ("A reject waits for your answer", None, None)
LIST = "At risk list"
HEADS = {head for heads in (DECIDE, REACH, AGAIN, ANSWER) for head in heads if head}


@dataclass(frozen=True)
class Window:
    """`minutes` of `owner`'s working time for a lead, from `start` to `end`, on their own clock: (day, time). `end` is
    when it was done, or None when it ran out."""

    lead: str
    heads: tuple[str | None, str | None, str | None]
    owner: str
    minutes: int
    start: tuple[int, str]
    end: tuple[int, str] | None


WINDOWS = (
    Window(LUNCH, DECIDE, "Rita", 15, (0, "12:50"), (0, "14:03")),
    Window(LUNCH, REACH, "Rita", 60, (0, "14:03"), (0, "14:50")),
    Window(LUNCH, AGAIN, "Rita", 480, (0, "14:50"), (1, "09:55")),
    Window(SILENT, DECIDE, "Bruno", 240, (0, "14:30"), None),
    Window(SILENT, DECIDE, "Rita", 240, (1, "10:30"), (1, "11:00")),
    Window(SILENT, REACH, "Rita", 480, (1, "11:00"), (1, "16:10")),
    Window(COLD, DECIDE, "Dana", 1440, (0, "10:00"), (1, "15:00")),
    Window(COLD, REACH, "Dana", 1440, (1, "15:00"), (3, "11:30")),
    Window(KOLKATA, DECIDE, "Asha", 240, (3, "16:00"), (4, "11:30")),
    Window(KOLKATA, REACH, "Asha", 480, (4, "11:30"), (7, "11:40")),
    Window(AWAY, DECIDE, "Dana", 240, (3, "10:00"), (3, "10:30")),
    Window(AWAY, REACH, "Dana", 480, (3, "10:30"), (3, "14:40")),
    Window(REJECTED, DECIDE, "Rita", 240, (4, "10:00"), (4, "10:20")),
    Window(WEEKEND, DECIDE, "Dana", 15, (4, "16:55"), (7, "09:08")),
    Window(WEEKEND, REACH, "Dana", 60, (7, "09:08"), (7, "09:45")),
    Window(HOLIDAY, DECIDE, "Rita", 240, (7, "16:30"), (9, "09:45")),
    Window(HOLIDAY, REACH, "Rita", 480, (9, "09:45"), (9, "14:50")),
    Window(BACK, DECIDE, "Omar", 240, (7, "11:50"), (7, "12:00")),
    Window(BACK, REACH, "Omar", 480, (7, "12:00"), (7, "16:10")),
    Window(ACROSS, DECIDE, "Dana", 240, (9, "11:00"), (9, "11:30")),
    Window(ACROSS, REACH, "Dana", 480, (9, "11:30"), (9, "15:35")),
    Window(DOWNTIME, REACH, "Vikram", 480, (11, "11:45"), (11, "15:50")),
)
BY_HAND = (
    # Rejected on Friday at 10:20 in Lisbon; Neil has sixteen hours, half of which are over at the same hour on Monday.
    ("Neil", REJECTED, ANSWER[0], (7, "14:50")),
    # Everything came due while Lockstep was stopped: one step stands for all, once, when its reader works; nothing is
    # told to Marta at seven in the morning, and Vikram decides before she works.
    ("Vikram", DOWNTIME, DECIDE[1], (11, "11:30")),
    ("Dana", ACROSS, AGAIN[1], (11, "09:00")),
    ("Greg", ACROSS, LIST, (11, "09:00")),
    # Hot, and nobody decides: a quarter of an hour of each. Marta is at home when it is at risk in Kolkata.
    ("Asha", NOBODY, DECIDE[0], (8, "16:52:30")),
    ("Vikram", NOBODY, DECIDE[0], (9, "09:07:30")),
    ("Greg", NOBODY, DECIDE[0], (9, "09:07:30")),
    ("Marta", NOBODY, LIST, (9, "14:11:15")),
    ("Helena", NOBODY, DECIDE[0], (9, "14:22:30")),
    ("Marta", NOBODY, LIST, (9, "14:26:15")),
    ("Greg", NOBODY, LIST, (9, "09:26:15")),
)
LADDER = (
    # Out at 17:00 in Kolkata, a holiday in Lisbon and early morning in New York: nobody works, Vikram reads it at nine.
    ("Vikram", "Vikram", (9, "09:00")),
    ("#leads-kolkata", "Vikram", (9, "09:15")),
    # The manager's manager, at nine in New York, and the arbiter at once. After that it is parked.
    ("Greg", "Greg", (9, "09:00")),
    ("Helena", "Helena", (9, "14:15")),
)
"""Who has the card of NOBODY, by whose clock, when."""
EVERYTHING = {
    "#leads-kolkata": {"New hot lead": 1, "Waits for a decision": 1},
    "Asha": {
        "At risk": 1,
        "Leaking": 1,
        "New hot lead": 1,
        "New warm lead": 1,
        "Reached them?": 1,
        "Reached them? Nearly out of time": 1,
        "Waits for a decision": 2,
        "Welcome": 1,
        "Your brief": 1,
    },
    "Bruno": {"At risk": 1, "New warm lead": 1, "Waits for a decision": 1, "Welcome": 1, "Your brief": 1},
    "Dana": {
        "New cold lead": 1,
        "New hot lead": 1,
        "New warm lead": 2,
        "Reached them by now? Nearly out of time": 1,
        "Reached them?": 4,
        "Waits for a decision": 2,
        "Welcome": 1,
        "Your brief": 1,
    },
    "Greg": {
        "At risk": 3,
        "New hot lead": 1,
        "Version 1 of the agreement": 1,
        "Version 1 of the agreement is in force": 1,
        "Waits for a decision": 1,
        "Your brief": 1,
    },
    "Helena": {
        "New hot lead": 1,
        "Version 1 of the agreement": 1,
        "Version 1 of the agreement is in force": 1,
        "Waits for a decision": 1,
    },
    "Marta": {
        "At risk": 5,
        "Version 1 of the agreement": 1,
        "Version 1 of the agreement is in force": 1,
        "Your brief": 1,
    },
    "Neil": {"A reject waits for your answer": 1, "Miguel Torres": 1, "Your brief": 1},
    "Omar": {"New warm lead": 1, "Reached them?": 1, "Welcome": 1, "Your brief": 1},
    "Rita": {
        "New hot lead": 2,
        "New warm lead": 3,
        "Reached them?": 4,
        "Reached them? Nearly out of time": 1,
        "Waits for a decision": 2,
        "Welcome": 1,
        "Your brief": 1,
    },
    "Vikram": {
        "At risk": 1,
        "New hot lead": 1,
        "New warm lead": 1,
        "Reached them?": 1,
        "Waits for a decision": 1,
        "Welcome": 1,
        "Your brief": 1,
    },
}
"""Every new message of everybody and of every channel, by how it begins, and no other: nothing goes to the wrong
person, twice, or in a kind that nobody expects."""
OFFERED_AGAIN = ("Rita", SILENT, (1, "10:30"))
"""Bruno's window ran out: the next rep has it at that minute."""

Key = tuple[str, str, str]
"""Reader, lead, and how it begins."""


async def test_two_weeks_of_reminders_and_escalations(tmp_path: Path) -> None:
    told = await story.play(tmp_path)
    _each_at_its_minute_and_nothing_else(told)
    _nobody_is_disturbed_outside_their_hours(told)
    _nothing_while_in_trial_and_nothing_while_stopped(told)
    _who_is_away_hears_of_no_lead_and_the_next_rep_gets_what_ran_out(told)
    _up_the_ladder_each_card_stands_while_its_reader_works(told)
    _nobody_reads_anything_else(told)
    lines = story.timeline(told)
    assert len(lines) > len(EVENTS)
    assert any("12:57 Lisbon" in line and "Rita" in line and LUNCH in line for line in lines)
    assert not any("<!date" in line for line in lines)


def _each_at_its_minute_and_nothing_else(told: Told) -> None:
    expected: dict[Key, list[datetime]] = defaultdict(list)
    for key, at in _expected(told.monday):
        expected[key].append(at)
    assert len(expected) > len(WINDOWS) / 2
    actual: dict[Key, list[datetime]] = defaultdict(list)
    for key, at in _actual(told):
        actual[key].append(at)
    count = {key: len(instants) for key, instants in actual.items()}
    assert count == {key: len(instants) for key, instants in expected.items()}
    for key, instants in expected.items():
        for wanted, was in zip(sorted(instants), sorted(actual[key]), strict=True):
            assert timedelta(0) <= was - wanted < DELIVERY, (key, wanted, was)


def _expected(monday: date) -> Iterator[tuple[Key, datetime]]:
    for window in WINDOWS:
        owner, manager = window.owner, MANAGER[window.owner]
        start = _instant(monday, window.owner, window.start)
        end = datetime.max.replace(tzinfo=UTC) if window.end is None else _instant(monday, owner, window.end)
        seconds = window.minutes * 60
        due = [_after(monday, owner, start, seconds * percent // 100) for percent in (50, 75, 100)]
        end = min(end, due[2]) if window.heads[2] is None else end
        for head, at in zip(window.heads, due, strict=True):
            if head is not None and at < end and (at != due[1] or window.minutes >= 30):
                yield (owner, window.lead, head), at
        listed = _after(monday, manager, due[1], 0)
        if listed < end:
            yield (manager, window.lead, LIST), listed
    for reader, lead, head, by_hand in BY_HAND:
        assert head is not None
        yield (reader, lead, head), _instant(monday, reader, by_hand)


def _actual(told: Told) -> Iterator[tuple[Key, datetime]]:
    leads = [window.lead for window in WINDOWS] + [TRIAL, DOWNTIME, NOBODY]
    listed: dict[tuple[str, str], set[str]] = {}
    standing: dict[str, set[str]] = defaultdict(set)
    for read in told.read:
        if read.person is None:
            continue
        reader = read.person.first
        if _is_list(read):
            now = {lead for lead in leads if lead in read.text}
            before = listed.get((reader, read.ts), standing[reader])
            for lead in now - before:
                yield (reader, lead, LIST), read.at
            listed[reader, read.ts] = standing[reader] = now
        elif not read.edited:
            found = re.match(r"(.+?): (\w+ \w+), ", read.title)
            if found and found[1] in HEADS:
                yield (reader, found[2], found[1]), read.at


def _is_list(read: Read) -> bool:
    return "is nearly out of time with your people" in read.title or "is at risk here" in read.title


def _nobody_is_disturbed_outside_their_hours(told: Told) -> None:
    for (reader, lead, head), at in _actual(told):
        # What is due at the very end of somebody's day is said then, a second or two after five.
        assert _works(told.monday, reader, at) or _works(told.monday, reader, at - DELIVERY), (reader, lead, head, at)


def _nothing_while_in_trial_and_nothing_while_stopped(told: Told) -> None:
    assert not [key for key, _ in _actual(told) if key[1] == TRIAL]
    stopped, started = (_instant(told.monday, "Vikram", at) for at in ((10, "11:30"), (11, "11:30")))
    assert not [read for read in told.read if stopped + DELIVERY < read.at < started]


def _who_is_away_hears_of_no_lead_and_the_next_rep_gets_what_ran_out(told: Told) -> None:
    back = _instant(told.monday, "Omar", (7, "09:00"))
    away = Counter(read.title.partition(",")[0] for read in told.read if _is(read, "Omar") and read.at < back)
    assert set(away) == {"Welcome"}
    reader, lead, at = OFFERED_AGAIN
    wanted = _instant(told.monday, reader, at)
    cards = [read.at for read in told.read if _is(read, reader) and read.title.startswith("New") and lead in read.title]
    assert len(cards) == 1
    assert timedelta(0) <= cards[0] - wanted < DELIVERY


def _up_the_ladder_each_card_stands_while_its_reader_works(told: Told) -> None:
    cards = [read for read in told.read if not read.edited and read.title.startswith("New") and "Pillai" in read.title]
    assert [_whose(read) for read in cards] == ["Asha", *(who for who, _, _ in LADDER)]
    for read, (who, clock_of, at) in zip(cards[1:], LADDER, strict=True):
        wanted = _instant(told.monday, clock_of, at)
        assert timedelta(0) <= read.at - wanted < DELIVERY, (who, wanted, read.at)


def _nobody_reads_anything_else(told: Told) -> None:
    actual: dict[str, Counter[str]] = defaultdict(Counter)
    for read in told.read:
        if not read.edited:
            actual[_whose(read)][read.title.partition(":")[0].partition(",")[0]] += 1
    assert {who: dict(sorted(count.items())) for who, count in sorted(actual.items())} == EVERYTHING


def _whose(read: Read) -> str:
    return read.person.first if read.person is not None else f"#{read.place}"


def _is(read: Read, first: str) -> bool:
    return read.person is not None and read.person.first == first and not read.edited


def _instant(monday: date, who: str, at: tuple[int, str]) -> datetime:
    day, clock = at
    tz = ZoneInfo(ZONES[who])
    return datetime.combine(monday + timedelta(days=day), time.fromisoformat(clock), tz).astimezone(UTC)


def _calendar(monday: date, who: str) -> Calendar:
    days = [date(monday.year, month, day) for month, day in PORTUGAL] if ZONES[who] == LISBON else []
    return Calendar(tz=ZONES[who], week=LUNCH_AT_ONE if who == "Rita" else DEFAULT_WEEK, holidays=frozenset(days))


def _works(monday: date, who: str, at: datetime) -> bool:
    calendar = _calendar(monday, who)
    return works(calendar, ZoneInfo(calendar.tz), _timetable(calendar.week), at)


def _after(monday: date, who: str, start: datetime, seconds: int) -> datetime:
    """When `seconds` of working time have passed; with none, the first instant of work."""
    calendar = _calendar(monday, who)
    zone, shown = ZoneInfo(calendar.tz), _timetable(calendar.week)
    at = start
    while seconds > 0 or not works(calendar, zone, shown, at):
        if works(calendar, zone, shown, at):
            seconds -= int(STEP.total_seconds())
            if seconds <= 0:
                return at + STEP
        at += STEP
    return at
