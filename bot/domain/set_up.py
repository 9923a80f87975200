"""The steps from nothing to the first lead, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """In the order in which they are best done; the same words as on the buttons."""

    PEOPLE = "people"
    TEAMS = "teams"
    ROUTING = "routing"
    CHANNELS = "channels"
    SOURCES = "sources"
    FIRST_LEAD = "first_lead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What stands today. `reps` of `people`; `members`: places in all teams; `has_lead`: one ever arrived."""

    people: int = 0
    reps: int = 0
    teams: int = 0
    members: int = 0
    rules: int = 0
    has_fallback_channel: bool = False
    has_marketing_channel: bool = False
    sources: int = 0
    has_lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """`figure` in words: `12 people, 8 reps`."""

    step: Step
    is_done: bool
    figure: str


def step_states(figures: Figures) -> tuple[StepState, ...]:
    """Every step in order. A step is done when a lead would not get stuck for want of it."""
    found = {
        Step.PEOPLE: (figures.reps > 0, _people(figures)),
        Step.TEAMS: (figures.members > 0, _teams(figures)),
        Step.ROUTING: (figures.rules > 0, count(figures.rules, "rule", "rules")),
        Step.CHANNELS: (figures.has_fallback_channel, _channels(figures)),
        Step.SOURCES: (figures.sources > 0, count(figures.sources, "source", "sources")),
        Step.FIRST_LEAD: (figures.has_lead, "arrived" if figures.has_lead else "not yet"),
    }
    return tuple(StepState(step=step, is_done=done, figure=figure) for step, (done, figure) in found.items())


def count(number: int, one: str, several: str) -> str:
    """`no rules`, `1 rule`, `2 rules`."""
    return f"no {several}" if number == 0 else f"1 {one}" if number == 1 else f"{number} {several}"


def _people(figures: Figures) -> str:
    reps = count(figures.reps, "rep", "reps") if figures.reps else "no rep yet"
    return f"{count(figures.people, 'person', 'people')}, {reps}"


def _teams(figures: Figures) -> str:
    members = count(figures.members, "member", "members") if figures.members else "nobody in them yet"
    return f"{count(figures.teams, 'team', 'teams')}, {members}" if figures.teams else "no teams"


def _channels(figures: Figures) -> str:
    if figures.has_fallback_channel:
        return "fallback and marketing" if figures.has_marketing_channel else "fallback, no marketing channel"
    return "marketing, no fallback channel" if figures.has_marketing_channel else "no channels"
