"""Who is not there just now, and until when: whoever stands in for them does so for exactly that time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.local_time import instant_of, local_date, spoken
from bot.domain.person import Person
from bot.domain.working_hours import is_day_off


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`until` None: until they say that they are back, or for good."""

    why: str
    until: datetime | None = None


def absence(person: Person, now: datetime) -> Absence | None:
    """Deactivated, away, or on a day off; None when the person is there."""
    if person.flags.is_deleted:
        return Absence(why="deactivated in Slack")
    if person.is_away and (person.away_until is None or now < person.away_until):
        return Absence(why="away", until=person.away_until)
    day = local_date(now, person.tz)
    if not is_day_off(person.days_off, day):
        return None
    while is_day_off(person.days_off, day):
        day += timedelta(days=1)
    return Absence(why="off today", until=instant_of(day, time(), person.tz))


def spoken_absence(absent: Absence, tz: str) -> str:
    """`away until 27 March 2026`: in their zone, the day they are back."""
    return absent.why if absent.until is None else f"{absent.why} until {spoken(local_date(absent.until, tz))}"


def can_stand_in(person: Person, now: datetime) -> bool:
    """Whether the person is there, on the roster, and has an account with which to act."""
    reachable = person.on_roster and person.slack_id is not None and not person.flags.may_never_act
    return reachable and absence(person, now) is None
