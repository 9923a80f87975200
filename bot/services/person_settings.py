"""Settings: what a person decides for themselves about what they are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain import brief, budget
from bot.domain.brief import Brief, PersonSettings, Why
from bot.domain.budget import TABLE, How, Kind
from bot.domain.local_time import local_date, local_time, spoken
from bot.domain.person import Person
from bot.domain.post import TimerKind
from bot.errors import FormError
from bot.services import briefs
from bot.services.calendars import holidays_of
from bot.services.people import clicker
from storage.transaction import Transaction


class Place(StrEnum):
    """Where a brief comes."""

    MESSAGES = "messages"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsForm:
    """What the form asks: `kinds` are those this person can be told and may choose about, each as it is now."""

    tz: str
    work_start: time
    brief_at: time | None
    channel: str | None
    kinds: Mapping[Kind, How]
    waiting: int
    """How much waits for the next brief."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSettings:
    """`by` is the Slack id from the signed request. `told`: by kind how it is to be said; `in_brief`: of the kinds that
    are in the brief or nowhere, those that are; `asked`: about which kinds the form asked. `channel` None: direct
    message."""

    by: str
    brief_at: time | None
    channel: str | None
    told: Mapping[Kind, How]
    in_brief: Collection[Kind]
    asked: Collection[Kind]


def settings_form(tx: Transaction, by: str) -> SettingsForm:
    """Raises NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    settings = tx.person_settings.of(person.id)
    return SettingsForm(
        tz=person.tz,
        work_start=brief.usual_start(brief.days_of(person, settings, holidays_of(tx, person))),
        brief_at=settings.brief_at,
        channel=settings.channel,
        kinds={kind: budget.how(kind, settings.kinds) for kind in briefs.kinds_of(tx, person)},
        waiting=sum(tx.briefs.waiting(person.id).values()),
    )


def save_settings(tx: Transaction, command: SaveSettings) -> str:
    """Saved, and the next brief follows it; a sentence that says when and where that comes.

    Raises FormError by field (`told_…`), NotAllowed, PersonUnknown.
    """
    person = clicker(tx, command.by).person
    before = tx.person_settings.of(person.id)
    # What the form did not ask, because they could not be told it when it was opened, stays as it was.
    own = [kind for kind in briefs.kinds_of(tx, person) if kind in command.asked]
    chosen: dict[Kind, How] = {}
    for kind in own:
        rule = TABLE[kind]
        if How.LIVE in rule.choices:
            how = command.told.get(kind, budget.how(kind, before.kinds))
        else:
            how = How.BRIEF if kind in command.in_brief else How.MUTED
        if how not in rule.choices:
            raise FormError({f"told_{kind.value}": "Choose one of the answers in the list."})
        if how is not rule.default:
            chosen[kind] = how
    # So does what somebody chose in a role they have no more, for the day they have it again.
    kept = {kind: how for kind, how in before.kinds.items() if kind not in own}
    settings = PersonSettings(
        person_id=person.id, kinds=kept | chosen, brief_at=command.brief_at, channel=command.channel
    )
    tx.person_settings.save(settings)
    briefs.days_changed(tx, person.id)
    tx.events.add("person.settings", actor=person.id, origin="slack", data={"kinds": len(chosen)})
    return _answer(tx, person, settings)


def send_now(tx: Transaction, by: str) -> str:
    """Everything that waits for the brief of `by` is said now, and not again tomorrow; a sentence about it.

    Raises NotAllowed, PersonUnknown.
    """
    person = clicker(tx, by).person
    made = Brief(
        id=tx.new_id(), person_id=person.id, why=Why.REQUESTED, day=local_date(tx.now, person.tz), created_at=tx.now
    )
    said = briefs.say(tx, person, made)
    if said is None:
        return "Nothing waits to be said."
    briefs.nothing_waits(tx, person.id)
    where = "in your messages with me" if said.place == person.slack_id else "in your channel"
    return f"It is on its way, {where}. What it says is not said again tomorrow."


def _answer(tx: Transaction, person: Person, settings: PersonSettings) -> str:
    days = brief.days_of(person, settings, holidays_of(tx, person))
    timer = tx.timers.get(TimerKind.BRIEF, person.id)
    due = timer.due_at if timer is not None else brief.next_due(days, tx.now, tx.briefs.last_day(person.id))
    where = "in the channel you chose" if settings.channel else "in your messages with me"
    if due is None and person.is_away:
        return "Saved. Your next brief comes when you are back."
    if due is None:
        return "Saved. No brief comes: I know of no day ahead on which you work."
    return f"Saved. If there is something to say, your next brief comes on {_spoken(due, person.tz)}, {where}."


def _spoken(due: datetime, tz: str) -> str:
    return f"{spoken(local_date(due, tz))} at {local_time(due, tz):%H:%M}"
