"""What happens in the two weeks, in order: who does what, when by their own clock.

Ten people in Lisbon, New York and Kolkata; hot, warm and cold leads. Omar is away for the first week, Bruno never
answers, Lisbon has a holiday on the second Tuesday, and Lockstep is stopped from Thursday to Friday after it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.demo.people import Person

HOLIDAYS = ((8, 15), (10, 5), (11, 1))
"""Public holidays of Portugal on a fixed day, with no other in the two weeks around them."""
TRIAL = "Theo Lindgren"
LUNCH, SILENT, COLD, WAITS, KOLKATA = "Clara Nunes", "Duarte Reis", "Ethan Brooks", "Sofia Matos", "Rohan Gupta"
WEEKEND, AWAY, BACK, HOLIDAY = "Grace Lin", "Hugo Bennett", "Ivy Sanders", "Joana Freitas"
DOWNTIME, ACROSS, REJECTED = "Kavya Nair", "Liam Turner", "Miguel Torres"
NOBODY = "Maya Pillai"
"""Nobody decides on this one: it goes up the whole ladder, from Kolkata to New York and Lisbon, and is parked."""
HOURS = ("hours_mon", "hours_tue", "hours_wed", "hours_thu", "hours_fri")


class Office(Protocol):
    """What the story's people can do beside using Slack."""

    monday: date
    """Of the first week."""

    def __getattr__(self, first: str) -> Person: ...

    async def lead(self, name: str, priority: str, account_of: str) -> None:
        """A lead arrives from the website; who looks after its company is known."""

    async def stop(self) -> None: ...

    async def start(self) -> None: ...


Act = Callable[[Office], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Event:
    """On `day` (0 is the first Monday) at `at`, HH:MM or HH:MM:SS by the clock of `who`, `what` happens."""

    day: int
    at: str
    who: str
    what: str
    act: Act


def arrives(name: str, priority: str, account_of: str) -> tuple[str, Act]:
    return f"{name} arrives, {priority}, an account of {account_of.title()}", lambda office: office.lead(
        name, priority, account_of
    )


def presses(first: str, label: str, about: str) -> tuple[str, Act]:
    async def act(office: Office) -> None:
        await getattr(office, first).presses(label, about)

    return f"presses {label}: {about}", act


def _hours(first: str, intervals: str) -> tuple[str, Act]:
    async def act(office: Office) -> None:
        person: Person = getattr(office, first)
        await person.opens_home()
        await person.presses_on_home("My hours…")
        await person.submits(country="PT", **dict.fromkeys(HOURS, intervals))
        await person.closes()

    return f"sets My hours: {intervals}, public holidays of Portugal", act


async def _goes_away(office: Office) -> None:
    await office.omar.opens_home()
    await office.omar.presses_on_home("I am away…")
    await office.omar.submits(back_on=date.fromordinal(office.monday.toordinal() + 7).isoformat())


async def _proposes(office: Office) -> None:
    marta = office.marta
    await marta.opens_home()
    await marta.presses_on_home("Open", "Agreement")
    await marta.chooses("Following up after Accept")
    await marta.presses_in_form("Propose a change…")
    await marta.submits(attempts="4")
    await marta.presses_in_form("Propose…")
    await marta.submits(**{"from": office.monday.isoformat(), "at": "12:00"})
    await marta.closes()


def _signs(first: str) -> tuple[str, Act]:
    async def act(office: Office) -> None:
        await getattr(office, first).presses("Sign…", "of the agreement")
        await getattr(office, first).submits()
        await getattr(office, first).closes()

    return "signs it", act


async def _rejects(office: Office) -> None:
    await office.rita.presses("Reject", REJECTED)
    await office.rita.chooses("Company not a fit")
    await office.rita.chooses("Size")
    await office.rita.submits()


def _at(day: int, at: str, who: str, what: tuple[str, Act]) -> Event:
    return Event(day, at, who, *what)


EVENTS: Sequence[Event] = (
    _at(0, "09:00", "rita", _hours("rita", "9:00-13:00, 14:00-18:00")),
    *(_at(0, "09:01", first, _hours(first, "9:00-17:00")) for first in ("bruno", "marta", "helena")),
    Event(0, "09:02", "marta", "proposes a change to the agreement, in force from 12:00", _proposes),
    _at(0, "09:05", "rita", arrives(TRIAL, "hot", "rita")),
    _at(0, "09:30", "helena", _signs("helena")),
    _at(0, "09:40", "marta", _signs("marta")),
    _at(0, "11:00", "rita", presses("rita", "Accept", TRIAL)),
    _at(0, "12:50", "rita", arrives(LUNCH, "hot", "rita")),
    _at(0, "14:03", "rita", presses("rita", "Accept", LUNCH)),
    Event(0, "08:30", "omar", "is away for the week", _goes_away),
    _at(0, "14:30", "bruno", arrives(SILENT, "warm", "bruno")),
    _at(0, "14:50", "rita", presses("rita", "No answer", LUNCH)),
    _at(0, "10:00", "dana", arrives(COLD, "cold", "dana")),
    _at(1, "09:55", "rita", presses("rita", "Reached", LUNCH)),
    _at(1, "11:00", "rita", presses("rita", "Accept", SILENT)),
    _at(1, "16:10", "rita", presses("rita", "Reached", SILENT)),
    _at(1, "15:00", "dana", presses("dana", "Accept", COLD)),
    _at(3, "16:00", "asha", arrives(KOLKATA, "warm", "asha")),
    _at(3, "10:00", "dana", arrives(AWAY, "warm", "omar")),
    _at(3, "10:30", "dana", presses("dana", "Accept", AWAY)),
    _at(3, "11:30", "dana", presses("dana", "Reached", COLD)),
    _at(3, "14:40", "dana", presses("dana", "Reached", AWAY)),
    _at(4, "11:30", "asha", presses("asha", "Accept", KOLKATA)),
    _at(4, "10:00", "rita", arrives(REJECTED, "warm", "rita")),
    Event(4, "10:20", "rita", f"rejects {REJECTED}: the company is too small", _rejects),
    _at(4, "16:55", "dana", arrives(WEEKEND, "hot", "dana")),
    _at(7, "11:40", "asha", presses("asha", "Reached", KOLKATA)),
    _at(7, "16:00", "neil", presses("neil", "Accept the reason", REJECTED)),
    _at(7, "09:08", "dana", presses("dana", "Accept", WEEKEND)),
    _at(7, "09:45", "dana", presses("dana", "Reached", WEEKEND)),
    _at(7, "16:30", "rita", arrives(HOLIDAY, "warm", "rita")),
    _at(7, "11:50", "omar", arrives(BACK, "warm", "omar")),
    _at(7, "12:00", "omar", presses("omar", "Accept", BACK)),
    _at(7, "16:10", "omar", presses("omar", "Reached", BACK)),
    _at(8, "16:45", "asha", arrives(NOBODY, "hot", "asha")),
    _at(9, "09:45", "rita", presses("rita", "Accept", HOLIDAY)),
    _at(9, "14:50", "rita", presses("rita", "Reached", HOLIDAY)),
    _at(9, "11:00", "dana", arrives(ACROSS, "warm", "dana")),
    _at(9, "11:30", "dana", presses("dana", "Accept", ACROSS)),
    _at(9, "15:35", "dana", presses("dana", "No answer", ACROSS)),
    _at(10, "10:00", "vikram", arrives(DOWNTIME, "warm", "vikram")),
    Event(10, "11:30", "vikram", "Lockstep is stopped", lambda office: office.stop()),
    Event(11, "11:30", "vikram", "Lockstep is started again", lambda office: office.start()),
    _at(11, "11:45", "vikram", presses("vikram", "Accept", DOWNTIME)),
    _at(11, "15:50", "vikram", presses("vikram", "Reached", DOWNTIME)),
    _at(11, "09:20", "dana", presses("dana", "Reached", ACROSS)),
)
