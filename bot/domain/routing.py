"""Routing: which person or pool gets a lead. Rules go in order; the first that matches and has somebody free wins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.local_time import local_date
from bot.domain.matching import Condition
from bot.domain.person import Member, Person, Role
from bot.domain.working_hours import is_day_off


class Target(StrEnum):
    REP = "rep"
    TEAM = "team"
    """One of the team by weighted round robin."""
    POOL = "pool"
    """The team's pool channel: the first to accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`position` counts from 1. `target_id` is a person's id (REP) or a team's (TEAM, POOL)."""

    id: str
    position: int
    name: str
    condition: Condition
    target: Target
    target_id: str


class Unavailable(StrEnum):
    """Why a person is passed over."""

    AWAY = "away"
    DAY_OFF = "off today"
    OVER_CAP = "at their cap"
    DEACTIVATED = "deactivated in Slack"
    GUEST = "a guest in Slack"
    NOT_IN_SLACK = "not found in Slack"
    NOT_A_REP = "not a rep"
    EXCLUDED = "had it before"


def unavailable(person: Person, held: int, now: datetime) -> Unavailable | None:
    """Why `person`, who holds `held` leads, cannot be offered one more at `now`; None when they can."""
    if not person.has(Role.REP):
        return Unavailable.NOT_A_REP
    if person.flags.is_deleted:
        return Unavailable.DEACTIVATED
    if person.flags.is_guest or person.flags.is_stranger:
        return Unavailable.GUEST
    if person.slack_id is None or person.flags.is_bot or person.flags.checked_at is None:
        return Unavailable.NOT_IN_SLACK
    # Before absence: who is away and clicks all the same is held to the cap by this answer.
    if person.cap is not None and held >= person.cap:
        return Unavailable.OVER_CAP
    if person.is_away and (person.away_until is None or now < person.away_until):
        return Unavailable.AWAY
    if is_day_off(person.days_off, local_date(now, person.tz)):
        return Unavailable.DAY_OFF
    return None


def next_in_turn(members: Sequence[Member], is_free: Callable[[Person], bool]) -> tuple[Member | None, dict[str, int]]:
    """Smooth weighted round robin over those who are free.

    Returns the chosen member (None when nobody is free) and the new credit of every member by person id.
    Those who are not free keep their credit: being away neither earns nor costs a turn.
    Each free member gains their weight, the one with most credit is taken and pays the total: over one full
    round of a fixed set each gets exactly their weight, spread out (the method nginx uses for its upstreams).
    """
    credit = {member.person.id: member.credit for member in members}
    free = [member for member in members if member.weight > 0 and is_free(member.person)]
    if not free:
        return None, credit
    for member in free:
        credit[member.person.id] += member.weight
    chosen = max(free, key=lambda member: (credit[member.person.id], member.weight, member.person.id))
    credit[chosen.person.id] -= sum(member.weight for member in free)
    return chosen, credit
