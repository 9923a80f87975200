"""When a person or a team works, as it is set: zone, hours a weekday, days off, and whose public holidays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from bot.domain.countries import country_code
from bot.domain.local_time import zone_name
from bot.domain.working_hours import (
    DEFAULT_WEEK,
    WEEKDAYS,
    HoursMistake,
    Week,
    dates_off,
    hours_of,
    read_intervals,
    span_off,
    spoken_intervals,
    spoken_week,
)

MOST_DAYS_OFF = 200
"""Entries of a list of days off: more than anybody keeps, and no burden to anybody's calendar."""

PlaceMistake = Callable[[str | None, str | None], str | None]
"""What is wrong with a country and its subdivision (bot/ports.py Holidays.mistake)."""

DAY_NAMES = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
_SPAN = re.compile(r"\s*(?:/|–|—|\bto\b|\buntil\b|(?<=\d)\s+-\s+(?=\d))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTimes:
    """`tz` None: for a person the one set in Slack, for a team that of most of its members. `days_off`: dates and spans
    as they are stored. `country` and `subdivision`: whose public holidays; None: none."""

    tz: str | None = None
    week: Week = DEFAULT_WEEK
    days_off: tuple[str, ...] = ()
    country: str | None = None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The same as somebody typed it. `days`: by weekday (`mon`), such as `9:00-12:30, 13:30-18`, "" for a free day;
    `days_off`: dates and spans, a line or a comma between them."""

    tz: str = ""
    days: Mapping[str, str]
    days_off: str = ""
    country: str = ""
    subdivision: str = ""


def read_work_times(written: Written, place_mistake: PlaceMistake) -> tuple[WorkTimes, dict[str, str]]:
    """What was meant, and by field (tz, hours_mon to hours_sun, days_off, country, subdivision) a sentence for what is
    wrong. With mistakes the value is not to be used."""
    wrong: dict[str, str] = {}
    tz = zone_name(written.tz.strip()) or None
    if tz is not None and (mistake := tz_mistake(tz)):
        wrong["tz"] = mistake
    week = []
    for day in WEEKDAYS:
        try:
            week.append(read_intervals(written.days.get(day, ""), DAY_NAMES[day]))
        except HoursMistake as error:
            wrong[f"hours_{day}"] = str(error)
    try:
        days_off = read_days_off(written.days_off)
    except HoursMistake as error:
        days_off = ()
        wrong["days_off"] = str(error)
    country, subdivision = read_place(written.country, written.subdivision)
    wrong |= place_mistakes(country, subdivision, place_mistake)
    times = WorkTimes(tz=tz, days_off=days_off, country=country, subdivision=subdivision)
    return (times if wrong else replace(times, week=tuple(week))), wrong


def check_work_times(times: WorkTimes, place_mistake: PlaceMistake) -> dict[str, str]:
    """By field what is wrong with times from elsewhere, such as a file; the week was read already."""
    wrong = {}
    if times.tz is not None and (mistake := tz_mistake(times.tz)):
        wrong["tz"] = mistake
    if mistake := days_off_mistake(times.days_off):
        wrong["days_off"] = mistake
    return wrong | place_mistakes(times.country, times.subdivision, place_mistake)


def tz_mistake(tz: str) -> str | None:
    """What is wrong with the name of a zone, a sentence; None when it is one."""
    if tz in available_timezones():
        return None
    return f"“{tz}” is no time zone; write for example Europe/Lisbon."


def days_off_mistake(days_off: tuple[str, ...]) -> str | None:
    """What is wrong with stored days off, a sentence; None when nothing."""
    if len(days_off) > MOST_DAYS_OFF:
        return f"These are {len(days_off)} entries; at most {MOST_DAYS_OFF} fit. Write spans, and leave past ones out."
    try:
        dates_off(days_off)
    except HoursMistake as error:
        return str(error)
    return None


def place_mistakes(country: str | None, subdivision: str | None, place_mistake: PlaceMistake) -> dict[str, str]:
    """What is wrong with a place, at the field it is about."""
    mistake = place_mistake(country, subdivision)
    if mistake is None:
        return {}
    at_country = country is None or place_mistake(country, None) is not None
    return {"country" if at_country else "subdivision": mistake}


def read_place(country: str, subdivision: str) -> tuple[str | None, str | None]:
    """Country and subdivision as codes; what is none stays as it was written, to be told of."""
    found = country.strip()
    code = country_code(found) if found else None
    part = subdivision.strip()
    part = part.upper() if len(part) <= 3 else part
    return code or found or None, part or None


def read_days_off(text: str) -> tuple[str, ...]:
    """Dates and spans in order, each once: `2026-12-24, 2026-12-27 to 2027-01-02`. Raises HoursMistake."""
    entries = []
    for part in re.split(r"[,;\n]", text):
        if part.strip():
            first, last = span_off(_SPAN.sub("/", part.strip(), count=1))
            entries.append((first, last))
    written = tuple(
        first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
        for first, last in sorted(set(entries))
    )
    if mistake := days_off_mistake(written):
        raise HoursMistake(mistake)
    return written


def spoken_days_off(days_off: tuple[str, ...]) -> str:
    """A line an entry; `read_days_off` reads it back."""
    return "\n".join(entry.replace("/", " to ") for entry in days_off)


def written_days(week: Week) -> dict[str, str]:
    """What the fields of a form show: by weekday, "" for a free day."""
    return {day: spoken_intervals(intervals) for day, intervals in zip(WEEKDAYS, week, strict=True)}


def spoken_times(times: WorkTimes, tz: str, country_name: str | None) -> str:
    """`Mon to Fri 09:00-17:00, Lisbon, holidays of Portugal`; `tz` is the zone in force."""
    parts = [spoken_week(times.week), place_of_zone(tz)]
    if country_name is not None:
        part = f" ({times.subdivision})" if times.subdivision else ""
        parts.append(f"holidays of {country_name}{part}")
    return ", ".join(parts)


def place_of_zone(tz: str) -> str:
    """`Lisbon` for Europe/Lisbon: how people call it."""
    return tz.rpartition("/")[2].replace("_", " ")


def stored_hours(week: Week) -> dict[str, list[list[str]]] | None:
    """The week as it is stored; None for the default week, which follows the default."""
    return None if week == DEFAULT_WEEK else hours_of(week)
